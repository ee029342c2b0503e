// What an engine knows of threads that share its work: nothing of how they do.

import type { TypedArray } from './contract.js';

/** Threads of an engine. More share nothing that one has measured. */
export const MOST_THREADS = 64;

/** Multiply-adds that an engine, or a training, has done before it starts threads by itself: 20 to 100 ms of work, where a start costs 2. */
export const WORTH_THREADS = 1 << 28;

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
