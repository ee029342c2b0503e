// What the tables of activations and losses have in common. Calls that make them are marked pure, so that a bundler leaves out
// what a program does not use.

/** What makes something of options. As the type of a method, it goes for one that takes any. */
export type Of<Options, Result> = { of(options: Required<Options>): Result }['of'];

/** A & B of A | B. */
export type Together<Either> = (Either extends unknown ? (each: Either) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** The same table without prototypes, its own and its lines': what someone added to Object.prototype is no part of them. */
export function tableOf<Lines extends object>(lines: Lines): Lines {
  for (const each of [lines, ...Object.values(lines)]) Object.setPrototypeOf(each, null);
  return lines;
}

/** The readers of all lines' options. */
export function optionsOf<Readers>(lines: object): Readers {
  return Object.assign({}, ...Object.values(lines).map(({ options }) => options));
}
