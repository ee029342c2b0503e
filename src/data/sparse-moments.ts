// Means and variances of sparse columns, with the bits of moments(): its sums are over all rows in their order, zeros among them.

import type { TypedArray } from '../matrix/operand.js';
import type { SparseMatrix } from '../matrix/sparse.js';
import { addedTimes } from '../numbers/added-times.js';
import { correctedVariance, type Moments } from './moments.js';
import { columnsOf, type SparseColumn } from './sparse-columns.js';

/** Calls for each run of rows without a number, and for each number that is no NaN, from the first row to the last. */
function walk(
  { indices, values }: SparseColumn,
  rows: number,
  zeros: (from: number, end: number) => void,
  each: (x: number, row: number) => void,
): void {
  let from = 0;
  for (let e = 0; e < indices.length; e++) {
    if (from < indices[e]) zeros(from, indices[e]);
    if (!Number.isNaN(values[e])) each(values[e], indices[e]);
    from = indices[e] + 1;
  }
  if (from < rows) zeros(from, rows);
}

/** The sum of the weights of rows, in order; without weights how many they are. */
function added(sum: number, weights: TypedArray | undefined, from: number, end: number): number {
  if (!weights) return sum + end - from;
  let total = sum;
  for (let i = from; i < end; i++) total += weights[i];
  return total;
}

/**
 * Those that moments() gives of the dense matrix. Without weights that takes as long as there are numbers stored; with them, which differ
 * from row to row, as long as there are rows, for each column that is not empty.
 *
 * @internal
 */
export function momentsOfSparse(X: SparseMatrix, weights: TypedArray | undefined): Moments {
  const { rows, cols } = X;
  const columnAt = columnsOf(X);
  const counts = new Float64Array(cols);
  const mean = new Float64Array(cols);
  const variance = new Float64Array(cols);
  const all = added(0, weights, 0, rows);
  for (let j = 0; j < cols; j++) {
    const column = columnAt(j);
    if (column.values.length === 0) {
      counts[j] = all;
      mean[j] = 0 / all;
      continue;
    }
    let [count, sum] = [0, 0];
    walk(
      column,
      rows,
      (from, end) => {
        count = added(count, weights, from, end);
      },
      (x, i) => {
        const weight = weights ? weights[i] : 1;
        count += weight;
        sum += weight * x;
      },
    );
    const middle = sum / count;
    let [correction, squares] = [0, 0];
    const ofZero = 0 - middle;
    walk(
      column,
      rows,
      (from, end) => {
        if (!weights) {
          correction = addedTimes(correction, ofZero, end - from);
          squares = addedTimes(squares, ofZero * ofZero, end - from);
          return;
        }
        for (let i = from; i < end; i++) {
          correction += weights[i] * ofZero;
          squares += weights[i] * (ofZero * ofZero);
        }
      },
      (x, i) => {
        const weight = weights ? weights[i] : 1;
        const difference = x - middle;
        correction += weight * difference;
        squares += weight * (difference * difference);
      },
    );
    counts[j] = count;
    mean[j] = middle;
    variance[j] = correctedVariance(squares, correction, count);
  }
  return { counts, mean, variance };
}
