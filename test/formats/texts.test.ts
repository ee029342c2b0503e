// NDJSON, ARFF, libsvm.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arff } from '../../src/formats/arff.js';
import { openTable } from '../../src/formats/index.js';
import { libsvm } from '../../src/formats/libsvm.js';
import { ndjson } from '../../src/formats/ndjson.js';
import { writeNdjson } from '../../src/formats/ndjson-write.js';
import type { OpenOptions, OpenTable } from '../../src/formats/table.js';
import { byteByByte, cuts, problem, read, readCells, readText, text } from '../support/tables.js';

const fixtures = JSON.parse(readFileSync(new URL('../fixtures/formats.json', import.meta.url), 'utf8'));

describe('NDJSON', () => {
  test('members in any order, gaps, empty lines', async () => {
    const { table, columns, lines } = await readText(
      '{"a":1,"b":"x","c":true}\n\n{"c":null,"a":2.5}\r\n{"d":"é","b":""}',
    );
    expect(table.columns).toEqual([
      { name: 'a', type: 'number' },
      { name: 'b', type: 'string' },
      { name: 'c', type: 'boolean' },
      { name: 'd', type: 'string' },
    ]);
    expect(columns).toEqual([
      [1, 2.5, null],
      ['x', null, ''],
      [true, null, null],
      [null, null, 'é'],
    ]);
    expect(lines).toEqual([1, 3, 4]);
  });

  test('arrays; columns of several types, and of gaps alone, are texts', async () => {
    const { table, columns } = await readText('[1,2,null]\n[3,"x",null]\n');
    expect(table.named).toBe(false);
    expect(table.columns.map(({ name, type }) => [name, type])).toEqual([
      ['c0', 'number'],
      ['c1', 'text'],
      ['c2', 'text'],
    ]);
    expect(columns).toEqual([
      [1, 3],
      ['2', 'x'],
      [null, null],
    ]);
  });

  test('names that objects have already', async () => {
    const { names, columns } = await readText('{"__proto__":1,"constructor":2}\n{"toString":3}\n');
    expect(names).toEqual(['__proto__', 'constructor', 'toString']);
    expect(columns).toEqual([
      [1, null],
      [2, null],
      [null, 3],
    ]);
  });

  test.each([
    [
      '{"a":{"b":1}}\n',
      '1:column a: an object within a row: only numbers, texts, booleans and null are read; give it columns of its own',
    ],
    [
      '{"a":1}\n{"a":[1]}\n',
      '2:column a: an array within a row: only numbers, texts, booleans and null are read; give it columns of its own',
    ],
    ['{"a":1}\n{"a":\n', '2: "{"a":" is no JSON: every line must be an object, or an array'],
    ['{"a":1}\n[1]\n', '2: an array, where the first line is an object'],
    ['[1]\n[1,2]\n', '2: 2 cells, where there is 1 column'],
    ['5\n', '1: "5": every line must be an object, or an array'],
    ['\n', ' the file is empty: rows were expected'],
    ['{}\n', '1: the first row has no members: columns were expected'],
    ['{"":1}\n', '1: column 1 of 1 has no name: give it one'],
  ])('%j is refused', async (content, message) => {
    expect(await problem(text(content), { format: 'ndjson' })).toBe(`DataError: <memory>:${message}`);
  });

  test.each([
    ['{"b":1}', '40001: "b" is no column: none of the first rows has it'],
    ['{"a":"x"}', '40001:column a: "x" is a string, where the first rows have numbers: make them the same'],
  ])('%j is refused after thousands of others', async (line, message) => {
    const content = `${'{"a":1}\n'.repeat(40_000)}${line}\n`;
    expect(await problem(text(content))).toBe(`DataError: <memory>:${message}`);
  });

  test('rows that are left out', async () => {
    const { columns, table } = await readText('{"a":1}\nx\n{"a":{}}\n{"a":2}\n', { format: 'ndjson', skipBadRows: 2 });
    expect(columns).toEqual([[1, 2]]);
    expect(table.skipped.map(({ line }) => line)).toEqual([2, 3]);
  });

  test('wherever the bytes are cut', async () => {
    const bytes = text('{"ä":1,"b":"x\\n"}\r\n\n{"b":"€😀"}');
    for (const source of [...cuts(bytes), byteByByte(bytes)]) {
      const { names, columns, lines } = await readCells(await ndjson.open(source, {}));
      expect([names, columns, lines]).toEqual([
        ['ä', 'b'],
        [
          [1, null],
          ['x\n', '€😀'],
        ],
        [1, 3],
      ]);
    }
  });

  test('what is written is read again', async () => {
    const columns = fc.record({
      numbers: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Object.is(x, -0)),
      texts: fc.string({ unit: 'grapheme', maxLength: 10 }),
      booleans: fc.boolean(),
      gaps: fc.option(fc.integer()),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(columns, { minLength: 1, maxLength: 8 }), async (rows) => {
        const names = Object.keys(rows[0]) as (keyof (typeof rows)[0])[];
        const given = names.map((name) => rows.map((row) => row[name]));
        const parts: Uint8Array[] = [];
        await writeNdjson(async (bytes) => void parts.push(bytes), names, 'x').write(given);
        expect((await read(Buffer.concat(parts), { format: 'ndjson' })).columns).toEqual(given);
      }),
      { numRuns: 50 },
    );
  });
});

describe('ARFF', () => {
  test('what SciPy reads', async () => {
    const { table, names, columns } = await readText(fixtures.arff.text);
    expect(table.format).toBe('arff');
    expect(names).toEqual(Object.keys(fixtures.arff.columns));
    expect(columns).toEqual(Object.values(fixtures.arff.columns));
    const categories = table.columns.flatMap(({ name, categories }) => (categories ? [[name, categories]] : []));
    expect(Object.fromEntries(categories)).toEqual(fixtures.arff.categories);
  });

  const head =
    "@relation x\n@attribute 'a b' numeric\n@attribute c {'x y',\"it's\",z} % one of three\n@attribute s string\n@data\n";

  test('quotes of either kind, a question mark that is none, sparse rows', async () => {
    const { names, columns, lines } = await readText(
      `${head}1,'x y','?'\n% no row\n{1 z, 2 'q\\'r, s'}\n?,"it's",? % c\n{}\n`,
    );
    expect(names).toEqual(['a b', 'c', 's']);
    expect(columns).toEqual([
      [1, 0, null, 0],
      ['x y', 'z', "it's", 'x y'],
      ['?', "q'r, s", null, ''],
    ]);
    expect(lines).toEqual([6, 8, 9, 10]);
  });

  test('wherever the bytes are cut', async () => {
    for (const cut of cuts(text(`${head}1,z,'ä'\n2,z,b\n`))) {
      expect((await readCells(await arff.open(cut, {}))).columns).toEqual([
        [1, 2],
        ['z', 'z'],
        ['ä', 'b'],
      ]);
    }
  });

  test.each([
    [`${head}1,z\n`, '6: 2 cells, where there are 3 attributes'],
    [`${head}x,z,s\n`, '6:column a b: "x" is no number'],
    [`${head}1,q,s\n`, '6:column c: "q" is none of its values, which are declared'],
    [
      `${head}1,'z,s\n`,
      '6: a quote that is never closed, or something beside a quoted cell: put the whole cell in quotes',
    ],
    [`${head}{1 z, 0 3}\n`, '6: index 0: indices must ascend, from 0 to 2'],
    [`${head}{0 1}, {2}\n`, '6: a sparse row must be {index value, index value, ...}, without a weight'],
    [
      "@relation x\n@attribute d date 'yyyy'\n@data\n",
      '2: "d" is a date, which is not read: turn it into numbers (a year, a day)',
    ],
    ['@relation x\n@attribute r relational\n', '2: "r" is "relational": numeric, string and {values} are read'],
    ['@relation x\n@data\n', '2: @data, and no @attribute before it'],
    ['@relation x\n@attribute a numeric\n1\n', '3: "1" before @data: @attribute was expected'],
    [
      '@relation x\n@attribute a numeric\n@attribute a numeric\n@data\n',
      ' columns 1 and 2 are both called "a": rename one',
    ],
    ['@relation x\n@attribute a numeric\n', ' there is no @data: this is no ARFF, or it is cut off'],
  ])('%j is refused', async (content, message) => {
    expect(await problem(text(content))).toBe(`DataError: <memory>:${message}`);
  });
});

describe('libsvm', () => {
  const rowsOf = async (table: OpenTable) => {
    if (table.kind !== 'sparse') throw new Error('cells');
    const [entries, y, lines]: [number[][], number[], number[]] = [[], [], []];
    for await (const { X, y: labels, lines: at, rows, first } of table.blocks()) {
      expect([X.rows, X.cols, labels.length, first]).toEqual([rows, table.cols, rows, y.length]);
      const { indptr, indices, data } = X.toCSR();
      for (let i = 0; i < rows; i++) {
        for (let e = indptr[i]; e < indptr[i + 1]; e++) entries.push([first + i, indices[e], data[e]]);
      }
      y.push(...labels);
      lines.push(...Array.from(at ?? []));
    }
    return { entries, y, lines };
  };
  const sparse = async (content: string, options: OpenOptions = {}) => {
    const table = await openTable(text(content), { format: 'libsvm', ...options });
    return { table, ...(await rowsOf(table)) };
  };

  test.each(Object.keys(fixtures.libsvm))('what scikit-learn reads: %s', async (name) => {
    const { text: content, X, y } = fixtures.libsvm[name];
    const [rows, cols, indptr, indices, data] = X;
    for (const blockRows of [1, 2, 8192]) {
      const got = await sparse(content, { blockRows });
      const expected: number[][] = [];
      for (let i = 0; i < rows; i++) {
        for (let e = indptr[i]; e < indptr[i + 1]; e++) expected.push([i, indices[e], data[e]]);
      }
      expect([got.table.kind === 'sparse' && got.table.cols, got.entries, got.y]).toEqual([cols, expected, y]);
      expect(got.table.rows).toBe(rows);
    }
  });

  test('is told by its first line', async () => {
    expect((await openTable(text('# hi\n1 qid:3 0:0.5 3:2\n'))).format).toBe('libsvm');
  });

  test('as many columns as are asked for, or a row that has more', async () => {
    const { table } = await sparse('1 1:1\n', { features: 5 });
    expect(table.kind === 'sparse' && table.cols).toBe(5);
    await expect(sparse('1 1:1\n2 7:1\n', { features: 5 })).rejects.toThrow(
      '<memory>:2: index 7 lies outside of the 5 columns',
    );
  });

  test('wherever the bytes are cut', async () => {
    for (const cut of cuts(text('1 1:0.5 3:2 # ä\n\n-1 2:1'))) {
      const { y, lines } = await rowsOf(await libsvm.open(cut, {}));
      expect([y, lines]).toEqual([
        [1, -1],
        [1, 3],
      ]);
    }
  });

  test.each([
    ['1 1:1\nx 1:1\n', '2: the label "x" is no number'],
    ['1,2 1:1\n', '1: the label "1,2" is several: one number is read'],
    ['1 2:1 1:1\n', '1: index 1 comes after 2: indices must ascend'],
    ['1 1:1 1:2\n', '1: index 1 comes after 1: indices must ascend'],
    ['1 1:x\n', '1: "1:x" is no index:value'],
    ['1 a\n', '1: "a" is no index:value'],
    ['1 -1:1\n', '1: "-1:1" is no index:value'],
    ['1 99999999999:1\n', '1: the index "99999999999" is too large: 2147483646 is the greatest'],
    ['# nothing\n', ' the file is empty: rows were expected'],
  ])('%j is refused', async (content, message) => {
    expect(await problem(text(content), { format: 'libsvm' })).toBe(`DataError: <memory>:${message}`);
  });

  test('rows that are left out', async () => {
    const { y, table } = await sparse('1 1:1\nx\n2 2:2\n', { skipBadRows: 1 });
    expect([y, table.skipped.map(({ line }) => line)]).toEqual([[1, 2], [2]]);
  });
});
