// What a cell of a file may stand for.

import { isDate as isDateObject } from 'node:util/types';
import type { RawCell } from '../formats/table.js';

/** What pandas takes for a gap (pandas.io.parsers, na_values), and the ? of the UCI archive. */
const GAPS = new Set(
  '|#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null|?'.split('|'),
);

/** The longest of them is shorter. */
const LONGER = 12;
const [DOT, ZERO, ONE, NINE, BLANK] = [46, 48, 49, 57, 32];

/** Whether no gap begins like this: most cells are numbers, and looking for them in a set takes a tenth of a scan (measured). */
const beginsNumber = (code: number): boolean => code === DOT || (code >= ZERO && code <= NINE && code !== ONE);

/** @param text whether cells are texts that may stand for something else */
export function isGap(cell: RawCell, text: boolean): boolean {
  if (typeof cell === 'string') {
    if (!text || cell.length > LONGER || beginsNumber(cell.charCodeAt(0))) return text && cell.trim() === '';
    return GAPS.has(cell) || GAPS.has(cell.trim());
  }
  return cell === null || Number.isNaN(cell);
}

const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;

/** A decimal number; undefined of anything else: infinities and hexadecimals among them. */
export function toNumber(cell: RawCell): number | undefined {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : undefined;
  if (typeof cell === 'boolean') return Number(cell);
  if (typeof cell !== 'string') return undefined;
  const number = Number(cell);
  if (!Number.isFinite(number)) return undefined;
  // Number takes blanks for 0, and hexadecimals, whose second character is a letter.
  const plain = cell.charCodeAt(0) > BLANK && !(cell.charCodeAt(1) > NINE);
  return plain || NUMBER.test(cell) ? number : undefined;
}

export function toBoolean(cell: RawCell): boolean | undefined {
  if (typeof cell === 'boolean') return cell;
  if (cell === 'true' || cell === 'True' || cell === 'TRUE') return true;
  if (cell === 'false' || cell === 'False' || cell === 'FALSE') return false;
  return undefined;
}

/** 2026-01-31, 31.01.2026, 1/31/26, with a time behind it or without. */
const DATE = /^\s*(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}([./])\d{1,2}\2\d{2,4})([T ]\d{1,2}:\d{2}.*)?\s*$/;

export const isDate = (cell: RawCell): boolean =>
  typeof cell === 'object' ? cell !== null : typeof cell === 'string' && DATE.test(cell);

/** A cell as messages show it. */
export function shown(cell: RawCell): string {
  const text = isDateObject(cell) ? cell.toISOString() : typeof cell === 'string' ? JSON.stringify(cell) : String(cell);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
