// Options that a kind of layer, an activation or a loss has for itself: each is read by a function, which knows its default.

import { checkPositive } from '../checks/values.js';

/** Of each option what checks it, and stands in for one that was not given. @throws {ValueError} naming it */
export type Readers<Options> = {
  readonly [Key in keyof Options]-?: (value: unknown, name: string) => Required<Options>[Key];
};

/** What makes something of options. As the type of a method, it goes for one that takes any. */
export type Of<Options, Result> = { of(options: Required<Options>): Result }['of'];

/** A & B of A | B. */
export type Together<Either> = (Either extends unknown ? (each: Either) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** A positive number. */
export const positive = (fallback: number) => (value: unknown, name: string) => checkPositive(value ?? fallback, name);

/** A table whose lines have no prototype: what someone added to Object.prototype is no part of them. */
export function tableOf<Lines extends object>(lines: Lines): Lines {
  return Object.fromEntries(
    Object.entries(lines).map(([name, line]) => [name, Object.assign(Object.create(null), line)]),
  ) as Lines;
}

/** All of them, out of what was given, named with a prefix. */
export function readEach<Options>(readers: Readers<Options>, given: object, prefix: string): Required<Options> {
  const all = Object.entries<Readers<Record<string, unknown>>[string]>(readers);
  return Object.fromEntries(
    all.map(([key, read]) => [key, read(given[key as never], prefix + key)]),
  ) as Required<Options>;
}
