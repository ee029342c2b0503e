// Trainer: the training itself, batch by batch, without waiting for anything. Whoever drives it decides when to pause.

import { FileFormatError, ValueError } from '../../checks/errors.js';
import { own } from '../../checks/read-options.js';
import { trainTestIndices } from '../../data/splits.js';
import { elementsOf, type TypedArray } from '../../matrix/operand.js';
import type { ResidentMatrix } from '../../matrix/resident.js';
import { Block } from '../../memory/block.js';
import { PARTS } from '../../network/calls.js';
import type { Network } from '../../network/network.js';
import { type RandomState, type RandomStateJSON, random } from '../../random/random.js';
import { type Dataset, Resident } from '../dataset.js';
import { Lbfgs, type LbfgsState, type LbfgsStatus } from '../optimizers/lbfgs.js';
import { Clipping, Optimizer, type OptimizerState } from '../optimizers/optimizers.js';
import { type FitPlan, validationName } from '../options.js';
import { classifies, classOf } from '../read-rows.js';
import { type Batch, Batches } from './batches.js';
import { Evaluation, pick } from './evaluation.js';
import { type Curves, type EpochReport, newCurves, record } from './history.js';
import { Learner } from './learner.js';
import { explain } from './nonfinite.js';
import { Plateau, type PlateauState } from './plateau.js';
import { changesWithin, type Moment, rateAt } from './schedules.js';
import type { Sliced } from './turns.js';

const DEFAULT_BATCH = 200;

/** Elements that are shuffled before others may have their turn: 1 to 2 ms. */
const SHUFFLED = 1 << 16;

/** All that a training needs to go on with the same bits, at the end of an epoch: plain data. */
export interface TrainerState {
  readonly epoch: number;
  readonly parameters: TypedArray;
  readonly optimizer: OptimizerState | undefined;
  readonly lbfgs: LbfgsState | undefined;
  readonly random: RandomStateJSON;
  /** The order of the last epoch's rows, which the next one shuffles; empty where rows come in blocks. */
  readonly order: Int32Array;
  readonly samplesSeen: number;
  readonly cuts: number;
  readonly plateau: PlateauState | undefined;
  readonly best: TypedArray | undefined;
  readonly history: Curves;
}

export class Trainer {
  readonly plan: FitPlan;
  history: Curves = newCurves();
  /** Epochs done. */
  epoch = 0;
  /** Batches of this epoch, or of this block, that are done. */
  batch = 0;
  /** Of the last batch, with penalties. */
  loss = 0;
  rate = 0;
  /** Whether training is over. */
  done = false;
  readonly random: RandomState;
  readonly #net: Network;
  readonly #learner: Learner;
  readonly #evaluation: Evaluation;
  readonly #optimizer: Optimizer | undefined;
  readonly #plateau: Plateau | undefined;
  readonly #clipping: Clipping | undefined;
  #lbfgs: Lbfgs | undefined;
  #lbfgsState: LbfgsState | undefined;
  #set: Dataset | undefined;
  #validation: Dataset | undefined;
  #order: Int32Array = new Int32Array(0);
  /** Rows of the set that are the validation set; undefined if that was given. */
  #heldOut: Int32Array | undefined;
  #inBlocks = false;
  #batches: Batches | undefined;
  /** The batch that is underway, and its rows' weight. */
  #current: Batch | undefined;
  #weight = 0;
  #iteration: Sliced<LbfgsStatus> | undefined;
  readonly #room: Resident;
  readonly #owned: { dispose(): void }[] = [];
  readonly #best: Block | undefined;
  #hasBest = false;
  #samplesSeen = 0;
  readonly #moment: Moment = { initial: 0, epoch: 0, epochs: 0, part: 0, samplesSeen: 0, cuts: 0 };
  #cuts = 0;
  #lossSum = 0;
  #weightSum = 0;
  #rows = 0;

  /**
   * @param net is given the parameters of each epoch that ends @param parameters to begin with
   */
  constructor(net: Network, parameters: TypedArray, plan: FitPlan, validation?: Dataset) {
    const { session, plan: network } = net[PARTS];
    this.#net = net;
    this.plan = plan;
    this.random = random(plan.seed);
    this.#validation = validation;
    this.#learner = this.#own(new Learner(net[PARTS], parameters, plan.penalties));
    this.#evaluation = this.#own(new Evaluation(this.#learner, plan));
    this.#room = this.#own(new Resident(session, network.dtype));
    const { parts } = this.#learner;
    const bytes = network.size * session[network.dtype].bytes;
    if (plan.clipValue || plan.clipNorm) this.#clipping = new Clipping(parts, plan.clipValue, plan.clipNorm);
    if (plan.plateau) this.#plateau = new Plateau(plan.plateau);
    if (plan.plateau?.restoreBest) this.#best = this.#own(new Block(session.heap, bytes));
    if (plan.optimizer.name !== 'lbfgs') this.#optimizer = this.#own(new Optimizer(parts, plan.optimizer));
  }

  #own<T extends { dispose(): void }>(thing: T): T {
    this.#owned.push(thing);
    return thing;
  }

  /** The set to train on, which the caller disposes of; holds out validation rows if that was asked for. */
  *begin(set: Dataset): Sliced<void> {
    this.#set = set;
    const order = new Int32Array(set.rows);
    for (let i = 0; i < order.length; i++) order[i] = i;
    this.#order = order;
    if (this.plan.validationSplit > 0 && !this.#validation) yield* this.#holdOut(set);
    this.#makeBatches(set);
  }

  *#holdOut(set: Dataset): Sliced<void> {
    const { train, test } = this.#divide(set);
    yield;
    this.#order = train;
    this.#heldOut = test;
    this.#validation = yield* pick(this.#learner, set, test, this.#room);
    const { w } = this.#validation;
    if (w && total(w) === 0) {
      throw new ValueError('"validationSplit" holds out only rows of weight 0: give another seed, or validationData');
    }
  }

  #divide(set: Dataset): { train: Int32Array; test: Int32Array } {
    const { plan } = this.#learner.parts;
    const { validationSplit: testSize } = this.plan;
    let source: number | Int32Array = set.rows;
    if (classifies(plan)) {
      const targets = elementsOf(set.y);
      source = this.#order.map((i) => classOf(targets, i, plan.outputs));
    }
    try {
      // Every option by itself: none may come from Object.prototype.
      return trainTestIndices(source, { testSize, trainSize: undefined, shuffle: true }, this.random);
    } catch (cause) {
      throw new ValueError(
        `"validationSplit" ${testSize} would hold out ${Math.ceil(testSize * set.rows)} of ${set.rows} rows, which cannot be: ` +
          `${(cause as Error).message}; give another part, more rows, or validationData`,
        { cause },
      );
    }
  }

  #makeBatches(set: Dataset): void {
    const { session, plan } = this.#learner.parts;
    const n = this.#order.length;
    const size = this.plan.optimizer.name === 'lbfgs' ? n : (this.plan.batchSize ?? Math.min(DEFAULT_BATCH, n));
    this.#batches?.dispose();
    this.#batches = new Batches(session, plan, set, n, size);
    this.#current = undefined;
  }

  /** The next block of rows of the same epoch: for data that are not all in memory. */
  *block(set: Dataset): Sliced<void> {
    this.#inBlocks = true;
    yield* this.begin(set);
    yield* this.#shuffle();
  }

  *beginEpoch(): Sliced<void> {
    this.batch = 0;
    this.#lossSum = 0;
    this.#weightSum = 0;
    this.#rows = 0;
    this.#schedule();
    // Each block is shuffled when it comes; the last one of the epoch before is not drawn for again.
    if (this.#set && !this.#inBlocks) yield* this.#shuffle();
  }

  *#shuffle(): Sliced<void> {
    if (this.plan.shuffle && this.plan.optimizer.name !== 'lbfgs') {
      for (let from = this.#order.length - 1; from > 0; from -= SHUFFLED) {
        this.random.swap(this.#order, from, Math.max(0, from - SHUFFLED));
        if (from > SHUFFLED) yield;
      }
    }
    (this.#batches as Batches).order = this.#order;
    this.batch = 0;
  }

  /** Batches in this epoch, or in this block. */
  get batches(): number {
    return (this.#batches as Batches).count;
  }

  /** Sets the rate, for where in the epoch training stands. */
  #schedule(): void {
    const { schedule, optimizer, epochs } = this.plan;
    const moment = this.#moment;
    moment.initial = optimizer.learningRate;
    moment.epoch = this.epoch;
    moment.epochs = epochs;
    // How many blocks an epoch has is not known: with them the rate stays for the whole epoch.
    moment.part = this.#batches && !this.#inBlocks ? this.batch / this.#batches.count : 0;
    moment.samplesSeen = this.#samplesSeen;
    moment.cuts = this.#cuts;
    this.rate = rateAt(schedule, moment);
  }

  /**
   * Goes on with one batch, of lbfgs with one iteration: gathers it, computes gradients, updates the parameters.
   *
   * @returns whether it is done; if not, others may have their turn before the next call
   * @throws {NonFiniteError} if the loss or a gradient is not finite; the parameters are those before this batch
   */
  step(): boolean {
    return this.#optimizer ? this.#descend(this.#optimizer, this.#batches as Batches) : this.#iterate();
  }

  #descend(optimizer: Optimizer, batches: Batches): boolean {
    const learner = this.#learner;
    if (!this.#current) {
      const batch = batches.gather(this.batch * batches.size);
      if (!batch) return false;
      this.#current = batch;
      this.#weight = batch.w ? total(batch.w) : batch.rows;
      if (changesWithin(this.plan.schedule)) this.#schedule();
      // A batch without weight says nothing.
      if (this.#weight > 0) learner.begin(batch);
    }
    const batch = this.#current;
    const weight = this.#weight;
    if (weight > 0) {
      if (!learner.advance()) return false;
      this.loss = learner.loss;
      if (!learner.finite) this.#refuse(batch);
      const { address } = learner.gradients.block;
      this.#clipping?.clip(learner.parts.plan.size, address);
      optimizer.rate = this.rate;
      optimizer.step(address);
    }
    this.#lossSum += this.loss * weight;
    this.#weightSum += weight;
    this.#rows += batch.rows;
    this.batch++;
    this.#current = undefined;
    return true;
  }

  #refuse(batch: Batch): never {
    const size = (this.#batches as Batches).size;
    this.#learner.publish();
    throw explain(this.#net, this.#learner.gradients, batch, {
      epoch: this.epoch + 1,
      batch: this.batch + 1,
      rate: this.rate,
      rowOf: (i) => this.#order[this.batch * size + i],
    });
  }

  #iterate(): boolean {
    this.#iteration ??= this.#iterating(this.#batches as Batches);
    const { done, value } = this.#iteration.next();
    if (!done) return false;
    this.#iteration = undefined;
    if (value !== 'continue') {
      this.done = true;
      this.history.stopReason = value === 'limit' ? 'functionCalls' : 'converged';
    }
    this.#lossSum = this.loss;
    this.#weightSum = 1;
    this.batch++;
    return true;
  }

  /** All rows at once. */
  *#iterating(batches: Batches): Sliced<LbfgsStatus> {
    const learner = this.#learner;
    if (!this.#lbfgs) {
      // Gathered once: their order stays.
      let batch = batches.gather(0);
      while (!batch) {
        yield;
        batch = batches.gather(0);
      }
      this.loss = yield* learner.evaluate(batch);
      if (!learner.finite) this.#refuse(batch);
      const { address } = learner.gradients.block;
      const rows = batch;
      this.#lbfgs = new Lbfgs(learner.parts, this.plan.optimizer, address, () => learner.evaluate(rows));
      this.#own(this.#lbfgs);
      if (this.#lbfgsState) this.#lbfgs.state = this.#lbfgsState;
    }
    this.#lbfgs.rate = this.rate;
    this.#rows = batches.size;
    const status = yield* this.#lbfgs.iterate();
    this.loss = this.#lbfgs.loss;
    return status;
  }

  /** After the last batch: validates, decides whether to go on, and gives the network its parameters. */
  *endEpoch(seconds: number): Sliced<EpochReport> {
    const { plan, history } = this;
    this.epoch++;
    this.#samplesSeen += this.#rows;
    const report = yield* this.#report(seconds);
    record(history, report);
    if (this.#plateau && plan.plateau) this.#watch(this.#plateau, report);
    if (this.epoch >= plan.epochs) this.done = true;
    this.#learner.publish();
    return report;
  }

  *#report(seconds: number): Sliced<EpochReport> {
    const { plan, epoch } = this;
    const validation = this.#validation;
    const evaluation = this.#evaluation;
    let validationLoss: number | undefined;
    if (validation) {
      try {
        validationLoss = yield* evaluation.validate(validation, epoch, this.#heldOut);
      } catch (error) {
        this.#learner.publish();
        throw error;
      }
    }
    const own = this.#set && !this.#inBlocks ? yield* evaluation.measure(this.#set, this.#order) : [];
    const held = validation ? yield* evaluation.measure(validation) : [];
    const metrics: Record<string, number> = {};
    plan.metrics.forEach((name, i) => {
      if (own.length > 0) metrics[name] = own[i];
      if (validation) metrics[validationName(name)] = held[i];
    });
    const spent = this.history.totalSeconds + seconds;
    return {
      epoch,
      epochs: plan.epochs,
      loss: this.#lossSum / this.#weightSum,
      ...(validation && { validationLoss }),
      metrics,
      learningRate: this.rate,
      rows: this.#rows,
      rowsPerSecond: seconds > 0 ? this.#rows / seconds : 0,
      seconds,
      etaSeconds: (spent / epoch) * (plan.epochs - epoch),
    };
  }

  #watch(plateau: Plateau, report: EpochReport): void {
    const { plan, history } = this;
    const { monitor, stops } = plan.plateau as NonNullable<FitPlan['plateau']>;
    const { loss, validationLoss, metrics } = report;
    const value = { loss, validationLoss, ...metrics }[monitor] as number;
    if (plateau.add(value, this.epoch) && this.#best) {
      this.#learner.copy(this.#learner.parts.block, this.#best);
      this.#hasBest = true;
    }
    history.best = plateau.state.best;
    history.bestEpoch = plateau.state.bestEpoch;
    if (!plateau.reached) return;
    if (plan.schedule.name === 'adaptive') {
      plateau.state.waited = 0;
      if (this.rate <= plan.schedule.minimum) this.#stop('learningRate');
      else this.#cuts++;
    } else if (stops) this.#stop('earlyStopping');
  }

  #stop(reason: Curves['stopReason']): void {
    this.done = true;
    this.history.stopReason = reason;
  }

  /** Ends training after this epoch, because a callback said so. */
  stop(): void {
    if (!this.done) this.#stop('callback');
  }

  /** At the end: gives the network the parameters of the last epoch, or of the best one, if that was asked for. */
  finish(): void {
    if (this.#best && this.#hasBest) this.#learner.copy(this.#best, this.#learner.parts.block);
    this.#learner.publish();
  }

  /** What an earlier training left. */
  carry(earlier: { optimizer?: OptimizerState; samplesSeen?: number }): void {
    const [optimizer, samplesSeen] = [own(earlier, 'optimizer'), own(earlier, 'samplesSeen')];
    if (optimizer && this.#optimizer) this.#optimizer.state = optimizer;
    this.#samplesSeen = samplesSeen ?? this.#samplesSeen;
  }

  get state(): TrainerState {
    const { session, plan } = this.#learner.parts;
    return {
      epoch: this.epoch,
      parameters: this.#learner.parameters.slice(),
      optimizer: this.#optimizer?.state,
      lbfgs: this.#lbfgs?.state ?? this.#lbfgsState,
      random: this.random.state,
      order: this.#inBlocks ? new Int32Array(0) : this.#order.slice(),
      samplesSeen: this.#samplesSeen,
      cuts: this.#cuts,
      plateau: this.#plateau && { ...this.#plateau.state },
      best:
        this.#best && this.#hasBest ? session.elementsAt(this.#best.address, plan.dtype, plan.size).slice() : undefined,
      history: structuredClone(this.history),
    };
  }

  /** Goes on where that state was, once begin() has been called. */
  set state(state: TrainerState) {
    const { session, plan } = this.#learner.parts;
    this.#learner.parameters.set(state.parameters);
    this.#learner.publish();
    this.epoch = state.epoch;
    if (this.#optimizer && state.optimizer) this.#optimizer.state = state.optimizer;
    this.#lbfgsState = state.lbfgs;
    this.random.state = state.random;
    const held = new Set(this.#heldOut);
    if (state.order.some((row) => held.has(row))) {
      throw new FileFormatError('"state.order" has rows that are held out for validation');
    }
    if (state.order.length === this.#order.length) this.#order.set(state.order);
    this.#samplesSeen = state.samplesSeen;
    this.#cuts = state.cuts;
    if (this.#plateau && state.plateau) this.#plateau.state = { ...state.plateau };
    if (this.#best && state.best) {
      session.elementsAt(this.#best.address, plan.dtype, plan.size).set(state.best);
      this.#hasBest = true;
    }
    this.history = structuredClone(state.history);
    // What a callback stopped goes on.
    if (this.history.stopReason === 'callback') this.history.stopReason = 'epochs';
    this.done = this.epoch >= this.plan.epochs || this.history.stopReason !== 'epochs';
  }

  dispose(): void {
    this.#batches?.dispose();
    for (const thing of this.#owned) thing.dispose();
  }
}

function total(w: ResidentMatrix): number {
  const values = elementsOf(w);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}
