import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csv } from '../../src/formats/csv.js';
import { writeCsv } from '../../src/formats/csv-write.js';
import { byteByByte, cuts, problem, read, readCells, readText, text } from '../support/tables.js';

describe('cells', () => {
  test('quotes, doubled ones, line ends and delimiters within, gaps', async () => {
    const { columns, lines, names } = await readText('a,b,c\r\n1,"x, ""y""\r\nz",\r\n"",q,"3"\r\n');
    expect(names).toEqual(['a', 'b', 'c']);
    expect(columns).toEqual([
      ['1', null],
      ['x, "y"\r\nz', 'q'],
      [null, '3'],
    ]);
    expect(lines).toEqual([2, 4]);
  });

  test('empty lines are no rows, and count as lines', async () => {
    const { columns, lines } = await readText('\n\na,b\n\n1,2\n\r\n3,4');
    expect(columns).toEqual([
      ['1', '3'],
      ['2', '4'],
    ]);
    expect(lines).toEqual([5, 7]);
  });

  test('lines that end in a carriage return alone', async () => {
    const { columns, lines } = await readText('a,b\r1,"x\ry"\r3,4');
    expect(columns).toEqual([
      ['1', '3'],
      ['x\ry', '4'],
    ]);
    expect(lines).toEqual([2, 4]);
  });

  test('wherever the bytes are cut', async () => {
    const bytes = text('\ufeffä,b\r\n1,"x, ""€""\n\nz"\r\n2,"😀"\r\n"3"," "');
    const whole = await readCells(await csv.open(byteByByte(bytes), {}));
    expect(whole.columns).toEqual([
      ['1', '2', '3'],
      ['x, "€"\n\nz', '😀', ' '],
    ]);
    for (const cut of cuts(bytes)) {
      const { columns, lines, names } = await readCells(await csv.open(cut, {}));
      expect([names, columns, lines]).toEqual([['ä', 'b'], whole.columns, [2, 5, 6]]);
    }
  });

  test('what is written is read again', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ';', '\t', 'a', ' ', '|'), maxLength: 6 }),
      fc.constant(null),
    );
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((cols) => fc.array(fc.array(cell, { minLength: cols, maxLength: cols }), { minLength: 1, maxLength: 12 }));
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom('t.csv', 't.tsv'), async (rows, name) => {
        const names = rows[0].map((_, c) => `column ${c}`);
        const parts: Uint8Array[] = [];
        const encoder = writeCsv(async (bytes) => void parts.push(bytes), names, name);
        await encoder.write(names.map((_, c) => rows.map((row) => row[c])));
        await encoder.end();
        const delimiter = name.endsWith('tsv') ? '\t' : ',';
        const got = await read(Buffer.concat(parts), { format: 'csv', header: true, delimiter, encoding: 'utf-8' });
        expect(got.names).toEqual(names);
        // A lone surrogate has no bytes; an empty text is a gap; a NUL is none of a text's.
        const expected = (each: string | null) => (each === null || each === '' ? null : Buffer.from(each).toString());
        expect(got.columns).toEqual(names.map((_, c) => rows.map((row) => expected(row[c]))));
      }),
      { numRuns: 100 },
    );
  });
});

describe('found out', () => {
  test.each([
    ['a;b\n1,5;2\n', ';'],
    ['1,5;2,5\n3,5;4,5\n', ';'],
    ['a\tb, c\n1\t2\n', '\t'],
    ['a|b\n1|2\n', '|'],
    ['a,b\n"1;2",3\n"1;2;3",4\n', ','],
  ])('the delimiter of %j', async (content, delimiter) => {
    const { table } = await readText(content);
    const told = await readText(content, { delimiter });
    expect(table.columns).toEqual(told.table.columns);
    expect(table.columns.length).toBe(2);
  });

  test.each([
    ['a,b\n1,x\n', true],
    ['1,x\n2,y\n', false],
    ['name,city\nAnn,Rome\nBob,Oslo\n', true],
    ['Ann,Rome\nBob,Rome\nAnn,Oslo\n', false],
    ['150,4,setosa\n5.1,3.5,0\n4.9,3.0,1\n', true],
    ['NA,1\n2,3\n', false],
    ['a,b\n', true],
    ['1,2\n', false],
  ])('whether %j has a header', async (content, named) => {
    expect((await readText(content)).table.named).toBe(named);
    const rows = content.split('\n').length - 1;
    expect((await readText(content, { header: false })).columns[0].length).toBe(rows);
    if (named) expect((await readText(content, { header: true })).columns[0].length).toBe(rows - 1);
  });

  test('names of a file without: c0, c1', async () => {
    expect((await readText('1,2\n3,4\n')).names).toEqual(['c0', 'c1']);
  });

  test.each(['utf-16le', 'utf-16be'] as const)('%s by its mark, or told', async (encoding) => {
    const bytes = Buffer.from('\ufeffä,b\n1,"😀\n"\n', 'utf16le');
    const marked = encoding === 'utf-16le' ? bytes : Buffer.from(bytes).swap16();
    for (const [source, options] of [
      [marked, {}] as const,
      [marked.subarray(2), { encoding, format: 'csv' }] as const,
    ]) {
      const { names, columns, lines } = await read(source, options);
      expect([names, columns, lines]).toEqual([['ä', 'b'], [['1'], ['😀\n']], [2]]);
    }
  });

  test('windows-1252 is what is no UTF-8', async () => {
    const { names, columns } = await read(Buffer.from([0xe4, 0x2c, 0x62, 10, 0x80, 0x2c, 0x31, 10]));
    expect([names, columns]).toEqual([
      ['ä', 'b'],
      [['€'], ['1']],
    ]);
  });

  test('bytes that are no UTF-8 behind the sample are named', async () => {
    const bytes = Buffer.concat([text(`a,b,c\n${'1,2,3\n'.repeat(210_000)}`), Buffer.from([0x31, 0x2c, 0xe4, 10])]);
    expect(await problem(bytes)).toBe(
      "DataError: <memory>:210002: bytes that are no UTF-8: name the encoding, 'windows-1252' if it is that",
    );
  });
});

describe('what is wrong', () => {
  test.each([
    ['a,b\n1,2\n3\n', '3: 1 cell, where there are 2 columns: mend the row, or leave it out'],
    ['a,b\n1,2,3\n', '2: 3 cells, where there are 2 columns: mend the row, or leave it out'],
    ['a,b\n1,"2\n3,4\n', '2: a quote is opened and never closed: close it, or double quotes that belong to the text'],
    ['a,b\n5\'11",2\n', '2: a quote in the midst of a cell: quote the whole cell, and double the quote'],
    ['a,b\nx"y"z,2\n', '2: a quote in the midst of a cell: quote the whole cell, and double the quote'],
    ['a,b\n"x"y,2\n', '2: something follows a closing quote: double quotes that belong to the text'],
    ['a,a\n1,2\n', '1: columns 1 and 2 are both called "a": rename one'],
    ['a,\n1,2\n', '1: column 2 of 2 has no name: give it one'],
  ])('%j', async (content, message) => {
    expect(await problem(text(content), { delimiter: ',', header: true })).toBe(`DataError: <memory>:${message}`);
  });

  test('a NUL byte, with its line', async () => {
    expect(await problem(text('a,b\n1,2\n3,\0\n'))).toMatch(/^ValueError|^DataError/);
    expect(await problem(text('a,b\n1,2\n3,\0\n'), { format: 'csv' })).toMatch(
      /<memory>:3: a NUL byte: this is no utf-8/,
    );
  });

  test('nothing at all, and nothing but empty lines', async () => {
    for (const content of ['', '\n\r\n', '\ufeff']) {
      expect(await problem(text(content), { format: 'csv' })).toBe(
        'DataError: <memory>: the file is empty: rows were expected',
      );
    }
  });

  test('a header alone is a table of no rows', async () => {
    const { columns, names } = await readText('a,b\n');
    expect([names, columns]).toEqual([
      ['a', 'b'],
      [[], []],
    ]);
  });

  test('a line, and a quoted row, beyond the limit', async () => {
    const long = Buffer.alloc(17 * 2 ** 20, 'x');
    const head = text('a,b\n1,2\n');
    const options = { format: 'csv', delimiter: ',', header: true };
    expect(await problem(Buffer.concat([head, long]), options)).toBe(
      'DataError: <memory>:3: a row of more than 16 MiB, the limit: is this a text, with ends of lines?',
    );
    const lines = Buffer.alloc(17 * 2 ** 20, 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n');
    expect(await problem(Buffer.concat([head, text('1,"'), lines]), options)).toBe(
      'DataError: <memory>:3: a row of more than 16 MiB, the limit: is a quote opened here and never closed?',
    );
  });
});

test('messages are one line: long names and odd ones are shown in part, or escaped', async () => {
  const long = 'x'.repeat(100);
  expect(await problem(text(`${long},${long}\n1,2\n`), { header: true })).toBe(
    `DataError: <memory>:1: columns 1 and 2 are both called "${'x'.repeat(60)}...": rename one`,
  );
  expect(await problem(text('{"a\\n\\u202e":{}}\n'), { format: 'ndjson' })).toMatch(
    /^DataError: <memory>:1:column a\\n\\u\{202e\}: an object/,
  );
});

describe('skipBadRows', () => {
  const content = 'a,b,c\n1,2,3\n4,"5\nx",6\n7,8\n9,"1"0,3\n3,5\'11",2\n1,"open,2\n1,2,3\n';

  test('leaves out so many, and says which', async () => {
    const { columns, lines, table } = await readText(content, { skipBadRows: 4 });
    expect(columns[0]).toEqual(['1', '4', '1']);
    expect(lines).toEqual([2, 3, 9]);
    expect(table.skipped.map(({ line }) => line)).toEqual([5, 6, 7, 8]);
    expect(table.skipped[0].message).toMatch(/^2 cells/);
  });

  test('and no more', async () => {
    expect(await problem(text(content), { skipBadRows: 2 })).toBe(
      'DataError: <memory>:7: a quote in the midst of a cell: quote the whole cell, and double the quote (2 bad rows were left out before it)',
    );
  });

  test('wherever the bytes are cut', async () => {
    for (const cut of cuts(text(content))) {
      const { lines, table } = await readCells(await csv.open(cut, { skipBadRows: 4, header: true, delimiter: ',' }));
      expect([lines, table.skipped.map(({ line }) => line)]).toEqual([
        [2, 3, 9],
        [5, 6, 7, 8],
      ]);
    }
  });

  test('a pass begins anew', async () => {
    const { table } = await readText(content, { skipBadRows: 4 });
    expect((await readCells(table)).table.skipped.length).toBe(4);
  });

  test('thousands of rows that open a quote take no time to speak of', async () => {
    const rows = Array.from({ length: 2000 }, (_, i) => `${i},"x`).join('\n');
    const { columns, table } = await readText(`a,b\n${rows}\n`, { skipBadRows: 2000, header: true, delimiter: ',' });
    expect(columns[0].length + table.skipped.length).toBe(2000);
  });
});

test('blocks: 8192 rows, fewer of many columns, or as told', async () => {
  const rows = (count: number, cols: number) =>
    `${Array.from({ length: cols }, (_, c) => `n${c}`).join()}\n${`${new Array(cols).fill('1').join()}\n`.repeat(count)}`;
  expect((await readText(rows(8193, 1))).blocks).toBe(2);
  expect((await readText(rows(64, 1024))).blocks).toBe(2);
  expect((await readText(rows(10, 2), { blockRows: 3 })).blocks).toBe(4);
});
