import { defineConfig } from 'vitest/config';

/** The same suite, 100 times the random cases. */
const LONG_CASES = '200000';

/**
 * Without a mode: what npm test runs. `--mode long` (npm run test:long): the same with many more cases. `--mode package`
 * (npm run check): the package as it is built and packed, which needs no running of the code.
 */
export default defineConfig(({ mode }) => {
  const long = mode === 'long';
  const ofPackage = 'test/package/**';
  return {
    test: {
      // All of the machine: its default leaves a core free.
      maxWorkers: '100%',
      include: [mode === 'package' ? `${ofPackage}/*.test.ts` : 'test/**/*.test.ts'],
      exclude: mode === 'package' ? [] : [ofPackage],
      // Files share what they import: reading it anew for each took a fifth of the time.
      isolate: false,
      setupFiles: ['test/support/equality.ts'],
      env: long ? { BITGRAD_CASES: LONG_CASES } : {},
      testTimeout: long ? 3_600_000 : 60_000,
      hookTimeout: 60_000,
    },
  };
});
