// What a network looks like inside: the spread of its weights, and what it goes by.

import type { MatrixInput, Network } from '../index.js';
import { inputSaliency } from '../model/index.js';
import type { TrainingSet } from '../train/index.js';
import type { Learner } from './model-file.js';
import type { Histogram, Run } from './run.js';

const BINS = 40;

/** @param name what it is of */
function histogram(layer: string, numbers: ArrayLike<number>): Histogram {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < numbers.length; i++) {
    low = Math.min(low, numbers[i]);
    high = Math.max(high, numbers[i]);
  }
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const counts = new Array<number>(BINS).fill(0);
  for (let i = 0; i < numbers.length; i++) {
    counts[Math.min(BINS - 1, Math.floor(((numbers[i] - low) / (high - low)) * BINS))]++;
  }
  return { layer, edges: Array.from({ length: BINS + 1 }, (_, k) => low + ((high - low) * k) / BINS), counts };
}

/** Of each layer's weights. */
export const histogramsOf = (net: Network): Histogram[] =>
  net.weights.map((each, i) => histogram(`layer ${i + 1}`, each.data));

/**
 * The mean over rows of what the output changes by with each input; of a column with several inputs (categories) the greatest of theirs.
 *
 * @param columns the column that each input is of
 */
export function saliencyOf(learner: Learner, { X }: TrainingSet, columns: readonly string[]): Run['saliency'] {
  const { rows, cols, data } = inputSaliency(learner as never, X as MatrixInput);
  const values = new Map<string, number>();
  for (let j = 0; j < cols; j++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += Math.abs(data[i * cols + j]);
    values.set(columns[j], Math.max(values.get(columns[j]) ?? 0, sum / rows));
  }
  return [...values].map(([column, value]) => ({ column, value })).sort((a, b) => b.value - a.value);
}
