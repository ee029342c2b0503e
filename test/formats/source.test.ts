// Where bytes come from, and what becomes of them when something goes wrong.

import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { gunzip } from '../../src/formats/gzip.js';
import { openTable } from '../../src/formats/index.js';
import { spool } from '../../src/formats/spool.js';
import type { CellTable } from '../../src/formats/table.js';
import { byteByByte, cuts, inParts, problem, read, readCells, text } from '../support/tables.js';

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-formats-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const linux = process.platform === 'linux';
/** Open files of this process below the folder. */
const openFiles = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      return false; // it was closed meanwhile
    }
  }).length;

const big = `a,b\n${'1,2\n'.repeat(200_000)}`;

describe('a disk', () => {
  test('a path, an address, a Blob, bytes', async () => {
    const path = file('x.csv', 'a,b\n1,2\n');
    for (const source of [path, pathToFileURL(path), new Blob(['a,b\n1,2\n']), text('a,b\n1,2\n')]) {
      const { columns, table } = await read(source);
      expect([columns, table.progress]).toEqual([[['1'], ['2']], { read: 8, total: 8 }]);
    }
  });

  test('what is no file, or may not be read', async () => {
    expect(await problem(join(folder, 'none.csv'))).toBe(
      `DataError: ${join(folder, 'none.csv')}: there is no such file`,
    );
    expect(await problem(folder)).toBe(`DataError: ${folder}: that is a folder: name a file in it`);
    expect(await problem(join(file('y.csv', ''), 'z'))).toMatch(/there is no such file$/);
    expect(await problem(join(folder, 'x'.repeat(300)))).toMatch(/there is no such file: the name is too long$/);
    expect(await problem(file('empty.csv', ''))).toMatch(/empty.csv: the file is empty: rows were expected$/);
    expect(await problem(file('empty', ''))).toMatch(/empty: the file is empty: rows were expected$/);
  });

  test.skipIf(process.getuid?.() === 0)('permissions', async () => {
    const path = file('secret.csv', 'a\n');
    execFileSync('chmod', ['000', path]);
    expect(await problem(path)).toMatch(/it may not be read: see its permissions$/);
  });

  test('a file that shrinks, grows, or is written to while it is read', async () => {
    for (const change of [
      (path: string) => truncateSync(path, 300_000),
      (path: string) => appendFileSync(path, '3,4\n'),
      (path: string) => utimesSync(path, 1, 1),
    ]) {
      const path = file('changing.csv', big);
      const table = (await openTable(path)) as CellTable;
      const reading = async () => {
        for await (const { first } of table.blocks()) if (first === 0) change(path);
      };
      await expect(reading()).rejects.toThrow(/changing.csv: the file changes while it is read \(it (had|was written)/);
      await expect(readCells(table)).rejects.toThrow(/the file changes while it is read/);
    }
  });

  test('several passes at once, and one after the other', async () => {
    const table = await openTable(file('several.csv', big));
    const [one, two] = await Promise.all([readCells(table), readCells(table)]);
    expect([one.columns[0].length, two.lines]).toEqual([200_000, one.lines]);
    expect((await readCells(table)).columns[1].length).toBe(200_000);
  });

  test.skipIf(!linux)('files are closed whatever happens', async () => {
    for (const name of ['closed.csv', 'closed.csv.gz']) {
      const table = (await openTable(file(name, name.endsWith('gz') ? gzipSync(big) : big))) as CellTable;
      expect(openFiles()).toBe(0);
      for await (const _ of table.blocks()) break;
      expect(openFiles()).toBe(0);
      const throwing = async () => {
        for await (const _ of table.blocks()) throw new Error('mine');
      };
      await expect(throwing()).rejects.toThrow('mine');
      expect(openFiles()).toBe(0);
      await readCells(table);
      expect(openFiles()).toBe(0);
    }
  });
});

describe('a signal', () => {
  test.each(['aborted.csv', 'aborted.csv.gz'])('ends the reading of %s with its reason', async (name) => {
    const controller = new AbortController();
    const path = file(name, name.endsWith('gz') ? gzipSync(big) : big);
    const table = (await openTable(path, { signal: controller.signal })) as CellTable;
    let blocks = 0;
    const reading = async () => {
      for await (const _ of table.blocks()) if (++blocks === 2) controller.abort(new Error('enough'));
    };
    await expect(reading()).rejects.toThrow('enough');
    expect(blocks).toBe(2);
    if (linux) expect(openFiles()).toBe(0);
    await expect(openTable(path, { signal: controller.signal })).rejects.toThrow('enough');
  });

  test('ends waiting for bytes that do not come', async () => {
    const never = spool('<pipe>', {
      async *[Symbol.asyncIterator]() {
        yield text('a,b\n1,2\n');
        await new Promise(() => {});
      },
    });
    const controller = new AbortController();
    const stream = never.stream(controller.signal)[Symbol.asyncIterator]();
    await stream.next();
    setTimeout(() => controller.abort(new Error('enough')), 5);
    await expect(stream.next()).rejects.toThrow('enough');
  });
});

describe('gzip', () => {
  const bytes = text('a,b\n1,2\n3,4\n');
  const collect = async (stream: AsyncIterable<Uint8Array>) => {
    const parts: Uint8Array[] = [];
    for await (const part of stream) parts.push(part);
    return Buffer.concat(parts).toString();
  };

  test('by its first bytes, whatever the name', async () => {
    for (const name of ['t.csv', 't.csv.gz', 't', 't.gz']) {
      const { columns, table } = await read(file(name, gzipSync(bytes)));
      expect(columns).toEqual([
        ['1', '3'],
        ['2', '4'],
      ]);
      expect(table.progress.read).toBe(table.progress.total);
    }
  });

  test('members that follow one another, wherever the bytes are cut', async () => {
    const members = Buffer.concat([gzipSync(bytes), gzipSync('5,6\n'), gzipSync('')]);
    for (const cut of [...cuts(members), byteByByte(members)]) {
      expect(await collect(gunzip(cut))).toBe('a,b\n1,2\n3,4\n5,6\n');
    }
  });

  test('an end that comes too early, at each byte', async () => {
    const packed = gzipSync(bytes);
    for (let length = 2; length < packed.length; length++) {
      const stream = gunzip(inParts([packed.subarray(0, length)], 'x.gz'));
      await expect(collect(stream)).rejects.toThrow('x.gz: the gzip data end too early: copy or download it anew');
    }
  });

  test('what follows is refused, wherever the bytes are cut', async () => {
    for (const cut of cuts(Buffer.concat([gzipSync(bytes), text('garbage')]))) {
      await expect(collect(gunzip(cut))).rejects.toThrow(
        /<parts>: (something else follows the gzip data|the gzip data are damaged)/,
      );
    }
  });

  test('damage', async () => {
    const packed = gzipSync(bytes);
    packed[packed.length - 6] ^= 1;
    expect(await problem(packed)).toBe('DataError: <memory>: the gzip data are damaged: copy or download it anew');
  });
});

describe('what comes once', () => {
  const run = (program: string, input: (stdin: NodeJS.WritableStream) => void) =>
    new Promise<{ out: string; err: string; code: number | null }>((resolve) => {
      const url = new URL('../../src/formats/index.ts', import.meta.url).href;
      const source = `import { openTable } from '${url}';\n${program}`;
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source]);
      let [out, err] = ['', ''];
      child.stdout.on('data', (data) => {
        out += data;
      });
      child.stderr.on('data', (data) => {
        err += data;
      });
      child.stdin.on('error', () => {}); // it may end before all was written
      child.on('close', (code) => resolve({ out, err, code }));
      input(child.stdin);
    });

  test('standard input is read again, by several at once; nothing is left of it', async () => {
    const program = `
      import { readdirSync } from 'node:fs';
      import { tmpdir } from 'node:os';
      const [one, two] = await Promise.all([openTable('-'), openTable('-')]);
      const count = async (table) => { let rows = 0; for await (const block of table.blocks()) rows += block.rows; return rows; };
      const kept = readdirSync(tmpdir()).filter((name) => name.startsWith('bitgrad-' + process.pid)).length;
      console.log(one.file, await count(one), ...await Promise.all([count(one), count(two)]), kept, process.platform);`;
    const { out, err } = await run(program, (stdin) => {
      stdin.write('a,b\n1,2\n');
      setTimeout(() => stdin.end(big.slice(4)), 20);
    });
    expect(err).toBe('');
    expect(out.trim().split(' ').slice(0, 4)).toEqual(['<stdin>', '200001', '200001', '200001']);
    if (linux) expect(out.trim().split(' ')[4]).toBe('0');
  });

  test('a pipe keeps the process alive while somebody waits for it', async () => {
    const held: string[] = [];
    let give = (_: Uint8Array) => {};
    const pipe = {
      ref: () => held.push('ref'),
      unref: () => held.push('unref'),
      async *[Symbol.asyncIterator]() {
        for (;;) yield await new Promise<Uint8Array>((resolve) => (give = resolve));
      },
    };
    const bytes = spool('<pipe>', pipe);
    const [one, two] = [1, 2].map(() => bytes.stream()[Symbol.asyncIterator]());
    const both = Promise.all([one.next(), two.next()]);
    await new Promise(setImmediate);
    expect(held).toEqual(['ref']);
    give(text('a'));
    expect((await both).map(({ value }) => String(value))).toEqual(['a', 'a']);
    expect(held).toEqual(['ref', 'unref']);
  });

  test.skipIf(process.platform === 'win32')('a pipe with a name', async () => {
    const path = join(folder, 'pipe.csv');
    execFileSync('mkfifo', [path]);
    const writer = spawn('sh', ['-c', `printf 'a,b\\n1,2\\n' > ${path}`]);
    const table = await openTable(path);
    expect((await readCells(table)).columns).toEqual([['1'], ['2']]);
    expect((await readCells(table)).columns).toEqual([['1'], ['2']]);
    writer.kill();
  });

  test('nothing is left in the folder of temporary files', () => {
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`bitgrad-${process.pid}-`))).toEqual([]);
  });
});

describe('options', () => {
  test.each([
    [
      { colour: 1 },
      '"colour" is no option of openTable: format, delimiter, encoding, header, blockRows, skipBadRows, array, features, signal are',
    ],
    [{ features: 3 }, '"features" is no option of csv, which takes delimiter, encoding, header, skipBadRows'],
    [{ delimiter: ',,' }, '"delimiter" must be one character, and neither a quote nor the end of a line, got ",,"'],
    [{ encoding: 'latin-9' }, '"encoding" must be one of utf-8, utf-16le, utf-16be, windows-1252, got "latin-9"'],
    [{ blockRows: 0 }, '"blockRows" must be an integer of 1 or more, got "0"'],
    [{ skipBadRows: -1 }, '"skipBadRows" must be an integer of 0 or more, got "-1"'],
    [{ format: 'xls' }, '"format" must be one of parquet, npy, npz, idx, arff, ndjson, libsvm, csv, got "xls"'],
    [{ header: 'yes' }, '"header" must be true or false, got "yes"'],
  ])('%j', async (options, message) => {
    expect(await problem(text('a,b\n1,2\n'), options as object)).toBe(`ValueError: ${message}`);
  });

  test('a source that is none', async () => {
    expect(await problem(5 as unknown as string)).toBe(
      'ValueError: "source" must be a path, a URL of a file, a Uint8Array or a Blob, got "5"',
    );
    expect(await problem('')).toMatch(/^ValueError: "source" must be/);
    expect(await problem(new URL('https://example.org/x.csv'))).toMatch(/^ValueError: "source" must be/);
  });
});
