// Values of options and arguments: each kind of value is checked in one way, with one text.

import { describe, suggest } from './describe.js';
import { ValueError } from './errors.js';

/** @throws {ValueError} that says what was wanted, and what came */
export function refuseValue(name: string, wanted: string, value: unknown): never {
  throw new ValueError(`"${name}" must be ${wanted}, got ${describe(value)}`);
}

/** @throws {ValueError} naming the option */
export function checkFlag(value: unknown, name: string): boolean {
  return typeof value === 'boolean' ? value : refuseValue(name, 'true or false', value);
}

/** A function, or undefined. @throws {ValueError} naming the option */
export function checkFunction(value: unknown, name: string): void {
  if (value !== undefined && typeof value !== 'function') refuseValue(name, 'a function', value);
}

/** An integer from `min` to `max`. @throws {ValueError} naming the option */
export function checkInteger(value: unknown, name: string, min: number, max = Infinity): number {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  if (max < Infinity) return refuseValue(name, `an integer from ${min} to ${max}`, value);
  return refuseValue(
    name,
    ['a non-negative integer', 'a positive integer'][min] ?? `an integer, ${min} or more`,
    value,
  );
}

/** A finite number from `min` (above it, if `open`) to below `limit`. @throws {ValueError} naming the option */
export function checkNumber(value: unknown, name: string, min: number, limit = Infinity, open = false): number {
  if (typeof value === 'number' && (open ? value > min : value >= min) && value < limit) return value;
  if (limit < Infinity) return refuseValue(name, `a number ${open ? 'above' : 'from'} ${min} to below ${limit}`, value);
  return refuseValue(name, open ? 'a positive finite number' : `a finite number, ${min} or more`, value);
}

/** A number above 0. @throws {ValueError} naming the option */
export const checkPositive = (value: unknown, name: string): number => checkNumber(value, name, 0, Infinity, true);

/** Of a generator of random numbers. @throws {ValueError} naming the option */
export const checkSeed = (value: unknown, name: string): number => checkInteger(value, name, 0, 2 ** 32 - 1);

/**
 * `value` if it is one of `known`.
 *
 * @param more what else to say
 * @throws {ValueError} that lists them, and suggests the nearest
 */
export function checkName<T extends string>(value: unknown, known: readonly T[], name: string, more = ''): T {
  if (known.includes(value as T)) return value as T;
  const hint = typeof value === 'string' && suggest(value, known);
  throw new ValueError(
    `"${name}" must be one of ${known.join(', ')}, got ${describe(value)}${hint ? `; ${hint.trimEnd()}` : more}`,
  );
}

/** Whether it weighs something, or nothing: a finite number, 0 or more. */
export const isWeight = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value < Infinity;
