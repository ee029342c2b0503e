// NPY, NPZ, IDX, Parquet.

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { idx } from '../../src/formats/idx.js';
import { openTable } from '../../src/formats/index.js';
import { npy } from '../../src/formats/npy.js';
import { writeParquet } from '../../src/formats/parquet-write.js';
import { byteByByte, cuts, problem, read, readCells } from '../support/tables.js';

const fixtures = JSON.parse(readFileSync(new URL('../fixtures/formats.json', import.meta.url), 'utf8'));
const bytesOf = ({ base64 }: { base64: string }) => Buffer.from(base64, 'base64');

describe('NPY', () => {
  test.each(Object.keys(fixtures.npy))('as NumPy saves it: %s', async (name) => {
    const fixture = fixtures.npy[name];
    for (const blockRows of [1, 3, 8192]) {
      const { table, columns } = await read(bytesOf(fixture), { blockRows });
      expect(columns).toEqual(fixture.columns);
      expect([table.format, table.rows, table.named]).toEqual(['npy', columns[0].length, false]);
      expect(table.columns[0].type).toBe(name.includes('b1') ? 'boolean' : 'number');
    }
    expect((await read(gzipSync(bytesOf(fixture)))).columns).toEqual(fixture.columns);
  });

  test('wherever the bytes are cut', async () => {
    const fixture = fixtures.npy['>i2 C'];
    const bytes = bytesOf(fixture);
    for (const cut of [...cuts(bytes), byteByByte(bytes)]) {
      expect((await readCells(await npy.open(cut, {}))).columns).toEqual(fixture.columns);
    }
  });

  const header = (text: string, data: Uint8Array = new Uint8Array()) => {
    const length = Buffer.alloc(2);
    length.writeUInt16LE(text.length);
    return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(text), data]);
  };
  const array = (descr: string, shape: string, data?: Uint8Array, fortran = 'False') =>
    header(`{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': (${shape}), }\n`, data);

  test.each([
    [
      array("'<U3'", '2,'),
      `its numbers are stored as "'<U3'": save them as one of f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1`,
    ],
    [
      array("[('x', '<f4')]", '2,'),
      `its numbers are stored as "[('x', '<f4')]": save them as one of f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1`,
    ],
    [
      array("'<f2'", '2,'),
      `its numbers are stored as "'<f2'": save them as one of f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1`,
    ],
    [array("'<f4'", ''), 'it holds one number, and no rows: save an array of one axis or more'],
    [array("'<f4'", '2, 0'), 'its rows have no columns'],
    [array("'<f4'", '2, 99999999999'), 'it says that it has 99999999999 columns: 1048576 is the most that is read'],
    [
      array("'|u1'", '2, 2', Buffer.from([1, 2, 3])),
      'its beginning says 2 rows of 2 numbers, but it ends in row 2: copy or download it anew',
    ],
    [
      array("'|u1'", '2, 2', Buffer.from([1, 2, 3, 4, 5])),
      'its beginning says 2 rows of 2 numbers, but it goes on: copy or download it anew',
    ],
    [
      array("'|u1'", '2, 2', Buffer.from([1, 2, 3]), 'True'),
      'its beginning says 2 rows of 2 numbers, but it has 72 bytes: copy or download it anew',
    ],
    [
      array("'|u1'", '1, 2, 2', Buffer.from([1, 2, 3, 4]), 'True'),
      'it has 3 axes in the order of Fortran: save numpy.ascontiguousarray of it',
    ],
    [
      header('nonsense'),
      'its numbers are stored as "nothing": save them as one of f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1',
    ],
    [Buffer.from('\x93NUMPY\x01\x00\xff\xff{', 'latin1'), 'its header is cut off: copy or download it anew'],
    [Buffer.from('\x93NUMPY\x01', 'latin1'), 'its header is cut off: copy or download it anew'],
    [Buffer.from('no'), 'this is no NPY file: it does not begin as one'],
  ])('what is damaged is refused: %#', async (bytes, message) => {
    expect(await problem(bytes, { format: 'npy' })).toBe(`DataError: <memory>: ${message}`);
  });

  test('integers that no double has', async () => {
    const data = new BigInt64Array([1n, 2n ** 53n]);
    const bytes = array("'<i8'", '2,', new Uint8Array(data.buffer));
    expect(await problem(bytes)).toBe(
      'DataError: <memory>:column c0: row 2: 9007199254740992 is more than a double holds exactly (2^53): store it as a float',
    );
  });
});

describe('NPZ', () => {
  test.each(Object.keys(fixtures.npz))('as NumPy saves it: %s', async (name) => {
    const { arrays } = fixtures.npz[name];
    const bytes = bytesOf(fixtures.npz[name]);
    for (const array of Object.keys(arrays)) {
      const { table, columns } = await read(bytes, { array });
      expect([table.format, columns]).toEqual(['npz', arrays[array]]);
    }
    expect(await problem(bytes)).toBe('DataError: <memory>: say which array: it has "X", "y"');
    expect(await problem(bytes, { array: 'z' })).toBe('DataError: <memory>: there is no array "z": it has "X", "y"');
    expect(await problem(bytes.subarray(0, 100), { array: 'X' })).toMatch(/^DataError: <memory>: .*anew$/);
  });

  test('a zip of something else', async () => {
    const empty = Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1');
    expect(await problem(empty, { format: 'npz' })).toBe('DataError: <memory>: there is no array (.npy) in it');
  });
});

describe('IDX', () => {
  const file = (type: number, sizes: number[], data: Uint8Array) => {
    const head = Buffer.alloc(4 + 4 * sizes.length);
    head.set([0, 0, type, sizes.length]);
    for (const [i, size] of sizes.entries()) head.writeUInt32BE(size, 4 + 4 * i);
    return Buffer.concat([head, data]);
  };
  const images = file(8, [3, 2, 2], Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255]));

  test('images and labels', async () => {
    for (const cut of cuts(images)) {
      const { names, columns } = await readCells(await idx.open(cut, { blockRows: 2 }));
      expect(names).toEqual(['p0', 'p1', 'p2', 'p3']);
      expect(columns).toEqual([
        [1, 5, 9],
        [2, 6, 10],
        [3, 7, 11],
        [4, 8, 255],
      ]);
    }
    const labels = await read(gzipSync(file(8, [3], Buffer.from([7, 0, 9]))));
    expect([labels.names, labels.columns, labels.table.rows]).toEqual([['label'], [[7, 0, 9]], 3]);
  });

  test('other numbers', async () => {
    const floats = Buffer.alloc(8);
    floats.writeFloatBE(1.5);
    floats.writeFloatBE(-2, 4);
    expect((await read(file(13, [2], floats))).columns).toEqual([[1.5, -2]]);
    expect((await read(file(11, [1], Buffer.from([0xff, 0xfe])))).columns).toEqual([[-2]]);
  });

  test.each([
    [images.subarray(0, 20), 'its beginning says 3 rows of 4 numbers, but it ends in row 2: copy or download it anew'],
    [
      Buffer.concat([images, images]),
      'its beginning says 3 rows of 4 numbers, but it goes on: copy or download it anew',
    ],
    [images.subarray(0, 10), 'its header is cut off: copy or download it anew'],
    [file(8, [3, 0], new Uint8Array()), 'its rows have no columns'],
    [
      file(8, [1, 4294967295, 4294967295], new Uint8Array()),
      'it says that it has 18446744065119617000 columns: 1048576 is the most that is read',
    ],
    [Buffer.from([0]), 'this is no IDX file: it does not begin as one'],
  ])('what is damaged is refused: %#', async (bytes, message) => {
    expect(await problem(bytes, { format: 'idx' })).toBe(`DataError: <memory>: ${message}`);
  });
});

describe('Parquet', () => {
  const written = async (columns: Parameters<ReturnType<typeof writeParquet>['write']>[0], pieces = 1) => {
    const parts: Uint8Array[] = [];
    const names = columns.map((_, c) => `column ${c}`);
    const encoder = writeParquet(async (bytes) => void parts.push(bytes), names, 't.parquet');
    const rows = columns[0].length;
    for (let i = 0; i < pieces; i++) {
      const cut = (at: number) => Math.floor((rows * at) / pieces);
      await encoder.write(columns.map((cells) => Array.from(cells).slice(cut(i), cut(i + 1))));
    }
    await encoder.end();
    return Buffer.concat(parts);
  };

  test('what is written is read again', async () => {
    const row = fc.record({
      numbers: fc.option(fc.double()),
      texts: fc.option(fc.string({ unit: 'grapheme' })),
      booleans: fc.option(fc.boolean()),
      dates: fc.option(fc.date({ noInvalidDate: true, min: new Date(-8e12), max: new Date(8e12) })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        const names = ['numbers', 'texts', 'booleans', 'dates'] as const;
        const given = names.map((name) => rows.map((each) => each[name]));
        const { columns, table } = await read(await written(given, 2));
        expect(columns).toEqual(given);
        expect(table.rows).toBe(rows.length);
      }),
      { numRuns: 50 },
    );
  });

  test('many rows, in blocks', async () => {
    const rows = 60_000;
    const numbers = Float64Array.from({ length: rows }, (_, i) => i / 2);
    const bytes = await written([numbers, Array.from(numbers, (x) => `t${x % 7}`)]);
    const { columns, blocks, table } = await read(bytes);
    expect(blocks).toBe(8);
    expect(table.columns.map(({ type }) => type)).toEqual(['number', 'string']);
    expect([columns[0].length, columns[0][rows - 1], columns[1][rows - 1]]).toEqual([
      rows,
      (rows - 1) / 2,
      `t${((rows - 1) / 2) % 7}`,
    ]);
    expect((await read(gzipSync(bytes))).columns[0]).toEqual(columns[0]);
    expect(table.progress.read).toBe(bytes.length > table.progress.read ? table.progress.read : bytes.length);
  });

  const made = (columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData']) =>
    new Uint8Array(parquetWriteBuffer({ columnData }));

  test('integers of 64 bits are numbers, or refused', async () => {
    const { columns } = await read(made([{ name: 'n', data: [1n, null, -5n], type: 'INT64' }]));
    expect(columns).toEqual([[1, null, -5]]);
    expect(await problem(made([{ name: 'n', data: [1n, 2n ** 60n], type: 'INT64' }]))).toBe(
      'DataError: <memory>:column n: row 2: 1152921504606846976 is more than a double holds exactly (2^53): store it as a float',
    );
  });

  test('what is no cell is refused by name', async () => {
    expect(await problem(made([{ name: 'j', data: [{ a: 1 }], type: 'JSON' }]))).toMatch(
      /^DataError: <memory>:column j: it is "JSON": numbers/,
    );
  });

  test('what is damaged', async () => {
    const bytes = await written([[1, 2, 3]]);
    expect(await problem(bytes.subarray(0, bytes.length - 5))).toMatch(
      /^DataError: <memory>: its Parquet cannot be read: /,
    );
    expect(await problem(Buffer.from('PAR1'))).toMatch(/^DataError: <memory>: its Parquet cannot be read: /);
    for (let at = 0; at < bytes.length; at += 7) {
      const spoilt = Buffer.from(bytes);
      spoilt[at] ^= 0x55;
      // It may be read, if it is a bit of a number: what it may not do is to fail in any other way.
      expect(await problem(spoilt, { format: 'parquet' })).toMatch(/^(DataError: <memory>:|nothing)/);
    }
  });

  test('cells of several types are not written', async () => {
    await expect(written([[1, 'x']])).rejects.toThrow(
      't.parquet:column column 0: row 2: "x" is no DOUBLE, as those before it are',
    );
  });

  test('no rows', async () => {
    const { columns, table } = await read(await written([[], []]));
    expect([columns, table.rows]).toEqual([[[], []], 0]);
  });
});

test('a format is told by the option, by the name, by the first bytes', async () => {
  const bytes = bytesOf(fixtures.npy['<f4 C']);
  expect((await openTable(bytes)).format).toBe('npy');
  expect((await openTable(new File([bytes], 'x.bin'))).format).toBe('npy');
  expect(await problem(new File([bytes], 'x.idx'))).toBe(
    'DataError: x.idx: this is no IDX file: it does not begin as one',
  );
  expect((await openTable(new File([bytes], 'x.idx'), { format: 'npy' })).format).toBe('npy');
  expect(await problem(Buffer.from([1, 2, 3]))).toBe(
    'DataError: <memory>: neither its name nor its beginning says what it is: name its format, one of parquet, npy, npz, idx, arff, ndjson, libsvm, csv',
  );
});
