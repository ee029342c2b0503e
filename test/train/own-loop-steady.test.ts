// Steps of a loop of one's own leave no more on V8's heap than a number or two, which V8 puts there for what functions hand to
// each other. network/steady.test.ts says how the heap is measured.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { kindOf, optimizers } from '../../src/train/optimizers/optimizers.js';

const NUMBER = 16;
/** A view or an array of 3 numbers would take more. */
const FEW = 4;
/** What a tape reads and hands out as matrices: operands for the output, as forwardInto of a network has them. */
const OPERANDS = 400;

let code = '';

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../support/own-loop-steady.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    external: ['./background.js', './worker-text.cjs'],
  });
  code = outputFiles[0].text;
});

const groups = [
  { layers: 0, learningRate: 0.01 },
  { parameters: 'biases', frozen: true },
];
const CASES = [
  ...optimizers.filter((name) => !kindOf({ name }).whole).map((name) => ({ name, options: {} })),
  { name: 'adam', options: { groups } },
  { name: 'adamw', options: {}, clip: true },
  { name: 'adam', options: {}, tape: true },
  { name: 'adam', options: {}, clip: true, moments: true },
];

test.concurrent.each(CASES)('%j', async (given) => {
  const flags = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64', '--input-type=module'];
  // Threads are started in the midst of it, which allocates, once.
  const env = { ...process.env, BITGRAD_THREADS: '1' };
  const run = promisify(execFile)(process.execPath, [...flags, '-', 'wasm', JSON.stringify(given)], { env });
  run.child.stdin?.end(code);
  const { steps, growth, leak, memory } = JSON.parse((await run).stdout);
  expect(memory).toBe(0);
  expect(leak).toBeLessThan(200_000);
  expect(growth).toBeLessThan(('tape' in given ? OPERANDS : FEW * NUMBER) * steps);
});
