// A shuffle in slices.

import type { Sliced } from '../numbers/sliced.js';
import type { RandomState } from './random.js';

/** Elements that are gone through before others may have their turn: 1 to 2 ms of a shuffle. */
export const SLICE = 1 << 16;

/** Shuffles an array in place and returns it, as `random.shuffle` does. */
export function* shuffle(random: RandomState, array: Int32Array): Sliced<Int32Array> {
  for (let from = array.length - 1; from > 0; from -= SLICE) {
    random.swap(array, from, Math.max(0, from - SLICE));
    if (from > SLICE) yield;
  }
  return array;
}
