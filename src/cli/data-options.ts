// Options of every command that reads a file of data.

import {
  beside,
  type CellTable,
  DataError,
  FORMATS,
  type OpenOptions,
  type OpenTable,
  openTable,
} from '../tables/index.js';
import { type CommandOption, UsageError } from './command.js';
import { integer, list } from './options.js';

export const DATA_OPTIONS: readonly CommandOption[] = [
  {
    flags: '--format <name>',
    what: 'of the file (default: by its name, else its first bytes)',
    choices: FORMATS.map(({ name }) => name),
  },
  { flags: '--delimiter <text>', what: 'of CSV, between cells (default: found out)' },
  { flags: '--encoding <name>', what: 'of texts: utf-8, utf-16le, utf-16be, windows-1252 (default: found out)' },
  { flags: '--header', what: 'of CSV: the first row names the columns (default: found out)' },
  { flags: '--no-header', what: 'of CSV: it does not; columns are c0, c1, ...' },
  { flags: '--array <name>', what: 'of NPZ: which array' },
  { flags: '--features <n>', what: 'of libsvm: how many columns there are', read: integer({ min: 1 }) },
  {
    flags: '--skip-bad-rows <n>',
    what: 'rows that cannot be read may be left out, so many',
    default: 0,
    read: integer({ min: 0 }),
  },
];

export interface DataOptions {
  readonly format?: string;
  readonly delimiter?: string;
  readonly encoding?: string;
  readonly header?: boolean;
  readonly array?: string;
  readonly features?: number;
  readonly skipBadRows?: number;
}

/** Texts as shells have them: \t is a tab. */
const unescaped = (text: string): string => text.replace(/\\t/g, '\t');

/** Opens what is named; `-` is standard input. */
export function openData(path: string, options: DataOptions, signal: AbortSignal): Promise<OpenTable> {
  const { format, delimiter, encoding, header, array, features, skipBadRows } = options;
  const given: OpenOptions = {
    ...(format !== undefined && { format }),
    ...(delimiter !== undefined && { delimiter: unescaped(delimiter) }),
    ...(encoding !== undefined && { encoding }),
    ...(header !== undefined && { header }),
    ...(array !== undefined && { array }),
    ...(features !== undefined && { features }),
    ...(skipBadRows ? { skipBadRows } : {}),
    signal,
  };
  return openTable(path, given);
}

/** What is to be learnt and from what: a target that is no column may be a file of its own. */
export async function openWithTarget(
  path: string,
  target: string | undefined,
  options: DataOptions,
  signal: AbortSignal,
): Promise<{ table: OpenTable; target: string }> {
  const table = await openData(path, options, signal);
  if (table.kind === 'sparse') {
    if (target !== undefined) throw new UsageError('--target has no use: each sparse row begins with its own');
    return { table, target: '' };
  }
  const names = table.columns.map(({ name }) => name);
  if (target === undefined) {
    const shown = names.slice(0, 12).join(', ');
    throw new UsageError(
      `--target is needed, a column of ${table.file} (${shown}${names.length > 12 ? ', ...' : ''}) or a file of its own`,
    );
  }
  const isPlace =
    /^-?\d+$/.test(target) && (Number(target) < 0 ? -Number(target) <= names.length : Number(target) < names.length);
  if (names.includes(target) || isPlace) return { table, target };
  const { existsSync } = await import('node:fs');
  if (!existsSync(target)) return { table, target };
  const other = await openData(target, {}, signal);
  if (other.kind === 'sparse') throw new DataError('sparse rows are no target', { file: other.file });
  const both: CellTable = beside(table, other);
  return { table: both, target: String(both.columns.length - 1) };
}

/** Names between commas. */
export const names = list((text) => text);

/** How far a file has been read: 0 to 1, undefined if nobody knows. */
export function readSoFar({ progress }: Pick<OpenTable, 'progress'>): number | undefined {
  const { read, total } = progress;
  return total ? Math.min(1, read / total) : undefined;
}
