// What a training works on: parameters of its own, with passes and sums over them, tile by tile. The network that is being
// trained is written when an epoch ends, so that whatever a program does with it meanwhile cannot spoil the training.

import { training } from '../../backend/training.js';
import { TILE } from '../../kernels/contract.js';
import { elementsOf, PLACE, type TypedArray } from '../../matrix/operand.js';
import type { ResidentMatrix } from '../../matrix/resident.js';
import type { CompressedTiles } from '../../matrix/sparse-tiles.js';
import { Block } from '../../memory/block.js';
import type { Parts } from '../../network/calls.js';
import { NetworkGradients } from '../../network/gradients.js';
import { type Penalties, PenaltySums } from '../../network/penalties.js';
import { Tiles } from '../../network/tiles.js';
import type { Sliced } from '../../numbers/sliced.js';
import type { Dataset } from '../dataset.js';
import type { Stretch } from '../optimizers/optimizer.js';
import { ResidentSparse } from '../sparse-set.js';
import { type Calls, callsOf } from './calls.js';
import type { Lean } from './lean.js';

/**
 * Rows times parameters, of each row 128 more, that take no longer than a turn: two threads 4 ms in WebAssembly. TypeScript takes eight
 * times as long; of a loss that is a function nobody knows.
 */
const AT_ONCE = 1 << 24;
const AT_ONCE_SLOW = 1 << 21;
const OF_ROW = 128;

export class Learner {
  /** Where it works; the block is its own. */
  readonly parts: Parts;
  readonly gradients: NetworkGradients;
  /** Of a large network the kernels' calls, that others have their turn between. */
  readonly calls: Calls | undefined;
  readonly #network: Block;
  readonly #penalties: Penalties;
  readonly #tiles: Tiles;
  readonly #sums: PenaltySums;
  readonly #loss: Block;
  readonly #isFinite: (n: number, x: number) => number;
  readonly #masked: boolean;
  /** Whether nobody waits for a turn: then threads may share all tiles of a batch. */
  readonly #alone: boolean;
  readonly #atOnce: number;
  /** Rows that the training has had before the batch that begins: a field, because V8 allocates for a number that it hands to a function. */
  seen = -1;
  /** For steps over few parameters. */
  lean: Lean | undefined;
  /** Of the last sums, if they were made for few. */
  ranges: readonly Stretch[] | undefined;
  #to = 0;
  #count = 0;
  /** What of the sums comes next. */
  #next: 'tiles' | 'mean' | 'penalties' | 'nothing' = 'nothing';

  /**
   * @param parameters what it begins with; those of the network may be another's business by now
   * @param rows of a batch, if others wait for their turn meanwhile
   * @param step multiply-adds of a step of the optimizer
   */
  constructor({ session, plan, block }: Parts, parameters: TypedArray, penalties: Penalties, rows?: number, step = 0) {
    // First of all: it throws where the kernels cannot be had.
    this.#isFinite = session.backend.put(training)[plan.dtype].finite;
    const own = new Block(session.heap, plan.size * session[plan.dtype].bytes);
    this.#network = block;
    this.#penalties = penalties;
    this.parts = { session, plan, block: own };
    this.gradients = new NetworkGradients(session, plan, undefined);
    this.#alone = rows === undefined;
    this.#atOnce = session.backend.name === 'ts' || plan.loss.on ? AT_ONCE_SLOW : AT_ONCE;
    this.calls = rows === undefined ? undefined : callsOf(session, plan, rows, step);
    this.#tiles = new Tiles(session, plan, own, this.calls?.kernels);
    this.#sums = new PenaltySums(session, plan);
    this.#loss = new Block(session.heap, 8);
    this.parameters.set(parameters);
    this.#masked = !this.isFinite;
  }

  copy(from: Block, to: Block): void {
    const { session, plan } = this.parts;
    const { bytes } = session[plan.dtype];
    const start = from.address / bytes;
    session.view(plan.dtype).copyWithin(to.address / bytes, start, start + plan.size);
  }

  /** Gives the network its parameters. */
  publish(): void {
    this.copy(this.parts.block, this.#network);
  }

  get parameters(): TypedArray {
    const { session, plan, block } = this.parts;
    return session.elementsAt(block.address, plan.dtype, plan.size);
  }

  #place(X: Dataset['X'], rows: number): void {
    if (X instanceof ResidentSparse) this.#tiles.x.placeSparse(X);
    else this.#tiles.x.place(X[PLACE].address, rows);
  }

  /** Begins the sums over some rows, whose weights are not all 0: of loss and gradients, or of the loss alone. */
  begin({ rows, X, y, w }: Dataset, lossAlone = false): void {
    const { block } = this.gradients;
    this.#count = lossAlone ? 1 : this.parts.plan.size + 1;
    this.#to = lossAlone ? this.#loss.address : block.address;
    // They were checked when they were read: a step begins without looking at them again.
    const tiles = this.#tiles;
    this.#place(X, rows);
    tiles.y.place(y[PLACE].address, rows);
    if (w) tiles.w.place(w[PLACE].address, rows);
    else tiles.w.rows = 0;
    tiles.weigh(false);
    tiles.begin(this.#count, lossAlone ? -1 : this.seen);
    const sparse = tiles.passes.sparse as CompressedTiles | undefined;
    if (sparse) sparse.lean = this.lean !== undefined;
    this.#next = 'tiles';
  }

  /**
   * One tile of them, or a part of one; whether that was the last: then gradients and loss are there, of the loss alone without
   * penalties.
   */
  advance(): boolean {
    const { calls } = this;
    while (true) {
      if (calls && !calls.advance()) return false;
      if (this.#next === 'nothing') {
        if (calls?.flag === 1) this.gradients.state.finite = true;
        return true;
      }
      this.#sum();
      // Of a small network mean and penalties take no time, and there is but a turn for each tile.
      if (calls || this.#next === 'tiles') return false;
    }
  }

  #sum(): void {
    const to = this.#to;
    const count = this.#count;
    const { gradients } = this;
    if (this.#next === 'tiles') {
      const tiles = this.#tiles;
      if (tiles.shares && (this.#alone || tiles.rows * (this.parts.plan.size + OF_ROW) < this.#atOnce)) {
        this.#tiles.sum(to, count, 0, undefined);
        this.#next = 'mean';
      } else if (this.#tiles.advance(to, count, 0, undefined)) this.#next = 'mean';
    } else if (this.#next === 'mean') {
      if (this.calls) this.calls.flag = undefined;
      gradients.state.finite = this.#averageFew(count, to) ?? this.#tiles.average(count, to);
      this.#next = count > 1 && (this.#penalties.l2 || this.#penalties.l1) ? 'penalties' : 'nothing';
    } else {
      gradients.state.finite = false;
      if (this.calls) this.calls.flag = undefined;
      this.#sums.add(this.parts.block.address, to, count, this.#penalties, this.#tiles.weightTotal);
      this.#next = 'nothing';
    }
  }

  /** The mean over the rows, where gradients were made for few parameters: whether all of those are finite. */
  #averageFew(count: number, to: number): boolean | undefined {
    const { lean } = this;
    const { weightTotal, passes } = this.#tiles;
    this.ranges = undefined;
    if (!lean || count === 1 || !lean.take(passes.sparse as CompressedTiles)) return undefined;
    this.ranges = lean.ranges;
    if (this.parts.plan.reduction === 'mean' && weightTotal !== 1) return lean.average(weightTotal, to);
    return Number.isFinite(this.loss) && lean.isFinite(to);
  }

  /** Of the last sums. */
  get loss(): number {
    const { session, plan } = this.parts;
    return session.view(plan.dtype)[this.#to / session[plan.dtype].bytes + this.#count - 1];
  }

  /** Whether the last loss and all gradients are finite. */
  get finite(): boolean {
    if (this.gradients.state.finite || this.ranges) return this.gradients.state.finite;
    return this.#isFinite(this.parts.plan.size + 1, this.gradients.block.address) === 1;
  }

  /** Whether the parameters are finite, or were not from the beginning: a bias of -Infinity masks a class. */
  get sound(): boolean {
    return this.#masked || this.isFinite;
  }

  /** Whether the parameters that the last step changed are finite. */
  get isSteady(): boolean {
    return this.ranges && this.lean ? this.lean.isFinite(this.parts.block.address) : this.isFinite;
  }

  /** Whether all parameters are finite. */
  get isFinite(): boolean {
    return this.#isFinite(this.parts.plan.size, this.parts.block.address) === 1;
  }

  /** Loss and gradients, for who wants them together. */
  *evaluate(set: Dataset): Sliced<number> {
    this.begin(set);
    while (!this.advance()) yield;
    return this.loss;
  }

  /** The loss alone, without penalties. */
  *lossOf(set: Dataset): Sliced<number> {
    this.begin(set, true);
    while (!this.advance()) yield;
    return this.loss;
  }

  /** The outputs of all rows of X. */
  *forward(X: Dataset['X'], to: ResidentMatrix): Sliced<void> {
    const tiles = this.#tiles;
    const { session, plan } = this.parts;
    this.#place(X, X.rows);
    tiles.begin(0);
    for (let from = 0; from < X.rows; from += TILE) {
      const count = Math.min(TILE, X.rows - from);
      tiles.passes.forward(tiles.place(from, count), count, false);
      if (this.calls) yield* this.calls.run();
      session.copyOut(plan.dtype, tiles.passes.outputs, count * to.cols, elementsOf(to), from * to.cols);
      yield;
    }
  }

  dispose(): void {
    this.#tiles.dispose();
    this.#sums.dispose();
    this.gradients.dispose();
    this.#loss.dispose();
    this.parts.block.dispose();
  }
}
