// How much is tried: npm run test:long says more, and runs the tests that import this file alone.

const USUAL = 700;

/** Random cases in the whole of kernels/bits.test.ts. */
export const CASES = Number(process.env.BITGRAD_CASES ?? USUAL);

/** Whether there is time. */
export const LONG = CASES > USUAL;

/** For numbers of attempts elsewhere. */
export const FACTOR = LONG ? 10 : 1;
