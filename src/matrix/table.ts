// Tables: rows of numbers, texts, flags and gaps, arrays or objects with named members. Read once, column by column.

import { describe, suggest } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import { isObject, refuseValue } from '../checks/values.js';
import { Matrix } from './matrix.js';
import { type Dtype, dtypeOf, newArray, type RowsInput, readMatrix, type TypedArray, unreadable } from './operand.js';

/** What a row of a table may hold. null, undefined and NaN are gaps: what is not known. */
export type Cell = string | number | boolean | null | undefined;

/** Rows of cells: arrays of them, or objects with a member for each column; or a matrix of numbers, dense or sparse; or one text each. */
export type TableInput = RowsInput | readonly object[] | readonly string[] | Table;

/** What a caller calls a column: its name, or its place. @internal */
export type ColumnLabel = string | number;

/** Whether it stands for what is not known. @internal */
export const isGap = (cell: unknown): cell is null | undefined =>
  cell === null || cell === undefined || Number.isNaN(cell);

const isDate = (value: unknown): boolean => Object.prototype.toString.call(value) === '[object Date]';

const isRecord = (row: unknown): row is Record<string, unknown> =>
  isObject(row) && !ArrayBuffer.isView(row) && !isDate(row);

/** Whether it is what a table may hold and a matrix may not. A date is told what to write, as texts are. */
const isOther = (cell: unknown): boolean =>
  typeof cell === 'string' || typeof cell === 'boolean' || cell === null || cell === undefined || isDate(cell);

/** Whether it is an array of rows with names, or with cells that are no numbers; else it is to be read as a matrix. @internal */
export function isTable(value: unknown): value is readonly object[] {
  if (!Array.isArray(value) || Object(value[0]) !== value[0]) return false;
  for (const row of value) {
    if (isRecord(row)) return true;
    if (Array.isArray(row)) for (let j = 0; j < row.length; j++) if (isOther(row[j])) return true;
  }
  return false;
}

/** Where a cell is, in words, as the caller would write it. */
function placeIn(name: string, i: number, label: ColumnLabel): string {
  const plain = typeof label === 'number' || !/^[A-Za-z_$][\w$]*$/.test(label);
  return `"${name}"[${i}]${plain ? `[${typeof label === 'number' ? label : describe(label)}]` : `.${label}`}`;
}

/** @throws {ValueError} naming the place */
function readCell(cell: unknown, name: string, i: number, label: ColumnLabel): Cell {
  if (isGap(cell)) return null;
  if (typeof cell === 'string' || typeof cell === 'boolean' || Number.isFinite(cell)) return cell as Cell;
  const place = placeIn(name, i, label);
  if (typeof cell === 'number') throw new ValueError(`${place} is ${cell}`);
  const hint = isDate(cell)
    ? ': give a number, as its getTime() is, or parts of it (year, month, weekday) as columns of their own'
    : ': a cell is a number, a string, a boolean or a gap (null, undefined, NaN)';
  throw new ValueError(`${place} is ${describe(cell)}${hint}`);
}

// Outside the class, as src/matrix/matrix.ts says.
const create = (name: string, rows: number, columns: readonly ArrayLike<Cell>[], labels: readonly ColumnLabel[]) =>
  new Table(name, rows, columns, labels);

/**
 * A table by its columns, of equal length: where rows of cells would be made only to be taken apart again. Taken wherever rows of cells are.
 *
 * @example
 * const table = Table.fromColumns({ city: ['Oslo', 'Rome'], age: [31, null] });
 * table.rows; // 2
 * new SimpleImputer().fitTransform(table.pick([1])).data; // Float64Array [31, 31]
 */
export class Table {
  /** @internal */
  readonly name: string;
  /** Number of rows. */
  readonly rows: number;
  /** Of cells, with null for gaps; or of numbers, with NaN. */
  readonly columns: readonly ArrayLike<Cell>[];
  /** @internal */
  readonly labels: readonly ColumnLabel[];

  /**
   * A copy of columns by their names.
   *
   * @param columns arrays of cells, or typed arrays of numbers
   * @throws {ShapeError} unless they are of one length, of a row or more; {ValueError} naming a cell that is none
   */
  static fromColumns(columns: Readonly<Record<string, ArrayLike<Cell>>>): Table {
    return readColumns(columns);
  }

  /** @internal */
  constructor(name: string, rows: number, columns: readonly ArrayLike<Cell>[], labels: readonly ColumnLabel[]) {
    this.name = name;
    this.rows = rows;
    this.columns = columns;
    this.labels = labels;
  }

  /** Columns. */
  get cols(): number {
    return this.columns.length;
  }

  /** The columns' names, if they have names, by which they can be told apart. */
  get names(): readonly string[] | undefined {
    const { labels } = this;
    const apart = labels.every((label) => typeof label === 'string') && new Set(labels).size === labels.length;
    return apart ? (labels as readonly string[]) : undefined;
  }

  /** Names a column, in messages. @internal */
  columnName(j: number): string {
    return `${this.name} column ${this.labels[j]}`;
  }

  /** @internal */
  place(i: number, j: number): string {
    return placeIn(this.name, i, this.labels[j]);
  }

  /** Some rows, in that order, unchecked. @internal */
  take(indices: ArrayLike<number>): Table {
    const of = (column: ArrayLike<Cell>): ArrayLike<Cell> => {
      const dtype = dtypeOf(column);
      if (!dtype) return Array.from(indices, (i) => column[i]);
      const numbers = newArray(dtype, indices.length);
      for (let i = 0; i < numbers.length; i++) numbers[i] = column[indices[i]] as number;
      return numbers;
    };
    return create(this.name, indices.length, this.columns.map(of), this.labels);
  }

  /** Some columns, in that order, by their places from 0. */
  pick(indices: readonly number[]): Table {
    const of = <T>(from: readonly T[]) => indices.map((j) => from[j]);
    return create(this.name, this.rows, of(this.columns), of(this.labels));
  }

  /** The place of a column, from 0. @throws {ValueError} if there is none of this name */
  indexOf(name: string): number {
    const found = this.labels.indexOf(name);
    if (found >= 0) return found;
    const names = this.labels.map(String);
    throw new ValueError(
      `"${this.name}" has no column ${describe(name)}; ${suggest(name, names)}it has ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', ...' : ''}`,
    );
  }

  /** f32 if all columns are. @internal */
  get dtype(): Dtype {
    return this.columns.every((column) => dtypeOf(column) === 'f32') ? 'f32' : 'f64';
  }

  /** All as numbers, row by row: gaps are NaN, true is 1, false 0. @param hint what to do @throws {ValueError} at a text @internal */
  numbers(hint = 'OneHotEncoder and OrdinalEncoder make numbers of texts'): TypedArray {
    const { rows, cols } = this;
    const data = newArray(this.dtype, rows * cols);
    for (let j = 0; j < cols; j++) {
      const column = this.columns[j];
      for (let i = 0; i < rows; i++) {
        const cell = column[i];
        if (typeof cell === 'string') {
          throw new ValueError(`${this.place(i, j)} must be a number, got ${describe(cell)}: ${hint}`);
        }
        data[i * cols + j] = isGap(cell) ? Number.NaN : Number(cell);
      }
    }
    return data;
  }

  /** A matrix, if there are no texts and flags; else rows of cells. @internal */
  plain(): Matrix | Cell[][] {
    const numeric = this.columns.every(
      (column) => dtypeOf(column) || Array.from(column).every((cell) => isGap(cell) || typeof cell === 'number'),
    );
    if (numeric) return new Matrix(this.rows, this.cols, this.numbers());
    return Array.from({ length: this.rows }, (_, i) => this.columns.map((column) => column[i]));
  }
}

function readRows(rows: readonly unknown[], name: string): Table {
  const [first] = rows;
  const named = isRecord(first);
  const labels: ColumnLabel[] = named ? Object.keys(first) : Array.from(Object(first) as unknown[], (_, j) => j);
  if (labels.length === 0) {
    const what = 'an array of cells or an object with a member for each column';
    if (Array.isArray(first)) throw new ShapeError(`"${name}" has no columns`);
    return refuseValue(name, what, first, '[0]');
  }
  const columns: Cell[][] = labels.map(() => new Array<Cell>(rows.length));
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (named ? !isRecord(row) : !Array.isArray(row) && dtypeOf(row) === undefined) {
      return refuseValue(name, named ? 'an object, as row 0 is' : 'an array, as row 0 is', row, `[${i}]`);
    }
    const cells = row as Record<ColumnLabel, unknown>;
    const length = named ? Object.keys(cells).length : (row as unknown[]).length;
    const missing = named ? labels.find((label) => !Object.hasOwn(cells, label)) : undefined;
    if (missing !== undefined) {
      throw new ShapeError(`"${name}"[${i}] has no ${describe(missing)}, which row 0 has: write null for a gap`);
    }
    if (length !== labels.length) {
      throw new ShapeError(`"${name}" is ragged: row 0 has ${labels.length} elements, row ${i} has ${length}`);
    }
    for (let j = 0; j < length; j++) columns[j][i] = readCell(cells[labels[j]], name, i, labels[j]);
  }
  return new Table(name, rows.length, columns, labels);
}

const NAME = 'columns';

function readColumns(given: unknown): Table {
  if (!isRecord(given) || Array.isArray(given))
    return refuseValue(NAME, 'an object with an array for each column', given);
  const labels = Object.keys(given);
  if (labels.length === 0) throw new ShapeError(`"${NAME}" has no columns`);
  const rows = Object(given[labels[0]]).length;
  const columns = labels.map((label) => {
    const column = given[label];
    const dtype = dtypeOf(column);
    if (!dtype && !Array.isArray(column)) return refuseValue(NAME, 'an array of cells', column, `[${describe(label)}]`);
    const cells = column as ArrayLike<Cell>;
    if (cells.length !== rows) {
      throw new ShapeError(
        `"${NAME}" are ragged: ${describe(labels[0])} has ${rows} cells, ${describe(label)} has ${cells.length}`,
      );
    }
    const copy: Cell[] | TypedArray = dtype ? newArray(dtype, rows) : new Array<Cell>(rows);
    for (let i = 0; i < rows; i++) {
      const cell = cells[i];
      if (dtype && Number.isNaN(cell)) copy[i] = Number.NaN;
      else copy[i] = readCell(cell, NAME, i, label) as number;
    }
    return copy as ArrayLike<Cell>;
  });
  if (rows === 0) throw new ShapeError(`"${NAME}" has no rows`);
  return new Table('X', rows, columns, labels);
}

/** The columns of a matrix. */
function readNumbers(value: unknown, name: string): Table {
  const { rows, cols, flat, dtype = 'f64' } = readMatrix(value, name);
  if (rows === 0) throw new ShapeError(`"${name}" has no rows`);
  if (cols === 0) throw new ShapeError(`"${name}" has no columns`);
  const columns = Array.from({ length: cols }, () => newArray(dtype, rows));
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, at++) {
      columns[j][i] = flat[at];
      if (Math.abs(flat[at]) === Infinity) throw new ValueError(`${placeIn(name, i, j)} is ${flat[at]}`);
    }
  }
  return new Table(
    name,
    rows,
    columns,
    columns.map((_, j) => j),
  );
}

/**
 * Copies a table of a row and a column or more.
 *
 * @throws {ShapeError|ValueError|DtypeError} naming the place: infinities, dates and what else is no cell are refused
 * @internal
 */
export function readTable(value: unknown, name: string): Table {
  if (value instanceof Table) return value;
  if (Array.isArray(value) && value.length > 0 && Object(value[0]) !== value[0]) {
    throw new ShapeError(`"${name}" must be 2-D (an array of rows), got a 1-D array of ${value.length}`);
  }
  try {
    return isTable(value) ? readRows(value, name) : readNumbers(value, name);
  } catch (error) {
    throw unreadable(error, name);
  }
}
