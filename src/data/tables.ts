// Numbers that come in, copied and checked; rows that go out.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import { Matrix } from '../matrix/matrix.js';
import {
  copyRows,
  type Dtype,
  isVector,
  type MatrixInput,
  type MatrixLike,
  newArray,
  readMatrix,
  readOperand,
  type TypedArray,
} from '../matrix/operand.js';

/** An array of numbers, typed or not. */
export type NumberArray = ArrayLike<number>;

/** Numbers of one's own, row-major. @internal */
export interface Table {
  readonly rows: number;
  readonly cols: number;
  /** A vector is held as n rows of one column. */
  readonly vector: boolean;
  readonly dtype: Dtype;
  readonly data: TypedArray;
}

/** Integer arrays become plain numbers; the rest is left to readOperand. */
function plain(value: unknown): unknown {
  const integers = ArrayBuffer.isView(value) && !(value instanceof Float64Array || value instanceof Float32Array);
  return integers && !(value instanceof DataView) ? Array.from(value as unknown as ArrayLike<number>) : value;
}

/**
 * Copies a 1-D or 2-D argument; dtype `'f64'` if it has none.
 *
 * @param matrix whether it must be 2-D
 * @param nan whether NaN may stand for what is missing
 * @throws {ShapeError|ValueError|DtypeError} naming it, at infinities too
 * @internal
 */
export function readTable(value: unknown, name: string, matrix = false, nan = false): Table {
  const operand = matrix ? readMatrix(value, name) : readOperand(plain(value), name);
  const { rows, cols, vector, dtype = 'f64' } = operand;
  if (rows === 0) throw new ShapeError(`"${name}" has no rows`);
  if (cols === 0) throw new ShapeError(`"${name}" has no columns`);
  const data = newArray(dtype, rows * cols);
  copyRows(operand, data, 0, 0, rows);
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i]) || (nan && Number.isNaN(data[i]))) continue;
    const place = vector ? `[${i}]` : `[${Math.floor(i / cols)}][${i % cols}]`;
    throw new ValueError(`"${name}"${place} is ${data[i]}${nan ? '' : ': NaN and infinities are refused'}`);
  }
  return { rows, cols, vector, dtype, data };
}

/** @throws {ShapeError} unless there are as many columns as were fitted @internal */
export function checkColumns({ cols }: { readonly cols: number }, fitted: number, name: string): void {
  if (cols !== fitted) throw new ShapeError(`"${name}" has ${cols} columns, but ${fitted} were fitted`);
}

/** @throws {ShapeError} naming both, unless they are equally long @internal */
export function checkRows(name: string, rows: number, otherName: string, otherRows: number): void {
  if (rows === otherRows) return;
  throw new ShapeError(`"${name}" has ${rows} rows and "${otherName}" has ${otherRows}: their numbers must be equal`);
}

/** One weight a row. @throws {ShapeError|ValueError} unless all are 0 or more, and their sum is above 0 @internal */
export function readWeights(value: unknown, rows: number): TypedArray | undefined {
  if (value === undefined) return undefined;
  const name = 'sampleWeight';
  const { data, cols } = readTable(value, name);
  if (cols !== 1) throw new ShapeError(`"${name}" must have one column, got ${cols}`);
  if (data.length !== rows) throw new ShapeError(`"${name}" has ${data.length} weights, but there are ${rows} rows`);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    if (data[i] < 0) throw new ValueError(`"${name}"[${i}] must be 0 or more, got ${data[i]}`);
    sum += data[i];
  }
  if (!(sum > 0 && sum < Infinity)) throw new ValueError(`"${name}" must have a positive, finite sum, got ${sum}`);
  return data;
}

/** The place of the greatest of `count` numbers from `from` on, the first of equal ones. @internal */
export function argmax(data: TypedArray, from: number, count: number): number {
  let best = 0;
  for (let j = 1; j < count; j++) if (data[from + j] > data[from + best]) best = j;
  return best;
}

/** The mean of n values, each with its weight if there are any. @internal */
export function average(n: number, value: (i: number) => number, weights?: ArrayLike<number>): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const weight = weights ? weights[i] : 1;
    sum += weight * value(i);
    total += weight;
  }
  return sum / total;
}

/** How many rows an argument has; it may be anything with rows, or a length. @internal */
export function rowsOf(value: unknown, name: string): number {
  if (Array.isArray(value)) return value.length;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return (value as TypedArray).length;
  const rows = (value as MatrixLike | null | undefined)?.rows;
  if (Number.isSafeInteger(rows) && (rows as number) >= 0) return rows as number;
  throw new ValueError(`"${name}" must be a matrix or an array, got ${describe(value)}`);
}

/** What rows of Y are: a Matrix of a 2-D argument, else an array or typed array of Y's own kind. */
export type Taken<Y> = Y extends MatrixLike | readonly ArrayLike<number>[]
  ? Matrix
  : Y extends readonly (infer L)[]
    ? L[]
    : Y;

/**
 * A copy of some rows, in that order; the dtype is kept.
 *
 * @param source a matrix, an array of rows, or an array or typed array of one element a row
 * @param indices of the rows, from 0
 * @throws {ValueError} if an index is outside
 * @example
 * takeRows(['a', 'b', 'c'], [2, 0]); // ['c', 'a']
 */
export function takeRows<Y extends MatrixInput | ArrayLike<unknown>>(source: Y, indices: ArrayLike<number>): Taken<Y> {
  const rows = rowsOf(source, 'source');
  if (typeof indices?.length !== 'number') {
    throw new ValueError(`"indices" must be an array of row numbers, got ${describe(indices)}`);
  }
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (Number.isInteger(index) && index >= 0 && index < rows) continue;
    throw new ValueError(`"indices"[${i}] must be an integer from 0 to ${rows - 1}, got ${describe(index)}`);
  }
  if (isVector(source)) {
    const Type = source.constructor as unknown as {
      from(indices: ArrayLike<number>, map: (i: number) => unknown): unknown;
    };
    return (Array.isArray(source) ? Array : Type).from(indices, (i) => source[i]) as Taken<Y>;
  }
  const operand = readMatrix(source, 'source');
  const data = newArray(operand.dtype ?? 'f64', indices.length * operand.cols);
  for (let i = 0; i < indices.length; i++) copyRows(operand, data, i * operand.cols, indices[i], 1);
  return new Matrix(indices.length, operand.cols, data) as Taken<Y>;
}
