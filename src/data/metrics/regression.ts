// Source: scikit-learn 1.2.1, sklearn/metrics/_regression.py.

import { ShapeError } from '../../checks/errors.js';
import { readOptions } from '../../checks/read-options.js';
import { checkFlag, isWeight, refuseValue } from '../../checks/values.js';
import { type NumberArray, readFinite, readWeights } from '../../matrix/copies.js';
import { checkSameRows, type MatrixInput } from '../../matrix/operand.js';
import { average } from './average.js';
import type { WeightOptions } from './confusion.js';

/** One number a row, or rows x outputs. */
export type MeasuredTargets = NumberArray | MatrixInput;

/** Options of metrics of regression. */
export interface RegressionOptions extends WeightOptions {
  /** The outputs' mean, or one score each, or their weights in a mean. Default: `'uniformAverage'`. */
  multioutput?: 'uniformAverage' | 'rawValues' | readonly number[];
}

/** Options of {@link r2Score}. */
export interface R2Options extends WeightOptions {
  /** As in RegressionOptions; `'varianceWeighted'`: a mean weighted by the outputs' variances. */
  multioutput?: RegressionOptions['multioutput'] | 'varianceWeighted';
  /** Whether a constant output gives 1 if it was met and 0 if not, in place of NaN and -Infinity. Default: true. */
  forceFinite?: boolean;
}

/** Both as numbers of one shape, and means over their columns. @internal */
export function readMeasured(yTrue: unknown, yPred: unknown, options: WeightOptions) {
  const truth = readFinite(yTrue, 'yTrue');
  const predicted = readFinite(yPred, 'yPred');
  const { rows, cols } = truth;
  checkSameRows('yTrue', rows, 'yPred', predicted.rows);
  if (cols !== predicted.cols) {
    throw new ShapeError(`"yTrue" has ${cols} columns and "yPred" has ${predicted.cols}: their numbers must be equal`);
  }
  const weights = readWeights(options.sampleWeight, rows);
  /** The mean over column j. */
  const mean = (j: number, value: (truth: number, predicted: number) => number) =>
    average(rows, (i) => value(truth.data[i * cols + j], predicted.data[i * cols + j]), weights);
  /** The mean square distance from the mean over column j of yTrue: 0, without rounding, if it is constant. */
  const spread = (j: number) => {
    let constant = true;
    for (let i = 1; i < rows && constant; i++) constant = truth.data[i * cols + j] === truth.data[j];
    const center = constant ? truth.data[j] : mean(j, (x) => x);
    return mean(j, (x) => (x - center) * (x - center));
  };
  return { rows, cols, data: truth.data, weights, mean, spread };
}

/** @internal */
export function overOutputs(scores: Float64Array, multioutput: unknown): number | Float64Array {
  if (multioutput === 'rawValues') return scores;
  if (multioutput === 'uniformAverage') return average(scores.length, (j) => scores[j]);
  const weights = multioutput as number[];
  const numbers = Array.isArray(weights) && weights.length === scores.length && weights.every(isWeight);
  const sum = numbers ? weights.reduce((total, x) => total + x, 0) : 0;
  if (sum > 0 && sum < Infinity) return average(scores.length, (j) => scores[j], weights);
  const wanted = `"uniformAverage", "rawValues" or ${scores.length} weights, 0 or more`;
  return refuseValue('multioutput', wanted, multioutput);
}

/** The mean of a loss over the rows of each output, its root if asked for. @internal */
export function meanOf(
  name: string,
  yTrue: unknown,
  yPred: unknown,
  options: RegressionOptions,
  loss: (truth: number, predicted: number) => number,
  root = false,
): number | Float64Array {
  const known = readOptions(options, ['multioutput', 'sampleWeight'], name);
  const { cols, mean } = readMeasured(yTrue, yPred, known);
  return overOutputs(
    Float64Array.from({ length: cols }, (_, j) => (root ? Math.sqrt(mean(j, loss)) : mean(j, loss))),
    known.multioutput ?? 'uniformAverage',
  );
}

export type OneOutput<O> = Omit<O, 'multioutput'> & {
  multioutput?: Exclude<(O & R2Options)['multioutput'], 'rawValues'>;
};
export type Raw<O> = O & { multioutput: 'rawValues' };

/**
 * The mean of squared differences; scikit-learn's `mean_squared_error`.
 *
 * @param yTrue one number a row, or rows x outputs
 * @param yPred the same shape
 * @param options multioutput (default `'uniformAverage'`), sampleWeight
 * @returns a number; for `'rawValues'` one an output
 * @throws {ShapeError|ValueError|DtypeError} naming the argument, at NaN and infinities too
 * @example
 * meanSquaredError([3, 5], [1, 5]); // 2
 */
export function meanSquaredError(
  yTrue: MeasuredTargets,
  yPred: MeasuredTargets,
  options?: OneOutput<RegressionOptions>,
): number;
export function meanSquaredError(
  yTrue: MeasuredTargets,
  yPred: MeasuredTargets,
  options: Raw<RegressionOptions>,
): Float64Array;
export function meanSquaredError(yTrue: MeasuredTargets, yPred: MeasuredTargets, options: RegressionOptions = {}) {
  return meanOf('meanSquaredError', yTrue, yPred, options, (a, b) => (a - b) * (a - b));
}

/**
 * The mean of absolute differences; scikit-learn's `mean_absolute_error`. Arguments and errors are those of
 * meanSquaredError.
 *
 * @example
 * meanAbsoluteError([3, 5], [1, 5]); // 1
 */
export function meanAbsoluteError(
  yTrue: MeasuredTargets,
  yPred: MeasuredTargets,
  options?: OneOutput<RegressionOptions>,
): number;
export function meanAbsoluteError(
  yTrue: MeasuredTargets,
  yPred: MeasuredTargets,
  options: Raw<RegressionOptions>,
): Float64Array;
export function meanAbsoluteError(yTrue: MeasuredTargets, yPred: MeasuredTargets, options: RegressionOptions = {}) {
  return meanOf('meanAbsoluteError', yTrue, yPred, options, (a, b) => Math.abs(a - b));
}

/** 1 - error / spread; where the spread is 0, 1 or 0. */
function determination(error: number, spread: number, forceFinite: boolean): number {
  if (!forceFinite || (error !== 0 && spread !== 0)) return 1 - error / spread;
  return error === 0 ? 1 : 0;
}

/**
 * The coefficient of determination, 1 if all is met, 0 for the mean; scikit-learn's `r2_score`.
 *
 * @param yTrue one number a row, or rows x outputs
 * @param yPred the same shape
 * @param options multioutput (default `'uniformAverage'`), sampleWeight, forceFinite (default true)
 * @returns a number, NaN for a single row; for `'rawValues'` one an output
 * @throws {ShapeError|ValueError|DtypeError} naming the argument, at NaN and infinities too
 * @example
 * r2Score([1, 2, 3], [1, 2, 4]); // 0.5
 */
export function r2Score(yTrue: MeasuredTargets, yPred: MeasuredTargets, options?: OneOutput<R2Options>): number;
export function r2Score(yTrue: MeasuredTargets, yPred: MeasuredTargets, options: Raw<R2Options>): Float64Array;
export function r2Score(yTrue: MeasuredTargets, yPred: MeasuredTargets, options: R2Options = {}) {
  const known = readOptions(options, ['multioutput', 'sampleWeight', 'forceFinite'], 'r2Score');
  const { multioutput = 'uniformAverage', forceFinite = true } = known;
  checkFlag(forceFinite, 'forceFinite');
  const { rows, cols, mean, spread } = readMeasured(yTrue, yPred, known);
  const spreads = Array.from({ length: cols }, (_, j) => spread(j));
  const scores = Float64Array.from(spreads, (scale, j) =>
    determination(
      mean(j, (a, b) => (a - b) * (a - b)),
      scale,
      forceFinite,
    ),
  );
  if (rows < 2) return Number.NaN;
  if (multioutput !== 'varianceWeighted') return overOutputs(scores, multioutput);
  return overOutputs(scores, spreads.every((spread) => spread === 0) ? 'uniformAverage' : spreads);
}
