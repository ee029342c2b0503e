// Rows that come one by one, as blocks of columns.

import { DataError } from './errors.js';
import type { BadRow, Block, OpenOptions, RawCell } from './table.js';

const MOST_ROWS = 8192;
/** Of a block of a wide table. */
const MOST_CELLS = 1 << 20;

export const rowsOfBlock = (cols: number, { blockRows }: OpenOptions): number =>
  blockRows ?? Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_CELLS / Math.max(1, cols))));

/** Takes rows, gives blocks. */
export class Blocks {
  private columns: RawCell[][] = [];
  private lines: number[] = [];
  private first = 0;

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

  get full(): boolean {
    return this.lines.length >= this.size;
  }

  add(cells: readonly RawCell[], line: number): void {
    for (let c = 0; c < this.cols; c++) this.columns[c].push(cells[c]);
    this.lines.push(line);
  }

  /** Of texts an empty one is a gap. */
  addTexts(cells: readonly string[], line: number): void {
    const { columns } = this;
    for (let c = 0; c < columns.length; c++) {
      const cell = cells[c];
      columns[c].push(cell === '' ? null : cell);
    }
    this.lines.push(line);
  }

  /** What there is, if it is anything. */
  *rest(): Generator<Block> {
    if (this.lines.length > 0) yield this.take();
  }

  take(): Block {
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
