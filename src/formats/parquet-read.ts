// Parquet: row groups, column by column, by hyparquet.

import { isDate, isFloat32Array, isFloat64Array, isInt32Array } from 'node:util/types';
import { type DecodedArray, type FileMetaData, type ParquetScan, parquetMetadataAsync, parquetScan } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { abortable } from './abort.js';
import { rowsOfNumbers } from './blocks.js';
import { DataError } from './errors.js';
import { checkNames } from './names.js';
import { cellTable } from './opened.js';
import { columnsOf } from './parquet-columns.js';
import { checkMetadata, checkPages, indexesOf } from './parquet-pages.js';
import { safe } from './rows.js';
import type { Bytes } from './source.js';
import { ranges } from './spool.js';
import type { Block, CellTable, ColumnInfo, OpenOptions, RawCell } from './table.js';
import { shown } from './text.js';

/** Cells that are decoded at once, where pages can be read by themselves. */
const MOST_CELLS = 1 << 22;

function cellsOf(data: DecodedArray, file: string, { name, type }: ColumnInfo, first: number): ArrayLike<RawCell> {
  if (isFloat64Array(data) || isFloat32Array(data) || isInt32Array(data)) return data;
  return Array.from(data as ArrayLike<unknown>, (value, i): RawCell => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'bigint') return safe(value, file, first + i, name);
    const kind = isDate(value) ? 'date' : typeof value;
    if (kind === type) return value as RawCell;
    throw new DataError(`row ${first + i + 1}: ${shown(value)} is no ${type}`, { file, column: name });
  });
}

/** Whether pages are listed: a row group need not be read whole then. */
const hasPages = ({ row_groups }: FileMetaData) =>
  row_groups.every(({ columns }) => columns.every(({ offset_index_offset }) => offset_index_offset !== undefined));

async function* readBlocks(
  scan: ParquetScan,
  file: string,
  columns: readonly ColumnInfo[],
  options: OpenOptions,
): AsyncGenerator<Block> {
  const { signal } = options;
  const most = rowsOfNumbers(columns.length, options);
  const window = hasPages(scan.metadata)
    ? Math.max(1, Math.floor(MOST_CELLS / columns.length / most)) * most
    : Infinity;
  let first = 0;
  for (const { rowStart, rowEnd } of scan.ranges) {
    for (let start = rowStart; start < rowEnd; start += window) {
      const end = Math.min(rowEnd, start + window);
      const data: ArrayLike<RawCell>[] = [];
      for (const column of columns) {
        const read = scan.readColumn({ column: column.name, rowStart: start, rowEnd: end }).then((cells) => {
          if (cells.length !== end - start) throw new Error(`${cells.length} cells, where ${end - start} were to be`);
          return cells;
        });
        const cells = await abortable(read, signal).catch((cause) => damaged(cause, file, signal, column.name));
        data.push(cellsOf(cells, file, column, start));
      }
      for (let at = 0; at < end - start; at += most) {
        const rows = Math.min(most, end - start - at);
        yield { rows, first, columns: data.map((cells) => part(cells, at, rows)) };
        signal?.throwIfAborted();
        first += rows;
      }
    }
  }
}

const part = (cells: ArrayLike<RawCell>, at: number, rows: number): ArrayLike<RawCell> =>
  (cells as RawCell[]).slice(at, at + rows);

/** What is wrong, if it is not that it was aborted. */
function damaged(cause: unknown, file: string, signal?: AbortSignal, column?: string): never {
  if (cause instanceof DataError || signal?.aborted) throw cause;
  throw new DataError(`its Parquet cannot be read: ${(cause as Error).message}`, { file, column }, { cause });
}

/** @throws {DataError} */
export async function openParquet(source: Bytes, options: OpenOptions): Promise<CellTable> {
  const { file } = source;
  const { signal } = options;
  const { size, slice } = await ranges(source, signal);
  let read = 0;
  const buffer = {
    byteLength: size,
    async slice(from: number, to = size): Promise<ArrayBuffer> {
      const bytes = await slice(from, Math.min(to, size));
      read += bytes.length;
      return Uint8Array.from(bytes).buffer;
    },
  };
  const explain = (cause: unknown) => damaged(cause, file, signal);
  const metadata = await abortable(parquetMetadataAsync(buffer), signal).catch(explain);
  try {
    checkMetadata(metadata);
  } catch (cause) {
    explain(cause);
  }
  const columns = columnsOf(metadata, file);
  const names = columns.map(({ name }) => name);
  checkNames(names, file);
  const indexes = indexesOf(metadata);
  const most = Math.max(0, ...metadata.row_groups.map(({ num_rows }) => Number(num_rows)));
  const pages = {
    ...buffer,
    async slice(from: number, to?: number) {
      const bytes = await buffer.slice(from, to);
      if (!indexes.has(from)) checkPages(bytes, most);
      return bytes;
    },
  };
  // A pass has a scan of its own, which keeps what it read last.
  async function* pass() {
    read = 0;
    const scan = await parquetScan({ file: pages, metadata, compressors }).catch(explain);
    yield* readBlocks(scan, file, columns, options);
  }
  const about = { format: 'parquet', named: true, columns, rows: Number(metadata.num_rows) };
  const table = cellTable(source, options, about, pass);
  const progress = { get: () => ({ read: Math.min(read, size), total: size }), enumerable: true };
  return Object.defineProperty(table, 'progress', progress);
}
