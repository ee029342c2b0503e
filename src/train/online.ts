// Single epochs over few rows, one after the other: what a training of one epoch does and leaves, bit for bit, with nothing made
// anew for each. A training makes its memory, optimizer and reports for itself, which takes 300 us: 30 times what one row does.

import { TILE } from '../kernels/contract.js';
import { PLACE } from '../matrix/operand.js';
import type { ResidentMatrix } from '../matrix/resident.js';
import { Rows } from '../matrix/rows.js';
import { Block } from '../memory/block.js';
import { checkAlive, checkIdle, PARTS, type Parts } from '../network/calls.js';
import { elementsOfNetwork, type Network } from '../network/network.js';
import { range } from '../numbers/range.js';
import { whole } from '../numbers/sliced.js';
import { RandomState, type RandomStateJSON } from '../random/random.js';
import type { Carry } from './loop/drive.js';
import { Learner } from './loop/learner.js';
import { LearningRate } from './loop/learning-rate.js';
import { DEFAULT_BATCH } from './loop/minibatches.js';
import type { StepState } from './optimizers/forms.js';
import { Stepper } from './optimizers/stepper.js';
import type { FitPlan } from './options.js';

/** Rows x (parameters + 256) that are done at once, as background/where.ts counts: 2 ms. */
const WORK = 2_000_000;

/** Where rows lie, as a Learner asks for it. */
interface At {
  [PLACE]: { address: number };
}

export class Online {
  readonly #parts: Parts;
  readonly #plan: FitPlan;
  readonly #learner: Learner;
  readonly #stepper: Stepper;
  readonly #rate: LearningRate;
  readonly #random: RandomState;
  readonly #x: Rows;
  readonly #y: Rows;
  readonly #rows: Block;
  /** What the optimizer keeps, as it was before the epoch. */
  readonly #before: Block;
  readonly #at = { x: { [PLACE]: { address: 0 } }, y: { [PLACE]: { address: 0 } } } satisfies Record<string, At>;
  #order: Int32Array = new Int32Array(0);

  /** @param plan of one epoch of an optimizer that steps, without weights, clipping and validation @param carry what was left */
  constructor(net: Network, plan: FitPlan, { optimizer, random, samplesSeen }: Carry) {
    const parts = net[PARTS];
    const { session, plan: network } = parts;
    const { dtype, inputs, loss, size } = network;
    this.#parts = parts;
    this.#plan = plan;
    this.#learner = new Learner(parts, elementsOfNetwork(net).slice(), plan.penalties);
    this.#stepper = new Stepper(this.#learner.parts, plan.optimizer);
    if (optimizer) this.#stepper.state = optimizer;
    this.#rate = new LearningRate(plan);
    this.#rate.at.samplesSeen = samplesSeen ?? 0;
    this.#random = new RandomState(plan.seed);
    if (random) this.#random.state = random;
    this.#x = new Rows(session, dtype, 'X', inputs);
    this.#y = new Rows(session, dtype, 'y', loss.targets, loss.classes === 'exclusive');
    this.#rows = new Block(session.heap, 0);
    this.#before = new Block(session.heap, this.#stepper.slots.length * size * session[dtype].bytes);
  }

  /** Whether so many rows are few enough. */
  fits(rows: number): boolean {
    return rows > 0 && rows * (this.#parts.plan.size + TILE) <= WORK;
  }

  /**
   * One epoch over X and y, which no code of the caller's is behind.
   *
   * @returns its loss; undefined where numbers left the finite, or the network is in use: then nothing was changed, and a training
   * says what is wrong
   */
  epoch(X: unknown, y: unknown): number | undefined {
    const parts = this.#parts;
    checkAlive(parts.block);
    checkIdle(parts);
    this.#x.use(this.#x.parse(X));
    this.#y.use(this.#y.parse(y));
    const { rows } = this.#x;
    if (this.#y.rows !== rows) return undefined;
    const learner = this.#learner;
    const { steps } = this.#stepper;
    const [a, b] = this.#stepper.powers;
    const random = rows > 1 && this.#plan.shuffle ? this.#random.state : undefined;
    this.#copySlots(false);
    learner.copy(parts.block, learner.parts.block);
    this.#shuffle(rows);
    const loss = this.#pass(rows);
    if (loss !== undefined && learner.isFinite) {
      learner.publish();
      this.#rate.at.samplesSeen += rows;
      return loss;
    }
    this.#copySlots(true);
    this.#stepper.steps = steps;
    this.#stepper.powers[0] = a;
    this.#stepper.powers[1] = b;
    if (random) this.#random.state = random;
    return undefined;
  }

  #shuffle(rows: number): void {
    if (this.#order.length !== rows) this.#order = range(0, rows);
    else for (let i = 0; i < rows; i++) this.#order[i] = i;
    if (this.#plan.shuffle) this.#random.swap(this.#order, rows - 1, 0);
  }

  /** Batch by batch; the mean of their losses. */
  #pass(rows: number): number | undefined {
    const learner = this.#learner;
    const stepper = this.#stepper;
    const { address } = learner.gradients.block;
    const size = Math.min(this.#plan.batchSize ?? DEFAULT_BATCH, rows);
    this.#rate.update();
    let sum = 0;
    for (let from = 0; from < rows; from += size) {
      const count = Math.min(size, rows - from);
      learner.seen = this.#rate.at.samplesSeen + from;
      this.#gather(from, count);
      learner.begin({
        rows: count,
        X: this.#at.x as unknown as ResidentMatrix,
        y: this.#at.y as unknown as ResidentMatrix,
        w: undefined,
      });
      while (!learner.advance());
      if (!learner.finite) return undefined;
      sum += learner.loss * count;
      stepper.rate = this.#rate.value;
      stepper.step(address);
    }
    return sum / rows;
  }

  #gather(from: number, count: number): void {
    const { session, plan } = this.#parts;
    const { bytes } = session[plan.dtype];
    const { cols } = this.#x;
    this.#rows.reach(count * (cols + this.#y.cols) * bytes);
    const { address } = this.#rows;
    const x = address / bytes;
    const y = x + count * cols;
    const view = session.view(plan.dtype);
    for (let i = 0; i < count; i++) {
      const row = this.#order[from + i];
      this.#x.copyTo(view, x + i * cols, row, 1);
      this.#y.copyTo(view, y + i * this.#y.cols, row, 1);
    }
    this.#at.x[PLACE].address = address;
    this.#at.y[PLACE].address = y * bytes;
  }

  /** @param back from what was kept to the optimizer */
  #copySlots(back: boolean): void {
    const { session, plan } = this.#parts;
    const { bytes } = session[plan.dtype];
    const view = session.view(plan.dtype);
    let kept = this.#before.address / bytes;
    for (const address of this.#stepper.slots) {
      const slot = address / bytes;
      if (back) view.copyWithin(slot, kept, kept + plan.size);
      else view.copyWithin(kept, slot, slot + plan.size);
      kept += plan.size;
    }
  }

  /** The learning rate of the last epoch. */
  get rate(): number {
    return this.#rate.value;
  }

  get samplesSeen(): number {
    return this.#rate.at.samplesSeen;
  }

  /** What a further training depends on: copies. */
  read(): { optimizer: StepState; random: RandomStateJSON } {
    return { optimizer: whole(this.#stepper.read()), random: this.#random.state };
  }

  dispose(): void {
    this.#learner.dispose();
    this.#stepper.dispose();
    this.#x.dispose();
    this.#y.dispose();
    this.#rows.dispose();
    this.#before.dispose();
  }
}
