// What the tables of activations and losses have in common.

/** What makes something of options. As the type of a method, it goes for one that takes any. */
export type Of<Options, Result> = { of(options: Required<Options>): Result }['of'];

/** A & B of A | B. */
export type Together<Either> = (Either extends unknown ? (each: Either) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** A table whose lines have no prototype: what someone added to Object.prototype is no part of them. */
export function tableOf<Lines extends object>(lines: Lines): Lines {
  const entries = Object.entries(lines).map(([name, line]) => [name, Object.assign(Object.create(null), line)]);
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}
