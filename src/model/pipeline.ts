// Pipeline: scalers, then an estimator.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { own } from '../checks/read-options.js';
import { refuseCloning } from '../checks/uncloneable.js';
import { refuseValue } from '../checks/values.js';
import { ADOPT } from '../data/fitted.js';
import { cloneTransformer, type Transformer } from '../data/transformer.js';
import { checkSignal } from '../host/abort-signal.js';
import { INSPECT } from '../matrix/matrix.js';
import type { RowsInput, VectorInput } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { Network } from '../network/network.js';
import type { MLPClassifier } from './classifier.js';
import type { JSONOptions } from './estimator-json.js';
import { fitAndCommit } from './fit-and-commit.js';
import type { EstimatorFitOptions } from './fit-options.js';
import { asNow, ownFitOptions } from './later.js';
import { NetworkEstimator } from './network-estimator.js';
import { type AsyncOptions, Gathered, inPieces, readAsyncOptions } from './pieces.js';
import { type PipelineJSON, pipelineJSON, readPipelineJSON } from './pipeline-json.js';
import { Queue } from './queue.js';
import { type ScoringOptions, scoreBy } from './scoring.js';
import { renamed } from './solver.js';
import type { LearntOf, Predicted } from './targets.js';

/** What stands at a pipeline's end: around a network that was given there a NetworkEstimator. */
export type EndOf<E> = E extends Network ? NetworkEstimator : E;

/** What ends a pipeline, and what can be cross-validated. */
export interface Estimator<Y = never> {
  /** Learns from rows and their targets. */
  fit(X: RowsInput, y: Y, options?: EstimatorFitOptions): Promise<unknown>;
  /** A prediction for each row. */
  predict(X: RowsInput): unknown;
  /** How good predictions are, greater being better: by accuracy, or by R squared. */
  score(X: RowsInput, y: Y, options?: { sampleWeight?: EstimatorFitOptions['sampleWeight'] }): number;
  /** One with the same parameters, not fitted. */
  clone(): Estimator<Y>;
  /** Frees its memory. */
  dispose(): void;
}

/** What an estimator takes as targets. */
export type TargetsOf<E> = E extends { fit(X: RowsInput, y: infer Y, ...rest: never[]): unknown } ? Y : never;
/** What a method of the estimator returns; never, if it has none of that name. */
type Returned<E, Name extends string> = E extends { [name in Name]: (X: RowsInput) => infer R } ? R : never;

/** An estimator that was fitted with such targets: of a classifier they tell the labels' type. */
export type FittedWith<E, Y> =
  E extends MLPClassifier<infer L extends Predicted>
    ? MLPClassifier<LearntOf<L, Y>>
    : E extends Pipeline<infer Last>
      ? Pipeline<FittedWith<Last, Y>>
      : E;

/** Of this package: fit is done at once, and what it learnt can be handed on. */
interface Adopting extends Transformer {
  [ADOPT](other: Transformer): void;
}

const adopts = (step: Transformer | undefined): step is Adopting => step !== undefined && ADOPT in step;

// Outside the class, as src/matrix/matrix.ts says.
const create = <E extends Estimator>(steps: readonly [...Transformer[], E]): Pipeline<E> => new Pipeline<E>(steps);

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
  /** In their order, fitted once the pipeline is. */
  readonly transformers: readonly Transformer[];
  /** What stands at the end. */
  readonly estimator: EndOf<E>;
  readonly #queue = new Queue();
  #fitting = false;

  /**
   * @param steps scalers, none or more, and an estimator; a network becomes `new NetworkEstimator(net)`, with the options of its fit left
   * to their defaults
   * @throws {ValueError} naming the step that is none of these
   */
  constructor(steps: readonly [...Transformer[], E]) {
    if (!Array.isArray(steps) || steps.length === 0) {
      refuseValue('steps', 'an array of scalers and an estimator', steps);
    }
    const check = (step: Record<string, unknown> | undefined, methods: string[], i: number, what: string) => {
      const missing = methods.find((method) => typeof step?.[method] !== 'function');
      if (missing) throw new ValueError(`"steps"[${i}] must be ${what}: ${describe(step)} has no method ${missing}`);
    };
    const last = steps.length - 1;
    const end: unknown = steps[last] instanceof Network ? new NetworkEstimator(steps[last]) : steps[last];
    for (let i = 0; i < last; i++) check(steps[i], ['fit', 'transform'], i, 'a scaler');
    check(end as never, ['fit', 'predict', 'score', 'clone', 'dispose'], last, 'an estimator');
    this.transformers = steps.slice(0, last) as Transformer[];
    this.estimator = end as EndOf<E>;
    refuseCloning(
      this,
      'use toBytes(pipeline) and fromBytes of bitgrad/model, or toJSON() and fromJSON: a clone would be without what was learnt',
    );
  }

  /** Transformers, then the estimator. */
  get steps(): [...Transformer[], EndOf<E>] {
    return [...this.transformers, this.estimator];
  }

  /**
   * Fits the scalers, without weights, and the estimator; options are the estimator's. If it fails the pipeline is as it
   * was; if it is aborted, as after the last finished epoch.
   */
  async fit<Y extends TargetsOf<E>>(
    X: TableInput,
    y: Y,
    options: EstimatorFitOptions = {},
  ): Promise<Pipeline<FittedWith<E, Y>>> {
    const signal = own(Object(options) as EstimatorFitOptions, 'signal');
    checkSignal(signal);
    if (this.#fitting) throw new ValueError('this pipeline is being fitted: await that first');
    // Scalers of this package read X before anything is waited for; others may take their time.
    const waits = this.#queue.busy || (this.transformers.length > 0 && !adopts(this.transformers[0]));
    const rows = waits ? asNow(X) : X;
    const targets = waits ? asNow(y) : y;
    const given = ownFitOptions(options, waits);
    this.#fitting = true;
    try {
      await this.#queue.take(() => this.#fit(rows, targets, given), signal);
      return this as unknown as Pipeline<FittedWith<E, Y>>;
    } finally {
      this.#fitting = false;
    }
  }

  async #fit(X: TableInput, y: TargetsOf<E>, options: EstimatorFitOptions): Promise<void> {
    // What is learnt goes to clones first: the scalers must change with the estimator, or not at all.
    const learnt: { transformer: Transformer; learner: Transformer; rows: TableInput }[] = [];
    let rows: TableInput = X;
    for (const transformer of this.transformers) {
      const learner = transformer.clone?.() ?? transformer;
      learnt.push({ transformer, learner, rows });
      const fitting = learner.fit(rows);
      // Not awaited without need: X is read before anything else has its turn.
      if (typeof (fitting as PromiseLike<unknown> | undefined)?.then === 'function') await fitting;
      rows = learner.transform(rows);
    }
    const commit = async () => {
      for (const { transformer, learner, rows } of learnt) {
        const same = transformer.constructor === learner.constructor; // a class of the user's may learn more than ours
        if (same && adopts(transformer)) transformer[ADOPT](learner);
        else if (transformer.clone) await transformer.fit(rows);
      }
    };
    const given: EstimatorFitOptions = Object.assign(Object.create(null), options);
    const { validationData } = given;
    if (validationData) {
      const scale = () => learnt.reduce<TableInput>((X, { learner }) => learner.transform(X), validationData.X);
      given.validationData = { ...validationData, X: renamed(scale, /"X"/g, '"validationData.X"') };
    }
    await fitAndCommit(this.estimator, rows as RowsInput, y, given, this.#queue, commit);
  }

  /** X as the estimator sees it. @throws {NotFittedError} before fit, if there are scalers */
  transform(X: TableInput): RowsInput {
    return this.transformers.reduce<TableInput>((rows, transformer) => transformer.transform(rows), X) as RowsInput;
  }

  #method<Name extends string>(name: Name): (X: TableInput, options?: object) => Returned<EndOf<E>, Name> {
    const estimator = this.estimator as unknown as Record<string, (X: TableInput) => Returned<EndOf<E>, Name>>;
    if (typeof estimator[name] !== 'function') throw new ValueError(`this pipeline's estimator has no ${name}`);
    return estimator[name].bind(estimator);
  }

  #call<Name extends string>(name: Name, X: TableInput): Returned<EndOf<E>, Name> {
    return this.#method(name)(this.transform(X));
  }

  /** Both halves a few rows at a time. */
  async #callAsync<Name extends string>(
    name: Name,
    X: TableInput,
    options: AsyncOptions,
  ): Promise<Awaited<Returned<EndOf<E>, Name>>> {
    const signal = readAsyncOptions(options, name);
    const predict = this.#method(name);
    const result: unknown = await this.#queue.take(async () => {
      let rows: TableInput = X;
      if (this.transformers.length > 0) {
        const scaled = new Gathered();
        await inPieces(X, signal, (piece, count) => scaled.add(this.transform(piece), count));
        rows = scaled.all;
      }
      return predict(rows, options);
    }, signal);
    return result as Awaited<Returned<EndOf<E>, Name>>;
  }

  /** What the estimator predicts. */
  predict(X: TableInput): Returned<EndOf<E>, 'predict'> {
    return this.#call('predict', X);
  }

  /** Of a classifier. */
  predictProba(X: TableInput): Returned<EndOf<E>, 'predictProba'> {
    return this.#call('predictProba', X);
  }

  /**
   * What predict gives, of many rows, a few milliseconds at a time: the event loop has its turn in between.
   *
   * @param X it must not change meanwhile; scalers of your own must take each row for itself
   * @throws what predict throws; the signal's reason if it aborts
   */
  async predictAsync(X: TableInput, options: AsyncOptions = {}): Promise<Awaited<Returned<EndOf<E>, 'predictAsync'>>> {
    return this.#callAsync('predictAsync', X, options);
  }

  /** Of a classifier: what predictProba gives, as predictAsync. */
  async predictProbaAsync(
    X: TableInput,
    options: AsyncOptions = {},
  ): Promise<Awaited<Returned<EndOf<E>, 'predictProbaAsync'>>> {
    return this.#callAsync('predictProbaAsync', X, options);
  }

  /** Of a classifier. */
  predictLogProba(X: TableInput): Returned<EndOf<E>, 'predictLogProba'> {
    return this.#call('predictLogProba', X);
  }

  /** What the estimator's score gives, or `scoring`: a function is called with the pipeline. */
  score(X: TableInput, y: TargetsOf<E>, options: ScoringOptions<this, TableInput> = {}): number {
    return scoreBy(this, X, y, options, (sampleWeight) =>
      this.estimator.score(this.transform(X), y as never, { sampleWeight: sampleWeight as VectorInput }),
    );
  }

  /** As the code that makes it. */
  toString(): string {
    const names = this.transformers.map((each) => describe(each).replace('a ', ''));
    return `Pipeline(${[...names, this.estimator].join(', ')})`;
  }

  [INSPECT](): string {
    return String(this);
  }

  /** A pipeline of the same steps that was not fitted. */
  clone(): Pipeline<E> {
    return create([...this.transformers.map(cloneTransformer), this.estimator.clone() as unknown as E]);
  }

  /**
   * Plain JSON, which fromJSON takes back to predict the same bits; of scalers and estimators of this package.
   *
   * @throws {ValueError} naming the step that is none, or of more than a million parameters
   */
  toJSON(): PipelineJSON {
    return pipelineJSON(this.steps);
  }

  /** The pipeline that toJSON wrote. @param json it or its text @throws {ValueError} naming what is wrong with it */
  static fromJSON<E extends Estimator = MLPClassifier>(
    json: PipelineJSON | string,
    options: JSONOptions = {},
  ): Pipeline<E> {
    return create(readPipelineJSON(json, options) as unknown as [...Transformer[], E]);
  }

  /** Frees the estimator's memory. @throws {ValueError} while the pipeline is being fitted, or predicts in pieces */
  dispose(): void {
    if (this.#queue.busy) {
      throw new ValueError('this pipeline is in use by a call that has not ended: await that before dispose()');
    }
    this.estimator.dispose();
  }
}
