// A run over the rows, batch by batch: what one over minibatches and one over the whole set have in common.

import type { Network } from '../../network/network.js';
import type { Dataset } from '../dataset.js';
import type { FitPlan } from '../options.js';
import type { Averages } from './averaging.js';
import { type Batch, Batches } from './batches.js';
import type { Epoch } from './epoch.js';
import type { StopReason } from './history.js';
import type { Learner } from './learner.js';
import type { LearningRate } from './learning-rate.js';
import { explain } from './nonfinite.js';
import type { RowOrder } from './row-order.js';

/** What a run works with. */
export interface Site {
  /** For the error's text alone. */
  readonly net: Network;
  readonly plan: FitPlan;
  readonly learner: Learner;
  readonly order: RowOrder;
  readonly rate: LearningRate;
  readonly averages: Averages | undefined;
  readonly epoch: Epoch;
}

export abstract class Run {
  /** Batches of the set that are done. */
  batch = 0;
  /** Of the last one: its loss with penalties, and what that weighs among the others. */
  loss = 0;
  weight = 0;
  rows = 0;
  /** Why there is nothing left to do. */
  stopReason: StopReason | undefined;
  protected readonly site: Site;
  /** Whether the set is all there is: how many blocks an epoch has nobody knows. */
  protected isWhole = true;
  #batches: Batches | undefined;

  constructor(site: Site) {
    this.site = site;
  }

  /** Rows in a batch, of so many. */
  protected abstract sizeOf(rows: number): number;

  /**
   * Goes on with one batch: gathers it, computes gradients, updates the parameters.
   *
   * @returns whether it is done; if not, others may have their turn before the next call
   * @throws {NonFiniteError} if the loss or a gradient is not finite; the parameters are those before this batch
   */
  abstract step(): boolean;

  /** Another set, whose rows are those of the order. */
  take(set: Dataset, isWhole: boolean): void {
    const { learner, order } = this.site;
    const { session, plan } = learner.parts;
    const n = order.rows.length;
    this.isWhole = isWhole;
    this.#batches?.dispose();
    this.#batches = new Batches(session, plan, set, n, this.sizeOf(n));
  }

  /** To the beginning of the set, in the order as it is. */
  rewind(): void {
    this.batches.order = this.site.order.rows;
    this.batch = 0;
  }

  protected get batches(): Batches {
    return this.#batches as Batches;
  }

  /** Batches in all; 0 before there is a set. */
  get count(): number {
    return this.#batches ? this.#batches.count : 0;
  }

  protected refuse(batch: Batch): never {
    const { net, learner, order, rate } = this.site;
    const first = this.batch * this.batches.size;
    learner.publish();
    throw explain(net, learner.gradients, batch, {
      epoch: rate.at.epoch + 1,
      batch: this.batch + 1,
      rate: rate.value,
      rowOf: (i) => order.rows[first + i],
    });
  }

  dispose(): void {
    this.#batches?.dispose();
  }
}
