// Source: scikit-learn 1.2.1, sklearn/utils/extmath.py and sklearn/preprocessing/_data.py.

import type { NumberTable } from '../matrix/copies.js';
import type { TypedArray } from '../matrix/operand.js';

/** Means and variances by two passes, the second corrected (Chan, Golub and LeVeque 1983); NaN is left out. @internal */
export function moments({ rows, cols, data }: NumberTable, weights: TypedArray | undefined) {
  const counts = new Float64Array(cols);
  const mean = new Float64Array(cols);
  const variance = new Float64Array(cols);
  const correction = new Float64Array(cols);
  const each = (visit: (j: number, x: number, weight: number) => void) => {
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++, at++) if (!Number.isNaN(data[at])) visit(j, data[at], weights ? weights[i] : 1);
    }
  };
  each((j, x, weight) => {
    counts[j] += weight;
    mean[j] += weight * x;
  });
  for (let j = 0; j < cols; j++) mean[j] /= counts[j];
  each((j, x, weight) => {
    const difference = x - mean[j];
    correction[j] += weight * difference;
    variance[j] += weight * (difference * difference);
  });
  for (let j = 0; j < cols; j++) {
    variance[j] = (variance[j] - (correction[j] * correction[j]) / counts[j]) / counts[j];
  }
  return { counts, mean, variance };
}

/** The standard deviation, but 1 for a column that is constant within its sums' rounding. @internal */
export function scaleOf(variance: number, mean: number, count: number): number {
  const rounding = count * mean * Number.EPSILON;
  return variance <= count * Number.EPSILON * variance + rounding * rounding ? 1 : Math.sqrt(variance);
}
