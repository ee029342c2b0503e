// What is handed to an estimator, copied: a call that waits for its turn has the numbers that it was given.

import { Matrix } from '../matrix/matrix.js';
import { copyRows, type MatrixInput, newArray, readMatrix, readOperand, type TypedArray } from '../matrix/operand.js';

/** @throws {ShapeError|ValueError|DtypeError} naming it */
export function copyMatrix(value: MatrixInput, name: string): Matrix {
  const operand = readMatrix(value, name);
  const { rows, cols, dtype = 'f64' } = operand;
  const data = newArray(dtype, rows * cols);
  copyRows(operand, data, 0, 0, rows);
  return new Matrix(rows, cols, data);
}

/** A vector as a typed array, a matrix as a Matrix. @throws {ShapeError|ValueError|DtypeError} naming it */
export function copyNumbers(value: unknown, name: string): Matrix | TypedArray {
  const operand = readOperand(value, name);
  const { rows, cols, vector, dtype = 'f64' } = operand;
  const data = newArray(dtype, rows * cols);
  copyRows(operand, data, 0, 0, rows);
  return vector ? data : new Matrix(rows, cols, data);
}

/**
 * Rows, numbers or labels as they are, unchecked: for whoever will read them. What is none of these is not copied.
 *
 * @param depth of arrays in arrays
 */
export function copyOfGiven<T>(value: T, depth = 2): T {
  const given: unknown = value;
  if (ArrayBuffer.isView(given) && 'slice' in given) return (given as TypedArray).slice() as T;
  if (Array.isArray(given) && depth > 0) return Array.from(given, (each) => copyOfGiven(each, depth - 1)) as T;
  if (typeof given !== 'object' || given === null || !('rows' in given && 'cols' in given && 'data' in given))
    return value;
  const { rows, cols, data } = given;
  return { rows, cols, data: copyOfGiven(data) } as T;
}
