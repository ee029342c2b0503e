// Sparse rows on their way through linear memory, tile by tile: as they are for the product with the first layer's weights, and
// column by column for the gradients of those, which are the product of the tile's transpose with the errors.

import { training } from '../backend/training.js';
import { type Dtype, TILE } from '../kernels/contract.js';
import type { TrainingKernels } from '../kernels/training.js';
import { Block } from '../memory/block.js';
import { aligned } from '../memory/heap.js';
import type { Session } from './marshal.js';
import { nonFiniteAt, type SparseRows, type SparseTiles, type TypedArray } from './operand.js';

/** Compressed sparse rows: row i has values[e] in column indices[e] for e from indptr[i] to below indptr[i + 1]. */
export interface Compressed {
  readonly indptr: Int32Array;
  readonly indices: Int32Array;
  readonly values: TypedArray;
}

/** The same in linear memory: addresses. */
export interface CompressedPlace {
  readonly indptr: number;
  readonly indices: number;
  readonly values: number;
}

/** Sparse rows as tiles are made of them. */
export interface CompressedRows extends SparseRows, Compressed {
  /** Where they lie, if they do so in linear memory in the tiles' dtype. */
  readonly place?: CompressedPlace;
}

/** What sparse rows do, whatever holds them. */
export const tilesOfRows = (session: object, dtype: Dtype): SparseTiles =>
  new CompressedTiles(session as Session, dtype);

/** The first number that is not finite, and its row and column. */
export function wildIn({ indptr, indices, values }: Compressed): readonly [number, number, number] | undefined {
  const e = nonFiniteAt(values);
  return e < 0 ? undefined : [values[e], indptr.findIndex((end) => end > e) - 1, indices[e]];
}

/** Copies `count` rows from row `from` on, zeros too. */
export function expand(
  { indptr, indices, values }: Compressed,
  cols: number,
  to: TypedArray,
  at: number,
  from: number,
  count: number,
): void {
  to.fill(0, at, at + count * cols);
  for (let i = from; i < from + count; i++, at += cols) {
    for (let e = indptr[i]; e < indptr[i + 1]; e++) to[at + indices[e]] = values[e];
  }
}

/** A run's kernels are called one by one: that pays where no more than one column in so many has something. */
const WORTH_RUNS = 4;

/** Bytes of an offset, and of a column. */
const WORD = 4;

export class CompressedTiles implements SparseTiles {
  readonly #session: Session;
  readonly #dtype: Dtype;
  readonly #own: Pick<TrainingKernels, 'nonfinite' | 'sparse_forward' | 'sparse_forward_columns'>;
  readonly #bytes: number;
  /** The tile underway, where the rows lie elsewhere. */
  readonly #tile: Block;
  /** Its columns. */
  readonly #columns: Block;
  /** How many numbers are not finite of each unit's weights, or of its errors. */
  readonly #counts: Block;
  readonly #merged = new WeakMap<object, object>();
  #integers: Int32Array | undefined;
  #source!: CompressedRows;
  /** The most numbers that a tile has. */
  #most = 0;
  /** Whether gradients are asked for: then the tile is sorted by columns, of which the product with the weights takes less time, too. */
  #both = false;
  /**
   * Whether what would be zeros is left as it is: the gradients of columns in which the tile has nothing. For who knows that all
   * weights are finite; kernels are then called at once.
   */
  lean = false;
  /** Of the last gradients: the runs of columns that were written, from where on and how many; undefined: all were. */
  runs: Int32Array | undefined;
  #touched = new Int32Array(0);
  /** Whether the weights were looked at: they stay what they are for a call. */
  #looked = false;
  #transposed = false;
  #rows = 0;
  /** Addresses. */
  #indptr = 0;
  #indices = 0;
  #values = 0;

  constructor(session: Session, dtype: Dtype) {
    this.#session = session;
    this.#dtype = dtype;
    const { nonfinite, sparse_forward, sparse_forward_columns } = session.backend.put(training)[dtype];
    this.#own = { nonfinite, sparse_forward, sparse_forward_columns };
    this.#bytes = session[dtype].bytes;
    const block = () => new Block(session.heap, 0);
    this.#tile = block();
    this.#columns = block();
    this.#counts = block();
  }

  kernels<K extends object>(kernels: K): K {
    let merged = this.#merged.get(kernels);
    if (!merged) {
      merged = { ...kernels, ...this.#own };
      this.#merged.set(kernels, merged);
    }
    return merged as K;
  }

  begin(rows: SparseRows, units: number, gradients: boolean): void {
    const source = rows as CompressedRows;
    const { indptr } = source;
    this.#source = source;
    this.#looked = false;
    this.#most = 0;
    for (let from = 0; from < rows.rows; from += TILE) {
      this.#most = Math.max(this.#most, indptr[Math.min(rows.rows, from + TILE)] - indptr[from]);
    }
    if (!source.place) this.#tile.reach(this.#roomOf(Math.min(TILE, rows.rows)));
    this.#both = gradients;
    this.#counts.reach(units * this.#bytes);
    if (gradients) this.#columns.reach(this.#roomOf(rows.cols));
  }

  /** Bytes of so many offsets and two, and of a tile's columns and values. */
  #roomOf(offsets: number): number {
    return aligned((offsets + 2) * WORD) + aligned(this.#most * WORD) + this.#most * this.#bytes;
  }

  read(from: number, count: number): void {
    const { place, indptr, indices, values } = this.#source;
    this.#rows = count;
    this.#transposed = false;
    if (place) {
      this.#indptr = place.indptr + from * WORD;
      this.#indices = place.indices;
      this.#values = place.values;
      return;
    }
    const [first, end] = [indptr[from], indptr[from + count]];
    this.#indptr = this.#tile.address;
    this.#indices = this.#indptr + aligned((count + 2) * WORD);
    this.#values = this.#indices + aligned(this.#most * WORD);
    const words = this.#words;
    const at = this.#indptr / WORD;
    for (let i = 0; i <= count; i++) words[at + i] = indptr[from + i] - first;
    words.set(indices.subarray(first, end), this.#indices / WORD);
    this.#session.view(this.#dtype).set(values.subarray(first, end), this.#values / this.#bytes);
  }

  /** Memory as 32-bit integers. */
  get #words(): Int32Array {
    const { buffer } = this.#session.memory.f64;
    if (this.#integers?.buffer !== buffer) this.#integers = new Int32Array(buffer);
    return this.#integers;
  }

  forward(kernels: object, units: number, w: number, b: number, z: number): void {
    const k = kernels as TrainingKernels;
    const { cols } = this.#source;
    if (this.#both && !this.lean) {
      const { indptr, indices, values } = this.#byColumns();
      k.sparse_forward_columns(this.#rows, units, cols, indptr, indices, values, w, b, z);
      return;
    }
    if (!this.#looked) {
      const counts = this.#counts.address;
      if (this.lean) this.#session.elementsAt(counts, this.#dtype, units).fill(0);
      else k.nonfinite(cols, units, w, counts);
    }
    this.#looked = true;
    k.sparse_forward(this.#rows, units, this.#indptr, this.#indices, this.#values, w, this.#counts.address, b, z);
  }

  gradients(kernels: object, units: number, d: number, dw: number): void {
    const k = kernels as TrainingKernels;
    const { indptr, indices, values } = this.#byColumns();
    const counts = this.#counts.address;
    k.nonfinite(this.#rows, units, d, counts);
    this.runs = this.lean ? this.#findRuns(indptr, counts, units) : undefined;
    if (!this.runs) {
      k.sparse_forward(this.#source.cols, units, indptr, indices, values, d, counts, 0, dw);
      return;
    }
    const row = units * this.#bytes;
    for (let i = 0; i < this.runs.length; i += 2) {
      const [column, count] = [this.runs[i], this.runs[i + 1]];
      k.sparse_forward(count, units, indptr + column * WORD, indices, values, d, counts, 0, dw + column * row);
    }
  }

  /** The runs of columns that the tile has; undefined if it has so many that they are not worth it, or errors are not finite. */
  #findRuns(indptr: number, counts: number, units: number): Int32Array | undefined {
    const { cols } = this.#source;
    if (this.#session.elementsAt(counts, this.#dtype, units).some((count: number) => count > 0)) return undefined;
    const words = this.#words;
    const from = indptr >>> 2;
    const most = 2 * Math.min(cols, this.#most);
    if (this.#touched.length < most) this.#touched = new Int32Array(most);
    const runs = this.#touched;
    let n = 0;
    let columns = 0;
    for (let j = 0; j < cols; j++) {
      if (words[from + j] === words[from + j + 1]) continue;
      columns++;
      if (n > 0 && runs[n - 2] + runs[n - 1] === j) runs[n - 1]++;
      else {
        runs[n++] = j;
        runs[n++] = 1;
      }
    }
    return columns * WORTH_RUNS > cols ? undefined : runs.subarray(0, n);
  }

  /** Where the tile is by its columns. */
  #byColumns(): CompressedPlace {
    const indptr = this.#columns.address;
    const indices = indptr + aligned((this.#source.cols + 2) * WORD);
    const values = indices + aligned(this.#most * WORD);
    if (!this.#transposed) this.#transpose(indptr, indices, values);
    this.#transposed = true;
    return { indptr, indices, values };
  }

  /** Sorts the tile's numbers by columns, those of a column by rows, by counting; to these addresses. */
  #transpose(indptr: number, indices: number, values: number): void {
    const { cols } = this.#source;
    const words = this.#words;
    const view = this.#session.view(this.#dtype);
    // As integers: as they come out of a division V8 would count in doubles.
    const shift = this.#bytes === 8 ? 3 : 2;
    const [from, columns, numbers] = [this.#indptr >>> 2, this.#indices >>> 2, this.#values >>> shift];
    const [to, rowsTo, numbersTo] = [indptr >>> 2, indices >>> 2, values >>> shift];
    const end = words[from + this.#rows];
    // Counted two places further than it belongs, and summed up, each column's place tells where the next number goes.
    words.fill(0, to, to + cols + 2);
    for (let e = words[from]; e < end; e++) words[to + words[columns + e] + 2]++;
    let sum = 0;
    for (let j = to + 2; j <= to + cols; j++) {
      sum += words[j];
      words[j] = sum;
    }
    for (let i = 0; i < this.#rows; i++) {
      const past = words[from + i + 1];
      for (let e = words[from + i]; e < past; e++) {
        const next = to + words[columns + e] + 1;
        const at = words[next];
        words[next] = at + 1;
        words[rowsTo + at] = i;
        view[numbersTo + at] = view[numbers + e];
      }
    }
  }

  dispose(): void {
    this.#tile.dispose();
    this.#columns.dispose();
    this.#counts.dispose();
  }
}
