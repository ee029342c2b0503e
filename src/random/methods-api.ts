// Further methods of the generator, as types: what bitgrad/methods gives to the class.

import type { Matrix } from '../matrix/matrix.js';
import type { VectorInput } from '../matrix/operand.js';

/** Rows and columns of a matrix. */
export type Shape = readonly [rows: number, cols: number];

/** Options of {@link RandomMethods.choice}. */
export interface ChoiceOptions {
  /** Whether one may be drawn again. Default true. */
  replace?: boolean;
  /** The probability of each. Default: equal. */
  p?: VectorInput;
}

/**
 * Methods of a RandomState once `bitgrad/methods` was imported: those of numpy.random.RandomState of these names, with its streams.
 * Without `size` they give one number. What is refused draws nothing.
 */
export interface RandomMethods {
  /** Uniform from `low` (default 0) to below `high` (default 1). */
  uniform(low?: number, high?: number): number;
  uniform(low: number | undefined, high: number | undefined, size: number): Float64Array;
  uniform(low: number | undefined, high: number | undefined, size: Shape): Matrix<'f64'>;
  /** Normal, of that mean (default 0) and standard deviation (default 1). */
  normal(mean?: number, deviation?: number): number;
  normal(mean: number | undefined, deviation: number | undefined, size: number): Float64Array;
  normal(mean: number | undefined, deviation: number | undefined, size: Shape): Matrix<'f64'>;
  /** Exponential, of that mean (default 1). */
  exponential(mean?: number): number;
  exponential(mean: number | undefined, size: number): Float64Array;
  exponential(mean: number | undefined, size: Shape): Matrix<'f64'>;
  /** Numbers of events, of that mean, 0 to 2e9 (default 1): Poisson's distribution. */
  poisson(mean?: number): number;
  poisson(mean: number | undefined, size: number): Int32Array;
  poisson(mean: number | undefined, size: Shape): Matrix<'f64'>;
  /** How many of n trials, up to 2^31 - 1, succeed, each with probability p. */
  binomial(n: number, p: number): number;
  binomial(n: number, p: number, size: number): Int32Array;
  binomial(n: number, p: number, size: Shape): Matrix<'f64'>;
  /**
   * Integers of 32 bits from `low` to below `high`, all as likely; of one bound alone, from 0 to below that.
   *
   * @example
   * import 'bitgrad/methods';
   * random(1).randint(0, 10); // 5
   */
  randint(low: number, high?: number): number;
  randint(low: number, high: number | undefined, size: number): Int32Array;
  randint(low: number, high: number | undefined, size: Shape): Matrix<'f64'>;
  /**
   * Integers from 0 to below n, or elements of an array.
   *
   * @throws {ValueError} if there are too few of them, or if `p` does not add up to 1
   */
  choice(n: number, size?: undefined, options?: ChoiceOptions): number;
  choice(n: number, size: number, options?: ChoiceOptions): Int32Array;
  choice<T>(source: ArrayLike<T>, size?: undefined, options?: ChoiceOptions): T;
  choice<T>(source: ArrayLike<T>, size: number, options?: ChoiceOptions): T[];
}

declare module './random.js' {
  interface RandomState extends RandomMethods {}
}
