// background: false gives the event loop its turn every 16 ms at most, whatever it does: on rows that held it up for 50 to 300 ms
// when a batch, an iteration of lbfgs and a validation pass were done at once.

import { engine, random } from 'bitgrad';
import type { FitOptions } from 'bitgrad/train';
import { beforeAll, expect, test } from 'vitest';

const LIMIT_MS = 16;
const ROWS = 100_000;
const rng = random(1);
const X = engine.matrix(rng.randn(ROWS, 16));
const y = engine.matrix(rng.randn(ROWS, 2));
const tall = engine.matrix(rng.randn(1_000_000, 1));
const tallY = engine.matrix(rng.randn(1_000_000, 1));
const few = engine.matrix(rng.randn(500, 16));
const fewY = engine.matrix(rng.randn(500, 2));
const sampleWeight = engine.matrix(rng.rand(ROWS, 1));

/** Rows, targets, and the units of layers. */
const SETS = {
  many: [X, y, 32, 2],
  narrow: [tall, tallY, 1],
  square: [few, fewY, 250, 250, 2],
} as const;

type Kind = keyof typeof SETS;

/**
 * The longest time between two turns of the event loop, from when fit has returned: in which this process was at work, which
 * on a busy machine is less than what the clock says.
 */
async function longest(options: FitOptions, kind: Kind = 'many'): Promise<number> {
  const [rows, targets, ...units] = SETS[kind];
  const layers = units.map((each, i) => (i < units.length - 1 ? { units: each, activation: 'tanh' as const } : each));
  const net = engine.network({ inputs: rows.cols, layers });
  const run = net.fit(rows, targets, { background: false, ...options });
  let most = 0;
  let over = false;
  let clock = performance.now();
  let cpu = process.cpuUsage();
  const turn = () => {
    const { user, system } = process.cpuUsage(cpu);
    most = Math.max(most, Math.min(performance.now() - clock, (user + system) / 1000));
    clock = performance.now();
    cpu = process.cpuUsage();
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  await run;
  turn();
  over = true;
  net.dispose();
  return most;
}

beforeAll(async () => {
  // What is compiled, and memory that grows, belong to the first call.
  await longest({ epochs: 1, optimizer: 'lbfgs', validationData: { X, y }, metrics: ['r2'] });
});

test.each<[string, FitOptions, Kind?]>([
  ['one large batch', { epochs: 3, batchSize: ROWS }],
  ['one large batch with weights', { epochs: 2, batchSize: ROWS, sampleWeight }],
  ['lbfgs', { epochs: 2, optimizer: 'lbfgs' }],
  ['a validation pass and metrics', { epochs: 1, batchSize: 2000, validationData: { X, y }, metrics: ['r2', 'mae'] }],
  ['a validation split', { epochs: 1, batchSize: 2000, validationSplit: 0.5, metrics: ['mse'] }],
  ['a million rows that are shuffled', { epochs: 2, batchSize: 5000 }, 'narrow'],
  // A network so small that its kernels are called as they are, were it not for these products: tens of ms for a step.
  ['steps of muon', { epochs: 2, batchSize: 100, optimizer: 'muon' }, 'square'],
])('%s', async (_, options, kind) => {
  // The best of some: another process may have the caches, and a collection falls where it falls.
  let best = Infinity;
  for (let attempt = 0; attempt < 4 && best >= LIMIT_MS; attempt++) {
    best = Math.min(best, await longest(options, kind));
  }
  expect(best).toBeLessThan(LIMIT_MS);
});
