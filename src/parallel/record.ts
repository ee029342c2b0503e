// The calls that a tile makes, as a list for threads that know nothing of networks: made once for three tiles that differ in one
// thing each, which tells by how much every argument moves from tile to tile, and which follow where the sums go.

import type { Dtype } from '../kernels/contract.js';
import { LINES } from './divide.js';
import { numberOf } from './kernels.js';
import { LIST_NUMBERS } from './protocol.js';

/** By how much the third tile's sums are elsewhere. */
const APART = 64;

/** Kernels that make no call, but write down which was to be made. */
export class Recorder {
  readonly kernels: object;
  #calls: number[][] = [];

  constructor(kernels: object, dtype: Dtype) {
    const recording = Object.keys(kernels).map((name) => {
      if (!(name in LINES)) return [name, (kernels as Record<string, unknown>)[name]] as const;
      const number = numberOf(name, dtype);
      // Nothing was found wrong so far: the threads will tell.
      const record = (...args: number[]) => {
        this.#calls.push([number, ...args]);
        return 0;
      };
      return [name, record] as const;
    });
    this.kernels = Object.fromEntries(recording);
  }

  #of(make: () => void): number[][] {
    this.#calls = [];
    make();
    return this.#calls;
  }

  /**
   * Writes the list of what `make` does.
   *
   * @param make the calls of a tile, whose sums go to `to`
   * @returns whether they are the same for all tiles, and fit
   */
  write(numbers: Float64Array, at: number, make: (tile: number, to: number) => void): boolean {
    const first = this.#of(() => make(0, APART));
    const second = this.#of(() => make(1, APART));
    const third = this.#of(() => make(0, 2 * APART));
    if (first.length !== second.length || first.length !== third.length) return false;
    const length = 1 + first.reduce((sum, call) => sum + 3 * call.length - 1, 0);
    if (length > LIST_NUMBERS) return false;
    numbers[at] = first.length;
    let to = at + 1;
    for (let i = 0; i < first.length; i++) {
      const [a, b, c] = [first[i], second[i], third[i]];
      if (a[0] !== b[0] || a[0] !== c[0]) return false;
      numbers[to++] = a[0];
      numbers[to++] = a.length - 1;
      for (let j = 1; j < a.length; j++) {
        const follows = (c[j] - a[j]) / APART;
        if (follows !== 0 && follows !== 1) return false;
        numbers[to++] = a[j] - follows * APART;
        numbers[to++] = b[j] - a[j];
        numbers[to++] = follows;
      }
    }
    return true;
  }
}
