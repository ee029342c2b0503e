// What is asked of the package in a page, a worker, a frame: the task that its address names.

import './watch.js';
import * as automatic from 'bitgrad';
import * as model from 'bitgrad/model';
import * as ts from 'bitgrad/ts';
import * as wasm from 'bitgrad/wasm';
import { estimator } from './estimator.js';
// @ts-expect-error: test/golden.mjs lies beside this where it is served
import { computeGolden, computeTrainings } from './golden.mjs';
import { report } from './report.js';
import { smoothness } from './smoothness.js';
import { bitsOf, training } from './training.js';

/** @type {Record<string, any>} */
const ENTRIES = { automatic, wasm, ts };

/** @param {string} entry */
const kernels = (entry) => ({ kernels: ENTRIES[entry].info().packs.core });

/** @type {Record<string, (options: any) => Promise<object>>} */
const TASKS = {
  golden: async ({ entry }) => ({ golden: await computeGolden(ENTRIES[entry]), ...kernels(entry) }),
  trainings: async ({ entry }) => ({ golden: await computeTrainings(ENTRIES[entry], true), ...kernels(entry) }),
  training: async (options) => {
    const { crossOriginIsolated: isolated, Worker } = globalThis;
    const result = await training(automatic, options);
    const workers = Worker !== undefined;
    const untouched = globalThis.Worker === Worker;
    return { ...result, has: { workers, trustedTypes: 'trustedTypes' in globalThis, isolated, untouched } };
  },
  threads: async () => {
    const { createEngine, random } = automatic;
    const trainings = [];
    for (const threads of [1, 2]) {
      const engine = createEngine({ threads });
      const net = engine.network({ inputs: 128, layers: [{ units: 256, activation: 'tanh' }, 1], seed: 1 });
      const options = { epochs: 24, batchSize: 128, seed: 1, background: true };
      const { ran } = await net.fit(random(1).randn(2000, 128), random(2).randn(2000, 1), options);
      trainings.push({ ran, hash: bitsOf(net.parameters), reason: engine.info().threadsReason });
    }
    const address = URL.createObjectURL(new Blob(['postMessage(typeof Worker + typeof SharedArrayBuffer)']));
    const worker = new Worker(address);
    const shares = await new Promise((resolve) => {
      worker.onmessage = ({ data }) => resolve(data === 'functionfunction');
    });
    worker.terminate();
    return { trainings, has: { isolated: globalThis.crossOriginIsolated, shares } };
  },
  estimator: async () => ({ estimator: await estimator({ ...automatic, ...model }) }),
  smoothness: async () => ({ smoothness: await smoothness(automatic) }),
  /** What must be seen in the console. */
  async untidy() {
    console.warn('untidy words');
    setTimeout(() => {
      throw new Error('untidy error');
    });
    Promise.reject(new Error('untidy promise'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    return {};
  },
};

report(({ task, realm, ...options }) => TASKS[task](options));
