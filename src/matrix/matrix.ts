// What users get back, and may hand in: a dense matrix.

import { describe } from '../checks/describe.js';
import { DtypeError, ShapeError, ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { refuseValue, wrong } from '../checks/values.js';
import {
  type ArrayOf,
  checkDtype,
  checkLength,
  checkSize,
  copyOf,
  type Dtype,
  type DtypeOf,
  dtypeOf,
  type MatrixInput,
  type MatrixLike,
  newArray,
  type Operand,
  readMatrix,
  type TypedArray,
} from './operand.js';

/** The option of what makes a matrix. */
export interface DtypeOption<D extends Dtype = Dtype> {
  /** Default: the data's own dtype, else `'f64'`. */
  dtype?: D;
}

/** What console.log shows in Node, Deno and Bun is what the method of this name returns. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom');
const SHOWN = 8;

// Classes make their own instances by a function outside: esbuild renames a class that names itself inside, to `_Matrix`.
const create = (rows: number, cols: number, data: TypedArray): Matrix => new Matrix(rows, cols, data);

/** The matrix over an operand's typed data, which is not copied. */
export const matrixOver = ({ rows, cols, flat }: Operand): Matrix => create(rows, cols, flat as TypedArray);

/**
 * A dense matrix, row-major.
 *
 * @example
 * const a = Matrix.from([[1, 2, 3], [4, 5, 6]]);
 * a.shape; // [2, 3]
 * a.get(1, 2); // 6
 * a.transpose().toArray(); // [[1, 4], [2, 5], [3, 6]]
 */
export class Matrix<D extends Dtype = Dtype> implements MatrixLike {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly cols: number;
  /** What its numbers are. */
  readonly dtype: D;
  /**
   * The elements, row-major: a live view, not a copy.
   *
   * A plain field of a plain matrix, so that structuredClone and postMessage bring it along: what arrives, `{ rows, cols,
   * dtype, data }`, is an operand, and Matrix.from makes a Matrix of it.
   */
  declare readonly data: ArrayOf<D>;

  /**
   * Wraps `data` without copying it.
   *
   * @param rows number of rows, 0 or more
   * @param cols number of columns, 0 or more
   * @param data row-major, rows * cols elements; its type is the dtype
   * @throws {ShapeError} if the length does not fit; {DtypeError} if it is no Float64Array or Float32Array
   */
  constructor(rows: number, cols: number, data: ArrayOf<D>) {
    const dtype = dtypeOf(data);
    if (!dtype) throw new DtypeError(wrong('data', 'a Float64Array or a Float32Array', data));
    this.rows = checkSize(rows, 'rows');
    this.cols = checkSize(cols, 'cols');
    this.dtype = dtype as D;
    this.data = data;
    checkLength(data, rows, cols, 'data');
  }

  /**
   * Copies numbers into a new matrix.
   *
   * @param source an array of rows; or `{ rows, cols, data }`; or a flat array, which its shape, [rows, cols], follows
   * @throws {ShapeError} ragged rows or a length that does not fit; {ValueError} an element that is no number
   */
  static from<M extends MatrixInput, D extends Dtype = DtypeOf<M>>(source: M, options?: DtypeOption<D>): Matrix<D>;
  static from<M extends ArrayLike<number>, D extends Dtype = DtypeOf<{ data: M }>>(
    source: M,
    shape: readonly [number, number],
    options?: DtypeOption<D>,
  ): Matrix<D>;
  static from(
    source: MatrixInput | ArrayLike<number>,
    second: readonly [number, number] | DtypeOption = {},
    third: DtypeOption = {},
  ): Matrix {
    const shaped = Array.isArray(second);
    const options = readOptions(shaped ? third : (second as DtypeOption), ['dtype'], 'Matrix.from');
    let input = source as unknown;
    if (shaped) {
      const [rows, cols, ...more] = second as readonly [number, number];
      if (more.length > 0) throw new ShapeError(`"shape" must be [rows, cols], got ${second.length} sizes`);
      input = { rows, cols, data: source };
    } else if (Array.isArray(source) && source.length === 0) {
      input = { rows: 0, cols: 0, data: [] };
    }
    const operand = readMatrix(input, 'source');
    const stated = (source as { dtype?: Dtype }).dtype; // what toJSON wrote beside plain numbers
    const dtype = checkDtype(options.dtype ?? operand.dtype ?? stated ?? 'f64');
    return create(operand.rows, operand.cols, copyOf(operand, dtype));
  }

  /** A rows x cols matrix of zeros; dtype `'f64'` unless given. */
  static zeros<D extends Dtype = 'f64'>(rows: number, cols: number, options: DtypeOption<D> = {}): Matrix<D> {
    const { dtype = 'f64' } = readOptions(options, ['dtype'], 'Matrix.zeros');
    const length = checkSize(rows, 'rows') * checkSize(cols, 'cols');
    return create(rows, cols, newArray(checkDtype(dtype), length)) as Matrix<D>;
  }

  /** The elements for immediate use. @internal */
  protected elements(): TypedArray {
    return this.data;
  }

  /** What Matrix.from takes back; NaN and the infinities become null, which it refuses. */
  toJSON(): { rows: number; cols: number; dtype: D; data: number[] } {
    return { rows: this.rows, cols: this.cols, dtype: this.dtype, data: Array.from(this.elements()) };
  }

  /** `[rows, cols]`. */
  get shape(): [number, number] {
    return [this.rows, this.cols];
  }

  /** The element in row i, column j. @throws {ValueError} outside the matrix */
  get(i: number, j: number): number {
    return this.elements()[this.#index(i, j)];
  }

  /** Sets the element in row i, column j. @throws {ValueError} outside the matrix, or if `value` is no number */
  set(i: number, j: number, value: number): this {
    if (typeof value !== 'number') refuseValue('value', 'a number', value);
    this.elements()[this.#index(i, j)] = value;
    return this;
  }

  #index(i: number, j: number): number {
    // Not isInteger(), with which set() takes a quarter longer (measured).
    const inside = i >= 0 && i < this.rows && j >= 0 && j < this.cols;
    if (!inside || !Number.isInteger(i) || !Number.isInteger(j)) {
      throw new ValueError(`[${describe(i)}, ${describe(j)}] is outside a ${this.rows}x${this.cols} matrix`);
    }
    return i * this.cols + j;
  }

  /** A copy as an array of rows. */
  toArray(): number[][] {
    const { rows, cols } = this;
    const data = this.elements();
    return Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * cols, (i + 1) * cols)));
  }

  /** A new matrix, cols x rows. */
  transpose(): Matrix<D> {
    const { rows, cols } = this;
    const data = this.elements();
    const result = newArray(this.dtype, rows * cols);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) result[j * rows + i] = data[i * cols + j];
    }
    return create(cols, rows, result) as Matrix<D>;
  }

  /** The rows in order, each a live view. */
  *[Symbol.iterator](): Generator<ArrayOf<D>, void> {
    for (let i = 0; i < this.rows; i++) yield this.data.subarray(i * this.cols, (i + 1) * this.cols) as ArrayOf<D>;
  }

  toString(): string {
    const { rows, cols, dtype } = this;
    const lines: string[] = [];
    for (let i = 0; i < Math.min(rows, SHOWN); i++) {
      const row = Array.from(this.elements().subarray(i * cols, i * cols + Math.min(cols, SHOWN)), String);
      lines.push(`  [${row.join(', ')}${cols > SHOWN ? ', ...' : ''}]`);
    }
    if (rows > SHOWN) lines.push('  ...');
    return `Matrix ${rows}x${cols} ${dtype} [\n${lines.map((line) => `${line}\n`).join('')}]`;
  }

  [INSPECT](): string {
    return this.toString();
  }
}
