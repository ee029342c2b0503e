// Every gradient of every kind of network against central differences.
//
// In f64 the bound is 1e-7 of max(1, |gradient|): the differences take steps h of 3e-6, and their own error is h^2 / 6 times
// a third derivative and the rounding of a loss, 1e-16 of it, over h: up to 2e-9 for what is met here.
// In f32 a gradient is the end of a chain of roundings. Its longest path passes, in each layer, a product, `inputs` additions,
// the bias and the activation (4) on its way there, and a product, `units` additions and the slope (4) on its way back;
// `outputs` additions and 6 more in the loss, `rows` additions and the mean in the sum. Each moves a number by at most
// 2^-24 of itself, and numbers here are chosen not to grow on the way, so n roundings move the gradient by n 2^-24 times
// max(1, |gradient|). Data of f32 networks are f32 numbers: the differences, taken in f64, see the same network.

import { describe, expect, test } from 'vitest';
import type { ActivationName, Dtype, LossName } from '../../src/common.js';
import { LOSSES as LOSS_TABLE } from '../../src/layers/losses.js';
import type { Matrix } from '../../src/matrix/matrix.js';
import { dtypes, entries } from '../support/backends.js';
import { STEP as BETWEEN, isNearKink, kinksOfActivation, kinksOfLoss } from '../support/kinks.js';
import { LONG } from '../support/long.js';
import {
  type Engine,
  FURTHER,
  FURTHER_LOSSES,
  HIDDEN,
  type Layer,
  LEGAL,
  LOSSES,
  type LossOptions,
  layersOf,
  type Net,
  type Options,
  PAIRS,
  targets,
  uniform,
} from '../support/networks.js';

const STEP = 3e-6;
/** Hundreds of steps: nothing that a step moves passes a kink. */
const MARGIN = 1e-3;
const DELTA = 0.7;
const INPUTS = 3;

function bound(net: Net, rows: number): number {
  if (net.dtype === 'f64') return 1e-7;
  let roundings = net.outputs + 6 + rows + 1;
  for (const { rows: inputs, cols: units } of net.weights) roundings += inputs + units + 11;
  return roundings * 2 ** -24 + 1e-7;
}

/** The least distance from so many numbers to some others; Infinity if there are none. */
const distance = (from: Iterable<number>, to: readonly number[]) =>
  Array.from(from).reduce((least, x) => to.reduce((min, kink) => Math.min(min, Math.abs(x - kink)), least), Infinity);

/** The least distance to where a derivative jumps. */
function distanceToKinks(engine: Engine, net: Net, X: Matrix, y: Matrix, l1: boolean): number {
  const { huberDelta } = net.options;
  const loss = net.options.loss as LossName;
  const layers = layersOf(net);
  const measure = (until: number, activation: Options['activation']): Matrix => {
    const json = net.toJSON();
    const { layers } = json.options;
    const part = [...layers.slice(0, until), { ...layers[until], activation }];
    const twin = engine.Network.fromJSON({ ...json, options: { inputs: net.inputs, layers: part, dtype: 'f64' } });
    const z = twin.forward(X);
    twin.dispose();
    return z;
  };
  const distances = layers.map(({ activation = 'identity' }, i) => {
    const kinks = kinksOfActivation(engine, activation);
    return kinks.length ? distance(measure(i, 'identity').data, kinks) : Infinity;
  });
  if (FURTHER_LOSSES.includes(loss) && !LOSS_TABLE[loss].after) {
    const outputs = measure(layers.length - 1, layers[layers.length - 1].activation);
    if (isNearKink(engine, loss, {}, outputs, y, MARGIN)) return 0;
  }
  const corners = kinksOfLoss(engine, loss, { huberDelta });
  if (corners.length) {
    const residuals = measure(layers.length - 1, layers[layers.length - 1].activation).data.map(
      (o, i) => o - y.data[i],
    );
    distances.push(distance(residuals, corners));
  }
  if (l1) distances.push(...net.weights.map(({ data }) => distance(data, [0])));
  return Math.min(...distances);
}

test('kinks are found where they are, to a step', () => {
  const near = (found: readonly number[], kinks: readonly number[]) => {
    expect(found.every((x) => distance([x], kinks) <= BETWEEN)).toBe(true);
    expect(kinks.every((x) => distance([x], found) <= BETWEEN)).toBe(true);
  };
  for (const [, { engine }] of entries) {
    const of = (name: ActivationName) => kinksOfActivation(engine, name);
    for (const name of ['relu', 'leakyRelu', 'elu', 'selu', 'softsign'] as const) near(of(name), [0]);
    for (const name of ['identity', 'tanh', 'gelu', 'softplus', 'exp', 'mish'] as const) expect(of(name)).toEqual([]);
    near(of('relu6'), [0, 6]);
    near(of('hardSigmoid'), [-3, 3]);
    near(kinksOfLoss(engine, 'mae', {}), [0]);
    near(kinksOfLoss(engine, 'huber', { huberDelta: DELTA }), [-DELTA, DELTA]);
    expect(kinksOfLoss(engine, 'mse', {})).toEqual([]);
  }
});

interface Case {
  net: Net;
  X: Matrix;
  y: Matrix;
}

/** Such a network with data that are far from every kink, by the first seed that gives them. */
function makeCase(engine: Engine, options: Omit<Options, 'inputs'>, rows: number, first: number, l1 = false): Case {
  const dtype = options.dtype as Dtype;
  for (let seed = first; seed < first + 200; seed++) {
    const net = engine.network({ inputs: INPUTS, huberDelta: DELTA, seed, ...options });
    for (const b of net.biases) b?.data.set(uniform(dtype, 1, b.cols, seed + b.cols, 0.5).data);
    // exp of exp would grow beyond what differences can resolve.
    if ((options.layers.at(-1) as Layer).activation === 'exp')
      net.weights.at(-1)?.data.forEach((w, i, all) => (all[i] = w / 4));
    const X = uniform(dtype, rows, INPUTS, seed);
    const y = targets(dtype, options.loss as LossName, rows, net.outputs, seed + 1);
    if (distanceToKinks(engine, net, X, y, l1) >= MARGIN) return { net, X, y };
    net.dispose();
  }
  expect.fail(`no seed from ${first} on keeps off the kinks`);
}

const ran = { cases: 0, greatest: { f64: 0, f32: 0 } };

function check(given: Case, what: string, options: LossOptions = {}): void {
  const { net, X, y } = given;
  const { relative, at } = net.checkGradients(X, y, { epsilon: STEP, ...options });
  const limit = bound(net, X.rows);
  if (!(relative <= limit)) expect.fail(`${what}: ${relative} > ${limit} at ${JSON.stringify(at)}`);
  ran.cases++;
  ran.greatest[net.dtype] = Math.max(ran.greatest[net.dtype], relative / limit);
}

/** Every pair and every stack of what the core has; each of the others is one more in a few. */
const CORE = HIDDEN.filter((name) => !FURTHER.includes(name));
const ofCore = (activation: ActivationName) => !FURTHER.includes(activation);
const CORE_PAIRS = PAIRS.filter(([loss, activation]) => ofCore(activation) && !FURTHER_LOSSES.includes(loss));

/** 0 to 3 hidden layers: none, then each activation in front, followed by those after it in the list. */
const stacks = [[], ...[1, 2, 3].flatMap((depth) => CORE.map((_, i) => [...CORE, ...CORE].slice(i, i + depth)))];

/** With biases and without; if there is no time, the one here and the other there. */
const biases = (i: number) => [true, false].filter((bias) => LONG || bias === (i % 2 === 0));

/** If there is no time a sixth of them, another one for each pair of a loss and an activation. */
const stacksFor = (pair: number) => [...stacks.entries()].filter(([i]) => LONG || i % 6 === pair % 6);

const weights = [0.5, 2, 0, 1.25, 3]; // exact in f32
/** l2 and l1. */
const strengths = [{}, { l2: 0.25 }, { l1: 0.125 }, { l2: 0.5, l1: 0.0625 }];
const penalized = [undefined, weights].flatMap((sampleWeight) =>
  strengths.flatMap((strength) =>
    (['plain', 'scikitLearn', undefined] as const).map(
      (penalty): LossOptions => ({ ...strength, penalty, sampleWeight }),
    ),
  ),
);

/** If there is no time a third of them, which has each strength, others for each loss. */
const penalizedFor = (loss: number) => penalized.filter((_, i) => LONG || (i + Math.floor(i / 3)) % 3 === loss % 3);

describe.each(entries)('%s', (_, { engine }) => {
  describe.each(dtypes)('%s', (dtype) => {
    /** A loss after an activation, with those hidden layers, with and without biases; i chooses sizes and seeds. */
    function checkStack(loss: LossName, activation: ActivationName, stack: readonly ActivationName[], i: number): void {
      for (const bias of biases(i)) {
        const hidden = stack.map((name, j) => ({ units: 3 + ((i + j) % 2), activation: name }));
        const layers = [...hidden, { units: activation === 'softmax' ? 3 : 1 + (i % 3), activation }];
        const given = makeCase(engine, { layers, loss, bias, dtype }, 3 + (i % 4), 1000 * i);
        check(given, `${loss} after ${stack.join(', ')}, ${activation}, bias ${bias}`);
        given.net.dispose();
      }
    }

    test.each(CORE_PAIRS)('%s after %s, with hidden layers, with and without biases', (loss, activation) => {
      const before = ran.cases;
      const tried = stacksFor(CORE_PAIRS.findIndex(([a, b]) => a === loss && b === activation));
      for (const [i, stack] of tried) checkStack(loss, activation, stack, i);
      expect(ran.cases - before).toBe(biases(0).length * tried.length);
      expect(tried.length).toBeGreaterThanOrEqual(Math.floor(stacks.length / (LONG ? 1 : 6)));
    });

    test.each(FURTHER)('%s, last and hidden, with every loss', (name) => {
      for (const [i, loss] of LOSSES.entries()) {
        if (LEGAL[loss].includes(name)) checkStack(loss, name, [], i);
        const next = FURTHER[(FURTHER.indexOf(name) + 1) % FURTHER.length];
        checkStack(loss, LEGAL[loss][0], [name, next, name], i);
      }
    });

    test.each(FURTHER_LOSSES)('%s, after every activation that it is for', (loss) => {
      for (const [i, activation] of LEGAL[loss].entries()) if (ofCore(activation)) checkStack(loss, activation, [], i);
    });

    test.each(LOSSES)('%s with sample weights, penalties in both conventions, and as a sum', (loss) => {
      const activation = LEGAL[loss][LEGAL[loss].length - 1];
      const tried = penalizedFor(LOSSES.indexOf(loss));
      const before = ran.cases;
      for (const reduction of ['mean', 'sum'] as const) {
        const layers = [
          { units: 4, activation: 'tanh' as const },
          { units: 3, activation },
        ];
        const given = makeCase(engine, { layers, loss, reduction, dtype }, 5, 77, true);
        for (const options of tried) check(given, JSON.stringify({ reduction, ...options }), options);
        given.net.dispose();
      }
      expect(ran.cases - before).toBe(2 * tried.length);
    });
  });
});

test('all of them ran; how much of its bound the worst took', (context) => {
  const parts = Object.entries(ran.greatest).map(([dtype, part]) => `${dtype} ${part.toFixed(3)}`);
  context.annotate(`${ran.cases} cases; ${parts.join(', ')}`);
  expect(entries.length * dtypes.length).toBe(4);
  expect(CORE_PAIRS.length).toBeGreaterThanOrEqual(4 * 12 + 2 + 1 + 2);
  const further = PAIRS.length - CORE_PAIRS.length + FURTHER.length * LOSSES.length;
  const checked =
    biases(0).length * (CORE_PAIRS.flatMap((_, pair) => stacksFor(pair)).length + further) +
    2 * LOSSES.flatMap((_, i) => penalizedFor(i)).length;
  expect(ran.cases).toBe(4 * checked);
});
