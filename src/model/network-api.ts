// Further methods of networks, as types: what bitgrad/model gives to the class.

import type { Dtype, MatrixInput, RowsInput } from '../matrix/operand.js';
import type { Targets } from '../network/calls.js';
import type { Network } from '../network/network.js';
import type { NetworkPrediction } from './network-predictions.js';
import type { ScoringOptions } from './scoring.js';

/** Methods of a Network once `bitgrad/model` was imported. */
export interface NetworkMethods<D extends Dtype = Dtype> {
  /**
   * For each row: of crossEntropy the number of the most probable class, of binaryCrossEntropy 0 or 1, of several outputs an array of
   * them; of other losses a number, of several outputs a Matrix.
   *
   * @typeParam P what comes of this network
   * @throws {NonFiniteError} if an output is not finite
   * @example
   * import 'bitgrad/model';
   * const layers = [{ units: 2, activation: 'softmax', weights: [[-1, 1]] }];
   * network({ inputs: 1, layers, loss: 'crossEntropy' }).predict([[-3], [2]]); // [0, 1]
   */
  predict<P extends NetworkPrediction = NetworkPrediction>(X: RowsInput): P;
  /**
   * By `scoring`, or of classes their accuracy, of several at once the part of rows where all are right; of numbers R2, of quantiles D2,
   * the mean over outputs.
   *
   * @param y as the network's fit takes it
   */
  score(X: RowsInput, y: Targets, options?: ScoringOptions<Network<D>, MatrixInput>): number;
}

declare module '../network/network.js' {
  interface Network<D extends Dtype = Dtype> extends NetworkMethods<D> {}
}
