// How much is tried: npm run test:long says more, and runs the tests that import this file alone.

import fc from 'fast-check';
import { expect, test } from 'vitest';

const USUAL = 250;

/** Random cases in the whole of kernels/bits.test.ts. */
export const CASES = Number(process.env.BITGRAD_CASES ?? USUAL);

/** Whether there is time. */
export const LONG = CASES > USUAL;

/** For numbers of attempts elsewhere. */
export const FACTOR = LONG ? 10 : 1;

const SEED = process.env.BITGRAD_SEED === undefined ? undefined : Number(process.env.BITGRAD_SEED);

let ran = 0;

/** Cases that property() made so far; files that run in one process share this module. */
export const casesRun = (): number => ran;

/** A property checked `share` * CASES times. fast-check prints the failing seed; BITGRAD_SEED runs it again. */
export function property<T>(name: string, share: number, arbitrary: fc.Arbitrary<T>, check: (value: T) => void): void {
  const runs = Math.ceil(CASES * share);
  test(
    name,
    () => {
      const before = ran;
      const counted = fc.property(arbitrary, (value) => {
        ran++;
        check(value);
      });
      fc.assert(counted, { numRuns: runs, ...(SEED === undefined ? {} : { seed: SEED }) });
      expect(ran - before).toBeGreaterThanOrEqual(Math.max(1, runs));
    },
    60_000 + 40 * runs,
  );
}
