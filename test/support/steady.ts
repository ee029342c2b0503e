// What network/steady.test.ts runs in a process of its own, for one backend and one case: what steps leave on the heap.

import { getHeapSpaceStatistics } from 'node:v8';
import { addMore } from '../../src/layers/add-more.js';
import * as ts from '../../src/ts.js';
import * as wasm from '../../src/wasm.js';
import type { LossOptions, Options } from './networks.js';

export interface SteadyCase {
  options: Options;
  rows: number;
  steps: number;
  /** Whether the inputs' gradients are wanted too. */
  inputs?: boolean;
  /** Whether rows have weights. */
  weighted?: boolean;
  penalties?: LossOptions;
  /** Columns that hold integers from 0 to below so many. */
  integers?: Readonly<Record<number, number>>;
}

export interface Steady {
  /** By how much the heap grew in so many steps, the least of some rounds; nothing was collected meanwhile. */
  growth: number;
  /** By how much it grew across rounds, after collection. */
  leak: number;
  /** By how much linear memory grew. */
  memory: number;
}

/** At least, in all: in so many one number a step is more than the noise. */
const MEASURED = 30_000;
const WARM_UP = 20_000;

/** But for code, which the engine compiles when it likes. */
const used = () =>
  getHeapSpaceStatistics().reduce((sum, each) => sum + (/code/.test(each.space_name) ? 0 : each.space_used_size), 0);

function measure(api: typeof wasm | typeof ts, given: SteadyCase): Steady {
  const { options, rows, steps, inputs, weighted, penalties } = given;
  const { engine } = api;
  const net = engine.network(options);
  const { dtype } = net;
  const X = engine.matrix(ts.random(1).randn(rows, net.inputs), { dtype });
  for (const [column, below] of Object.entries(given.integers ?? {})) {
    for (let i = 0; i < rows; i++) X.set(i, Number(column), i % below);
  }
  const y = engine.zeros(rows, net.outputs, { dtype });
  for (let i = 0; i < rows; i++) y.set(i, i % net.outputs, 1); // a distribution in each row
  const out = net.zeroGradients(inputs ? { rows } : {});
  const sampleWeight = weighted
    ? engine.matrix(
        Array.from({ length: rows }, (_, i) => [1 + i / 4]),
        { dtype },
      )
    : undefined;
  const lossOptions = weighted || penalties ? { ...penalties, sampleWeight } : undefined;
  const run = (n: number) => {
    for (let i = 0; i < n; i++) net.gradientsInto(X, y, out, lossOptions);
  };
  run(Math.min(WARM_UP, steps));
  const collect = (globalThis as unknown as { gc(): void }).gc;
  collect();
  const [before, memory] = [used(), engine.info().memoryBytes];
  let growth = Infinity;
  for (let round = 0; round < Math.max(2, MEASURED / steps); round++) {
    collect();
    const start = used();
    run(steps);
    growth = Math.min(growth, used() - start);
  }
  collect();
  return { growth, leak: used() - before, memory: engine.info().memoryBytes - memory };
}

addMore();
const [backend, given] = process.argv.slice(-2);
process.stdout.write(JSON.stringify(measure(backend === 'wasm' ? wasm : ts, JSON.parse(given))));
