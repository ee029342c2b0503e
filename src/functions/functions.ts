// The functions over one session: checks, then marshalling, then kernels.

import { ShapeError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkFlag, refuseValue } from '../checks/values.js';
import type { Dtype } from '../kernels/contract.js';
import { overRows, Passing, type Session } from '../matrix/marshal.js';
import { type Matrix, matrixOver } from '../matrix/matrix.js';
import {
  checkApart,
  checkOutput,
  checkSameShape,
  commonDtype,
  flatOperand,
  type MatrixInput,
  newArray,
  type Operand,
  readMatrix,
  readOperand,
  shapeText,
  type TypedArray,
  type VectorInput,
} from '../matrix/operand.js';
import { SumTree } from '../numbers/tree.js';
import type { DotFunction, Functions, MapFunction, MapIntoFunction, MatmulOptions, MatrixOutput } from './api.js';
import { createPerceptron } from './perceptron.js';

type MapName = 'sigmoid' | 'sigmoid_derivative';

/** What an element of a function costs, in multiply-adds. */
const FUNCTION_WORK = 16;

function map(s: Session, x: Operand, dtype: Dtype, out: Operand, name: MapName): void {
  const kernel = s.divided(s[dtype], x.rows * x.cols * FUNCTION_WORK)[name];
  const from = new Passing(s, x, dtype);
  const to = new Passing(s, out, dtype);
  overRows(s, x.rows, [], [from, to], (row, count) => {
    kernel(count * x.cols, from.read(row, count), to.at(row));
    to.done(row, count);
  });
}

/** Sums a reduction kernel over the blocks of two operands of one size, by the canonical tree. */
function reduce(s: Session, a: Operand, b: Operand, dtype: Dtype, name: 'dot' | 'squared_error'): number {
  const kernel = s[dtype][name];
  const { bytes } = s[dtype];
  const tree = new SumTree(dtype);
  const x = new Passing(s, asColumn(a), dtype);
  const y = new Passing(s, asColumn(b), dtype);
  overRows(s, a.rows * a.cols, [], [x, y], (from, count) => {
    const [xAt, yAt] = [x.read(from, count), y.read(from, count)];
    if (!s.share(count)?.blocks(kernel, count, xAt, yAt, tree)) tree.addBlocks(kernel, count, xAt, yAt, bytes);
  });
  tree.finish();
  return tree.sum;
}

/** The same elements as one column: blocks of a sum cut across rows. */
const asColumn = (operand: Operand): Operand => ({ ...operand, rows: operand.rows * operand.cols, cols: 1 });

interface Multiplication {
  a: Operand;
  b: Operand;
  transposeA: boolean;
  transposeB: boolean;
  m: number;
  n: number;
  k: number;
}

const NOT_TRANSPOSED: MatmulOptions = Object.create(null);

function readTransposes(options: MatmulOptions): MatmulOptions {
  if (options === NOT_TRANSPOSED) return options;
  const given = readOptions(options, ['transposeA', 'transposeB'], 'matmul');
  for (const [key, value] of Object.entries(given)) {
    if (value !== undefined) checkFlag(value, key);
  }
  return given;
}

function planProduct(
  a: Operand,
  b: Operand,
  { transposeA = false, transposeB = false }: MatmulOptions,
): Multiplication {
  const [m, k] = transposeA ? [a.cols, a.rows] : [a.rows, a.cols];
  const [k2, n] = transposeB ? [b.cols, b.rows] : [b.rows, b.cols];
  if (k !== k2) {
    const text = (operand: Operand, transposed: boolean) =>
      `"${operand.name}" is ${shapeText(operand)}${transposed && !operand.vector ? ' (transposed)' : ''}`;
    throw new ShapeError(`${text(a, transposeA)} and ${text(b, transposeB)}: inner sizes ${k} and ${k2} must be equal`);
  }
  return { a, b, transposeA, transposeB, m, n, k };
}

/** @param out where it goes; undefined: to a new array */
function multiply(
  s: Session,
  { a, b, transposeA, transposeB, m, n, k }: Multiplication,
  dtype: Dtype,
  out = flatOperand('out', m, n, dtype, newArray(dtype, m * n)),
): Operand {
  const gemm = s.divided(s[dtype], m * n * k)[`gemm_${transposeA ? 't' : 'n'}${transposeB ? 't' : 'n'}`];
  const x = new Passing(s, a, dtype);
  const y = new Passing(s, b, dtype);
  const z = new Passing(s, out, dtype);
  const { work } = s;
  overRows(s, 1, [x, y, z], [], () => {
    gemm(m, n, k, x.read(0, a.rows), a.cols, y.read(0, b.rows), b.cols, z.at(0), n, work);
    z.done(0, out.rows);
  });
  return out;
}

/** The functions over a session, which is made on first use; `fallback` is what plain numbers become among themselves. */
export function createFunctions(getSession: () => Session, fallback: Dtype): Functions {
  const mapped = (name: MapName): MapFunction =>
    ((x: unknown) => {
      const s = getSession();
      const operand = readOperand(typeof x === 'number' ? [x] : x, 'x');
      const { rows, cols, vector } = operand;
      const dtype = operand.dtype ?? fallback;
      const out = flatOperand('out', rows, cols, dtype, newArray(dtype, rows * cols), vector);
      map(s, operand, dtype, out, name);
      if (typeof x === 'number') return (out.flat as TypedArray)[0];
      return vector ? out.flat : matrixOver(out);
    }) as MapFunction;

  const mappedInto = (name: MapName): MapIntoFunction =>
    ((x: unknown, out: unknown) => {
      const s = getSession();
      const operand = readOperand(x, 'x');
      const target = readOperand(out, 'out');
      const dtype = commonDtype([operand, target], fallback);
      checkOutput(target, dtype, operand.rows, operand.cols, operand.vector);
      checkApart(target, [operand], true);
      map(s, operand, dtype, target, name);
      return out;
    }) as MapIntoFunction;

  function matmul(a: MatrixInput, b: MatrixInput, options: MatmulOptions = NOT_TRANSPOSED): Matrix {
    const s = getSession();
    const product = planProduct(readMatrix(a, 'a'), readMatrix(b, 'b'), readTransposes(options));
    const dtype = commonDtype([product.a, product.b], fallback);
    return matrixOver(multiply(s, product, dtype));
  }

  function matmulInto<M extends MatrixOutput>(
    a: MatrixInput,
    b: MatrixInput,
    out: M,
    options: MatmulOptions = NOT_TRANSPOSED,
  ): M {
    const s = getSession();
    const product = planProduct(readMatrix(a, 'a'), readMatrix(b, 'b'), readTransposes(options));
    const target = readMatrix(out, 'out');
    const dtype = commonDtype([product.a, product.b, target], fallback);
    checkOutput(target, dtype, product.m, product.n);
    checkApart(target, [product.a, product.b], false);
    multiply(s, product, dtype, target);
    return out;
  }

  function dot(a: unknown, b: unknown): number | TypedArray | Matrix {
    const s = getSession();
    const left = readOperand(a, 'a');
    const right = readOperand(b, 'b');
    const dtype = commonDtype([left, right], fallback);
    if (left.vector && right.vector) {
      checkSameShape(left, right);
      return reduce(s, left, right, dtype, 'dot');
    }
    // A vector is held as a column: on the left it is used transposed.
    const product = planProduct(left, right, { transposeA: left.vector });
    const out = multiply(s, product, dtype);
    return left.vector || right.vector ? (out.flat as TypedArray) : matrixOver(out);
  }

  function mseLoss(yTrue: MatrixInput | VectorInput, yPred: MatrixInput | VectorInput): number {
    const s = getSession();
    const target = readOperand(yTrue, 'yTrue');
    const prediction = readOperand(yPred, 'yPred');
    checkSameShape(target, prediction);
    const dtype = commonDtype([target, prediction], fallback);
    const mean = reduce(s, target, prediction, dtype, 'squared_error') / (target.rows * target.cols);
    return dtype === 'f64' ? mean : Math.fround(mean);
  }

  function axpy<M extends MatrixOutput>(alpha: number, x: MatrixInput, y: M): M {
    const s = getSession();
    if (typeof alpha !== 'number') refuseValue('alpha', 'a number', alpha);
    const added = readMatrix(x, 'x');
    const sum = readMatrix(y, 'y');
    checkSameShape(added, sum);
    const dtype = commonDtype([added, sum], fallback);
    const { rows, cols } = checkOutput(sum, dtype, added.rows, added.cols);
    checkApart(sum, [added], true);
    const kernel = s.divided(s[dtype], rows * cols).axpy;
    const from = new Passing(s, added, dtype);
    const to = new Passing(s, sum, dtype);
    overRows(s, rows, [], [from, to], (row, count) => {
      kernel(count * cols, alpha, from.read(row, count), to.read(row, count));
      to.done(row, count);
    });
    return y;
  }

  return {
    sigmoid: mapped('sigmoid'),
    sigmoidInto: mappedInto('sigmoid'),
    sigmoidDerivative: mapped('sigmoid_derivative'),
    sigmoidDerivativeInto: mappedInto('sigmoid_derivative'),
    mseLoss,
    dot: dot as DotFunction,
    dotInto: (a, b, out) => matmulInto(a, b, out),
    matmul,
    matmulInto,
    axpy,
    ...createPerceptron(getSession, fallback),
  };
}
