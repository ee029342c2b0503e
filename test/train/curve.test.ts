// Curves stay within their bounds, and an entry is that of the step it says.

import { expect, test } from 'vitest';
import { engine } from '../../src/index.js';
import { appendCurve, CURVE_LIMIT, everyOf, extendCurve } from '../../src/train/loop/curve.js';

/** What a curve over so many steps must hold, if the value of a step is its number. */
function wanted(steps: number): number[] {
  const every = everyOf(steps);
  return Array.from({ length: Math.ceil(steps / every) }, (_, i) => Math.min(steps, (i + 1) * every));
}

test('every step up to the limit, every 2nd, 4th, ... beyond, the last one always', () => {
  const curve: number[] = [];
  const around = [1, 2, CURVE_LIMIT - 1, CURVE_LIMIT, CURVE_LIMIT + 1, CURVE_LIMIT + 2, 2 * CURVE_LIMIT];
  const checked = new Set([...around, 2 * CURVE_LIMIT + 1, 2 * CURVE_LIMIT + 3, 4 * CURVE_LIMIT, 4 * CURVE_LIMIT + 1]);
  for (let step = 1; step <= 4 * CURVE_LIMIT + 9; step++) {
    const every = appendCurve(curve, step, step);
    if (curve.length > CURVE_LIMIT || curve[curve.length - 1] !== step) expect([step, curve.length]).toBe('bounded');
    if (!checked.has(step)) continue;
    expect(every).toBe(everyOf(step));
    expect(curve).toEqual(wanted(step));
  }
  expect(everyOf(4 * CURVE_LIMIT)).toBe(4);
});

test.each([
  [0, 5],
  [3, 5],
  [CURVE_LIMIT - 2, 5],
  [CURVE_LIMIT + 7, 1],
  [100, 2 * CURVE_LIMIT + 1],
  [3 * CURVE_LIMIT, 5 * CURVE_LIMIT],
])('a curve of %i steps goes on with one of %i', (before, steps) => {
  const curve = wanted(before);
  const more = wanted(steps).map((step) => before + step);
  expect(extendCurve(curve, before, more, steps)).toBe(before + steps);
  const exact = wanted(before + steps);
  expect(curve).toHaveLength(exact.length);
  // What was left out is stood for by a later step, by less than one entry.
  curve.forEach((value, i) => {
    if (value < exact[i] || value - exact[i] >= everyOf(before + steps)) expect([i, value]).toBe(exact[i]);
  });
  expect(curve.at(-1)).toBe(before + steps);
});

test('the history of 20,000 epochs has every 2nd, the last one too, and an epoch costs the same at the end', async () => {
  const X = [[0], [1], [2]];
  const net = engine.network({ inputs: 1, layers: [1], seed: 1 });
  const seen: number[] = [];
  const epochs = 20_001;
  /** Of the processor: others may have it meanwhile. */
  const times: number[] = [];
  const history = await net.fit(X, [1, 3, 5], {
    background: false,
    epochs,
    metrics: ['mse'],
    onEpoch: ({ epoch, loss }) => {
      seen.push(loss);
      if (epoch % 5000 === 0) times.push(process.cpuUsage().user);
    },
  });
  const kept = Array.from({ length: 10_001 }, (_, i) => seen[Math.min(epochs, 2 * (i + 1)) - 1]);
  expect([history.epochs, history.every]).toEqual([epochs, 2]);
  expect(history.loss).toEqual(kept);
  for (const curve of [history.metrics.mse, history.learningRate, history.seconds]) expect(curve).toHaveLength(10_001);
  expect(history.totalSeconds).toBeGreaterThan(history.seconds.reduce((sum, each) => sum + each) * 0.99);
  // It was 3 times as much from 10,000 to 20,000 as before, when each epoch added up all those before it.
  expect(times[3] - times[2]).toBeLessThan(3 * (times[1] - times[0]));
});
