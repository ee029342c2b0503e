// What the tables of activations and losses have in common.

/** What makes something of options. As the type of a method, it goes for one that takes any. */
export type Of<Options, Result> = { of(options: Required<Options>): Result }['of'];

/** A & B of A | B. */
export type Together<Either> = (Either extends unknown ? (each: Either) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** A line of a table, which has it, without a prototype: what someone added to Object.prototype is no part of it. */
export const lineOf = <Lines extends object, Name extends keyof Lines>(
  lines: Lines,
  name: Name,
): NonNullable<Lines[Name]> => Object.setPrototypeOf(lines[name], null);
