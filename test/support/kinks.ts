// Where a derivative jumps, an activation's or a loss's, its own or its slope's: found by looking, since only its file knows.

import type { ActivationName, LossName } from '../../src/common.js';
import { LOSSES } from '../../src/layers/losses.js';
import type { Matrix } from '../../src/matrix/matrix.js';
import type { Engine, Options } from './networks.js';

/** From -END to END by STEP, a power of two: kinks at integers are points of it. What is found is one of these within a step. */
const END = 8;
export const STEP = 2 ** -10;
const POINTS = Array.from({ length: (2 * END) / STEP + 1 }, (_, i) => [i * STEP - END]);

/**
 * The second difference of slopes, over the slope where that is above 1: a smooth curve's is STEP^2 = 1e-6 times its third
 * derivative, which is a few at most; where the second derivative jumps it is STEP = 1e-3 times the jump, half of that off a
 * point; where the slope itself jumps, more.
 */
const JUMP = 1e-4;

function kinksOf(slopes: ArrayLike<number>): number[] {
  const kinks: number[] = [];
  for (let i = 1; i < slopes.length - 1; i++) {
    const difference = slopes[i - 1] - 2 * slopes[i] + slopes[i + 1];
    if (Math.abs(difference) > JUMP * Math.max(1, Math.abs(slopes[i]))) kinks.push(i);
  }
  return kinks;
}

const placesOf = (slopes: ArrayLike<number>) => kinksOf(slopes).map((i) => POINTS[i][0]);

const known = new Map<string, readonly number[]>();

function once(name: string, find: () => number[]): readonly number[] {
  const kinks = known.get(name) ?? find();
  known.set(name, kinks);
  return kinks;
}

/** One unit whose logit is its input. */
const unit = (activation: ActivationName): Pick<Options, 'inputs' | 'layers'> => ({
  inputs: 1,
  layers: [{ units: 1, activation, weights: [[1]], bias: false }],
});

/** Logits at which an activation with the default options has a kink. */
export function kinksOfActivation(engine: Engine, name: ActivationName): readonly number[] {
  return once(`activation ${name}`, () => {
    const net = engine.network(unit(name));
    const { data } = net.jacobian(POINTS);
    net.dispose();
    return placesOf(data);
  });
}

/** Residuals o - y at which a loss has a kink, if it takes any activation; the others are smooth where they are defined. */
export function kinksOfLoss(engine: Engine, loss: LossName, options: Partial<Options>): readonly number[] {
  if (LOSSES[loss].after) return [];
  return once(`loss ${loss} ${JSON.stringify(options)}`, () => {
    const net = engine.network({ ...options, ...unit('identity'), loss, reduction: 'sum' });
    const y = new Float64Array(POINTS.length);
    const { data } = net.gradients(POINTS, y, { wrtInputs: true }).inputs ?? { data: [] };
    net.dispose();
    return placesOf(data);
  });
}

/** Steps to either side, and how many to the distance that is looked at. */
const AROUND = 5;
const FINE = 4;

/**
 * Whether a loss has a kink within about that distance of some output, or bends too much for differences: for losses whose kinks do
 * not lie at residuals. Looked at from each output's own place, with the others as they are.
 */
export function isNearKink(
  engine: Engine,
  loss: LossName,
  options: Partial<Options>,
  o: Matrix,
  y: Matrix,
  distance: number,
): boolean {
  const { rows, cols } = o;
  const step = distance / FINE;
  const steps = Array.from({ length: 2 * AROUND + 1 }, (_, k) => (k - AROUND) * step);
  const layers = [{ units: cols, activation: 'identity' as const, bias: false, weights: identity(cols) }];
  const net = engine.network({ ...options, inputs: cols, layers, loss, reduction: 'sum' });
  let near = false;
  for (let i = 0; i < rows && !near; i++) {
    const [outputs, targets] = [o, y].map(({ cols, data }) => Array.from(data.subarray(i * cols, (i + 1) * cols)));
    for (let j = 0; j < cols; j++) {
      const points = steps.map((by) => outputs.with(j, outputs[j] + by));
      const gradients = net.gradients(
        points,
        points.map(() => targets),
        { wrtInputs: true },
      ).inputs as Matrix;
      const slopes = points.map((_, k) => gradients.get(k, j));
      near ||= kinksOf(slopes).length > 0;
    }
  }
  net.dispose();
  return near;
}

const identity = (n: number) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Number(i === j)));
