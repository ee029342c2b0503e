// What an exported model is given: rows, as columns of cells. Gaps are null, undefined and NaN, as everywhere.

import type { View } from '../backend/ts/format.js';
import { refuse, shown } from './refuse.js';

export type Cell = string | number | boolean | null;
type Column = ArrayLike<Cell>;

/** Columns of equal length, and what messages call them. */
export interface Block {
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly names: readonly string[];
}

export const isGap = (cell: unknown): cell is null | undefined =>
  cell === null || cell === undefined || Number.isNaN(cell);

export const place = (i: number, name: string): string =>
  `"rows"[${i}]${/^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${shown(name)}]`}`;

function cellOf(cell: unknown, i: number, name: string): Cell {
  if (isGap(cell)) return null;
  if (typeof cell === 'string' || typeof cell === 'boolean' || Number.isFinite(cell)) return cell as Cell;
  if (typeof cell === 'number') return refuse('ValueError', `${place(i, name)} is ${cell}`);
  return refuse('ValueError', `${place(i, name)} must be a number, a text, a flag or a gap, got ${shown(cell)}`);
}

function checkRows(rows: unknown): readonly unknown[] {
  const list = Object(rows);
  if (Array.isArray(list)) return list;
  return refuse('ValueError', `"rows" must be an array of rows, got ${shown(rows)}`);
}

/** The cells of one row, in order. */
function cellsOf(row: unknown, i: number, names: readonly string[], used: readonly number[]): ArrayLike<unknown> {
  if (Object(row) !== row) refuse('ValueError', `"rows"[${i}] must be an object or an array, got ${shown(row)}`);
  if (Array.isArray(row) || ArrayBuffer.isView(row)) {
    const { length } = row as unknown[];
    if (length === names.length) return row as unknown[];
    return refuse('ShapeError', `"rows"[${i}] has ${length} columns, but ${names.length} were fitted`);
  }
  const missing = used.find((j) => !Object.hasOwn(row as object, names[j]));
  if (missing !== undefined) {
    const name = shown(names[missing]);
    refuse('ShapeError', `"rows"[${i}] has no ${name}, which the model needs: write null for a gap`);
  }
  return names.map((name) => (row as Record<string, unknown>)[name]);
}

/** Of whatever realm. */
const isFloats = (x: unknown): boolean => Object.prototype.toString.call(x) === '[object Float32Array]';

/** Rows of floats are taken as f32, as a matrix of them is. */
const areSingle = (rows: readonly unknown[]): boolean =>
  rows.some((row) => isFloats(row)) &&
  rows.every((row) => isFloats(row) || (Array.isArray(row) && row.every((cell) => typeof cell === 'number')));

/** A table of all columns. @param used the places of those that something is made of: others are not looked at */
export function table(given: unknown, names: readonly string[], used: readonly number[]): Block {
  const list = checkRows(given);
  const rows = list.length;
  const single = areSingle(list);
  const columns = names.map(() => (single ? new Float32Array(rows) : new Array<Cell>(rows).fill(null)));
  for (let i = 0; i < rows; i++) {
    const cells = cellsOf(list[i], i, names, used);
    for (const j of used) columns[j][i] = cellOf(cells[j], i, names[j]) ?? (single ? Number.NaN : null);
  }
  return { rows, columns, names };
}

/** Numbers alone, which may be anything: who has no transformer looks at its outputs. */
export function numbers(given: unknown, names: readonly string[], used: readonly number[]): Block {
  const list = checkRows(given);
  const rows = list.length;
  const columns = names.map(() => new Float64Array(rows));
  for (let i = 0; i < rows; i++) {
    const cells = cellsOf(list[i], i, names, used);
    for (const j of used) {
      const cell = cells[j];
      if (typeof cell !== 'number') refuse('ValueError', `${place(i, names[j])} must be a number, got ${shown(cell)}`);
      else columns[j][i] = cell;
    }
  }
  return { rows, columns: columns as unknown as Column[], names };
}

/** One column as numbers of one's own: true is 1, gaps are NaN. @param single whether in f32 */
export function numbersOf({ rows, columns, names }: Block, j: number, single: boolean): View {
  const column = columns[j];
  const result = single ? new Float32Array(rows) : new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const cell: unknown = column[i];
    if (typeof cell === 'string') {
      refuse('ValueError', `${place(i, names[j])} must be a number, got ${shown(cell)}`);
    }
    result[i] = isGap(cell) ? Number.NaN : Number(cell);
    // Of a number that a step before made infinite.
    if (Math.abs(result[i]) === Infinity) refuse('ValueError', `${place(i, names[j])} is ${result[i]}`);
  }
  return result;
}

/** Whether all columns are of f32. */
export const isSingle = ({ columns }: Block): boolean => columns.every(isFloats);

/** Row by row, as a network takes them. */
export function rowByRow({ rows, columns }: Block): Float64Array {
  const cols = columns.length;
  const data = new Float64Array(rows * cols);
  for (let j = 0; j < cols; j++) for (let i = 0; i < rows; i++) data[i * cols + j] = columns[j][i] as number;
  return data;
}
