// Arithmetic of matrices element by element, in plain numbers. A typed array rounds what is stored in it.

import { ShapeError } from '../checks/errors.js';
import { Matrix } from './matrix.js';
import { commonDtype, copyOf, type Dtype, newArray, type Operand, shapeText, type TypedArray } from './operand.js';

/** z from x and y, element by element: a loop each, for one that calls a function takes 3 to 10 times as long (measured). */
export type Operation = (z: TypedArray, x: TypedArray, y: TypedArray) => void;

export const add: Operation = (z, x, y) => {
  for (let i = 0; i < z.length; i++) z[i] = x[i] + y[i];
};
export const sub: Operation = (z, x, y) => {
  for (let i = 0; i < z.length; i++) z[i] = x[i] - y[i];
};
export const multiply: Operation = (z, x, y) => {
  for (let i = 0; i < z.length; i++) z[i] = x[i] * y[i];
};
export const divide: Operation = (z, x, y) => {
  for (let i = 0; i < z.length; i++) z[i] = x[i] / y[i];
};

/** An operand's elements in that shape: one row or one column goes on for all. */
function spread(operand: Operand, rows: number, cols: number, dtype: Dtype): TypedArray {
  const own = operand.dtype ? (operand.flat as TypedArray) : copyOf(operand, dtype);
  if (operand.rows === rows && operand.cols === cols) return own;
  const data = newArray(dtype, rows * cols);
  const rowStep = operand.rows === 1 ? 0 : operand.cols;
  for (let i = 0; i < rows; i++) {
    const from = i * rowStep;
    if (operand.cols === 1) data.fill(own[from], i * cols, (i + 1) * cols);
    else data.set(own.subarray(from, from + cols), i * cols);
  }
  return data;
}

/** @throws {ShapeError} unless sizes are equal or 1; {DtypeError} if dtypes differ */
export function combine(own: Operand, other: Operand, operation: Operation): Matrix {
  const sizeOf = (m: number, n: number) => {
    if (m === n || n === 1) return m;
    if (m === 1) return n;
    throw new ShapeError(`"this" is ${shapeText(own)} and "other" is ${shapeText(other)}: sizes must be equal, or 1`);
  };
  const rows = sizeOf(own.rows, other.rows);
  const cols = sizeOf(own.cols, other.cols);
  const dtype = commonDtype([own, other], 'f64');
  const data = newArray(dtype, rows * cols);
  operation(data, spread(own, rows, cols, dtype), spread(other, rows, cols, dtype));
  return new Matrix(rows, cols, data);
}
