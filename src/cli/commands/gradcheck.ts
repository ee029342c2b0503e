// bitgrad gradcheck: gradients against central differences.

import { engine, type GradientCheck, ValueError } from '../../index.js';
import { type Command, UsageError } from '../command.js';
import { type AnyNetwork, hiddenNetwork, networkOf, openModel } from '../models.js';
import { integer, list, number } from '../options.js';
import { numberText } from '../plot.js';
import { rowsFor } from '../random-rows.js';
import { pairsText } from '../table.js';

/**
 * What rounding and the differences' own error, epsilon^2 times the third derivative, may come to. The differences are those of
 * an f64 network; gradients of f32 have 24 bits, and sums of them less.
 */
const TOLERANCE = { f64: 1e-6, f32: 1e-3 } as const;
/** Rows are arrays of arrays here. */
const MOST_NUMBERS = 1e7;
/** Multiply-adds in a second, roughly, and how many seconds are worth a word before. */
const [SPEED, LONG] = [1e9, 10];

function whereText({ what, layer, row, col }: GradientCheck['at']): string {
  if (what === 'inputs') return `input ${col} of row ${row}`;
  return `${what} of layer ${layer}, ${what === 'weights' ? `input ${row}, ` : ''}unit ${col}`;
}

interface Options {
  readonly layers?: readonly number[];
  readonly activation: string;
  readonly loss: string;
  readonly dtype: 'f32' | 'f64';
  readonly seed: number;
  readonly rows: number;
  readonly tolerance?: number;
}

function made({ layers, activation, loss, dtype, seed }: Options): AnyNetwork {
  try {
    return engine.network(hiddenNetwork(layers as readonly number[], { activation, loss, dtype, seed }));
  } catch (error) {
    // What there are for names only it knows.
    throw error instanceof ValueError ? new UsageError(error.message) : error;
  }
}

export const command: Command = {
  arguments: [['[model]', 'a file that bitgrad saved; or else --layers']],
  options: [
    {
      flags: '--layers <sizes>',
      what: 'inputs, hidden layers, outputs: a new network',
      read: list(integer({ min: 1 }), 2),
    },
    { flags: '--activation <name>', what: 'of hidden layers, with --layers', default: 'tanh' },
    { flags: '--loss <name>', what: 'with --layers', default: 'mse' },
    { flags: '--dtype <type>', what: 'with --layers', default: 'f64', choices: ['f32', 'f64'] },
    { flags: '--rows <n>', what: 'rows of random numbers', default: 16, read: integer({ min: 1, max: 10_000 }) },
    { flags: '--seed <n>', what: 'of rows and weights', default: 0, read: integer({ min: 0, max: 2 ** 32 - 1 }) },
    {
      flags: '--tolerance <x>',
      what: `how far apart they may be, relatively (default: ${TOLERANCE.f64}, of f32 ${TOLERANCE.f32})`,
      read: number({ min: 0, above: true }),
    },
  ],
  examples: [
    ['bitgrad gradcheck --layers 4,8,3', 'a new network of 4 inputs, 8 hidden units and 3 outputs'],
    [
      'bitgrad gradcheck --layers 4,8,3 --activation gelu --loss crossEntropy',
      'the activation and the loss of a classifier',
    ],
    ['bitgrad gradcheck model.safetensors --rows 4', 'a model, on 4 rows'],
  ],
  async run([file], given, { out }) {
    const options = given as unknown as Options;
    if (!file === !options.layers)
      throw new UsageError(`expected a model or --layers, got ${file ? 'both' : 'neither'}`);
    const net = file ? networkOf((await openModel(file)).model) : made(options);
    const { rows, seed } = options;
    if (rows * net.inputs > MOST_NUMBERS)
      throw new UsageError(`${rows} rows of ${net.inputs} inputs are too many: fewer --rows will do`);
    const parameters = net.parameters.length;
    const seconds = (2 * parameters * parameters * rows) / SPEED;
    if (seconds > LONG) out.note(`two losses for each of ${parameters} parameters: about ${Math.round(seconds)} s`);
    const { X, y } = rowsFor(net, rows, seed);
    const check = net.checkGradients(X, y);
    const tolerance = options.tolerance ?? TOLERANCE[net.dtype];
    const passed = check.relative <= tolerance;
    const { at } = check;
    const value = { passed, tolerance, parameters, rows, seed, dtype: net.dtype, ...check };
    const pairs = [
      ['network', `${net.inputs} inputs, ${net.outputs} outputs, ${parameters} parameters, ${net.dtype}`],
      ['rows', `${rows} of random numbers, seed ${seed}`],
      ['worst', whereText(at)],
      ['gradient', String(at.gradient)],
      ['difference', String(at.difference)],
      ['relative error', `${numberText(check.relative)} (at most ${numberText(tolerance)} is right)`],
    ] as const;
    const verdict = passed
      ? out.style('green', 'The gradients are right.')
      : out.style('red', 'The gradients are WRONG.');
    out.result(value, `${pairsText(pairs, out.room)}\n${verdict}`);
    if (!passed)
      out.note('relu and its kin have corners, where no difference is a slope: another --seed has other rows');
    return passed ? 0 : 1;
  },
};
