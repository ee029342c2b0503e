// What plain data that were loaded must look like: small checks that are put together, and name the place that is wrong.

import { arrayName } from '../checks/array-name.js';
import { quote } from '../checks/describe.js';
import type { BitgradError } from '../checks/errors.js';
import { isInteger, isObject, wrong } from '../checks/values.js';

/** Returns the value, if it is of its form. @throws a Mismatch */
export type Check<T> = (value: unknown, path: string) => T;

class Mismatch extends Error {}

function refuseForm(path: string, wanted: string, value: unknown): never {
  throw new Mismatch(wrong(path, wanted, value));
}

/** For a check of one's own: refuses with a reason. */
export function mismatch(path: string, reason: string): never {
  throw new Mismatch(`"${path}" ${reason}`);
}

/** @throws an error of the class given, naming the place that is not of its form */
export function checkForm<T>(
  check: Check<T>,
  value: unknown,
  path: string,
  Kind: new (message: string, options?: ErrorOptions) => BitgradError,
): T {
  try {
    return check(value, path);
  } catch (error) {
    if (error instanceof Mismatch) throw new Kind(error.message);
    throw error;
  }
}

export const number: Check<number> = (value, path) =>
  typeof value === 'number' ? value : refuseForm(path, 'a number', value);

export const flag: Check<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : refuseForm(path, 'true or false', value);

export const integer =
  (min: number, max = Number.MAX_SAFE_INTEGER): Check<number> =>
  (value, path) => {
    if (isInteger(value, min, max)) return value;
    const to = max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : '';
    return refuseForm(path, min === max ? String(min) : `an integer from ${min}${to}`, value);
  };

export const text: Check<string> = (value, path) =>
  typeof value === 'string' ? value : refuseForm(path, 'a text', value);

export const oneOf =
  <T extends string>(...names: readonly T[]): Check<T> =>
  (value, path) =>
    names.includes(value as T) ? (value as T) : refuseForm(path, `one of ${names.join(', ')}`, value);

export const nothing: Check<undefined> = (value, path) =>
  value === undefined ? value : refuseForm(path, 'left out', value);

export const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value, path) =>
    value === undefined ? undefined : check(value, path);

/** A plain array; of so many elements, if that is given. */
export const list =
  <T>(check: Check<T>, length?: number): Check<T[]> =>
  (value, path) => {
    const wanted = length === undefined ? 'an array' : `an array of ${length}`;
    if (!Array.isArray(value) || (length !== undefined && value.length !== length))
      return refuseForm(path, wanted, value);
    return value.map((each, i) => check(each, `${path}[${i}]`));
  };

/** A plain array of numbers, NaN and infinities among them. */
export const numbers =
  (min = 0, max = Infinity): Check<number[]> =>
  (value, path) => {
    const bounds = max === Infinity ? '' : min === max ? `${min} ` : `${min} to ${max} `;
    if (!Array.isArray(value) || value.length < min || value.length > max) {
      return refuseForm(path, `an array of ${bounds}numbers`, value);
    }
    const wrong = value.findIndex((each) => typeof each !== 'number');
    return wrong < 0 ? value : refuseForm(`${path}[${wrong}]`, 'a number', value[wrong]);
  };

/** A typed array, by its name. */
export const elements =
  <T extends ArrayBufferView>(name: string, length?: number): Check<T> =>
  (value, path) => {
    const wanted = length === undefined ? `a ${name}` : `a ${name} of ${length}`;
    const view = value as T & { readonly length: number };
    if (arrayName(value) !== name) return refuseForm(path, wanted, value);
    if (length === undefined || view.length === length) return view;
    return mismatch(path, `must be ${wanted}, got one of ${view.length}`);
  };

/** An object of exactly these members. */
export const record =
  <T>(fields: { readonly [Name in keyof T]: Check<T[Name]> }): Check<T> =>
  (value, path) => {
    if (!isObject(value)) return refuseForm(path, 'an object', value);
    const given = value as Record<string, unknown>;
    const unknown = Object.keys(given).find((name) => !Object.hasOwn(fields, name));
    if (unknown !== undefined) mismatch(path, `has the member ${quote(unknown)}, which is not known`);
    const names = Object.keys(fields) as (keyof T & string)[];
    return Object.fromEntries(
      names.map((name) => [
        name,
        fields[name](Object.hasOwn(given, name) ? given[name] : undefined, `${path}.${name}`),
      ]),
    ) as T;
  };

/** An object whose members, of any names, are of one form. */
export const table =
  <T>(check: Check<T>): Check<Record<string, T>> =>
  (value, path) => {
    if (!isObject(value)) return refuseForm(path, 'an object', value);
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, check(each, `${path}.${name.slice(0, 40)}`)]),
    );
  };
