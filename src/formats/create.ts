// Tables written: beside their place, and renamed when they are whole.

import { ValueError } from '../index.js';
import { DataError } from './errors.js';
import type { Encoder, Format, TableWriter } from './format.js';
import { FORMATS } from './formats.js';
import { gzipSink } from './gzip.js';
import { checkNames } from './names.js';
import type { RawCell } from './table.js';
import { fileTarget, standardOutput, type Target } from './targets.js';
import { count, shown } from './text.js';

/** What a writer may be told. */
export interface CreateOptions {
  /** A name of `FORMATS` that can be written; default: by the name of the file, CSV to standard output. */
  format?: string;
}

const WRITABLE = FORMATS.filter(({ write }) => write);

function formatOf(target: string, { format }: CreateOptions): Format {
  const known = WRITABLE.map(({ name }) => name).join(', ');
  if (format !== undefined) {
    const told = WRITABLE.find(({ name }) => name === format);
    if (!told) throw new ValueError(`"format" must be one of ${known}, got ${shown(format)}`);
    return told;
  }
  if (target === '-') return WRITABLE.find(({ name }) => name === 'csv') as Format;
  const end = /\.([^./\\]+)$/.exec(target.replace(/\.gz$/i, ''))?.[1].toLowerCase() ?? '';
  const named = WRITABLE.find(({ extensions }) => extensions.includes(end));
  if (named) return named;
  const ends = WRITABLE.flatMap(({ extensions }) => extensions.map((each) => `.${each}`)).join(', ');
  throw new ValueError(
    `the name ${shown(target)} does not say the format: end it with one of ${ends}, or of these and .gz`,
  );
}

class Writer implements TableWriter {
  private open = true;

  constructor(
    private readonly target: Target,
    private readonly encoder: Encoder,
    private readonly finish: () => Promise<void>,
    private readonly names: readonly string[],
  ) {}

  async write(columns: readonly ArrayLike<RawCell>[]): Promise<void> {
    this.checkOpen();
    const rows = columns[0]?.length ?? 0;
    if (columns.length !== this.names.length || columns.some(({ length }) => length !== rows)) {
      const sizes = [...new Set(columns.map(({ length }) => length))].join(', ');
      throw new ValueError(
        `"columns" must be ${count(this.names.length, 'column')} of equal length, got ${columns.length} of length ${sizes}`,
      );
    }
    if (rows > 0) await this.attempt(() => this.encoder.write(columns));
  }

  async end(): Promise<void> {
    this.checkOpen();
    await this.attempt(async () => {
      await this.encoder.end();
      await this.finish();
      await this.target.end();
    });
    this.open = false;
  }

  async abandon(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    await this.target.abandon();
  }

  private checkOpen(): void {
    if (!this.open) throw new ValueError('the table was ended or abandoned: nothing more can be written to it');
  }

  /** What fails leaves nothing behind. */
  private async attempt(what: () => Promise<void>): Promise<void> {
    try {
      await what();
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }
}

/**
 * A file that is written block by block, and is there when it is whole.
 * @param target a path whose end says the format (.csv, .tsv, .ndjson, .parquet; with .gz after it gzip), or `-` for standard output
 * @param names of its columns
 * @throws {DataError} if the place cannot be written
 * @throws {ValueError} if the name says no format that can be written, or two columns have one name
 */
export async function createTable(
  target: string,
  names: readonly string[],
  options: CreateOptions = {},
): Promise<TableWriter> {
  const unknown = Object.keys(options).find((key) => key !== 'format');
  if (unknown !== undefined) throw new ValueError(`${shown(unknown)} is no option of createTable: format is`);
  const format = formatOf(target, options);
  const file = target === '-' ? '<stdout>' : target;
  if (names.length === 0) throw new DataError('a table must have columns', { file });
  checkNames(names, file);
  const place = target === '-' ? standardOutput() : await fileTarget(target);
  const packed = /\.gz$/i.test(target) ? gzipSink(place.write) : { write: place.write, end: async () => {} };
  const encoder = (await format.write?.(packed.write, names, target)) as Encoder;
  return new Writer(place, encoder, packed.end, names);
}
