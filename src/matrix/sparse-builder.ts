// Sparse rows as they are found, one after the other.

import { type Dtype, newArray, type TypedArray } from './operand.js';
import type { Compressed } from './sparse-tiles.js';

/** Room for so many numbers at first; it doubles. */
const FIRST = 1024;

export class SparseBuilder {
  readonly #dtype: Dtype;
  readonly #indptr: Int32Array;
  #indices = new Int32Array(FIRST);
  #values: TypedArray;
  #count = 0;
  #row = 0;

  constructor(rows: number, dtype: Dtype) {
    this.#dtype = dtype;
    this.#indptr = new Int32Array(rows + 1);
    this.#values = newArray(dtype, FIRST);
  }

  /** A number of the row underway. @param column greater than those before in this row */
  add(column: number, value: number): void {
    const at = this.#count++;
    if (at === this.#indices.length) this.#grow();
    this.#indices[at] = column;
    this.#values[at] = value;
  }

  #grow(): void {
    const length = 2 * this.#indices.length;
    const [indices, values] = [new Int32Array(length), newArray(this.#dtype, length)];
    indices.set(this.#indices);
    values.set(this.#values);
    [this.#indices, this.#values] = [indices, values];
  }

  endRow(): void {
    this.#indptr[++this.#row] = this.#count;
  }

  /** A row of these numbers by their columns, in any order. */
  addRow(numbers: ReadonlyMap<number, number>): void {
    const columns = Int32Array.from(numbers.keys()).sort();
    for (let i = 0; i < columns.length; i++) this.add(columns[i], numbers.get(columns[i]) as number);
    this.endRow();
  }

  finish(): Compressed {
    const count = this.#count;
    return { indptr: this.#indptr, indices: this.#indices.slice(0, count), values: this.#values.slice(0, count) };
  }
}
