// The order in which the rows of a set are visited, drawn anew for each epoch.

import { range } from '../../numbers/range.js';
import type { Sliced } from '../../numbers/sliced.js';
import { type RandomState, random } from '../../random/random.js';
import { shuffle } from '../../random/shuffle.js';

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
    if (this.#shuffles) yield* shuffle(this.random, this.rows);
  }
}
