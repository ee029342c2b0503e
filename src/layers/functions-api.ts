// Activations as functions, as types.

import type { MatrixOutput } from '../functions/api.js';
import type { Matrix } from '../matrix/matrix.js';
import type { MatrixInput, TypedArray, VectorInput } from '../matrix/operand.js';
import type { ActivationName, Activations, OptionsOf } from './activations.js';

/** Element by element: of a number, of a vector, or of a matrix. */
export interface ActivationFunction<Rest extends unknown[]> {
  (x: number, ...rest: Rest): number;
  <V extends TypedArray>(x: V, ...rest: Rest): V;
  (x: readonly number[], ...rest: Rest): TypedArray;
  (x: MatrixInput, ...rest: Rest): Matrix;
}

/** The same into `out`, of x's shape and dtype, which may be x itself, and which is returned. */
export interface ActivationIntoFunction<Rest extends unknown[]> {
  <V extends TypedArray>(x: VectorInput, out: V, ...rest: Rest): V;
  <M extends MatrixOutput>(x: MatrixInput, out: M, ...rest: Rest): M;
}

/** Softmax of a vector, or of each row of a matrix. */
export interface SoftmaxFunctions {
  /** exp(x) over their sum. */
  softmax: SoftmaxFunction<[]>;
  /** The same into `out`, which may be x itself. */
  softmaxInto: ActivationIntoFunction<[]>;
  /**
   * dLoss/dx from softmax's OUTPUT and dLoss/dOutput: its derivative is a matrix, and this is that matrix times the error.
   *
   * @throws {ShapeError} unless both have the same shape
   */
  softmaxDerivative: SoftmaxFunction<[error: VectorInput | MatrixInput]>;
  /** The same into `out`, which may be the error itself. */
  softmaxDerivativeInto: SoftmaxDerivativeInto;
}

/** Softmax of a vector, or of each row of a matrix. */
export interface SoftmaxFunction<Rest extends unknown[]> {
  <V extends TypedArray>(x: V, ...rest: Rest): V;
  (x: readonly number[], ...rest: Rest): TypedArray;
  (x: MatrixInput, ...rest: Rest): Matrix;
}

/** softmaxDerivative into `out`, which may be the error itself, and which is returned. */
export interface SoftmaxDerivativeInto {
  <V extends TypedArray>(output: VectorInput, error: VectorInput, out: V): V;
  <M extends MatrixOutput>(output: MatrixInput, error: MatrixInput, out: M): M;
}

/** `sigmoid` is every engine's; nothing is computed for 'identity', and 'ascending' is a layer's. */
type Elementwise = Exclude<ActivationName, 'identity' | 'sigmoid' | 'logistic' | 'softmax' | 'ascending'>;

/** What may follow the other arguments. */
type Rest<Name extends Elementwise> = keyof OptionsOf<Activations[Name]> extends never
  ? []
  : [options?: OptionsOf<Activations[Name]>];

/**
 * Every activation as a function, with the bits that it has in a network's layer; its derivative; and both into an output. The
 * derivative takes the activation's OUTPUT, as sigmoidDerivative does, but of gelu, geluExact, mish, silu and softplus, whose
 * output does not tell, the INPUT.
 */
export type ActivationFunctions = {
  [Name in Elementwise as Name | `${Name}Derivative`]: ActivationFunction<Rest<Name>>;
} & {
  [Name in Elementwise as `${Name}Into` | `${Name}DerivativeInto`]: ActivationIntoFunction<Rest<Name>>;
} & SoftmaxFunctions;
