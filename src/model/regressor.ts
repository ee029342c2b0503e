// MLPRegressor: one number or several for each row.

import { ShapeError, ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { copyNumbers } from '../matrix/copies.js';
import { Matrix } from '../matrix/matrix.js';
import type { MatrixInput, RowsInput, TypedArray, VectorInput } from '../matrix/operand.js';
import { type EstimatorJSON, type JSONOptions, readEstimatorJSON } from './estimator-json.js';
import { REGRESSOR_DEFAULTS, type RegressorParameters } from './estimator-options.js';
import type { EstimatorFitOptions, Score } from './fit-options.js';
import { checkHeldOut } from './held-out.js';
import { MLP } from './mlp.js';
import { type AsyncOptions, Gathered } from './pieces.js';
import { endFor, endsFor, quantilesOf } from './regressor-losses.js';
import { scoreNumbers } from './score-numbers.js';
import { type ScoringOptions, scoreBy } from './scoring.js';
import type { End, LabelPlan, Reading, ReadTargets } from './task.js';
import { type GivenWeights, readAllWeights } from './weights.js';

/** What a regressor predicts: a number for each row, of several outputs a row of them. */
export type Numbers = TypedArray | Matrix;

// Outside the class, as src/matrix/matrix.ts says.
const create = <P extends Numbers>(parameters: Partial<RegressorParameters>) => new MLPRegressor<P>(parameters);

/**
 * A network that learns numbers, with scikit-learn's parameters, defaults and stopping rules.
 *
 * @typeParam P what predict gives: of several outputs a Matrix, `new MLPRegressor<Matrix>()`
 * @example
 * const X = [[0], [1], [2], [3]];
 * const y = [1, 3, 5, 7];
 * const model = new MLPRegressor({ hiddenLayerSizes: 8, activation: 'tanh', solver: 'lbfgs', background: false });
 * await model.fit(X, y);
 * model.score(X, y) > 0.99; // true
 */
export class MLPRegressor<P extends Numbers = TypedArray> extends MLP<RegressorParameters> {
  /** @throws {ValueError|DtypeError} naming the parameter */
  constructor(parameters: Partial<RegressorParameters> = {}) {
    super('MLPRegressor', parameters, REGRESSOR_DEFAULTS);
  }

  /**
   * A fitted regressor of given weights, which partialFit and warm starts go on from.
   *
   * @param weights coefs (each layer's inputs x units) and intercepts (units), as scikit-learn's coefs_ and intercepts_; any
   * parameter but hiddenLayerSizes, which follows
   * @throws {ValueError|ShapeError|DtypeError} naming the argument
   * @example
   * const model = MLPRegressor.from({ coefs: [[[2], [3]]], intercepts: [[1]] });
   * model.predict([[10, 100]]); // Float64Array [321]
   */
  static from<P extends Numbers = TypedArray>(weights: GivenWeights<RegressorParameters>): MLPRegressor<P> {
    const { parameters, layers } = readAllWeights(weights, REGRESSOR_DEFAULTS, [], 'MLPRegressor.from');
    const model = create<P>(parameters);
    const { units } = layers[layers.length - 1];
    const { outputs } = model.endOf(undefined, units);
    if (outputs !== units) {
      throw new ShapeError(`"coefs" ends in ${units} outputs, but "quantiles" names ${outputs}`);
    }
    model.adopt(layers, undefined);
    return model;
  }

  /** The regressor that toJSON wrote. @param json it or its text @throws {ValueError} naming what is wrong with it */
  static fromJSON<P extends Numbers = TypedArray>(
    json: EstimatorJSON | string,
    options: JSONOptions = {},
  ): MLPRegressor<P> {
    const { parameters, network } = readEstimatorJSON(json, 'MLPRegressor', REGRESSOR_DEFAULTS, options);
    const model = create<P>(parameters);
    if (network) model.restore(network, undefined);
    return model;
  }

  protected override get watched(): Score {
    return this.parameters.loss === 'pinball' ? 'loss' : 'r2';
  }

  protected override endOf(_: LabelPlan | undefined, targets: number): End {
    return endFor(this.parameters, targets);
  }

  protected override endsOf(labels: LabelPlan | undefined, outputs: number): End[] {
    return [this.endOf(labels, outputs), ...endsFor(outputs)];
  }

  /** Those that its outputs are, if its loss is pinball. @throws {NotFittedError} */
  get quantiles(): readonly number[] | undefined {
    return quantilesOf(this.network);
  }

  protected override readTargets(y: unknown, reading: Reading): ReadTargets {
    const targets = copyNumbers(y, 'y');
    const { rows, cols, data } = targets instanceof Matrix ? targets : { rows: targets.length, cols: 1, data: targets };
    const wanted = this.endOf(undefined, cols);
    if (wanted.loss === 'poisson') {
      const wrong = data.findIndex((value) => value < 0);
      if (wrong >= 0) throw new ValueError(`"y" must not be negative with "loss" poisson, got ${data[wrong]}`);
    }
    if (cols > 1 && wanted.outputs !== cols) {
      throw new ShapeError(`"y" has ${cols} columns, but several "quantiles" are of one number a row`);
    }
    const least = this.watched === 'r2' ? 2 : 1;
    if (reading === 'divided') checkHeldOut(this.parameters, rows, least);
    if (reading === 'validation' && this.parameters.earlyStopping && rows < least) {
      throw new ValueError(
        `"y" has ${rows} row: its R2 says nothing, and "earlyStopping" goes by that; give ${least} rows`,
      );
    }
    return () => ({ y: targets, ...wanted, labels: undefined, classWeight: undefined });
  }

  /**
   * Trains on X, rows x features, and y, a number for each row or rows x outputs.
   *
   * @throws {ValueError|ShapeError|DtypeError} naming the argument; {NonFiniteError} where numbers leave the finite; the
   * signal's reason if it aborts
   */
  fit(X: RowsInput, y: MatrixInput | VectorInput, options: EstimatorFitOptions = {}): Promise<this> {
    return this.train(X, y, options);
  }

  /**
   * One epoch over some rows, going on with what earlier calls left. Calls that are not awaited queue, each with the rows that it
   * was given.
   *
   * @throws {ValueError} with lbfgs or earlyStopping
   */
  async partialFit(
    X: RowsInput,
    y: MatrixInput | VectorInput,
    options: { sampleWeight?: EstimatorFitOptions['sampleWeight'] } = {},
  ): Promise<this> {
    const { sampleWeight } = readOptions(options, ['sampleWeight'], 'partialFit');
    return this.trainOnce(X, y, undefined, sampleWeight);
  }

  /**
   * A number for each row; of several outputs or quantiles a Matrix, rows x outputs.
   *
   * @throws {NotFittedError} before fit; {NonFiniteError} if an output is not finite
   */
  predict(X: RowsInput): P {
    return shaped(this.forward(X)) as P;
  }

  /**
   * The same for many rows, a few milliseconds at a time: the event loop has its turn in between.
   *
   * @param X it must not change meanwhile
   * @throws what predict throws; the signal's reason if it aborts
   */
  async predictAsync(X: RowsInput, options: AsyncOptions = {}): Promise<P> {
    const result = new Gathered();
    await this.forwardAsync(X, options, 'predictAsync', (outputs, rows) => result.add(outputs, rows));
    return shaped(result.matrix) as P;
  }

  /** By `scoring`, or R2, of quantiles D2; of several outputs their mean; by weight if any are given. */
  score(X: RowsInput, y: MatrixInput | VectorInput, options: ScoringOptions<this, MatrixInput> = {}): number {
    return scoreBy(this, X, y, options, (weights) => scoreNumbers(this.quantiles, y, this.predict(X), weights));
  }
}

/** One output as numbers, several as they are. */
const shaped = (outputs: Matrix): Numbers => (outputs.cols === 1 ? outputs.data : outputs);
