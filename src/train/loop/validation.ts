// What is looked at after an epoch: rows that are held out, their loss, and metrics.

import { FileFormatError, ValueError } from '../../checks/errors.js';
import { trainTestIndices } from '../../data/splits.js';
import { elementsOf } from '../../matrix/operand.js';
import { type Dataset, Resident } from '../dataset.js';
import { type FitPlan, validationName } from '../options.js';
import { classifies, classOf } from '../read-rows.js';
import { Evaluator, pick } from './evaluator.js';
import type { EpochReport } from './history.js';
import type { Learner } from './learner.js';
import { total } from './minibatches.js';
import type { RowOrder } from './row-order.js';
import type { Sliced } from './turns.js';

export class Validation {
  readonly #learner: Learner;
  readonly #plan: FitPlan;
  readonly #evaluator: Evaluator;
  readonly #room: Resident;
  #set: Dataset | undefined;
  /** Rows of the training set that are the validation set; undefined if that was given. */
  #heldOut: Int32Array | undefined;

  /** @param set the validation set, if one is given */
  constructor(learner: Learner, plan: FitPlan, set: Dataset | undefined) {
    const { session, plan: network } = learner.parts;
    this.#learner = learner;
    this.#plan = plan;
    this.#evaluator = new Evaluator(learner, plan);
    this.#room = new Resident(session, network.dtype);
    this.#set = set;
  }

  /** Holds out rows of the set, if that was asked for: takes them from the order. */
  *holdOut(set: Dataset, order: RowOrder): Sliced<void> {
    if (this.#plan.validationSplit === 0 || this.#set) return;
    const { train, test } = this.#divide(set, order);
    yield;
    order.rows = train;
    this.#heldOut = test;
    this.#set = yield* pick(this.#learner, set, test, this.#room);
    const { w } = this.#set;
    if (w && total(w) === 0) {
      throw new ValueError('"validationSplit" holds out only rows of weight 0: give another seed, or validationData');
    }
  }

  #divide(set: Dataset, order: RowOrder): { train: Int32Array; test: Int32Array } {
    const { plan } = this.#learner.parts;
    const { validationSplit: testSize } = this.#plan;
    let source: number | Int32Array = set.rows;
    if (classifies(plan)) {
      const targets = elementsOf(set.y);
      source = order.rows.map((i) => classOf(targets, i, plan.outputs));
    }
    try {
      // Every option by itself: none may come from Object.prototype.
      return trainTestIndices(source, { testSize, trainSize: undefined, shuffle: true }, order.random);
    } catch (cause) {
      throw new ValueError(
        `"validationSplit" ${testSize} would hold out ${Math.ceil(testSize * set.rows)} of ${set.rows} rows, which cannot be: ` +
          `${(cause as Error).message}; give another part, more rows, or validationData`,
        { cause },
      );
    }
  }

  /** An order that was kept must be of other rows. @throws {FileFormatError} */
  check(order: Int32Array): void {
    const held = new Set(this.#heldOut);
    if (order.some((row) => held.has(row))) {
      throw new FileFormatError('"state.order" has rows that are held out for validation');
    }
  }

  *#validate(set: Dataset, epoch: number): Sliced<number> {
    try {
      return yield* this.#evaluator.validate(set, epoch, this.#heldOut);
    } catch (error) {
      // The parameters that are at fault are to be looked at.
      this.#learner.publish();
      throw error;
    }
  }

  /**
   * @param epoch from 1 @param own the set that is trained on, unless it comes in blocks, and those of its rows that are
   * @throws {NonFiniteError} unless the validation loss is finite
   */
  *look(
    epoch: number,
    own: Dataset | undefined,
    order: Int32Array,
  ): Sliced<Pick<EpochReport, 'validationLoss' | 'metrics'>> {
    const set = this.#set;
    const evaluator = this.#evaluator;
    const validationLoss = set && (yield* this.#validate(set, epoch));
    const trained = own ? yield* evaluator.measure(own, order) : [];
    const held = set ? yield* evaluator.measure(set) : [];
    const metrics: Record<string, number> = {};
    this.#plan.metrics.forEach((name, i) => {
      if (trained.length > 0) metrics[name] = trained[i];
      if (set) metrics[validationName(name)] = held[i];
    });
    return { ...(set && { validationLoss }), metrics };
  }

  dispose(): void {
    this.#evaluator.dispose();
    this.#room.dispose();
  }
}
