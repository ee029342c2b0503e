// The API of an engine, as types: what each function takes, returns and throws.

import type { Matrix } from '../matrix/matrix.js';
import type { MatrixInput, MatrixLike, TypedArray, VectorInput } from '../matrix/operand.js';

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

/** Options of {@link Functions.matmul}. */
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

/** Element by element: of a number, of a vector, or of a matrix. */
export interface MapFunction {
  (x: number): number;
  <V extends TypedArray>(x: V): V;
  (x: readonly number[]): TypedArray;
  (x: MatrixInput): Matrix;
}

/** The same into `out`, of x's shape and dtype, which may be x itself, and which is returned. */
export interface MapIntoFunction {
  <V extends TypedArray>(x: VectorInput, out: V): V;
  <M extends MatrixOutput>(x: MatrixInput, out: M): M;
}

/** A product of vectors or matrices: what comes is a number, a vector or a Matrix. */
export interface DotFunction {
  (a: VectorInput, b: VectorInput): number;
  (a: VectorInput, b: MatrixInput): TypedArray;
  (a: MatrixInput, b: VectorInput): TypedArray;
  (a: MatrixInput, b: MatrixInput): Matrix;
}
