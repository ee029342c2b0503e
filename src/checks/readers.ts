// Options that one kind of something has for itself: a layer, an activation, a loss, an optimizer. Each is read by a function,
// which knows its default.

import { checkFlag, checkInteger, checkNumber, checkPositive } from './values.js';

/** Of each option what checks it, and stands in for one that was not given. @throws {ValueError} naming it */
export type Readers<Options> = {
  readonly [Key in keyof Options]-?: (value: unknown, name: string) => Required<Options>[Key];
};

/** A number above 0. */
export const positive = (fallback: number) => (value: unknown, name: string) => checkPositive(value ?? fallback, name);

/** A finite number, 0 or more. */
export const fromZero = (fallback: number) => (value: unknown, name: string) => checkNumber(value ?? fallback, name, 0);

/** A number from 0 to below 1. */
export const belowOne = (fallback: number) => (value: unknown, name: string) =>
  checkNumber(value ?? fallback, name, 0, 1);

/** An integer, 1 or more. */
export const atLeastOne = (fallback: number) => (value: unknown, name: string) =>
  checkInteger(value ?? fallback, name, 1);

export const trueOrFalse = (fallback: boolean) => (value: unknown, name: string) => checkFlag(value ?? fallback, name);

/** All of them, out of what was given, named with a prefix. */
export function readEach<Options>(readers: Readers<Options>, given: object, prefix: string): Required<Options> {
  const all: Record<string, unknown> = {};
  for (const key of Object.keys(readers) as (keyof Options & string)[]) {
    all[key] = readers[key](given[key as never], prefix + key);
  }
  return all as Required<Options>;
}
