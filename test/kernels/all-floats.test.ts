// The transcendental kernels of f32 keep their bounds over all floats, npm test at a stride; those of f64 are the truth: their ulps
// are 2^-29 of an f32's, and accuracy.test.ts holds them.

import { expect, test } from 'vitest';
import { backends } from '../support/backends.js';
import { LONG } from '../support/long.js';
import { BOUND, sweepF32 } from '../support/sweep.js';

const [[, wasm]] = backends;
const STRIDE = LONG ? Number(process.env.BITGRAD_STRIDE ?? 1) : 503;

test.each(Object.keys(BOUND) as (keyof typeof BOUND)[])('%s', { timeout: 3_600_000 }, (name) => {
  const start = performance.now();
  const { count, error, at } = sweepF32(wasm, name, STRIDE);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${name} f32: at most ${error.toFixed(6)} ulp, at ${at} (${count} floats, every ${STRIDE}., ${seconds} s)`,
  );
  expect(count).toBeGreaterThan(2 ** 30 / STRIDE);
  // Below half an ulp it would be rounded correctly everywhere: then it is this test that is broken.
  expect(error).toBeGreaterThan(0.5);
  expect(error).toBeLessThanOrEqual(BOUND[name]);
});
