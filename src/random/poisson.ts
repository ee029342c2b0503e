// Poisson's distribution, draw for draw as NumPy's legacy generator has it.

import { exp } from '../numbers/precise-exp.js';
import { log } from '../numbers/precise-log.js';
import type { RandomState } from './random.js';

/** Stirling's series for ln gamma, from the seventh integer on (Zhang and Jin 1996), highest power first. */
const STIRLING = [
  -1.3924322169059, 0.1796443723688307, -0.02955065359477124, 0.00641025641025641, -0.001917526917526918,
  0.0008417508417508418, -0.0005952380952380952, 0.0007936507936507937, -0.002777777777777778, 0.08333333333333333,
];
/** ln(2 pi) / 2. */
const HALF_LN_2PI = 0.9189385332046727;

/** ln((x - 1)!) of an integer x, 1 or more, in the order of operations that NumPy has. */
function logGamma(x: number): number {
  if (x <= 2) return 0;
  let shifted = Math.max(x, 7);
  const square = (1 / shifted) * (1 / shifted);
  let series = 0;
  for (const coefficient of STIRLING) series = series * square + coefficient;
  let result = series / shifted + HALF_LN_2PI + (shifted - 0.5) * log(shifted) - shifted;
  for (; shifted > x; shifted--) result -= log(shifted - 1);
  return result;
}

/** One draw of that mean. */
export function poisson(mean: number): (rng: RandomState) => number {
  if (mean === 0) return () => 0;
  return mean < 10 ? byProducts(exp(-mean)) : byRejection(mean);
}

/** How many uniform numbers it takes until their product is no more than exp(-mean) (Knuth). */
const byProducts = (least: number) => (rng: RandomState) => {
  let count = 0;
  for (let product = rng.rand(); product > least; product *= rng.rand()) count++;
  return count;
};

/** Transformed rejection with a squeeze: PTRS (Hormann 1993). */
function byRejection(mean: number): (rng: RandomState) => number {
  const logMean = log(mean);
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const logInverseAlpha = log(1.1239 + 1.1328 / (b - 3.4));
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  return (rng) => {
    while (true) {
      const u = rng.rand() - 0.5;
      const v = rng.rand();
      const edge = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / edge + b) * u + mean + 0.43);
      if (edge >= 0.07 && v <= squeeze) return k;
      if (k < 0 || (edge < 0.013 && v > edge)) continue;
      // ln 0 is less than anything.
      if (v === 0) return k;
      if (log(v) + logInverseAlpha - log(a / (edge * edge) + b) <= -mean + k * logMean - logGamma(k + 1)) return k;
    }
  };
}
