// Tables of text: columns two blanks apart, no wider than there is room.

import Table from 'cli-table3';
import { cut, printable, widthOf } from './text.js';

export interface Column {
  readonly head: string;
  /** Numbers stand at the right. */
  readonly right?: boolean;
  /** Cut only when there is nothing else left to be cut. */
  readonly whole?: boolean;
}

export type Cell = string | number;

const GAP = '  ';
const LEAST = 4;
const NONE = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((part) => [`${side}${part}`, '']),
  ),
);

/** The widest columns lose what is too much; those to be kept whole come last. */
function fit(columns: readonly Column[], natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1)) - room;
  for (const [whole, least] of [
    [false, LEAST],
    [true, LEAST],
    [true, 1],
  ] as const) {
    while (over > 0) {
      const shrinking = columns.flatMap((column, i) => (widths[i] > least && (whole || !column.whole) ? [i] : []));
      if (shrinking.length === 0) break;
      const widest = shrinking.reduce((a, b) => (widths[b] > widths[a] ? b : a));
      widths[widest]--;
      over--;
    }
  }
  return widths;
}

/**
 * A table with a head, or without one if all heads are empty.
 *
 * @param room columns of the terminal: what is longer is cut, with an ellipsis
 * @param style of the head
 */
export function tableText(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  room: number,
  style: (text: string) => string = (text) => text,
): string {
  const heads = columns.map(({ head }) => printable(head));
  const cells = rows.map((row) => columns.map((_, i) => printable(String(row[i] ?? ''))));
  const natural = columns.map((_, i) => [heads, ...cells].reduce((most, row) => Math.max(most, widthOf(row[i])), 1));
  const widths = fit(columns, natural, room);
  const table = new Table({
    chars: { ...NONE, middle: GAP },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colWidths: widths,
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
  });
  const hasHead = heads.some((head) => head !== '');
  // Cut here: cli-table3 cuts Chinese characters in two.
  for (const row of hasHead ? [heads, ...cells] : cells) table.push(row.map((cell, i) => cut(cell, widths[i])));
  const [first, ...rest] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return [hasHead ? style(first) : first, ...rest].join('\n');
}

/** Names and what they stand for. */
export function pairsText(pairs: readonly (readonly [name: string, value: Cell])[], room: number): string {
  return tableText([{ head: '', whole: true }, { head: '' }], pairs, room);
}
