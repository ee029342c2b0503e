// The room's inner face.

import { ValueError } from '../index.js';
import { DataError } from './errors.js';
import type { Format } from './format.js';
import { FORMATS as TABLE } from './formats.js';
import { head } from './head.js';
import { openBytes } from './open-bytes.js';
import { checkOptions, checkUse } from './options.js';
import type { Bytes, DataSource } from './source.js';
import type { OpenOptions, OpenTable } from './table.js';
import { shown } from './text.js';

export { type CreateOptions, createTable } from './create.js';
export { DataError, type Place } from './errors.js';
export type { TableWriter } from './format.js';
export type { DataSource } from './source.js';

/** What is known of a format. */
export interface FormatInfo {
  /** What it is called in options and messages. */
  readonly name: string;
  /** What it is, in a few words. */
  readonly what: string;
  /** Ends of names, without the point. */
  readonly extensions: readonly string[];
  /** Whether {@link createTable} writes it. */
  readonly writable: boolean;
}

/** The formats that `openTable` reads, and `createTable` writes if they are writable. */
export const FORMATS: readonly FormatInfo[] = TABLE.map(({ name, what, extensions, write }) =>
  Object.freeze({ name, what, extensions, writable: write !== undefined }),
);

const known = () => TABLE.map(({ name }) => name).join(', ');

/** By the option, else by the end of the name, else by the first bytes. */
async function formatOf(source: Bytes, { format, signal }: OpenOptions): Promise<Format> {
  if (format !== undefined) {
    const told = TABLE.find(({ name }) => name === format);
    if (!told) throw new ValueError(`"format" must be one of ${known()}, got ${shown(format)}`);
    return told;
  }
  const end = /\.([^./\\]+)$/.exec(source.file.replace(/\.gz$/i, ''))?.[1].toLowerCase();
  const named = TABLE.find(({ extensions }) => end !== undefined && extensions.includes(end));
  if (named) return named;
  const bytes = await head(source, 4096, signal);
  if (bytes.length === 0) throw new DataError('the file is empty: rows were expected', { file: source.file });
  const found = TABLE.find(({ sniff }) => sniff?.(bytes));
  if (found) return found;
  throw new DataError(`neither its name nor its beginning says what it is: name its format, one of ${known()}`, {
    file: source.file,
  });
}

/**
 * A file of data, opened: its columns are known, its rows are read when they are asked for, as often as they are.
 * @param source a path, `-` for standard input, or bytes in memory; what gzip has compressed is undone, whatever its name
 * @param options see `OpenOptions`
 * @throws {DataError} naming the file, the line and the column, of what cannot be read
 * @throws {ValueError} of options that are unknown, or that the format has no use for
 */
export async function openTable(source: DataSource, options: OpenOptions = {}): Promise<OpenTable> {
  const given = checkOptions(options);
  given.signal?.throwIfAborted();
  const bytes = await openBytes(source, given.signal);
  const format = await formatOf(bytes, given);
  checkUse(given, format);
  return format.open(bytes, given);
}
