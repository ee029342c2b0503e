// Steady state: steps of gradientsInto on resident operands allocate nothing, on V8's heap or in linear memory.
//
// V8 counts young objects by pages of 256 KiB, so that is the noise of a measurement. One number on the heap takes 16 bytes:
// in 40,000 steps 640 KB. So less than 320 KB means that not even every second step left one. Nothing is collected within a
// measurement: the young generation has 64 MB there.
//
// Penalties are sums that kernels return, of squares and of magnitudes: each is a number on the heap, or not, as V8 likes.
// In TypeScript kernels V8 puts numbers on the heap that go in and out of functions which it does not inline. Whether it
// does is up to V8; what is checked is that there are but a few for each element, and that all can be collected.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { EXAMPLES } from '../support/further-layers.js';
import { LONG } from '../support/long.js';
import { HIDDEN, type Layer, LEGAL, LOSSES } from '../support/networks.js';
import type { Steady, SteadyCase } from '../support/steady.js';

const NUMBER = 16;
const PAGE = 256 * 1024;
const STEPS = 40_000;

const tanh = { units: 3, activation: 'tanh' as const };
const relu = { units: 8, activation: 'relu' as const };
const small = { rows: 4, steps: STEPS };

const CASES: Record<string, SteadyCase> = {
  'one layer': { ...small, options: { inputs: 3, layers: [2] } },
  'tanh and huber': { ...small, options: { inputs: 2, layers: [tanh, 2], loss: 'huber', huberDelta: 0.7 } },
  'f32, relu and mae': { ...small, options: { inputs: 5, layers: [relu, relu, 3], loss: 'mae', dtype: 'f32' } },
  'the gradients of the inputs': { ...small, options: { inputs: 2, layers: [tanh, 1] }, inputs: true },
  'sample weights': { ...small, options: { inputs: 2, layers: [tanh, 1] }, weighted: true },
  penalties: { ...small, options: { inputs: 2, layers: [tanh, 1] }, penalties: { l2: 0.01, l1: 0.003 } },
  "scikit-learn's penalty": {
    ...small,
    options: { inputs: 2, layers: [tanh, 1] },
    penalties: { l2: 0.01, penalty: 'scikitLearn' },
  },
  "onNonFinite: 'throw'": { ...small, options: { inputs: 2, layers: [tanh, 1], onNonFinite: 'throw' } },
  'three tiles': { options: { inputs: 1, layers: [1] }, rows: 513, steps: STEPS },
  'softmax and cross-entropy': {
    ...small,
    options: { inputs: 4, layers: [relu, { units: 3, activation: 'softmax' }], loss: 'crossEntropy' },
  },
  'gelu, silu, elu, f32, binary cross-entropy': {
    ...small,
    options: {
      inputs: 3,
      layers: [
        { units: 3, activation: 'gelu' },
        { units: 3, activation: 'silu' },
        { units: 3, activation: 'elu' },
        { units: 1, activation: 'sigmoid' },
      ],
      loss: 'binaryCrossEntropy',
      dtype: 'f32',
    },
  },
  'softplus, exp, poisson, two tiles': {
    options: {
      inputs: 1,
      layers: [
        { units: 1, activation: 'softplus' },
        { units: 1, activation: 'exp' },
      ],
      loss: 'poisson',
    },
    rows: 257,
    steps: 10_000,
  },
};

const everyHidden: SteadyCase['options'] = {
  inputs: 1,
  layers: [...HIDDEN.map((activation) => ({ units: 1, activation })), 1],
  // Small outputs on the way: exp of much would not be finite.
  initializer: 'uniform',
};
CASES['every activation'] = { ...small, options: everyHidden };
const lossOf = ({ options }: SteadyCase) => options.loss ?? 'mse';
for (const loss of LOSSES.filter((name) => !Object.values(CASES).some((each) => lossOf(each) === name))) {
  const layers = [tanh, { units: 2, activation: LEGAL[loss][0] }];
  CASES[loss] = { ...small, options: { inputs: 2, layers, loss } };
}

for (const { name, options, integers } of EXAMPLES) {
  CASES[name] = { ...small, steps: 10_000, options, integers, penalties: { rowsSeen: 5 } };
}

/** If there is no time: in WebAssembly what stands above and one in three of what the tables add, in TypeScript one in four. */
const named = Object.keys(CASES).indexOf('every activation') + 1;
const triedOn = (backend: string) =>
  Object.entries(CASES).filter((_, i) => {
    if (LONG) return true;
    if (backend === 'wasm') return i < named || (i - named) % 3 === 0;
    return i % 4 === 0;
  });

let code = '';
const ran: string[] = [];

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../support/steady.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    external: ['./worker-text.cjs'],
  });
  code = outputFiles[0].text;
});

async function measure(backend: string, given: SteadyCase): Promise<Steady> {
  const flags = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64', '--input-type=module'];
  // Threads are started in the midst of it, which allocates, once.
  const env = { ...process.env, BITGRAD_THREADS: '1' };
  const run = promisify(execFile)(process.execPath, [...flags, '-', backend, JSON.stringify(given)], { env });
  run.child.stdin?.end(code);
  const { stdout } = await run;
  return JSON.parse(stdout);
}

describe.each(['wasm', 'ts'])('%s', (backend) => {
  test.concurrent.each(triedOn(backend))('%s', async (name, each) => {
    const given = backend === 'ts' ? { ...each, steps: 10_000 } : each;
    const { growth, leak, memory } = await measure(backend, given);
    ran.push(`${backend}, ${name}: ${(growth / given.steps).toFixed(1)}`);
    expect(memory).toBe(0);
    expect(leak).toBeLessThan(2 * PAGE);
    const { layers } = given.options;
    // A layer of no units has as many outputs as the one before: within 16.
    const unitsOf = (layer: number | Layer) => (typeof layer === 'number' ? layer : (layer.units ?? 16));
    const units = (layers as (number | Layer)[]).reduce<number>((sum, layer) => sum + unitsOf(layer), 0);
    const few = given.penalties ? 2.5 : 0.5;
    const numbers = backend === 'ts' ? 4 * given.rows * units : few;
    expect(growth).toBeLessThan(NUMBER * numbers * given.steps);
  });
});

test('bytes a step', (context) => {
  context.annotate(ran.join('; '));
  expect(ran.length).toBe(triedOn('wasm').length + triedOn('ts').length);
  expect(triedOn('ts').length).toBeGreaterThanOrEqual(8);
});
