// Copies of what users hand in: for who has no engine, and for who uses it later than it was handed in.

import { ShapeError, ValueError } from '../checks/errors.js';
import { checkInteger, isInteger, refuseValue } from '../checks/values.js';
import { Matrix } from './matrix.js';
import {
  copyOf,
  copyRows,
  type Dtype,
  isList,
  isSparse,
  isVector,
  type MatrixInput,
  type MatrixLike,
  newArray,
  placeOf,
  plainNumbers,
  type RowsInput,
  readMatrix,
  readOperand,
  type SparseInput,
  shapeText,
  type TypedArray,
} from './operand.js';
import { checkSampleWeights, checkWeightCount, SAMPLE_WEIGHT } from './sample-weights.js';
import { isTable, readTable, Table, type TableInput } from './table.js';

/** An array of numbers, typed or not. */
export type NumberArray = ArrayLike<number>;

/** @throws {ShapeError|ValueError|DtypeError} naming it */
export function copyMatrix(value: MatrixInput, name: string): Matrix {
  const operand = readMatrix(value, name);
  return new Matrix(operand.rows, operand.cols, copyOf(operand));
}

/** A copy of rows of numbers; of sparse ones, which do not change, themselves. @throws {ShapeError|ValueError|DtypeError} naming it */
export const keepRows = (value: RowsInput, name: string): Matrix | SparseInput =>
  isSparse(value) ? value : copyMatrix(value, name);

/** Shape and dtype of rows of numbers. @throws {ShapeError|ValueError|DtypeError} naming it */
export const readShape = (value: unknown, name: string): { rows: number; cols: number; dtype?: Dtype | undefined } =>
  isSparse(value) || value instanceof Table ? value : readMatrix(value, name);

/** A vector as a typed array, a matrix as a Matrix. @throws {ShapeError|ValueError|DtypeError} naming it */
export function copyNumbers(value: unknown, name: string): Matrix | TypedArray {
  const operand = readOperand(value, name);
  const copy = copyOf(operand);
  return operand.vector ? copy : new Matrix(operand.rows, operand.cols, copy);
}

/** Numbers of one's own, row-major. @internal */
export interface NumberTable {
  readonly rows: number;
  readonly cols: number;
  /** A vector is held as n rows of one column. */
  readonly vector: boolean;
  readonly dtype: Dtype;
  readonly data: TypedArray;
  /** Of a table whose columns have names. */
  readonly names?: readonly string[] | undefined;
}

/**
 * Copies a 1-D or 2-D argument of a row and a column or more; dtype `'f64'` if it has none.
 *
 * @param matrix whether it must be 2-D
 * @param nan whether NaN may stand for what is missing
 * @throws {ShapeError|ValueError|DtypeError} naming it, at infinities too
 * @internal
 */
export function readFinite(value: unknown, name: string, matrix = false, nan = false): NumberTable {
  const operand = matrix ? readMatrix(value, name) : readOperand(plainNumbers(value), name);
  const { rows, cols, vector, dtype = 'f64' } = operand;
  if (rows === 0) throw new ShapeError(`"${name}" has no rows`);
  if (cols === 0) throw new ShapeError(`"${name}" has no columns`);
  const data = copyOf(operand);
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i]) || (nan && Number.isNaN(data[i]))) continue;
    const reason = nan ? '' : ': NaN and infinities are refused';
    throw new ValueError(`"${name}"${placeOf(i, cols, vector)} is ${data[i]}${reason}`);
  }
  return { rows, cols, vector, dtype, data };
}

/**
 * The numbers of a matrix or a table of a row and a column or more: gaps are NaN, true is 1, false 0.
 *
 * @throws {ShapeError|ValueError|DtypeError} naming the place, at texts and infinities
 * @internal
 */
export function readNumbers(value: unknown, name: string): NumberTable {
  if (!(value instanceof Table || isTable(value))) return readFinite(value, name, true, true);
  const table = readTable(value, name);
  const { rows, cols, dtype, names } = table;
  return { rows, cols, vector: false, dtype, data: table.numbers(), names };
}

/** A copy of column j. @internal */
export function columnOf({ rows, cols, data }: NumberTable, j: number): TypedArray {
  const column = data.slice(0, rows);
  for (let i = 0; i < rows; i++) column[i] = data[i * cols + j];
  return column;
}

/** One weight a row. @throws {ShapeError|ValueError|DtypeError} unless all are 0 or more, and their sum is above 0 @internal */
export function readWeights(value: unknown, rows: number): TypedArray | undefined {
  if (value === undefined) return undefined;
  const { data, cols } = readFinite(value, SAMPLE_WEIGHT);
  if (cols !== 1) throw new ShapeError(`"${SAMPLE_WEIGHT}" must have one column, got ${cols}`);
  checkWeightCount(SAMPLE_WEIGHT, data.length, rows, 'there are');
  checkSampleWeights(data, SAMPLE_WEIGHT, '0 or more', (total, name) => {
    throw new ValueError(`"${name}" must have a positive, finite sum, got ${total}`);
  });
  return data;
}

/** Whether it is an array of rows of one element each, of whatever kind. */
export const isColumn = (value: unknown): value is readonly unknown[][] =>
  Array.isArray(value) && value.length > 0 && value.every((row) => Array.isArray(row) && row.length === 1);

/** One column as an array: elements of whatever kind, as they are, or a matrix's numbers. @throws {ShapeError} if there are more */
export function readColumn(value: unknown, name: string): unknown {
  if (isVector(value)) return value;
  if (isColumn(value)) return value.map(([element]) => element);
  const operand = readMatrix(value, name);
  if (operand.cols === 1) return copyOf(operand, 'f64');
  throw new ShapeError(`"${name}" is ${shapeText(operand)}, but must have one column`);
}

/** Some rows of X, unchecked: whoever uses them reads them. @param cols of what is no array of rows */
export function sliceRows<X extends TableInput>(X: X, cols: number, from: number, end: number): X {
  if (Array.isArray(X)) return X.slice(from, end) as unknown as X;
  if (isSparse(X)) return X.slice(from, end) as unknown as X;
  if (X instanceof Table) return X.take(Array.from({ length: end - from }, (_, i) => from + i)) as unknown as X;
  // Copied: a view of linear memory would be detached when that grows.
  const data = (X as MatrixLike).data as TypedArray;
  return { rows: end - from, cols, data: data.slice(from * cols, end * cols) } as unknown as X;
}

/** How many rows an argument has; it may be anything with rows, or a length. @internal */
export function countRows(value: unknown, name: string): number {
  if (isList(value)) return value.length;
  const rows = (value as MatrixLike | null | undefined)?.rows;
  return isInteger(rows, 0) ? rows : refuseValue(name, 'a matrix or an array', value);
}

/** What rows of Y are: a Matrix of rows of numbers, a SparseMatrix of sparse ones, else an array or typed array of Y's own kind. */
export type Taken<Y> = Y extends SparseInput | Table
  ? Y
  : Y extends MatrixLike | readonly ArrayLike<number>[]
    ? Matrix
    : Y extends readonly (infer L)[]
      ? L[]
      : Y;

/**
 * A copy of some rows, in that order; the dtype is kept.
 *
 * @param source a matrix, a table (rows of cells, or objects), or an array or typed array of one element a row
 * @param indices of the rows, from 0
 * @throws {ValueError} if an index is outside, or at what no table may hold
 * @example
 * takeRows(['a', 'b', 'c'], [2, 0]); // ['c', 'a']
 */
export function takeRows<Y extends TableInput | ArrayLike<unknown>>(source: Y, indices: ArrayLike<number>): Taken<Y> {
  return takeRowsOf(source, 'source', indices);
}

/** The same of an argument of this name. @internal */
export function takeRowsOf<Y extends TableInput | ArrayLike<unknown>>(
  source: Y,
  name: string,
  indices: ArrayLike<number>,
): Taken<Y> {
  const rows = countRows(source, name);
  if (typeof indices?.length !== 'number') refuseValue('indices', 'an array of row numbers', indices);
  for (let i = 0; i < indices.length; i++) {
    if (!isInteger(indices[i], 0, rows - 1)) checkInteger(indices[i], 'indices', 0, rows - 1, `[${i}]`);
  }
  if (isVector(source)) {
    const Type = source.constructor as unknown as {
      from(indices: ArrayLike<number>, map: (i: number) => unknown): unknown;
    };
    return (Array.isArray(source) ? Array : Type).from(indices, (i) => source[i]) as Taken<Y>;
  }
  if (isSparse(source)) return source.take(indices) as unknown as Taken<Y>;
  if (source instanceof Table) return source.take(indices) as Taken<Y>;
  if (isTable(source)) {
    readTable(source, name); // so that what is no table is refused here, and not in the middle of a training
    const copy = (row: object) => (Array.isArray(row) ? row.slice() : { ...row });
    return Array.from(indices, (i) => copy(source[i])) as Taken<Y>;
  }
  const operand = readMatrix(source, name);
  const data = newArray(operand.dtype ?? 'f64', indices.length * operand.cols);
  for (let i = 0; i < indices.length; i++) copyRows(operand, data, i * operand.cols, indices[i], 1);
  return new Matrix(indices.length, operand.cols, data) as Taken<Y>;
}
