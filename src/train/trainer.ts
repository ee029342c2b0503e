// Trainer: the training itself, batch by batch, without waiting for anything. Whoever drives it decides when to pause.

import { Block } from '../block.js';
import { trainTestIndices } from '../data/splits.js';
import { NonFiniteError, ValueError } from '../errors.js';
import type { NetworkGradients } from '../network/gradients.js';
import { type LossOptions, type Network, PARTS, type Parts } from '../network/network.js';
import type { TypedArray } from '../operand.js';
import { type RandomState, type RandomStateJSON, random } from '../random.js';
import { ResidentMatrix } from '../resident.js';
import { type Batch, Batches } from './batches.js';
import { Dataset } from './dataset.js';
import { type EpochReport, type History, newHistory, record } from './history.js';
import { type TrainingKernelSet, trainingKernelsOf } from './kernels.js';
import { Lbfgs, type LbfgsState } from './lbfgs.js';
import { measure } from './metrics.js';
import { explain, notFinite } from './nonfinite.js';
import { Clipping, Optimizer, type OptimizerState } from './optimizers.js';
import { type FitPlan, validationName } from './options.js';
import { Plateau, type PlateauState } from './plateau.js';
import { classifies, classOf } from './rows.js';
import { changesWithin, type Moment, rateAt } from './schedules.js';

const DEFAULT_BATCH = 200;

/** All that a training needs to go on with the same bits, at the end of an epoch: plain data. */
export interface TrainerState {
  readonly epoch: number;
  readonly parameters: TypedArray;
  readonly optimizer: OptimizerState | undefined;
  readonly lbfgs: LbfgsState | undefined;
  readonly random: RandomStateJSON;
  /** The order of the last epoch's rows, which the next one shuffles. */
  readonly order: Int32Array;
  readonly samplesSeen: number;
  readonly cuts: number;
  readonly plateau: PlateauState | undefined;
  readonly best: TypedArray | undefined;
  readonly history: History;
}

export class Trainer {
  readonly plan: FitPlan;
  history: History = newHistory();
  /** Epochs done. */
  epoch = 0;
  /** Batches of this epoch that are done. */
  batch = 0;
  /** Of the last batch, with penalties. */
  loss = 0;
  rate = 0;
  /** Whether training is over. */
  done = false;
  readonly random: RandomState;
  readonly #net: Network;
  readonly #parts: Parts;
  readonly #gradients: NetworkGradients;
  readonly #finite: TrainingKernelSet['finite'];
  readonly #optimizer: Optimizer | undefined;
  readonly #plateau: Plateau | undefined;
  readonly #clipping: Clipping | undefined;
  readonly #lossOptions: LossOptions;
  #lbfgs: Lbfgs | undefined;
  #lbfgsState: LbfgsState | undefined;
  #set: Dataset | undefined;
  #validation: Dataset | undefined;
  #order: Int32Array = new Int32Array(0);
  /** Rows of the set that are the validation set; undefined if that was given. */
  #heldOut: Int32Array | undefined;
  #inBlocks = false;
  #batches: Batches | undefined;
  #weighted: { full: LossOptions; last: LossOptions } | undefined;
  #outputs: ResidentMatrix | undefined;
  readonly #owned: { dispose(): void }[] = [];
  /** The parameters when the last epoch ended. */
  readonly #start: Block;
  readonly #best: Block | undefined;
  #hasBest = false;
  #samplesSeen = 0;
  readonly #moment: Moment = { initial: 0, epoch: 0, epochs: 0, part: 0, samplesSeen: 0, cuts: 0 };
  #cuts = 0;
  #lossSum = 0;
  #weightSum = 0;
  #rows = 0;

  constructor(net: Network, plan: FitPlan, validation?: Dataset, rng: RandomState = random(plan.seed)) {
    this.#net = net;
    this.#parts = net[PARTS];
    this.plan = plan;
    this.random = rng;
    this.#validation = validation;
    this.#lossOptions = { ...plan.penalties };
    const { session, plan: network } = this.#parts;
    const bytes = network.size * session[network.dtype].bytes;
    this.#gradients = this.#own(net.zeroGradients());
    this.#finite = trainingKernelsOf(session, network.dtype).finite;
    this.#start = this.#own(new Block(session.heap, bytes));
    if (plan.clipValue || plan.clipNorm) this.#clipping = new Clipping(this.#parts, plan.clipValue, plan.clipNorm);
    if (plan.plateau) this.#plateau = new Plateau(plan.plateau);
    if (plan.plateau?.restoreBest) this.#best = this.#own(new Block(session.heap, bytes));
    if (plan.optimizer.name !== 'lbfgs') this.#optimizer = this.#own(new Optimizer(this.#parts, plan.optimizer));
    this.#copy(this.#parts.block, this.#start);
  }

  #own<T extends { dispose(): void }>(thing: T): T {
    this.#owned.push(thing);
    return thing;
  }

  #copy(from: Block, to: Block): void {
    const { session, plan } = this.#parts;
    const view = session.view(plan.dtype);
    const { bytes } = session[plan.dtype];
    view.copyWithin(to.address / bytes, from.address / bytes, from.address / bytes + plan.size);
  }

  #read(block: Block): TypedArray {
    const { session, plan } = this.#parts;
    return session.elementsAt(block.address, plan.dtype, plan.size).slice();
  }

  /** The set to train on, which the caller disposes of; holds out validation rows if that was asked for. */
  begin(set: Dataset): void {
    const { plan: network, session } = this.#parts;
    this.#batches?.dispose();
    this.#set = set;
    let order: Int32Array = Int32Array.from({ length: set.rows }, (_, i) => i);
    if (this.plan.validationSplit > 0 && !this.#validation) {
      const { outputs } = network;
      const targets = set.y.data;
      const source = classifies(network) ? Array.from(order, (i) => classOf(targets, i, outputs)) : set.rows;
      const split = trainTestIndices(source, { testSize: this.plan.validationSplit }, this.random);
      order = split.train;
      this.#heldOut = split.test;
      this.#validation = this.#own(this.#pick(set, split.test));
      const { w } = this.#validation;
      if (w && total(w) === 0) {
        throw new ValueError('"validationSplit" holds out only rows of weight 0: give another seed, or validationData');
      }
    }
    this.#order = order;
    this.#makeBatches(session);
  }

  /** Copies of some rows of a set. */
  #pick(set: Dataset, indices: Int32Array): Dataset {
    const { session, plan } = this.#parts;
    const batches = new Batches(session, plan, set, indices.length, indices.length);
    const picked = new Dataset(session, plan, indices.length, set.w !== undefined);
    batches.order = indices;
    const { X, y, w } = batches.gather(0);
    picked.write(0, X, y, w);
    batches.dispose();
    return picked;
  }

  #makeBatches(session: Parts['session']): void {
    const { plan: network } = this.#parts;
    const n = this.#order.length;
    const size = this.plan.optimizer.name === 'lbfgs' ? n : (this.plan.batchSize ?? Math.min(DEFAULT_BATCH, n));
    const batches = new Batches(session, network, this.#set as Dataset, n, size);
    this.#batches = batches;
    const { full, last } = batches;
    const withWeights = (w: ResidentMatrix | undefined) =>
      w ? { ...this.#lossOptions, sampleWeight: w } : this.#lossOptions;
    this.#weighted = { full: withWeights(full.w), last: withWeights(last.w) };
  }

  /** The next block of rows of the same epoch: for data that are not all in memory. */
  block(set: Dataset): void {
    this.#inBlocks = true;
    this.begin(set);
    this.#shuffle();
  }

  beginEpoch(): void {
    this.batch = 0;
    this.#lossSum = 0;
    this.#weightSum = 0;
    this.#rows = 0;
    this.#schedule();
    // Each block is shuffled when it comes; the last one of the epoch before is not drawn for again.
    if (this.#set && !this.#inBlocks) this.#shuffle();
  }

  #shuffle(): void {
    if (this.plan.shuffle && this.plan.optimizer.name !== 'lbfgs') this.random.shuffle(this.#order);
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
   * One batch: gathers it, computes gradients, updates the parameters; for lbfgs one iteration.
   *
   * @throws {NonFiniteError} if the loss or a gradient is not finite; the parameters are those before this batch
   */
  step(): void {
    if (this.#optimizer) this.#descend(this.#optimizer, this.#batches as Batches);
    else this.#iterate();
  }

  #descend(optimizer: Optimizer, batches: Batches): void {
    const { plan } = this;
    const batch = batches.gather(this.batch * batches.size);
    const options = (this.#weighted as { full: LossOptions; last: LossOptions })[
      batch === batches.full ? 'full' : 'last'
    ];
    const weight = batch.w ? total(batch.w) : batch.rows;
    if (changesWithin(plan.schedule)) this.#schedule();
    // A batch without weight says nothing.
    if (weight > 0) {
      this.#differentiate(batch, options);
      const { plan: network } = this.#parts;
      const { address } = this.#gradients.block;
      this.#clipping?.clip(network.size, address);
      optimizer.rate = this.rate;
      optimizer.step(address);
    }
    this.#lossSum += this.loss * weight;
    this.#weightSum += weight;
    this.#rows += batch.rows;
    this.batch++;
  }

  #differentiate(batch: Batch, options: LossOptions): void {
    const gradients = this.#gradients;
    let refused: unknown;
    try {
      this.#net.gradientsInto(batch.X, batch.y, gradients, options);
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      refused = error;
    }
    this.loss = gradients.loss;
    if (!refused && (gradients.finite || this.#finite(this.#parts.plan.size + 1, gradients.block.address))) return;
    throw explain(
      this.#net,
      gradients,
      batch,
      {
        epoch: this.epoch + 1,
        batch: this.batch + 1,
        rate: this.rate,
        rowOf: (i) => this.#order[this.batch * (this.#batches as Batches).size + i],
      },
      refused,
    );
  }

  /** All rows at once. */
  #iterate(): void {
    const batches = this.#batches as Batches;
    const batch = batches.gather(0);
    const options = (this.#weighted as { full: LossOptions }).full;
    const evaluate = () => this.#net.gradientsInto(batch.X, batch.y, this.#gradients, options).loss;
    if (!this.#lbfgs) {
      this.#differentiate(batch, options); // refuses what is not finite to begin with
      this.#lbfgs = this.#own(new Lbfgs(this.#parts, this.plan.optimizer, this.#gradients.block.address, evaluate));
      if (this.#lbfgsState) this.#lbfgs.state = this.#lbfgsState;
    }
    this.#lbfgs.rate = this.rate;
    const status = this.#lbfgs.iterate();
    this.loss = this.#lbfgs.loss;
    if (status !== 'continue') {
      this.done = true;
      this.history.stopReason = status === 'limit' ? 'functionCalls' : 'converged';
    }
    this.#lossSum = this.loss;
    this.#weightSum = 1;
    this.#rows = batch.rows;
    this.batch++;
  }

  /** After the last batch: validates, and decides whether to go on. */
  endEpoch(seconds: number): EpochReport {
    const { plan, history } = this;
    this.epoch++;
    this.#samplesSeen += this.#rows;
    const report = this.#report(seconds);
    record(history, report);
    this.#copy(this.#parts.block, this.#start);
    if (this.#plateau && plan.plateau) this.#watch(this.#plateau, report);
    if (this.epoch >= plan.epochs) this.done = true;
    return report;
  }

  #report(seconds: number): EpochReport {
    const { plan, epoch } = this;
    const validation = this.#validation;
    const validationLoss = validation && this.#validate(validation);
    const own = this.#set && !this.#inBlocks ? this.#measure(this.#set, this.#order) : [];
    const held = validation ? this.#measure(validation) : [];
    const metrics: Record<string, number> = {};
    plan.metrics.forEach((name, i) => {
      if (own.length > 0) metrics[name] = own[i];
      if (validation) metrics[validationName(name)] = held[i];
    });
    const spent = this.history.seconds.reduce((sum, each) => sum + each, seconds);
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

  /** @throws {NonFiniteError} unless the validation set's loss is finite */
  #validate({ X, y, w }: Dataset): number {
    const loss = this.#net.loss(X, y, w ? { sampleWeight: w } : {});
    if (Number.isFinite(loss)) return loss;
    const data = notFinite(X, y, (i) => this.#heldOut?.[i] ?? i);
    throw new NonFiniteError(
      `epoch ${this.epoch}: the validation loss is ${loss}; ` +
        (data
          ? `${this.#heldOut ? '' : 'validationData: '}${data}: remove or replace it`
          : 'try a smaller learning rate, clipNorm, or inputs scaled to mean 0 and variance 1'),
    );
  }

  /** Every metric. @param order of which only these rows count */
  #measure(set: Dataset, order?: Int32Array): number[] {
    const { session, plan: network } = this.#parts;
    const { metrics } = this.plan;
    if (metrics.length === 0) return [];
    const part = order && order.length < set.rows ? this.#pick(set, order) : undefined;
    const { X, y, w, rows } = part ?? set;
    if (this.#outputs?.rows !== rows) {
      this.#outputs?.dispose();
      this.#outputs = new ResidentMatrix(session, rows, network.outputs, network.dtype);
    }
    const outputs = this.#net.forwardInto(X, this.#outputs as ResidentMatrix);
    const values = metrics.map((name) =>
      measure(name, network.lossName, outputs.data, y.data, w?.data, network.outputs),
    );
    part?.dispose();
    return values;
  }

  #watch(plateau: Plateau, report: EpochReport): void {
    const { plan, history } = this;
    const { monitor, stops } = plan.plateau as NonNullable<FitPlan['plateau']>;
    const { loss, validationLoss, metrics } = report;
    const value = { loss, validationLoss, ...metrics }[monitor] as number;
    if (plateau.add(value, this.epoch) && this.#best) {
      this.#copy(this.#parts.block, this.#best);
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

  #stop(reason: History['stopReason']): void {
    this.done = true;
    this.history.stopReason = reason;
  }

  /** Ends training after this epoch, because a callback said so. */
  stop(): void {
    if (!this.done) this.#stop('callback');
  }

  /** Puts the parameters of the last finished epoch back. */
  rollback(): void {
    this.#copy(this.#start, this.#parts.block);
  }

  /** At the end: puts the best epoch's parameters back, if that was asked for. */
  finish(): void {
    if (this.#best && this.#hasBest) this.#copy(this.#best, this.#parts.block);
  }

  /** What an earlier training left. */
  carry({ optimizer, samplesSeen }: { optimizer?: OptimizerState; samplesSeen?: number }): void {
    if (optimizer && this.#optimizer) this.#optimizer.state = optimizer;
    this.#samplesSeen = samplesSeen ?? this.#samplesSeen;
  }

  get state(): TrainerState {
    return {
      epoch: this.epoch,
      parameters: this.#read(this.#parts.block),
      optimizer: this.#optimizer?.state,
      lbfgs: this.#lbfgs?.state ?? this.#lbfgsState,
      random: this.random.state,
      order: this.#inBlocks ? new Int32Array(0) : this.#order.slice(),
      samplesSeen: this.#samplesSeen,
      cuts: this.#cuts,
      plateau: this.#plateau && { ...this.#plateau.state },
      best: this.#best && this.#hasBest ? this.#read(this.#best) : undefined,
      history: structuredClone(this.history),
    };
  }

  /** Goes on where that state was, once begin() has been called. */
  set state(state: TrainerState) {
    const { session, plan } = this.#parts;
    this.#net.parameters = state.parameters;
    this.#copy(this.#parts.block, this.#start);
    this.epoch = state.epoch;
    if (this.#optimizer && state.optimizer) this.#optimizer.state = state.optimizer;
    this.#lbfgsState = state.lbfgs;
    this.random.state = state.random;
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
    this.#outputs?.dispose();
    for (const thing of this.#owned) thing.dispose();
  }
}

function total(w: ResidentMatrix): number {
  const values = w.data;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}
