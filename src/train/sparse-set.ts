// Sparse rows of a training set: as arrays, to be handed to a worker, and in linear memory.

import type { Session } from '../matrix/marshal.js';
import { type Dtype, newArray, SPARSE, type TypedArray } from '../matrix/operand.js';
import {
  type Compressed,
  type CompressedPlace,
  type CompressedRows,
  expand,
  tilesOfRows,
  wildIn,
} from '../matrix/sparse-tiles.js';
import { Block } from '../memory/block.js';
import { aligned } from '../memory/heap.js';
import type { Sliced } from '../numbers/sliced.js';

/** Plain data. */
export interface SparseArrays extends Compressed {
  readonly rows: number;
  readonly cols: number;
}

/** Copies in a dtype. */
export function sparseArrays({ rows, cols, indptr, indices, values }: SparseArrays, dtype: Dtype): SparseArrays {
  const copy = newArray(dtype, values.length);
  copy.set(values);
  return { rows, cols, indptr: indptr.slice(), indices: indices.slice(), values: copy };
}

const WORD = 4;

/** Numbers that are copied before others may have their turn: 1 ms. */
const COPIED = 1 << 19;

/** Rows in linear memory: those of a set, or of a batch, which change with it. */
export class ResidentSparse implements CompressedRows {
  readonly rows: number;
  readonly cols: number;
  /** Of these rows, with room for so many of a batch. */
  readonly indptr: Int32Array;
  readonly place: CompressedPlace;
  readonly tiles = tilesOfRows;
  readonly #session: Session;
  readonly #dtype: Dtype;

  /** @param indptr its own, as it stands in memory too */
  constructor(session: Session, dtype: Dtype, cols: number, indptr: Int32Array, place: CompressedPlace) {
    this.rows = indptr.length - 1;
    this.cols = cols;
    this.indptr = indptr;
    this.place = place;
    this.#session = session;
    this.#dtype = dtype;
  }

  get [SPARSE](): this {
    return this;
  }

  /** How many numbers there are. */
  get nnz(): number {
    return this.indptr[this.rows];
  }

  /** For immediate use: linear memory may move. */
  get indices(): Int32Array {
    return new Int32Array(this.#session.memory.f64.buffer, this.place.indices, this.nnz);
  }

  /** For immediate use. */
  get values(): TypedArray {
    return this.#session.elementsAt(this.place.values, this.#dtype, this.nnz);
  }

  nonFinite(): readonly [number, number, number] | undefined {
    return wildIn(this);
  }

  copyTo(to: TypedArray, at: number, from: number, count: number): void {
    expand(this, this.cols, to, at, from, count);
  }
}

/** Room for so many rows with so many numbers, and how it is laid out. */
function roomFor(rows: number, most: number, bytes: number, own: (bytes: number) => Block): CompressedPlace {
  const indices = aligned((rows + 1) * WORD);
  const values = indices + aligned(most * WORD);
  const { address } = own(values + most * bytes);
  return { indptr: address, indices: address + indices, values: address + values };
}

const wordsOf = ({ memory }: Session): Int32Array => new Int32Array(memory.f64.buffer);

/** A copy of rows in linear memory, in a block that the caller owns. */
export function* placeSparse(
  session: Session,
  dtype: Dtype,
  { rows, cols, indptr, indices, values }: SparseArrays,
  own: (bytes: number) => Block,
): Sliced<ResidentSparse> {
  const n = values.length;
  const place = roomFor(rows, n, session[dtype].bytes, own);
  const copy = new ResidentSparse(session, dtype, cols, indptr.slice(), place);
  wordsOf(session).set(indptr, place.indptr / WORD);
  for (let from = 0; from < n; from += COPIED) {
    copy.indices.set(indices.subarray(from, from + COPIED), from);
    copy.values.set(values.subarray(from, from + COPIED), from);
    yield;
  }
  return copy;
}

/** The inputs of batches, gathered from a sparse set. Gathering allocates nothing. */
export class SparseGathering {
  readonly #session: Session;
  readonly #dtype: Dtype;
  readonly #set: ResidentSparse;
  readonly #block: Block;
  #words: Int32Array;
  /** Of a full batch, and of one of fewer rows: at the same place. */
  readonly full: ResidentSparse;
  readonly last: ResidentSparse;
  /** Rows that take about so many bytes. */
  readonly rowBytes: number;

  constructor(session: Session, dtype: Dtype, set: ResidentSparse, size: number, last: number) {
    const { bytes } = session[dtype];
    let longest = 0;
    for (let i = 0; i < set.rows; i++) longest = Math.max(longest, set.indptr[i + 1] - set.indptr[i]);
    const most = Math.min(set.nnz, size * longest);
    const block = new Block(session.heap, 0);
    const place = roomFor(size, most, bytes, (all) => {
      block.reach(all);
      return block;
    });
    const indptr = new Int32Array(size + 1);
    this.#session = session;
    this.#dtype = dtype;
    this.#set = set;
    this.#block = block;
    this.#words = wordsOf(session);
    this.full = new ResidentSparse(session, dtype, set.cols, indptr, place);
    this.last = last ? new ResidentSparse(session, dtype, set.cols, indptr.subarray(0, last + 1), place) : this.full;
    this.rowBytes = Math.ceil((set.nnz / set.rows) * (WORD + bytes)) + WORD;
  }

  /** Row number `done` of the batch and those after it: `count` rows whose numbers lie at an address. */
  gather(done: number, count: number, numbers: number): void {
    if (this.#words.buffer !== this.#session.memory.f64.buffer) this.#words = wordsOf(this.#session);
    const words = this.#words;
    const view = this.#session.view(this.#dtype);
    const { place: from, indptr: starts } = this.#set;
    const { place: to, indptr } = this.full;
    const { bytes } = this.#session[this.#dtype];
    const [columnsFrom, columnsTo] = [from.indices / WORD, to.indices / WORD];
    const [valuesFrom, valuesTo] = [from.values / bytes, to.values / bytes];
    let at = indptr[done];
    words[to.indptr / WORD + done] = at;
    for (let i = done; i < done + count; i++) {
      const row = words[numbers / WORD + i - done];
      const end = starts[row + 1];
      for (let e = starts[row]; e < end; e++, at++) {
        words[columnsTo + at] = words[columnsFrom + e];
        view[valuesTo + at] = view[valuesFrom + e];
      }
      indptr[i + 1] = at;
      words[to.indptr / WORD + i + 1] = at;
    }
  }

  dispose(): void {
    this.#block.dispose();
  }
}
