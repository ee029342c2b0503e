// Sample weights, one for each row: read, checked and added up.

import { ShapeError, ValueError } from '../checks/errors.js';
import { isWeight, refuseValue } from '../checks/values.js';
import { TILE } from '../kernels/contract.js';
import { SumTree } from '../numbers/tree.js';
import type { Rows } from './rows.js';

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
  signed: boolean,
  wanted = signed ? 'a finite number' : 'a finite number, 0 or more',
): void {
  tree.reset();
  for (let from = 0; from < n; from += TILE) {
    const end = Math.min(n, from + TILE);
    let sum = 0;
    for (let i = from; i < end; i++) {
      const weight = weights[first + i];
      if (!isWeight(signed ? Math.abs(weight) : weight)) refuseValue(name, wanted, weight, `[${i}]`);
      sum += weight;
    }
    tree.leaf = sum;
    tree.add();
  }
  tree.finish();
}

/** @throws {ValueError} */
export function refuseTotal(total: number, name: string): never {
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
  addWeights(tree, weights, 0, weights.length, name, false, wanted);
  if (!(tree.sum > 0 && tree.sum < Infinity)) refuse(tree.sum, name);
}

/**
 * Adds up the weights of `rows` rows: `tree.sum`, in f64 by contract rule 3.
 *
 * @param part whether they may be all 0
 * @param signed whether they may be anything finite
 * @throws {ShapeError|ValueError} unless they are one number for each row, none negative and not all 0
 */
export function addSampleWeights(tree: SumTree, weights: Rows, rows: number, part: boolean, signed: boolean): void {
  checkWeightCount(SAMPLE_WEIGHT, weights.rows, rows);
  addWeights(tree, weights.column, weights.first, rows, SAMPLE_WEIGHT, signed);
  const { sum } = tree;
  if (!((part || signed || sum > 0) && Math.abs(sum) < Infinity)) refuseTotal(sum, SAMPLE_WEIGHT);
}
