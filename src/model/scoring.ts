// Scores by name: the one table that crossValidate, searches and permutation importance go by. The greater the better.
// Source: scikit-learn 1.2.1, sklearn/metrics/_scorer.py.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkName, refuseValue } from '../checks/values.js';
import type { Label } from '../data/labels.js';
import { balancedAccuracyScore, matthewsCorrcoef } from '../data/metrics/agreement.js';
import { accuracyScore } from '../data/metrics/confusion.js';
import { d2PinballScore, meanPinballLoss } from '../data/metrics/pinball.js';
import { f1Score, precisionScore, recallScore } from '../data/metrics/precision-recall.js';
import { logLoss, topKAccuracyScore } from '../data/metrics/probabilities.js';
import { averagePrecisionScore, rocAucScore } from '../data/metrics/ranking.js';
import { meanAbsoluteError, meanSquaredError, r2Score } from '../data/metrics/regression.js';
import {
  meanAbsolutePercentageError,
  meanSquaredLogError,
  rootMeanSquaredError,
} from '../data/metrics/relative-errors.js';
import { countRows, isColumn, type NumberArray, readColumn, readWeights } from '../matrix/copies.js';
import type { Matrix } from '../matrix/matrix.js';
import { isVector, type MatrixInput, type MatrixLike, type RowsInput, type VectorInput } from '../matrix/operand.js';
import { endOf, quantilesOf } from './end-of.js';
import { alphaOf } from './score-numbers.js';

/** What a score asks of an estimator. No more is known here: so that an estimator's own `score` may go by this table. */
interface Fitted {
  predict(X: RowsInput): unknown;
  predictProba?(X: RowsInput): unknown;
  score?(X: RowsInput, y: never, options?: { sampleWeight?: never }): number;
}

/** A fitted estimator, and rows with their targets: one label or number each, or a matrix of several. */
interface Scored {
  readonly model: Fitted;
  readonly X: RowsInput;
  readonly y: never;
  readonly weights: { sampleWeight?: ArrayLike<number> };
}

type Scorer = (scored: Scored, name: string) => number;
type Metric = (yTrue: never, yPred: never, options: never) => number | Float64Array;

/** The labels that the columns of predictProba stand for, if the estimator says so. */
export function classesOf(model: unknown): readonly Label[] | undefined {
  const { classes } = endOf(model) as { classes?: unknown };
  return Array.isArray(classes) ? classes : undefined;
}

const predicted =
  (metric: Metric, options: object = {}): Scorer =>
  ({ model, X, y, weights }) =>
    metric(y, model.predict(X) as never, { ...options, ...weights } as never) as number;

/** Of two classes the score of 1 or true, if that is one of them, else of the greater. */
const ofTwo =
  (metric: Metric): Scorer =>
  (scored, name) => {
    const classes = classesOf(scored.model) ?? [];
    const several = !isVector(scored.y);
    if (several || classes.length > 2) {
      const what = several ? 'each row has several labels' : `there are ${classes.length}`;
      const others = ['Macro', 'Micro', 'Weighted'].map((average) => name + average).join(', ');
      throw new ValueError(`"scoring" ${name} is of two classes, but ${what}: use one of ${others}`);
    }
    const posLabel = classes.find((label) => label === 1 || label === true) ?? classes[1];
    return predicted(metric, { posLabel })(scored, name);
  };

/** Of two classes the greater's probabilities, else all. */
const ofProbabilities =
  (metric: Metric, options: object = {}): Scorer =>
  ({ model, X, y, weights }, name) => {
    if (typeof model.predictProba !== 'function') {
      throw new ValueError(`"scoring" ${name} needs probabilities: ${describe(model)} has no method predictProba`);
    }
    const all = model.predictProba(X) as Matrix;
    const { rows, cols, data } = all;
    if (!isVector(y)) return metric(y, all as never, { ...options, ...weights } as never) as number;
    const given = cols === 2 ? data.filter((_: number, at: number) => at % 2 === 1).slice(0, rows) : all;
    return metric(y, given as never, { ...options, ...weights, labels: classesOf(model) } as never) as number;
  };

/** Of the quantiles that a model predicts, else of the median. */
const ofQuantiles =
  (metric: typeof d2PinballScore): Scorer =>
  ({ model, X, y, weights }) =>
    metric(y, model.predict(X) as never, { alpha: alphaOf(quantilesOf(model) ?? [0.5]), ...weights });

const negative =
  (scorer: Scorer): Scorer =>
  (scored, name) =>
    -scorer(scored, name);

const SCORERS = {
  accuracy: predicted(accuracyScore),
  balancedAccuracy: predicted(balancedAccuracyScore),
  matthewsCorrcoef: predicted(matthewsCorrcoef),
  precision: ofTwo(precisionScore),
  precisionMicro: predicted(precisionScore, { average: 'micro' }),
  precisionMacro: predicted(precisionScore, { average: 'macro' }),
  precisionWeighted: predicted(precisionScore, { average: 'weighted' }),
  precisionSamples: predicted(precisionScore, { average: 'samples' }),
  recall: ofTwo(recallScore),
  recallMicro: predicted(recallScore, { average: 'micro' }),
  recallMacro: predicted(recallScore, { average: 'macro' }),
  recallWeighted: predicted(recallScore, { average: 'weighted' }),
  recallSamples: predicted(recallScore, { average: 'samples' }),
  f1: ofTwo(f1Score),
  f1Micro: predicted(f1Score, { average: 'micro' }),
  f1Macro: predicted(f1Score, { average: 'macro' }),
  f1Weighted: predicted(f1Score, { average: 'weighted' }),
  f1Samples: predicted(f1Score, { average: 'samples' }),
  negLogLoss: negative(ofProbabilities(logLoss)),
  topKAccuracy: ofProbabilities(topKAccuracyScore),
  averagePrecision: ofProbabilities(averagePrecisionScore),
  rocAuc: ofProbabilities(rocAucScore),
  rocAucOvr: ofProbabilities(rocAucScore, { multiClass: 'ovr' }),
  rocAucOvrWeighted: ofProbabilities(rocAucScore, { multiClass: 'ovr', average: 'weighted' }),
  rocAucOvo: ofProbabilities(rocAucScore, { multiClass: 'ovo' }),
  rocAucOvoWeighted: ofProbabilities(rocAucScore, { multiClass: 'ovo', average: 'weighted' }),
  r2: predicted(r2Score),
  negMeanSquaredError: negative(predicted(meanSquaredError)),
  negRootMeanSquaredError: negative(predicted(rootMeanSquaredError)),
  negMeanAbsoluteError: negative(predicted(meanAbsoluteError)),
  negMeanAbsolutePercentageError: negative(predicted(meanAbsolutePercentageError)),
  negMeanSquaredLogError: negative(predicted(meanSquaredLogError)),
  d2Pinball: ofQuantiles(d2PinballScore),
  negMeanPinballLoss: negative(ofQuantiles(meanPinballLoss)),
} satisfies Record<string, Scorer>;

/** A name of {@link scorers}: scikit-learn's, in camel case. */
export type ScorerName = keyof typeof SCORERS;

/** The names of all scores, for `scoring`. */
export const scorers = Object.keys(SCORERS) as ScorerName[];

/** A score of a fitted estimator on rows, by weight if there are any. */
export type Score = (model: Fitted, X: RowsInput, y: unknown, sampleWeight?: ArrayLike<number>) => number;

/** One label or number a row as a vector; several as they are. */
const shaped = (y: unknown) =>
  !isVector(y) && (isColumn(y) || (y as MatrixLike | null)?.cols === 1) ? readColumn(y, 'y') : y;

function scoreOf(scoring: unknown): (...given: Parameters<Score>) => unknown {
  if (typeof scoring === 'function') return (model, X, y) => scoring(model, X, y);
  if (scoring === undefined)
    return (model, X, y, sampleWeight) => model.score?.(X, y as never, { sampleWeight: sampleWeight as never });
  const name = checkName(scoring, scorers, 'scoring', '; or a function of (estimator, X, y)');
  return (model, X, y, sampleWeight) =>
    SCORERS[name]({ model, X, y: shaped(y) as never, weights: sampleWeight ? { sampleWeight } : {} }, name);
}

/** @param scoring default: the estimator's own `score` @throws {ValueError} if it is none */
export function readScoring(scoring: unknown): Score {
  const score = scoreOf(scoring);
  return (...given) => {
    const value = score(...given);
    return typeof value === 'number' ? value : refuseValue('scoring', 'a function that returns a number', value);
  };
}

/** How `score` measures. */
export interface ScoringOptions<E = unknown, X = MatrixInput> {
  /** One weight a row, 0 or more; default: 1 each. */
  sampleWeight?: VectorInput | MatrixInput;
  /** What to score with, greater being better: a name, or a function of the estimator, X and y. Default: the estimator's own. */
  // biome-ignore lint/suspicious/noExplicitAny: the function says what its targets are
  scoring?: ScorerName | ((estimator: E, X: X, y: any) => number);
}

/** What an estimator's `score` gives. @param own its own score @throws {ValueError} naming the option */
export function scoreBy<X>(
  model: unknown,
  X: X,
  y: unknown,
  options: ScoringOptions<never, never>,
  own: (sampleWeight: NumberArray | undefined) => number,
): number {
  const given = readOptions(options, ['sampleWeight', 'scoring'], 'score');
  const sampleWeight = given.sampleWeight as NumberArray | undefined;
  if (given.scoring === undefined) return own(sampleWeight);
  if (sampleWeight && typeof given.scoring === 'function') {
    throw new ValueError('"sampleWeight" is for a score by name: a function of (estimator, X, y) is not told of it');
  }
  const weights = sampleWeight && readWeights(sampleWeight, countRows(y, 'y'));
  return readScoring(given.scoring)(model as Fitted, X as MatrixInput, y, weights);
}

/**
 * The score of that name, as crossValidate and searches take it; scikit-learn's `get_scorer`.
 *
 * @param name one of `scorers`
 * @returns a function of a fitted estimator or pipeline, rows and targets; the greater the better
 * @throws {ValueError} for another name
 * @example
 * const model = MLPRegressor.from({ coefs: [[[2]]], intercepts: [[0]] });
 * getScorer('negMeanAbsoluteError')(model, [[1], [2]], [2, 5]); // -0.5
 */
export function getScorer(
  name: ScorerName,
): (
  estimator: Pick<Fitted, 'predict' | 'predictProba'>,
  X: RowsInput,
  y: MatrixInput | ArrayLike<Label>,
  options?: { sampleWeight?: ArrayLike<number> },
) => number {
  const score = readScoring(checkName(name, scorers, 'name'));
  return (estimator, X, y, options = {}) =>
    score(estimator, X, y, readOptions(options, ['sampleWeight'], 'a score').sampleWeight);
}
