// Metrics over a resident set, from outputs and targets as they lie in memory.

import type { Loss } from '../../layers/loss.js';
import { elementsOf, type TypedArray } from '../../matrix/operand.js';
import type { ResidentMatrix } from '../../matrix/resident.js';
import { argmax } from '../../numbers/argmax.js';
import type { Sliced } from '../../numbers/sliced.js';

export const METRIC_NAMES = ['accuracy', 'r2', 'mse', 'mae'] as const;
/**
 * `accuracy`: the part of rows whose class is right (the greatest output; where there is one output, or each is a label
 * of its own, above 0.5 in all of them, or 0 where targets are signs); `r2`: coefficient of determination, the mean over outputs; `mse` and `mae`.
 */
export type MetricName = (typeof METRIC_NAMES)[number];

/** What a loss says of classes. */
type Judged = Pick<Loss, 'classes' | 'signs'>;

/** Whether greater is better. */
export function ascends(curve: string): boolean {
  return /accuracy|r2/i.test(curve);
}

function hit({ classes, signs }: Judged, o: TypedArray, y: TypedArray, from: number, cols: number): boolean {
  const threshold = signs ? 0 : 0.5;
  if (classes !== 'exclusive' || cols === 1) {
    for (let j = from; j < from + cols; j++) if (o[j] > threshold !== y[j] > threshold) return false;
    return true;
  }
  return argmax(o, from, cols) === argmax(y, from, cols);
}

/** Outputs that are looked at before others may have their turn; of one column so many rows: 1 ms. */
const CHUNK = 1 << 18;
const CHUNK_ROWS = 1 << 16;

/** What is measured: outputs and targets in linear memory, and a weight for each row. */
export interface Measured {
  readonly loss: Judged;
  readonly outputs: ResidentMatrix;
  readonly y: ResidentMatrix;
  readonly w: ResidentMatrix | undefined;
}

/** Where they lie now: a pause may have moved that. */
const arraysOf = ({ outputs, y, w }: Measured) => ({ o: elementsOf(outputs), t: elementsOf(y), w: w && elementsOf(w) });

function* weightedMean({ outputs, y, w }: Measured, j: number, total: number): Sliced<number> {
  const { cols, rows } = outputs;
  let mean = 0;
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    const [targets, weights] = [elementsOf(y), w && elementsOf(w)];
    const end = Math.min(rows, from + CHUNK_ROWS);
    for (let i = from; i < end; i++) mean += (weights ? weights[i] : 1) * targets[i * cols + j];
    yield;
  }
  return mean / total;
}

function* r2(measured: Measured, total: number): Sliced<number> {
  const { rows, cols } = measured.outputs;
  let sum = 0;
  for (let j = 0; j < cols; j++) {
    const mean = yield* weightedMean(measured, j, total);
    let residual = 0;
    let spread = 0;
    for (let from = 0; from < rows; from += CHUNK_ROWS) {
      const { o, t, w } = arraysOf(measured);
      const end = Math.min(rows, from + CHUNK_ROWS);
      for (let i = from; i < end; i++) {
        const weight = w ? w[i] : 1;
        const distance = t[i * cols + j] - o[i * cols + j];
        const deviation = t[i * cols + j] - mean;
        residual += weight * (distance * distance);
        spread += weight * (deviation * deviation);
      }
      yield;
    }
    // As scikit-learn has it: a constant target that is met counts 1, one that is not 0.
    sum += spread > 0 ? 1 - residual / spread : residual > 0 ? 0 : 1;
  }
  return sum / cols;
}

/** One metric over all rows. */
export function* measure(name: MetricName, measured: Measured): Sliced<number> {
  const { loss, outputs } = measured;
  const { rows, cols } = outputs;
  let total = 0;
  let sum = 0;
  const chunk = Math.max(1, Math.floor(CHUNK / cols));
  for (let from = 0; from < rows; from += chunk) {
    const { o, t, w } = arraysOf(measured);
    const end = Math.min(rows, from + chunk);
    for (let i = from; i < end; i++) {
      const weight = w ? w[i] : 1;
      total += weight;
      if (name === 'accuracy') sum += hit(loss, o, t, i * cols, cols) ? weight : 0;
      else if (name !== 'r2') {
        for (let j = i * cols; j < (i + 1) * cols; j++) {
          const distance = Math.abs(o[j] - t[j]);
          sum += (weight * (name === 'mae' ? distance : distance * distance)) / cols;
        }
      }
    }
    yield;
  }
  return name === 'r2' ? yield* r2(measured, total) : sum / total;
}
