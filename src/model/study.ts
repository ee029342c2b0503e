// What crossValidate, crossValPredict and searches share: rows as they are now, how they are divided, and how one division is
// learnt and scored.

import { checkInteger, refuseValue } from '../checks/values.js';
import { KFold, StratifiedKFold } from '../data/folds.js';
import type { Label } from '../data/labels.js';
import type { Indices } from '../data/splits.js';
import { type AbortSignalLike, checkSignal } from '../host/abort-signal.js';
import { nowMs } from '../host/runtime.js';
import { countRows, type Taken, takeRows, takeRowsOf } from '../matrix/copies.js';
import type { Matrix } from '../matrix/matrix.js';
import { checkSameRows, isVector } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { Network } from '../network/network.js';
import { MLPClassifier } from './classifier.js';
import { endOf } from './end-of.js';
import { asNow } from './later.js';
import { NetworkEstimator } from './network-estimator.js';
import type { Estimator, FittedWith, TargetsOf } from './pipeline.js';
import { readScoring, type Score, type ScorerName } from './scoring.js';
import { readGivenLabels } from './targets.js';

/** Any way of dividing rows into those to train on and those to test on. */
export interface Splitter {
  /** The rows of each division. */
  split(X: TableInput, y: never, groups: never): Iterable<Indices>;
}

/** What to score with, greater being better: a name, or a function of a fitted estimator and rows. */
export type Scoring<E extends Estimator = Estimator, Y = TargetsOf<E>> =
  | ScorerName
  | ((estimator: FittedWith<E, Y>, X: Matrix, y: Taken<Y>) => number);

/** Options of what trains an estimator on parts of the rows. */
export interface StudyOptions<E extends Estimator = Estimator, Y = TargetsOf<E>> {
  /** The number of folds, or what makes them. Default 5: stratified for classifiers with one label a row, else consecutive. */
  cv?: number | Splitter;
  /** A label for each row, for splitters that keep those of one label together. */
  groups?: ArrayLike<Label>;
  /** One weight for each row, of training and of scores. */
  sampleWeight?: ArrayLike<number>;
  /** How many trainings may run at once: more than one pays where they run in workers. The results are the same. Default: 1. */
  jobs?: number;
  /** Default: the estimator's `score`. */
  scoring?: Scoring<E, Y>;
  /** Stops, and rejects with its reason. */
  signal?: AbortSignalLike;
}

export const STUDY_OPTIONS = ['cv', 'groups', 'sampleWeight', 'jobs', 'signal'];

/** Rows as they were when they were handed in, and how they are divided. */
export interface Study<E extends Estimator = Estimator> {
  readonly estimator: E;
  readonly X: TableInput;
  /** Of a classifier the labels as they were read. */
  readonly targets: unknown;
  /** The labels that occur, of a classifier with one label a row. */
  readonly classes: readonly Label[] | undefined;
  readonly sampleWeight: ArrayLike<number> | undefined;
  readonly splits: Iterable<Indices>;
  readonly jobs: number;
  readonly signal: AbortSignalLike | undefined;
  readonly score: Score;
}

/** @throws {ValueError} unless it can be copied, trained and asked */
export function checkEstimator(estimator: unknown): void {
  // It would go on from fold to fold with what it had learnt.
  if (estimator instanceof Network) {
    const wanted = 'an estimator: new NetworkEstimator(net, { epochs: 20 }) begins each fit anew';
    refuseValue('estimator', wanted, estimator);
  }
  if (typeof (estimator as Estimator | null)?.clone !== 'function') {
    refuseValue('estimator', 'an estimator or a pipeline', estimator);
  }
}

/**
 * Copies what it is given, and divides it.
 *
 * @param options whose own properties were read
 * @throws {ValueError|ShapeError} naming the argument
 */
export function readStudy<E extends Estimator>(
  estimator: E,
  X: TableInput,
  y: unknown,
  options: Omit<StudyOptions, 'scoring'> & { scoring?: unknown },
): Study<E> {
  const { cv = 5, jobs = 1, signal } = options;
  checkEstimator(estimator);
  checkInteger(jobs, 'jobs', 1);
  checkSignal(signal);
  const score = readScoring(options.scoring);
  const n = countRows(X, 'X');
  for (const name of ['sampleWeight', 'groups'] as const) {
    if (options[name]) checkSameRows('X', n, name, countRows(options[name], name));
  }
  const given = isClassifier(estimator, y) ? readGivenLabels(y) : undefined;
  const targets = !given ? asNow(y) : given.multilabel ? given.y : given.labels;
  checkSameRows('X', n, 'y', countRows(targets, 'y'));
  const oneLabel = given?.multilabel === false;
  const rows = asNow(X);
  const folds = readSplitter(cv, oneLabel);
  return {
    estimator: estimator.clone() as E,
    X: rows,
    targets,
    classes: oneLabel ? given.classes : undefined,
    sampleWeight: options.sampleWeight && asNow(options.sampleWeight),
    splits: folds.split(rows, targets as never, (options.groups && asNow(options.groups)) as never),
    jobs,
    signal,
    score,
  };
}

/** Whether targets are labels; of a network's, which may be probabilities, only those that are one for each row. */
function isClassifier(estimator: unknown, y: unknown): boolean {
  const last = endOf(estimator);
  if (!(last instanceof NetworkEstimator)) return last instanceof MLPClassifier;
  return last.classifies && isVector(y) && Array.prototype.every.call(y, Number.isInteger);
}

function readSplitter(cv: unknown, stratified: boolean): Splitter {
  if (typeof (cv as Splitter | null)?.split === 'function') return cv as Splitter;
  const nSplits = checkInteger(cv, 'cv', 2);
  return stratified ? new StratifiedKFold({ nSplits }) : new KFold({ nSplits });
}

/** Some rows of a study. */
export interface Part {
  readonly rows: Matrix;
  readonly y: never;
  readonly weights: ArrayLike<number> | undefined;
}

export function partOf({ X, targets, sampleWeight }: Study, indices: ArrayLike<number>): Part {
  return {
    rows: takeRowsOf(X, 'X', indices) as Matrix,
    y: takeRows(targets as ArrayLike<number>, indices) as never,
    weights: sampleWeight && Array.from(indices, (i) => sampleWeight[i]),
  };
}

/** What one division came to. */
export interface Trial {
  readonly testScore: number;
  readonly trainScore: number | undefined;
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
}

/** Trains `model`, which it disposes of, on the train rows, and scores it on the test rows. */
export async function tryOn(
  study: Study,
  model: Estimator,
  { train, test }: Indices,
  trainScore: boolean,
  signal: AbortSignalLike | undefined,
): Promise<Trial> {
  const known = partOf(study, train);
  const unseen = partOf(study, test);
  const score = ({ rows, y, weights }: Part) => study.score(model, rows, y, weights);
  try {
    const start = nowMs();
    await model.fit(known.rows, known.y, { sampleWeight: known.weights as never, signal });
    const fitted = nowMs();
    const testScore = score(unseen);
    const scoreSeconds = (nowMs() - fitted) / 1000;
    return {
      testScore,
      trainScore: trainScore ? score(known) : undefined,
      fitSeconds: (fitted - start) / 1000,
      scoreSeconds,
    };
  } finally {
    model.dispose();
  }
}
