// What an engine knows of threads that share its work: nothing of how they do.

import type { TypedArray } from './contract.js';

/** A sum that takes its leaves one by one. */
export interface Leaves {
  leaf: number;
  add(): void;
}

/** Threads of an engine, this one among them. Whatever they share has the bits of one thread's. */
export interface Team {
  /** The same kernels: calls that are large enough are divided. */
  divided<K extends object>(kernels: K): K;
  /** What a reduction kernel makes of each block of two vectors, in their order to `tree`; false: nothing was done. */
  blocks(kernel: object, n: number, x: number, y: number, tree: Leaves): boolean;
  /** Sums over all rows of a network's Tiles, as that has it; false: nothing was done, for it would not pay. */
  sum(tiles: object, to: number, count: number, inputsAt: number): boolean;
  /** The outputs of all rows; false: nothing was done. */
  forward(tiles: object, to: TypedArray): boolean;
}
