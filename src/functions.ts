// The function-level API over one session: checks, then marshalling, then kernels.

import { checkOptions, describe, ShapeError, ValueError } from './errors.js';
import { BLOCK, type Dtype } from './kernels.js';
import { Input, newMatrix, Output, overRows, type Session } from './marshal.js';
import {
  checkSameShape,
  commonDtype,
  copyRows,
  Matrix,
  type MatrixInput,
  type MatrixLike,
  newArray,
  type Operand,
  readMatrix,
  readOperand,
  shapeText,
  type TypedArray,
  type VectorInput,
} from './matrix.js';
import { SumTree } from './tree.js';

/** An output that the caller owns: a Matrix or a structural matrix over a Float64Array or Float32Array. */
export type MatrixOutput = Matrix | (MatrixLike & { readonly data: TypedArray });

/** What forwardAndBackward returns, for X of n rows. */
export interface Gradients<M = Matrix> {
  /** n x outputs: sigmoid(hidden W2). */
  output: M;
  /** n x outputs: (y - output) * output * (1 - output). */
  outputGradient: M;
  /** n x hidden: (outputGradient W2^T) * hidden * (1 - hidden). */
  hiddenGradient: M;
}

export interface MatmulOptions {
  /** Use a's transpose. Default false. */
  transposeA?: boolean;
  /** Use b's transpose. Default false. */
  transposeB?: boolean;
}

/** The functions of an engine; every entry of the package exports the same. */
export interface Functions {
  /**
   * The logistic sigmoid, 1 / (1 + exp(-x)), within 2 ulp: of a number, of every element of a vector, or of a matrix.
   *
   * @example
   * sigmoid(0); // 0.5
   * sigmoid([[0, 1]]).toArray(); // [[0.5, 0.7310585786300049]]
   */
  sigmoid: MapFunction;
  /** sigmoid into `out`, which has x's shape and dtype and may be x itself. Returns `out`. */
  sigmoidInto: MapIntoFunction;
  /**
   * s * (1 - s): the sigmoid's derivative, given the sigmoid's OUTPUT s.
   *
   * @example
   * sigmoidDerivative(sigmoid(0)); // 0.25
   */
  sigmoidDerivative: MapFunction;
  /** sigmoidDerivative into `out`, which may be the input itself. Returns `out`. */
  sigmoidDerivativeInto: MapIntoFunction;
  /**
   * The mean of (yTrue - yPred)^2 over all elements; NaN if there are none, as NumPy has it.
   *
   * @throws {ShapeError} unless the shapes are equal
   * @example
   * mseLoss([1, 2], [1, 4]); // 2
   */
  mseLoss(yTrue: MatrixInput | VectorInput, yPred: MatrixInput | VectorInput): number;
  /**
   * NumPy's `dot`: vector . vector is a number, matrix . vector and vector . matrix a vector, matrix . matrix a Matrix.
   *
   * @throws {ShapeError} unless the inner sizes are equal
   * @example
   * dot([1, 2, 3], [4, 5, 6]); // 32
   * dot([[1, 2], [3, 4]], [[1], [1]]).toArray(); // [[3], [7]]
   */
  dot: DotFunction;
  /** dot of two matrices into `out`, which overlaps neither. Returns `out`. */
  dotInto<M extends MatrixOutput>(a: MatrixInput, b: MatrixInput, out: M): M;
  /**
   * The product of two matrices, each transposed if asked.
   *
   * @throws {ShapeError} unless the inner sizes are equal
   * @example
   * matmul([[1, 2]], [[3, 4]], { transposeB: true }).toArray(); // [[11]]
   */
  matmul(a: MatrixInput, b: MatrixInput, options?: MatmulOptions): Matrix;
  /** matmul into `out`, which overlaps neither operand. Returns `out`. */
  matmulInto<M extends MatrixOutput>(a: MatrixInput, b: MatrixInput, out: M, options?: MatmulOptions): M;
  /**
   * y += alpha * x in place: BLAS's axpy, the step of gradient descent. Returns y.
   *
   * @throws {ShapeError|DtypeError} unless shapes and dtypes are equal
   */
  axpy<M extends MatrixOutput>(alpha: number, x: MatrixInput, y: M): M;
  /**
   * Forward pass and deltas of a network with one hidden layer, sigmoid twice, no biases:
   * hidden = sigmoid(X W1), output = sigmoid(hidden W2).
   *
   * The gradients have the sign of y - output: they are the NEGATIVE gradients of 1/2 sum (y - output)^2 with respect to
   * the inputs of each sigmoid. So `W2 += rate * hidden^T outputGradient` and `W1 += rate * X^T hiddenGradient` descend.
   *
   * @param X n x inputs
   * @param y n x outputs
   * @param weightsInputHidden W1, inputs x hidden
   * @param weightsHiddenOutput W2, hidden x outputs
   * @throws {ShapeError} naming the two shapes that do not fit; {DtypeError} if dtypes differ
   */
  forwardAndBackward(
    X: MatrixInput,
    y: MatrixInput,
    weightsInputHidden: MatrixInput,
    weightsHiddenOutput: MatrixInput,
  ): Gradients;
  /** forwardAndBackward into matrices that the caller owns, which overlap nothing. Returns `out`. */
  forwardAndBackwardInto<G extends Gradients<MatrixOutput>>(
    X: MatrixInput,
    y: MatrixInput,
    weightsInputHidden: MatrixInput,
    weightsHiddenOutput: MatrixInput,
    out: G,
  ): G;
}

export interface MapFunction {
  (x: number): number;
  <V extends TypedArray>(x: V): V;
  (x: readonly number[]): TypedArray;
  (x: MatrixInput): Matrix;
}

export interface MapIntoFunction {
  <V extends TypedArray>(x: VectorInput, out: V): V;
  <M extends MatrixOutput>(x: MatrixInput, out: M): M;
}

export interface DotFunction {
  (a: VectorInput, b: VectorInput): number;
  (a: VectorInput, b: MatrixInput): TypedArray;
  (a: MatrixInput, b: VectorInput): TypedArray;
  (a: MatrixInput, b: MatrixInput): Matrix;
}

type MapKernel = (n: number, x: number, y: number) => void;
type MapName = 'sigmoid' | 'sigmoid_derivative';

/** `value` as an output operand: typed data of the given dtype and shape. */
function readOutput(value: unknown, name: string, dtype: Dtype, rows: number, cols: number, vector = false): TypedArray {
  const out = readOperand(value, name);
  const wanted = shapeText({ ...out, rows, cols, vector });
  if (out.dtype !== dtype || !out.flat) {
    throw new ValueError(`"${name}" must be ${dtype} and hold a typed array, got ${out.dtype ?? describe(value)}`);
  }
  if (out.rows !== rows || out.cols !== cols || out.vector !== vector) {
    throw new ShapeError(`"${name}" is ${shapeText(out)}, but the result is ${wanted}`);
  }
  return out.flat as TypedArray;
}

interface Range {
  name: string;
  data: unknown;
}

/** @throws {ValueError} if `out` shares bytes with one of the others; the very same range is allowed if `same` is */
function checkApart(out: Range, others: readonly Range[], same: boolean): void {
  const a = out.data as TypedArray;
  for (const { name, data } of others) {
    if (!ArrayBuffer.isView(data) || data.buffer !== a.buffer) continue;
    const b = data as TypedArray;
    if (a.byteOffset >= b.byteOffset + b.byteLength || b.byteOffset >= a.byteOffset + a.byteLength) continue;
    if (same && a.byteOffset === b.byteOffset && a.byteLength === b.byteLength) continue;
    throw new ValueError(`"${out.name}" shares memory with "${name}": give it memory of its own`);
  }
}

const rangeOf = (operand: Operand): Range => ({ name: operand.name, data: operand.flat });

/** The functions over a session, which is made on first use; `dtype` is what plain numbers become among themselves. */
export function createFunctions(getSession: () => Session, fallback: Dtype): Functions {
  function map(s: Session, operand: Operand, dtype: Dtype, out: TypedArray, kernel: MapKernel): void {
    const x = new Input(s, operand, dtype);
    const y = new Output(s, out, operand.cols);
    overRows(s, operand.rows, [], [x, y], (from, count) => {
      kernel(count * operand.cols, x.rows(from, count), y.rows(from));
      y.done(from, count);
    });
  }

  const mapped = (name: MapName): MapFunction =>
    ((x: unknown) => {
      const s = getSession();
      if (typeof x === 'number') {
        const result = newArray(fallback, 1);
        map(s, readOperand([x], 'x'), fallback, result, s[fallback][name]);
        return result[0];
      }
      const operand = readOperand(x, 'x');
      const dtype = commonDtype([operand], fallback);
      const result = newArray(dtype, operand.rows * operand.cols);
      map(s, operand, dtype, result, s[dtype][name]);
      return operand.vector ? result : new Matrix(operand.rows, operand.cols, result);
    }) as MapFunction;

  const mappedInto = (name: MapName): MapIntoFunction =>
    ((x: unknown, out: unknown) => {
      const s = getSession();
      const operand = readOperand(x, 'x');
      const target = readOperand(out, 'out');
      const dtype = commonDtype([operand, target], fallback);
      const data = readOutput(out, 'out', dtype, operand.rows, operand.cols, operand.vector);
      checkApart({ name: 'out', data }, [rangeOf(operand)], true);
      map(s, operand, dtype, data, s[dtype][name]);
      return out;
    }) as MapIntoFunction;

  /** Sums a reduction kernel over the blocks of two equally long operands, by the canonical tree. */
  function reduce(s: Session, a: Operand, b: Operand, dtype: Dtype, name: 'dot' | 'squared_error'): number {
    const n = a.rows * a.cols;
    const kernel = s[dtype][name];
    const size = dtype === 'f64' ? 8 : 4;
    const tree = new SumTree(dtype === 'f64' ? (x) => x : Math.fround);
    // Blocks cut across rows, so the operands pass as columns: nested rows are flattened first.
    const x = new Input(s, asColumn(a, dtype), dtype);
    const y = new Input(s, asColumn(b, dtype), dtype);
    overRows(s, n, [], [x, y], (from, count) => {
      const xAt = x.rows(from, count);
      const yAt = y.rows(from, count);
      for (let i = 0; i < count; i += BLOCK) tree.add(kernel(Math.min(BLOCK, count - i), xAt + i * size, yAt + i * size));
    });
    return tree.total();
  }

  function multiply(
    s: Session,
    a: Operand,
    b: Operand,
    dtype: Dtype,
    out: TypedArray,
    transposeA: boolean,
    transposeB: boolean,
  ): void {
    const [m, k] = transposeA ? [a.cols, a.rows] : [a.rows, a.cols];
    const n = transposeB ? b.rows : b.cols;
    const gemm = s[dtype][`gemm_${transposeA ? 't' : 'n'}${transposeB ? 't' : 'n'}`];
    const work = s.work;
    const x = new Input(s, a, dtype);
    const y = new Input(s, b, dtype);
    const z = new Output(s, out, n);
    const whole = [[x, a.rows] as const, [y, b.rows] as const, [z, m] as const];
    s.reserve(whole.reduce((bytes, [each, rows]) => bytes + each.bytes(rows), 0));
    for (const [each, rows] of whole) each.place(rows);
    if (m === 0 || n === 0) return;
    gemm(m, n, k, x.rows(0, a.rows), a.cols, y.rows(0, b.rows), b.cols, z.rows(0), n, work);
    z.done(0, m);
  }

  function checkProduct(a: Operand, b: Operand, options: MatmulOptions = {}): [rows: number, cols: number] {
    checkOptions(options, ['transposeA', 'transposeB'], 'matmul');
    const [m, k] = options.transposeA ? [a.cols, a.rows] : [a.rows, a.cols];
    const [k2, n] = options.transposeB ? [b.cols, b.rows] : [b.rows, b.cols];
    if (k !== k2) {
      const text = (operand: Operand, transposed?: boolean) =>
        `"${operand.name}" is ${shapeText(operand)}${transposed ? ' (used transposed)' : ''}`;
      throw new ShapeError(
        `${text(a, options.transposeA)} and ${text(b, options.transposeB)}: inner sizes ${k} and ${k2} must be equal`,
      );
    }
    return [m, n];
  }

  function matmul(a: MatrixInput, b: MatrixInput, options: MatmulOptions = {}): Matrix {
    const s = getSession();
    const left = readMatrix(a, 'a');
    const right = readMatrix(b, 'b');
    const dtype = commonDtype([left, right], fallback);
    const [m, n] = checkProduct(left, right, options);
    const out = newArray(dtype, m * n);
    multiply(s, left, right, dtype, out, !!options.transposeA, !!options.transposeB);
    return new Matrix(m, n, out);
  }

  function matmulInto<M extends MatrixOutput>(a: MatrixInput, b: MatrixInput, out: M, options: MatmulOptions = {}): M {
    const s = getSession();
    const left = readMatrix(a, 'a');
    const right = readMatrix(b, 'b');
    const dtype = commonDtype([left, right, readMatrix(out, 'out')], fallback);
    const [m, n] = checkProduct(left, right, options);
    const data = readOutput(out, 'out', dtype, m, n);
    checkApart({ name: 'out', data }, [rangeOf(left), rangeOf(right)], false);
    multiply(s, left, right, dtype, data, !!options.transposeA, !!options.transposeB);
    return out;
  }

  function dot(a: unknown, b: unknown): number | TypedArray | Matrix {
    const s = getSession();
    const left = readOperand(a, 'a');
    const right = readOperand(b, 'b');
    const dtype = commonDtype([left, right], fallback);
    if (left.vector && right.vector) {
      if (left.rows !== right.rows) {
        throw new ShapeError(`"a" is ${shapeText(left)} and "b" is ${shapeText(right)}: lengths must be equal`);
      }
      return reduce(s, left, right, dtype, 'dot');
    }
    if (!left.vector && !right.vector) return matmul(a as MatrixInput, b as MatrixInput);
    // A vector is a column as it stands; on the left it is used transposed.
    const [m, n] = checkProduct(left, right, { transposeA: left.vector });
    const out = newArray(dtype, m * n);
    multiply(s, left, right, dtype, out, left.vector, false);
    return out;
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
    if (typeof alpha !== 'number') throw new ValueError(`"alpha" must be a number, got ${describe(alpha)}`);
    const added = readMatrix(x, 'x');
    const sum = readMatrix(y, 'y');
    checkSameShape(added, sum);
    const dtype = commonDtype([added, sum], fallback);
    const data = readOutput(y, 'y', dtype, added.rows, added.cols);
    checkApart({ name: 'y', data }, [rangeOf(added)], true);
    const kernel = s[dtype].axpy;
    const from = new Input(s, added, dtype);
    const current = new Input(s, sum, dtype);
    const to = new Output(s, data, sum.cols);
    overRows(s, sum.rows, [], [from, current, to], (row, count) => {
      const at = current.rows(row, count);
      kernel(count * sum.cols, alpha, from.rows(row, count), at);
      s.copyOut(at, data, row * sum.cols, count * sum.cols);
    });
    return y;
  }

  function readNetwork(X: unknown, y: unknown, W1: unknown, W2: unknown): Operand[] {
    const operands = [
      readMatrix(X, 'X'),
      readMatrix(y, 'y'),
      readMatrix(W1, 'weightsInputHidden'),
      readMatrix(W2, 'weightsHiddenOutput'),
    ];
    const [x, target, inner, outer] = operands;
    const fit = (a: Operand, b: Operand, what: string, sizeA: number, sizeB: number) => {
      if (sizeA === sizeB) return;
      throw new ShapeError(
        `"${a.name}" is ${shapeText(a)} and "${b.name}" is ${shapeText(b)}: ${what}, ${sizeA} and ${sizeB}, must be equal`,
      );
    };
    fit(x, inner, 'its columns and the rows of the weights', x.cols, inner.rows);
    fit(inner, outer, 'columns and rows of the hidden layer', inner.cols, outer.rows);
    fit(x, target, 'the numbers of rows', x.rows, target.rows);
    fit(outer, target, 'the numbers of outputs', outer.cols, target.cols);
    return operands;
  }

  function passes(s: Session, operands: Operand[], dtype: Dtype, out: Record<keyof Gradients, TypedArray>): void {
    const [x, target, inner, outer] = operands;
    const [inputs, hidden, outputs] = [inner.rows, inner.cols, outer.cols];
    const kernels = s[dtype];
    const work = s.work;
    const X = new Input(s, x, dtype);
    const y = new Input(s, target, dtype);
    const W1 = new Input(s, inner, dtype);
    const W2 = new Input(s, outer, dtype);
    const output = new Output(s, out.output, outputs);
    const outputGradient = new Output(s, out.outputGradient, outputs);
    const hiddenGradient = new Output(s, out.hiddenGradient, hidden);
    const activation = new Scratch(s, hidden * (dtype === 'f64' ? 8 : 4));
    let w1 = 0;
    let w2 = 0;
    const whole = [[W1, inputs] as const, [W2, hidden] as const];
    overRows(s, x.rows, whole, [X, y, output, outputGradient, hiddenGradient, activation], (from, count) => {
      if (from === 0) {
        w1 = W1.rows(0, inputs);
        w2 = W2.rows(0, hidden);
      }
      const h = activation.address;
      const o = output.rows(from);
      const d = outputGradient.rows(from);
      const g = hiddenGradient.rows(from);
      kernels.gemm_nn(count, hidden, inputs, X.rows(from, count), inputs, w1, hidden, h, hidden, work);
      kernels.sigmoid(count * hidden, h, h);
      kernels.gemm_nn(count, outputs, hidden, h, hidden, w2, outputs, o, outputs, work);
      kernels.sigmoid(count * outputs, o, o);
      kernels.output_delta(count * outputs, y.rows(from, count), o, d);
      kernels.gemm_nt(count, hidden, outputs, d, outputs, w2, outputs, g, hidden, work);
      kernels.hidden_delta(count * hidden, g, h, g);
      output.done(from, count);
      outputGradient.done(from, count);
      hiddenGradient.done(from, count);
    });
  }

  function forwardAndBackward(X: MatrixInput, y: MatrixInput, W1: MatrixInput, W2: MatrixInput): Gradients {
    const s = getSession();
    const operands = readNetwork(X, y, W1, W2);
    const dtype = commonDtype(operands, fallback);
    const [{ rows }, { cols: outputs }, { cols: hidden }] = operands;
    const output = newMatrix(dtype, rows, outputs);
    const outputGradient = newMatrix(dtype, rows, outputs);
    const hiddenGradient = newMatrix(dtype, rows, hidden);
    passes(s, operands, dtype, {
      output: output.data,
      outputGradient: outputGradient.data,
      hiddenGradient: hiddenGradient.data,
    });
    return { output, outputGradient, hiddenGradient };
  }

  function forwardAndBackwardInto<G extends Gradients<MatrixOutput>>(
    X: MatrixInput,
    y: MatrixInput,
    W1: MatrixInput,
    W2: MatrixInput,
    out: G,
  ): G {
    const s = getSession();
    const operands = readNetwork(X, y, W1, W2);
    const dtype = commonDtype(operands, fallback);
    const [{ rows }, { cols: outputs }, { cols: hidden }] = operands;
    const data = {
      output: readOutput(out.output, 'out.output', dtype, rows, outputs),
      outputGradient: readOutput(out.outputGradient, 'out.outputGradient', dtype, rows, outputs),
      hiddenGradient: readOutput(out.hiddenGradient, 'out.hiddenGradient', dtype, rows, hidden),
    };
    const taken = operands.map(rangeOf);
    for (const [key, value] of Object.entries(data)) {
      const range = { name: `out.${key}`, data: value };
      checkApart(range, taken, false);
      taken.push(range);
    }
    passes(s, operands, dtype, data);
    return out;
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
    forwardAndBackward,
    forwardAndBackwardInto,
  };
}

/** A row tile that only the call itself sees. */
class Scratch {
  readonly #session: Session;
  readonly #rowBytes: number;
  address = 0;

  constructor(session: Session, rowBytes: number) {
    this.#session = session;
    this.#rowBytes = rowBytes;
  }

  bytes(rows: number): number {
    return rows * this.#rowBytes + 64;
  }

  place(rows: number): void {
    this.address = this.#session.take(rows * this.#rowBytes);
  }
}

/** The same elements as one column, for sums that do not care about rows. */
function asColumn(operand: Operand, dtype: Dtype): Operand {
  const { name, rows, cols } = operand;
  const n = rows * cols;
  if (operand.flat) return { ...operand, rows: n, cols: 1 };
  const flat = newArray(dtype, n);
  copyRows(operand, flat, 0, 0, rows);
  return { name, rows: n, cols: 1, vector: true, dtype, flat, nested: undefined };
}
