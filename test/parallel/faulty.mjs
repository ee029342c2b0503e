// An engine whose threads are made to fail, as a program: node faulty.mjs <how> <threads> [backend] [turns] [rows]. Prints JSON.
//
// Threads are made of the worker's text by node:worker_threads; here each is given other built-ins before that text runs.

// @ts-check

import threads from 'node:worker_threads';

const [, , how, count = '2', backend = 'wasm', turns = '40', rowCount = '6000'] = process.argv;
const ROWS = Number(rowCount);

const FAILURES = {
  exits: `fail(() => process.exit(3));`,
  hangs: `fail(() => { while (true); });`,
  throws: `fail(() => { throw new Error('broken'); });`,
  terminated: '',
};

/** What each thread begins with. Its claims of work are its compareExchange that succeed. */
const PRELUDES = {
  none: '',
  // Each waits at random before and after all that others can see of it.
  slow: `
    let seed = require('node:worker_threads').threadId * 7919;
    const wait = () => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      if (seed % 5 > 1) return;
      const end = performance.now() + (seed % 1000) / 2000;
      while (performance.now() < end);
    };
    for (const name of ['add', 'load', 'compareExchange']) {
      const real = Atomics[name];
      let calls = 0;
      Atomics[name] = (...args) => {
        // Of those that it makes while it looks for work, few.
        if (name !== 'load' || ++calls % 5000 === 0) wait();
        const result = real(...args);
        if (name !== 'load') wait();
        return result;
      };
    }`,
  // Ends, hangs or throws within its 40th chunk.
  ...FAILURES,
  // Does not begin.
  refused: `throw new Error('no');`,
};
const FAIL = `
  function fail(how) {
    const real = Atomics.compareExchange;
    let chunks = 0;
    Atomics.compareExchange = (...args) => {
      const result = real(...args);
      if (result === args[2] && ++chunks === 40) how();
      return result;
    };
  }`;

const { Worker } = threads;
/** @type {InstanceType<typeof Worker>[]} */
const started = [];

threads.Worker = class extends Worker {
  /** @param {string} source @param {import('node:worker_threads').WorkerOptions} options */
  constructor(source, options) {
    if (how === 'unavailable') throw new Error('no threads here');
    super(`"use strict";${FAIL}${PRELUDES[/** @type {keyof typeof PRELUDES} */ (how)] ?? ''};${source}`, options);
    started.push(this);
  }
};

const { createEngine } = await import('bitgrad');
await import('bitgrad/layers');

/** @param {number} n @param {number} seed */
const random = (n, seed) => {
  let state = seed;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
};
/** @param {number} rows @param {number} cols @param {number} seed */
const matrix = (rows, cols, seed) => ({ rows, cols, data: random(rows * cols, seed) });
/** @param {(Float32Array | Float64Array)[]} arrays */
const hash = (...arrays) =>
  arrays.reduce((sum, array) => {
    for (const x of new Uint32Array(array.slice().buffer)) sum = Math.imul(sum ^ x, 16777619) >>> 0;
    return sum;
  }, 2166136261);

/**
 * Gradients of many tiles, outputs, gradients of one wide tile, a product, a function, a sum: each in turn.
 *
 * @param {import('bitgrad').Engine} engine
 * @param {number} turns at most
 * @param {(turn: number) => boolean} [enough]
 */
function work(engine, turns, enough) {
  const narrow = engine.network({ inputs: 8, layers: [{ units: 16, activation: 'tanh' }, 3], dtype: 'f32', seed: 1 });
  const wide = engine.network({ inputs: 200, layers: [{ units: 200, activation: 'relu' }, 4], dtype: 'f32', seed: 2 });
  const [X, y] = [engine.matrix(matrix(ROWS, 8, 1)), engine.matrix(matrix(ROWS, 3, 2))];
  const [V, v] = [engine.matrix(matrix(100, 200, 3)), engine.matrix(matrix(100, 4, 4))];
  const [a, b] = [engine.matrix(matrix(200, 200, 5)), engine.matrix(matrix(200, 200, 6))];
  const long = engine.matrix(matrix(1, 200000, 7));
  const out = engine.zeros(1, 200000, { dtype: 'f32' });
  const g = wide.zeroGradients();
  const embedding = /** @type {const} */ ({ kind: 'embedding', column: 0, categories: 3, units: 5 });
  const embedded = engine.network({ inputs: 8, layers: [embedding, 3], dtype: 'f32', seed: 3 });
  const E = engine.matrix({ rows: ROWS, cols: 8, data: random(8 * ROWS, 8).map((x, i) => (i % 8 ? x : i % 3)) });
  /** @type {import('bitgrad').LossFunction} */
  const loss = ({ rows, cols, data }, { data: target }) => ({
    loss: Array.from({ length: rows }, (_, i) => Math.abs(data[i * cols] - target[i * cols])),
    gradient: { rows, cols, data: data.map((x, i) => (i % cols ? 0 : Math.sign(x - target[i]))) },
  });
  const own = engine.network({
    inputs: 8,
    layers: [{ units: 16, activation: 'tanh' }, 3],
    dtype: 'f32',
    seed: 1,
    loss,
  });
  /** @type {{ parts: string; ms: number }[]} */
  const results = [];
  for (let i = 0; i < turns; i++) {
    const start = performance.now();
    /** @type {[string, unknown][]} */
    const parts = [];
    /** @param {string} name @param {() => unknown} f */
    const part = (name, f) => {
      try {
        parts.push([name, f()]);
      } catch (error) {
        parts.push([name, String(error)]);
      }
    };
    part('tiles', () => {
      const { loss, weights } = narrow.gradients(X, y);
      return hash(Float64Array.of(loss), ...weights.map(({ data }) => data));
    });
    part('embedding', () => hash(...embedded.gradients(E, y).weights.map((each) => each?.data ?? new Float32Array(0))));
    part('own loss', () => hash(...own.gradients(X, y).weights.map(({ data }) => data)));
    part('forward', () => hash(narrow.forward(X).data));
    part('wide', () => hash(...wide.gradientsInto(V, v, g).weights.map(({ data }) => data)));
    part('product', () => hash(engine.matmul(a, b).data));
    part('function', () => hash(engine.sigmoidInto(long, out).data));
    part('sum', () => engine.dot(long.data, long.data));
    results.push({ parts: JSON.stringify(parts), ms: performance.now() - start });
    if (enough?.(i)) break;
  }
  return results;
}

const one = createEngine({ backend: /** @type {'wasm' | 'ts'} */ (backend), threads: 1 });
const expected = work(one, 1)[0].parts;
const many = createEngine({ backend: /** @type {'wasm' | 'ts'} */ (backend), threads: Number(count) });
work(many, 1);
// They start meanwhile.
const come = !['refused', 'unavailable'].includes(how);
for (let i = 0; i < (come ? 1000 : 10) && many.info().threads < Number(count); i++) {
  await new Promise((resolve) => setTimeout(resolve, 10));
}
const before = many.info().threads;
let left = 3;
const results = work(many, Number(turns), (i) => {
  if (how === 'terminated' && i === 4) for (const worker of started) worker.terminate();
  // Where one fails that is noticed at some time, which a busy machine may put off; and some turns more.
  return how in FAILURES && many.info().threads === 1 && left-- === 0;
});
await new Promise((resolve) => setTimeout(resolve, 100));
const after = work(many, 3);
console.log(
  JSON.stringify({
    before,
    after: many.info().threads,
    reason: many.info().threadsReason,
    wrong: [...results, ...after].filter(({ parts }) => parts !== expected).map(({ parts }) => parts),
    expected,
    slowest: Math.max(...results.map(({ ms }) => ms)),
    last: after.every(({ parts }) => parts === expected),
  }),
);
