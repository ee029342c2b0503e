// Curves stay within their bounds, and an entry is that of the step it says.

import { expect, test } from 'vitest';
import { appendCurve, CURVE_LIMIT, everyOf, extendCurve } from '../src/train/curve.js';

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
