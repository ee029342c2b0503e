// NetworkEstimator: any network, with what pipelines and cross-validation ask of an estimator.

import { engine as automatic } from '../automatic-engine.js';
import { ValueError } from '../checks/errors.js';
import { own, readOptions } from '../checks/read-options.js';
import { refuseCloning } from '../checks/uncloneable.js';
import { checkFunction, isObject, refuseValue } from '../checks/values.js';
import { readJSON } from '../data/fitted-json.js';
import { checkSignal } from '../host/abort-signal.js';
import { addMore } from '../layers/add-more.js';
import { INSPECT, type Matrix } from '../matrix/matrix.js';
import type { MatrixInput, RowsInput, TypedArray } from '../matrix/operand.js';
import { snapshot } from '../matrix/snapshot.js';
import type { Targets } from '../network/calls.js';
import type { NetworkJSON } from '../network/json.js';
import { checkNetwork, elementsOfNetwork, type Network } from '../network/network.js';
import type { EpochReport, History } from '../train/loop/history.js';
import { type FitOptions, readCheckpointOptions, readOwnOptions } from '../train/options.js';
import { run } from '../train/train.js';
import type { JSONOptions } from './estimator-json.js';
import { ESTIMATOR_FIT_OPTIONS, type EstimatorFitOptions } from './fit-options.js';
import { asNow, ownFitOptions } from './later.js';
import {
  labelsOf,
  type NetworkPrediction,
  predictionFrom,
  probabilitiesOf,
  scoreNetwork,
} from './network-predictions.js';
import { checkOutputs } from './outputs.js';
import { type AsyncOptions, Gathered, inPieces, readAsyncOptions } from './pieces.js';
import { Queue } from './queue.js';
import { quantilesOf } from './regressor-losses.js';
import type { ScoringOptions } from './scoring.js';
import { logarithms } from './targets.js';

/** Those of fit that stay the same from fit to fit; the others are given to it. */
export type NetworkFitOptions = Omit<FitOptions, keyof EstimatorFitOptions | 'onBatch' | 'callbacks'>;

const KIND = 'NetworkEstimator';

/** What {@link NetworkEstimator} is as plain JSON. */
export interface NetworkEstimatorJSON {
  /** Tells it from what other classes write. */
  kind: typeof KIND;
  /** Of its fit. */
  options: NetworkFitOptions;
  network: NetworkJSON;
}

const OF_FIT = [...ESTIMATOR_FIT_OPTIONS, 'onBatch', 'callbacks'];

// Outside the class, as src/matrix/matrix.ts says.
const create = <P extends NetworkPrediction>(net: Network, options: NetworkFitOptions) =>
  new NetworkEstimator<P>(net, options);

/**
 * A network of any form as an estimator: `predict`, `score`, and a place at the end of a pipeline. Targets are what its own `fit`
 * takes: of classes their numbers.
 *
 * @typeParam P what predict gives
 * @example
 * const net = network({ inputs: 1, layers: [{ units: 2, activation: 'softmax' }], loss: 'crossEntropy' });
 * const model = new Pipeline([new StandardScaler(), new NetworkEstimator(net, { epochs: 50, optimizer: 'lbfgs' })]);
 * await model.fit([[100], [110], [180], [190]], [0, 0, 1, 1]);
 * model.predict([[105], [185]]); // [0, 1]
 */
export class NetworkEstimator<P extends NetworkPrediction = NetworkPrediction> {
  readonly #network: Network;
  readonly #initial: TypedArray;
  readonly #queue = new Queue();
  #options: NetworkFitOptions;
  #history: History | undefined;

  /**
   * @param net it is the estimator's from now on: each fit begins with the parameters that it has now
   * @param options of its fit, but for those that belong to rows
   * @throws {ValueError} naming the argument
   */
  constructor(net: Network, options: NetworkFitOptions = {}) {
    checkNetwork(net);
    this.#network = net;
    this.#initial = elementsOfNetwork(net).slice();
    this.#options = readFitting(options);
    refuseCloning(this, 'send network.parameters.slice(), or toBytes(estimator.network) of bitgrad/model');
  }

  /** The network itself, which `fit` trains. */
  get network(): Network {
    return this.#network;
  }

  /** A copy of the options. */
  getParams(): NetworkFitOptions {
    return snapshot(this.#options);
  }

  /** Changes some options, for later calls of fit. @throws {ValueError} naming the option */
  setParams(options: NetworkFitOptions): this {
    this.#options = readFitting({ ...this.#options, ...options });
    return this;
  }

  /** An estimator over a network of its own, with the parameters that this one's fit begins with. */
  clone(): NetworkEstimator<P> {
    const net = this.network.clone();
    net.parameters = this.#initial;
    return create<P>(net, this.#options);
  }

  /** Of the last fit; undefined before. */
  get history(): History | undefined {
    return this.#history;
  }

  /** Whether what it predicts are classes. */
  get classifies(): boolean {
    return labelsOf(this.network) !== undefined;
  }

  /** The classes' numbers; undefined if it predicts numbers. */
  get classes(): number[] | undefined {
    const labels = labelsOf(this.network);
    return labels && [...(labels.classes as number[])];
  }

  /** Those that its outputs are, if its loss is pinball. */
  get quantiles(): readonly number[] | undefined {
    return quantilesOf(this.network);
  }

  /**
   * Trains the network anew. If that fails it is as it was; if it is aborted, as after the last finished epoch.
   *
   * @param y as the network's own fit takes it
   * @throws what that throws; {ValueError} for an option that does not belong to rows
   */
  async fit(X: RowsInput, y: Targets, options: EstimatorFitOptions = {}): Promise<this> {
    const waits = this.#queue.busy;
    const given = ownFitOptions(readOptions(options, ESTIMATOR_FIT_OPTIONS, 'fit'), waits);
    const { signal, onEpoch } = given;
    checkSignal(signal);
    checkFunction(onEpoch, 'onEpoch');
    given.checkpoint = readCheckpointOptions(given.checkpoint);
    const set = waits ? { X: asNow(X), y: asNow(y) } : { X, y };
    await this.#queue.take(() => this.#fit(set, given), signal);
    return this;
  }

  async #fit(set: { X: RowsInput; y: Targets }, given: EstimatorFitOptions): Promise<void> {
    const { network: net } = this;
    const { signal, onEpoch } = given;
    const before = elementsOfNetwork(net).slice();
    let epochs = 0;
    const counted = (report: EpochReport) => {
      epochs++;
      return onEpoch && this.#queue.callback(() => onEpoch(report));
    };
    net.parameters = this.#initial;
    try {
      const options = { ...this.#options, ...given, onEpoch: signal || onEpoch ? counted : undefined };
      this.#history = (await run(net, set, options as FitOptions, {})).history;
    } catch (error) {
      if (!(signal?.aborted && epochs > 0)) net.parameters = before;
      throw error;
    }
  }

  #shaped(outputs: Matrix): P {
    return predictionFrom(this.network, outputs) as P;
  }

  async #inPieces<R>(name: string, X: RowsInput, options: AsyncOptions, shape: (outputs: Matrix) => R): Promise<R> {
    const signal = readAsyncOptions(options, name);
    const outputs = new Gathered();
    const each = (piece: RowsInput, rows: number) => outputs.add(this.network.forward(piece), rows);
    await this.#queue.take(() => inPieces(X, signal, each), signal);
    return shape(checkOutputs(outputs.matrix));
  }

  /**
   * For each row: of crossEntropy the number of the most probable class, of binaryCrossEntropy 0 or 1, of several outputs an array of
   * them; of other losses a number, of several outputs a Matrix.
   *
   * @throws {NonFiniteError} if an output is not finite
   */
  predict(X: RowsInput): P {
    return this.#shaped(checkOutputs(this.network.forward(X)));
  }

  /**
   * The same for many rows, a few milliseconds at a time: the event loop has its turn in between.
   *
   * @param X it must not change meanwhile
   * @throws what predict throws; the signal's reason if it aborts
   */
  predictAsync(X: RowsInput, options: AsyncOptions = {}): Promise<P> {
    return this.#inPieces('predictAsync', X, options, (outputs) => this.#shaped(outputs));
  }

  /** The probability of each class, rows x classes. @throws {ValueError} if it predicts numbers */
  predictProba(X: RowsInput): Matrix {
    return probabilitiesOf(this.network, checkOutputs(this.network.forward(X)));
  }

  /** The same a few milliseconds at a time, as predictAsync. */
  predictProbaAsync(X: RowsInput, options: AsyncOptions = {}): Promise<Matrix> {
    return this.#inPieces('predictProbaAsync', X, options, (outputs) => probabilitiesOf(this.network, outputs));
  }

  /** The natural logarithms of predictProba. */
  predictLogProba(X: RowsInput): Matrix {
    return logarithms(this.predictProba(X));
  }

  /**
   * By `scoring`, or accuracy of classes, of several at once the part of rows where all are right; of numbers R2, of quantiles D2, of
   * several outputs their mean.
   */
  score(X: RowsInput, y: Targets, options: ScoringOptions<this, MatrixInput> = {}): number {
    return scoreNetwork(this.network, this, X, y, options);
  }

  /**
   * Plain JSON, which fromJSON takes back to predict the same bits: the options and the network. A fit of what was read begins with the
   * parameters that were written.
   *
   * @throws {ValueError} of options that are functions
   */
  toJSON(): NetworkEstimatorJSON {
    const options = this.getParams();
    const wrong = Object.entries(options).find(([, value]) => typeof value === 'function');
    if (wrong)
      throw new ValueError(`"${wrong[0]}" is a function, which cannot be written down: set it by setParams before`);
    return { kind: KIND, options: { ...options }, network: this.network.toJSON() };
  }

  /** The estimator that toJSON wrote. @param json it or its text @throws {ValueError} naming what is wrong with it */
  static fromJSON<P extends NetworkPrediction = NetworkPrediction>(
    json: NetworkEstimatorJSON | string,
    options: JSONOptions = {},
  ): NetworkEstimator<P> {
    const { engine = automatic } = readOptions(options, ['engine'], `${KIND}.fromJSON`);
    const source = readJSON<NetworkEstimatorJSON>(json, KIND);
    const given: unknown = own(source, 'options');
    if (!isObject(given)) return refuseValue('json.options', 'an object', given);
    addMore();
    const net: Network = engine.Network.fromJSON(own(source, 'network') as NetworkJSON);
    try {
      return create<P>(net, given as NetworkFitOptions);
    } catch (error) {
      net.dispose();
      throw error;
    }
  }

  /** As the code that makes it. */
  toString(): string {
    return `NetworkEstimator(${JSON.stringify(this.#options)})`;
  }

  [INSPECT](): string {
    return `${this}\n${this.network.disposed ? 'disposed' : this.network.summary()}`;
  }

  /** Frees the network's memory. @throws {ValueError} while it is being fitted, or predicts in pieces */
  dispose(): void {
    if (this.#queue.busy) {
      throw new ValueError('this NetworkEstimator is in use by a call that has not ended: await that before dispose()');
    }
    this.network.dispose();
  }
}

/** @throws {ValueError} naming the option */
function readFitting(given: NetworkFitOptions): NetworkFitOptions {
  const { options } = readOwnOptions(given as FitOptions);
  const wrong = OF_FIT.find((name) => Object.hasOwn(options, name));
  if (wrong) throw new ValueError(`"${wrong}" belongs to one fit: give it to fit(X, y, { ${wrong} })`);
  return { ...options };
}
