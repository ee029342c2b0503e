// What is looked at after an epoch: the validation loss, and metrics, in slices.

import { NonFiniteError } from '../../checks/errors.js';
import { ResidentMatrix } from '../../matrix/resident.js';
import { type Dataset, placed, Resident } from '../dataset.js';
import type { FitPlan } from '../options.js';
import { Batches } from './batches.js';
import type { Learner } from './learner.js';
import { measure } from './metrics.js';
import { notFinite } from './nonfinite.js';
import type { Sliced } from './turns.js';

/** Copies of some rows of a set. */
export function* pick({ parts }: Learner, set: Dataset, indices: Int32Array, room: Resident): Sliced<Dataset> {
  const { session, plan } = parts;
  const batches = new Batches(session, plan, set, indices.length, indices.length);
  try {
    batches.order = indices;
    let batch = batches.gather(0);
    while (!batch) {
      yield;
      batch = batches.gather(0);
    }
    return placed(room, plan, batch);
  } finally {
    batches.dispose();
  }
}

export class Evaluator {
  readonly #learner: Learner;
  readonly #names: FitPlan['metrics'];
  #outputs: ResidentMatrix | undefined;

  constructor(learner: Learner, { metrics }: FitPlan) {
    this.#learner = learner;
    this.#names = metrics;
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
    const room = new Resident(session, plan.dtype);
    try {
      const { X, y, w, rows } = order && order.length < set.rows ? yield* pick(this.#learner, set, order, room) : set;
      if (this.#outputs?.rows !== rows) {
        this.#outputs?.dispose();
        this.#outputs = new ResidentMatrix(session, rows, plan.outputs, plan.dtype);
      }
      const outputs = this.#outputs;
      yield* this.#learner.forward(X, outputs);
      const values: number[] = [];
      for (const name of this.#names) values.push(yield* measure(name, { loss: plan.loss, outputs, y, w }));
      return values;
    } finally {
      room.dispose();
    }
  }

  dispose(): void {
    this.#outputs?.dispose();
  }
}
