// A run with a step of the optimizer after each batch.

import { elementsOf } from '../../matrix/operand.js';
import type { ResidentMatrix } from '../../matrix/resident.js';
import type { Dataset } from '../dataset.js';
import { Clipping } from '../optimizers/clipping.js';
import { Stepper } from '../optimizers/stepper.js';
import type { Batch } from './batches.js';
import { Run, type Site } from './run.js';
import { type Statistics, statisticsIn } from './statistics.js';

export const DEFAULT_BATCH = 200;

export class Minibatches extends Run {
  readonly stepper: Stepper;
  readonly #clipping: Clipping | undefined;
  readonly #statistics: Statistics | undefined;
  /** The batch that is underway. */
  #current: Batch | undefined;
  /** Whether its gradients are there, and the step that they make is underway. */
  #stepping = false;
  /** Whether of that only the averages are left. */
  #stepped = false;

  constructor(site: Site) {
    super(site);
    const { clipValue, clipNorm, optimizer } = site.plan;
    const { parts } = site.learner;
    if (clipValue || clipNorm) this.#clipping = new Clipping(parts, clipValue, clipNorm);
    this.#statistics = statisticsIn(parts);
    this.stepper = new Stepper(parts, optimizer, site.learner.calls?.kernels);
  }

  protected sizeOf(rows: number): number {
    return this.site.plan.batchSize ?? Math.min(DEFAULT_BATCH, rows);
  }

  override take(set: Dataset, isWhole: boolean): void {
    super.take(set, isWhole);
    this.#current = undefined;
    this.#stepping = false;
  }

  step(): boolean {
    const { learner, plan, rate, averages, epoch } = this.site;
    if (!this.#current) {
      const { batches } = this;
      const batch = batches.gather(this.batch * batches.size);
      if (!batch) return false;
      this.#current = batch;
      // Rows that weigh less than nothing count as rows.
      this.weight = batch.w && !plan.signedWeights ? total(batch.w) : batch.rows;
      if (rate.moves) {
        rate.at.part = this.isWhole ? this.batch / batches.count : 0;
        rate.update();
      }
      // A batch without weight says nothing.
      learner.seen = rate.at.samplesSeen + epoch.rows;
      if (this.weight > 0) learner.begin(batch);
    }
    const batch = this.#current;
    if (this.weight > 0) {
      if (!this.#stepping) {
        if (!learner.advance()) return false;
        this.loss = learner.loss;
        if (!learner.finite) this.refuse(batch);
        const { address } = learner.gradients.block;
        this.#take(batch, address);
        this.#clipping?.clip(learner.parts.plan.size, address);
        this.stepper.rate = rate.value;
        this.stepper.step(address);
        this.#stepping = true;
        this.#stepped = false;
      }
      if (learner.calls && !learner.calls.advance()) return false;
      if (!this.#stepped) {
        this.#stepped = true;
        this.#statistics?.put();
        averages?.add(rate.at);
        if (averages && learner.calls && !learner.calls.advance()) return false;
      }
      this.#stepping = false;
    }
    this.rows = batch.rows;
    this.batch++;
    this.#current = undefined;
    return true;
  }

  #take({ rows }: Batch, gradients: number): void {
    const statistics = this.#statistics;
    if (!statistics) return;
    statistics.share = (this.site.learner.parts.plan.reduction === 'mean' ? this.weight : 1) / rows;
    statistics.take(gradients);
  }

  override dispose(): void {
    super.dispose();
    this.stepper.dispose();
  }
}

/** The sum of weights. */
export function total(w: ResidentMatrix): number {
  const values = elementsOf(w);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}
