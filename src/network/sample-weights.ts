// Sample weights: checked once for a call, and their total.

import { ShapeError, ValueError } from '../checks/errors.js';
import { refuseWeight } from '../checks/values.js';
import { type Dtype, TILE } from '../kernels/contract.js';
import type { Session } from '../matrix/marshal.js';
import type { TypedArray } from '../matrix/operand.js';
import { SumTree } from '../numbers/tree.js';
import { type Given, Source } from './source.js';

export class Weights {
  readonly #source: Source;
  readonly #tree = new SumTree('f64');
  #given = false;
  /** The sum of the weights, in f64 by contract rule 3; the number of rows without weights. */
  total = 0;

  constructor(session: Session, dtype: Dtype) {
    this.#source = new Source(session, dtype, 'sampleWeight', 1);
  }

  /** Reads an argument. @throws {ShapeError|ValueError|DtypeError|DisposedError} */
  parse(sampleWeight: unknown): Given {
    return this.#source.parse(sampleWeight);
  }

  /** @throws {ShapeError|ValueError} unless they are one number for each row, none negative and not all 0 */
  use(given: Given | undefined, rows: number, part: boolean): void {
    this.#given = given !== undefined;
    this.total = rows;
    if (!given) return;
    this.#source.use(given);
    if (this.#source.rows !== rows) {
      throw new ShapeError(`"sampleWeight" has ${this.#source.rows} weights, but "X" has ${rows} rows`);
    }
    this.#add(this.#source.column, this.#source.first, rows);
    this.total = this.#tree.sum;
    if ((part || this.total > 0) && this.total < Infinity) return;
    throw new ValueError(`"sampleWeight" must not be all 0, nor too large to add up: its sum is ${this.total}`);
  }

  /** Adds up `values` from index `first` on. */
  #add(values: ArrayLike<number>, first: number, rows: number): void {
    const tree = this.#tree;
    tree.reset();
    for (let from = 0; from < rows; from += TILE) {
      const end = Math.min(rows, from + TILE);
      let sum = 0;
      for (let i = from; i < end; i++) {
        const weight = values[first + i];
        if (!(weight >= 0 && weight < Infinity)) {
          refuseWeight('sampleWeight', i, weight);
        }
        sum += weight;
      }
      tree.leaf = sum;
      tree.add();
    }
    tree.finish();
  }

  checkApart(start: number, bytes: number, outside: TypedArray | undefined): void {
    if (this.#given) this.#source.checkApart(start, bytes, outside);
  }

  forget(): void {
    this.#source.forget();
  }

  reserve(rows: number): void {
    if (this.#given) this.#source.reserve(rows);
  }

  /** The address of the weights of some rows; 0 without weights. */
  tile(from: number, count: number): number {
    return this.#given ? this.#source.tile(from, count) : 0;
  }

  dispose(): void {
    this.#source.dispose();
  }
}
