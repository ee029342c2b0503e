// Tables of data, read whole.

import type { DataSource } from '../../src/formats/index.js';
import { openTable } from '../../src/formats/index.js';
import type { Bytes } from '../../src/formats/source.js';
import type { CellTable, OpenOptions, OpenTable, RawCell } from '../../src/formats/table.js';

export interface Read {
  readonly table: CellTable;
  readonly names: readonly string[];
  readonly columns: RawCell[][];
  readonly lines: number[];
  readonly blocks: number;
}

export async function readCells(table: OpenTable): Promise<Read> {
  if (table.kind !== 'cells') throw new Error('sparse');
  const columns: RawCell[][] = table.columns.map(() => []);
  const lines: number[] = [];
  let blocks = 0;
  let rows = 0;
  for await (const block of table.blocks()) {
    if (block.first !== rows) throw new Error(`block of ${block.first}, not ${rows}`);
    for (const [c, cells] of block.columns.entries()) {
      if (cells.length !== block.rows) throw new Error('ragged block');
      columns[c].push(...Array.from(cells));
    }
    if (block.lines) lines.push(...Array.from(block.lines));
    rows += block.rows;
    blocks++;
  }
  return { table, names: table.columns.map(({ name }) => name), columns, lines, blocks };
}

export const read = async (source: DataSource, options: OpenOptions = {}): Promise<Read> =>
  readCells(await openTable(source, options));

/** A text in memory. */
export const text = (content: string): Uint8Array => Buffer.from(content);

export const readText = (content: string, options: OpenOptions = {}): Promise<Read> => read(text(content), options);

/** The message of what goes wrong when it is read. */
export async function problem(source: DataSource, options: OpenOptions = {}): Promise<string> {
  try {
    await read(source, options);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'nothing is wrong';
}

/** Bytes that come in parts. */
export const inParts = (parts: readonly Uint8Array[], file = '<parts>'): Bytes => ({
  file,
  size: undefined,
  read: 0,
  async *stream() {
    yield* parts;
  },
});

/** In two parts, cut at each byte. */
export const cuts = (bytes: Uint8Array): Bytes[] =>
  Array.from({ length: bytes.length + 1 }, (_, at) => inParts([bytes.subarray(0, at), bytes.subarray(at)]));

/** One byte after the other. */
export const byteByByte = (bytes: Uint8Array): Bytes => inParts(Array.from(bytes, (_, i) => bytes.subarray(i, i + 1)));
