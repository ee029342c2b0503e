// Arguments: read and checked once, into one form that says where the numbers are.

import { arrayName } from '../checks/array-name.js';
import { describe } from '../checks/describe.js';
import { BitgradError, DtypeError, ShapeError, ValueError } from '../checks/errors.js';
import { checkInteger, isObject, refuseValue, wrong } from '../checks/values.js';
import type { ArrayOf, Dtype, TypedArray } from '../kernels/contract.js';
import { adviceFor } from './advice.js';

export type { ArrayOf, Dtype, TypedArray };

/** Any object with these three fields; `data` is row-major. */
export interface MatrixLike {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly cols: number;
  /** rows x cols numbers. */
  readonly data: TypedArray | ArrayLike<number>;
}

/** A 2-D argument: a Matrix, an array of rows, or any `{ rows, cols, data }`. */
export type MatrixInput = MatrixLike | readonly ArrayLike<number>[];
/** The dtype of what was handed in, as far as its type tells. @typeParam Plain of numbers that have none */
export type DtypeOf<M, Plain extends Dtype = 'f64'> = M extends { readonly dtype: infer D extends Dtype }
  ? D
  : M extends { readonly data: Float32Array }
    ? 'f32'
    : M extends { readonly data: Float64Array }
      ? 'f64'
      : M extends { readonly data: readonly number[] } | readonly (readonly number[])[]
        ? Plain
        : Dtype;

/** A 1-D argument. */
export type VectorInput = TypedArray | readonly number[];

/** Where resident data lies. */
export interface Place {
  /** The Session in whose memory that is. */
  readonly session: object;
  readonly address: number;
  readonly dtype: Dtype;
  /** As they were when it was made: fields can be assigned to. */
  readonly rows: number;
  readonly cols: number;
  /** The matrix itself: a copy of its fields has no place. */
  readonly owner: object;
  /** Its elements, for immediate use: linear memory may move. @throws {DisposedError} */
  elements(): TypedArray;
  /** @throws {DisposedError} */
  check(): void;
}

/** A matrix that lies in linear memory has its Place under this key. */
export const PLACE: unique symbol = Symbol('place');

/**
 * Rows of which only some numbers are stored have their SparseRows under this key: a SparseMatrix of bitgrad/train, of another copy
 * of this package too, as CommonJS has one. The number counts what SparseRows has been.
 */
export const SPARSE: unique symbol = Symbol.for('bitgrad/sparse/1');

/** Rows by those of their numbers that are stored; the others are 0. */
export interface SparseRows {
  readonly rows: number;
  readonly cols: number;
  /** Copies `count` rows from row `from` on to `to[at...]`, zeros too. */
  copyTo(to: TypedArray, at: number, from: number, count: number): void;
  /** The first number that is not finite, and its row and column. */
  nonFinite(): readonly [value: number, row: number, col: number] | undefined;
  /** What brings tiles of such rows to a session's memory as they are. */
  tiles(session: object, dtype: Dtype): SparseTiles;
}

/** Tiles of sparse rows in linear memory, one at a time, and the kernels' calls on them. */
export interface SparseTiles {
  /**
   * Those of `rows` follow. It makes room, and so may grow memory.
   *
   * @param units of the layer that takes them
   * @param gradients whether they are asked for, too
   */
  begin(rows: SparseRows, units: number, gradients: boolean): void;
  /** Brings `count` rows from row `from` on. */
  read(from: number, count: number): void;
  /** z = the tile's rows times w (inputs x units), + b unless the address b is 0. @param kernels what this class's `kernels` returned */
  forward(kernels: object, units: number, w: number, b: number, z: number): void;
  /** dw = the tile's rows, transposed, times d. */
  gradients(kernels: object, units: number, d: number, dw: number): void;
  /** Some kernels with those that it calls. */
  kernels<K extends object>(kernels: K): K;
  dispose(): void;
}

/** What is taken where X is, beside a MatrixInput: a SparseMatrix of bitgrad/train. */
export interface SparseInput {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly cols: number;
  /** What its numbers are. */
  readonly dtype: Dtype;
  readonly [SPARSE]?: SparseRows;
  /** The rows from `from` to before `end`. */
  slice(from: number, end: number): SparseInput;
  /** Those rows, in that order. */
  take(rows: ArrayLike<number>): SparseInput;
  /** The same numbers, zeros among them. */
  toDense(): MatrixLike;
}

/** The rows of what is sparse. */
export const sparseRowsOf = (value: unknown): SparseRows | undefined =>
  (value as { [SPARSE]?: SparseRows } | null | undefined)?.[SPARSE];

export const isSparse = (value: unknown): value is SparseInput => sparseRowsOf(value) !== undefined;

/** Rows of numbers, dense or sparse. */
export type RowsInput = MatrixInput | SparseInput;

/** A matrix's elements for immediate use; `data` would hand out a view of linear memory, to be kept. */
export function elementsOf(matrix: MatrixLike & { readonly data: TypedArray; readonly [PLACE]?: Place }): TypedArray {
  return matrix[PLACE]?.elements() ?? matrix.data;
}

const DTYPES: readonly string[] = ['f64', 'f32'];

/** `value` if it is a dtype. @throws {DtypeError} */
export function checkDtype(value: unknown): Dtype {
  if (!DTYPES.includes(value as string)) throw new DtypeError(wrong('dtype', '"f64" or "f32"', value));
  return value as Dtype;
}

export function newArray(dtype: Dtype, length: number): TypedArray {
  try {
    return dtype === 'f64' ? new Float64Array(length) : new Float32Array(length);
  } catch (cause) {
    throw new ValueError(`cannot allocate an array of ${length} ${dtype} elements`, { cause });
  }
}

export function dtypeOf(data: unknown): Dtype | undefined {
  const name = arrayName(data);
  if (name === 'Float64Array') return 'f64';
  return name === 'Float32Array' ? 'f32' : undefined;
}

/** @param of what has that size: apart, because putting the name together was 5 % of a small call (measured) */
export function checkSize(value: unknown, name: string, of = ''): number {
  // Asked here first: V8 does not inline checkInteger(), which made a tenth of a small call (measured).
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : checkInteger(value, of + name, 0);
}

/** Numbers of an argument: as they came in a typed array, or the first and only reading of what else came. */
export type Numbers = TypedArray | Uint8Array | Uint8ClampedArray;

/** An argument that was checked: where its numbers are and how they are laid out. No code of the caller's runs any more. */
export interface Operand {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  /** A vector is held as n rows of one column. */
  readonly vector: boolean;
  /** undefined: plain numbers, bytes of an image among them, which take the dtype of the other operands. */
  readonly dtype: Dtype | undefined;
  /** The elements, row by row. */
  readonly flat: Numbers;
  readonly place: Place | undefined;
}

export function checkLength(data: ArrayLike<number>, rows: number, cols: number, name: string): void {
  if (data.length === rows * cols) return;
  if (ArrayBuffer.isView(data) && isDetached(data.buffer)) {
    throw new ValueError(`"${name}" has a detached buffer (transferred, or memory grew)`);
  }
  throw new ShapeError(`"${name}" has ${data.length} elements, but ${rows}x${cols} needs ${rows * cols}`);
}

/** Whether it is a Uint8Array or a Uint8ClampedArray. */
const isBytes = (data: unknown): boolean => !!arrayName(data)?.startsWith('Uint8');

/** The operand over a typed array that has rows * cols elements. @param dtype undefined: they came without */
export function flatOperand(
  name: string,
  rows: number,
  cols: number,
  dtype: Dtype | undefined,
  flat: Numbers,
  vector = false,
  place?: Place,
): Operand {
  return { name, rows, cols, vector, dtype, flat, place };
}

/** What a flat array holds: a typed array as it is, and other arrays read once, element by element. */
function readFlat(data: ArrayLike<number>, name: string, rows: number, cols: number, vector: boolean): Operand {
  const dtype = dtypeOf(data);
  if (!dtype && !isBytes(data)) {
    if (ArrayBuffer.isView(data)) {
      throw new DtypeError(
        `"${name}" must hold Float64Array, Float32Array, Uint8Array or Uint8ClampedArray data, got ${describe(data)}`,
      );
    }
    checkLength(data, rows, cols, name);
    const flat = newArray('f64', rows * cols);
    for (let i = 0; i < flat.length; i++) flat[i] = numberOf(data[i], name, i);
    return flatOperand(name, rows, cols, undefined, flat, vector);
  }
  checkLength(data, rows, cols, name);
  return flatOperand(name, rows, cols, dtype, data as Numbers, vector);
}

/** Checks a 2-D argument. @throws {ShapeError|ValueError|DtypeError} naming it */
export function readMatrix(value: unknown, name: string): Operand {
  try {
    const place = (value as { [PLACE]?: Place } | null | undefined)?.[PLACE];
    if (place === undefined || place.owner !== value) return readOther(value, name);
    return flatOperand(name, place.rows, place.cols, place.dtype, place.elements(), false, place);
  } catch (error) {
    throw unreadable(error, name);
  }
}

/** The same of what may run code of the caller's as it is read: getters, proxies. */
function readOther(value: unknown, name: string): Operand {
  if (Array.isArray(value)) return readNested(value, name);
  if (isObject(value) && 'rows' in value && 'cols' in value && 'data' in value) {
    const rows = checkSize(value.rows, '.rows', name);
    const cols = checkSize(value.cols, '.cols', name);
    const data = value.data;
    if (!Array.isArray(data) && !ArrayBuffer.isView(data)) {
      throw new DtypeError(wrong(`${name}.data`, 'a Float64Array, Float32Array or array', data));
    }
    return readFlat(data as ArrayLike<number>, name, rows, cols, false);
  }
  const advice = adviceFor(value);
  if (ArrayBuffer.isView(value)) throw new ShapeError(wrong(name, '2-D', value, '', `, which is 1-D${advice}`));
  return refuseValue(name, 'a Matrix, an array of rows or { rows, cols, data }', value, '', advice);
}

/** An array of rows. Those that are typed arrays give it their dtype. */
function readNested(value: readonly unknown[], name: string): Operand {
  const rows = value.length;
  const first = value[0];
  if (rows === 0 || typeof first === 'number') {
    throw new ShapeError(`"${name}" must be 2-D (an array of rows), got a 1-D array of ${rows}${adviceFor(value)}`);
  }
  const cols = rowLength(first, name, 0);
  for (let i = 1; i < rows; i++) {
    const length = rowLength(value[i], name, i);
    if (length === cols) continue;
    throw new ShapeError(`"${name}" is ragged: row 0 has ${cols} elements, row ${i} has ${length}`);
  }
  let dtype: Dtype | undefined;
  const flat = newArray('f64', rows * cols);
  for (let i = 0, at = 0; i < rows; i++) {
    const row = value[i] as ArrayLike<number>;
    const own = Array.isArray(row) ? undefined : dtypeOf(row);
    if (own && dtype && own !== dtype) {
      throw new DtypeError(`"${name}" has rows of f64 and of f32: dtypes must be equal`);
    }
    dtype ??= own;
    for (let j = 0; j < cols; j++) flat[at++] = numberOf(row[j], name, i, j);
  }
  return flatOperand(name, rows, cols, dtype, dtype === 'f32' ? Float32Array.from(flat) : flat);
}

function rowLength(row: unknown, name: string, index: number): number {
  if (Array.isArray(row)) return row.length;
  if (dtypeOf(row) || isBytes(row)) {
    const { length, buffer } = row as TypedArray;
    if (length === 0 && isDetached(buffer)) throw new ValueError(`"${name}"[${index}] has a detached buffer`);
    return length;
  }
  const Kind = ArrayBuffer.isView(row) ? DtypeError : ValueError;
  throw new Kind(wrong(name, 'an array of numbers', row, `[${index}]`));
}

/** `buffer.detached` is newer than the hosts we support; a view of a detached buffer is refused by all of them. */
function isDetached(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

/** Whether an argument is 1-D. */
export function isVector(value: unknown): value is VectorInput {
  if (Array.isArray(value)) return value.length === 0 || typeof value[0] !== 'object' || value[0] === null;
  return ArrayBuffer.isView(value);
}

/** Checks a 1-D or 2-D argument. */
export function readOperand(value: unknown, name: string): Operand {
  try {
    if (!isVector(value)) return readMatrix(value, name);
    if (ArrayBuffer.isView(value) && value.length === 0 && isDetached(value.buffer)) checkLength(value, 1, 1, name);
    return readFlat(value, name, value.length, 1, true);
  } catch (error) {
    throw unreadable(error, name);
  }
}

/** What a getter or a proxy of the caller's threw while it was read, as an error that names the argument. */
export function unreadable(cause: unknown, name: string): unknown {
  if (cause instanceof BitgradError) return cause;
  return new ValueError(`"${name}" cannot be read: ${describe(cause)}`, { cause });
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

export function shapeText({ rows, cols, vector }: Pick<Operand, 'rows' | 'cols'> & { vector?: boolean }): string {
  return vector ? `(${rows})` : `${rows}x${cols}`;
}

/** @throws {ShapeError} naming both shapes unless they are equal */
export function checkSameShape(a: Operand, b: Operand): void {
  if (a.rows !== b.rows || a.cols !== b.cols || a.vector !== b.vector) {
    throw new ShapeError(`"${a.name}" is ${shapeText(a)} and "${b.name}" is ${shapeText(b)}: shapes must be equal`);
  }
}

/** @throws {ShapeError} naming both, unless `a` has as many rows as `b` */
export function checkSameRows(a: string, m: number, b: string, n: number, numbers = 'the numbers of rows'): void {
  if (m !== n) throw new ShapeError(`"${a}" has ${m} rows and "${b}" has ${n}: ${numbers} must be equal`);
}

/** Up to this many elements a loop beats TypedArray.set, which must make a view first (measured). */
export const SMALL = 32;

/** Copies `count` rows from row `from` on to `to[at...]`, rounded to its dtype. */
export function copyRows({ flat, rows, cols }: Operand, to: TypedArray, at: number, from: number, count: number): void {
  const n = count * cols;
  const start = from * cols;
  if (n <= SMALL) for (let i = 0; i < n; i++) to[at + i] = flat[start + i];
  else to.set(count === rows ? flat : flat.subarray(start, start + n), at);
}

/** An operand's numbers as an array of one's own. @param dtype default: its own, `'f64'` if it has none */
export function copyOf(operand: Operand, dtype: Dtype = operand.dtype ?? 'f64'): TypedArray {
  const { rows, cols } = operand;
  const copy = newArray(dtype, rows * cols);
  copyRows(operand, copy, 0, 0, rows);
  return copy;
}

/** Whether it is an array or a typed array, of whatever. */
export const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || arrayName(value) !== undefined;

/** An array of integers as plain numbers; the rest as it is. */
export function plainNumbers(value: unknown): unknown {
  return arrayName(value) && !dtypeOf(value) ? Array.from(value as ArrayLike<number>) : value;
}

/** Where element i of an argument is, in words: `[i]` of a vector, else `[row][column]`. */
export function placeOf(i: number, cols: number, vector = cols === 1): string {
  return vector ? `[${i}]` : `[${Math.floor(i / cols)}][${i % cols}]`;
}

/** The index of the first number that is not finite; -1 if all are. */
export const nonFiniteAt = (data: TypedArray): number => data.findIndex((value: number) => !Number.isFinite(value));

/** What stands there, in words. */
export const holds = (name: string, value: number, i: number, j: number): string =>
  `"${name}" holds ${value} in row ${i}, column ${j}`;

function numberOf(value: unknown, name: string, i: number, j?: number): number {
  if (typeof value === 'number') return value;
  const place = j === undefined ? `[${i}]` : `[${i}][${j}]`;
  const advice = j !== undefined && Array.isArray(value) ? adviceFor([[value]]) : '';
  return refuseValue(name, 'a number', value, place, advice);
}

/** Checks an output that was read: typed data of that dtype and shape. @throws {ShapeError|DtypeError} naming it */
export function checkOutput(out: Operand, dtype: Dtype, rows: number, cols: number, vector = false): Operand {
  if (out.dtype !== dtype) {
    const got = out.dtype ?? 'plain numbers';
    throw new DtypeError(`"${out.name}" must hold ${dtype} data in a typed array, got ${got}`);
  }
  if (out.rows !== rows || out.cols !== cols || out.vector !== vector) {
    throw new ShapeError(
      `"${out.name}" is ${shapeText(out)}, but the result is ${shapeText({ ...out, rows, cols, vector })}`,
    );
  }
  return out;
}

/** @throws {ValueError} if an output shares bytes with one of the others; its very own range is allowed if `same` is */
export function checkApart(out: Operand, others: readonly Operand[], same: boolean): void {
  const a = out.flat;
  for (const { name, flat: b, place } of others) {
    // Resident matrices never overlap in part; asking this first makes small calls on them a third faster (measured).
    if (place && out.place && (same || place !== out.place)) continue;
    if (a.byteOffset >= b.byteOffset + b.byteLength || b.byteOffset >= a.byteOffset + a.byteLength) continue;
    if (a.buffer !== b.buffer) continue;
    if (same && a.byteOffset === b.byteOffset && a.byteLength === b.byteLength) continue;
    refuseShared(`"${name}"`, out.name);
  }
}

/** @param other whose memory it is, as errors name it */
export function refuseShared(other: string, out = 'out'): never {
  throw new ValueError(`"${out}" shares memory with ${other}: give it memory of its own`);
}
