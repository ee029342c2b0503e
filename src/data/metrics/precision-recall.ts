// Source: scikit-learn 1.2.1, precision_recall_fscore_support in sklearn/metrics/_classification.py.

import { own, readOptions } from '../../checks/read-options.js';
import { refuseValue } from '../../checks/values.js';
import type { LabelTargets } from '../indicators.js';
import { average } from './average.js';
import { type Average, type Counts, type ScoreOptions, type Tally, tally } from './tally.js';

/** Options of {@link fbetaScore}. */
export interface FbetaOptions extends ScoreOptions {
  /** How many times as much recall counts as precision; 0: not at all, Infinity: alone. */
  beta: number;
}

const over = (numerators: Float64Array, denominators: Float64Array, zeroDivision: number) =>
  numerators.map((x, k) => (denominators[k] === 0 ? zeroDivision : x / denominators[k]));

const isZero = (numbers: Float64Array) => numbers.every((x) => x === 0);

/** A score of every class, or row. @internal */
export interface EachScore {
  (counts: Counts, zeroDivision: number): Float64Array;
  /** The weighted average if no row is of the classes scored, but some are said to be; undefined: zeroDivision. */
  readonly empty: number | undefined;
}

/** @internal */
export const precisions: EachScore = Object.assign(
  ({ hits, predicted }: Counts, zero: number) => over(hits, predicted, zero),
  { empty: 0 },
);

/** @internal */
export const recalls: EachScore = Object.assign(({ hits, actual }: Counts, zero: number) => over(hits, actual, zero), {
  empty: undefined,
});

/** @internal */
export const fscores = (beta: number): EachScore => {
  const each = (counts: Counts, zero: number) => {
    const recall = recalls(counts, zero);
    if (beta === Infinity) return recall;
    const b = beta * beta;
    return precisions(counts, zero).map((p, k) => ((1 + b) * p * recall[k]) / (b * p + recall[k] || 1));
  };
  return Object.assign(each, { empty: 0 });
};

/** @internal */
export const f1: EachScore = fscores(1);

/** @throws {ValueError} unless it is 0 or 1 @internal */
export function checkZeroDivision(value: unknown): number {
  return value === 0 || value === 1 ? value : refuseValue('zeroDivision', '0 or 1', value);
}

/** One score of all that was counted. @internal */
export function averaged({ count, weights }: Tally, kind: Average, each: EachScore, zeroDivision: number): number {
  const counts = count(kind);
  if (kind === 'weighted' && isZero(counts.actual)) {
    return (isZero(counts.predicted) ? undefined : each.empty) ?? zeroDivision;
  }
  const scores = each(counts, zeroDivision);
  return average(
    scores.length,
    (k) => scores[k],
    kind === 'weighted' ? counts.actual : kind === 'samples' ? weights : undefined,
  );
}

const OPTIONS = ['average', 'posLabel', 'labels', 'zeroDivision', 'sampleWeight'];

function score(
  name: string,
  yTrue: LabelTargets,
  yPred: LabelTargets,
  options: ScoreOptions,
  each: EachScore,
  further: readonly string[] = [],
): number | Float64Array {
  const known = readOptions(options, [...OPTIONS, ...further], name);
  const { average: kind = 'binary', zeroDivision = 0 } = known;
  const zero = checkZeroDivision(zeroDivision);
  const counted = tally(yTrue, yPred, Object.assign(known, { average: kind }));
  return kind === 'none' ? each(counted.count(kind), zero) : averaged(counted, kind, each, zero);
}

type OneScore = ScoreOptions & { average?: Exclude<Average, 'none'> };
type PerClass = ScoreOptions & { average: 'none' };

/**
 * Of the rows said to be of a class, the share that is; scikit-learn's `precision_score`.
 *
 * @param yTrue one label a row; or rows x labels of 0 and 1, several at once: then name an average
 * @param yPred as many, of the same kind
 * @param options average (default `'binary'`), posLabel, labels, zeroDivision (default 0), sampleWeight
 * @returns a number; with average `'none'` one a class
 * @throws {ShapeError|ValueError} naming the argument; for `'binary'` if there are more than two classes, or not posLabel
 * @example
 * precisionScore([0, 1, 1, 0], [1, 1, 1, 0]); // 0.6666666666666666
 */
export function precisionScore(yTrue: LabelTargets, yPred: LabelTargets, options?: OneScore): number;
export function precisionScore(yTrue: LabelTargets, yPred: LabelTargets, options: PerClass): Float64Array;
export function precisionScore(yTrue: LabelTargets, yPred: LabelTargets, options: ScoreOptions = {}) {
  return score('precisionScore', yTrue, yPred, options, precisions);
}

/**
 * Of the rows of a class, the share that was found; scikit-learn's `recall_score`. Arguments and errors are those of
 * precisionScore.
 *
 * @example
 * recallScore([0, 1, 1, 0], [0, 1, 0, 0]); // 0.5
 */
export function recallScore(yTrue: LabelTargets, yPred: LabelTargets, options?: OneScore): number;
export function recallScore(yTrue: LabelTargets, yPred: LabelTargets, options: PerClass): Float64Array;
export function recallScore(yTrue: LabelTargets, yPred: LabelTargets, options: ScoreOptions = {}) {
  return score('recallScore', yTrue, yPred, options, recalls);
}

/**
 * The harmonic mean of precision and recall; scikit-learn's `f1_score`. Arguments and errors are those of precisionScore.
 *
 * @example
 * f1Score([0, 1, 1, 0], [0, 1, 0, 0]); // 0.6666666666666666
 * f1Score([[1, 0], [1, 1]], [[1, 0], [0, 1]], { average: 'samples' }); // 0.8333333333333333
 */
export function f1Score(yTrue: LabelTargets, yPred: LabelTargets, options?: OneScore): number;
export function f1Score(yTrue: LabelTargets, yPred: LabelTargets, options: PerClass): Float64Array;
export function f1Score(yTrue: LabelTargets, yPred: LabelTargets, options: ScoreOptions = {}) {
  return score('f1Score', yTrue, yPred, options, f1);
}

/**
 * (1 + beta^2) precision recall / (beta^2 precision + recall): their harmonic mean, in which recall counts beta times as much;
 * scikit-learn's `fbeta_score`. Arguments and errors are those of precisionScore.
 *
 * @param options beta, 0 or more, and those of precisionScore
 * @example
 * fbetaScore([0, 1, 1, 0], [0, 1, 0, 0], { beta: 2 }); // 0.5555555555555556
 */
export function fbetaScore(yTrue: LabelTargets, yPred: LabelTargets, options: OneScore & FbetaOptions): number;
export function fbetaScore(yTrue: LabelTargets, yPred: LabelTargets, options: PerClass & FbetaOptions): Float64Array;
export function fbetaScore(yTrue: LabelTargets, yPred: LabelTargets, options: FbetaOptions) {
  const beta: unknown = own(Object(options) as FbetaOptions, 'beta');
  if (!(typeof beta === 'number' && beta >= 0)) return refuseValue('beta', 'a number, 0 or more', beta);
  return score('fbetaScore', yTrue, yPred, options, fscores(beta), ['beta']);
}
