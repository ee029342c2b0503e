// CSV and its kin: RFC 4180, with the delimiter, the encoding and the header found out.

import { type BadRows, Blocks, rowsOfCells } from './blocks.js';
import { type Dialect, findDialect } from './csv-dialect.js';
import { RowReader } from './csv-rows.js';
import { writeCsv } from './csv-write.js';
import { DataError } from './errors.js';
import type { Format } from './format.js';
import { markOf, readLines } from './lines.js';
import { checkNames, namesOf } from './names.js';
import { cellTable } from './opened.js';
import type { Bytes } from './source.js';
import type { Block, CellTable, OpenOptions } from './table.js';
import { count, thereAre } from './text.js';

async function* readBlocks(
  source: Bytes,
  { kind, delimiter, header }: Dialect,
  cols: number,
  bad: BadRows,
  options: OpenOptions,
): AsyncGenerator<Block> {
  const { signal } = options;
  const blocks = new Blocks(cols, rowsOfCells(cols, options));
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
          `${count(cells.length, 'cell')}, where ${thereAre(cols, 'column')}: mend the row, or leave it out`,
        );
        return;
      }
      blocks.add(
        cells.map((cell) => (cell === '' ? null : cell)),
        line,
      );
    },
    bad: (line, message) => bad.add(line, message),
  });
  for await (const { lines, first } of readLines(source, kind, signal)) {
    reader.read(lines, first);
    for (const block of blocks.ready()) {
      yield block;
      signal?.throwIfAborted();
    }
  }
  reader.end();
  yield* blocks.rest();
}

async function open(source: Bytes, options: OpenOptions): Promise<CellTable> {
  const { file } = source;
  const dialect = await findDialect(source, options);
  const { header, first, line } = dialect;
  if (!first) throw new DataError('the file is empty: rows were expected', { file });
  const names = header ? first : namesOf(first.length, file);
  if (header) checkNames(names, file, line);
  const about = { format: 'csv', named: header, columns: names.map((name) => ({ name, type: 'text' as const })) };
  return cellTable(source, options, about, (bad) => readBlocks(source, dialect, names.length, bad, options));
}

/** Anything that is a text, and no more than that: it is the last to be asked. */
function looksLikeText(head: Uint8Array): boolean {
  if (markOf(head)) return true;
  return !head.some((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13);
}

export const csv: Format = {
  name: 'csv',
  what: 'cells between delimiters, a row a line',
  extensions: ['csv', 'tsv', 'tab', 'txt'],
  sniff: looksLikeText,
  options: ['delimiter', 'encoding', 'header', 'skipBadRows'],
  open,
  write: writeCsv,
};
