// What a fit leaves of an estimator, as it is shown.

import { Matrix } from '../matrix/matrix.js';
import { elementsOf, type TypedArray } from '../matrix/operand.js';
import type { Network } from '../network/network.js';
import type { Fitted } from './learn.js';

export abstract class Learnt {
  /** @throws {NotFittedError} */
  protected abstract get fitted(): Fitted;

  /** The network itself. Fitting anew disposes of it, unless warmStart is on. */
  get network(): Network {
    return this.fitted.net;
  }

  /** Each layer's weights, inputs x units: copies. */
  get coefs(): Matrix[] {
    const weights = this.fitted.net.weights.filter(Boolean); // dropout has none
    return weights.map((each) => new Matrix(each.rows, each.cols, elementsOf(each).slice()));
  }

  /** Each layer's biases: copies. */
  get intercepts(): TypedArray[] {
    return this.fitted.net.biases.flatMap((biases) => (biases ? [elementsOf(biases).slice()] : []));
  }

  /** Columns of X at fit. @throws {NotFittedError} before fit */
  get nFeaturesIn(): number {
    return this.fitted.net.inputs;
  }

  /** Epochs, of lbfgs iterations, of all fits that went on from one another. */
  get nIter(): number {
    return this.fitted.nIter;
  }

  /**
   * The loss of each epoch: the mean over its batches, with the penalty. Up to 16,384 epochs it has them all, beyond that every
   * 2nd, then every 4th, ... and the last.
   */
  get lossCurve(): number[] {
    return [...this.fitted.lossCurve];
  }

  /** The last of those; NaN before the first epoch, of weights that were given. */
  get loss(): number {
    const { lossCurve } = this.fitted;
    return lossCurve.length > 0 ? lossCurve[lossCurve.length - 1] : Number.NaN;
  }

  /** The learning rate of each epoch, of as many as lossCurve. */
  get learningRates(): number[] {
    return [...this.fitted.learningRates];
  }

  /**
   * The loss of the rows that were held out, or given as validation data, after each epoch, of as many as lossCurve, without the
   * penalty; NaN for epochs that had none. undefined without any.
   */
  get validationLoss(): number[] | undefined {
    const { validationLoss } = this.fitted;
    return validationLoss.length > 0 ? [...validationLoss] : undefined;
  }

  /**
   * Accuracy or R2 of the held-out rows after each epoch, of as many as lossCurve; undefined without earlyStopping, and of quantiles,
   * where that watches their loss.
   */
  get validationScores(): number[] | undefined {
    const { validationScores } = this.fitted;
    return validationScores.length > 0 ? [...validationScores] : undefined;
  }

  /** The least loss of all epochs; undefined with earlyStopping, which watches the rows that are not trained on. */
  get bestLoss(): number | undefined {
    const { nScores, bestLoss } = this.fitted;
    return nScores > 0 || bestLoss === Infinity ? undefined : bestLoss;
  }

  /** The greatest score of all epochs; undefined without earlyStopping, and of quantiles. */
  get bestValidationScore(): number | undefined {
    const { nScores, bestScore } = this.fitted;
    return nScores > 0 ? bestScore : undefined;
  }

  /** Whether training ended because nothing improved any more; false: maxIter ended it, or a callback. */
  get converged(): boolean {
    return ['earlyStopping', 'learningRate', 'converged'].includes(this.fitted.stopReason);
  }
}
