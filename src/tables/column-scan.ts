// One column, cell by cell: what it can be, and what is to be known of it to make inputs of it.

import type { ColumnType, RawCell } from '../formats/table.js';
import { type RandomState, random } from '../index.js';
import { MinMaxScaler, StandardScaler } from '../model/index.js';
import { isDate, isGap, toBoolean, toNumber } from './cells.js';

/** More different texts than this are no categories. */
export const MOST_CATEGORIES = 1000;

export interface ScanOptions {
  /** Rows of which medians and quartiles are taken; 0 if nobody asks for them. */
  readonly sample: number;
  readonly seed: number;
}

/** Rows of a block as numbers, gaps NaN. */
const matrixOf = (data: Float64Array) => ({ rows: data.length, cols: 1, data });

export class ColumnScan {
  readonly name: string;
  readonly type: ColumnType;
  rows = 0;
  gaps = 0;
  /** The row of the first gap, from 0. */
  firstGap = -1;
  /** Whether every cell so far is one. */
  number: boolean;
  boolean: boolean;
  integer = true;
  date: boolean;
  /** How many rows have each text; undefined once there are too many. */
  counts: Map<string, number> | undefined = new Map();
  readonly scaler = new StandardScaler();
  readonly range = new MinMaxScaler();
  /** Numbers of some rows: all if there are no more than were asked for. */
  readonly sample: number[] = [];
  readonly #options: ScanOptions;
  readonly #rng: RandomState | undefined;
  #seen = 0;

  constructor(name: string, type: ColumnType, options: ScanOptions, index: number) {
    this.name = name;
    this.type = type;
    this.number = type === 'text' || type === 'number';
    this.boolean = type === 'text' || type === 'boolean';
    this.date = type === 'text' || type === 'date' || type === 'string';
    this.#options = options;
    if (options.sample > 0) this.#rng = random((options.seed + index) % 2 ** 32);
  }

  /** Rows that follow those before. @param first the place of the first of them */
  add(cells: ArrayLike<RawCell>, first: number): void {
    const text = this.type === 'text';
    const numbers = new Float64Array(cells.length);
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i];
      numbers[i] = Number.NaN;
      if (isGap(cell, text)) {
        if (this.gaps++ === 0) this.firstGap = first + i;
        continue;
      }
      if (this.number) {
        const number = toNumber(cell);
        if (number === undefined) this.number = false;
        else {
          numbers[i] = number;
          if (this.integer && !Number.isInteger(number)) this.integer = false;
        }
      }
      if (this.boolean && toBoolean(cell) === undefined) this.boolean = false;
      if (this.date && !isDate(cell)) this.date = false;
      this.#count(cell);
    }
    this.rows += cells.length;
    if (this.number && cells.length > 0) this.#learn(numbers);
  }

  #count(cell: RawCell): void {
    if (!this.counts) return;
    const key = typeof cell === 'string' ? cell.trim() : String(cell);
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    if (this.counts.size > MOST_CATEGORIES) this.counts = undefined;
  }

  #learn(numbers: Float64Array): void {
    this.scaler.partialFit(matrixOf(numbers));
    this.range.partialFit(matrixOf(numbers));
    const rng = this.#rng;
    if (!rng) return;
    // Vitter's algorithm R (1985): every row is as likely as any other to be in the sample.
    for (const number of numbers) {
      if (Number.isNaN(number)) continue;
      this.#seen++;
      if (this.sample.length < this.#options.sample) this.sample.push(number);
      else {
        const place = Math.floor(rng.rand() * this.#seen);
        if (place < this.sample.length) this.sample[place] = number;
      }
    }
  }

  get mean(): number {
    return this.rows > 0 ? (this.scaler.mean?.[0] ?? 0) : 0;
  }

  get std(): number {
    return this.rows > 0 ? Math.sqrt(this.scaler.variance?.[0] ?? 0) : 0;
  }

  get median(): number {
    const sorted = Float64Array.from(this.sample).sort();
    const half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
