// crossValPredict: what is predicted of each row by an estimator that did not see it.

import { ValueError } from '../checks/errors.js';
import { own, readOptions } from '../checks/read-options.js';
import { checkName } from '../checks/values.js';
import type { Label } from '../data/labels.js';
import type { Indices } from '../data/splits.js';
import { countRows } from '../matrix/copies.js';
import { Matrix } from '../matrix/matrix.js';
import { newArray, type RowsInput, readMatrix, type TypedArray } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import type { Estimator, FittedWith, Pipeline, TargetsOf } from './pipeline.js';
import { classesOf } from './scoring.js';
import { inOrder } from './search/jobs.js';
import { partOf, readStudy, STUDY_OPTIONS, type Study, type StudyOptions } from './study.js';

const METHODS = ['predict', 'predictProba', 'predictLogProba'] as const;
type Method = (typeof METHODS)[number];

/** Options of {@link crossValPredict}. */
export interface CrossValPredictOptions<M extends Method = 'predict'> extends Omit<StudyOptions, 'scoring'> {
  /** What to ask of each estimator. Default: `'predict'`. */
  method?: M;
}

/** What a method of the estimator, or of a pipeline's estimator, returns. */
export type PredictionOf<E, M extends Method> =
  E extends Pipeline<infer End>
    ? PredictionOf<End, M>
    : E extends { [name in M]: (X: RowsInput) => infer R }
      ? R
      : never;

/** Each row must be in one test set, and in no other. */
function checkPartition(splits: readonly Indices[], n: number): void {
  const times = new Int32Array(n);
  for (const { test } of splits) for (const i of test) times[i]++;
  const wrong = times.findIndex((count) => count !== 1);
  if (wrong < 0) return;
  throw new ValueError(
    `"cv" must have each row in one test set, but row ${wrong} is in ${times[wrong]}: take folds, not repeats or draws`,
  );
}

/** Columns of the classes of one fold as columns of all classes. */
function inColumnsOf(all: readonly Label[] | undefined, model: Estimator, predicted: Matrix, method: Method): Matrix {
  const own = classesOf(model);
  if (!all || !own || own.length === all.length || own.length !== predicted.cols) return predicted;
  const { rows, dtype } = predicted;
  const least = dtype === 'f64' ? -Number.MAX_VALUE : -(2 - 2 ** -23) * 2 ** 127;
  const data = newArray(dtype, rows * all.length).fill(method === 'predictProba' ? 0 : least);
  own.forEach((label, from) => {
    const to = all.indexOf(label);
    for (let i = 0; i < rows; i++) data[i * all.length + to] = predicted.data[i * own.length + from];
  });
  return new Matrix(rows, all.length, data);
}

/** Predictions for each test set, as one for all rows in their order. */
function gather(n: number, splits: readonly Indices[], predicted: readonly unknown[]): unknown {
  const [first] = predicted;
  const each = (put: (i: number, from: unknown, k: number) => void) =>
    splits.forEach(({ test }, s) => test.forEach((i, k) => put(i, predicted[s], k)));
  if (Array.isArray(first)) {
    const all = new Array<unknown>(n);
    each((i, from, k) => {
      all[i] = (from as unknown[])[k];
    });
    return all;
  }
  if (ArrayBuffer.isView(first)) {
    const numbers = new (first.constructor as new (length: number) => TypedArray)(n);
    each((i, from, k) => {
      numbers[i] = (from as TypedArray)[k];
    });
    return numbers;
  }
  const { cols, dtype = 'f64' } = readMatrix(first, 'prediction');
  const data = newArray(dtype, n * cols);
  each((i, from, k) => {
    for (let j = 0; j < cols; j++) data[i * cols + j] = (from as Matrix).data[k * cols + j];
  });
  return new Matrix(n, cols, data);
}

/**
 * Predicts each row by a clone that was trained on the other folds; scikit-learn's `cross_val_predict`. A class that a fold's train
 * rows lack has probability 0 there.
 *
 * @param options cv, method (default `'predict'`), groups, sampleWeight (of training), jobs, signal
 * @returns what `method` returns, of all rows in their order
 * @throws {ValueError} if a row is in no test set, or in several; what fitting throws; the signal's reason if it aborts
 * @example
 * const X = [[0], [1], [2], [3], [10], [11], [12], [13]];
 * const y = ['low', 'low', 'low', 'low', 'high', 'high', 'high', 'high'];
 * const model = new Pipeline([new StandardScaler(), new MLPClassifier({ solver: 'lbfgs', background: false })]);
 * accuracyScore(y, await crossValPredict(model, X, y, { cv: 2 })); // 1
 */
export async function crossValPredict<E extends Estimator, Y extends TargetsOf<E>, M extends Method = 'predict'>(
  estimator: E,
  X: TableInput,
  y: Y,
  options: CrossValPredictOptions<M> = {},
): Promise<PredictionOf<FittedWith<E, Y>, M>> {
  const given = readOptions(options, [...STUDY_OPTIONS, 'method'], 'crossValPredict');
  const method = checkName(own(given, 'method') ?? 'predict', METHODS, 'method');
  const study = readStudy(estimator, X, y, given as StudyOptions<E>) as unknown as Study;
  const n = countRows(study.X, 'X');
  const splits = Array.from(study.splits);
  checkPartition(splits, n);
  const predicted = await inOrder(splits, study.jobs, study.signal, async ({ train, test }, signal) => {
    const { rows, y, weights } = partOf(study, train);
    const model = study.estimator.clone() as Estimator & Partial<Record<Method, (X: RowsInput) => unknown>>;
    const predict = model[method];
    if (typeof predict !== 'function') throw new ValueError(`this estimator has no ${method}`);
    try {
      await model.fit(rows, y, { sampleWeight: weights as never, signal });
      const result = predict.call(model, partOf(study, test).rows);
      return method === 'predict' ? result : inColumnsOf(study.classes, model, result as Matrix, method);
    } finally {
      model.dispose();
    }
  });
  return gather(n, splits, predicted) as PredictionOf<FittedWith<E, Y>, M>;
}
