// Blocks of a file as a model's columns: by name, in any order, each cell as the schema says.

import { DataError } from '../formats/errors.js';
import type { Block, CellTable, ColumnInfo, RawCell } from '../formats/table.js';
import { type Cell, Table } from '../model/index.js';
import { isGap, shown, toBoolean, toNumber } from './cells.js';
import { hint } from './columns.js';
import type { ColumnSchema, Schema } from './schema.js';
import { targetReader } from './target.js';

/** Rows that a model takes. */
export interface Rows {
  /** Undefined if no row is left. */
  readonly X: Table | undefined;
  /** A class's number or a number for each row of X; undefined if targets were not asked for. */
  readonly y: Float64Array | undefined;
  /** Which of the block's rows they are, where rows with gaps were left out. */
  readonly kept: Int32Array | undefined;
}

const KINDS = {
  number: { read: toNumber as (cell: RawCell) => Cell, what: 'a number' },
  boolean: { read: toBoolean as (cell: RawCell) => Cell, what: 'true or false' },
  category: { read: (cell: RawCell): Cell => (typeof cell === 'string' ? cell.trim() : String(cell)), what: 'a text' },
};

interface Source {
  readonly column: ColumnSchema;
  readonly index: number;
  readonly text: boolean;
}

export class RowReader {
  readonly #schema: Schema;
  readonly #file: string;
  readonly #sources: readonly Source[];
  readonly #target:
    | { readonly index: number; readonly text: boolean; read(cell: RawCell): number | undefined }
    | undefined;

  /**
   * @param withTarget whether the target's column must be there and is read
   * @throws {DataError} naming a column that the file has not
   */
  constructor(schema: Schema, table: CellTable, withTarget: boolean) {
    this.#schema = schema;
    this.#file = table.file;
    const { columns, named } = table;
    const names = columns.map(({ name }) => name);
    const place = (name: string): number => {
      const index = names.indexOf(name);
      if (index >= 0) return index;
      const count = named ? '' : ' The file does not name its columns: a first row with names is needed.';
      throw new DataError(`the model needs a column ${JSON.stringify(name)}: ${hint(name, names)}.${count}`, {
        file: table.file,
      });
    };
    const text = (index: number) => (columns[index] as ColumnInfo).type === 'text';
    this.#sources = schema.columns.map((column) => {
      const index = place(column.name);
      return { column, index, text: text(index) };
    });
    if (withTarget) {
      const index = place(schema.target.name);
      this.#target = { index, text: text(index), read: targetReader(schema.target) };
    }
  }

  #refuse(block: Block, i: number, column: string, what: string): never {
    const line = block.lines?.[i];
    throw new DataError(`${line === undefined ? `row ${block.first + i + 1}: ` : ''}${what}`, {
      file: this.#file,
      line,
      column,
    });
  }

  /** Rows to be left out as they have gaps; undefined if there are none. */
  #kept(block: Block): Int32Array | undefined {
    if (this.#schema.missing !== 'drop') return undefined;
    const read = [...this.#sources, ...(this.#target ? [this.#target] : [])];
    const kept: number[] = [];
    for (let i = 0; i < block.rows; i++) {
      if (read.every(({ index, text }) => !isGap(block.columns[index][i], text))) kept.push(i);
    }
    return kept.length < block.rows ? Int32Array.from(kept) : undefined;
  }

  /** @throws {DataError} naming line and column of a cell that is not what the schema says, or a gap where there may be none */
  read(block: Block): Rows {
    const kept = this.#kept(block);
    const rows = kept?.length ?? block.rows;
    if (rows === 0) return { X: undefined, y: this.#target && new Float64Array(0), kept };
    const at = (k: number) => (kept ? kept[k] : k);
    const columns = this.#sources.map(({ column, index, text }): [string, ArrayLike<Cell>] => {
      const cells = block.columns[index];
      const { read, what } = KINDS[column.kind];
      const values: Cell[] | Float64Array = column.kind === 'number' ? new Float64Array(rows) : new Array(rows);
      for (let k = 0; k < rows; k++) {
        const i = at(k);
        const cell = cells[i];
        if (isGap(cell, text)) {
          if (column.fill === undefined)
            this.#refuse(block, i, column.name, 'there is a gap, and the model was trained without any');
          values[k] = (column.kind === 'number' ? Number.NaN : null) as number;
          continue;
        }
        const value = read(cell);
        if (value === undefined) this.#refuse(block, i, column.name, `${what} is needed, found ${shown(cell)}`);
        values[k] = value as number;
      }
      return [column.name, values];
    });
    return { X: Table.fromColumns(Object.fromEntries(columns)), y: this.#targets(block, rows, at), kept };
  }

  #targets(block: Block, rows: number, at: (k: number) => number): Float64Array | undefined {
    const target = this.#target;
    if (!target) return undefined;
    const { name, classes } = this.#schema.target;
    const cells = block.columns[target.index];
    const y = new Float64Array(rows);
    for (let k = 0; k < rows; k++) {
      const cell = cells[at(k)];
      const value = isGap(cell, target.text) ? undefined : target.read(cell);
      if (value === undefined) {
        const wanted = classes ? `one of ${classes.slice(0, 12).join(', ')}` : 'a number';
        this.#refuse(
          block,
          at(k),
          name,
          `${wanted} is needed, found ${isGap(cell, target.text) ? 'a gap' : shown(cell)}`,
        );
      }
      y[k] = value;
    }
    return y;
  }
}
