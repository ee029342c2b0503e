// Tables of the tests: CSV texts in memory, read by nothing but split.

import type { Block, CellTable, ColumnType, RawCell } from '../../src/formats/table.js';

/** @param text first the names, then the rows; cells have neither quotes nor commas */
export function csv(text: string, blockRows = 50): CellTable {
  const [head, ...lines] = text.trim().split('\n');
  const names = head.split(',');
  const rows = lines.map((line) => line.split(',').map((cell) => cell.trim()));
  return memoryTable(names, 'text', rows, blockRows);
}

/** @param type of all columns */
export function memoryTable(
  names: readonly string[],
  type: ColumnType,
  rows: readonly (readonly RawCell[])[],
  blockRows = 50,
): CellTable {
  async function* blocks(): AsyncGenerator<Block> {
    for (let first = 0; first < rows.length; first += blockRows) {
      const some = rows.slice(first, first + blockRows);
      yield {
        rows: some.length,
        first,
        columns: names.map((_, j) => some.map((row) => row[j])),
        lines: some.map((_, i) => first + i + 2),
      };
    }
  }
  return {
    kind: 'cells',
    format: 'csv',
    file: 'data.csv',
    named: true,
    columns: names.map((name) => ({ name, type })),
    progress: { read: 0 },
    skipped: [],
    blocks,
  };
}

/** All of an iterable. */
export async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of from) found.push(each);
  return found;
}
