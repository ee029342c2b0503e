// Scores of quantiles. Source: scikit-learn 1.2.1, sklearn/metrics/_regression.py and sklearn/utils/stats.py.

import { ShapeError } from '../../checks/errors.js';
import { readOptions } from '../../checks/read-options.js';
import { refuseValue } from '../../checks/values.js';
import { readFinite } from '../../matrix/copies.js';
import { Matrix } from '../../matrix/matrix.js';
import { quantile, sortedNumbers } from '../../numbers/percentile.js';
import {
  type MeasuredTargets,
  type OneOutput,
  overOutputs,
  type Raw,
  type RegressionOptions,
  readMeasured,
} from './regression.js';

/** Options of {@link meanPinballLoss} and {@link d2PinballScore}. */
export interface PinballLossOptions extends RegressionOptions {
  /**
   * The quantile that was predicted, from 0 to 1; default 0.5. Of an array yPred has a column for each, yTrue one, and `multioutput`
   * is of the quantiles.
   */
  alpha?: number | readonly number[];
}

/** Quantiles as they were read: column j's, and targets with as many columns. */
interface Levels {
  readonly at: (j: number) => number;
  readonly truth: unknown;
  /** Whether all columns of it are one and the same. */
  readonly several: boolean;
}

function readLevels(alpha: unknown, yTrue: unknown, yPred: unknown): Levels {
  const several = Array.isArray(alpha);
  const levels: unknown[] = several ? Array.from(alpha) : [alpha];
  const wanted = 'a number from 0 to 1, or an array of such';
  if (levels.length === 0) refuseValue('alpha', wanted, alpha);
  levels.forEach((each, j) => {
    if (!(typeof each === 'number' && each >= 0 && each <= 1))
      refuseValue('alpha', wanted, each, several ? `[${j}]` : '');
  });
  const { length } = levels;
  if (!several) return { at: () => levels[0] as number, truth: yTrue, several };
  const { rows, cols, data } = readFinite(yTrue, 'yTrue');
  const predicted = readFinite(yPred, 'yPred').cols;
  if (cols !== 1) throw new ShapeError(`"yTrue" has ${cols} columns: several quantiles are of one number a row`);
  if (predicted !== length) {
    throw new ShapeError(
      `"yPred" has ${predicted} columns, but "alpha" names ${length} quantiles: there is one for each`,
    );
  }
  const repeated = new Float64Array(rows * length);
  for (let i = 0; i < rows; i++) repeated.fill(data[i], i * length, (i + 1) * length);
  return { at: (j) => levels[j] as number, truth: new Matrix(rows, length, repeated), several };
}

const loss = (alpha: number) => (truth: number, predicted: number) => {
  const above = truth - predicted;
  return above >= 0 ? alpha * above : (alpha - 1) * above;
};

/** The quantiles of one column. @param weights with them the numbers themselves, without going between them */
function quantilesOf(column: Float64Array, weights: ArrayLike<number> | undefined): (alpha: number) => number {
  if (weights) {
    const order = Array.from(column.keys()).sort((a, b) => column[a] - column[b]);
    return (alpha) => weightedQuantile(column, order, alpha, weights);
  }
  const sorted = sortedNumbers(column);
  return (alpha) => quantile(sorted, alpha);
}

/** The value below which that share of the weights is. */
function weightedQuantile(
  column: Float64Array,
  order: readonly number[],
  alpha: number,
  weights: ArrayLike<number>,
): number {
  let total = 0;
  for (const i of order) total += weights[i];
  // Of 0 the least number that has a weight.
  const wanted = alpha * total || Number.MIN_VALUE;
  let sum = 0;
  for (const i of order) {
    sum += weights[i];
    if (sum >= wanted) return column[i];
  }
  return column[order[order.length - 1]];
}

/**
 * The mean pinball loss, alpha (y - p) where the target y is not below the prediction p, else (1 - alpha) (p - y); scikit-learn's
 * `mean_pinball_loss`. Errors are those of meanSquaredError.
 *
 * @param yTrue one number a row, or rows x outputs
 * @param yPred the same shape; for several quantiles rows x quantiles
 * @param options alpha (default 0.5), multioutput (default `'uniformAverage'`), sampleWeight
 * @example
 * meanPinballLoss([1, 2, 3], [0, 2, 4], { alpha: 0.1 }); // 0.3333333333333333
 */
export function meanPinballLoss(
  yTrue: MeasuredTargets,
  yPred: MeasuredTargets,
  options?: OneOutput<PinballLossOptions>,
): number;
export function meanPinballLoss(
  yTrue: MeasuredTargets,
  yPred: MeasuredTargets,
  options: Raw<PinballLossOptions>,
): Float64Array;
export function meanPinballLoss(yTrue: MeasuredTargets, yPred: MeasuredTargets, options: PinballLossOptions = {}) {
  const known = readOptions(options, ['alpha', 'multioutput', 'sampleWeight'], 'meanPinballLoss');
  const { alpha = 0.5, multioutput = 'uniformAverage' } = known;
  const { at, truth } = readLevels(alpha, yTrue, yPred);
  const { cols, mean } = readMeasured(truth, yPred, known);
  return overOutputs(
    Float64Array.from({ length: cols }, (_, j) => mean(j, loss(at(j)))),
    multioutput,
  );
}

/**
 * D2, the part of the pinball loss that is explained: 1 - loss / (loss of the targets' own quantile); 1 if all is met, 0 for a
 * constant; scikit-learn's `d2_pinball_score`. R2 is the same of squared errors. Arguments and errors are those of meanPinballLoss.
 *
 * @returns a number, NaN for a single row; for `'rawValues'` one an output, or a quantile
 * @example
 * d2PinballScore([1, 2, 3], [1, 3, 3]); // 0.5
 * d2PinballScore([1, 2, 3], [[1, 2], [1, 2], [3, 3]], { alpha: [0.1, 0.9] }) > 0; // true
 */
export function d2PinballScore(
  yTrue: MeasuredTargets,
  yPred: MeasuredTargets,
  options?: OneOutput<PinballLossOptions>,
): number;
export function d2PinballScore(
  yTrue: MeasuredTargets,
  yPred: MeasuredTargets,
  options: Raw<PinballLossOptions>,
): Float64Array;
export function d2PinballScore(yTrue: MeasuredTargets, yPred: MeasuredTargets, options: PinballLossOptions = {}) {
  const known = readOptions(options, ['alpha', 'multioutput', 'sampleWeight'], 'd2PinballScore');
  const { alpha = 0.5, multioutput = 'uniformAverage' } = known;
  const { at, truth, several } = readLevels(alpha, yTrue, yPred);
  const { rows, cols, data, weights, mean } = readMeasured(truth, yPred, known);
  const column = new Float64Array(rows);
  let quantileAt: ReturnType<typeof quantilesOf> | undefined;
  const scores = Float64Array.from({ length: cols }, (_, j) => {
    if (!several || !quantileAt) {
      for (let i = 0; i < rows; i++) column[i] = data[i * cols + j];
      quantileAt = quantilesOf(column, weights);
    }
    const constant = quantileAt(at(j));
    const error = mean(j, loss(at(j)));
    const spread = mean(j, (y) => loss(at(j))(y, constant));
    if (error === 0) return 1;
    return spread === 0 ? 0 : 1 - error / spread;
  });
  return rows < 2 ? Number.NaN : overOutputs(scores, multioutput);
}
