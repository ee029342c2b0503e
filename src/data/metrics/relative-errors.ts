// Errors as roots, parts and ratios. Source: scikit-learn 1.2.1, sklearn/metrics/_regression.py.

import { ValueError } from '../../checks/errors.js';
import { readFinite } from '../../matrix/copies.js';
import { placeOf } from '../../matrix/operand.js';
import { log } from '../../numbers/precise-log.js';
import { type MeasuredTargets, meanOf, type OneOutput, type Raw, type RegressionOptions } from './regression.js';

/**
 * The square root of meanSquaredError, of each output by itself; scikit-learn's `mean_squared_error(squared=False)`. Arguments and
 * errors are those of meanSquaredError.
 *
 * @example
 * rootMeanSquaredError([3, 5, 7, 9], [1, 5, 7, 9]); // 1
 */
export function rootMeanSquaredError(
  yTrue: MeasuredTargets,
  yPred: MeasuredTargets,
  options?: OneOutput<RegressionOptions>,
): number;
export function rootMeanSquaredError(
  yTrue: MeasuredTargets,
  yPred: MeasuredTargets,
  options: Raw<RegressionOptions>,
): Float64Array;
export function rootMeanSquaredError(yTrue: MeasuredTargets, yPred: MeasuredTargets, options: RegressionOptions = {}) {
  return meanOf('rootMeanSquaredError', yTrue, yPred, options, (a, b) => (a - b) * (a - b), true);
}

/** What stands in for a smaller |yTrue|. */
const LEAST = 2 ** -52;

/**
 * The mean of |yTrue - yPred| / |yTrue|, 1 for a hundred percent; scikit-learn's `mean_absolute_percentage_error`. A target nearer 0
 * than 2^-52 counts as that. Arguments and errors are those of meanSquaredError.
 *
 * @example
 * meanAbsolutePercentageError([2, 4], [1, 4]); // 0.25
 */
export function meanAbsolutePercentageError(
  yTrue: MeasuredTargets,
  yPred: MeasuredTargets,
  options?: OneOutput<RegressionOptions>,
): number;
export function meanAbsolutePercentageError(
  yTrue: MeasuredTargets,
  yPred: MeasuredTargets,
  options: Raw<RegressionOptions>,
): Float64Array;
export function meanAbsolutePercentageError(
  yTrue: MeasuredTargets,
  yPred: MeasuredTargets,
  options: RegressionOptions = {},
) {
  const part = (a: number, b: number) => Math.abs(b - a) / Math.max(Math.abs(a), LEAST);
  return meanOf('meanAbsolutePercentageError', yTrue, yPred, options, part);
}

/** ln(1 + x) of x >= 0: what 1 + x lost to rounding is made up for (Kahan). */
function log1p(x: number): number {
  const sum = 1 + x;
  return sum === 1 ? x : log(sum) * (x / (sum - 1));
}

function checkNotNegative(value: unknown, name: string): void {
  const { data, cols, vector } = readFinite(value, name);
  const wrong = data.findIndex((x: number) => x < 0);
  if (wrong < 0) return;
  throw new ValueError(`"${name}"${placeOf(wrong, cols, vector)} is ${data[wrong]}: logarithms need 0 or more`);
}

/**
 * The mean of (ln(1 + yTrue) - ln(1 + yPred))^2; scikit-learn's `mean_squared_log_error`. Arguments and errors are those of
 * meanSquaredError; neither may be negative.
 *
 * @example
 * meanSquaredLogError([0, 3], [0, 1]); // 0.2402265069591007
 */
export function meanSquaredLogError(
  yTrue: MeasuredTargets,
  yPred: MeasuredTargets,
  options?: OneOutput<RegressionOptions>,
): number;
export function meanSquaredLogError(
  yTrue: MeasuredTargets,
  yPred: MeasuredTargets,
  options: Raw<RegressionOptions>,
): Float64Array;
export function meanSquaredLogError(yTrue: MeasuredTargets, yPred: MeasuredTargets, options: RegressionOptions = {}) {
  checkNotNegative(yTrue, 'yTrue');
  checkNotNegative(yPred, 'yPred');
  return meanOf('meanSquaredLogError', yTrue, yPred, options, (a, b) => {
    const difference = log1p(a) - log1p(b);
    return difference * difference;
  });
}
