// The order in which the rows of a set are visited, drawn anew for each epoch.

import { range } from '../../numbers/range.js';
import { type RandomState, random } from '../../random/random.js';
import type { Sliced } from './turns.js';

/** Elements that are shuffled before others may have their turn: 1 to 2 ms. */
const SHUFFLED = 1 << 16;

export class RowOrder {
  readonly random: RandomState;
  readonly #shuffles: boolean;
  /** Numbers of rows of the set. */
  rows: Int32Array = new Int32Array(0);

  constructor(seed: number, shuffles: boolean) {
    this.random = random(seed);
    this.#shuffles = shuffles;
  }

  /** All rows of a set of n, as they come. */
  set(n: number): void {
    this.rows = range(0, n);
  }

  *shuffle(): Sliced<void> {
    if (!this.#shuffles) return;
    for (let from = this.rows.length - 1; from > 0; from -= SHUFFLED) {
      this.random.swap(this.rows, from, Math.max(0, from - SHUFFLED));
      if (from > SHUFFLED) yield;
    }
  }
}
