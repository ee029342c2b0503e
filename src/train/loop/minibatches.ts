// A run with a step of the optimizer after each batch.

import { TILE } from '../../kernels/contract.js';
import { elementsOf } from '../../matrix/operand.js';
import type { ResidentMatrix } from '../../matrix/resident.js';
import type { Dataset } from '../dataset.js';
import { Clipping } from '../optimizers/clipping.js';
import type { Stepping } from '../optimizers/optimizer.js';
import { kindOf, type OptimizerOptions } from '../optimizers/optimizers.js';
import { Stepper } from '../optimizers/stepper.js';
import type { FitPlan } from '../options.js';
import { ResidentSparse } from '../sparse-set.js';
import type { Batch } from './batches.js';
import { Lean } from './lean.js';
import { Run, type Site } from './run.js';
import { movesStatistics, type Statistics, statisticsIn } from './statistics.js';

export const DEFAULT_BATCH = 200;

/** Whether nothing but the optimizer's step looks at all parameters, or at all gradients. */
function isLean({ plan, learner, averages }: Site, set: Dataset, batchSize: number): boolean {
  const network = learner.parts.plan;
  return (
    set.X instanceof ResidentSparse &&
    network.layers[0].takesSparse === true &&
    batchSize <= TILE &&
    stays(plan) &&
    !averages &&
    !learner.calls &&
    !movesStatistics(network) &&
    learner.isFinite
  );
}

function stays({ optimizer, penalties, clipNorm, clipValue }: FitPlan): boolean {
  const { still } = kindOf(optimizer) as Stepping<OptimizerOptions>;
  return still?.(optimizer) === true && !penalties.l2 && !penalties.l1 && !clipNorm && !clipValue;
}

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
    const { learner } = this.site;
    learner.lean = isLean(this.site, set, this.batches.size) ? new Lean(learner.parts) : undefined;
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
        this.stepper.step(address, learner.ranges);
        // What is left out is right only as long as 0 times a weight is 0.
        if (learner.lean && !learner.isSteady) learner.lean = undefined;
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
