// A run over the whole set at once, whose only batch is an iteration of the optimizer.

import type { Sliced } from '../../numbers/sliced.js';
import type { Iterations, Whole } from '../optimizers/optimizer.js';
import { kindOf, type OptimizerOptions } from '../optimizers/optimizers.js';
import { Run } from './run.js';

export class WholeSet extends Run {
  #iterations: Iterations | undefined;
  /** What it begins with, once it begins. */
  #state: object | undefined;
  /** The one that is underway. */
  #iteration: Sliced<void> | undefined;

  protected sizeOf(rows: number): number {
    return rows;
  }

  step(): boolean {
    this.#iteration ??= this.#iterate();
    if (!this.#iteration.next().done) return false;
    this.#iteration = undefined;
    // The loss is the epoch's, whatever the rows weigh.
    this.weight = 1;
    this.rows = this.batches.size;
    this.batch++;
    return true;
  }

  *#iterate(): Sliced<void> {
    this.#iterations ??= yield* this.#begin();
    this.#iterations.rate = this.site.rate.value;
    this.stopReason = yield* this.#iterations.next();
    this.loss = this.#iterations.loss;
    const { averages, learner, rate } = this.site;
    averages?.add(rate.at);
    if (learner.calls) yield* learner.calls.run();
  }

  *#begin(): Sliced<Iterations> {
    const { learner, plan } = this.site;
    const { batches } = this;
    // Gathered once: their order stays.
    let gathered = batches.gather(0);
    while (!gathered) {
      yield;
      gathered = batches.gather(0);
    }
    const rows = gathered;
    this.loss = yield* learner.evaluate(rows);
    if (!learner.finite) this.refuse(rows);
    const kind = kindOf(plan.optimizer) as Whole<OptimizerOptions>;
    const { address } = learner.gradients.block;
    const iterations = kind.begin(learner.parts, plan.optimizer, address, () => learner.evaluate(rows));
    if (this.#state) iterations.state = this.#state;
    return iterations;
  }

  *read(): Sliced<object | undefined> {
    return this.#iterations ? yield* this.#iterations.read() : this.#state;
  }

  /** Before the first step. */
  set state(state: object | undefined) {
    this.#state = state;
  }

  override dispose(): void {
    super.dispose();
    this.#iterations?.dispose();
  }
}
