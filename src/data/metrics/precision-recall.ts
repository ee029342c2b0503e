// Source: scikit-learn 1.2.1, precision_recall_fscore_support in sklearn/metrics/_classification.py.

import { describe } from '../../checks/describe.js';
import { ValueError } from '../../checks/errors.js';
import { readOptions } from '../../checks/read-options.js';
import { refuseValue } from '../../checks/values.js';
import { readWeights } from '../../matrix/copies.js';
import { codesOf, type Label } from '../labels.js';
import { average } from './average.js';
import { type Pair, readPair, readReported, type WeightOptions } from './confusion.js';

export interface ScoreOptions extends WeightOptions {
  /**
   * `'binary'`: the score of posLabel, of two classes; `'micro'`: of all classes' counts together; `'macro'`: the classes'
   * mean; `'weighted'`: that weighted by their rows; `'none'`: one score a class. Default: `'binary'`.
   */
  average?: 'binary' | 'micro' | 'macro' | 'weighted' | 'none';
  /** For `'binary'`. Default: 1, or true. */
  posLabel?: Label;
  /** The classes to score, in this order, unless `'binary'`. Default: all that occur, in order. */
  labels?: ArrayLike<Label>;
  /** A quotient by zero. Default: 0. */
  zeroDivision?: 0 | 1;
}

const AVERAGES: readonly unknown[] = ['binary', 'micro', 'macro', 'weighted', 'none'];

interface Counts {
  /** Rows of the class that were found, rows that were said to be of it, rows of it: a number a class. */
  readonly hits: Float64Array;
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
}

function scoredLabels(pair: Pair, { average: kind = 'binary', posLabel, labels }: ScoreOptions): Label[] {
  if (kind !== 'binary') return labels === undefined ? pair.classes : readReported(labels, pair);
  const { classes } = pair;
  if (classes.length > 2) {
    throw new ValueError(`"average" is "binary", but there are ${classes.length} classes: choose another average`);
  }
  const positive = posLabel ?? (pair.kind === 'boolean' ? true : 1);
  if (!classes.includes(positive) && classes.length === 2) {
    refuseValue('posLabel', classes.map(describe).join(' or '), positive);
  }
  return [positive];
}

function tally(pair: Pair, options: ScoreOptions): Counts {
  const weights = readWeights(options.sampleWeight, pair.rows);
  const places = codesOf(scoredLabels(pair, options), pair.classes);
  const sum = (when: (i: number) => number) => {
    const sums = new Float64Array(pair.classes.length);
    for (let i = 0; i < pair.rows; i++) if (when(i) >= 0) sums[when(i)] += weights ? weights[i] : 1;
    const chosen = Float64Array.from(places, (place) => (place < 0 ? 0 : sums[place]));
    return options.average === 'micro' ? Float64Array.of(chosen.reduce((total, x) => total + x, 0)) : chosen;
  };
  const { truth, predicted } = pair;
  return {
    hits: sum((i) => (truth[i] === predicted[i] ? truth[i] : -1)),
    predicted: sum((i) => predicted[i]),
    actual: sum((i) => truth[i]),
  };
}

const over = (numerators: Float64Array, denominators: Float64Array, zeroDivision: number) =>
  numerators.map((x, k) => (denominators[k] === 0 ? zeroDivision : x / denominators[k]));

const isZero = (numbers: Float64Array) => numbers.every((x) => x === 0);

/** @param empty the weighted average if no row is of the classes scored, but some are said to be; undefined: zeroDivision */
function score(
  name: string,
  yTrue: ArrayLike<Label>,
  yPred: ArrayLike<Label>,
  options: ScoreOptions,
  each: (counts: Counts, zeroDivision: number) => Float64Array,
  empty: number | undefined,
): number | Float64Array {
  const known = readOptions(options, ['average', 'posLabel', 'labels', 'zeroDivision', 'sampleWeight'], name);
  const { average: kind = 'binary', zeroDivision = 0 } = known;
  if (!AVERAGES.includes(kind)) refuseValue('average', `one of ${AVERAGES.map(describe).join(', ')}`, kind);
  if (zeroDivision !== 0 && zeroDivision !== 1) return refuseValue('zeroDivision', '0 or 1', zeroDivision);
  const counts = tally(readPair(yTrue, yPred), known);
  if (kind === 'weighted' && isZero(counts.actual))
    return (isZero(counts.predicted) ? undefined : empty) ?? zeroDivision;
  const scores = each(counts, zeroDivision);
  if (kind === 'none') return scores;
  return average(scores.length, (k) => scores[k], kind === 'weighted' ? counts.actual : undefined);
}

const precisions = ({ hits, predicted }: Counts, zero: number) => over(hits, predicted, zero);
const recalls = ({ hits, actual }: Counts, zero: number) => over(hits, actual, zero);

function f1(counts: Counts, zero: number): Float64Array {
  const precision = precisions(counts, zero);
  const recall = recalls(counts, zero);
  return precision.map((p, k) => (2 * p * recall[k]) / (p + recall[k] || 1));
}

type OneScore = ScoreOptions & { average?: 'binary' | 'micro' | 'macro' | 'weighted' };
type PerClass = ScoreOptions & { average: 'none' };

/**
 * Of the rows said to be of a class, the share that is; scikit-learn's `precision_score`.
 *
 * @param yTrue one label a row
 * @param yPred as many, of the same kind
 * @param options average (default `'binary'`), posLabel, labels, zeroDivision (default 0), sampleWeight
 * @returns a number; with average `'none'` one a class
 * @throws {ShapeError|ValueError} naming the argument; for `'binary'` if there are more than two classes, or not posLabel
 * @example
 * precisionScore([0, 1, 1, 0], [1, 1, 1, 0]); // 0.6666666666666666
 */
export function precisionScore(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options?: OneScore): number;
export function precisionScore(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: PerClass): Float64Array;
export function precisionScore(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: ScoreOptions = {}) {
  return score('precisionScore', yTrue, yPred, options, precisions, 0);
}

/**
 * Of the rows of a class, the share that was found; scikit-learn's `recall_score`. Arguments and errors are those of
 * precisionScore.
 *
 * @example
 * recallScore([0, 1, 1, 0], [0, 1, 0, 0]); // 0.5
 */
export function recallScore(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options?: OneScore): number;
export function recallScore(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: PerClass): Float64Array;
export function recallScore(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: ScoreOptions = {}) {
  return score('recallScore', yTrue, yPred, options, recalls, undefined);
}

/**
 * The harmonic mean of precision and recall; scikit-learn's `f1_score`. Arguments and errors are those of precisionScore.
 *
 * @example
 * f1Score([0, 1, 1, 0], [0, 1, 0, 0]); // 0.6666666666666666
 */
export function f1Score(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options?: OneScore): number;
export function f1Score(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: PerClass): Float64Array;
export function f1Score(yTrue: ArrayLike<Label>, yPred: ArrayLike<Label>, options: ScoreOptions = {}) {
  return score('f1Score', yTrue, yPred, options, f1, 0);
}
