// Source: scikit-learn 1.2.1, sklearn/utils/extmath.py and sklearn/preprocessing/_data.py.

import type { NumberTable } from '../matrix/copies.js';
import type { Dtype, TypedArray } from '../matrix/operand.js';

/** What is known of columns: how many numbers, or the sum of their weights; their means and variances. @internal */
export interface Moments {
  readonly counts: Float64Array;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Means and variances by two passes, the second corrected (Chan, Golub and LeVeque 1983); NaN is left out. @internal */
export function moments({ rows, cols, data }: NumberTable, weights: TypedArray | undefined): Moments {
  const counts = new Float64Array(cols);
  const mean = new Float64Array(cols);
  const variance = new Float64Array(cols);
  const correction = new Float64Array(cols);
  // Twice the same loop, not a function for each number: that took three times as long.
  for (let i = 0, at = 0; i < rows; i++) {
    const weight = weights ? weights[i] : 1;
    for (let j = 0; j < cols; j++) {
      const x = data[at++];
      if (Number.isNaN(x)) continue;
      counts[j] += weight;
      mean[j] += weight * x;
    }
  }
  for (let j = 0; j < cols; j++) mean[j] /= counts[j];
  for (let i = 0, at = 0; i < rows; i++) {
    const weight = weights ? weights[i] : 1;
    for (let j = 0; j < cols; j++) {
      const x = data[at++];
      if (Number.isNaN(x)) continue;
      const difference = x - mean[j];
      correction[j] += weight * difference;
      variance[j] += weight * (difference * difference);
    }
  }
  for (let j = 0; j < cols; j++) {
    variance[j] = (variance[j] - (correction[j] * correction[j]) / counts[j]) / counts[j];
  }
  return { counts, mean, variance };
}

/** Those of rows that were seen before, and of more of them (Chan, Golub and LeVeque 1983). @internal */
export function merged(before: Moments, more: Moments): Moments {
  const counts = before.counts.map((count, j) => count + more.counts[j]);
  const mean = new Float64Array(counts.length);
  const variance = new Float64Array(counts.length);
  for (let j = 0; j < counts.length; j++) {
    // Where one side has seen nothing, its mean is NaN.
    const [seen, added] = [before.counts[j], more.counts[j]];
    const known = seen === 0 ? more : before;
    [mean[j], variance[j]] = [known.mean[j], known.variance[j]];
    if (seen === 0 || added === 0) continue;
    const sum = before.mean[j] * seen;
    const addedSum = more.mean[j] * added;
    const ratio = seen / added;
    const apart = sum / ratio - addedSum;
    mean[j] = (sum + addedSum) / counts[j];
    variance[j] =
      (before.variance[j] * seen + more.variance[j] * added + (ratio / counts[j]) * (apart * apart)) / counts[j];
  }
  return { counts, mean, variance };
}

/** The standard deviation, but 1 for a column that is constant within its sums' rounding. @internal */
export function scaleOf(variance: number, mean: number, count: number): number {
  const rounding = count * mean * Number.EPSILON;
  return variance <= count * Number.EPSILON * variance + rounding * rounding ? 1 : Math.sqrt(variance);
}

/** 10 times the spacing at 1: a span below it is that of a constant column. */
const CONSTANT = { f64: 10 * 2 ** -52, f32: 10 * 2 ** -23 };

/** What a column of this span is divided by: 1 if it is constant. @internal */
export const scaleOfSpan =
  (dtype: Dtype) =>
  (span: number): number =>
    span < CONSTANT[dtype] ? 1 : span;
