// Trainer: the training itself, batch by batch, without waiting for anything. Whoever drives it decides when to pause.

import { NonFiniteError } from '../../checks/errors.js';
import { own } from '../../checks/read-options.js';
import type { TypedArray } from '../../matrix/operand.js';
import { PARTS } from '../../network/calls.js';
import type { Network } from '../../network/network.js';
import type { Sliced } from '../../numbers/sliced.js';
import type { RandomState, RandomStateJSON } from '../../random/random.js';
import type { Dataset } from '../dataset.js';
import type { StepState } from '../optimizers/forms.js';
import { kindOf } from '../optimizers/optimizers.js';
import type { FitPlan } from '../options.js';
import { type AverageState, Averages } from './averaging.js';
import { Epoch } from './epoch.js';
import type { Curves, EpochReport } from './history.js';
import { Learner } from './learner.js';
import { LearningRate } from './learning-rate.js';
import { DEFAULT_BATCH, Minibatches } from './minibatches.js';
import { Progress, type ProgressState } from './progress.js';
import { RowOrder } from './row-order.js';
import type { Run, Site } from './run.js';
import { Validation } from './validation.js';
import { WholeSet } from './whole-set.js';

/** All that a training needs to go on with the same bits, at the end of an epoch: plain data. */
export interface TrainerState extends ProgressState {
  readonly epoch: number;
  readonly parameters: TypedArray;
  /** Of an optimizer that steps from batch to batch. */
  readonly optimizer: StepState | undefined;
  /** Of one that takes the whole set at once. */
  readonly iterations: object | undefined;
  readonly random: RandomStateJSON;
  /** The order of the last epoch's rows, which the next one shuffles; empty where rows come in blocks. */
  readonly order: Int32Array;
  readonly samplesSeen: number;
  readonly cuts: number;
  /** Averages of the parameters, if any are kept. */
  readonly average: AverageState | undefined;
}

export class Trainer {
  readonly plan: FitPlan;
  readonly #site: Site;
  #run!: Minibatches | WholeSet;
  readonly #epoch = new Epoch();
  readonly #validation: Validation;
  readonly #progress: Progress;
  /** What is trained on; of data in blocks the block that is underway. */
  #set: Dataset | undefined;
  #inBlocks = false;

  /**
   * @param net is given the parameters of each epoch that ends @param parameters to begin with
   * @param alone whether nobody waits for a turn, as in a worker: what is not divided is faster by up to a tenth
   */
  constructor(net: Network, parameters: TypedArray, plan: FitPlan, validation: Dataset | undefined, alone: boolean) {
    const kind = kindOf(plan.optimizer);
    const { whole } = kind;
    const rows = whole ? Infinity : (plan.batchSize ?? DEFAULT_BATCH);
    const step = whole ? 0 : kind.products?.(net[PARTS].plan.layers);
    const learner = new Learner(net[PARTS], parameters, plan.penalties, alone ? undefined : rows, step);
    const order = new RowOrder(plan.seed, plan.shuffle && !whole);
    const rate = new LearningRate(plan);
    const averages = plan.averaging && new Averages(learner, plan.averaging);
    const site = { net, plan, learner, order, rate, averages, epoch: this.#epoch };
    this.plan = plan;
    this.#site = site;
    this.#validation = new Validation(learner, plan, validation);
    this.#progress = new Progress(learner, plan, rate);
  }

  /** Before all else: what the optimizer keeps, apart from the rest, for that takes a while of a large network. */
  *prepare(): Sliced<void> {
    yield;
    const site = this.#site;
    this.#run = kindOf(site.plan.optimizer).whole ? new WholeSet(site) : new Minibatches(site);
    yield;
  }

  /** The set to train on, which the caller disposes of; holds out validation rows if that was asked for. */
  *begin(set: Dataset): Sliced<void> {
    const { order } = this.#site;
    this.#set = set;
    order.set(set.rows);
    yield* this.#validation.holdOut(set, order);
    this.#run.take(set, !this.#inBlocks);
  }

  /** The next block of rows of the same epoch: for data that are not all in memory. */
  *block(set: Dataset): Sliced<void> {
    this.#inBlocks = true;
    yield* this.begin(set);
    yield* this.#shuffle();
  }

  *beginEpoch(): Sliced<void> {
    const { rate } = this.#site;
    this.#epoch.begin();
    this.#run.batch = 0;
    rate.at.part = 0;
    rate.update();
    // Each block is shuffled when it comes; the last one of the epoch before is not drawn for again.
    if (this.#set && !this.#inBlocks) yield* this.#shuffle();
  }

  *#shuffle(): Sliced<void> {
    yield* this.#site.order.shuffle();
    this.#run.rewind();
  }

  /** As Run has it. */
  step(): boolean {
    const run: Run = this.#run;
    if (!run.step()) return false;
    this.#epoch.add(run);
    if (run.stopReason) this.#progress.end(run.stopReason);
    return true;
  }

  /** After the last batch: validates, decides whether to go on, and gives the network its parameters. */
  *endEpoch(seconds: number): Sliced<EpochReport> {
    const { learner, order, rate, averages } = this.#site;
    const epoch = this.#epoch;
    rate.at.epoch++;
    rate.at.samplesSeen += epoch.rows;
    if (!learner.sound) {
      throw new NonFiniteError(
        `epoch ${rate.at.epoch}: its last step, at learning rate ${rate.value}, leaves parameters that are not finite; the ` +
          'network has those of the epoch before. Try a smaller learning rate, a larger epsilon, or clipNorm',
      );
    }
    yield;
    averages?.show();
    const own = this.#inBlocks ? undefined : this.#set;
    const found = yield* this.#validation.look(rate.at.epoch, own, order.rows);
    const report = epoch.report(rate, seconds, this.history.totalSeconds + seconds, found);
    this.#progress.add(report);
    yield;
    learner.publish();
    averages?.hide();
    return report;
  }

  /** Ends training after this epoch, because a callback said so. */
  stop(): void {
    if (!this.done) this.#progress.end('callback');
  }

  /** At the end: from here on it has what the network is to have, of the last epoch, or of the best one, if that was asked for. */
  finish(): void {
    this.#site.averages?.show();
    this.#progress.restoreBest();
  }

  /** Epochs done. */
  get epoch(): number {
    return this.#site.rate.at.epoch;
  }

  /** Batches of this epoch, or of this block, that are done. */
  get batch(): number {
    return this.#run.batch;
  }

  /** Batches in this epoch, or in this block. */
  get batches(): number {
    return this.#run.count;
  }

  /** Of the last batch, with penalties. */
  get loss(): number {
    return this.#run.loss;
  }

  get rate(): number {
    return this.#site.rate.value;
  }

  /** Whether training is over. */
  get done(): boolean {
    return this.#progress.done;
  }

  get history(): Curves {
    return this.#progress.history;
  }

  get random(): RandomState {
    return this.#site.order.random;
  }

  /** What an earlier training left. */
  carry(earlier: { optimizer?: StepState; samplesSeen?: number }): void {
    const [optimizer, samplesSeen] = [own(earlier, 'optimizer'), own(earlier, 'samplesSeen')];
    const { at } = this.#site.rate;
    if (optimizer && this.#run instanceof Minibatches) this.#run.stepper.state = optimizer;
    at.samplesSeen = samplesSeen ?? at.samplesSeen;
  }

  /** The state: copies. */
  *read(): Sliced<TrainerState> {
    const { learner, order, rate, averages } = this.#site;
    const run = this.#run;
    const parameters = learner.parameters.slice();
    yield;
    return {
      epoch: rate.at.epoch,
      parameters,
      optimizer: run instanceof Minibatches ? yield* run.stepper.read() : undefined,
      iterations: run instanceof WholeSet ? yield* run.read() : undefined,
      random: order.random.state,
      order: this.#inBlocks ? new Int32Array(0) : order.rows.slice(),
      samplesSeen: rate.at.samplesSeen,
      cuts: rate.at.cuts,
      average: averages && (yield* averages.read()),
      ...(yield* this.#progress.read()),
    };
  }

  /** Goes on where that state was, once begin() has been called. */
  set state(state: TrainerState) {
    const { learner, order, rate, averages } = this.#site;
    learner.parameters.set(state.parameters);
    if (averages && state.average) averages.state = state.average;
    averages?.show();
    learner.publish();
    averages?.hide();
    if (this.#run instanceof WholeSet) this.#run.state = state.iterations;
    else if (state.optimizer) this.#run.stepper.state = state.optimizer;
    order.random.state = state.random;
    this.#validation.check(state.order);
    if (state.order.length === order.rows.length) order.rows.set(state.order);
    const { epoch, samplesSeen, cuts } = state;
    Object.assign(rate.at, { epoch, samplesSeen, cuts });
    this.#progress.state = state;
  }

  dispose(): void {
    const { learner, averages } = this.#site;
    for (const part of [learner, averages, this.#validation, this.#run, this.#progress]) part?.dispose();
  }
}
