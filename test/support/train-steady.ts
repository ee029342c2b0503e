// What train/steady.test.ts runs in a process of its own: what the batches of an epoch leave on the heap.

import { random } from '../../src/random/random.js';
import type { FitOptions } from '../../src/train/options.js';
import * as ts from '../../src/ts.js';
import * as wasm from '../../src/wasm.js';

const ROWS = 40_000;
const BATCH = 4;

const [, , backend, text] = process.argv;
const options: FitOptions = JSON.parse(text);
const { engine } = backend === 'ts' ? ts : wasm;
const net = engine.network({
  inputs: 3,
  layers: [
    { units: 3, activation: 'tanh' },
    { units: 1, activation: 'sigmoid' },
  ],
  loss: 'binaryCrossEntropy',
  seed: 1,
});
const rng = random(1);
const X = rng.randn(ROWS, 3);
const y = Float64Array.from({ length: ROWS }, (_, i) => Number(X.data[3 * i] + X.data[3 * i + 1] > 0));
const used: number[] = [];
const grown: number[] = [];
const sampleWeight = options.sampleWeight ? y.map((label) => 1 + label) : undefined;
await net.fit(X, y, {
  ...options,
  sampleWeight,
  epochs: 8,
  batchSize: BATCH,
  background: false,
  onEpoch() {
    const { heapUsed } = process.memoryUsage();
    grown.push(heapUsed - (used.at(-1) ?? 0));
    (globalThis as { gc?: () => void }).gc?.();
    used.push(process.memoryUsage().heapUsed);
  },
});
// The first epochs are V8's to learn in.
console.log(JSON.stringify({ steps: ROWS / BATCH, growth: Math.min(...grown.slice(4)), leak: used[7] - used[4] }));
