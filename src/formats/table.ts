// What every format reads a file to: blocks of columns of cells, in the order of the file's rows.

import type { SparseMatrix } from '../model/index.js';

/** What stands in a file, before a schema says what it means. A gap is null; of texts formats (CSV) every other cell is its text. */
export type RawCell = string | number | boolean | Date | null;

/** Rows that follow one another, column by column. */
export interface Block {
  /** How many there are. */
  readonly rows: number;
  /** The place of its first row among those of the table, from 0. */
  readonly first: number;
  /** In the order of the table's names, `rows` cells each. */
  readonly columns: readonly ArrayLike<RawCell>[];
  /** The line of the file on which each row begins, from 1; undefined where a file has no lines. */
  readonly lines?: ArrayLike<number>;
}

/** Rows of a sparse file: what is learnt from, and what is to be learnt. */
export interface SparseBlock {
  /** How many there are. */
  readonly rows: number;
  /** The place of its first row among those of the file, from 0. */
  readonly first: number;
  /** rows x columns. */
  readonly X: SparseMatrix;
  /** A target for each row. */
  readonly y: Float64Array;
  /** The line of the file on which each row begins, from 1. */
  readonly lines?: ArrayLike<number>;
}

/** What a file says of a column by itself. `text`: cells are texts that may stand for something else, numbers too. */
export type ColumnType = 'text' | 'number' | 'boolean' | 'string' | 'date';

/** A column as the file has it. */
export interface ColumnInfo {
  /** Unique in the file. */
  readonly name: string;
  /** What its cells are. */
  readonly type: ColumnType;
  /** Of a nominal column, in the file's order. */
  readonly categories?: readonly string[];
}

interface Opened {
  /** A name of {@link FORMATS}. */
  readonly format: string;
  /** As messages call it: a path, or `<stdin>`. */
  readonly file: string;
  /** If it is known before the file is read. */
  readonly rows?: number;
  /** Bytes of the file read so far, and all if known: what progress bars show. */
  readonly progress: { readonly read: number; readonly total?: number };
  /** Rows that could not be read and were left out so far, as `skipBadRows` allows. */
  readonly skipped: readonly BadRow[];
}

/** A row that was left out, and why. */
export interface BadRow {
  /** From 1. */
  readonly line: number;
  /** What was found, and what was expected. */
  readonly message: string;
}

/** An opened file of cells. `blocks()` may be called again: it reads the file anew. */
export interface CellTable extends Opened {
  /** Tells it from a sparse one. */
  readonly kind: 'cells';
  /** In the file's order. */
  readonly columns: readonly ColumnInfo[];
  /** Whether the file names its columns; else they are c0, c1, ... */
  readonly named: boolean;
  /** The rows from the first to the last. */
  blocks(): AsyncIterable<Block>;
}

/** An opened file of sparse rows (libsvm). */
export interface SparseTable extends Opened {
  /** Tells it from one of cells. */
  readonly kind: 'sparse';
  /** Columns of X: the option `features`, or the greatest that occurs, for which the file is read once. */
  readonly cols: number;
  /** The rows from the first to the last. */
  blocks(): AsyncIterable<SparseBlock>;
}

/** What {@link openTable} gives. */
export type OpenTable = CellTable | SparseTable;

/** What a caller may say of a file. Unknown ones, and those that the format has no use for, are refused. */
export interface OpenOptions {
  /** A name of `FORMATS`; default: by the name of the file, else by its first bytes. */
  format?: string;
  /** Of CSV: between cells; default: found out. */
  delimiter?: string;
  /** Of texts: 'utf-8', 'utf-16le', 'utf-16be', 'windows-1252'; default: by the mark at the beginning, else UTF-8, and windows-1252 if it is not that. */
  encoding?: string;
  /** Of CSV: whether the first row names the columns; default: found out. */
  header?: boolean;
  /** Rows of a block; default 8192, fewer of wide tables. */
  blockRows?: number;
  /** How many rows that cannot be read may be left out; default 0: the first one is an error. */
  skipBadRows?: number;
  /** Of NPZ: which array. */
  array?: string;
  /** Of libsvm: how many columns there are. */
  features?: number;
  /** Stops reading: the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}
