// Networks for the tests: which losses go with which activations, data and targets that suit them.

import { expect } from 'vitest';
import type { ActivationName, Dtype, LossName } from '../../src/common.js';
import type { Activation } from '../../src/layers/activation.js';
import { ACTIVATION_NAMES, ACTIVATIONS as TABLE } from '../../src/layers/activations.js';
import type { DenseOptions } from '../../src/layers/dense.js';
import { activations, losses } from '../../src/layers/index.js';
import { LOSS_NAMES, LOSSES as TABLE_OF_LOSSES } from '../../src/layers/losses.js';
import { Matrix } from '../../src/matrix/matrix.js';
import { random } from '../../src/random/random.js';
import { arrayOf, type entries } from './backends.js';

export type Entry = (typeof entries)[number][1];
export type Engine = Entry['engine'];
export type Net = ReturnType<Engine['network']>;
export type Options = Parameters<Engine['network']>[0];
export type Layer = DenseOptions;
export type LossOptions = NonNullable<Parameters<Net['loss']>[2]>;

/** Of a network whose layers are all dense. */
export const layersOf = (net: Net): readonly Layer[] => net.options.layers as readonly Layer[];

const activation = (name: ActivationName) => TABLE[name] as Activation;
/** 'logistic' is 'sigmoid'. */
const isOtherName = (name: ActivationName, i: number) =>
  ACTIVATION_NAMES.findIndex((other) => activation(other).curve === activation(name).curve) < i;

/** What a hidden layer may have: the core's, then those of bitgrad/layers. */
export const HIDDEN: readonly ActivationName[] = ACTIVATION_NAMES.filter(
  (name, i) => !activation(name).last && !isOtherName(name, i),
);
export const ACTIVATIONS: readonly ActivationName[] = [
  ...HIDDEN,
  ...ACTIVATION_NAMES.filter((name) => !HIDDEN.includes(name)),
];
/** Those of bitgrad/layers. */
export const FURTHER: readonly ActivationName[] = activations;

/** The core's, then those of bitgrad/layers. */
export const LOSSES: readonly LossName[] = LOSS_NAMES;
/** Those of bitgrad/layers. */
export const FURTHER_LOSSES: readonly LossName[] = losses;
/** The last activations that each loss is defined for. */
export const LEGAL = Object.fromEntries(
  LOSSES.map((loss) => [loss, TABLE_OF_LOSSES[loss].after ?? ACTIVATIONS]),
) as Readonly<Record<LossName, readonly ActivationName[]>>;

export const PAIRS: readonly [LossName, ActivationName][] = LOSSES.flatMap((loss) =>
  LEGAL[loss].map((activation): [LossName, ActivationName] => [loss, activation]),
);

/** Numbers within +-`limit` of that dtype, from a seed. */
export function uniform(dtype: Dtype, rows: number, cols: number, seed: number, limit = 1): Matrix {
  const { data } = random(seed).rand(rows, cols);
  return new Matrix(
    rows,
    cols,
    arrayOf(dtype, data).map((x) => (2 * x - 1) * limit),
  );
}

/** Targets that the loss is meant for: distributions, numbers of its range, counts where that has no end, or any numbers. */
export function targets(dtype: Dtype, loss: LossName, rows: number, outputs: number, seed: number): Matrix {
  const y = uniform(dtype, rows, outputs, seed);
  const { data } = y;
  const { classes, range } = TABLE_OF_LOSSES[loss];
  if (classes === 'exclusive') {
    for (const row of y) {
      const sum = Array.from(row).reduce((total, x) => total + x + 1, 0);
      row.forEach((x, j) => (row[j] = (x + 1) / sum));
    }
  } else if (range) {
    const [least, greatest] = range;
    const within = (x: number) => (greatest === Infinity ? Math.floor(2 * x) : 0.5 * x * (greatest - least));
    data.forEach((x, i) => (data[i] = least + within(x + 1)));
  }
  return y;
}

/** Some rows of a matrix, copied. */
export function rowsOf(matrix: Matrix, from: number, end: number): Matrix {
  const { cols, data } = matrix;
  return new Matrix(end - from, cols, data.slice(from * cols, end * cols));
}

/** All gradients in the order of the parameters. */
export function flatten({ weights, biases }: ReturnType<Net['gradients']>): number[] {
  return weights.flatMap(({ data }, i) => [...data, ...(biases[i]?.data ?? [])]);
}

/** Half the distance from 1 to the next number: the relative error of an operation. */
export const UNIT: Record<Dtype, number> = { f64: 2 ** -53, f32: 2 ** -24 };

/** Fails unless each number is within `tolerance` of its own scale. */
export function expectNear(got: ArrayLike<number>, expected: ArrayLike<number>, scale: (i: number) => number): void {
  expect(got.length).toBe(expected.length);
  expect(got.length).toBeGreaterThan(0);
  for (let i = 0; i < got.length; i++) {
    const off = Math.abs(got[i] - expected[i]);
    if (!(off <= scale(i))) expect.fail(`element ${i}: ${got[i]} is ${off} from ${expected[i]}, more than ${scale(i)}`);
  }
}

/** Of each column the sum of f of its numbers. */
export function columnSums(matrix: Matrix, f: (x: number) => number): number[] {
  const sums = Array<number>(matrix.cols).fill(0);
  for (const row of matrix) row.forEach((x, j) => (sums[j] += f(x)));
  return sums;
}
