import { execFileSync, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createTable } from '../../src/formats/index.js';
import { read } from '../support/tables.js';

const root = mkdtempSync(join(tmpdir(), 'bitgrad-create-'));
afterAll(() => rmSync(root, { recursive: true }));
let folder = '';
let made = 0;
beforeEach(() => {
  folder = join(root, String(made++));
  mkdirSync(folder);
});

const columns = [
  [1.5, -2, null],
  ['x', 'say "hi", twice', null],
];

describe('what is written is read again', () => {
  test.each(['t.csv', 't.tsv', 't.csv.gz', 't.ndjson', 't.ndjson.gz', 't.parquet'])('%s', async (name) => {
    const path = join(folder, name);
    const writer = await createTable(path, ['n', 't']);
    await writer.write(columns.map((cells) => cells.slice(0, 1)));
    await writer.write(columns.map((cells) => cells.slice(1)));
    expect(readdirSync(folder)).not.toContain(name);
    await writer.end();
    expect(readdirSync(folder)).toEqual([name]);
    const got = await read(path);
    expect(got.names).toEqual(['n', 't']);
    const texts = /csv|tsv/.test(name);
    expect(got.columns).toEqual(texts ? columns.map((cells) => cells.map((cell) => cell && String(cell))) : columns);
  });

  test('no rows', async () => {
    for (const name of ['t.csv', 't.parquet']) {
      const path = join(folder, name);
      await (await createTable(path, ['n', 't'])).end();
      expect((await read(path)).names).toEqual(['n', 't']);
    }
  });

  test('much, through gzip', async () => {
    const path = join(folder, 't.csv.gz');
    const writer = await createTable(path, ['n']);
    for (let i = 0; i < 20; i++) await writer.write([Array.from({ length: 8192 }, (_, j) => Math.sin(i + j))]);
    await writer.end();
    expect(gunzipSync(readFileSync(path)).toString().split('\n').length).toBe(20 * 8192 + 2);
  });
});

describe('nothing is left', () => {
  test('of what is abandoned', async () => {
    for (const name of ['t.csv', 't.csv.gz', 't.parquet']) {
      const writer = await createTable(join(folder, name), ['n', 't']);
      await writer.write(columns);
      await writer.abandon();
      await writer.abandon();
      await expect(writer.write(columns)).rejects.toThrow('the table was ended or abandoned');
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of what fails, and the file that was there stays', async () => {
    const path = join(folder, 't.ndjson');
    writeFileSync(path, 'before');
    const writer = await createTable(path, ['n', 't']);
    await expect(
      writer.write([
        [1, NaN],
        ['x', 'y'],
      ]),
    ).rejects.toThrow(`${path}:column n: row 2: NaN is no number of JSON`);
    expect([readdirSync(folder), readFileSync(path, 'utf8')]).toEqual([['t.ndjson'], 'before']);
  });
});

test('columns that do not fit are refused, and may be given anew', async () => {
  const writer = await createTable(join(folder, 't.csv'), ['n', 't']);
  await expect(writer.write([[1]])).rejects.toThrow('"columns" must be 2 columns of equal length, got 1 of length 1');
  await expect(writer.write([[1], []])).rejects.toThrow('got 2 of length 1, 0');
  await writer.write(columns);
  await writer.end();
});

test('a place that cannot be, and a name that does not say', async () => {
  await expect(createTable(join(folder, 'none', 't.csv'), ['n'])).rejects.toThrow(
    'there is no such folder: make it first',
  );
  mkdirSync(join(folder, 'd.csv'));
  await expect(createTable(join(folder, 'd.csv'), ['n'])).rejects.toThrow('that is a folder: name a file in it');
  await expect(createTable('t.xls', ['n'])).rejects.toThrow(
    'the name "t.xls" does not say the format: end it with one of .parquet, .pq, .ndjson, .jsonl, .csv, .tsv, .tab, .txt, or of these and .gz',
  );
  await expect(createTable(join(folder, 't.csv'), ['n', 'n'])).rejects.toThrow('columns 1 and 2 are both called "n"');
  await expect(createTable(join(folder, 't.csv'), [])).rejects.toThrow('a table must have columns');
  expect(readdirSync(folder)).toEqual(['d.csv']);
});

test.skipIf(process.platform === 'win32')('links are followed, permissions stay', async () => {
  const target = join(folder, 'target.csv');
  writeFileSync(target, '', { mode: 0o640 });
  symlinkSync(target, join(folder, 'link.csv'));
  const writer = await createTable(join(folder, 'link.csv'), ['n']);
  await writer.write([[1]]);
  await writer.end();
  expect([readFileSync(target, 'utf8'), statSync(target).mode & 0o777]).toEqual(['n\n1\n', 0o640]);
});

test.skipIf(process.platform !== 'linux')('a full disk', async () => {
  const writer = await createTable('/dev/full', ['n'], { format: 'csv' });
  await expect(writer.write([[1]])).rejects.toThrow('/dev/full: the disk is full: make room, or write elsewhere');
  const packed = await createTable('/dev/full', ['n'], { format: 'parquet' });
  await expect(packed.end()).rejects.toThrow('/dev/full: the disk is full');
});

describe('standard output', () => {
  const url = new URL('../../src/formats/index.ts', import.meta.url).href;
  const program = `import { createTable } from '${url}';
    const writer = await createTable('-', ['n']);
    const block = [Array.from({ length: 8192 }, (_, i) => i)];
    for (let i = 0; i < Number(process.argv[1]); i++) await writer.write(block);
    await writer.end();
    console.error('ended');`;
  const args = (blocks: number) => ['--import', 'tsx', '--input-type=module', '-e', program, '--', String(blocks)];

  test('is CSV', () => {
    const out = execFileSync(process.execPath, args(2), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    expect([out.slice(0, 6), out.split('\n').length]).toEqual(['n\n0\n1\n', 2 * 8192 + 2]);
  });

  test('may be closed by who reads it', async () => {
    const child = spawn(process.execPath, args(200), { stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.on('data', (data) => {
      err += data;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, err]).toEqual([0, 'ended\n']);
  });
});
