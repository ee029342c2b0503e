// What is found in a table, and what is refused, with the place where it stands.

import { expect, test } from 'vitest';
import type { CellTable } from '../../src/formats/table.js';
import { isGap, toBoolean, toNumber } from '../../src/tables/cells.js';
import { SCAN_DEFAULTS, type ScanOptions, scanTable } from '../../src/tables/scan.js';
import { csv, memoryTable } from './memory-table.js';

const scan = (table: CellTable, options: Partial<ScanOptions> = {}) =>
  scanTable(table, { ...SCAN_DEFAULTS, target: '-1', ...options });

const schema = async (text: string, options: Partial<ScanOptions> = {}) => (await scan(csv(text), options)).schema;

const refused = (text: string, options: Partial<ScanOptions> = {}) =>
  schema(text, options).then(JSON.stringify, String);

test('cells: gaps, numbers, flags', () => {
  for (const gap of ['', ' ', ' '.repeat(20), '1.#IND', 'NA', 'nan', 'null', '?', ' N/A '])
    expect(isGap(gap, true)).toBe(true);
  for (const gap of [null, Number.NaN]) expect(isGap(gap, false)).toBe(true);
  for (const none of ['x', '0', 0, false]) expect(isGap(none, true)).toBe(false);
  expect(isGap('NA', false)).toBe(false); // what says that it is a text is one
  expect(['1', ' -2.5e3 ', '.5', '5.', 7, true].map(toNumber)).toEqual([1, -2500, 0.5, 5, 7, 1]);
  expect(['1e5', '1E5', '+1', '-.5', '7', ' 7'].map(toNumber)).toEqual([1e5, 1e5, 1, -0.5, 7, 7]);
  expect([' 0x10', '0b1', ' ', '1e', '\t'].map(toNumber)).toEqual(Array(5).fill(undefined));
  expect(['1,5', '0x10', 'Infinity', '1e999', '', 'one', null].map(toNumber)).toEqual(Array(7).fill(undefined));
  expect([true, 'true', 'FALSE', 'no', 1].map(toBoolean)).toEqual([true, true, false, undefined, undefined]);
});

test('kinds of columns, what is left out and why', async () => {
  const lines = Array.from({ length: 60 }, (_, i) =>
    [`name ${i}`, 7, i / 4, ['Oslo', 'Rome', 'Bonn'][i % 3], i % 2 === 0, '', i % 4 === 0 ? 'yes' : 'no'].join(','),
  );
  const { columns, dropped, target, task } = await schema(['id,same,x,city,flag,empty,answer', ...lines].join('\n'));
  expect(task).toBe('classify');
  expect(target).toEqual({ name: 'answer', kind: 'category', classes: ['no', 'yes'], counts: [45, 15] });
  expect(columns.map(({ name, kind, categories }) => [name, kind, categories])).toEqual([
    ['x', 'number', undefined],
    ['city', 'category', ['Bonn', 'Oslo', 'Rome']],
    ['flag', 'boolean', undefined],
  ]);
  expect([columns[0].min, columns[0].max, columns[0].mean]).toEqual([0, 14.75, 7.375]);
  expect(dropped).toEqual([
    { name: 'id', why: '60 different texts in 60 rows are names rather than categories' },
    { name: 'same', why: 'it is 7 in every row' },
    { name: 'empty', why: 'it is empty' },
  ]);
});

test('rare categories share one input; the most frequent stay, of equal ones the first by name', async () => {
  const cells = ['a', 'a', 'a', 'd', 'd', 'c', 'b', 'e'];
  const text = ['c,y', ...cells.map((each, i) => `${each},${i}`)].join('\n');
  const { columns } = await schema(text, { maxCategories: 3, task: 'regress' });
  expect(columns[0]).toEqual({ name: 'c', kind: 'category', categories: ['a', 'd'], others: 3, missing: 0 });
});

test('the target: few integers and texts are classes, others numbers, unless it is said', async () => {
  const numbers = (count: number) => ['x,y', ...Array.from({ length: 60 }, (_, i) => `${i},${i % count}`)].join('\n');
  expect((await schema(numbers(20))).target.classes).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect((await schema(numbers(21))).target).toMatchObject({ kind: 'number', min: 0, max: 20 });
  expect((await schema(numbers(21), { task: 'classify' })).task).toBe('classify');
  expect((await schema(numbers(3), { task: 'regress' })).task).toBe('regress');
  expect((await schema('x,y\n1,true\n2,false\n3,True')).target).toMatchObject({
    classes: [false, true],
    counts: [1, 2],
  });
  expect((await schema('y,x\n1.5,1\n2,2\n2.5,3', { target: 'y' })).target).toMatchObject({ kind: 'number', mean: 2 });
});

test('gaps: where the first one is; filled by means and medians, flags and categories by the most frequent', async () => {
  const text = 'x,c,f,y\n1,a,true,1\n2,b,,2\n,b,false,3\n9,,false,4';
  expect(await refused(text, { task: 'regress' })).toMatch(
    /data\.csv:4:column x: there is a gap \(1 in all\): leave such rows out by --missing drop, or fill them/,
  );
  const of = async (missing: 'mean' | 'median') => (await schema(text, { task: 'regress', missing })).columns;
  expect((await of('mean')).map(({ fill }) => fill)).toEqual([4, 'b', false]);
  expect((await of('median')).map(({ fill }) => fill)).toEqual([2, 'b', false]);
  expect((await schema(text, { missing: 'drop' })).columns.map(({ missing }) => missing)).toEqual([1, 1, 1]);
});

test.each<[string, string, Partial<ScanOptions>, RegExp]>([
  ['no rows', 'x,y', {}, /data\.csv: there are no rows/],
  ['one row', 'x,y\n1,2', {}, /there is one row/],
  ['one column', 'y\n1\n2', {}, /no column is left to learn from/],
  ['a constant target', 'x,y\n1,a\n2,a', {}, /column y: it is the target, and a in every row/],
  ['a constant number', 'x,y\n1,5\n2,5', { task: 'regress' }, /it is the target, and 5 in every row/],
  ['an empty target', 'x,y\n1,\n2,', {}, /it is the target, and empty/],
  ['a target with gaps', 'x,y\n1,a\n2,\n3,b', {}, /data\.csv:3:column y: there is a gap/],
  ['texts to regress', 'x,y\n1,a\n2,b', { task: 'regress' }, /holds texts: numbers are needed/],
  ['no such target', 'wide,y\n1,a', { target: 'wyde' }, /no column "wyde": did you mean wide\? It has wide, y/],
  ['no such column', 'x,y\n1,a', { drop: ['z'] }, /no column "z"/],
  ['the target dropped', 'x,y\n1,a', { drop: ['y'] }, /cannot be dropped/],
  ['dates', 'when,y\n2026-01-31,1\n2026-02-01,2', {}, /column when: it holds dates: .*--drop when/],
  [
    'nothing but names',
    `id,y\n${Array.from({ length: 30 }, (_, i) => `n${i},${i % 2}`).join('\n')}`,
    {},
    /\(id: 30 different/,
  ],
])('refused: %s', async (_, text, options, message) => {
  expect(await refused(text, options)).toMatch(message);
});

test('dates of a file with types are refused, numbers in texts stay texts', async () => {
  const dates = memoryTable(['when', 'y'], 'date', [[new Date(0), 1] as never, [new Date(1), 2] as never]);
  await expect(scan(dates)).rejects.toThrow('it holds dates');
  const texts = memoryTable(['zip', 'y'], 'string', [
    ['01', 'a'],
    ['02', 'b'],
    ['01', 'b'],
  ]);
  expect((await scan(texts)).schema.columns[0]).toMatchObject({ kind: 'category', categories: ['01', '02'] });
});

test('numbers that are names of categories, when it is said', async () => {
  const { columns } = await schema('zip,y\n1,a\n2,b\n1,b', { categorical: ['zip'] });
  expect(columns[0]).toMatchObject({ kind: 'category', categories: ['1', '2'] });
});

test('10,000 columns', async () => {
  const names = Array.from({ length: 10_000 }, (_, j) => `c${j}`);
  const rows = Array.from({ length: 4 }, (_, i) => names.map((_, j) => ((i + 1) * (j + 3)) % 7));
  const found = await scan(memoryTable(names, 'number', rows), { task: 'regress', missing: 'median' });
  expect(found.schema.columns.length + found.schema.dropped.length).toBe(9999);
});
