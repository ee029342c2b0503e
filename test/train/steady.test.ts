// The batches of a fit leave no more on V8's heap than a few numbers each, which V8 puts there for calls it does not inline
// (the clock, the loss, a rate), however many rows they gather. network/steady.test.ts says how the heap is measured.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { kindOf, optimizers } from '../../src/train/optimizers/optimizers.js';

const NUMBER = 16;
/** Of the rows' 16 numbers a copy on the heap would take 128 bytes and more, an array of 4 rows 96 bytes besides. */
const FEW = 5;

let code = '';

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../support/train-steady.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    external: ['./background.js', './worker-text.cjs'],
  });
  code = outputFiles[0].text;
});

const CASES: object[] = [
  // Those that take all rows at once have no batches.
  ...optimizers.filter((name) => !kindOf({ name }).whole).map((optimizer) => ({ optimizer })),
  { optimizer: { name: 'sgd', momentum: 0.9, nesterov: true } },
  { optimizer: 'adam', schedule: 'cosine' },
  { optimizer: { name: 'adam', amsgrad: true, weightDecay: 0.01 }, schedule: { name: 'cosineRestarts', every: 2 } },
  { optimizer: { name: 'rmsprop', centered: true, momentum: 0.5, weightDecay: 0.01 }, schedule: 'polynomial' },
  { optimizer: { name: 'adamw', amsgrad: true }, schedule: 'oneCycle' },
  { optimizer: 'adam', clipNorm: 1, clipValue: 0.5 },
  { optimizer: 'adam', sampleWeight: true },
  { optimizer: 'adam', l2: 0.01 },
  { optimizer: 'adam', averaging: 'ema' },
];

test.concurrent.each(CASES)('%j', async (options) => {
  const flags = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64', '--input-type=module'];
  // Threads are started in the midst of it, which allocates, once.
  const env = { ...process.env, BITGRAD_THREADS: '1' };
  const run = promisify(execFile)(process.execPath, [...flags, '-', 'wasm', JSON.stringify(options)], { env });
  run.child.stdin?.end(code);
  const { steps, growth, leak } = JSON.parse((await run).stdout);
  expect(growth).toBeLessThan(FEW * NUMBER * steps);
  expect(leak).toBeLessThan(100_000);
});
