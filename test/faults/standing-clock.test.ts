// Where a clock goes on between turns of the event loop alone, as Cloudflare's does against Spectre, work is in turns all the same.

import { engine, random } from 'bitgrad';
import { MLPRegressor } from 'bitgrad/model';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const LIMIT_MS = 250;
const clock = performance.now.bind(performance);

beforeEach(() => {
  let shown = clock();
  const next = setImmediate;
  vi.stubGlobal('performance', { now: () => shown });
  vi.stubGlobal('setImmediate', (callback: () => void) =>
    next(() => {
      shown = clock();
      callback();
    }),
  );
});
afterEach(() => vi.unstubAllGlobals());

test.each([
  ['batches of a few microseconds', 8, 4],
  ['batches of a few milliseconds', 20_000, 20_000],
])('a training of %s ends when a timer aborts it, and takes no turn for each', async (_, rows, batchSize) => {
  const rng = random(1);
  const net = engine.network({ inputs: 16, layers: [{ units: 16, activation: 'tanh' }, 1] });
  const abort = new AbortController();
  let batches = 0;
  let turns = 0;
  const counting = setInterval(() => turns++, 0);
  const onBatch = () => {
    batches++;
  };
  const options = { epochs: 1e7, batchSize, background: false, signal: abort.signal, onBatch };
  const run = net.fit(rng.randn(rows, 16), rng.randn(rows, 1), options);
  const begin = clock();
  setTimeout(() => abort.abort(new RangeError('late')), 100);
  await expect(run).rejects.toThrow('late');
  clearInterval(counting);
  expect(clock() - begin).toBeLessThan(100 + LIMIT_MS);
  expect(turns).toBeGreaterThan(2);
  if (rows < 100) expect(batches).toBeGreaterThan(20 * turns);
});

test('predictAsync lets timers have their turn', async () => {
  const rng = random(1);
  const model = await new MLPRegressor({ hiddenLayerSizes: [64], maxIter: 1 }).fit(rng.randn(64, 32), rng.randn(64, 1));
  const X = rng.randn(100_000, 32);
  let most = 0;
  let last = clock();
  const probe = setInterval(() => {
    most = Math.max(most, clock() - last);
    last = clock();
  }, 1);
  await model.predictAsync(X);
  clearInterval(probe);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(LIMIT_MS);
});
