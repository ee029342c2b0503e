// Sample weights, one for each row: read, checked and added up.

import { ShapeError, ValueError } from '../checks/errors.js';
import { isWeight, refuseValue } from '../checks/values.js';
import { type Dtype, TILE } from '../kernels/contract.js';
import { SumTree } from '../numbers/tree.js';
import type { Session } from './marshal.js';
import { Rows } from './rows.js';

export const SAMPLE_WEIGHT = 'sampleWeight';

/** @param having who has the rows @throws {ShapeError} unless there is one weight for each row */
export function checkWeightCount(name: string, weights: number, rows: number, having = '"X" has'): void {
  if (weights !== rows) throw new ShapeError(`"${name}" has ${weights} weights, but ${having} ${rows} rows`);
}

/** Adds up n weights from index `first` on, by contract rule 3. @throws {ValueError} at one that is none */
function addWeights(
  tree: SumTree,
  weights: ArrayLike<number>,
  first: number,
  n: number,
  name: string,
  wanted = 'a finite number, 0 or more',
): void {
  tree.reset();
  for (let from = 0; from < n; from += TILE) {
    const end = Math.min(n, from + TILE);
    let sum = 0;
    for (let i = from; i < end; i++) {
      const weight = weights[first + i];
      if (!isWeight(weight)) refuseValue(name, wanted, weight, `[${i}]`);
      sum += weight;
    }
    tree.leaf = sum;
    tree.add();
  }
  tree.finish();
}

function refuseTotal(total: number, name: string): never {
  throw new ValueError(`"${name}" must not be all 0, nor too large to add up: its sum is ${total}`);
}

/**
 * @param wanted what to say of one that is none @param refuse what to do with such a sum
 * @throws {ValueError} unless all are finite and 0 or more, and their sum is finite and above 0
 */
export function checkSampleWeights(
  weights: ArrayLike<number>,
  name: string,
  wanted?: string,
  refuse: (total: number, name: string) => never = refuseTotal,
): void {
  const tree = new SumTree('f64');
  addWeights(tree, weights, 0, weights.length, name, wanted);
  if (!(tree.sum > 0 && tree.sum < Infinity)) refuse(tree.sum, name);
}

/** Weights of one number for each row; or none. */
export class SampleWeights extends Rows {
  readonly #tree = new SumTree('f64');
  /** Whether there are any. */
  given = false;
  /** The sum of the weights, in f64 by contract rule 3; the number of rows without weights. */
  total = 0;

  constructor(session: Session, dtype: Dtype) {
    super(session, dtype, SAMPLE_WEIGHT, 1);
  }

  /** Of `rows` rows without weights. */
  none(rows: number): void {
    this.given = false;
    this.total = rows;
    this.place(0, 0);
  }

  /**
   * Those that were taken last.
   *
   * @param rows how many there must be
   * @param part whether they may be all 0
   * @throws {ShapeError|ValueError} unless they are one number for each row, none negative and not all 0
   */
  check(rows: number, part: boolean): void {
    checkWeightCount(SAMPLE_WEIGHT, this.rows, rows);
    addWeights(this.#tree, this.column, this.first, rows, SAMPLE_WEIGHT);
    this.given = true;
    this.total = this.#tree.sum;
    // Asked here: V8 may allocate for a number that it hands to a function.
    const { total } = this;
    if (!((part || total > 0) && total < Infinity)) refuseTotal(total, SAMPLE_WEIGHT);
  }
}
