// What is looked at after an epoch: the validation loss, and metrics, in slices.

import { NonFiniteError } from '../../checks/errors.js';
import { ResidentMatrix } from '../../matrix/resident.js';
import { Block } from '../../memory/block.js';
import type { Sliced } from '../../numbers/sliced.js';
import type { Dataset } from '../dataset.js';
import type { FitPlan } from '../options.js';
import { Batches } from './batches.js';
import type { Learner } from './learner.js';
import { measure } from './metrics.js';
import { notFinite } from './nonfinite.js';

/** Copies of some rows of a set, as one batch, which the caller disposes of. */
export function* pick({ parts }: Learner, set: Dataset, indices: Int32Array): Sliced<Batches> {
  const { session, plan } = parts;
  const batches = new Batches(session, plan, set, indices.length, indices.length);
  let whole = false;
  try {
    batches.order = indices;
    while (!batches.gather(0)) yield;
    whole = true;
    return batches;
  } finally {
    if (!whole) batches.dispose();
  }
}

export class Evaluator {
  readonly #learner: Learner;
  readonly #names: FitPlan['metrics'];
  #outputs: ResidentMatrix | undefined;
  readonly #room: Block;

  constructor(learner: Learner, { metrics }: FitPlan) {
    this.#learner = learner;
    this.#names = metrics;
    this.#room = new Block(learner.parts.session.heap, 0);
  }

  /**
   * The validation loss, without penalties.
   *
   * @param epoch from 1 @param heldOut the set's rows by their numbers, if it was held out
   * @throws {NonFiniteError} unless it is finite
   */
  *validate(set: Dataset, epoch: number, heldOut: Int32Array | undefined): Sliced<number> {
    const loss = yield* this.#learner.lossOf(set);
    if (Number.isFinite(loss)) return loss;
    const data = notFinite(set.X, set.y, (i) => heldOut?.[i] ?? i);
    throw new NonFiniteError(
      `epoch ${epoch}: the validation loss is ${loss}; ` +
        (data
          ? `${heldOut ? '' : 'validationData: '}${data}: remove or replace it`
          : 'try a smaller learning rate, clipNorm, or inputs scaled to mean 0 and variance 1'),
    );
  }

  /** Every metric. @param order of which only these rows count */
  *measure(set: Dataset, order?: Int32Array): Sliced<number[]> {
    const { session, plan } = this.#learner.parts;
    if (this.#names.length === 0) return [];
    const picked = order && order.length < set.rows ? yield* pick(this.#learner, set, order) : undefined;
    try {
      const { X, y, w, rows } = picked?.full ?? set;
      if (this.#outputs?.rows !== rows) {
        // A part of a block, which nobody fills with zeros: that could take long.
        this.#room.reach(rows * plan.outputs * session[plan.dtype].bytes);
        const part = { block: this.#room, offset: 0 };
        this.#outputs = new ResidentMatrix(session, rows, plan.outputs, plan.dtype, part);
      }
      const outputs = this.#outputs;
      yield* this.#learner.forward(X, outputs);
      const values: number[] = [];
      for (const name of this.#names) values.push(yield* measure(name, { loss: plan.loss, outputs, y, w }));
      return values;
    } finally {
      picked?.dispose();
    }
  }

  dispose(): void {
    this.#room.dispose();
  }
}
