// Sparse matrices: rows of which only the numbers that are not zero are stored.

import { describe } from '../checks/describe.js';
import { DtypeError, ShapeError, ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { refuseCloning } from '../checks/uncloneable.js';
import { checkFunction, checkInteger, checkName, isInteger, isObject, refuseValue } from '../checks/values.js';
import { INSPECT, Matrix } from './matrix.js';
import {
  type ArrayOf,
  checkDtype,
  checkSize,
  type Dtype,
  dtypeOf,
  isList,
  isSparse,
  type MatrixInput,
  newArray,
  readMatrix,
  SPARSE,
  type SparseInput,
  type TypedArray,
} from './operand.js';
import { type Compressed, type CompressedRows, expand, tilesOfRows, wildIn } from './sparse-tiles.js';

/** Compressed sparse rows: row i has data[e] in column indices[e], for e from indptr[i] to below indptr[i + 1]; scipy's csr_matrix. */
export interface CSR {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly cols: number;
  /** rows + 1 offsets, ascending from 0. */
  readonly indptr: ArrayLike<number>;
  /** The column of each number. */
  readonly indices: ArrayLike<number>;
  /** The numbers. */
  readonly data: ArrayLike<number>;
}

/** The same by columns: indptr has cols + 1 offsets, indices are rows; scipy's csc_matrix. */
export type CSC = CSR;

/** Options of {@link SparseMatrix}. */
export interface SparseOptions<D extends Dtype = Dtype> {
  /** Default: `'f32'` of a Float32Array, else `'f64'`. */
  dtype?: D;
  /** What becomes of numbers in the same place: they are added, in their order (default, as scipy does), or refused. */
  duplicates?: 'sum' | 'refuse';
}

/** Row, column, number. */
export type Entry = readonly [row: number, col: number, value: number];

/** Columns are 32-bit integers, and so are offsets. */
const MOST = 2 ** 31 - 1;

const ADVICE = 'a SparseMatrix is not cloned: send toCSR(), and make one of that';

/** What is known of options before anything is read. */
interface Read {
  readonly dtype: Dtype | undefined;
  readonly refuses: boolean;
}

function readSparseOptions(options: SparseOptions, where: string): Read {
  const { dtype, duplicates = 'sum' } = readOptions(options, ['dtype', 'duplicates'], where);
  checkName(duplicates, ['sum', 'refuse'], 'duplicates');
  return { dtype: dtype === undefined ? undefined : checkDtype(dtype), refuses: duplicates === 'refuse' };
}

/** Numbers of an array, once. */
function readNumbers(value: unknown, name: string, dtype: Dtype | undefined): TypedArray {
  if (!isList(value)) return refuseValue(name, 'an array of numbers', value);
  const copy = newArray(dtype ?? dtypeOf(value) ?? 'f64', value.length);
  for (let e = 0; e < copy.length; e++) {
    const number = value[e];
    if (typeof number !== 'number') return refuseValue(name, 'a number', number, `[${e}]`);
    copy[e] = number;
  }
  return copy;
}

/** @throws {ValueError} if that is too much */
function integers(length: number): Int32Array {
  try {
    return new Int32Array(length);
  } catch (cause) {
    throw new ValueError(`cannot allocate an array of ${length} integers`, { cause });
  }
}

/** Integers of an array, once, each from 0 to below `limit`. */
function readIndices(value: unknown, name: string, limit: number): Int32Array {
  if (!isList(value)) return refuseValue(name, 'an array of integers', value);
  const copy = integers(value.length);
  for (let e = 0; e < copy.length; e++) {
    const index = value[e];
    if (limit === 0) refuseValue(name, 'empty, for there is nothing to name', index, `[${e}]`);
    copy[e] = isInteger(index, 0, limit - 1) ? index : checkInteger(index, name, 0, limit - 1, `[${e}]`);
  }
  return copy;
}

/** Offsets of so many rows, or columns. */
function readOffsets(value: unknown, count: number, n: number): Int32Array {
  const offsets = readIndices(value, 'indptr', MOST);
  if (offsets.length !== count + 1) {
    throw new ShapeError(`"indptr" has ${offsets.length} elements, but must have ${count + 1}`);
  }
  if (offsets[0] !== 0) refuseValue('indptr', '0', offsets[0], '[0]');
  for (let i = 0; i < count; i++) {
    if (offsets[i + 1] < offsets[i]) {
      throw new ValueError(`"indptr" must ascend, but [${i + 1}] is ${offsets[i + 1]} after ${offsets[i]}`);
    }
  }
  if (offsets[count] !== n) {
    throw new ShapeError(`"indptr" ends with ${offsets[count]}, but "indices" has ${n} elements`);
  }
  return offsets;
}

/** Whether the columns of every row ascend, none twice. */
function isCanonical({ indptr, indices }: Compressed): boolean {
  for (let i = 0; i + 1 < indptr.length; i++) {
    for (let e = indptr[i] + 1; e < indptr[i + 1]; e++) if (indices[e] <= indices[e - 1]) return false;
  }
  return true;
}

/** By columns instead of rows: the numbers of each in the order of rows. Twice, that sorts. @internal */
export function transposed({ indptr, indices, values }: Compressed, cols: number): Compressed {
  const starts = integers(cols + 1);
  for (let e = 0; e < indices.length; e++) starts[indices[e] + 1]++;
  for (let j = 0; j < cols; j++) starts[j + 1] += starts[j];
  const next = starts.slice(0, cols);
  const rows = new Int32Array(indices.length);
  const sorted = values.slice();
  for (let i = 0; i + 1 < indptr.length; i++) {
    for (let e = indptr[i]; e < indptr[i + 1]; e++) {
      const to = next[indices[e]]++;
      rows[to] = i;
      sorted[to] = values[e];
    }
  }
  return { indptr: starts, indices: rows, values: sorted };
}

/** Adds numbers in the same place, of sorted rows. @throws {ValueError} if there are some, and they are refused */
function merged({ indptr, indices, values }: Compressed, refuses: boolean): Compressed {
  const starts = new Int32Array(indptr.length);
  let to = 0;
  for (let i = 0; i + 1 < indptr.length; i++) {
    const begin = to;
    for (let e = indptr[i]; e < indptr[i + 1]; e++) {
      if (to > begin && indices[to - 1] === indices[e]) {
        if (refuses) throw new ValueError(`row ${i} has two numbers in column ${indices[e]}`);
        values[to - 1] += values[e];
      } else {
        indices[to] = indices[e];
        values[to++] = values[e];
      }
    }
    starts[i + 1] = to;
  }
  return { indptr: starts, indices: indices.slice(0, to), values: values.slice(0, to) };
}

/** Each row's numbers by their columns, those of one column in their order. */
function sorted({ indptr, indices, values }: Compressed): Compressed {
  const columns = indices.slice();
  const numbers = values.slice();
  for (let i = 0; i + 1 < indptr.length; i++) {
    const [from, end] = [indptr[i], indptr[i + 1]];
    const order = Array.from({ length: end - from }, (_, e) => from + e).sort((a, b) => indices[a] - indices[b]);
    for (const [e, at] of order.entries()) {
      columns[from + e] = indices[at];
      numbers[from + e] = values[at];
    }
  }
  return { indptr, indices: columns, values: numbers };
}

/** To sort by counting takes a look at every column: so many for a number are worth it. */
const COUNTED = 16;

function canonical(parts: Compressed, rows: number, cols: number, refuses: boolean): Compressed {
  if (isCanonical(parts)) return parts;
  const counts = cols <= COUNTED * parts.indices.length;
  return merged(counts ? transposed(transposed(parts, cols), rows) : sorted(parts), refuses);
}

/** What a constructor is handed instead, by those that have checked all. */
class Checked {
  constructor(
    readonly rows: number,
    readonly cols: number,
    readonly parts: Compressed,
  ) {}
}

/** Of parts that are its own, each row's columns ascending. @internal */
export const create = <D extends Dtype>(rows: number, cols: number, parts: Compressed): SparseMatrix<D> =>
  new SparseMatrix(new Checked(rows, cols, parts) as unknown as CSR);

function readSize(value: unknown, name: string): number {
  const size = checkSize(value, name);
  return size <= MOST ? size : checkInteger(size, name, 0, MOST);
}

function readParts(given: CSR, where: string, byColumns: boolean, options: SparseOptions): Checked {
  const { dtype, refuses } = readSparseOptions(options, where);
  if (!isObject(given)) refuseValue('csr', '{ rows, cols, indptr, indices, data }', given);
  if (isSparse(given)) refuseValue('csr', '{ rows, cols, indptr, indices, data }', given, '', '; pass its toCSR()');
  const rows = readSize(given.rows, 'rows');
  const cols = readSize(given.cols, 'cols');
  const values = readNumbers(given.data, 'data', dtype);
  const indices = readIndices(given.indices, 'indices', byColumns ? rows : cols);
  if (indices.length !== values.length) {
    throw new ShapeError(`"indices" has ${indices.length} elements and "data" ${values.length}: they must be as many`);
  }
  const indptr = readOffsets(given.indptr, byColumns ? cols : rows, indices.length);
  const parts = { indptr, indices, values };
  return new Checked(rows, cols, canonical(byColumns ? transposed(parts, rows) : parts, rows, cols, refuses));
}

/**
 * A sparse matrix, by rows (CSR): taken wherever X is, by networks, training and estimators, with the bits that the dense matrix
 * gives. It is a copy, and does not change. Numbers that are not stored are +0; what is stored may be anything, 0 too.
 *
 * @example
 * const X = new SparseMatrix({ rows: 2, cols: 5, indptr: [0, 2, 3], indices: [0, 3, 1], data: [1, 2, 3] });
 * X.toDense().toArray(); // [[1, 0, 0, 2, 0], [0, 3, 0, 0, 0]]
 * X.nnz; // 3
 */
export class SparseMatrix<D extends Dtype = Dtype> implements SparseInput {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly cols: number;
  readonly dtype: D;
  /** How many numbers are stored. */
  readonly nnz: number;
  /** @internal */
  declare readonly [SPARSE]: CompressedRows;

  /**
   * Copies and checks. Rows whose columns do not ascend are sorted.
   *
   * @throws {ShapeError|ValueError|DtypeError} naming the part
   */
  constructor(csr: CSR, options: SparseOptions<D> = {}) {
    const { rows, cols, parts } =
      (csr as unknown) instanceof Checked
        ? (csr as unknown as Checked)
        : readParts(csr, 'SparseMatrix', false, options);
    this.rows = rows;
    this.cols = cols;
    this.dtype = dtypeOf(parts.values) as D;
    this.nnz = parts.values.length;
    const copyTo: CompressedRows['copyTo'] = (to, at, from, count) => expand(parts, cols, to, at, from, count);
    const nonFinite: CompressedRows['nonFinite'] = () => wildIn(parts);
    const value = Object.freeze({ rows, cols, ...parts, copyTo, nonFinite, tiles: tilesOfRows });
    Object.defineProperty(this, SPARSE, { value });
    refuseCloning(this, ADVICE);
    Object.freeze(this);
  }

  /**
   * Of a dense matrix: what is not 0 is stored, NaN too.
   *
   * @throws {ShapeError|ValueError|DtypeError} naming it
   * @example
   * SparseMatrix.fromDense([[0, 2], [0, 0]]).nnz; // 1
   */
  static fromDense<D extends Dtype = Dtype>(matrix: MatrixInput, options: { dtype?: D } = {}): SparseMatrix<D> {
    const { dtype } = readOptions(options, ['dtype'], 'SparseMatrix.fromDense');
    const wanted = dtype === undefined ? undefined : checkDtype(dtype);
    const { rows, cols, flat, dtype: own } = readMatrix(matrix, 'matrix');
    const indptr = new Int32Array(rows + 1);
    let n = 0;
    for (let at = 0; at < rows * cols; at++) if (flat[at] !== 0) n++;
    const indices = new Int32Array(n);
    const values = newArray(wanted ?? own ?? 'f64', n);
    let e = 0;
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++, at++) {
        // Another thread may write meanwhile, if memory is shared.
        if (flat[at] === 0 || e === n) continue;
        indices[e] = j;
        values[e++] = flat[at];
      }
      indptr[i + 1] = e;
    }
    return create(rows, cols, { indptr, indices: indices.subarray(0, e), values: values.subarray(0, e) });
  }

  /**
   * Of single numbers, in any order.
   *
   * @param entries [row, column, number] each
   * @throws {ValueError} naming the entry
   * @example
   * SparseMatrix.fromEntries(2, 3, [[1, 2, 5], [0, 0, 1]]).toDense().toArray(); // [[1, 0, 0], [0, 0, 5]]
   */
  static fromEntries<D extends Dtype = Dtype>(
    rows: number,
    cols: number,
    entries: Iterable<Entry>,
    options: SparseOptions<D> = {},
  ): SparseMatrix<D> {
    const { dtype, refuses } = readSparseOptions(options, 'SparseMatrix.fromEntries');
    const [m, n] = [readSize(rows, 'rows'), readSize(cols, 'cols')];
    if (typeof Object(entries)[Symbol.iterator] !== 'function')
      refuseValue('entries', 'an iterable of entries', entries);
    const all: number[][] = [[], [], []];
    for (const entry of entries) {
      const name = `entries[${all[0].length}]`;
      if (!isList(entry) || entry.length !== 3) refuseValue(name, '[row, column, number]', entry);
      const [i, j, value] = entry as Entry;
      if (typeof value !== 'number') refuseValue(name, 'a number', value, '[2]');
      all[0].push(checkInteger(i, name, 0, m - 1, '[0]'));
      all[1].push(checkInteger(j, name, 0, n - 1, '[1]'));
      all[2].push(value);
    }
    const [byRow, indices, numbers] = all;
    // Each entry is a column by itself: sorting by rows keeps their order.
    const values = newArray(dtype ?? 'f64', numbers.length);
    values.set(numbers);
    const single = Int32Array.from({ length: numbers.length + 1 }, (_, e) => e);
    const sorted = transposed({ indptr: single, indices: Int32Array.from(byRow), values }, m);
    const own = { ...sorted, indices: sorted.indices.map((e) => indices[e]) };
    return create(m, n, canonical(own, m, n, refuses));
  }

  /** Of compressed columns, scipy's csc_matrix. @throws {ShapeError|ValueError|DtypeError} naming the part */
  static fromCSC<D extends Dtype = Dtype>(csc: CSC, options: SparseOptions<D> = {}): SparseMatrix<D> {
    const { rows, cols, parts } = readParts(csc, 'SparseMatrix.fromCSC', true, options);
    return create(rows, cols, parts);
  }

  /** `[rows, cols]`. */
  get shape(): [number, number] {
    return [this.rows, this.cols];
  }

  /** The part of all numbers that is stored, from 0 to 1. */
  get density(): number {
    return this.nnz / (this.rows * this.cols || 1);
  }

  /** Copies of what it is made of, as the constructor takes it: columns ascend, none twice. */
  toCSR(): CSR & { indptr: Int32Array; indices: Int32Array; data: ArrayOf<D> } {
    const { indptr, indices, values } = this[SPARSE];
    const { rows, cols } = this;
    return { rows, cols, indptr: indptr.slice(), indices: indices.slice(), data: values.slice() as ArrayOf<D> };
  }

  /** Plain JSON: what the constructor takes, to which `dtype` is an option of its own. NaN and infinities become null, which it refuses. */
  toJSON(): CSR & { dtype: D } {
    const { indptr, indices, data, ...shape } = this.toCSR();
    return { ...shape, dtype: this.dtype, indptr: [...indptr], indices: [...indices], data: [...data] };
  }

  /** With its zeros. @throws {ValueError} if it is too large for an array */
  toDense(): Matrix<D> {
    const { rows, cols, dtype } = this;
    const data = newArray(dtype, rows * cols);
    this[SPARSE].copyTo(data, 0, 0, rows);
    return new Matrix(rows, cols, data as ArrayOf<D>);
  }

  /** @throws {ValueError} unless i and j are within */
  get(i: number, j: number): number {
    checkInteger(i, 'i', 0, this.rows - 1);
    checkInteger(j, 'j', 0, this.cols - 1);
    const { indptr, indices, values } = this[SPARSE];
    const at = indices.subarray(indptr[i], indptr[i + 1]).indexOf(j);
    return at < 0 ? 0 : values[indptr[i] + at];
  }

  /** A copy of the rows from `from` (default 0) to below `end` (default: all), which count from the end if negative. */
  slice(from = 0, end = this.rows): SparseMatrix<D> {
    const { rows } = this;
    const place = (value: number, name: string) => {
      const at = value === Infinity ? rows : checkInteger(value, name, -Infinity);
      return at < 0 ? Math.max(0, rows + at) : Math.min(rows, at);
    };
    const [first, past] = [place(from, 'from'), place(end, 'end')];
    return this.take(Array.from({ length: Math.max(0, past - first) }, (_, i) => first + i));
  }

  /** A copy of some rows, in that order. @throws {ValueError} unless they are there */
  take(rows: ArrayLike<number>): SparseMatrix<D> {
    const { indptr, indices, values } = this[SPARSE];
    const chosen = readIndices(rows, 'rows', this.rows);
    const starts = new Int32Array(chosen.length + 1);
    let n = 0;
    for (let i = 0; i < chosen.length; i++) {
      n += indptr[chosen[i] + 1] - indptr[chosen[i]];
      starts[i + 1] = n;
    }
    if (n > MOST) throw new ValueError(`"rows" have ${n} numbers, more than the ${MOST} that can be stored`);
    const [columns, numbers] = [integers(n), newArray(this.dtype, n)];
    for (let i = 0; i < chosen.length; i++) {
      const [from, end] = [indptr[chosen[i]], indptr[chosen[i] + 1]];
      columns.set(indices.subarray(from, end), starts[i]);
      numbers.set(values.subarray(from, end), starts[i]);
    }
    return create(chosen.length, this.cols, { indptr: starts, indices: columns, values: numbers });
  }

  /**
   * One with what `change` makes of each number that is stored: zeros stay zeros.
   *
   * @throws {DtypeError} unless it returns a number
   */
  map(change: (value: number, row: number, col: number) => number): SparseMatrix<D> {
    if (change === undefined) refuseValue('change', 'a function', change);
    checkFunction(change, 'change');
    const { indptr, indices, values } = this[SPARSE];
    const changed = newArray(this.dtype, values.length);
    for (let i = 0; i < this.rows; i++) {
      for (let e = indptr[i]; e < indptr[i + 1]; e++) {
        const value = change(values[e], i, indices[e]);
        if (typeof value !== 'number') throw new DtypeError(`"change" must return a number, got ${describe(value)}`);
        changed[e] = value;
      }
    }
    return create(this.rows, this.cols, { indptr, indices, values: changed });
  }

  /** @internal */
  [INSPECT](): string {
    return `SparseMatrix(${this.rows}x${this.cols}, ${this.dtype}, ${this.nnz} stored)`;
  }
}

/** Rows below each other: f32 if all are. @throws {ShapeError} unless all have the columns of the first @internal */
export function stacked(parts: readonly SparseMatrix[]): SparseMatrix {
  const { cols } = parts[0];
  const wrong = parts.find((part) => part.cols !== cols);
  if (wrong) throw new ShapeError(`rows of ${wrong.cols} columns do not fit those before, of ${cols}`);
  const sum = (of: (part: SparseMatrix) => number) => parts.reduce((total, part) => total + of(part), 0);
  const [rows, nnz] = [sum((part) => part.rows), sum((part) => part.nnz)];
  const dtype = parts.every((part) => part.dtype === 'f32') ? 'f32' : 'f64';
  const all = { indptr: new Int32Array(rows + 1), indices: new Int32Array(nnz), values: newArray(dtype, nnz) };
  let [row, at] = [0, 0];
  for (const part of parts) {
    const { indptr, indices, values } = part[SPARSE];
    all.indices.set(indices, at);
    all.values.set(values, at);
    for (let i = 1; i < indptr.length; i++) all.indptr[++row] = at + indptr[i];
    at += part.nnz;
  }
  return create(rows, cols, all);
}
