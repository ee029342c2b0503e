// crossValidate: how well an estimator does on rows that it did not see.

import { readOptions } from '../checks/read-options.js';
import { checkFlag } from '../checks/values.js';
import type { TableInput } from '../matrix/table.js';
import type { Estimator, TargetsOf } from './pipeline.js';
import { inOrder } from './search/jobs.js';
import { readStudy, STUDY_OPTIONS, type StudyOptions, tryOn } from './study.js';

/** Options of {@link crossValidate}. */
export interface CrossValidateOptions<E extends Estimator = Estimator, Y = TargetsOf<E>> extends StudyOptions<E, Y> {
  /** Whether to score the rows trained on as well; default false. */
  returnTrainScore?: boolean;
}

/** An element for each fold. */
export interface CrossValidation {
  /** The score on the rows that were held out. */
  readonly testScore: number[];
  /** The score on the rows that were trained on, if it was asked for. */
  readonly trainScore?: number[];
  /** Seconds of training. */
  readonly fitSeconds: number[];
  /** Seconds of scoring. */
  readonly scoreSeconds: number[];
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
 * (await crossValidate(model, X, y, { cv: 2, scoring: 'rocAuc' })).testScore; // [1, 1]
 */
export async function crossValidate<E extends Estimator, Y extends TargetsOf<E>>(
  estimator: E,
  X: TableInput,
  y: Y,
  options: CrossValidateOptions<E, Y> = {},
): Promise<CrossValidation> {
  const given = readOptions(options, [...STUDY_OPTIONS, 'scoring', 'returnTrainScore'], 'crossValidate');
  const { returnTrainScore = false } = given;
  checkFlag(returnTrainScore, 'returnTrainScore');
  const study = readStudy(estimator, X, y, given);
  const trials = await inOrder(study.splits, study.jobs, study.signal, (split, signal) =>
    tryOn(study, study.estimator.clone(), split, returnTrainScore, signal),
  );
  return {
    testScore: trials.map(({ testScore }) => testScore),
    fitSeconds: trials.map(({ fitSeconds }) => fitSeconds),
    scoreSeconds: trials.map(({ scoreSeconds }) => scoreSeconds),
    ...(returnTrainScore && { trainScore: trials.map(({ trainScore }) => trainScore as number) }),
  };
}
