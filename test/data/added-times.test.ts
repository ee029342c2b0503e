// addedTimes, beside the loop that it stands for.

import { expect, test } from 'vitest';
import { addedTimes } from '../../src/numbers/added-times.js';
import { random } from '../../src/random/random.js';

function loop(sum: number, term: number, times: number): number {
  let total = sum;
  for (let i = 0; i < times; i++) total += term;
  return total;
}

const same = (sum: number, term: number, times: number) => {
  const [got, wanted] = [addedTimes(sum, term, times), loop(sum, term, times)];
  if (!Object.is(got, wanted)) expect([sum, term, times, got]).toEqual([sum, term, times, wanted]);
};

test('it gives the bits of the loop: any numbers', () => {
  const rng = random(3);
  for (let k = 0; k < 20_000; k++) {
    const size = 2 ** Math.floor(rng.rand() * 40 - 20);
    const term = (rng.rand() - 0.5) * size;
    const sum = k % 3 ? (rng.rand() - 0.5) * 2 ** Math.floor(rng.rand() * 60 - 20) : 0;
    same(sum, term, Math.floor(rng.rand() * (k % 100 ? 300 : 30_000)));
  }
});

test('terms in the middle between two sums, as many as cross powers of two', () => {
  const rng = random(5);
  for (let k = 0; k < 5000; k++) {
    // Few bits, so that ties are frequent: the sum's last place is 1 or so, the term has halves and quarters.
    const term = (Math.floor(rng.rand() * 64) - 32) / 2 ** Math.floor(rng.rand() * 4);
    const sum = 2 ** 52 * (1 + rng.rand()) * (rng.rand() < 0.5 ? 1 : -1);
    same(sum, term, 200);
    same(2 ** 53 - Math.floor(rng.rand() * 50), term, 100);
    same(-(2 ** 53) + Math.floor(rng.rand() * 50), term, 100);
  }
});

test('at the ends', () => {
  for (const sum of [0, -0, 1, -1, 5e-324, 1e-310, -1e-308, 1e308, -1e308, Infinity, Number.NaN, Number.MAX_VALUE]) {
    for (const term of [0, -0, 1, -1, 0.1, 5e-324, -3e-310, 1e307, -1e307, Infinity, -Infinity, Number.NaN]) {
      for (const times of [0, 1, 2, 3, 10, 1000]) same(sum, term, times);
    }
  }
});

test('a billion steps take no time', () => {
  const start = performance.now();
  expect(addedTimes(0, 1, 1e9)).toBe(1e9);
  for (let i = 0; i < 1000; i++) addedTimes(1 / 3, -0.1, 1e9);
  expect(performance.now() - start).toBeLessThan(1000);
});
