// Where a clock goes on between turns of the event loop alone, as Cloudflare's does against Spectre, work is in turns all the same.
// The time is made up: what a batch or a row takes.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { engine } from '../../src/index.js';
import { inPieces } from '../../src/model/pieces.js';

let passed = 0;
let shown = 0;
/** What each slice took. */
let slices: number[] = [];
let inTurn = () => {};

beforeEach(() => {
  passed = 0;
  shown = 0;
  slices = [];
  inTurn = () => {};
  const next = setImmediate;
  vi.stubGlobal('performance', { now: () => shown });
  vi.stubGlobal('setImmediate', (callback: () => void) =>
    next(() => {
      slices.push(passed - shown);
      shown = passed;
      inTurn();
      callback();
    }),
  );
});
afterEach(() => vi.unstubAllGlobals());

const X = Array.from({ length: 64 }, (_, i) => [i % 7, i % 5]);
const y = Array.from({ length: 64 }, (_, i) => i % 3);

test.each([
  [0.02, 16],
  [1, 16],
  [5, 16],
  [100, 100],
])('a training of batches of %d ms takes a turn after %d ms at most, once it knows', async (batchMs, mostMs) => {
  const batches = 20_000;
  const net = engine.network({ inputs: 2, layers: [1] });
  const onBatch = () => {
    passed += batchMs;
  };
  await net.fit(X, y, { epochs: batches / 16, batchSize: 4, background: false, onBatch });
  const later = slices.slice(10);
  expect(Math.max(...later)).toBeLessThanOrEqual(mostMs);
  // Nor many more than are needed.
  expect(slices.length).toBeLessThan(20 + (2 * batches * batchMs) / Math.min(mostMs, 8));
});

test('a training ends in the turn in which it is aborted', async () => {
  const abort = new AbortController();
  inTurn = () => slices.length === 20 && abort.abort(new RangeError('enough'));
  const net = engine.network({ inputs: 2, layers: [1] });
  const onBatch = () => {
    passed += 1;
  };
  const options = { epochs: 1000, batchSize: 4, background: false, signal: abort.signal, onBatch };
  await expect(net.fit(X, y, options)).rejects.toThrow('enough');
  expect(slices.length).toBe(20);
});

test('rows in pieces', async () => {
  const rows = Array.from({ length: 100_000 }, () => [0]);
  await inPieces(rows, undefined, (piece) => {
    passed += 0.001 * (piece as number[][]).length;
  });
  expect(Math.max(...slices)).toBeLessThanOrEqual(16);
  expect(slices.length).toBeLessThan(40);
});
