// What the states of optimizers must look like that were kept.

import { type Check, elements, integer, list, mismatch, numbers, record } from '../../files/schema.js';
import type { Dtype, TypedArray } from '../../matrix/operand.js';

/** A network's numbers. */
export interface NetworkSize {
  readonly parameters: number;
  readonly dtype: Dtype;
}

const ARRAY_NAMES = { f64: 'Float64Array', f32: 'Float32Array' } as const;

/** One number for each parameter. */
export const vector = ({ parameters, dtype }: NetworkSize): Check<TypedArray> =>
  elements(ARRAY_NAMES[dtype], parameters);

export const atMost =
  <T>(check: Check<T>, length: number): Check<T[]> =>
  (value, path) => {
    const checked = list(check)(value, path);
    return checked.length > length ? mismatch(path, `must have at most ${length} elements`) : checked;
  };

/** What a further step depends on: plain data. */
export interface StepState {
  /** How many were made. */
  readonly steps: number;
  /** As `Steps` has them. */
  readonly powers: readonly [number, number];
  /** A vector for each number that it keeps of a parameter. */
  readonly slots: readonly TypedArray[];
}

/** Of numbers from 0 to 1. */
const powers: Check<readonly [number, number]> = (value, path) => {
  const [a, b] = numbers(2, 2)(value, path);
  return a >= 0 && a <= 1 && b >= 0 && b <= 1 ? [a, b] : mismatch(path, `must be from 0 to 1, got ${a} and ${b}`);
};

/** @param slots vectors that it keeps @param exactly whether there may not be fewer */
export const stepState = (size: NetworkSize, slots: number, exactly = true): Check<StepState> =>
  record<StepState>({
    steps: integer(0),
    powers,
    slots: (exactly ? list : atMost)(vector(size), slots),
  });
