// Which rows are held out: of every class alike, wherever they stand, one after the other as they are read.

import { type RandomState, random } from '../index.js';

/** Of so many rows of a class that follow one another a part is drawn. */
const RUN = 20;

interface Run {
  /** Rows of the class so far. */
  seen: number;
  held: Set<number>;
}

/** The same rows for the same seed, with all rows in memory or in blocks. */
export class HeldOut {
  readonly #part: number;
  readonly #rng: RandomState;
  readonly #runs = new Map<number, Run>();

  /** @param part of the rows, from 0 to below 1 */
  constructor(part: number, seed: number) {
    this.#part = part;
    this.#rng = random(seed);
  }

  /** Whether the next row is. @param stratum its class; 0 of numbers */
  next(stratum: number): boolean {
    if (this.#part === 0) return false;
    let run = this.#runs.get(stratum);
    if (!run) {
      run = { seen: 0, held: new Set() };
      this.#runs.set(stratum, run);
    }
    const place = run.seen % RUN;
    if (place === 0) run.held = this.#draw(run.seen / RUN);
    run.seen++;
    return run.held.has(place);
  }

  /** Places of the run of this number: what all runs so far should hold out, less what those before did. */
  #draw(number: number): Set<number> {
    const due = (runs: number) => Math.round(runs * RUN * this.#part);
    return new Set(this.#rng.permutation(RUN).slice(0, due(number + 1) - due(number)));
  }
}
