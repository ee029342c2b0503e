// Columns as inputs, rows in memory and on disk, and which are held out.

import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { ColumnTransformer, OneHotEncoder, SimpleImputer, StandardScaler } from '../../src/model/index.js';
import { HeldOut } from '../../src/tables/held-out.js';
import { inputColumns, preprocessing } from '../../src/tables/preprocessing.js';
import { RowReader } from '../../src/tables/reader.js';
import { DiskStore, type MemorySet, MemoryStore } from '../../src/tables/row-store.js';
import { SCAN_DEFAULTS, scanTable } from '../../src/tables/scan.js';
import { all, csv } from './memory-table.js';

const CITIES = ['Oslo', 'Rome', 'Bonn', 'Kiel', 'Bari'];
const people = Array.from({ length: 200 }, (_, i) => ({
  age: i % 17 === 0 ? null : (i * 37) % 61,
  city: CITIES[Math.floor(Math.sqrt(i)) % 5],
  pay: Math.sin(i) * 1000,
  member: i % 3 === 0,
  y: i % 2,
}));
const text = [
  'city,age,member,pay,y',
  ...people.map(({ city, age, member, pay, y }) => [city, age ?? '', member, pay, y].join(',')),
].join('\n');

test.each(['standard', 'minmax', 'robust', 'none'] as const)(
  'the same inputs as transformers give that see all rows: %s',
  async (scale) => {
    const table = csv(text, 23);
    const scan = await scanTable(table, { ...SCAN_DEFAULTS, target: 'y', missing: 'mean', scale, maxCategories: 4 });
    const columns = preprocessing(scan);
    const reader = new RowReader(scan.schema, table, true);
    const [block] = await all(csv(text, 1000).blocks());
    const { X, y } = reader.read(block);
    const got = columns.transform(X as never);
    expect(Array.from(y as Float64Array)).toEqual(people.map((each) => each.y));
    expect(inputColumns(scan.schema.columns)).toEqual(['age', 'pay', 'member', 'city', 'city', 'city', 'city']);
    const { MinMaxScaler, RobustScaler } = await import('../../src/model/index.js');
    const scalers = {
      standard: [new StandardScaler()],
      minmax: [new MinMaxScaler()],
      robust: [new RobustScaler()],
      none: [],
    };
    // Scaled before gaps are filled there, as what is learnt here is learnt of what is no gap.
    const fills = new SimpleImputer();
    const numbers = new ColumnTransformer([['n', [...scalers[scale], fills], ['age', 'pay']]]).fitTransform(people);
    const cities = new OneHotEncoder({ maxCategories: 4 }).fitTransform(people.map(({ city }) => [city]));
    expect(got.shape).toEqual([200, 7]);
    for (let i = 0; i < 200; i++) {
      const row = got.toArray()[i];
      numbers.toArray()[i].forEach((x, j) => expect(row[j]).toBeCloseTo(x, 12));
      expect(row.slice(2)).toEqual([Number(people[i].member), ...cities.toArray()[i]]);
    }
    const read = ColumnTransformer.fromJSON(JSON.parse(JSON.stringify(columns)));
    expect((read.transform(X as never) as typeof got).data).toEqual(got.data);
  },
);

const rowsOf = (set: MemorySet) => Array.from(set.y, (y, i) => [...set.X.data.slice(i * 3, i * 3 + 3), y].join());

test('rows on disk are those in memory, each once, in another order; files are removed', async () => {
  const rows = 5000;
  const X = Float32Array.from({ length: rows * 3 }, (_, i) => i);
  const y = Float32Array.from({ length: rows }, (_, i) => -i);
  const keep = (i: number) => i % 5 !== 0;
  const memory = new MemoryStore({ inputs: 3, rows });
  const disk = new DiskStore({ inputs: 3, rows: 2 ** 26, memoryBytes: 0, seed: 1 }); // 16 files
  const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('bitgrad-rows-'));
  const before = folders().length;
  for (let from = 0; from < rows; from += 1000) {
    const some = [X.subarray(from * 3, (from + 1000) * 3), y.subarray(from, from + 1000)] as const;
    await memory.add(...some, keep);
    await disk.add(...some, keep);
  }
  expect([memory.rows, disk.rows]).toEqual([4000, 4000]);
  const data = await disk.finish();
  if (!('blocks' in data)) throw new Error('they are in memory');
  expect(data.blocks).toBeGreaterThan(10);
  const parts = await Promise.all(
    Array.from({ length: data.blocks }, async (_, i) => rowsOf((await data.read(i)) as MemorySet)),
  );
  expect(parts.flat().sort()).toEqual(rowsOf(memory.set).sort());
  expect(parts.every((part) => part.length > 100)).toBe(true);
  expect((await memory.sample(7)).y.length).toBe(7);
  disk.dispose();
  disk.dispose();
  expect(folders().length).toBe(before - 1);
});

test('rows are held out of each class alike, wherever its rows stand, and the same for the same seed', () => {
  const draw = (labels: readonly number[], part: number, seed = 3) => {
    const held = new HeldOut(part, seed);
    return labels.map((label) => held.next(label));
  };
  const sorted = Array.from({ length: 300 }, (_, i) => Math.floor(i / 100));
  const held = draw(sorted, 0.2);
  for (const label of [0, 1, 2]) expect(held.filter((each, i) => each && sorted[i] === label).length).toBe(20);
  expect(draw(sorted, 0.2)).toEqual(held);
  expect(draw(sorted, 0.2, 4)).not.toEqual(held);
  expect(draw(sorted, 0).some(Boolean)).toBe(false);
  for (const part of [0.01, 0.137, 0.5, 0.9]) {
    const count = draw(Array(20_000).fill(0), part).filter(Boolean).length;
    expect(Math.abs(count - 20_000 * part)).toBeLessThanOrEqual(1);
  }
});
