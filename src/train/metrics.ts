// Metrics over a resident set, from outputs and targets as they lie in memory.

import type { LossName } from '../network/losses.js';
import type { TypedArray } from '../operand.js';

export const METRIC_NAMES = ['accuracy', 'r2', 'mse', 'mae'] as const;
/**
 * `accuracy`: the part of rows whose class is right (the greatest output; where there is one output, or each is a label
 * of its own, above 0.5 in all of them); `r2`: coefficient of determination, the mean over outputs; `mse` and `mae`.
 */
export type MetricName = (typeof METRIC_NAMES)[number];

/** Whether greater is better. */
export function ascends(curve: string): boolean {
  return /accuracy|r2/i.test(curve);
}

function hit(loss: LossName, o: TypedArray, y: TypedArray, from: number, cols: number): boolean {
  if (loss !== 'crossEntropy' || cols === 1) {
    for (let j = from; j < from + cols; j++) if (o[j] > 0.5 !== y[j] > 0.5) return false;
    return true;
  }
  let best = from;
  let wanted = from;
  for (let j = from + 1; j < from + cols; j++) {
    if (o[j] > o[best]) best = j;
    if (y[j] > y[wanted]) wanted = j;
  }
  return best === wanted;
}

function r2(
  o: TypedArray,
  y: TypedArray,
  w: TypedArray | undefined,
  rows: number,
  cols: number,
  total: number,
): number {
  let sum = 0;
  for (let j = 0; j < cols; j++) {
    let mean = 0;
    for (let i = 0; i < rows; i++) mean += (w ? w[i] : 1) * y[i * cols + j];
    mean /= total;
    let residual = 0;
    let spread = 0;
    for (let i = 0; i < rows; i++) {
      const weight = w ? w[i] : 1;
      const distance = y[i * cols + j] - o[i * cols + j];
      const deviation = y[i * cols + j] - mean;
      residual += weight * (distance * distance);
      spread += weight * (deviation * deviation);
    }
    // As scikit-learn has it: a constant target that is met counts 1, one that is not 0.
    sum += spread > 0 ? 1 - residual / spread : residual > 0 ? 0 : 1;
  }
  return sum / cols;
}

/** @param w a weight for each row */
export function measure(
  name: MetricName,
  loss: LossName,
  o: TypedArray,
  y: TypedArray,
  w: TypedArray | undefined,
  cols: number,
): number {
  const rows = o.length / cols;
  let total = 0;
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const weight = w ? w[i] : 1;
    total += weight;
    if (name === 'accuracy') sum += hit(loss, o, y, i * cols, cols) ? weight : 0;
    else if (name !== 'r2') {
      for (let j = i * cols; j < (i + 1) * cols; j++) {
        const distance = Math.abs(o[j] - y[j]);
        sum += (weight * (name === 'mae' ? distance : distance * distance)) / cols;
      }
    }
  }
  return name === 'r2' ? r2(o, y, w, rows, cols, total) : sum / total;
}
