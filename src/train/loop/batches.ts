// The rows of a set in the order in which they are visited, gathered into batches.

import { training } from '../../backend/training.js';
import type { TrainingKernels } from '../../kernels/training.js';
import type { Session } from '../../matrix/marshal.js';
import { PLACE } from '../../matrix/operand.js';
import { ResidentMatrix } from '../../matrix/resident.js';
import { Block } from '../../memory/block.js';
import type { Plan } from '../../network/plan.js';
import type { Dataset } from '../dataset.js';
import { ResidentSparse, SparseGathering } from '../sparse-set.js';

/** So many bytes are gathered before others may have their turn: 0.1 to 1 ms. */
const CHUNK_BYTES = 1 << 20;

/** What a copied number costs in multiply-adds. */
const COPY_WORK = 4;

/** Rows that were gathered. */
export type Batch = Dataset;

/** Batches of one set. Gathering allocates nothing. */
export class Batches {
  readonly #session: Session;
  readonly #kernels: TrainingKernels;
  readonly #set: Dataset;
  /** Of sparse inputs. */
  readonly #sparse: SparseGathering | undefined;
  /** Columns of X, which has none if it is sparse, y and w. */
  readonly #columns: readonly number[];
  /** Of an element. */
  readonly #bytes: number;
  readonly #blocks: readonly Block[];
  readonly #indices: Block;
  readonly #n: number;
  /** Rows that are gathered at once. */
  readonly #chunk: number;
  /** Rows of the batch underway that were gathered. */
  #done = 0;
  readonly size: number;
  /** Full batches, and the last one if it is smaller. */
  readonly full: Batch;
  readonly last: Batch;

  /** @param n rows in an order @param size rows in a batch */
  constructor(session: Session, plan: Plan, set: Dataset, n: number, size: number) {
    const { bytes } = session[plan.dtype];
    const columns = [set.X instanceof ResidentSparse ? 0 : plan.inputs, plan.loss.targets, ...(set.w ? [1] : [])];
    this.#session = session;
    this.#kernels = session.backend.put(training)[plan.dtype];
    this.#set = set;
    this.#n = n;
    this.size = Math.min(size, n);
    this.#columns = columns;
    this.#bytes = bytes;
    const last = n % this.size;
    if (set.X instanceof ResidentSparse)
      this.#sparse = new SparseGathering(session, plan.dtype, set.X, this.size, last);
    const rowBytes = bytes * columns.reduce((sum, each) => sum + each) + (this.#sparse?.rowBytes ?? 0);
    this.#chunk = Math.max(1, Math.floor(CHUNK_BYTES / rowBytes));
    this.#blocks = columns.map((cols) => new Block(session.heap, this.size * cols * bytes));
    this.#indices = new Block(session.heap, n * 4);
    const batch = (rows: number): Batch => {
      const [X, y, w] = this.#blocks.map(
        (block, i) => new ResidentMatrix(session, rows, columns[i], plan.dtype, { block, offset: 0 }),
      );
      const sparse = rows === this.size ? this.#sparse?.full : this.#sparse?.last;
      return { rows, X: sparse ?? X, y, w, block: set.block };
    };
    this.full = batch(this.size);
    this.last = last ? batch(last) : this.full;
  }

  get count(): number {
    return Math.ceil(this.#n / this.size);
  }

  /** Sets the order: n indices of rows of the set. */
  set order(indices: Int32Array) {
    const { buffer } = this.#session.memory.f64;
    new Int32Array(buffer, this.#indices.address, indices.length).set(indices);
  }

  /**
   * Gathers some more rows of the batch that begins at position `from` of the order.
   *
   * @returns the batch, once it is whole
   */
  gather(from: number): Batch | undefined {
    const batch = from + this.size <= this.#n ? this.full : this.last;
    const done = this.#done;
    const rows = Math.min(this.#chunk, batch.rows - done);
    const indices = this.#indices.address + (from + done) * 4;
    const { X, y, w } = this.#set;
    const [toX, toY, toW] = this.#blocks;
    const [colsX, colsY, colsW] = this.#columns;
    const begun = done * this.#bytes;
    const { gather } = this.#session.divided(this.#kernels, rows * colsX * COPY_WORK);
    if (this.#sparse) this.#sparse.gather(done, rows, indices);
    else gather(rows, colsX, indices, (X as ResidentMatrix)[PLACE].address, toX.address + begun * colsX);
    gather(rows, colsY, indices, y[PLACE].address, toY.address + begun * colsY);
    if (w) gather(rows, colsW, indices, w[PLACE].address, toW.address + begun * colsW);
    this.#done = done + rows < batch.rows ? done + rows : 0;
    return this.#done === 0 ? batch : undefined;
  }

  dispose(): void {
    for (const block of this.#blocks) block.dispose();
    this.#indices.dispose();
    this.#sparse?.dispose();
  }
}
