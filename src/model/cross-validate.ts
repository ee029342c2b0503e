// crossValidate: how well an estimator does on rows that it did not see.

import { readOptions } from '../checks/read-options.js';
import { checkFlag, checkFunction, checkInteger, refuseValue } from '../checks/values.js';
import { KFold, StratifiedKFold } from '../data/folds.js';
import type { Indices } from '../data/splits.js';
import type { AbortSignalLike } from '../host/abort-signal.js';
import { nowMs } from '../host/runtime.js';
import { countRows, type Taken, takeRows, takeRowsOf } from '../matrix/copies.js';
import type { Matrix } from '../matrix/matrix.js';
import { checkSameRows, isVector } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { MLPClassifier } from './classifier.js';
import { NetworkEstimator } from './network-estimator.js';
import { type Estimator, type FittedWith, Pipeline, type TargetsOf } from './pipeline.js';
import { readGivenLabels } from './targets.js';

/** Any way of dividing rows into those to train on and those to test on. */
export interface Splitter {
  split(X: TableInput, y: never): Iterable<Indices>;
}

export interface CrossValidateOptions<E extends Estimator = Estimator, Y = TargetsOf<E>> {
  /** The number of folds, or what makes them. Default 5: stratified for classifiers with one label a row, else consecutive. */
  cv?: number | Splitter;
  /** One weight for each row, of training and of scores. */
  sampleWeight?: ArrayLike<number>;
  /** Whether to score the rows trained on as well; default false. */
  returnTrainScore?: boolean;
  /** What to score with, greater being better; default the estimator's `score`. */
  scoring?: (estimator: FittedWith<E, Y>, X: Matrix, y: Taken<Y>) => number;
  signal?: AbortSignalLike;
}

/** An element for each fold. */
export interface CrossValidation {
  readonly testScore: number[];
  readonly trainScore?: number[];
  readonly fitSeconds: number[];
  readonly scoreSeconds: number[];
}

/** Whether targets are labels; of a network's, which may be probabilities, only those that are one for each row. */
function isClassifier(estimator: unknown, y: unknown): boolean {
  const last: unknown = estimator instanceof Pipeline ? estimator.estimator : estimator;
  if (!(last instanceof NetworkEstimator)) return last instanceof MLPClassifier;
  return last.classifies && isVector(y) && Array.prototype.every.call(y, Number.isInteger);
}

/** The folds, and what is to be divided: of a classifier its labels as they were read. */
function foldsFor(cv: number | Splitter, estimator: unknown, y: unknown): { folds: Splitter; targets: unknown } {
  const given = isClassifier(estimator, y) ? readGivenLabels(y) : undefined;
  const targets = !given ? y : given.multilabel ? given.y : given.labels;
  if (typeof cv === 'object' && typeof cv?.split === 'function') return { folds: cv, targets };
  const nSplits = checkInteger(cv, 'cv', 2);
  const folds = given?.multilabel === false ? new StratifiedKFold({ nSplits }) : new KFold({ nSplits });
  return { folds, targets };
}

/**
 * Trains a clone for each fold on the other folds, and scores it on that fold. The estimator itself is left as it is.
 *
 * @param estimator an estimator or a pipeline
 * @throws what fitting throws; {ValueError} naming the option
 * @example
 * const X = [[0], [1], [2], [3], [10], [11], [12], [13]];
 * const y = [0, 0, 0, 0, 1, 1, 1, 1];
 * const model = new Pipeline([new StandardScaler(), new MLPClassifier({ solver: 'lbfgs', background: false })]);
 * (await crossValidate(model, X, y, { cv: 2 })).testScore; // [1, 1]
 */
export async function crossValidate<E extends Estimator, Y extends TargetsOf<E>>(
  estimator: E,
  X: TableInput,
  y: Y,
  options: CrossValidateOptions<E, Y> = {},
): Promise<CrossValidation> {
  const known = ['cv', 'sampleWeight', 'returnTrainScore', 'scoring', 'signal'];
  const given = readOptions(options, known, 'crossValidate');
  const { cv = 5, sampleWeight, returnTrainScore = false, signal } = given;
  checkFlag(returnTrainScore, 'returnTrainScore');
  const scoring = given.scoring as ((estimator: unknown, X: Matrix, y: unknown) => number) | undefined;
  checkFunction(scoring, 'scoring');
  if (typeof estimator?.clone !== 'function') refuseValue('estimator', 'an estimator or a pipeline', estimator);
  if (sampleWeight) checkSameRows('X', countRows(X, 'X'), 'sampleWeight', sampleWeight.length);
  const { folds, targets } = foldsFor(cv, estimator, y);
  const result = {
    testScore: [] as number[],
    trainScore: [] as number[],
    fitSeconds: [] as number[],
    scoreSeconds: [] as number[],
  };
  for (const { train, test } of folds.split(X, targets as never)) {
    const part = (indices: ArrayLike<number>) => ({
      rows: takeRowsOf(X, 'X', indices) as Matrix,
      y: takeRows(targets as ArrayLike<number>, indices) as never,
      weights: sampleWeight && Array.from(indices, (i) => sampleWeight[i]),
    });
    const known = part(train);
    const unseen = part(test);
    const model = estimator.clone();
    const score = (of: typeof known) =>
      scoring ? scoring(model, of.rows, of.y) : model.score(of.rows, of.y, { sampleWeight: of.weights });
    try {
      const start = nowMs();
      await model.fit(known.rows, known.y, { sampleWeight: known.weights, signal });
      const fitted = nowMs();
      result.testScore.push(score(unseen));
      result.scoreSeconds.push((nowMs() - fitted) / 1000);
      result.fitSeconds.push((fitted - start) / 1000);
      if (returnTrainScore) result.trainScore.push(score(known));
    } finally {
      model.dispose();
    }
  }
  const { trainScore, ...rest } = result;
  return returnTrainScore ? { ...rest, trainScore } : rest;
}
