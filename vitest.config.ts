import { defineConfig } from 'vitest/config';

/** npm run test:long is `vitest run --mode long`: the same suite, 100 times the random cases. */
const LONG_CASES = '200000';

export default defineConfig(({ mode }) => {
  const long = mode === 'long';
  return {
    test: {
      // All of the machine: its default leaves a core free.
      maxWorkers: '100%',
      include: ['test/**/*.test.ts'],
      // Files share what they import: reading it anew for each took a fifth of the time.
      isolate: false,
      setupFiles: ['test/support/equality.ts'],
      env: long ? { BITGRAD_CASES: LONG_CASES } : {},
      testTimeout: long ? 3_600_000 : 60_000,
      hookTimeout: 60_000,
    },
  };
});
