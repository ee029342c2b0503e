// Sample weights: checked once for a call, and their total.

import { ShapeError, ValueError } from '../checks/errors.js';
import { refuseWeight } from '../checks/values.js';
import { type Dtype, TILE } from '../kernels/kernels.js';
import type { Session } from '../matrix/marshal.js';
import type { TypedArray } from '../matrix/operand.js';
import { type ParsedRows, Rows } from '../matrix/rows.js';
import { SumTree } from '../numbers/tree.js';

const NAME = 'sampleWeight';

/** Adds up n weights from index `first` on, by contract rule 3. @throws {ValueError} at one that is none */
function addWeights(tree: SumTree, weights: ArrayLike<number>, first: number, n: number, name: string): void {
  tree.reset();
  for (let from = 0; from < n; from += TILE) {
    const end = Math.min(n, from + TILE);
    let sum = 0;
    for (let i = from; i < end; i++) {
      const weight = weights[first + i];
      if (!(weight >= 0 && weight < Infinity)) refuseWeight(name, i, weight);
      sum += weight;
    }
    tree.leaf = sum;
    tree.add();
  }
  tree.finish();
}

function checkTotal(total: number, name: string): void {
  if (total > 0 && total < Infinity) return;
  throw new ValueError(`"${name}" must not be all 0, nor too large to add up: its sum is ${total}`);
}

/** @throws {ValueError} unless all are finite and 0 or more, and their sum is finite and above 0 */
export function checkSampleWeights(weights: ArrayLike<number>, name: string): void {
  const tree = new SumTree('f64');
  addWeights(tree, weights, 0, weights.length, name);
  checkTotal(tree.sum, name);
}

export class SampleWeights {
  readonly #rows: Rows;
  readonly #tree = new SumTree('f64');
  #given = false;
  /** The sum of the weights, in f64 by contract rule 3; the number of rows without weights. */
  total = 0;

  constructor(session: Session, dtype: Dtype) {
    this.#rows = new Rows(session, dtype, NAME, 1);
  }

  /** Reads an argument. @throws {ShapeError|ValueError|DtypeError|DisposedError} */
  parse(sampleWeight: unknown): ParsedRows {
    return this.#rows.parse(sampleWeight);
  }

  /**
   * @param part whether they may be all 0
   * @throws {ShapeError|ValueError} unless they are one number for each row, none negative and not all 0
   */
  use(parsed: ParsedRows | undefined, rows: number, part: boolean): void {
    this.#given = parsed !== undefined;
    this.total = rows;
    if (!parsed) return;
    this.#rows.use(parsed);
    if (this.#rows.rows !== rows) {
      throw new ShapeError(`"${NAME}" has ${this.#rows.rows} weights, but "X" has ${rows} rows`);
    }
    this.#sum(rows);
    if (!part || this.total === Infinity) checkTotal(this.total, NAME);
  }

  /** Takes weights that are known to be good, at an address (0: there are none). @throws {ValueError} if all are 0 */
  place(address: number, rows: number): void {
    this.#given = address > 0;
    this.total = rows;
    if (!this.#given) return;
    this.#rows.place(address, rows);
    this.#sum(rows);
    checkTotal(this.total, NAME);
  }

  #sum(rows: number): void {
    addWeights(this.#tree, this.#rows.column, this.#rows.first, rows, NAME);
    this.total = this.#tree.sum;
  }

  checkApart(start: number, bytes: number, outside: TypedArray | undefined): void {
    if (this.#given) this.#rows.checkApart(start, bytes, outside);
  }

  forget(): void {
    this.#rows.forget();
  }

  reserve(rows: number): void {
    if (this.#given) this.#rows.reserve(rows);
  }

  /** The address of the weights of some rows; 0 without weights. */
  tile(from: number, count: number): number {
    return this.#given ? this.#rows.tile(from, count) : 0;
  }

  dispose(): void {
    this.#rows.dispose();
  }
}
