// Fitted objects as plain JSON: every number comes back with its bits.

import { describe, ValueError } from '../errors.js';
import { type Dtype, newArray, type TypedArray } from '../operand.js';
import { type Label, readLabels } from './labels.js';

/** A number, or its name where JSON has none for it: `"-0"`, `"NaN"`, `"Infinity"`, `"-Infinity"`. */
export type JSONNumber = number | string;

const NAMES: Record<string, number> = { '-0': -0, NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity };

const encode = (x: number): JSONNumber => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x));

/** @internal */
export function encodeNumbers(numbers: TypedArray): JSONNumber[] {
  return Array.from(numbers, encode);
}

function decode(x: unknown, name: string): number {
  if (typeof x === 'number') return x;
  if (typeof x === 'string' && Object.hasOwn(NAMES, x)) return NAMES[x];
  throw new ValueError(`"${name}" must hold numbers, or "-0", "NaN", "Infinity" and "-Infinity", got ${describe(x)}`);
}

/**
 * The numbers that encodeNumbers wrote.
 *
 * @throws {ValueError} unless there are `length` of them
 * @internal
 */
export function decodeNumbers(value: unknown, name: string, length: number, dtype: Dtype = 'f64'): TypedArray {
  if (!Array.isArray(value) || value.length !== length) {
    throw new ValueError(`"${name}" must be an array of ${length}, got ${describe(value)}`);
  }
  const numbers = newArray(dtype, length);
  value.forEach((x, i) => {
    numbers[i] = decode(x, name);
  });
  return numbers;
}

/** @throws {ValueError} unless they are labels in order, each once @internal */
export function decodeClasses(value: unknown, name: string): Label[] {
  const { labels, classes } = readLabels(value, name, false);
  if (classes.length !== labels.length || classes.some((label, i) => label !== labels[i])) {
    throw new ValueError(`"${name}" must be sorted, each label once`);
  }
  return classes;
}

/** An object or its text. @throws {ValueError} unless its `kind` is this one @internal */
export function readJSON<T extends { kind: string }>(source: unknown, kind: T['kind']): T {
  let json = source;
  if (typeof source === 'string') {
    try {
      json = JSON.parse(source);
    } catch (cause) {
      throw new ValueError(`"json" is no JSON: ${(cause as Error).message}`, { cause });
    }
  }
  const got = (json as T | null | undefined)?.kind;
  if (got !== kind) throw new ValueError(`"json" must have kind "${kind}", got ${describe(got)}`);
  return json as T;
}
