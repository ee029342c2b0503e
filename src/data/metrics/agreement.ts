// How well labels agree, in one number. Source: scikit-learn 1.2.1, sklearn/metrics/_classification.py.

import { readOptions } from '../../checks/read-options.js';
import { checkFlag } from '../../checks/values.js';
import { readWeights } from '../../matrix/copies.js';
import type { Label } from '../labels.js';
import { average } from './average.js';
import { countPairs, readPair, type WeightOptions } from './confusion.js';

/** A confusion matrix's rows' and columns' sums, and its diagonal: numbers a class. */
function margins(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, sampleWeight: WeightOptions['sampleWeight']) {
  const pair = readPair(yTrue, yPred);
  const n = pair.classes.length;
  const counts = countPairs(pair, readWeights(sampleWeight, pair.rows));
  const actual = new Float64Array(n);
  const predicted = new Float64Array(n);
  const right = new Float64Array(n);
  counts.forEach((count, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    actual[i] += count;
    predicted[j] += count;
    if (i === j) right[i] = count;
  });
  return { actual, predicted, right };
}

/**
 * The mean over the classes of yTrue of the share of their rows that was found; scikit-learn's `balanced_accuracy_score`.
 *
 * @param yTrue one label a row
 * @param yPred as many, of the same kind
 * @param options adjusted: whether to count from chance (0) to all (1), default false; sampleWeight
 * @throws {ShapeError|ValueError} naming the argument
 * @example
 * balancedAccuracyScore([0, 0, 0, 1], [0, 0, 0, 0]); // 0.5
 */
export function balancedAccuracyScore(
  yTrue: ArrayLike<Label>,
  yPred: ArrayLike<Label>,
  options: WeightOptions & { adjusted?: boolean } = {},
): number {
  const known = readOptions(options, ['adjusted', 'sampleWeight'], 'balancedAccuracyScore');
  const { adjusted = false, sampleWeight } = known;
  checkFlag(adjusted, 'adjusted');
  const { actual, right } = margins(yTrue, yPred, sampleWeight);
  const shares = right.map((x, k) => x / actual[k]).filter((_, k) => actual[k] > 0);
  const score = average(shares.length, (k) => shares[k]);
  if (!adjusted) return score;
  const chance = 1 / shares.length;
  return (score - chance) / (1 - chance);
}

/**
 * Matthews' correlation of labels, of any number of classes, from -1 to 1; 0 if all of either are one class. scikit-learn's
 * `matthews_corrcoef`.
 *
 * @param yTrue one label a row
 * @param yPred as many, of the same kind
 * @throws {ShapeError|ValueError} naming the argument
 * @example
 * matthewsCorrcoef([1, 1, 1, 0], [1, 0, 1, 1]); // -0.3333333333333333
 */
export function matthewsCorrcoef(
  yTrue: ArrayLike<Label>,
  yPred: ArrayLike<Label>,
  options: WeightOptions = {},
): number {
  const { sampleWeight } = readOptions(options, ['sampleWeight'], 'matthewsCorrcoef');
  const { actual, predicted, right } = margins(yTrue, yPred, sampleWeight);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, k) => sum + x * b[k], 0);
  const all = predicted.reduce((sum, x) => sum + x, 0);
  const found = right.reduce((sum, x) => sum + x, 0);
  const ofPredicted = all * all - dot(predicted, predicted);
  const ofActual = all * all - dot(actual, actual);
  if (ofPredicted * ofActual === 0) return 0;
  return (found * all - dot(actual, predicted)) / Math.sqrt(ofActual * ofPredicted);
}
