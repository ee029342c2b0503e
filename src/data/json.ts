// Fitted objects as plain JSON: every number comes back with its bits.

import { describe, ValueError } from '../checks/errors.js';
import { type Check, checkForm, list, mismatch, record, text } from '../files/schema.js';
import { type Dtype, newArray, type TypedArray } from '../matrix/operand.js';
import { type Label, readLabels } from './labels.js';

/** A number, or its name where JSON has none for it: `"-0"`, `"NaN"`, `"Infinity"`, `"-Infinity"`. */
export type JSONNumber = number | string;

const NAMES: Record<string, number> = { '-0': -0, NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity };

const encode = (x: number): JSONNumber => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x));

/** @internal */
export function encodeNumbers(numbers: TypedArray): JSONNumber[] {
  return Array.from(numbers, encode);
}

/** A column of numbers that encodeNumbers wrote. @internal */
export const column =
  (length: number, dtype: Dtype = 'f64'): Check<TypedArray> =>
  (value, path) => {
    const given = list((each) => each, length)(value, path);
    const numbers = newArray(dtype, length);
    given.forEach((x, i) => {
      if (typeof x === 'number') numbers[i] = x;
      else if (typeof x === 'string' && Object.hasOwn(NAMES, x)) numbers[i] = NAMES[x];
      else mismatch(path, `must hold numbers, or "-0", "NaN", "Infinity" and "-Infinity", got ${describe(x)}`);
    });
    return numbers;
  };

/** What was not fitted is null. @internal */
export const absent: Check<undefined> = (value, path) =>
  value === null ? undefined : mismatch(path, `must be null, got ${describe(value)}`);

/** Labels in order, each once. @internal */
export const classList: Check<Label[]> = (value, path) => {
  const { labels, classes: sorted } = readLabels(value, path, false);
  if (sorted.length === labels.length && sorted.every((label, i) => label === labels[i])) return sorted;
  return mismatch(path, 'must be sorted, each label once');
};

/** The same of an argument. @throws {ValueError} naming it @internal */
export function readClasses(value: unknown, name: string): Label[] {
  return checkForm(classList, value, name, ValueError);
}

/** How many columns there are, by the length of one member. @throws {ValueError} unless there is one or more @internal */
export function columnsOf(json: object, name: string): number {
  const given: unknown = Object.hasOwn(json, name) ? json[name as keyof typeof json] : undefined;
  if (Array.isArray(given) && given.length > 0) return given.length;
  throw new ValueError(`"json.${name}" must be an array of one number a column, got ${describe(given)}`);
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

/** The members of what readJSON read, each of its form; `kind` was checked. @throws {ValueError} naming the member @internal */
export function readMembers<T>(json: object, fields: { readonly [Name in keyof T]: Check<T[Name]> }): T {
  return checkForm(record({ ...fields, kind: text }) as Check<T>, json, 'json', ValueError);
}
