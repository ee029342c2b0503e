// What scikit-learn gave (fixtures/data.json), and how our values are held against it.

import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

const NAMES: Record<string, number> = { '-0': -0, NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity };

// biome-ignore lint/suspicious/noExplicitAny: one object a test, of many shapes
export const fixtures: any = JSON.parse(readFileSync(new URL('../fixtures/data.json', import.meta.url), 'utf8'));

/** What make_table_fixtures.py wrote. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export const tableFixtures: any = JSON.parse(readFileSync(new URL('../fixtures/tables.json', import.meta.url), 'utf8'));

/** The same of cells: texts stay. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export function cells(x: any): any {
  if (Array.isArray(x)) return x.map(cells);
  return typeof x === 'string' && Object.hasOwn(NAMES, x) ? NAMES[x] : x;
}

/** Numbers from their names too, in arrays of any depth. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export function numbers(x: any): any {
  if (Array.isArray(x)) return x.map(numbers);
  return typeof x === 'string' ? NAMES[x] : x;
}

export const flat = (x: unknown): number[] =>
  ((Array.isArray(x) || ArrayBuffer.isView(x) ? Array.from(x as ArrayLike<unknown>) : [x]) as unknown[])
    .flat(3)
    .map((value) => value as number);

/** Every number within `tolerance`, relative, or of `floor`, absolute. */
export function expectClose(ours: unknown, theirs: unknown, tolerance = 1e-12, floor = 0): void {
  const a = flat(ours);
  const b = flat(numbers(theirs));
  expect(a).toHaveLength(b.length);
  a.forEach((x, i) => {
    if (Object.is(x, b[i]) || x === b[i]) return;
    const far = !(Math.abs(x - b[i]) <= Math.max(tolerance * Math.abs(b[i]), floor));
    if (far) expect.fail(`[${i}] is ${x}, scikit-learn has ${b[i]}`);
  });
}
