// Some rows of many, as they are read: every row is as likely as any other.

import { type RandomState, random } from '../index.js';

/** Exactly so many of the rows, in their order (Knuth, The Art of Computer Programming, volume 2, algorithm S). */
export class RowSample {
  /** How many there will be. */
  readonly most: number;
  readonly #rng: RandomState;
  #left: number;
  #wanted: number;

  /** @param rows how many there are @param most how many are wanted; all if there are no more */
  constructor(rows: number, most: number, seed: number) {
    this.most = Math.min(rows, most);
    this.#left = rows;
    this.#wanted = this.most;
    this.#rng = random(seed);
  }

  /** Whether the next row is taken. */
  next(): boolean {
    const taken = this.#wanted >= this.#left || this.#rng.rand() * this.#left < this.#wanted;
    this.#left--;
    if (taken) this.#wanted--;
    return taken;
  }
}
