// Binary files that store all cells of a row before the next (IDX, NPY): blocks of rows of numbers.

import { abortable } from './abort.js';
import { rowsOfNumbers } from './blocks.js';
import { DataError } from './errors.js';
import type { Bytes } from './source.js';
import type { Block, OpenOptions, RawCell } from './table.js';
import { count } from './text.js';

/** How a number, or a boolean, is stored. */
export interface Stored {
  readonly bytes: number;
  readonly little: boolean;
  readonly get: (view: DataView, at: number, little: boolean) => number | bigint | boolean;
}

/** By NumPy's letter and size. */
export const STORED: Readonly<Record<string, Omit<Stored, 'little'>>> = {
  f4: { bytes: 4, get: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, get: (view, at, little) => view.getFloat64(at, little) },
  i1: { bytes: 1, get: (view, at) => view.getInt8(at) },
  i2: { bytes: 2, get: (view, at, little) => view.getInt16(at, little) },
  i4: { bytes: 4, get: (view, at, little) => view.getInt32(at, little) },
  i8: { bytes: 8, get: (view, at, little) => view.getBigInt64(at, little) },
  u1: { bytes: 1, get: (view, at) => view.getUint8(at) },
  u2: { bytes: 2, get: (view, at, little) => view.getUint16(at, little) },
  u4: { bytes: 4, get: (view, at, little) => view.getUint32(at, little) },
  u8: { bytes: 8, get: (view, at, little) => view.getBigUint64(at, little) },
  b1: { bytes: 1, get: (view, at) => view.getUint8(at) !== 0 },
};

/** What a file holds, and where it begins. */
export interface Layout {
  readonly from: number;
  readonly rows: number;
  readonly cols: number;
  readonly names: readonly string[];
  readonly stored: Stored;
}

/** Integers that no double has are refused. */
export function safe(value: bigint, file: string, row: number, column: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new DataError(`row ${row + 1}: ${value} is more than a double holds exactly (2^53): store it as a float`, {
    file,
    column,
  });
}

/** A column of numbers, every `step` bytes of a view. */
export function column(layout: Layout, view: DataView, at: number, step: number, rows: number, c: number, place: At) {
  const { stored, names } = layout;
  const { get, little } = stored;
  if (stored.get === STORED.b1.get)
    return Array.from({ length: rows }, (_, i) => get(view, at + i * step, little) as boolean);
  const cells = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const value = get(view, at + i * step, little);
    cells[i] = typeof value === 'bigint' ? safe(value, place.file, place.first + i, names[c]) : (value as number);
  }
  return cells;
}

interface At {
  readonly file: string;
  readonly first: number;
}

export const wrongSize = (file: string, layout: Layout, have: string) =>
  new DataError(
    `its beginning says ${count(layout.rows, 'row')} of ${count(layout.cols, 'number')}, but ${have}: copy or download it anew`,
    { file },
  );

/** @throws {DataError} if the file is shorter or longer than it says */
export async function* rowMajor(source: Bytes, layout: Layout, options: OpenOptions): AsyncGenerator<Block> {
  const { rows, cols, stored } = layout;
  const { file } = source;
  const step = cols * stored.bytes;
  const most = rowsOfNumbers(cols, options);
  const bytes = new Uint8Array(Math.min(rows, most) * step);
  const view = new DataView(bytes.buffer);
  let first = 0;
  let have = 0;
  let skip = layout.from;
  for await (const chunk of source.stream(options.signal)) {
    let part = chunk.subarray(Math.min(skip, chunk.length));
    skip -= chunk.length - part.length;
    while (part.length > 0) {
      const now = Math.min(most, rows - first);
      if (now === 0) throw wrongSize(file, layout, 'it goes on');
      const taken = part.subarray(0, now * step - have);
      bytes.set(taken, have);
      have += taken.length;
      part = part.subarray(taken.length);
      if (have < now * step) break;
      const columns: ArrayLike<RawCell>[] = [];
      for (let c = 0; c < cols; c++)
        columns.push(column(layout, view, c * stored.bytes, step, now, c, { file, first }));
      yield { rows: now, first, columns };
      options.signal?.throwIfAborted();
      first += now;
      have = 0;
    }
  }
  if (first < rows) throw wrongSize(file, layout, `it ends in row ${first + Math.floor(have / step) + 1}`);
}

/** All cells of a column before the next one's. */
export async function* columnMajor(
  source: { size: number; slice(from: number, to: number): Promise<Uint8Array> },
  file: string,
  layout: Layout,
  options: OpenOptions,
): AsyncGenerator<Block> {
  const { from, rows, cols, stored } = layout;
  const most = rowsOfNumbers(cols, options);
  if (source.size !== from + rows * cols * stored.bytes) throw wrongSize(file, layout, `it has ${source.size} bytes`);
  for (let first = 0; first < rows; first += most) {
    const now = Math.min(most, rows - first);
    const columns: ArrayLike<RawCell>[] = [];
    for (let c = 0; c < cols; c++) {
      const at = from + (c * rows + first) * stored.bytes;
      const bytes = await abortable(source.slice(at, at + now * stored.bytes), options.signal);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      columns.push(column(layout, view, 0, stored.bytes, now, c, { file, first }));
    }
    yield { rows: now, first, columns };
  }
}
