// What a format is: a file of this folder, and a line of the table in formats.ts.

import type { Bytes } from './source.js';
import type { OpenOptions, OpenTable, RawCell } from './table.js';

/** Columns of results, block after block, to a file. */
export interface TableWriter {
  /** Columns of equal length, in the order of the names. */
  write(columns: readonly ArrayLike<RawCell>[]): Promise<void>;
  /** What is still to be written; the file is whole when it has ended. */
  end(): Promise<void>;
  /** Leaves nothing of it behind. */
  abandon(): Promise<void>;
}

/** What makes bytes of columns. */
export interface Encoder {
  write(columns: readonly ArrayLike<RawCell>[]): Promise<void>;
  /** What is still to be written. */
  end(): Promise<void>;
}

/** Takes bytes in their order; it is waited for. */
export type Sink = (bytes: Uint8Array) => Promise<void>;

export interface Format {
  /** What it is called in messages and options. */
  readonly name: string;
  readonly what: string;
  /** Ends of names, without the point: `data.csv`, `data.csv.gz`. */
  readonly extensions: readonly string[];
  /** Whether a file that begins like this is one, where its name does not tell. @param head a few KB, no longer compressed */
  sniff?(head: Uint8Array): boolean;
  /** The options that it has a use for, beside `format`, `blockRows` and `signal`. */
  readonly options: readonly (keyof OpenOptions)[];
  /** @throws {DataError} naming file, line and column */
  open(source: Bytes, options: OpenOptions): Promise<OpenTable>;
  /** @param name of the file, whose end may say more than the format's name does */
  write?(sink: Sink, names: readonly string[], name: string): Encoder | Promise<Encoder>;
}
