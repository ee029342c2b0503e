// CSV and its kin: RFC 4180, with the delimiter, the encoding and the header found out.

import { BadRows, Blocks, rowsOfBlock } from './blocks.js';
import { type Dialect, findDialect } from './csv-dialect.js';
import { RowReader } from './csv-rows.js';
import { DataError } from './errors.js';
import type { Format } from './format.js';
import { readLines } from './lines.js';
import { checkNames, namesOf } from './names.js';
import type { Bytes } from './source.js';
import type { Block, CellTable, OpenOptions } from './table.js';
import { count } from './text.js';

async function* readBlocks(
  source: Bytes,
  { kind, delimiter, header }: Dialect,
  cols: number,
  bad: BadRows,
  options: OpenOptions,
): AsyncGenerator<Block> {
  const { signal } = options;
  const blocks = new Blocks(cols, rowsOfBlock(cols, options));
  const ready: Block[] = [];
  let named = !header;
  const reader = new RowReader(delimiter, kind.newline, {
    row(cells, line) {
      if (!named) {
        named = true;
        return;
      }
      if (cells.length !== cols) {
        bad.add(
          line,
          `${count(cells.length, 'cell')}, where there are ${count(cols, 'column')}: mend the row, or leave it out`,
        );
        return;
      }
      blocks.add(
        cells.map((cell) => (cell === '' ? null : cell)),
        line,
      );
      if (blocks.full) ready.push(blocks.take());
    },
    bad: (line, message) => bad.add(line, message),
  });
  for await (const { lines, first } of readLines(source, kind, signal)) {
    reader.read(lines, first);
    for (const block of ready.splice(0)) {
      yield block;
      signal?.throwIfAborted();
    }
  }
  reader.end();
  yield* ready;
  yield* blocks.rest();
}

async function open(source: Bytes, options: OpenOptions): Promise<CellTable> {
  const { file } = source;
  const dialect = await findDialect(source, options);
  const { header, first, line } = dialect;
  if (!first) throw new DataError('the file is empty: rows were expected', { file });
  const names = header ? first : namesOf(first.length);
  if (header) checkNames(names, file, line);
  let bad = new BadRows(file, 0);
  return {
    kind: 'cells',
    format: 'csv',
    file,
    named: header,
    columns: names.map((name) => ({ name, type: 'text' })),
    get progress() {
      return { read: source.read, total: source.size };
    },
    get skipped() {
      return bad.list;
    },
    blocks() {
      bad = new BadRows(file, options.skipBadRows ?? 0);
      return readBlocks(source, dialect, names.length, bad, options);
    },
  };
}

export const csv: Format = {
  name: 'csv',
  what: 'cells between delimiters, a row a line',
  extensions: ['csv', 'tsv', 'tab', 'txt'],
  options: ['delimiter', 'encoding', 'header', 'skipBadRows'],
  open,
};
