// What schedules that go by the number of epochs have in common.

import type { Moment } from '../schedule.js';

interface Warmup {
  /** Epochs. */
  readonly warmup: number;
}

/** The rate within a warm-up: linear, and never 0, because the first batch counts too. */
export const warming = ({ initial, epoch, part }: Moment, { warmup }: Warmup): number =>
  (initial * Math.max(epoch + part, 0.1)) / warmup;

/** How much of the epochs after the warm-up is done, from 0 to 1. */
export const doneOf = ({ epoch, epochs, part }: Moment, { warmup }: Warmup): number =>
  epochs > warmup ? Math.min(1, (epoch + part - warmup) / (epochs - warmup)) : 1;

/** (1 + cos(pi done)) / 2, from 1 to 0: the cosine by its Taylor series around 1/2, where it is odd. */
export function halfCosine(done: number): number {
  const t = Math.PI * (0.5 - done);
  let term = t;
  let cosine = t;
  for (let n = 2; n < 26; n += 2) {
    term *= -(t * t) / (n * (n + 1));
    cosine += term;
  }
  return 0.5 * (1 + cosine);
}
