// A set of rows in the network's dtype, and where the rows that are read go to.

import type { Session } from '../matrix/marshal.js';
import { type Dtype, elementsOf, newArray, PLACE, type TypedArray } from '../matrix/operand.js';
import { ResidentMatrix } from '../matrix/resident.js';
import { Block } from '../memory/block.js';
import type { Plan } from '../network/plan.js';
import { type Sliced, whole } from '../numbers/sliced.js';
import { placeSparse, type ResidentSparse, type SparseArrays, sparseArrays } from './sparse-set.js';

/** Numbers in the network's dtype: an array, or a matrix in linear memory, by which room they were read to. */
export type Column = TypedArray | ResidentMatrix;

/** Rows of a training or validation set, which lie in linear memory unless said otherwise. */
export interface Dataset<C extends Column = ResidentMatrix, S = ResidentSparse> {
  readonly rows: number;
  /** rows x inputs. */
  readonly X: C | S;
  /** rows x targets. */
  readonly y: C;
  /** A weight for each row. */
  readonly w: C | undefined;
  /** Its number, if it is one of the blocks of an epoch. */
  readonly block?: number;
}

/** Rows where they were read to: all in arrays, or all in linear memory. */
export type ReadSet = Dataset<Column, SparseArrays | ResidentSparse>;

/** Where rows are read to. */
export interface Room {
  /** Whether a matrix is used where it lies: then nothing is copied, and it is held. */
  keep(matrix: ResidentMatrix): boolean;
  /** Room for numbers, all of which are then written. */
  column(rows: number, cols: number): Column;
  /** A copy of sparse rows. */
  sparse(rows: SparseArrays): SparseArrays | ResidentSparse;
}

/** Arrays, to be handed to a worker. */
export class Arrays implements Room {
  readonly #dtype: Dtype;

  constructor(dtype: Dtype) {
    this.#dtype = dtype;
  }

  keep(): boolean {
    return false;
  }

  column(rows: number, cols: number): TypedArray {
    return newArray(this.#dtype, rows * cols);
  }

  sparse(rows: SparseArrays): SparseArrays {
    return sparseArrays(rows, this.#dtype);
  }
}

/** Linear memory, where the training runs: what was put there goes with it, what lay there already is held until then. */
export class Resident implements Room {
  readonly #session: Session;
  readonly #dtype: Dtype;
  readonly #owned: Block[] = [];
  readonly #held: ResidentMatrix[] = [];

  constructor(session: Session, dtype: Dtype) {
    this.#session = session;
    this.#dtype = dtype;
  }

  keep(matrix: ResidentMatrix): boolean {
    if (matrix.dtype !== this.#dtype || matrix[PLACE].session !== this.#session) return false;
    matrix.hold();
    this.#held.push(matrix);
    return true;
  }

  column(rows: number, cols: number): ResidentMatrix {
    // A part of a block, which nobody fills with zeros: of many rows that takes as long as to read them.
    const block = this.#own(rows * cols * this.#session[this.#dtype].bytes);
    return new ResidentMatrix(this.#session, rows, cols, this.#dtype, { block, offset: 0 });
  }

  sparse(rows: SparseArrays): ResidentSparse {
    return whole(this.placing(rows));
  }

  placing(rows: SparseArrays): Sliced<ResidentSparse> {
    return placeSparse(this.#session, this.#dtype, rows, (bytes) => this.#own(bytes));
  }

  #own(bytes: number): Block {
    const block = new Block(this.#session.heap, bytes);
    this.#owned.push(block);
    return block;
  }

  dispose(): void {
    for (const block of this.#owned.splice(0)) block.dispose();
    for (const matrix of this.#held.splice(0)) matrix.unhold();
  }
}

/** A column's numbers, for immediate use. */
export const numbersOf = (column: Column): TypedArray =>
  column instanceof ResidentMatrix ? elementsOf(column) : column;

/** Elements that are copied before others may have their turn: 1 ms. */
const COPIED = 1 << 19;

/** A copy of a set in linear memory. */
export function* placed(room: Resident, { inputs, loss }: Plan, set: ReadSet): Sliced<Dataset> {
  const { rows, X, w } = set;
  function* place(column: Column, cols: number): Sliced<ResidentMatrix> {
    const copy = room.column(rows, cols);
    for (let from = 0; from < rows * cols; from += COPIED) {
      elementsOf(copy).set(numbersOf(column).subarray(from, from + COPIED), from);
      yield;
    }
    return copy;
  }
  return {
    ...set,
    X: 'indptr' in X ? yield* room.placing(X) : yield* place(X, inputs),
    y: yield* place(set.y, loss.targets),
    w: w && (yield* place(w, 1)),
  };
}
