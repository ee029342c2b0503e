// Fitted objects as plain JSON: every number comes back with its bits.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { decodeNumber, encodeNumber, JSON_NUMBERS, type JSONNumber, parseJSON } from '../checks/json-number.js';
import { refuseValue } from '../checks/values.js';
import { type Check, checkForm, list, mismatch, record, text } from '../files/schema.js';
import { type Dtype, newArray, type TypedArray } from '../matrix/operand.js';
import { type Label, readLabels, sameLabels } from './labels.js';

/** @internal */
export function encodeNumbers(numbers: TypedArray): JSONNumber[] {
  return Array.from(numbers, encodeNumber);
}

/** A column of numbers that encodeNumbers wrote. @internal */
export const column =
  (length: number, dtype: Dtype = 'f64'): Check<TypedArray> =>
  (value, path) => {
    const given = list((each) => each, length)(value, path);
    const numbers = newArray(dtype, length);
    given.forEach((x, i) => {
      numbers[i] = decodeNumber(x) ?? mismatch(path, `must hold ${JSON_NUMBERS}, got ${describe(x)}`);
    });
    return numbers;
  };

/** What was not fitted is null. @internal */
export const absent: Check<undefined> = (value, path) =>
  value === null ? undefined : mismatch(path, `must be null, got ${describe(value)}`);

/** Labels in order, each once. @internal */
export const classList: Check<Label[]> = (value, path) => {
  const { labels, classes: sorted } = readLabels(value, path, false);
  if (sameLabels(sorted, labels)) return sorted;
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
  return refuseValue(`json.${name}`, 'an array of one number a column', given);
}

/** An object or its text. @throws {ValueError} unless its `kind` is this one @internal */
export function readJSON<T extends { kind: string }>(source: unknown, kind: T['kind']): T {
  const json = parseJSON(source);
  const got = (json as T | null | undefined)?.kind;
  if (got !== kind) throw new ValueError(`"json" must have kind "${kind}", got ${describe(got)}`);
  return json as T;
}

/** The members of what readJSON read, each of its form, without `kind`, which was checked. @throws {ValueError} naming the member @internal */
export function readMembers<T>(json: object, fields: { readonly [Name in keyof T]: Check<T[Name]> }): T {
  const { kind: _, ...members } = checkForm(record({ ...fields, kind: text }), json, 'json', ValueError);
  return members as T;
}
