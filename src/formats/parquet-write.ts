// Parquet, by hyparquet-writer: a row group of so many rows, in the types of the first of them.

import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { DataError } from './errors.js';
import type { Encoder, Sink } from './format.js';
import type { RawCell } from './table.js';
import { shown } from './text.js';

const GROUP_CELLS = 1 << 21;
const MOST_ROWS = 100_000;

type Type = 'DOUBLE' | 'BOOLEAN' | 'STRING' | 'TIMESTAMP';

const typeOf = (cell: RawCell): Type | undefined => {
  if (cell === null) return undefined;
  if (typeof cell === 'object') return 'TIMESTAMP';
  return typeof cell === 'number' ? 'DOUBLE' : typeof cell === 'boolean' ? 'BOOLEAN' : 'STRING';
};

export function writeParquet(sink: Sink, names: readonly string[], file: string): Encoder {
  const rowsOfGroup = Math.max(1, Math.min(MOST_ROWS, Math.floor(GROUP_CELLS / names.length)));
  let group: RawCell[][] = names.map(() => []);
  let types: Type[] | undefined;
  let parquet: ParquetWriter | undefined;
  const bytes = new ByteWriter();
  let first = 0;

  async function drain(): Promise<void> {
    await sink(bytes.getBytes().slice());
    bytes.index = 0;
  }

  /** Columns of gaps alone are texts. */
  function begin(): ParquetWriter {
    types = group.map((cells) => cells.map(typeOf).find((type) => type !== undefined) ?? 'STRING');
    const columnData = names.map((name, c) => ({ name, data: [], type: types?.[c], nullable: true }));
    return new ParquetWriter({ writer: bytes, schema: schemaFromColumnData({ columnData }) });
  }

  function checkTypes(): void {
    for (const [c, cells] of group.entries()) {
      const i = cells.findIndex((cell) => cell !== null && typeOf(cell) !== types?.[c]);
      if (i < 0) continue;
      const message = `row ${first + i + 1}: ${shown(cells[i])} is no ${types?.[c]}, as those before it are`;
      throw new DataError(message, { file, column: names[c] });
    }
  }

  async function writeGroup(): Promise<void> {
    parquet ??= begin();
    checkTypes();
    const columnData = names.map((name, c) => ({ name, data: group[c] }));
    if (group[0].length > 0) await parquet.write({ columnData, rowGroupSize: rowsOfGroup });
    first += group[0].length;
    group = names.map(() => []);
    await drain();
  }

  return {
    async write(columns) {
      for (let i = 0; i < columns[0].length; i++) {
        for (let c = 0; c < columns.length; c++) group[c].push(columns[c][i]);
        if (group[0].length >= rowsOfGroup) await writeGroup();
      }
    },
    async end() {
      await writeGroup();
      await parquet?.finish();
      await drain();
    },
  };
}
