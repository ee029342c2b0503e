// The rows of a set in the order in which they are visited, gathered into batches.

import { Block } from '../block.js';
import type { Session } from '../marshal.js';
import type { Plan } from '../network/options.js';
import { PLACE } from '../operand.js';
import { ResidentMatrix } from '../resident.js';
import type { Dataset } from './dataset.js';
import { type TrainingKernels, trainingKernels } from './kernels.js';

/** Rows that lie together. */
export interface Batch {
  readonly rows: number;
  readonly X: ResidentMatrix;
  readonly y: ResidentMatrix;
  readonly w: ResidentMatrix | undefined;
}

/** Batches of one set. Gathering allocates nothing. */
export class Batches {
  readonly #session: Session;
  readonly #gather: TrainingKernels['gather'];
  readonly #set: Dataset;
  readonly #rowBytes: readonly number[];
  readonly #blocks: readonly Block[];
  readonly #indices: Block;
  readonly #n: number;
  readonly size: number;
  /** Full batches, and the last one if it is smaller. */
  readonly full: Batch;
  readonly last: Batch;

  /** @param n rows in an order @param size rows in a batch */
  constructor(session: Session, plan: Plan, set: Dataset, n: number, size: number) {
    const { bytes } = session[plan.dtype];
    const columns = [plan.inputs, plan.outputs, ...(set.w ? [1] : [])];
    this.#session = session;
    this.#gather = trainingKernels(session).gather;
    this.#set = set;
    this.#n = n;
    this.size = Math.min(size, n);
    this.#rowBytes = columns.map((cols) => cols * bytes);
    this.#blocks = columns.map((cols) => new Block(session.heap, this.size * cols * bytes));
    this.#indices = new Block(session.heap, n * 4);
    const batch = (rows: number): Batch => {
      const [X, y, w] = this.#blocks.map(
        (block, i) => new ResidentMatrix(session, rows, columns[i], plan.dtype, { block, offset: 0 }),
      );
      return { rows, X, y, w };
    };
    this.full = batch(this.size);
    this.last = n % this.size ? batch(n % this.size) : this.full;
  }

  get count(): number {
    return Math.ceil(this.#n / this.size);
  }

  /** Sets the order: n indices of rows of the set. */
  set order(indices: Int32Array) {
    const { buffer } = this.#session.memory.f64;
    new Int32Array(buffer, this.#indices.address, indices.length).set(indices);
  }

  /** Gathers the rows from position `from` of the order on. */
  gather(from: number): Batch {
    const batch = from + this.size <= this.#n ? this.full : this.last;
    const indices = this.#indices.address + from * 4;
    const { X, y, w } = this.#set;
    const [toX, toY, toW] = this.#blocks;
    this.#gather(batch.rows, this.#rowBytes[0], indices, X[PLACE].address, toX.address);
    this.#gather(batch.rows, this.#rowBytes[1], indices, y[PLACE].address, toY.address);
    if (w) this.#gather(batch.rows, this.#rowBytes[2], indices, w[PLACE].address, toW.address);
    return batch;
  }

  dispose(): void {
    for (const block of this.#blocks) block.dispose();
    this.#indices.dispose();
  }
}
