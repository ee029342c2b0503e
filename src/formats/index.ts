// The room's inner face.

import { ValueError } from '../index.js';
import { DataError } from './errors.js';
import type { Format } from './format.js';
import { FORMATS } from './formats.js';
import { head } from './head.js';
import { openBytes } from './open-bytes.js';
import type { Bytes, DataSource } from './source.js';
import type { OpenOptions, OpenTable } from './table.js';

export { DataError } from './errors.js';
export { FORMATS } from './formats.js';
export type { DataSource } from './source.js';

const known = () => FORMATS.map(({ name }) => name).join(', ');

/** By the option, else by the end of the name, else by the first bytes. */
async function formatOf(source: Bytes, { format, signal }: OpenOptions): Promise<Format> {
  if (format !== undefined) {
    const told = FORMATS.find(({ name }) => name === format);
    if (!told) throw new ValueError(`"format" must be one of ${known()}; got ${JSON.stringify(format)}`);
    return told;
  }
  const end = /\.([^./\\]+)(\.gz)?$/i.exec(source.file)?.[1].toLowerCase() ?? '';
  const named = FORMATS.find(({ extensions }) => extensions.includes(end));
  if (named) return named;
  const bytes = await head(source, 4096, signal);
  const found = FORMATS.find(({ sniff }) => sniff?.(bytes));
  if (found) return found;
  throw new DataError(`its format is not known: name one of ${known()}`, { file: source.file });
}

/**
 * Opens a file of data.
 * @param source a path, `-` for standard input, or bytes in memory; gzip is undone
 * @throws {DataError} naming the file, and the line if it has lines
 * @throws {ValueError} of options that are unknown, or that the format has no use for
 */
export async function openTable(source: DataSource, options: OpenOptions = {}): Promise<OpenTable> {
  const bytes = await openBytes(source, options.signal);
  const format = await formatOf(bytes, options);
  return format.open(bytes, options);
}
