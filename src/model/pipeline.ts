// Pipeline: scalers, then an estimator. crossValidate: how well such a chain does on rows that it did not see.

import { KFold, StratifiedKFold } from '../data/folds.js';
import { type Label, readLabels } from '../data/labels.js';
import type { Indices } from '../data/splits.js';
import { checkRows, rowsOf, takeRows } from '../data/tables.js';
import { checkOptions, describe, ValueError } from '../errors.js';
import type { Matrix } from '../matrix.js';
import type { MatrixInput, TypedArray } from '../operand.js';
import type { EpochReport } from '../train/history.js';
import { checkFlag, checkInteger } from '../train/numbers.js';
import type { AbortSignalLike } from '../train/options.js';
import { MLPClassifier } from './classifier.js';
import type { EstimatorFitOptions } from './mlp.js';
import type { MLPRegressor } from './regressor.js';
import { columnOf, isMultilabel } from './targets.js';

/** What stands before the estimator: a scaler of this package, or anything alike. */
export interface Transformer {
  fit(X: MatrixInput): unknown;
  transform(X: MatrixInput): Matrix;
  /**
   * One of its kind that was not fitted. Default: `new` of its class with its fields as options. A pipeline's fit leaves a
   * scaler with this method as it was, if it fails.
   */
  clone?(): Transformer;
}

/** What ends a pipeline, and what can be cross-validated. */
export interface Estimator<Y = never> {
  fit(X: MatrixInput, y: Y, options?: EstimatorFitOptions): Promise<unknown>;
  predict(X: MatrixInput): unknown;
  score(X: MatrixInput, y: Y, options?: { sampleWeight?: EstimatorFitOptions['sampleWeight'] }): number;
  clone(): Estimator<Y>;
  dispose(): void;
}

type TargetsOf<E> = E extends { fit(X: MatrixInput, y: infer Y, ...rest: never[]): unknown } ? Y : never;
/** What a method of the estimator returns; never, if it has none of that name. */
type Returned<E, Name extends string> = E extends { [name in Name]: (X: MatrixInput) => infer R } ? R : never;

type Prediction<E> = E extends MLPClassifier ? Label[] : E extends MLPRegressor ? TypedArray : Returned<E, 'predict'>;

type ScoreOptions = { sampleWeight?: EstimatorFitOptions['sampleWeight'] };

function cloneTransformer(step: Transformer): Transformer {
  if (step.clone) return step.clone();
  return new (step.constructor as new (options: object) => Transformer)({ ...step });
}

/**
 * Scalers, fitted one after the other, and an estimator that learns from what they give: so that the scale of test rows is
 * never learnt from.
 *
 * @example
 * const X = [[100, 1], [120, 2], [300, 1], [320, 2]];
 * const model = new Pipeline([new StandardScaler(), new MLPRegressor({ solver: 'lbfgs', background: false })]);
 * await model.fit(X, [1, 2, 3, 4]);
 * model.score(X, [1, 2, 3, 4]) > 0.99; // true
 */
export class Pipeline<E extends Estimator = MLPClassifier> {
  readonly transformers: readonly Transformer[];
  readonly estimator: E;

  /**
   * @param steps scalers, none or more, and an estimator
   * @throws {ValueError} naming the step that is none of these
   */
  constructor(steps: readonly [...Transformer[], E]) {
    if (!Array.isArray(steps) || steps.length === 0) {
      throw new ValueError(`"steps" must be an array of scalers and an estimator, got ${describe(steps)}`);
    }
    const check = (step: Record<string, unknown> | undefined, methods: string[], i: number, what: string) => {
      const missing = methods.find((method) => typeof step?.[method] !== 'function');
      if (missing) throw new ValueError(`"steps"[${i}] must be ${what}: ${describe(step)} has no method ${missing}`);
    };
    const last = steps.length - 1;
    for (let i = 0; i < last; i++) check(steps[i], ['fit', 'transform'], i, 'a scaler');
    check(steps[last], ['fit', 'predict', 'score', 'clone', 'dispose'], last, 'an estimator');
    this.transformers = steps.slice(0, last) as Transformer[];
    this.estimator = steps[last] as E;
  }

  get steps(): [...Transformer[], E] {
    return [...this.transformers, this.estimator];
  }

  /**
   * Fits the scalers, without weights, and the estimator; options are the estimator's. If it fails the pipeline is as it
   * was; if it is aborted, as after the last finished epoch.
   */
  async fit(X: MatrixInput, y: TargetsOf<E>, options: EstimatorFitOptions = {}): Promise<this> {
    // What is learnt goes to clones first: the scalers must change with the estimator, or not at all.
    const inputs: MatrixInput[] = [];
    let rows = X;
    for (const transformer of this.transformers) {
      const learner = transformer.clone?.() ?? transformer;
      inputs.push(rows);
      await learner.fit(rows);
      rows = learner.transform(rows);
    }
    const commit = async () => {
      for (const [i, each] of this.transformers.entries()) if (each.clone) await each.fit(inputs[i]);
    };
    const { signal, onEpoch } = options;
    let epochs = 0;
    const counted = (report: EpochReport) => {
      epochs++;
      return onEpoch?.(report);
    };
    try {
      await this.estimator.fit(rows, y as never, signal ? { ...options, onEpoch: counted } : options);
    } catch (error) {
      if (signal?.aborted && epochs > 0) await commit();
      throw error;
    }
    await commit();
    return this;
  }

  /** X as the estimator sees it. @throws {NotFittedError} before fit, if there are scalers */
  transform(X: MatrixInput): MatrixInput {
    return this.transformers.reduce<MatrixInput>((rows, transformer) => transformer.transform(rows), X);
  }

  #call<Name extends string>(name: Name, X: MatrixInput): Returned<E, Name> {
    const estimator = this.estimator as unknown as Record<string, (X: MatrixInput) => Returned<E, Name>>;
    if (typeof estimator[name] !== 'function') throw new ValueError(`this pipeline's estimator has no ${name}`);
    return estimator[name](this.transform(X));
  }

  /** What the estimator predicts. Of a classifier, name the labels' type if it is known: `const y: string[] = ...`. */
  predict<R = Prediction<E>>(X: MatrixInput): R {
    return this.#call('predict', X) as R;
  }

  /** Of a classifier. */
  predictProba(X: MatrixInput): Returned<E, 'predictProba'> {
    return this.#call('predictProba', X);
  }

  /** Of a classifier. */
  predictLogProba(X: MatrixInput): Returned<E, 'predictLogProba'> {
    return this.#call('predictLogProba', X);
  }

  score(X: MatrixInput, y: TargetsOf<E>, options: ScoreOptions = {}): number {
    return this.estimator.score(this.transform(X), y as never, options);
  }

  toString(): string {
    const names = this.transformers.map((each) => describe(each).replace('a ', ''));
    return `Pipeline(${[...names, this.estimator].join(', ')})`;
  }

  /** What console.log shows in Node, Deno and Bun. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return String(this);
  }

  /** A pipeline of the same steps that was not fitted. */
  clone(): Pipeline<E> {
    return new Pipeline<E>([...this.transformers.map(cloneTransformer), this.estimator.clone() as unknown as E]);
  }

  /** Frees the estimator's memory. */
  dispose(): void {
    this.estimator.dispose();
  }
}

/** Any way of dividing rows into those to train on and those to test on. */
export interface Splitter {
  split(X: MatrixInput, y: never): Iterable<Indices>;
}

export interface CrossValidateOptions<E extends Estimator = Estimator> {
  /** The number of folds, or what makes them. Default 5: stratified for classifiers with one label a row, else consecutive. */
  cv?: number | Splitter;
  /** One weight for each row, of training and of scores. */
  sampleWeight?: ArrayLike<number>;
  /** Whether to score the rows trained on as well; default false. */
  returnTrainScore?: boolean;
  /** What to score with, greater being better; default the estimator's `score`. */
  scoring?: (estimator: E, X: Matrix, y: TargetsOf<E>) => number;
  signal?: AbortSignalLike;
}

/** An element for each fold. */
export interface CrossValidation {
  readonly testScore: number[];
  readonly trainScore?: number[];
  readonly fitSeconds: number[];
  readonly scoreSeconds: number[];
}

function foldsFor(cv: number | Splitter, estimator: unknown, y: unknown): Splitter {
  if (typeof cv === 'object' && typeof cv?.split === 'function') return cv;
  const nSplits = checkInteger(cv, 'cv', 2);
  const last = estimator instanceof Pipeline ? estimator.estimator : estimator;
  return last instanceof MLPClassifier && !isMultilabel(y) ? new StratifiedKFold({ nSplits }) : new KFold({ nSplits });
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
export async function crossValidate<E extends Estimator>(
  estimator: E,
  X: MatrixInput,
  y: TargetsOf<E>,
  options: CrossValidateOptions<E> = {},
): Promise<CrossValidation> {
  checkOptions(options, ['cv', 'sampleWeight', 'returnTrainScore', 'scoring', 'signal'], 'crossValidate');
  const { cv = 5, sampleWeight, returnTrainScore = false, signal } = options;
  checkFlag(returnTrainScore, 'returnTrainScore');
  const scoring = options.scoring as ((estimator: unknown, X: Matrix, y: unknown) => number) | undefined;
  if (scoring !== undefined && typeof scoring !== 'function') {
    throw new ValueError(`"scoring" must be a function, got ${describe(scoring)}`);
  }
  if (sampleWeight) checkRows('X', rowsOf(X, 'X'), 'sampleWeight', sampleWeight.length);
  const folds = foldsFor(cv, estimator, y);
  const targets = (folds instanceof StratifiedKFold ? readLabels(columnOf(y), 'y').labels : y) as never;
  const result = {
    testScore: [] as number[],
    trainScore: [] as number[],
    fitSeconds: [] as number[],
    scoreSeconds: [] as number[],
  };
  for (const { train, test } of folds.split(X, targets)) {
    const part = (indices: ArrayLike<number>) => ({
      rows: takeRows(X, indices) as Matrix,
      y: takeRows(y as ArrayLike<number>, indices) as never,
      weights: sampleWeight && Array.from(indices, (i) => sampleWeight[i]),
    });
    const known = part(train);
    const unseen = part(test);
    const model = estimator.clone();
    const score = (of: typeof known) =>
      scoring ? scoring(model, of.rows, of.y) : model.score(of.rows, of.y, { sampleWeight: of.weights });
    try {
      const start = performance.now();
      await model.fit(known.rows, known.y, { sampleWeight: known.weights, signal });
      const fitted = performance.now();
      result.testScore.push(score(unseen));
      result.scoreSeconds.push((performance.now() - fitted) / 1000);
      result.fitSeconds.push((fitted - start) / 1000);
      if (returnTrainScore) result.trainScore.push(score(known));
    } finally {
      model.dispose();
    }
  }
  const { trainScore, ...rest } = result;
  return returnTrainScore ? { ...rest, trainScore } : rest;
}
