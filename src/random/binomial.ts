// The binomial distribution, draw for draw as NumPy's legacy generator has it.

import { exp } from '../numbers/precise-exp.js';
import { log } from '../numbers/precise-log.js';
import type { RandomState } from './random.js';

/** One draw: how many of n trials succeed, each with probability p. */
export function binomial(n: number, p: number): (rng: RandomState) => number {
  if (p > 0.5) {
    const failures = binomial(n, 1 - p);
    return (rng) => n - failures(rng);
  }
  return p * n <= 30 ? byInversion(n, p) : byRejection(n, p);
}

/** Goes up the probabilities until they exceed a uniform number, and begins anew ten deviations above the mean. */
function byInversion(n: number, p: number): (rng: RandomState) => number {
  const q = 1 - p;
  const none = exp(n * log(q));
  const mean = n * p;
  const bound = Math.floor(Math.min(n, mean + 10 * Math.sqrt(mean * q + 1)));
  return (rng) => {
    let count = 0;
    let probability = none;
    let rest = rng.rand();
    while (rest > probability) {
      count++;
      if (count > bound) {
        count = 0;
        probability = none;
        rest = rng.rand();
      } else {
        rest -= probability;
        probability = ((n - count + 1) * p * probability) / (count * q);
      }
    }
    return count;
  };
}

/** The last terms of Stirling's formula for ln(x!), with x + 1 given. */
function correction(x: number): number {
  const square = x * x;
  return (13680 - (462 - (132 - (99 - 140 / square) / square) / square) / square) / x / 166320;
}

/** Triangle, parallelogram, exponential tails: BTPE (Kachitvichyanukul and Schmeiser 1988), whose names these are. */
function byRejection(n: number, r: number): (rng: RandomState) => number {
  const q = 1 - r;
  const fm = n * r + r;
  const m = Math.floor(fm);
  const nrq = n * r * q;
  const p1 = Math.floor(2.195 * Math.sqrt(nrq) - 4.6 * q) + 0.5;
  const xm = m + 0.5;
  const xl = xm - p1;
  const xr = xm + p1;
  const c = 0.134 + 20.5 / (15.3 + m);
  const left = (fm - xl) / (fm - xl * r);
  const laml = left * (1 + left / 2);
  const right = (xr - fm) / (xr * q);
  const lamr = right * (1 + right / 2);
  const p2 = p1 * (1 + 2 * c);
  const p3 = p2 + c / laml;
  const p4 = p3 + c / lamr;
  const s = r / q;
  const a = s * (n + 1);

  /** Whether y is taken, by the ratio of its probability to the greatest. */
  function accepts(y: number, v: number): boolean {
    const k = Math.abs(y - m);
    if (k <= 20 || k >= nrq / 2 - 1) {
      let f = 1;
      for (let i = m + 1; i <= y; i++) f *= a / i - s;
      for (let i = y + 1; i <= m; i++) f /= a / i - s;
      return v <= f;
    }
    if (v <= 0) return true; // 0, or rounded below it: its logarithm is less than anything
    const rho = (k / nrq) * ((k * (k / 3 + 0.625) + 0.16666666666666666) / nrq + 0.5);
    const t = (-k * k) / (2 * nrq);
    const level = log(v);
    if (level < t - rho) return true;
    if (level > t + rho) return false;
    const x1 = y + 1;
    const f1 = m + 1;
    const z = n + 1 - m;
    const w = n - y + 1;
    const bound =
      xm * log(f1 / x1) +
      (n - m + 0.5) * log(z / w) +
      (y - m) * log((w * r) / (x1 * q)) +
      correction(f1) +
      correction(z) +
      correction(x1) +
      correction(w);
    return level <= bound;
  }

  return (rng) => {
    while (true) {
      const u = rng.rand() * p4;
      let v = rng.rand();
      if (u <= p1) return Math.floor(xm - p1 * v + u);
      let y: number;
      if (u <= p2) {
        const x = xl + (u - p1) / c;
        v = v * c + 1 - Math.abs(m - x + 0.5) / p1;
        if (v > 1) continue;
        y = Math.floor(x);
      } else if (v === 0) {
        continue;
      } else if (u <= p3) {
        y = Math.floor(xl + log(v) / laml);
        if (y < 0) continue;
        v = v * (u - p2) * laml;
      } else {
        y = Math.floor(xr - log(v) / lamr);
        if (y > n) continue;
        v = v * (u - p3) * lamr;
      }
      if (accepts(y, v)) return y;
    }
  };
}
