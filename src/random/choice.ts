// A sample of 0 to n - 1, draw for draw as numpy.random.RandomState.choice takes it.

import { ShapeError, ValueError } from '../checks/errors.js';
import { checkNumber } from '../checks/values.js';
import { copyOf, readOperand, type VectorInput } from '../matrix/operand.js';
import type { RandomState } from './random.js';

/** How far from 1 probabilities may add up to, as NumPy has it: the root of 2^-52. */
const TOLERANCE = 2 ** -26;

/** @throws {ShapeError|ValueError} unless they are n numbers, 0 or more, that add up to 1 */
export function readProbabilities(value: VectorInput, n: number): Float64Array {
  const operand = readOperand(value, 'p');
  if (!operand.vector || operand.rows !== n) {
    const got = operand.vector ? operand.rows : `a matrix of ${operand.rows}x${operand.cols}`;
    throw new ShapeError(`"p" must have one probability for each of ${n}, got ${got}`);
  }
  const p = copyOf(operand, 'f64') as Float64Array;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += checkNumber(p[i], `p[${i}]`, 0);
  if (!(Math.abs(sum - 1) <= TOLERANCE)) throw new ValueError(`"p" must add up to 1, got ${sum}`);
  return p;
}

/** The running sums of p, the last of which is 1. */
function cumulated(p: Float64Array): Float64Array {
  const sums = new Float64Array(p.length);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    sum += p[i];
    sums[i] = sum;
  }
  return sums.map((x) => x / sum);
}

/** The first index whose running sum is above x. */
function place(sums: Float64Array, x: number): number {
  let from = 0;
  for (let end = sums.length; from < end; ) {
    const middle = (from + end) >> 1;
    if (sums[middle] > x) end = middle;
    else from = middle + 1;
  }
  return from;
}

/** With replacement. */
export function sample(rng: RandomState, n: number, size: number, p: Float64Array | undefined): Int32Array {
  const sums = p && cumulated(p);
  const draw = () => (sums ? place(sums, rng.rand()) : rng.upTo(n - 1));
  return new Int32Array(size).map(draw);
}

/** Without: none twice. @throws {ValueError} if there are not enough */
export function sampleApart(rng: RandomState, n: number, size: number, p: Float64Array | undefined): Int32Array {
  const there = p ? p.reduce((count, each) => count + Number(each > 0), 0) : n;
  if (size > there) {
    throw new ValueError(
      `"size" is ${size}, but without replacement there are ${there}${p ? ' that may be drawn' : ''}`,
    );
  }
  if (!p) return rng.permutation(n).slice(0, size);
  const left = p.slice();
  const found = new Set<number>();
  while (found.size < size) {
    // As many uniform numbers as are missing; then those that were found are left out.
    const draws = rng.rand(size - found.size);
    const sums = cumulated(left);
    for (const x of draws) found.add(place(sums, x));
    for (const index of found) left[index] = 0;
  }
  return Int32Array.from(found);
}
