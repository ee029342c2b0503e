// What a file of CSV does not say: its encoding, its delimiter, whether the first row names the columns.

import { RowReader } from './csv-rows.js';
import { readLines, type TextKind, textKind } from './lines.js';
import type { Bytes } from './source.js';
import type { OpenOptions } from './table.js';

export interface Dialect {
  readonly kind: TextKind;
  readonly delimiter: string;
  readonly header: boolean;
  /** The first row, if there is any, and its line. */
  readonly first?: readonly string[];
  readonly line: number;
}

/** Of several that would do, the first: a comma stands in decimals, too. */
const DELIMITERS = ['\t', ';', '|', ','];
const SAMPLE_ROWS = 200;
/** Rows have lines within them, and others are none. */
const SAMPLE_LINES = 1000;

interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

/** The first rows that can be read. */
async function sample(source: Bytes, kind: TextKind, delimiter: string, signal?: AbortSignal): Promise<Row[]> {
  const rows: Row[] = [];
  const reader = new RowReader(delimiter, kind.newline, { row: (cells, line) => rows.push({ cells, line }), bad() {} });
  for await (const { lines, first } of readLines(source, kind, signal)) {
    reader.read(lines.slice(0, SAMPLE_LINES - first + 1), first);
    if (rows.length >= SAMPLE_ROWS || first + lines.length > SAMPLE_LINES) return rows.slice(0, SAMPLE_ROWS);
  }
  reader.end();
  return rows;
}

/** How many of the rows have as many cells as most have, if that is more than one. */
function agreement(rows: readonly Row[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [[cells, agree]] = [...counts].sort(([, a], [, b]) => b - a);
  return cells > 1 ? agree / rows.length : 0;
}

const GAP = /^(|\?|-|\.|n\/?a|nan|null|none)$/i;
/** Those with a decimal comma count, too. */
const isNumber = (cell: string) =>
  cell.trim() !== '' && !Number.isNaN(Number(cell.replace(/^(\s*[+-]?\d+),(\d)/, '$1.$2')));

/** Texts over numbers are names; texts over texts are, if none of them comes again. */
function looksLikeHeader([first, ...rows]: readonly Row[]): boolean {
  if (rows.length === 0) return !first.cells.some(isNumber);
  const column = (c: number) => rows.map(({ cells }) => cells[c] ?? '').filter((cell) => !GAP.test(cell.trim()));
  const overNumbers = first.cells.some((cell, c) => {
    const below = column(c);
    return !isNumber(cell) && !GAP.test(cell.trim()) && below.length > 0 && below.every(isNumber);
  });
  if (overNumbers) return true;
  const names = first.cells;
  if (names.some((name) => name === '' || isNumber(name)) || new Set(names).size < names.length) return false;
  return !names.some((name, c) => column(c).includes(name));
}

export async function findDialect(source: Bytes, options: OpenOptions): Promise<Dialect> {
  const { signal } = options;
  const kind = await textKind(source, options.encoding, signal);
  let best: { delimiter: string; rows: Row[]; agree: number } | undefined;
  const told = options.delimiter ?? (/\.(tsv|tab)(\.gz)?$/i.test(source.file) ? '\t' : undefined);
  for (const delimiter of told === undefined ? DELIMITERS : [told]) {
    const rows = await sample(source, kind, delimiter, signal);
    if (rows.length === 0) continue;
    const agree = agreement(rows);
    if (!best || agree > best.agree) best = { delimiter, rows, agree };
  }
  if (!best) return { kind, delimiter: told ?? ',', header: false, line: 1 };
  const { rows } = best;
  return {
    kind,
    delimiter: best.agree > 0 ? best.delimiter : (told ?? ','),
    header: options.header ?? looksLikeHeader(rows),
    first: rows[0].cells,
    line: rows[0].line,
  };
}
