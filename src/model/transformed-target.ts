// Source: scikit-learn 1.2.1, sklearn/compose/_target.py.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { own } from '../checks/read-options.js';
import { refuseCloning } from '../checks/uncloneable.js';
import { refuseValue } from '../checks/values.js';
import { checkFitted } from '../data/fitted.js';
import { readJSON } from '../data/fitted-json.js';
import { cloneTransformer } from '../data/transformer.js';
import { checkSignal } from '../host/abort-signal.js';
import { readFinite } from '../matrix/copies.js';
import { INSPECT, Matrix } from '../matrix/matrix.js';
import type { MatrixInput, MatrixLike, RowsInput, TypedArray, VectorInput } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { PARTS } from '../network/calls.js';
import { quantilesOf, wantsQuantiles } from './end-of.js';
import type { EstimatorJSON, JSONOptions } from './estimator-json.js';
import { fitAndCommit } from './fit-and-commit.js';
import type { EstimatorFitOptions } from './fit-options.js';
import { asNow, ownFitOptions } from './later.js';
import { type AsyncOptions, readAsyncOptions } from './pieces.js';
import { Queue } from './queue.js';
import { MLPRegressor, type Numbers } from './regressor.js';
import { scoreNumbers } from './score-numbers.js';
import { type ScoringOptions, scoreBy } from './scoring.js';
import { renamed } from './solver.js';
import {
  type InnerRegressor,
  type ReadTargetOptions,
  readTargetOptions,
  type TransformedTargetOptions,
  transformerOf,
  withTargetParameters,
} from './target-parameters.js';
import {
  checkRising,
  checkTargetWidth,
  checkTransformed,
  type FittedTarget,
  readTargetJSON,
  type TargetJSON,
  type TargetTransformer,
  targetJSON,
  undo,
} from './target-transformer.js';
import type { Parameters } from './transformer-with.js';

const KIND = 'TransformedTargetRegressor';

/** What {@link TransformedTargetRegressor} is as plain JSON. */
export interface TransformedTargetJSON {
  /** Tells it from what other classes write. */
  kind: typeof KIND;
  /** How targets are transformed. */
  target: TargetJSON;
  /** What learns them. */
  regressor: EstimatorJSON;
}

/** What the network learns apart from is under this key, to be saved and set again. */
export const TARGET: unique symbol = Symbol('target');

// Outside the class, as src/matrix/matrix.ts says.
const create = <R extends InnerRegressor, P extends Numbers = PredictedBy<R>>(options: TransformedTargetOptions<R>) =>
  new TransformedTargetRegressor<R, P>(options);

/** What a regressor predicts, as far as that is known. */
export type PredictedBy<R> = R extends { predict(X: RowsInput): infer P } ? (P extends Numbers ? P : Numbers) : Numbers;

/**
 * A regressor whose targets are transformed before it learns them, and whose predictions are transformed back; scikit-learn's
 * `TransformedTargetRegressor`. Scores are of the targets themselves.
 *
 * @typeParam P what predict gives: a number a row unless the regressor says otherwise; of y as a matrix a Matrix
 * @param options regressor; transformer, or func and inverseFunc; checkInverse (default true)
 * @throws {ValueError} naming the option
 * @example
 * const X = [[0], [1], [2], [3]];
 * const y = [1000, 3000, 5000, 7000];
 * const regressor = new MLPRegressor({ hiddenLayerSizes: [], solver: 'lbfgs', alpha: 0, background: false });
 * const model = new TransformedTargetRegressor({ regressor, transformer: new StandardScaler() });
 * await model.fit(X, y);
 * Math.round(model.predict([[10]])[0]); // 21000
 */
export class TransformedTargetRegressor<R extends InnerRegressor = MLPRegressor, P extends Numbers = PredictedBy<R>> {
  /** What learns the transformed targets. */
  readonly regressor: R;
  #options: ReadTargetOptions<R>;
  #fitted: FittedTarget | undefined;
  readonly #queue = new Queue();
  #fitting = false;

  constructor(options: TransformedTargetOptions<R>) {
    this.#options = readTargetOptions(options, KIND);
    this.regressor = this.#options.regressor;
    refuseCloning(this, 'use toBytes(model) and fromBytes of bitgrad/model, or toJSON() and fromJSON');
  }

  get checkInverse(): boolean {
    return this.#options.checkInverse;
  }

  get #transformer(): TargetTransformer {
    return transformerOf(this.#options);
  }

  /** The options; of what the regressor has ask that. */
  getParams(): ReadTargetOptions<R> {
    return { ...this.#options };
  }

  /**
   * Changes some options, for later calls of fit: `checkInverse`, `func`, ..., `'transformer.withMean'`, `'regressor.alpha'`. With another
   * regressor it is as before fit.
   *
   * @throws {ValueError} naming the option; while it is in use, of another regressor
   */
  setParams(parameters: Parameters): this {
    const { options, ofRegressor } = withTargetParameters(this.#options, parameters, KIND);
    const regressor = options.regressor as R & { setParams?(parameters: Parameters): unknown };
    const other = regressor !== this.regressor;
    if (other && this.#queue.busy)
      throw new ValueError(`this ${KIND} is in use: await that before another "regressor"`);
    if (Object.keys(ofRegressor).length > 0) {
      if (typeof regressor.setParams !== 'function') {
        throw new ValueError(`"regressor" is ${describe(regressor)}, which has no setParams: give another "regressor"`);
      }
      regressor.setParams(ofRegressor);
    }
    this.#options = options;
    if (other) {
      (this as { regressor: R }).regressor = regressor;
      this.#fitted = undefined;
    }
    return this;
  }

  /** The transformer that was fitted to the targets. @throws {NotFittedError} */
  get transformer(): TargetTransformer {
    return this.#learnt.transformer;
  }

  get #learnt(): FittedTarget {
    return checkFitted(this.#fitted, KIND);
  }

  /**
   * Fits the transformer to y, without weights, and the regressor to what it gives; options are the regressor's. If it fails all
   * is as it was.
   *
   * @throws what the regressor throws; {ValueError} if a target cannot be transformed, or is not given back
   */
  async fit(X: TableInput, y: MatrixInput | VectorInput, options: EstimatorFitOptions = {}): Promise<this> {
    const signal = own(Object(options) as EstimatorFitOptions, 'signal');
    checkSignal(signal);
    if (this.#fitting) throw new ValueError(`this ${KIND} is being fitted: await that first`);
    const { rows, cols, vector, data } = readFinite(y, 'y');
    const targets = new Matrix(rows, cols, data);
    const waits = this.#queue.busy;
    const table = waits ? asNow(X) : X;
    const wanted = (learnt: Matrix) => (learnt.cols === 1 ? learnt.data : learnt);
    const given = ownFitOptions(options, waits);
    this.#fitting = true;
    try {
      await this.#queue.take(async () => {
        const transformer = cloneTransformer(this.#transformer) as TargetTransformer;
        const transformed = (targets: Matrix) => Matrix.from(transformer.transform(targets) as MatrixLike);
        const learnt = renamed(
          () => {
            transformer.fit(targets);
            return transformed(targets);
          },
          /"X"/g,
          '"y"',
        );
        checkTransformed(targets, learnt, transformer, this.checkInverse);
        if (wantsQuantiles(this.regressor)) checkRising(targets, learnt);
        const commit = () => {
          this.#fitted = { transformer, vector };
        };
        const { validationData } = given;
        if (validationData) {
          const y = readFinite(validationData.y, 'validationData.y');
          const unseen = renamed(() => transformed(new Matrix(y.rows, y.cols, y.data)), /"X"/g, '"validationData.y"');
          given.validationData = { ...validationData, y: wanted(unseen) as VectorInput };
        }
        await fitAndCommit(this.regressor, table as MatrixInput, wanted(learnt), given, this.#queue, commit);
      }, signal);
      return this;
    } finally {
      this.#fitting = false;
    }
  }

  #inverse(predicted: unknown): TypedArray | Matrix {
    const { transformer, vector } = this.#learnt;
    const { rows, cols, data } = readFinite(predicted, 'prediction');
    const several = cols > 1 && this.quantiles !== undefined && this.quantiles.length > 1;
    const back = undo(transformer, new Matrix(rows, cols, data), several);
    return vector && back.cols === 1 ? back.data : back;
  }

  /** A number for each row, or a Matrix if y had columns. @throws {NotFittedError}; what the regressor throws */
  predict(X: TableInput): P {
    return this.#inverse(this.#learnt && this.regressor.predict(X as MatrixInput)) as P;
  }

  /** The same for many rows, as the regressor's predictAsync. @param X it must not change meanwhile */
  async predictAsync(X: TableInput, options: AsyncOptions = {}): Promise<P> {
    const signal = readAsyncOptions(options, 'predictAsync');
    const regressor = this.regressor as R & { predictAsync?(X: TableInput, options: AsyncOptions): Promise<unknown> };
    if (typeof regressor.predictAsync !== 'function') {
      return refuseValue('regressor', 'one that has predictAsync', regressor);
    }
    const work = async () => this.#inverse(this.#learnt && (await regressor.predictAsync?.(X, options)));
    return (await this.#queue.take(work, signal)) as P;
  }

  /** Those that the regressor's outputs are, if they are. */
  get quantiles(): readonly number[] | undefined {
    return quantilesOf(this.regressor);
  }

  /** By `scoring`, or R2, of quantiles D2; of several outputs their mean; by weight if any are given. */
  score(X: TableInput, y: MatrixInput | VectorInput, options: ScoringOptions<this, TableInput> = {}): number {
    return scoreBy(this, X, y, options, (sampleWeight) =>
      scoreNumbers(this.quantiles, y, this.predict(X), sampleWeight),
    );
  }

  /** As the code that makes it. */
  toString(): string {
    return `${KIND}(${this.regressor})`;
  }

  [INSPECT](): string {
    return String(this);
  }

  /** One of the same parts that was not fitted. */
  clone(): TransformedTargetRegressor<R, P> {
    return create<R, P>({ ...this.#options, regressor: this.regressor.clone() as R });
  }

  /** Frees the regressor's memory; it then is as before fit. @throws {ValueError} while it is in use */
  dispose(): void {
    if (this.#queue.busy) throw new ValueError(`this ${KIND} is in use by a call that has not ended: await that`);
    this.regressor.dispose();
    this.#fitted = undefined;
  }

  /** @internal */
  get [TARGET](): TargetJSON {
    return targetJSON(this.#transformer, this.#fitted, this.checkInverse);
  }

  /**
   * Plain JSON, which fromJSON takes back to predict the same bits.
   *
   * @throws {ValueError} of functions, and unless the regressor is an MLPRegressor: scalers of X stand before this in a Pipeline
   */
  toJSON(): TransformedTargetJSON {
    const { regressor } = this;
    if (regressor instanceof MLPRegressor) return { kind: KIND, target: this[TARGET], regressor: regressor.toJSON() };
    throw new ValueError(`"regressor" is ${describe(regressor)}: ${ONLY_MLP}`);
  }

  /** The regressor that toJSON wrote. @param json it or its text @throws {ValueError} naming what is wrong with it */
  static fromJSON(json: TransformedTargetJSON | string, options: JSONOptions = {}): TransformedTargetRegressor {
    const source = readJSON<TransformedTargetJSON>(json, KIND);
    const regressor = MLPRegressor.fromJSON(own(source, 'regressor') as EstimatorJSON, options);
    try {
      return around(regressor, own(source, 'target'), 'json.target');
    } catch (error) {
      regressor.dispose();
      throw error;
    }
  }

  /** @internal */
  static restore(regressor: MLPRegressor, json: unknown, name: string): TransformedTargetRegressor {
    const { checkInverse, transformer, fitted } = readTargetJSON(json, name);
    if (regressor.isFitted) checkTargetWidth(fitted, regressor.network[PARTS].plan.loss.targets);
    const model = create({ regressor, transformer, checkInverse });
    model.#fitted = fitted;
    return model;
  }
}

/** What else to say of a regressor that cannot be written. */
export const ONLY_MLP =
  'an MLPRegressor can be written; put scalers of X before, as in new Pipeline([scaler, new TransformedTargetRegressor(...)])';

const around = (regressor: MLPRegressor, json: unknown, name: string): TransformedTargetRegressor =>
  TransformedTargetRegressor.restore(regressor, json, name);
