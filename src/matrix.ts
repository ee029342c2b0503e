// What users hand in and get back: shapes, dtypes and their checks.

import { DtypeError, describe, ShapeError, ValueError } from './errors.js';
import type { Dtype } from './kernels.js';

export type { Dtype };
export type TypedArray = Float64Array | Float32Array;

/** Any object with these three fields; `data` is row-major. */
export interface MatrixLike {
  readonly rows: number;
  readonly cols: number;
  readonly data: TypedArray | ArrayLike<number>;
}

/** A 2-D argument: a Matrix, an array of rows, or a structural matrix. */
export type MatrixInput = Matrix | MatrixLike | readonly ArrayLike<number>[];
/** A 1-D argument. */
export type VectorInput = TypedArray | readonly number[];

export interface DtypeOption {
  /** Default: the data's own dtype, else `'f64'`. */
  dtype?: Dtype;
}

const DTYPES: readonly string[] = ['f64', 'f32'];

/** `value` if it is a dtype. @throws {DtypeError} */
export function checkDtype(value: unknown): Dtype {
  if (!DTYPES.includes(value as string)) throw new DtypeError(`"dtype" must be "f64" or "f32", got ${describe(value)}`);
  return value as Dtype;
}

export function newArray(dtype: Dtype, length: number): TypedArray {
  try {
    return dtype === 'f64' ? new Float64Array(length) : new Float32Array(length);
  } catch (cause) {
    throw new ValueError(`cannot allocate an array of ${length} ${dtype} elements`, { cause });
  }
}

function dtypeOf(data: unknown): Dtype | undefined {
  if (data instanceof Float64Array) return 'f64';
  if (data instanceof Float32Array) return 'f32';
  return undefined;
}

function checkSize(value: unknown, name: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new ValueError(`"${name}" must be a non-negative integer, got ${describe(value)}`);
  }
  return value as number;
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom');
const SHOWN = 8;

/**
 * A dense matrix, row-major.
 *
 * @example
 * const a = Matrix.from([[1, 2, 3], [4, 5, 6]]);
 * a.shape; // [2, 3]
 * a.get(1, 2); // 6
 * a.transpose().toArray(); // [[1, 4], [2, 5], [3, 6]]
 */
export class Matrix implements MatrixLike {
  readonly rows: number;
  readonly cols: number;
  readonly dtype: Dtype;
  readonly #data: TypedArray | undefined;

  /**
   * Wraps `data` without copying it.
   *
   * @param rows number of rows, 0 or more
   * @param cols number of columns, 0 or more
   * @param data row-major, rows * cols elements; its type is the dtype
   * @throws {ShapeError} if the length does not fit; {DtypeError} if it is no Float64Array or Float32Array
   */
  constructor(rows: number, cols: number, data: TypedArray) {
    const dtype = dtypeOf(data);
    if (!dtype) throw new DtypeError(`"data" must be a Float64Array or a Float32Array, got ${describe(data)}`);
    this.rows = checkSize(rows, 'rows');
    this.cols = checkSize(cols, 'cols');
    this.dtype = dtype;
    this.#data = data;
    checkLength(data, rows, cols, 'data');
  }

  /**
   * Copies numbers into a new matrix.
   *
   * @param source an array of rows; or a flat array, with its shape; or `{ rows, cols, data }`
   * @param shape [rows, cols], for a flat array
   * @throws {ShapeError} ragged rows or a length that does not fit; {ValueError} an element that is no number
   */
  static from(source: MatrixInput, options?: DtypeOption): Matrix;
  static from(source: ArrayLike<number>, shape: readonly [number, number], options?: DtypeOption): Matrix;
  static from(
    source: MatrixInput | ArrayLike<number>,
    second: readonly [number, number] | DtypeOption = {},
    third: DtypeOption = {},
  ): Matrix {
    const shaped = Array.isArray(second);
    const options = shaped ? third : (second as DtypeOption);
    let input = source as unknown;
    if (shaped) {
      const [rows, cols] = second as readonly [number, number];
      input = { rows, cols, data: source };
    } else if (Array.isArray(source) && source.length === 0) {
      input = { rows: 0, cols: 0, data: [] };
    }
    const operand = readMatrix(input, 'source');
    const dtype = checkDtype(options.dtype ?? operand.dtype ?? 'f64');
    const data = newArray(dtype, operand.rows * operand.cols);
    copyRows(operand, data, 0, 0, operand.rows);
    return new Matrix(operand.rows, operand.cols, data);
  }

  /** A rows x cols matrix of zeros; dtype `'f64'` unless given. */
  static zeros(rows: number, cols: number, options: DtypeOption = {}): Matrix {
    const length = checkSize(rows, 'rows') * checkSize(cols, 'cols');
    return new Matrix(rows, cols, newArray(checkDtype(options.dtype ?? 'f64'), length));
  }

  /** The elements, row-major: a live view, not a copy. */
  get data(): TypedArray {
    return this.#data as TypedArray;
  }

  get shape(): [number, number] {
    return [this.rows, this.cols];
  }

  /** The element in row i, column j. @throws {ValueError} outside the matrix */
  get(i: number, j: number): number {
    return this.data[this.#index(i, j)];
  }

  /** Sets the element in row i, column j. @throws {ValueError} outside the matrix, or if `value` is no number */
  set(i: number, j: number, value: number): this {
    if (typeof value !== 'number') throw new ValueError(`"value" must be a number, got ${describe(value)}`);
    this.data[this.#index(i, j)] = value;
    return this;
  }

  #index(i: number, j: number): number {
    const inside = Number.isInteger(i) && Number.isInteger(j) && i >= 0 && i < this.rows && j >= 0 && j < this.cols;
    if (!inside) {
      throw new ValueError(`[${describe(i)}, ${describe(j)}] is outside a ${this.rows}x${this.cols} matrix`);
    }
    return i * this.cols + j;
  }

  /** A copy as an array of rows. */
  toArray(): number[][] {
    return Array.from(this, (row) => Array.from(row));
  }

  /** A new matrix, cols x rows. */
  transpose(): Matrix {
    const { rows, cols, data } = this;
    const result = newArray(this.dtype, rows * cols);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) result[j * rows + i] = data[i * cols + j];
    }
    return new Matrix(cols, rows, result);
  }

  /** The rows in order, each a live view. */
  *[Symbol.iterator](): Generator<TypedArray, void> {
    for (let i = 0; i < this.rows; i++) yield this.data.subarray(i * this.cols, (i + 1) * this.cols);
  }

  toString(): string {
    const { rows, cols, dtype } = this;
    const lines: string[] = [];
    for (let i = 0; i < Math.min(rows, SHOWN); i++) {
      const row = Array.from(this.data.subarray(i * cols, i * cols + Math.min(cols, SHOWN)), String);
      lines.push(`  [${row.join(', ')}${cols > SHOWN ? ', ...' : ''}]`);
    }
    if (rows > SHOWN) lines.push('  ...');
    return `Matrix ${rows}x${cols} ${dtype} [\n${lines.map((line) => `${line}\n`).join('')}]`;
  }

  [INSPECT](): string {
    return this.toString();
  }
}

/** An argument that was checked: where its numbers are and how they are laid out. */
export interface Operand {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  /** A vector is held as n rows of one column. */
  readonly vector: boolean;
  /** undefined: plain numbers, which take the dtype of the other operands. */
  readonly dtype: Dtype | undefined;
  /** The elements in one flat array, or the array of rows. */
  readonly flat: TypedArray | ArrayLike<number> | undefined;
  readonly nested: readonly ArrayLike<number>[] | undefined;
}

function checkLength(data: ArrayLike<number>, rows: number, cols: number, name: string): void {
  if (data.length === rows * cols) return;
  if (ArrayBuffer.isView(data) && data.buffer.byteLength === 0) {
    throw new ValueError(`"${name}" has a detached buffer (transferred, or a view from before linear memory grew)`);
  }
  throw new ShapeError(`"${name}" has ${data.length} elements, but ${rows}x${cols} needs ${rows * cols}`);
}

function flatOperand(name: string, rows: number, cols: number, flat: ArrayLike<number>, vector: boolean): Operand {
  const dtype = dtypeOf(flat);
  if (!dtype && ArrayBuffer.isView(flat)) {
    throw new DtypeError(`"${name}" must hold Float64Array or Float32Array data, got ${describe(flat)}`);
  }
  return { name, rows, cols, vector, dtype, flat, nested: undefined };
}

/** Checks a 2-D argument. @throws {ShapeError|ValueError|DtypeError} naming it */
export function readMatrix(value: unknown, name: string): Operand {
  if (value instanceof Matrix) {
    const { rows, cols, data } = value;
    checkLength(data, rows, cols, name);
    return { name, rows, cols, vector: false, dtype: value.dtype, flat: data, nested: undefined };
  }
  if (Array.isArray(value)) {
    const first = value[0];
    if (value.length === 0 || typeof first === 'number') {
      throw new ShapeError(`"${name}" must be 2-D (an array of rows), got a 1-D array of ${value.length}`);
    }
    const cols = rowLength(first, name, 0);
    for (let i = 1; i < value.length; i++) {
      const length = rowLength(value[i], name, i);
      if (length !== cols) {
        throw new ShapeError(`"${name}" is ragged: row 0 has ${cols} elements, row ${i} has ${length}`);
      }
    }
    return { name, rows: value.length, cols, vector: false, dtype: undefined, flat: undefined, nested: value };
  }
  if (typeof value === 'object' && value !== null && 'rows' in value && 'cols' in value && 'data' in value) {
    const rows = checkSize(value.rows, `${name}.rows`);
    const cols = checkSize(value.cols, `${name}.cols`);
    const data = value.data;
    if (!Array.isArray(data) && !ArrayBuffer.isView(data)) {
      throw new DtypeError(`"${name}.data" must be a Float64Array, Float32Array or array, got ${describe(data)}`);
    }
    const flat = data as unknown as ArrayLike<number>;
    checkLength(flat, rows, cols, name);
    return flatOperand(name, rows, cols, flat, false);
  }
  if (ArrayBuffer.isView(value)) throw new ShapeError(`"${name}" must be 2-D, got ${describe(value)}, which is 1-D`);
  throw new ValueError(`"${name}" must be a Matrix, an array of rows or { rows, cols, data }, got ${describe(value)}`);
}

function rowLength(row: unknown, name: string, index: number): number {
  if (Array.isArray(row) || dtypeOf(row)) return (row as ArrayLike<number>).length;
  throw new ValueError(`"${name}"[${index}] must be an array of numbers, got ${describe(row)}`);
}

/** Whether an argument is 1-D. */
export function isVector(value: unknown): value is VectorInput {
  if (Array.isArray(value)) return value.length === 0 || typeof value[0] !== 'object' || value[0] === null;
  return ArrayBuffer.isView(value);
}

/** Checks a 1-D or 2-D argument. */
export function readOperand(value: unknown, name: string): Operand {
  if (!isVector(value)) return readMatrix(value, name);
  if (ArrayBuffer.isView(value) && value.buffer.byteLength === 0 && value.length === 0) {
    if ((value.buffer as { detached?: boolean }).detached) checkLength(value, 1, 1, name);
  }
  return flatOperand(name, value.length, 1, value, true);
}

/** The one dtype of several operands; plain numbers adapt. @throws {DtypeError} if two differ */
export function commonDtype(operands: readonly Operand[], fallback: Dtype): Dtype {
  let first: Operand | undefined;
  for (const operand of operands) {
    if (!operand.dtype) continue;
    first ??= operand;
    if (operand.dtype !== first.dtype) {
      throw new DtypeError(
        `"${first.name}" is ${first.dtype} and "${operand.name}" is ${operand.dtype}: dtypes must be equal`,
      );
    }
  }
  return first?.dtype ?? fallback;
}

export function shapeText(operand: Operand): string {
  return operand.vector ? `(${operand.rows})` : `${operand.rows}x${operand.cols}`;
}

/** @throws {ShapeError} naming both shapes unless they are equal */
export function checkSameShape(a: Operand, b: Operand): void {
  if (a.rows !== b.rows || a.cols !== b.cols || a.vector !== b.vector) {
    throw new ShapeError(`"${a.name}" is ${shapeText(a)} and "${b.name}" is ${shapeText(b)}: shapes must be equal`);
  }
}

/** Copies `count` rows from row `from` on to `to[at...]`. @throws {ValueError} at an element that is no number */
export function copyRows(operand: Operand, to: TypedArray, at: number, from: number, count: number): void {
  const { flat, nested, cols, name } = operand;
  if (flat && operand.dtype) {
    const whole = count === operand.rows;
    to.set(whole ? flat : (flat as TypedArray).subarray(from * cols, (from + count) * cols), at);
  } else if (flat) {
    const end = (from + count) * cols;
    for (let i = from * cols; i < end; i++) to[at++] = numberOf(flat[i], name, i);
  } else if (nested) {
    for (let i = from; i < from + count; i++) {
      const row = nested[i];
      for (let j = 0; j < cols; j++) to[at++] = numberOf(row[j], name, i, j);
    }
  }
}

function numberOf(value: unknown, name: string, i: number, j?: number): number {
  if (typeof value === 'number') return value;
  const place = j === undefined ? `[${i}]` : `[${i}][${j}]`;
  throw new ValueError(`"${name}"${place} must be a number, got ${describe(value)}`);
}
