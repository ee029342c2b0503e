// What the classifier and the regressor share: parameters, a network, and how training maps to scikit-learn's.

import { engine as automatic } from '../automatic-engine.js';
import { copyPlain } from '../checks/copy-plain.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { refuseCloning } from '../checks/uncloneable.js';
import { checkFunction } from '../checks/values.js';
import { checkFitted } from '../data/fitted.js';
import type { Engine } from '../engine.js';
import { checkSignal } from '../host/abort-signal.js';
import type { LayerOptions } from '../layers/layers.js';
import { copyNumbers, keepRows, readShape } from '../matrix/copies.js';
import { INSPECT, type Matrix } from '../matrix/matrix.js';
import type { RowsInput, TypedArray } from '../matrix/operand.js';
import { blankNetwork, PARTS } from '../network/calls.js';
import type { NetworkJSON } from '../network/json.js';
import { elementsOfNetwork, type Network } from '../network/network.js';
import type { NetworkOptions } from '../network/plan.js';
import { random } from '../random/random.js';
import type { Carry } from '../train/loop/drive.js';
import type { EpochReport } from '../train/loop/history.js';
import { Online } from '../train/online.js';
import { type FitOptions, readCheckpointOptions, readFitOptions, readOwnOptions } from '../train/options.js';
import { type EstimatorJSON, estimatorJSON } from './estimator-json.js';
import { changedParameters, type MLPParameters } from './estimator-options.js';
import {
  adapt,
  checkEnd,
  checkUnchanged,
  ESTIMATOR_FIT_OPTIONS,
  type EstimatorFitOptions,
  epochOptions,
  fitOptions,
  isAdaptive,
  networkOptions,
  type Score,
} from './fit-options.js';
import { extendByOne, type FitRecord, newFitRecord, withCounts } from './fit-record.js';
import { type Fitted, learn } from './learn.js';
import { Learnt } from './learnt.js';
import { checkOutputs } from './outputs.js';
import { type AsyncOptions, inPieces, readAsyncOptions } from './pieces.js';
import { Queue } from './queue.js';
import { readEstimatorParameters } from './read-parameters.js';
import { checkOneEpoch, kept } from './solver.js';
import type { End, LabelPlan, Reading, ReadTargets, Task } from './task.js';
import { readValidation } from './validation.js';
import type { LayerWeights } from './weights.js';

/** A fitted estimator as plain data: all that it needs to predict, and to learn on. */
export interface EstimatorState extends FitRecord {
  readonly network: NetworkOptions;
  readonly parameters: TypedArray;
}

/** An estimator has its state under this key, to be saved and set again. */
export const STATE: unique symbol = Symbol('state');

export abstract class MLP<P extends MLPParameters> extends Learnt {
  readonly #name: string;
  readonly #defaults: Readonly<P>;
  #parameters: P;
  #fitted: Fitted | undefined;
  /** What partialFit goes on with where calls are small; ahead of what was recorded, if it is there. */
  #online: { readonly by: Online; readonly parameters: P; readonly end: End } | undefined;
  readonly #queue = new Queue();
  /** Whether a fit is running or waiting. */
  #fitting = false;

  /** @internal */
  protected constructor(name: string, given: Partial<P>, defaults: Readonly<P>) {
    super();
    this.#name = name;
    this.#defaults = defaults;
    this.#parameters = readEstimatorParameters(given, defaults, name);
    refuseCloning(
      this,
      'use toBytes(model) and fromBytes of bitgrad/model, or toJSON() and fromJSON: a clone would be without its network',
    );
  }

  /** What earlyStopping watches of the rows that are not trained on. */
  protected abstract get watched(): Score;

  /**
   * Copies and checks y.
   *
   * @param classes that were stated with them
   * @throws {ValueError|ShapeError|DtypeError} naming the argument
   */
  protected abstract readTargets(y: unknown, reading: Reading, classes?: unknown): ReadTargets;

  /** The network's end for these labels, or so many outputs. */
  protected abstract endOf(labels: LabelPlan | undefined, outputs: number): End;

  /** The ends that a network that was fitted may have: parameters may be others by now, for later fits. */
  protected endsOf(labels: LabelPlan | undefined, outputs: number): End[] {
    return [this.endOf(labels, outputs)];
  }

  /** The parameters themselves. */
  protected get parameters(): Readonly<P> {
    return this.#parameters;
  }

  /** A copy of the parameters. */
  getParams(): P {
    return readEstimatorParameters<P>({}, this.#parameters, this.#name);
  }

  /** Changes some parameters, for later calls of fit. @throws {ValueError} naming the parameter */
  setParams(parameters: Partial<P>): this {
    const before = this.#parameters;
    this.#parameters = readEstimatorParameters(parameters, before, this.#name);
    // Another optimizer makes nothing of what this one keeps.
    if (this.#fitted && kept(before) !== kept(this.#parameters)) {
      this.#fitted = { ...(this.#known as Fitted), optimizer: undefined };
      this.#endOnline();
    }
    return this;
  }

  /** An estimator with the same parameters that was not fitted. */
  clone(): this {
    return new (this.constructor as new (parameters: P) => this)(this.#parameters);
  }

  /** @throws {NotFittedError} */
  protected override get fitted(): Fitted {
    return checkFitted(this.#fitted, this.#name);
  }

  /** Whether it has learnt anything yet. */
  get isFitted(): boolean {
    return this.#fitted !== undefined;
  }

  /** Its class, and the parameters that are not the defaults. */
  override toString(): string {
    const changed = Object.entries(changedParameters(this.#parameters, this.#defaults));
    const text = (value: unknown) => (typeof value === 'number' ? String(value) : JSON.stringify(value));
    return `${this.#name}(${changed.map(([name, value]) => `${name}: ${text(value)}`).join(', ')})`;
  }

  [INSPECT](): string {
    return this.#fitted ? `${this} fitted\n${this.#fitted.net.summary()}` : `${this}`;
  }

  /**
   * Frees the network's memory; the estimator then is as it was before fit.
   *
   * @throws {ValueError} while it is being fitted, or predicts in pieces
   */
  dispose(): void {
    if (this.#queue.busy) {
      throw new ValueError(
        `this ${this.#name} is in use by a call that has not ended (fit, partialFit or predictAsync): ` +
          'await that, or abort its signal, before dispose()',
      );
    }
    this.#endOnline();
    this.#fitted?.net.dispose();
    this.#fitted = undefined;
  }

  #endOnline(): void {
    this.#online?.by.dispose();
    this.#online = undefined;
  }

  /** All that is known, what partialFit did at once among it. */
  get #known(): Fitted | undefined {
    const { by } = this.#online ?? {};
    return by && this.#fitted ? { ...this.#fitted, ...by.read() } : this.#fitted;
  }

  /** @internal */
  get [STATE](): EstimatorState {
    const { net, ...progress } = checkFitted(this.#known, this.#name);
    return { ...copyPlain(progress), network: net.options, parameters: elementsOfNetwork(net).slice() };
  }

  set [STATE]({ network, parameters, ...progress }: EstimatorState) {
    const net = blankNetwork<Network>(this.#engine.Network, network);
    net.parameters = parameters;
    this.#keep({ ...withCounts(copyPlain(progress)), net });
  }

  get #engine(): Engine {
    return this.#parameters.engine ?? automatic;
  }

  /** The outputs for X, rows x outputs. */
  protected forward(X: RowsInput): Matrix {
    const { net } = this.fitted;
    const { cols } = readShape(X, 'X');
    if (cols !== net.inputs) {
      throw new ShapeError(`"X" has ${cols} columns, but this ${this.#name} was fitted with ${net.inputs}`);
    }
    return checkOutputs(net.forward(X));
  }

  /** Makes it one that was fitted, with these layers. @throws {ShapeError|ValueError} */
  protected adopt(layers: readonly LayerWeights[], labels: LabelPlan | undefined): void {
    const p = this.#parameters;
    const { inputs, units } = { inputs: layers[0].inputs, units: layers[layers.length - 1].units };
    const options = networkOptions(p, inputs, this.endOf(labels, units), p.dtype ?? 'f64');
    let at = 0;
    const given = (options.layers as LayerOptions[]).map((layer) => {
      if (layer.kind === 'dropout') return layer;
      const { weights, biases } = layers[at++];
      return { ...layer, weights, biases };
    });
    this.#keep({ ...newFitRecord(labels, p.randomState), net: this.#engine.network({ ...options, layers: given }) });
  }

  /** What toJSON wrote of a network. @throws {ValueError} */
  protected restore(json: NetworkJSON, labels: LabelPlan | undefined): void {
    const net = this.#engine.Network.fromJSON(json);
    try {
      checkEnd(net, this.endsOf(labels, net.outputs));
    } catch (error) {
      net.dispose();
      throw error;
    }
    this.#keep({ ...newFitRecord(labels, this.#parameters.randomState), net });
  }

  /**
   * Plain JSON, which fromJSON takes back to predict the same bits: the parameters that are not defaults (not the engine), the
   * labels, the network. What is needed to go on as if nothing had happened (optimizer, curves) it leaves to toBytes.
   *
   * @throws {ValueError} of more than a million parameters
   */
  toJSON(): EstimatorJSON {
    const fitted = this.#fitted;
    return estimatorJSON(this.#name, this.#parameters, this.#defaults, fitted?.net, fitted?.labels);
  }

  /** Calls `each` with the outputs for X, a few rows at a time. @param each is told the rows of all X, too */
  protected forwardAsync(
    X: RowsInput,
    options: AsyncOptions,
    where: string,
    each: (outputs: Matrix, rows: number) => void,
  ): Promise<void> {
    const signal = readAsyncOptions(options, where);
    const work = () => inPieces(X, signal, (piece, rows) => each(this.forward(piece), rows));
    return this.#queue.take(work, signal);
  }

  /** @internal */
  protected async train(X: RowsInput, y: unknown, options: EstimatorFitOptions): Promise<this> {
    const given = readOptions(options, ESTIMATOR_FIT_OPTIONS, 'fit');
    const { signal, onEpoch, validationData, checkpoint } = given;
    checkSignal(signal);
    checkFunction(onEpoch, 'onEpoch');
    if (this.#fitting) throw new ValueError(`this ${this.#name} is being fitted: await that first`);
    const p = this.#parameters;
    const targets = this.readTargets(y, validationData === undefined ? 'divided' : 'whole');
    const waits = this.#queue.busy;
    const readUnseen = (y: unknown) => this.readTargets(y, 'validation');
    const unseen = validationData === undefined ? undefined : readValidation(validationData, waits, readUnseen);
    // Where a relative path leads at this moment.
    given.checkpoint = readCheckpointOptions(checkpoint);
    const rows = waits ? keepRows(X, 'X') : X;
    if (waits && given.sampleWeight) given.sampleWeight = copyNumbers(given.sampleWeight, 'sampleWeight');
    this.#fitting = true;
    try {
      await this.#queue.take(async () => {
        const before = p.warmStart ? this.#known : undefined;
        const task = targets(before?.labels);
        // scikit-learn makes a new optimizer at each fit; what that knows of the past are the rows seen.
        const start = { ...this.#begin(p, rows, task, before), cuts: 0, plateau: undefined };
        const carry = { random: start.random, samplesSeen: start.samplesSeen };
        const { classWeight, labels } = task;
        const read = { ...given, classWeight, validationData: unseen?.(labels) };
        await this.#run(rows, task.y, fitOptions(p, this.watched, read), start, carry);
      }, signal);
      return this;
    } finally {
      this.#fitting = false;
    }
  }

  /** @internal */
  protected async trainOnce(
    X: RowsInput,
    y: unknown,
    classes: unknown,
    sampleWeight: EstimatorFitOptions['sampleWeight'],
  ): Promise<this> {
    const p = this.#parameters;
    checkOneEpoch(p);
    for (const name of ['earlyStopping', 'averaging'] as const) {
      if (p[name]) throw new ValueError(`partialFit does not go with "${name}": one call is one epoch`);
    }
    const targets = this.readTargets(y, 'part', classes);
    const rows = keepRows(X, 'X');
    const weights = sampleWeight && copyNumbers(sampleWeight, 'sampleWeight');
    await this.#queue.take(async () => {
      const task = targets(this.#fitted?.labels);
      if (!weights && !task.classWeight && this.#learnAtOnce(p, rows, task)) return;
      const start = this.#begin(p, rows, task, this.#known);
      const { random, samplesSeen, optimizer, cuts } = start;
      const { classWeight } = task;
      const options = epochOptions(p, this.watched, { sampleWeight: weights, classWeight }, cuts);
      await this.#run(rows, task.y, options, start, { random, samplesSeen, optimizer });
      this.#fitted = { ...this.fitted, ...adapt(p, this.fitted, this.loss, this.nIter) };
    });
    return this;
  }

  /** Whether an epoch over these rows was done at once: where the network is there, and the rows are few. */
  #learnAtOnce(p: P, rows: RowsInput & { rows: number; cols: number }, task: Task): boolean {
    const fitted = this.#fitted;
    const { outputs, activation, loss } = task;
    if (!fitted || fitted.net.disposed || fitted.net[PARTS].busy || rows.cols !== fitted.net.inputs) return false;
    const { parameters, end } = this.#online ?? {};
    const goesOn = parameters === p && end?.outputs === outputs && end.activation === activation && end.loss === loss;
    if (!goesOn) {
      if (isAdaptive(p) || p.clipNorm || p.clipValue) return false;
      checkUnchanged(fitted.net, networkOptions(p, rows.cols, task, p.dtype ?? fitted.net.dtype));
      const { options } = readOwnOptions(epochOptions(p, this.watched, {}, 0));
      const plan = readFitOptions(options, fitted.net[PARTS].plan);
      const by = new Online(fitted.net, plan, this.#known as Fitted);
      this.#endOnline();
      this.#online = { by, parameters: p, end: { outputs, activation, loss } };
    }
    const { by } = this.#online as { by: Online };
    const learned = by.fits(rows.rows) ? by.epoch(rows, task.y) : undefined;
    if (learned === undefined) return false;
    const { rate, samplesSeen } = by;
    this.#fitted = { ...extendByOne(fitted, learned, rate), samplesSeen, stopReason: 'epochs' };
    return true;
  }

  /** The network to go on with, or a new one; with what is known of it. */
  #begin(p: P, X: RowsInput, task: Task, before: Fitted | undefined): Fitted {
    const operand = readShape(X, 'X');
    const dtype = p.dtype ?? before?.net.dtype ?? operand.dtype ?? 'f64';
    const options = networkOptions(p, operand.cols, task, dtype);
    if (before) {
      checkUnchanged(before.net, options);
      return before;
    }
    const net = (p.engine ?? automatic).network(options);
    const rng = random(p.randomState);
    rng.rand(net[PARTS].plan.size); // as many as the initial parameters took: training draws on from there
    return { ...newFitRecord(task.labels, p.randomState), random: rng.state, net };
  }

  async #run(X: RowsInput, y: Task['y'], options: FitOptions, start: Fitted, carry: Carry): Promise<void> {
    const { onEpoch } = options;
    const called = onEpoch && ((report: EpochReport) => this.#queue.callback(() => onEpoch(report)));
    const isNew = start.net !== this.#fitted?.net;
    const { fitted, aborted } = await learn(start, isNew, { X, y }, { ...options, onEpoch: called }, carry);
    this.#keep(fitted);
    if (aborted) throw aborted.reason;
  }

  #keep(fitted: Fitted): void {
    this.#endOnline();
    if (this.#fitted && this.#fitted.net !== fitted.net) this.#fitted.net.dispose();
    this.#fitted = fitted;
  }
}
