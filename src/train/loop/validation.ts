// What is looked at after an epoch: rows that are held out, their loss, and metrics.

import { FileFormatError, ValueError } from '../../checks/errors.js';
import { type Coded, drawIndices, type Indices } from '../../data/splits.js';
import { elementsOf } from '../../matrix/operand.js';
import type { Plan } from '../../network/plan.js';
import type { Sliced } from '../../numbers/sliced.js';
import { SLICE } from '../../random/shuffle.js';
import type { Dataset } from '../dataset.js';
import { type FitPlan, validationName } from '../options.js';
import { classifies, classOf } from '../read-rows.js';
import type { Batches } from './batches.js';
import { Evaluator, pick } from './evaluator.js';
import type { EpochReport } from './history.js';
import type { Learner } from './learner.js';
import { total } from './minibatches.js';
import type { RowOrder } from './row-order.js';

/** The classes that occur, and which each row has. */
function* classesOf({ rows, y }: Dataset, { outputs }: Plan): Sliced<Coded> {
  const codes = new Int32Array(rows);
  const occurs = new Array<boolean>(Math.max(2, outputs)).fill(false);
  const each = Math.ceil(SLICE / outputs);
  for (let from = 0; from < rows; from += each) {
    const targets = elementsOf(y);
    const end = Math.min(rows, from + each);
    for (let i = from; i < end; i++) {
      codes[i] = classOf(targets, i, outputs);
      occurs[codes[i]] = true;
    }
    yield;
  }
  const classes = [...occurs.keys()].filter((k) => occurs[k]);
  if (classes.length < occurs.length) {
    const places = Int32Array.from(occurs, (_, k) => classes.indexOf(k));
    for (let i = 0; i < rows; i++) codes[i] = places[codes[i]];
  }
  return { codes, classes };
}

export class Validation {
  readonly #learner: Learner;
  readonly #plan: FitPlan;
  readonly #evaluator: Evaluator;
  #held: Batches | undefined;
  #set: Dataset | undefined;
  /** Rows of the training set that are the validation set; undefined if that was given. */
  #heldOut: Int32Array | undefined;

  /** @param set the validation set, if one is given */
  constructor(learner: Learner, plan: FitPlan, set: Dataset | undefined) {
    this.#learner = learner;
    this.#plan = plan;
    this.#evaluator = new Evaluator(learner, plan);
    this.#set = set;
  }

  /** Holds out rows of the set, if that was asked for: takes them from the order. */
  *holdOut(set: Dataset, order: RowOrder): Sliced<void> {
    if (this.#plan.validationSplit === 0 || this.#set) return;
    const { train, test } = yield* this.#divide(set, order);
    yield;
    order.rows = train;
    this.#heldOut = test;
    this.#held = yield* pick(this.#learner, set, test);
    this.#set = this.#held.full;
    const { w } = this.#set;
    if (w && !this.#plan.signedWeights && total(w) === 0) {
      throw new ValueError('"validationSplit" holds out only rows of weight 0: give another seed, or validationData');
    }
  }

  *#divide(set: Dataset, { random }: RowOrder): Sliced<Indices> {
    const { plan } = this.#learner.parts;
    const { validationSplit: testSize } = this.#plan;
    try {
      // Every option by itself: none may come from Object.prototype.
      const classes = classifies(plan) ? yield* classesOf(set, plan) : undefined;
      return yield* drawIndices(set.rows, { testSize, trainSize: undefined }, classes, random);
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
    this.#held?.dispose();
  }
}
