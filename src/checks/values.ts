// Values of options and arguments: each kind of value is checked in one way, with one text.

import { describe, suggest } from './describe.js';
import { ValueError } from './errors.js';

/** Says what was wanted, and what came. @param at where in it @param more what else to say */
export const wrong = (name: string, wanted: string, value: unknown, at = '', more = ''): string =>
  `"${name}"${at} must be ${wanted}, got ${describe(value)}${more}`;

/** @throws {ValueError} that says what was wanted, and what came */
export function refuseValue(name: string, wanted: string, value: unknown, at = '', more = ''): never {
  throw new ValueError(wrong(name, wanted, value, at, more));
}

/** What else to say of an object that is none of ours, but has what ours have: classes are not shared between copies. */
export const ofOtherCopy = (value: unknown, member: string): string =>
  member in Object(value) ? ' of another copy of bitgrad' : '';

/** Whether it is an object with members of its own names: no array, no function. */
export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws {ValueError} naming the option */
export function checkFlag(value: unknown, name: string): boolean {
  return typeof value === 'boolean' ? value : refuseValue(name, 'true or false', value);
}

/** A function, or undefined. @throws {ValueError} naming the option */
export function checkFunction(value: unknown, name: string): void {
  if (value !== undefined && typeof value !== 'function') refuseValue(name, 'a function', value);
}

/** Whether it is an integer from `min` to `max`. */
export const isInteger = (value: unknown, min: number, max = Infinity): value is number =>
  Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;

/** An integer from `min` to `max`. @param at where in an array of them @throws {ValueError} naming the option */
export function checkInteger(value: unknown, name: string, min: number, max = Infinity, at = ''): number {
  if (isInteger(value, min, max)) return value;
  const wanted =
    max < Infinity
      ? `an integer from ${min} to ${max}`
      : (['a non-negative integer', 'a positive integer'][min] ?? `an integer, ${min} or more`);
  return refuseValue(name, wanted, value, at);
}

/** A finite number from `min` (above it, if `open`) to below `limit`. @throws {ValueError} naming the option */
export function checkNumber(value: unknown, name: string, min: number, limit = Infinity, open = false): number {
  if (typeof value === 'number' && (open ? value > min : value >= min) && value < limit) return value;
  if (limit < Infinity) return refuseValue(name, `a number ${open ? 'above' : 'from'} ${min} to below ${limit}`, value);
  return refuseValue(name, open ? 'a positive finite number' : `a finite number, ${min} or more`, value);
}

/** A number above 0. @throws {ValueError} naming the option */
export const checkPositive = (value: unknown, name: string): number => checkNumber(value, name, 0, Infinity, true);

/** Seeds of a generator of random numbers are integers from 0 to this. */
export const MAX_SEED = 2 ** 32 - 1;

/** Of a generator of random numbers. @throws {ValueError} naming the option */
export const checkSeed = (value: unknown, name: string): number => checkInteger(value, name, 0, MAX_SEED);

/**
 * `value` if it is one of `known`.
 *
 * @param more what else to say
 * @throws {ValueError} that lists them, and suggests the nearest
 */
export function checkName<T extends string>(value: unknown, known: readonly T[], name: string, more = ''): T {
  if (known.includes(value as T)) return value as T;
  const hint = typeof value === 'string' && suggest(value, known);
  return refuseValue(name, `one of ${known.join(', ')}`, value, '', hint ? `; ${hint.trimEnd()}` : more);
}

/** Whether it weighs something, or nothing: a finite number, 0 or more. */
export const isWeight = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value < Infinity;
