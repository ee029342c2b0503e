// random(seed) is numpy.random.RandomState(seed), and log is right to 0.501 ulp.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Decimal } from 'decimal.js';
import { describe, expect, test } from 'vitest';
import { log } from '../../src/numbers/precise-log.js';
import { type RandomState, random } from '../../src/random/random.js';
import { ulps } from '../support/ulps.js';

interface Fixture {
  rand: { seed: number; n: number; first: number[]; last: number[]; sha256: string }[];
  stream: {
    n: number;
    first: number[];
    sha256: string;
    rand: number;
    shuffled: string;
    words: string[];
    randn: number;
  }[];
  randn: { seed: number; draws: number[] };
}

const fixture: Fixture = JSON.parse(readFileSync(new URL('../fixtures/random.json', import.meta.url), 'utf8'));

const sha256 = (array: ArrayBufferView): string =>
  createHash('sha256')
    .update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    .digest('hex');

describe('rand', () => {
  // 5,000 draws take 10,000 of the generator's words: 16 refills of 624.
  test.each(fixture.rand)('seed $seed: $n draws', ({ seed, n, first, last, sha256: hash }) => {
    const draws = random(seed).rand(n);
    expect(Array.from(draws.subarray(0, 3))).toEqual(first);
    expect(Array.from(draws.subarray(-3))).toEqual(last);
    expect(sha256(draws)).toBe(hash);
  });

  test('a number, a vector and a matrix take the same draws', () => {
    const all = random(3).rand(7);
    const rng = random(3);
    const pieces = [rng.rand(), ...rng.rand(2), ...rng.rand(2, 2).data];
    expect(pieces).toEqual(Array.from(all));
  });
});

test('permutation, rand, shuffle and randn in one stream, sizes from 0 to 100,000', () => {
  const rng = random(42);
  for (const step of fixture.stream) {
    const { n } = step;
    const order = rng.permutation(n);
    expect(order).toBeInstanceOf(Int32Array);
    expect(Array.from(order.subarray(0, 12))).toEqual(step.first);
    expect(sha256(order)).toBe(step.sha256);
    expect(rng.rand()).toBe(step.rand);
    const array = Int32Array.from({ length: n }, (_, i) => i);
    expect(rng.shuffle(array)).toBe(array);
    expect(sha256(array)).toBe(step.shuffled);
    const words = Array.from({ length: n % 7 }, (_, i) => `w${i}`);
    const before = [...words];
    expect(rng.permutation(words)).toEqual(step.words);
    expect(words).toEqual(before);
    expect(ulps(rng.randn(), step.randn)).toBeLessThanOrEqual(1);
  }
  expect(fixture.stream.map((step) => step.n)).toEqual([0, 1, 2, 3, 10, 257, 1000, 100000]);
});

// NumPy takes the C library's log, which is off by up to 0.52 ulp in glibc: in 67 of 100,000 cases it is not the nearest
// double, where ours was in all of them. One ulp there, 2 u, is 4 u in the quotient with its roundings, 4 u in the root
// and 6 u in the draw at the very worst. Of 1,000,000 draws of seed 42 (make_fixtures.py randn 1000000 42) 99.966 % have
// NumPy's bits, the others are 1 ulp off, or 2.
test('randn: equal to NumPy but for the last bit of few', (context) => {
  const { seed, draws } = fixture.randn;
  const ours = random(seed).randn(draws.length);
  const distances = Array.from(ours, (x, i) => ulps(x, draws[i]));
  const equal = distances.filter((distance) => distance === 0).length / draws.length;
  context.annotate(`${(100 * equal).toFixed(2)} % of ${draws.length} draws have NumPy's bits`);
  expect(Math.max(...distances)).toBeLessThanOrEqual(1);
  expect(equal).toBeGreaterThan(0.998);
});

test('the spare normal number survives other draws, as in NumPy', () => {
  const pair = random(5).randn(2);
  const rng = random(5);
  const first = rng.randn();
  rng.rand(3);
  rng.permutation(4);
  expect([first, rng.randn()]).toEqual(Array.from(pair));
});

describe('log', () => {
  const ULP = (x: number) => 2 ** (Math.max(-1022, Math.floor(Math.log2(Math.abs(x)))) - 52);

  // decimal.js takes a number's shortest digits for its value, so a double passes as an integer times a power of 2.
  const Exact = Decimal.clone({ precision: 34 });
  const exact = (x: number): Decimal => {
    if (x < 0) return exact(-x).neg();
    const e = Math.floor(Math.log2(x));
    const integer = x < 1 ? (x * 2 ** 52) / 2 ** e : x / 2 ** (e - 52);
    return new Exact(integer).times(new Exact(2).pow(e - 52));
  };

  /** The greatest error in ulps of the true value, over `draw` taken `n` times. */
  function worst(n: number, draw: (rng: RandomState, i: number) => number): number {
    const rng = random(11);
    let most = 0;
    for (let i = 0; i < n; i++) {
      const x = draw(rng, i);
      const truth = exact(x).ln();
      const error = truth
        .minus(exact(log(x)))
        .abs()
        .div(ULP(truth.toNumber()))
        .toNumber();
      if (error > most) most = error;
    }
    return most;
  }

  test.each<[string, (rng: RandomState, i: number) => number]>([
    ['where randn asks, in (0, 1)', (rng) => rng.rand() || 0.5],
    ['either side of 1, where cancellation threatens', (rng, i) => 1 + (rng.rand() - 0.5) * 2 ** -(i % 50)],
    [
      'around the seam at sqrt(2) 2^e',
      (rng, i) => (Math.SQRT2 + (rng.rand() - 0.5) * 2 ** -(i % 48)) * 2 ** ((i % 9) - 6),
    ],
    ['over all normal exponents', (rng, i) => (1 + rng.rand()) * 2 ** ((i % 2046) - 1022)],
  ])('%s: within 0.501 ulp', (_, draw) => {
    const error = worst(2500, draw);
    expect(error).toBeGreaterThan(0.4); // every correctly rounded function reaches nearly 0.5
    expect(error).toBeLessThanOrEqual(0.501);
  });

  test('is exact where the logarithm is 0', () => {
    expect(log(1)).toBe(0);
  });
});

test.each([-1, 0.5, 2 ** 32, NaN, '1', undefined])('seed %s is refused', (seed) => {
  expect(() => random(seed as number)).toThrow('"seed" must be an integer from 0 to 4294967295, got');
});

test('what cannot be shuffled is refused', () => {
  expect(() => random(1).shuffle({} as never[])).toThrow('"array" must be an array or a typed array, got an object');
  expect(() => random(1).permutation(-1)).toThrow('"n" must be an integer from 0 to 2147483647, got -1');
  expect(() => random(1).permutation('abc' as never)).toThrow('got "abc"');
  expect(() => random(1).rand(NaN)).toThrow('"rows" must be a non-negative integer, got NaN');
});
