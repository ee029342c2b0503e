// What every subject is asked to do, and on what numbers: they follow from the task alone, so each process makes its own.

import type { Outcome } from '../contest/protocol.js';
import { type ActivationName, type Dtype, type LossName, random } from '../entries.js';

export interface Task {
  /** step: the loss and the gradients of all weights and biases; forward: the outputs; sigmoid: of each element. */
  kind: 'step' | 'forward' | 'sigmoid';
  rows: number;
  /** Inputs, then the units of each layer; for sigmoid the columns alone. */
  sizes: number[];
  hidden: Extract<ActivationName, 'sigmoid' | 'relu'>;
  output: Extract<ActivationName, 'sigmoid' | 'softmax'>;
  /** The mean over rows. */
  loss: Extract<LossName, 'squaredError' | 'crossEntropy' | 'binaryCrossEntropy'>;
  dtype: Dtype;
  seed: number;
}

/** What a subject does otherwise than the task says. */
export type Variant = Partial<Pick<Task, 'hidden' | 'output' | 'loss'>>;

export type Floats = Float64Array | Float32Array;

export interface Layer {
  inputs: number;
  units: number;
  /** inputs x units, row by row. */
  weights: Floats;
  biases: Floats;
}

export interface Data {
  /** rows x inputs, row by row. */
  X: Floats;
  /** rows x outputs: one-hot for softmax. */
  y: Floats;
  /** The classes that y is made of, for softmax. */
  labels: Int32Array;
  layers: Layer[];
}

export const outputsOf = ({ sizes }: Task) => sizes[sizes.length - 1];

export const typed = (values: Float64Array, dtype: Dtype): Floats =>
  dtype === 'f32' ? new Float32Array(values) : values;

/** contest/python.py and contest/native/peer.h draw the same numbers as NumPy's RandomState. */
export function makeData(task: Task): Data {
  const { kind, rows, sizes, dtype, seed } = task;
  const rng = random(seed);
  const uniform = (count: number, scale: number) =>
    typed(
      rng.rand(count).map((u) => (2 * u - 1) * scale),
      dtype,
    );
  const X = uniform(rows * sizes[0], kind === 'sigmoid' ? 8 : 1);
  if (kind === 'sigmoid') return { X, y: X, labels: new Int32Array(), layers: [] };
  const outputs = outputsOf(task);
  let labels = new Int32Array();
  let y: Floats;
  if (task.output === 'softmax') {
    labels = Int32Array.from(rng.rand(rows), (u) => Math.floor(u * outputs));
    y = typed(new Float64Array(rows * outputs), dtype);
    for (const [row, label] of labels.entries()) y[row * outputs + label] = 1;
  } else {
    y = typed(rng.rand(rows * outputs), dtype);
  }
  const layers = sizes.slice(1).map((units, i) => {
    const inputs = sizes[i];
    const weights = uniform(inputs * units, Math.sqrt(6 / (inputs + units)));
    return { inputs, units, weights, biases: uniform(units, 0.1) };
  });
  return { X, y, labels, layers };
}

/** Multiplications and additions of the products: forward, weight gradients, errors of hidden layers. */
export function flopsOf({ kind, rows, sizes }: Task): number {
  const products = sizes.slice(1).map((units, i) => 2 * rows * sizes[i] * units);
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  return kind === 'forward' ? sum(products) : 2 * sum(products) + sum(products.slice(1));
}

/** The largest errors of the loss and of each tensor, relative to the largest magnitude in it. */
export function errorOf(task: Task, actual: Outcome, expected: Outcome): number {
  const { kind, sizes } = task;
  const count = expected.values.length;
  if (actual.values.length !== count) throw new Error(`it gave ${actual.values.length} numbers instead of ${count}`);
  const ends = kind === 'step' ? sizes.slice(1).flatMap((units, i) => [sizes[i] * units, units]) : [count];
  let worst = 0;
  if (actual.loss !== undefined && expected.loss !== undefined) {
    worst = Math.abs(actual.loss - expected.loss) / Math.abs(expected.loss);
  }
  let at = 0;
  for (const length of ends) {
    let error = 0;
    let scale = 0;
    for (const end = at + length; at < end; at++) {
      const difference = Math.abs(actual.values[at] - expected.values[at]);
      error = difference > error || Number.isNaN(difference) ? difference : error;
      scale = Math.max(scale, Math.abs(expected.values[at]));
    }
    worst = Math.max(worst, error === 0 ? 0 : error / scale);
  }
  return worst;
}

/** Rounding errors of the longest sum, which grow as a random walk does, with a margin for those of its terms. */
export function toleranceOf({ rows, sizes, kind, dtype }: Task): number {
  const epsilon = dtype === 'f64' ? 2 ** -52 : 2 ** -23;
  const longest = kind === 'sigmoid' ? 1 : Math.max(kind === 'step' ? rows : 1, ...sizes);
  return 16 * epsilon * Math.sqrt(longest);
}
