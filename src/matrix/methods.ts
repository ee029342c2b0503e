// Further methods of matrices, which bitgrad/methods gives to the class: the core has no bytes for them. Each reads its arguments
// first, which may run code of the caller's, then the matrix.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import { isInteger, refuseValue } from '../checks/values.js';
import { add, combine, divide, multiply, type Operation, sub } from './arithmetic.js';
import { Matrix } from './matrix.js';
import type { Axis, MatrixMethods, Term } from './methods-api.js';
import {
  commonDtype,
  copyOf,
  copyRows,
  type Dtype,
  type MatrixInput,
  newArray,
  type Operand,
  readMatrix,
  readOperand,
  shapeText,
  type TypedArray,
  type VectorInput,
} from './operand.js';
import { columnSums, rowSums, sumOf } from './sums.js';

interface Own extends Operand {
  readonly dtype: Dtype;
  readonly flat: TypedArray;
}

/** The matrix itself. @throws {DisposedError|ValueError} if its numbers are gone */
const read = (matrix: Matrix): Own => readMatrix(matrix, 'this') as Own;

/** `index`, if it is below `size`. */
function checkPlace(index: unknown, name: string, { rows, cols }: Matrix, size: number): number {
  if (isInteger(index, 0, size - 1)) return index;
  throw new ValueError(`"${name}" is ${describe(index)}, which is outside a ${rows}x${cols} matrix`);
}

/** Whether results are one for each row. */
function checkAxis(axis: unknown): boolean {
  if (axis !== 0 && axis !== 1) refuseValue('axis', '0 (over the rows) or 1 (over the columns)', axis);
  return axis === 1;
}

/** A vector as a row. */
const asRow = (operand: Operand): Operand =>
  operand.vector ? { ...operand, rows: 1, cols: operand.rows, vector: false } : operand;

function combineWith(term: Term, matrix: Matrix, operation: Operation): Matrix {
  const other = asRow(readOperand(typeof term === 'number' ? [term] : term, 'other'));
  return combine(read(matrix), other, operation);
}

/** Where the greatest of `count` numbers is, from `from` on, `step` apart. */
function greatest(data: TypedArray, from: number, step: number, count: number): number {
  let best = 0;
  for (let i = 0; i < count; i++) {
    const x = data[from + i * step];
    if (Number.isNaN(x)) return i;
    if (x > data[from + best * step]) best = i;
  }
  return best;
}

/** What sums become means by. */
function divided(sums: TypedArray, count: number): TypedArray {
  for (let i = 0; i < sums.length; i++) sums[i] /= count;
  return sums;
}

function sumsAlong(matrix: Matrix, axis: unknown): TypedArray {
  const sums = checkAxis(axis) ? rowSums : columnSums;
  const { rows, cols, flat } = read(matrix);
  return sums(flat, rows, cols);
}

/** As they stand on the class: what depends on `axis` is one function each. */
export const MATRIX_METHODS: Record<keyof MatrixMethods, unknown> & ThisType<Matrix> = {
  row(i: number): TypedArray {
    const from = checkPlace(i, 'i', this, this.rows) * this.cols;
    return this.data.subarray(from, from + this.cols);
  },
  col(j: number): TypedArray {
    checkPlace(j, 'j', this, this.cols);
    const { rows, cols, dtype, flat } = read(this);
    const column = newArray(dtype, rows);
    for (let i = 0; i < rows; i++) column[i] = flat[i * cols + j];
    return column;
  },
  slice(from = 0, end = Infinity): Matrix {
    const { rows, cols, flat } = read(this);
    const at = (row: number, name: string) => {
      if (row !== Infinity && !Number.isInteger(row)) refuseValue(name, 'an integer', row);
      return Math.min(rows, Math.max(0, row < 0 ? rows + row : row));
    };
    const first = at(from, 'from');
    const last = Math.max(first, at(end, 'end'));
    return new Matrix(last - first, cols, flat.slice(first * cols, last * cols));
  },
  map(f: (value: number, i: number, j: number) => number): Matrix {
    if (typeof f !== 'function') refuseValue('f', 'a function', f);
    const own = read(this);
    const data = copyOf(own); // f may do as it likes with the matrix
    for (let i = 0, at = 0; i < own.rows; i++) {
      for (let j = 0; j < own.cols; j++, at++) {
        const value = f(data[at], i, j);
        if (typeof value !== 'number')
          refuseValue('f', 'a function that returns numbers', value, '', ` at [${i}][${j}]`);
        data[at] = value;
      }
    }
    return new Matrix(own.rows, own.cols, data);
  },
  add(other: Term): Matrix {
    return combineWith(other, this, add);
  },
  sub(other: Term): Matrix {
    return combineWith(other, this, sub);
  },
  multiply(other: Term): Matrix {
    return combineWith(other, this, multiply);
  },
  divide(other: Term): Matrix {
    return combineWith(other, this, divide);
  },
  scale(alpha: number): Matrix {
    if (typeof alpha !== 'number') refuseValue('alpha', 'a number', alpha);
    return this.multiply(alpha);
  },
  concat(other: VectorInput | MatrixInput, axis: Axis = 0): Matrix {
    const beside = checkAxis(axis);
    const given = readOperand(other, 'other');
    const more = beside ? given : asRow(given);
    const own = read(this);
    const dtype = commonDtype([own, more], own.dtype);
    if (beside ? own.rows !== more.rows : own.cols !== more.cols) {
      const what = beside ? 'rows' : 'columns';
      throw new ShapeError(
        `"this" is ${shapeText(own)} and "other" is ${shapeText(given)}: their numbers of ${what} must be equal`,
      );
    }
    const rows = beside ? own.rows : own.rows + more.rows;
    const cols = beside ? own.cols + more.cols : own.cols;
    const data = newArray(dtype, rows * cols);
    const put = (part: Operand, at: number) => {
      for (let i = 0; i < part.rows; i++) copyRows(part, data, at + i * cols, i, 1);
    };
    put(own, 0);
    put(more, beside ? own.cols : own.rows * cols);
    return new Matrix(rows, cols, data);
  },
  sum(axis?: Axis): number | TypedArray {
    return axis === undefined ? sumOf(read(this).flat) : sumsAlong(this, axis);
  },
  mean(axis?: Axis): number | TypedArray {
    if (axis !== undefined) return divided(sumsAlong(this, axis), axis ? this.cols : this.rows);
    const { flat, dtype } = read(this);
    const mean = sumOf(flat) / flat.length;
    return dtype === 'f64' ? mean : Math.fround(mean);
  },
  argmax(axis?: Axis): number | Int32Array {
    const along = axis !== undefined && checkAxis(axis);
    const { rows, cols, flat } = read(this);
    const count = axis === undefined ? flat.length : along ? cols : rows;
    if (count === 0) throw new ValueError(`a ${rows}x${cols} matrix has no greatest element`);
    if (axis === undefined) return greatest(flat, 0, 1, count);
    const places = new Int32Array(along ? rows : cols);
    return places.map((_, i) => (along ? greatest(flat, i * cols, 1, cols) : greatest(flat, i, cols, rows)));
  },
};
