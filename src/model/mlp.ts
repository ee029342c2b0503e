// What the classifier and the regressor share: parameters, a network, and how training maps to scikit-learn's.

import { checkFitted } from '../data/errors.js';
import type { Label } from '../data/labels.js';
import { trainTestIndices } from '../data/splits.js';
import type { Engine } from '../engine.js';
import { checkOptions, NonFiniteError, ShapeError, ValueError } from '../errors.js';
import { engine as automatic } from '../index.js';
import { Matrix } from '../matrix.js';
import type { ActivationName } from '../network/activations.js';
import type { LossName } from '../network/losses.js';
import type { Network } from '../network/network.js';
import type { NetworkOptions } from '../network/options.js';
import { type MatrixInput, readMatrix, type TypedArray, type VectorInput } from '../operand.js';
import { type RandomStateJSON, random } from '../random.js';
import type { Carry } from '../train/drive.js';
import type { EpochReport, StopReason } from '../train/history.js';
import type { OptimizerState } from '../train/optimizers.js';
import { type AbortSignalLike, type FitOptions, validationName } from '../train/options.js';
import type { PlateauState } from '../train/plateau.js';
import { run } from '../train/training.js';
import { blankNetwork } from './blank.js';
import { type MLPParameters, readParameters } from './estimator-options.js';
import { adapt, checkSame, epochOptions, fitOptions, networkOptions, type Score } from './fit-options.js';
import type { LabelPlan } from './targets.js';

export interface EstimatorFitOptions {
  /** One weight for each row, 0 or more. */
  sampleWeight?: VectorInput | MatrixInput;
  /** Stops within one batch: the promise rejects with its reason, the estimator keeps the last finished epoch. */
  signal?: AbortSignalLike;
  /** After each epoch; returning false stops. */
  onEpoch?: (report: EpochReport) => unknown;
}

/** Targets as a network takes them, and the network's end that belongs to them. */
export interface Task {
  readonly y: MatrixInput | ArrayLike<number>;
  readonly outputs: number;
  readonly activation: ActivationName;
  readonly loss: LossName;
  /** Of a classifier. */
  readonly labels: LabelPlan | undefined;
}

/** What training left: plain data but for the network. */
interface Progress {
  readonly labels: LabelPlan | undefined;
  readonly optimizer: OptimizerState | undefined;
  readonly random: RandomStateJSON;
  readonly samplesSeen: number;
  /** How often adaptive has divided the rate, and the plateau it watches. */
  readonly cuts: number;
  readonly plateau: PlateauState | undefined;
  readonly stopReason: StopReason;
  readonly lossCurve: number[];
  readonly validationScores: number[];
  readonly learningRates: number[];
}

interface Fitted extends Progress {
  readonly net: Network;
}

/** A fitted estimator as plain data: all that it needs to predict, and to learn on. */
export interface EstimatorState extends Progress {
  readonly network: NetworkOptions;
  readonly parameters: TypedArray;
}

/** An estimator has its state under this key, to be saved and set again. */
export const STATE: unique symbol = Symbol('state');

export abstract class MLP<P extends MLPParameters> {
  readonly #name: string;
  readonly #score: Score;
  readonly #defaults: Readonly<P>;
  #parameters: P;
  #fitted: Fitted | undefined;
  #busy = false;

  /** @internal */
  protected constructor(name: string, score: Score, given: Partial<P>, defaults: Readonly<P>) {
    this.#name = name;
    this.#score = score;
    this.#defaults = defaults;
    this.#parameters = readParameters(given, defaults, name);
  }

  /** @param before of the fit that this one continues */
  protected abstract readTargets(y: unknown, before: LabelPlan | undefined, classes: unknown, partial: boolean): Task;

  /** A copy of the parameters. */
  getParams(): P {
    return readParameters<P>({}, this.#parameters, this.#name);
  }

  /** Changes some parameters, for later calls of fit. @throws {ValueError} naming the parameter */
  setParams(parameters: Partial<P>): this {
    this.#parameters = readParameters(parameters, this.#parameters, this.#name);
    return this;
  }

  /** An estimator with the same parameters that was not fitted. */
  clone(): this {
    return new (this.constructor as new (parameters: P) => this)(this.#parameters);
  }

  /** @throws {NotFittedError} */
  protected get fitted(): Fitted {
    return checkFitted(this.#fitted, this.#name);
  }

  get isFitted(): boolean {
    return this.#fitted !== undefined;
  }

  /** The network itself. Fitting anew disposes of it, unless warmStart is on. */
  get network(): Network {
    return this.fitted.net;
  }

  /** Each layer's weights, inputs x units: copies. */
  get coefs(): Matrix[] {
    return this.fitted.net.weights.map(({ rows, cols, data }) => new Matrix(rows, cols, data.slice()));
  }

  /** Each layer's biases: copies. */
  get intercepts(): TypedArray[] {
    return this.fitted.net.biases.map((biases) => (biases as Matrix).data.slice());
  }

  get nFeaturesIn(): number {
    return this.fitted.net.inputs;
  }

  /** Epochs, of lbfgs iterations, of all fits that went on from one another. */
  get nIter(): number {
    return this.fitted.lossCurve.length;
  }

  /** The loss of each epoch: the mean over its batches, with the penalty. */
  get lossCurve(): number[] {
    return [...this.fitted.lossCurve];
  }

  /** The last of those. */
  get loss(): number {
    return this.fitted.lossCurve[this.nIter - 1];
  }

  /** The learning rate of each epoch. */
  get learningRates(): number[] {
    return [...this.fitted.learningRates];
  }

  /** Accuracy or R2 of the held-out rows after each epoch; undefined without earlyStopping. */
  get validationScores(): number[] | undefined {
    const { validationScores } = this.fitted;
    return validationScores.length > 0 ? [...validationScores] : undefined;
  }

  /** The least of lossCurve; undefined with earlyStopping, which watches the score. */
  get bestLoss(): number | undefined {
    const { validationScores, lossCurve } = this.fitted;
    return validationScores.length > 0 ? undefined : lossCurve.reduce((a, b) => Math.min(a, b));
  }

  /** The greatest of validationScores. */
  get bestValidationScore(): number | undefined {
    const { validationScores } = this.fitted;
    return validationScores.length > 0 ? validationScores.reduce((a, b) => Math.max(a, b)) : undefined;
  }

  /** Whether training ended because nothing improved any more; false: maxIter ended it, or a callback. */
  get converged(): boolean {
    return ['earlyStopping', 'learningRate', 'converged'].includes(this.fitted.stopReason);
  }

  /** Its class, and the parameters that are not the defaults. */
  toString(): string {
    const { engine: _, ...parameters } = this.#parameters;
    const changed = Object.entries(parameters).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(this.#defaults[name as keyof P]),
    );
    return `${this.#name}(${changed.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ')})`;
  }

  /** What console.log shows in Node, Deno and Bun. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.#fitted ? `${this} fitted\n${this.#fitted.net.summary()}` : `${this}`;
  }

  /** Frees the network's memory; the estimator then is as it was before fit. */
  dispose(): void {
    this.#fitted?.net.dispose();
    this.#fitted = undefined;
  }

  /** @internal */
  get [STATE](): EstimatorState {
    const { net, ...progress } = this.fitted;
    return { ...structuredClone(progress), network: net.options, parameters: net.parameters.slice() };
  }

  set [STATE]({ network, parameters, ...progress }: EstimatorState) {
    const net = blankNetwork(this.#engine, network);
    net.parameters = parameters;
    this.#fitted?.net.dispose();
    this.#fitted = { ...structuredClone(progress), net };
  }

  get #engine(): Engine {
    return this.#parameters.engine ?? automatic;
  }

  /**
   * Refuses earlyStopping where the rows cannot be divided: in words of its own, before training begins.
   *
   * @param source how many rows, or their labels, of which each part gets its share
   * @param least rows that a score needs
   */
  protected checkHeldOut(source: number | ArrayLike<Label>, least: number): void {
    const { earlyStopping, validationFraction, solver } = this.#parameters;
    if (!earlyStopping || solver === 'lbfgs') return;
    const refuse = (reason: string, cause?: unknown): never => {
      throw new ValueError(
        `"earlyStopping" cannot hold out a "validationFraction" of ${validationFraction}: ${reason}; give more rows, ` +
          'another fraction, or no earlyStopping',
        { cause },
      );
    };
    let held = 0;
    try {
      held = trainTestIndices(source, { testSize: validationFraction }, random(0)).test.length;
    } catch (error) {
      refuse((error as Error).message, error);
    }
    if (held < least) refuse(`the score of ${held} row says nothing, ${least} are needed`);
  }

  /** The outputs for X, rows x outputs. */
  protected forward(X: MatrixInput): Matrix {
    const { net } = this.fitted;
    const { cols } = readMatrix(X, 'X');
    if (cols !== net.inputs) {
      throw new ShapeError(`"X" has ${cols} columns, but this ${this.#name} was fitted with ${net.inputs}`);
    }
    const outputs = net.forward(X);
    const wrong = outputs.data.findIndex((output: number) => !Number.isFinite(output));
    if (wrong < 0) return outputs;
    const row = Math.floor(wrong / outputs.cols);
    throw new NonFiniteError(
      `the output for row ${row} of "X" is ${outputs.data[wrong]}: is that row finite, and scaled?`,
    );
  }

  /** @internal */
  protected async train(X: MatrixInput, y: unknown, options: EstimatorFitOptions): Promise<this> {
    checkOptions(options, ['sampleWeight', 'signal', 'onEpoch'], 'fit');
    const before = this.#parameters.warmStart ? this.#fitted : undefined;
    return this.#exclusively(async () => {
      const task = this.readTargets(y, before?.labels, undefined, false);
      // scikit-learn makes a new optimizer at each fit; what that knows of the past are the rows seen.
      const start = { ...this.#begin(X, task, before), cuts: 0, plateau: undefined };
      const carry = { random: start.random, samplesSeen: start.samplesSeen };
      await this.#run(X, task.y, fitOptions(this.#parameters, this.#score, options), start, carry);
    });
  }

  /** @internal */
  protected async trainOnce(
    X: MatrixInput,
    y: unknown,
    classes: unknown,
    sampleWeight: EstimatorFitOptions['sampleWeight'],
  ): Promise<this> {
    const { solver, earlyStopping } = this.#parameters;
    if (solver === 'lbfgs') throw new ValueError('partialFit needs "solver" sgd or adam: lbfgs takes all rows at once');
    if (earlyStopping) throw new ValueError('partialFit does not go with "earlyStopping": one call is one epoch');
    return this.#exclusively(async () => {
      const task = this.readTargets(y, this.#fitted?.labels, classes, true);
      const start = this.#begin(X, task, this.#fitted);
      const { random, samplesSeen, optimizer, cuts } = start;
      const options = epochOptions(this.#parameters, this.#score, { sampleWeight }, cuts);
      await this.#run(X, task.y, options, start, { random, samplesSeen, optimizer });
      this.#fitted = { ...this.fitted, ...adapt(this.#parameters, this.fitted, this.fitted.lossCurve) };
    });
  }

  async #exclusively(work: () => Promise<void>): Promise<this> {
    if (this.#busy) throw new ValueError(`this ${this.#name} is being fitted: await that first`);
    this.#busy = true;
    try {
      await work();
      return this;
    } finally {
      this.#busy = false;
    }
  }

  /** The network to go on with, or a new one; with what is known of it. */
  #begin(X: MatrixInput, task: Task, before: Fitted | undefined): Fitted {
    const p = this.#parameters;
    const operand = readMatrix(X, 'X');
    const dtype = p.dtype ?? before?.net.dtype ?? operand.dtype ?? 'f64';
    const options = networkOptions(p, operand.cols, task, dtype);
    if (before) {
      checkSame(before.net, options);
      return before;
    }
    const net = this.#engine.network(options);
    const rng = random(p.randomState);
    rng.rand(net.parameters.length); // as many as the initial parameters took: training draws on from there
    return {
      net,
      labels: task.labels,
      optimizer: undefined,
      random: rng.state,
      samplesSeen: 0,
      cuts: 0,
      plateau: undefined,
      stopReason: 'epochs',
      lossCurve: [],
      validationScores: [],
      learningRates: [],
    };
  }

  async #run(X: MatrixInput, y: Task['y'], options: FitOptions, start: Fitted, carry: Carry): Promise<void> {
    const { signal, onEpoch } = options;
    const reports: EpochReport[] = [];
    // Asked for only where they are needed: a worker waits for the answer to each.
    const watched = (report: EpochReport) => {
      reports.push(report);
      return onEpoch?.(report);
    };
    const score = validationName(this.#score);
    const { net } = start;
    const parameters = net.parameters.slice();
    try {
      const state = await run(net, { X, y }, signal || onEpoch ? { ...options, onEpoch: watched } : options, carry);
      const { history } = state;
      // Gradients were finite; the last step may still have led out of the finite.
      if (!state.parameters.every(Number.isFinite)) {
        throw new NonFiniteError('the last step led to parameters that are not finite: try a smaller learning rate');
      }
      this.#keep({
        ...start,
        optimizer: state.optimizer,
        random: state.random,
        samplesSeen: state.samplesSeen,
        cuts: start.cuts + state.cuts,
        plateau: state.plateau ?? start.plateau,
        stopReason: history.stopReason,
        lossCurve: append(start.lossCurve, history.loss),
        validationScores: append(start.validationScores, history.metrics[score] ?? []),
        learningRates: append(start.learningRates, history.learningRate),
      });
    } catch (error) {
      if (signal?.aborted && reports.length > 0) {
        this.#keep({
          ...start,
          optimizer: undefined,
          samplesSeen: reports.reduce((sum, { rows }) => sum + rows, start.samplesSeen),
          stopReason: 'callback',
          lossCurve: append(
            start.lossCurve,
            reports.map(({ loss }) => loss),
          ),
          validationScores: append(
            start.validationScores,
            reports.flatMap(({ metrics }) => metrics[score] ?? []),
          ),
          learningRates: append(
            start.learningRates,
            reports.map(({ learningRate }) => learningRate),
          ),
        });
      } else if (net !== this.#fitted?.net) net.dispose();
      else net.parameters = parameters;
      throw error;
    }
  }

  #keep(fitted: Fitted): void {
    if (this.#fitted && this.#fitted.net !== fitted.net) this.#fitted.net.dispose();
    this.#fitted = fitted;
  }
}

/** In place: 100,000 calls of partialFit would copy a curve as often. */
function append(curve: number[], more: readonly number[]): number[] {
  for (const value of more) curve.push(value);
  return curve;
}
