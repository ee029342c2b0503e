// NDJSON: a JSON object, or an array, of scalars in each line.

import { type BadRows, Blocks, rowsOfCells } from './blocks.js';
import { DataError } from './errors.js';
import type { Format } from './format.js';
import { readLines, type TextKind, textKind } from './lines.js';
import { checkNames, namesOf } from './names.js';
import { writeNdjson } from './ndjson-write.js';
import { cellTable } from './opened.js';
import type { Bytes } from './source.js';
import type { Block, CellTable, ColumnType, OpenOptions, RawCell } from './table.js';
import { count, shown, thereAre } from './text.js';

/** Rows that the columns are found in. */
const SAMPLE_ROWS = 8192;
const SAMPLE_CELLS = 1 << 20;

/** What is wrong with a row. */
class BadCell extends Error {
  constructor(
    message: string,
    readonly column?: string,
  ) {
    super(message);
  }
}

/** @returns an object or an array; undefined of an empty line */
function parse(line: string): object | undefined {
  if (/^\s*$/.test(line)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new BadCell(`${shown(line)} is no JSON: every line must be an object, or an array`);
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new BadCell(`${shown(line)}: every line must be an object, or an array`);
}

function scalar(value: unknown, column: string): string | number | boolean | null {
  if (typeof value !== 'object' || value === null) return value as string | number | boolean | null;
  const what = Array.isArray(value) ? 'an array' : 'an object';
  throw new BadCell(
    `${what} within a row: only numbers, texts, booleans and null are read; give it columns of its own`,
    column,
  );
}

interface Found {
  readonly names: readonly string[];
  readonly types: readonly ColumnType[];
  readonly named: boolean;
  readonly line: number;
}

const TYPES: Readonly<Record<string, ColumnType>> = { number: 'number', boolean: 'boolean', string: 'string' };

/** Columns and types of the first rows. A column of several types, or of gaps alone, is of texts. */
async function findColumns(source: Bytes, kind: TextKind, signal?: AbortSignal): Promise<Found | undefined> {
  const types = new Map<string, ColumnType | undefined>();
  let named: boolean | undefined;
  let at = 1;
  let rows = 0;
  for await (const { lines, first } of readLines(source, kind, signal)) {
    for (const [i, line] of lines.entries()) {
      let row: object | undefined;
      try {
        row = parse(line);
      } catch {
        continue; // whoever reads the rows is told
      }
      if (!row) continue;
      if (named === undefined) at = first + i;
      named ??= !Array.isArray(row);
      if (named === Array.isArray(row) || (!named && types.size > 0 && (row as unknown[]).length !== types.size))
        continue;
      for (const [name, value] of Object.entries(row)) {
        // Objects are refused where they are read.
        const type = value === null ? undefined : TYPES[typeof value];
        const before = types.get(name);
        types.set(name, before === undefined || type === undefined || before === type ? (type ?? before) : 'text');
      }
      rows++;
    }
    if (rows >= SAMPLE_ROWS || rows * types.size >= SAMPLE_CELLS) break;
  }
  if (named === undefined) return undefined;
  const names = named ? [...types.keys()] : namesOf(types.size, source.file);
  return { names, types: [...types.values()].map((type) => type ?? 'text'), named, line: at };
}

/** Rows as the columns have them. */
class Reader {
  private readonly places: ReadonlyMap<string, number>;

  constructor(private readonly found: Found) {
    this.places = new Map(found.names.map((name, i) => [name, i]));
  }

  row(value: object): RawCell[] {
    const { names, named } = this.found;
    const cells: RawCell[] = new Array(names.length).fill(null);
    if (Array.isArray(value)) {
      if (named) throw new BadCell('an array, where the first line is an object');
      if (value.length !== names.length) {
        throw new BadCell(`${count(value.length, 'cell')}, where ${thereAre(names.length, 'column')}`);
      }
      for (const [i, each] of value.entries()) cells[i] = this.cell(each, i);
      return cells;
    }
    if (!named) throw new BadCell('an object, where the first line is an array');
    for (const [name, each] of Object.entries(value)) {
      const place = this.places.get(name);
      if (place === undefined) throw new BadCell(`${shown(name)} is no column: none of the first rows has it`);
      cells[place] = this.cell(each, place);
    }
    return cells;
  }

  private cell(value: unknown, place: number): RawCell {
    const cell = scalar(value, this.found.names[place]);
    const type = this.found.types[place];
    if (cell === null || typeof cell === type) return cell;
    if (type === 'text') return cell === '' ? null : String(cell);
    const what = `${shown(cell)} is a ${typeof cell}, where the first rows have ${count(2, type).slice(2)}`;
    throw new BadCell(`${what}: make them the same`, this.found.names[place]);
  }
}

async function* readBlocks(
  source: Bytes,
  kind: TextKind,
  found: Found,
  bad: BadRows,
  options: OpenOptions,
): AsyncGenerator<Block> {
  const { signal } = options;
  const blocks = new Blocks(found.names.length, rowsOfCells(found.names.length, options));
  const reader = new Reader(found);
  for await (const { lines, first } of readLines(source, kind, signal)) {
    for (const [i, line] of lines.entries()) {
      try {
        const value = parse(line);
        if (value) blocks.add(reader.row(value), first + i);
      } catch (error) {
        if (!(error instanceof BadCell)) throw error;
        bad.add(first + i, error.message, error.column);
      }
    }
    for (const block of blocks.ready()) {
      yield block;
      signal?.throwIfAborted();
    }
  }
  yield* blocks.rest();
}

async function open(source: Bytes, options: OpenOptions): Promise<CellTable> {
  const { file } = source;
  const kind = await textKind(source, options.encoding, options.signal);
  const found = await findColumns(source, kind, options.signal);
  if (!found) return refuse(source, kind, options);
  const { names, types, named, line } = found;
  if (names.length === 0) throw new DataError('the first row has no members: columns were expected', { file, line });
  checkNames(names, file, line);
  const about = { format: 'ndjson', named, columns: names.map((name, i) => ({ name, type: types[i] })) };
  return cellTable(source, options, about, (bad) => readBlocks(source, kind, found, bad, options));
}

/** There is no row: what is there instead? */
async function refuse(source: Bytes, kind: TextKind, { signal }: OpenOptions): Promise<never> {
  const { file } = source;
  for await (const { lines, first } of readLines(source, kind, signal)) {
    for (const [i, line] of lines.entries()) {
      try {
        parse(line);
      } catch (error) {
        throw new DataError((error as Error).message, { file, line: first + i });
      }
    }
  }
  throw new DataError('the file is empty: rows were expected', { file });
}

export const ndjson: Format = {
  name: 'ndjson',
  what: 'a JSON object, or an array, a line',
  extensions: ['ndjson', 'jsonl'],
  sniff: (head) => /^\s*[[{]/.test(Buffer.from(head.subarray(head[0] === 0xef ? 3 : 0)).toString('latin1')),
  options: ['encoding', 'skipBadRows'],
  open,
  write: writeNdjson,
};
