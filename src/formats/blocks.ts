// Rows that come one by one, as blocks of columns.

import { DataError } from './errors.js';
import type { BadRow, Block, OpenOptions, RawCell } from './table.js';

const MOST_ROWS = 8192;
/** Of a block of numbers in typed arrays. */
const MOST_NUMBERS = 1 << 20;
/**
 * Of a block of cells that are objects of their own: the collector copies all that are still held each time that young memory is full.
 * 20 columns of CSV: 80 MB/s in blocks of 512 to 2048 rows, 38 in those of 8192 (of processor time, Node 20).
 */
const MOST_CELLS = 1 << 15;

const rows = (cols: number, most: number, { blockRows }: OpenOptions): number =>
  blockRows ?? Math.max(1, Math.min(MOST_ROWS, Math.floor(most / Math.max(1, cols))));

export const rowsOfNumbers = (cols: number, options: OpenOptions): number => rows(cols, MOST_NUMBERS, options);

export const rowsOfCells = (cols: number, options: OpenOptions): number => rows(cols, MOST_CELLS, options);

/** Takes rows, gives blocks. */
export class Blocks {
  private columns: RawCell[][] = [];
  private lines: number[] = [];
  private first = 0;
  private readonly done: Block[] = [];

  constructor(
    private readonly cols: number,
    private readonly size: number,
  ) {
    this.clear();
  }

  private clear(): void {
    this.columns = Array.from({ length: this.cols }, () => []);
    this.lines = [];
  }

  private added(line: number): void {
    if (this.lines.push(line) >= this.size) this.done.push(this.take());
  }

  add(cells: readonly RawCell[], line: number): void {
    for (let c = 0; c < this.cols; c++) this.columns[c].push(cells[c]);
    this.added(line);
  }

  /** Of texts an empty one is a gap. */
  addTexts(cells: readonly string[], line: number): void {
    const { columns } = this;
    for (let c = 0; c < columns.length; c++) {
      const cell = cells[c];
      columns[c].push(cell === '' ? null : cell);
    }
    this.added(line);
  }

  /** Those that are full. */
  ready(): Block[] {
    return this.done.splice(0);
  }

  /** All that there is. */
  rest(): Block[] {
    if (this.lines.length > 0) this.done.push(this.take());
    return this.ready();
  }

  private take(): Block {
    const { first, lines, columns } = this;
    const rows = lines.length;
    this.first += rows;
    this.clear();
    return { rows, first, columns, lines };
  }
}

/** Rows that are left out, as many as may be. */
export class BadRows {
  readonly list: BadRow[] = [];

  constructor(
    private readonly file: string,
    private readonly most: number,
  ) {}

  /** @throws {DataError} if they become too many */
  add(line: number, message: string, column?: string): void {
    if (this.list.length >= this.most) {
      const before =
        this.most > 0 ? ` (${this.most} bad ${this.most === 1 ? 'row was' : 'rows were'} left out before it)` : '';
      throw new DataError(`${message}${before}`, { file: this.file, line, column });
    }
    this.list.push({ line, message: column === undefined ? message : `column ${column}: ${message}` });
  }
}
