// Further methods of matrices, as types: what bitgrad/methods gives to the class.

import type { Matrix } from './matrix.js';
import type { MatrixInput, TypedArray, VectorInput } from './operand.js';

/** Along what is counted: 0 goes over the rows, one result for each column; 1 over the columns, one for each row. */
export type Axis = 0 | 1;

/** A number, a vector, which is a row, or a matrix: where it has one row or one column, that stands for all. */
export type Term = number | VectorInput | MatrixInput;

/**
 * Methods of a Matrix once `bitgrad/methods` was imported. They return new matrices of the same dtype, each operation rounded to
 * it, and have the same bits everywhere; NaN and infinities go through.
 */
export interface MatrixMethods {
  /** Row i: a live view, as iteration gives it. @throws {ValueError} outside the matrix */
  row(i: number): TypedArray;
  /** A copy of column j. @throws {ValueError} outside the matrix */
  col(j: number): TypedArray;
  /** A copy of the rows from `from` (default 0) to below `end` (default: all), which count from the end if negative: arrays' slice. */
  slice(from?: number, end?: number): Matrix;
  /** What f makes of each element, row by row. @throws {ValueError} if that is no number */
  map(f: (value: number, i: number, j: number) => number): Matrix;
  /**
   * The sum, element by element.
   *
   * @throws {ShapeError} unless numbers of rows are equal or 1, and those of columns; {DtypeError} if dtypes differ
   * @example
   * import 'bitgrad/methods';
   * Matrix.from([[1, 2], [3, 4]]).add([10, 20]).toArray(); // [[11, 22], [13, 24]]
   */
  add(other: Term): Matrix;
  /** This less the other, element by element. */
  sub(other: Term): Matrix;
  /** The product element by element; `matmul` is that of matrices. */
  multiply(other: Term): Matrix;
  /** This divided by the other, element by element. */
  divide(other: Term): Matrix;
  /** alpha times each element. */
  scale(alpha: number): Matrix;
  /**
   * The rows of both, this one's first, or with axis 1 the columns of both. A vector is one row, or one column.
   *
   * @throws {ShapeError} unless the other sizes are equal; {DtypeError} if dtypes differ
   */
  concat(other: VectorInput | MatrixInput, axis?: Axis): Matrix;
  /** Of all elements, by contract rule 4. */
  sum(): number;
  /** By contract rule 3: of each column, or of each row. */
  sum(axis: Axis): TypedArray;
  /** The sum divided by how many there are; NaN if there are none. */
  mean(): number;
  mean(axis: Axis): TypedArray;
  /** Where the greatest element is, row by row; the first of equals, and the first NaN if there is one, as NumPy has it. */
  argmax(): number;
  /** Of each column the row, or of each row the column. @throws {ValueError} if there is none */
  argmax(axis: Axis): Int32Array;
}

declare module './matrix.js' {
  interface Matrix extends MatrixMethods {}
}
