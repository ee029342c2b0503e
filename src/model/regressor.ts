// MLPRegressor: one number or several for each row.

import { r2Score } from '../data/metrics.js';
import type { NumberArray } from '../data/tables.js';
import { checkOptions, ValueError } from '../errors.js';
import type { Matrix } from '../matrix.js';
import { copyRows, type MatrixInput, newArray, readOperand, type TypedArray, type VectorInput } from '../operand.js';
import { REGRESSOR_DEFAULTS, type RegressorParameters } from './estimator-options.js';
import { type EstimatorFitOptions, MLP, type Task } from './mlp.js';

/**
 * A network that learns numbers, with scikit-learn's parameters, defaults and stopping rules.
 *
 * @example
 * const X = [[0], [1], [2], [3]];
 * const y = [1, 3, 5, 7];
 * const model = new MLPRegressor({ hiddenLayerSizes: 8, activation: 'tanh', solver: 'lbfgs', background: false });
 * await model.fit(X, y);
 * model.score(X, y) > 0.99; // true
 */
export class MLPRegressor extends MLP<RegressorParameters> {
  /** @throws {ValueError|DtypeError} naming the parameter */
  constructor(parameters: Partial<RegressorParameters> = {}) {
    super('MLPRegressor', 'r2', parameters, REGRESSOR_DEFAULTS);
  }

  protected override readTargets(y: unknown, _before: undefined, _classes: undefined, partial: boolean): Task {
    const operand = readOperand(y, 'y');
    const { rows, cols } = operand;
    const poisson = this.getParams().loss === 'poisson';
    if (poisson) {
      const data = newArray('f64', rows * cols);
      copyRows(operand, data, 0, 0, rows);
      const wrong = data.findIndex((value) => value < 0);
      if (wrong >= 0) throw new ValueError(`"y" must not be negative with "loss" poisson, got ${data[wrong]}`);
    }
    if (!partial) this.checkHeldOut(rows, 2);
    return {
      y: y as MatrixInput | VectorInput,
      outputs: cols,
      activation: poisson ? 'exp' : 'identity',
      loss: poisson ? 'poisson' : 'squaredError',
      labels: undefined,
    };
  }

  /**
   * Trains on X, rows x features, and y, a number for each row or rows x outputs.
   *
   * @throws {ValueError|ShapeError|DtypeError} naming the argument; {NonFiniteError} where numbers leave the finite; the
   * signal's reason if it aborts
   */
  fit(X: MatrixInput, y: MatrixInput | VectorInput, options: EstimatorFitOptions = {}): Promise<this> {
    return this.train(X, y, options);
  }

  /** One epoch over some rows, going on with what earlier calls left. @throws {ValueError} with lbfgs or earlyStopping */
  async partialFit(
    X: MatrixInput,
    y: MatrixInput | VectorInput,
    options: { sampleWeight?: EstimatorFitOptions['sampleWeight'] } = {},
  ): Promise<this> {
    checkOptions(options, ['sampleWeight'], 'partialFit');
    return this.trainOnce(X, y, undefined, options.sampleWeight);
  }

  /**
   * A number for each row; of several outputs a Matrix, rows x outputs.
   *
   * @throws {NotFittedError} before fit; {NonFiniteError} if an output is not finite
   */
  predict<R extends TypedArray | Matrix = TypedArray>(X: MatrixInput): R {
    const outputs = this.forward(X);
    return (outputs.cols === 1 ? outputs.data : outputs) as R;
  }

  /** The coefficient of determination R2, of several outputs their mean; by weight if any are given. */
  score(
    X: MatrixInput,
    y: MatrixInput | VectorInput,
    options: { sampleWeight?: EstimatorFitOptions['sampleWeight'] } = {},
  ): number {
    checkOptions(options, ['sampleWeight'], 'score');
    const sampleWeight = options.sampleWeight as NumberArray | undefined;
    return r2Score(y, this.predict<TypedArray | Matrix>(X), { sampleWeight });
  }
}
