// A table read once, from its first row to its last: the schema that it asks for, and the moments of its columns.

import { DataError } from '../formats/errors.js';
import type { CellTable, SparseTable } from '../formats/table.js';
import { ColumnScan, MOST_CATEGORIES } from './column-scan.js';
import { findColumn } from './columns.js';
import type { ColumnSchema, Dropped, Missing, Scale, Schema, TargetSchema } from './schema.js';
import { targetSchema } from './target.js';

export interface ScanOptions {
  /** The column that is to be predicted: its name, or its place from 0 as a number. */
  readonly target: string;
  /** `auto`: classes if the target is texts, flags, or at most 20 different integers. */
  readonly task: 'auto' | 'classify' | 'regress';
  readonly missing: Missing;
  readonly scale: Scale;
  /** Columns that are left out. */
  readonly drop: readonly string[];
  /** Columns whose numbers are names of categories. */
  readonly categorical: readonly string[];
  /** Inputs of one category column at most, that of 'other' among them. */
  readonly maxCategories: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((rows: number) => void) | undefined;
}

export const SCAN_DEFAULTS = {
  task: 'auto',
  missing: 'error',
  scale: 'standard',
  drop: [],
  categorical: [],
  maxCategories: 50,
  seed: 0,
} as const satisfies Partial<ScanOptions>;

export interface Scan {
  readonly schema: Schema;
  readonly rows: number;
  /** Of the schema's columns, in its order. */
  readonly columns: readonly ColumnScan[];
  readonly target: ColumnScan;
}

/** Numbers that medians are taken of, of all columns together, and of one. */
const SAMPLES = 20_000_000;
const SAMPLE = 100_000;

/** More different texts than this part of the rows are names of the rows. */
const NAMES = 0.5;

/** What is to be made of a column, or why nothing. */
function schemaOf(scan: ColumnScan, options: ScanOptions, file: string): ColumnSchema | Dropped {
  const { name, gaps, counts, rows } = scan;
  const seen = rows - gaps;
  if (seen === 0) return { name, why: 'it is empty' };
  const named = options.categorical.includes(name);
  if (scan.date && !named) {
    throw new DataError(
      `it holds dates: give numbers or parts of them (year, month, weekday) as columns of their own, or leave it out by --drop ${name}`,
      { file, column: name },
    );
  }
  const gapsAllowed = options.missing !== 'error' && options.missing !== 'drop';
  if (scan.boolean && !named) {
    const most = (counts?.get('true') ?? 0) * 2 >= seen;
    return { name, kind: 'boolean', missing: gaps, ...(gapsAllowed && { fill: most }) };
  }
  if (scan.number && !named) {
    const [min, max] = [scan.range.dataMin[0], scan.range.dataMax[0]];
    const fill = options.missing === 'median' ? scan.median : scan.mean;
    if (min === max && gaps === 0) return { name, why: `it is ${min} in every row` };
    const moments = { min, max, mean: scan.mean, std: scan.std };
    return { name, kind: 'number', missing: gaps, ...(gapsAllowed && { fill }), ...moments };
  }
  if (!counts) {
    if (named) {
      throw new DataError(`it has more than ${MOST_CATEGORIES} categories: leave it out by --drop ${name}`, {
        file,
        column: name,
      });
    }
    return { name, why: `it has more than ${MOST_CATEGORIES} different texts` };
  }
  if (!named && counts.size > 20 && counts.size > NAMES * seen) {
    return { name, why: `${counts.size} different texts in ${seen} rows are names rather than categories` };
  }
  if (counts.size === 1 && gaps === 0) return { name, why: `it is ${[...counts.keys()][0]} in every row` };
  return categorySchema(name, counts, gaps, gapsAllowed, options.maxCategories);
}

/** The most frequent, of equally frequent ones the first by name; in the order of their names. */
function categorySchema(
  name: string,
  counts: ReadonlyMap<string, number>,
  gaps: number,
  fills: boolean,
  most: number,
): ColumnSchema {
  const ranked = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([category]) => category);
  const kept = ranked.length > most ? ranked.slice(0, most - 1) : ranked;
  return {
    name,
    kind: 'category',
    categories: [...kept].sort(),
    ...(ranked.length > kept.length && { others: ranked.length - kept.length }),
    missing: gaps,
    ...(fills && { fill: ranked[0] }),
  };
}

const isDropped = (schema: ColumnSchema | Dropped): schema is Dropped => 'why' in schema;

/** Reads all of it. @throws {DataError} naming file, line and column */
export async function scanTable(table: CellTable, options: ScanOptions): Promise<Scan> {
  const { file } = table;
  const names = table.columns.map(({ name }) => name);
  const at = (name: string) => findColumn(name, names, file);
  const target = at(options.target);
  const drop = new Set(options.drop.map(at));
  for (const name of options.categorical) at(name);
  if (drop.has(target)) throw new DataError('it is the target, and cannot be dropped', { file, column: names[target] });
  const sampled = options.missing === 'median' || options.scale === 'robust';
  const sample = sampled ? Math.min(SAMPLE, Math.ceil(SAMPLES / names.length)) : 0;
  const scans = table.columns.map(({ name, type }, j) => new ColumnScan(name, type, { sample, seed: options.seed }, j));
  let rows = 0;
  const gapLines: (number | undefined)[] = scans.map(() => undefined);
  for await (const block of table.blocks()) {
    options.signal?.throwIfAborted();
    for (const [j, scan] of scans.entries()) {
      if (drop.has(j)) continue;
      const before = scan.gaps;
      scan.add(block.columns[j], block.first);
      if (before === 0 && scan.gaps > 0) gapLines[j] = block.lines?.[scan.firstGap - block.first];
    }
    rows += block.rows;
    options.onProgress?.(rows);
  }
  if (rows === 0) throw new DataError('there are no rows', { file });
  if (rows === 1) throw new DataError('there is one row: nothing can be learnt from it', { file });
  const about = targetSchema(scans[target], options, file);
  const refuseGap = (j: number) => {
    const { firstGap, gaps } = scans[j];
    const line = gapLines[j];
    const fill = j === target ? '' : ', or fill them by --missing mean or median';
    throw new DataError(
      `there is a gap${line === undefined ? ` in row ${firstGap + 1}` : ''} (${gaps} in all): leave such rows out by --missing drop${fill}`,
      { file, line, column: names[j] },
    );
  };
  const columns: ColumnScan[] = [];
  const schemas: ColumnSchema[] = [];
  const dropped: Dropped[] = [...drop].map((j) => ({ name: names[j], why: 'as you said' }));
  for (const [j, scan] of scans.entries()) {
    if (j === target || drop.has(j)) continue;
    const schema = schemaOf(scan, options, file);
    if (isDropped(schema)) dropped.push(schema);
    else {
      if (scan.gaps > 0 && options.missing === 'error') refuseGap(j);
      columns.push(scan);
      schemas.push(schema);
    }
  }
  if (scans[target].gaps > 0 && options.missing !== 'drop') refuseGap(target);
  if (schemas.length === 0) {
    const why = dropped.map(({ name, why }) => `${name}: ${why}`).join('; ');
    throw new DataError(`no column is left to learn from${why ? ` (${why})` : ''}`, { file });
  }
  const { missing, scale } = options;
  const schema: Schema = {
    task: about.kind === 'category' ? 'classify' : 'regress',
    columns: schemas,
    target: about,
    dropped,
    missing,
    scale,
  };
  return { schema, rows, columns, target: scans[target] };
}

/** The same of sparse rows, whose columns have no names and are taken as they are. */
export async function scanSparse(table: SparseTable, options: ScanOptions): Promise<Omit<Scan, 'columns'>> {
  const { file } = table;
  if (options.drop.length > 0 || options.categorical.length > 0) {
    throw new DataError('columns of sparse rows have no names: --drop and --categorical have no use here', { file });
  }
  const target = new ColumnScan('target', 'number', { sample: 0, seed: options.seed }, 0);
  for await (const block of table.blocks()) {
    options.signal?.throwIfAborted();
    target.add(block.y, block.first);
    options.onProgress?.(target.rows);
  }
  if (target.rows < 2) throw new DataError(`there ${target.rows === 1 ? 'is one row' : 'are no rows'}`, { file });
  const about: TargetSchema = targetSchema(target, options, file);
  const schema: Schema = {
    task: about.kind === 'category' ? 'classify' : 'regress',
    columns: [],
    sparseColumns: table.cols,
    target: about,
    dropped: [],
    missing: 'error',
    scale: 'none',
  };
  return { schema, rows: target.rows, target };
}
