// Powers, the same on every engine, which Math.pow is not.

import { expOf, powersOfTwo } from '../../../backend/ts/exp.js';
import { log } from '../../../numbers/precise-log.js';

/** x^power for x > 0. */
export const raise = (x: number, power: number): number =>
  power === 0.5 ? Math.sqrt(x) : expOf(power * log(x), powersOfTwo());

/** x^n for an integer n, 0 or more, by squares. */
export function wholePower(x: number, n: number): number {
  let power = 1;
  let square = x;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power *= square;
    square *= square;
  }
  return power;
}
