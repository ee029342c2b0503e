// What a program writes into a network while that is being trained is gone when the training has ended, whatever comes between the
// last epoch and that: copies of what the optimizer keeps, a checkpoint that is closed, a worker's last message.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from 'bitgrad';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectSameBits } from '../support/backends.js';
import { LONG } from '../support/long.js';
import { uniform } from '../support/networks.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bitgrad-meanwhile-'));
});
afterAll(() => rm(folder, { recursive: true }));

const [X, y] = [uniform('f64', 64, 40, 1), uniform('f64', 64, 1, 2)];

type FitOptions = NonNullable<Parameters<ReturnType<ReturnType<typeof createEngine>['network']>['fit']>[2]>;

// What is written when is no matter of kernels: TypeScript's take their time.
describe.each(LONG ? (['wasm', 'ts'] as const) : (['wasm'] as const))('%s', (backend) => {
  const api = createEngine({ backend });

  test.each<[string, FitOptions]>([
    ['here', { background: false }],
    ['here, averaged', { background: false, averaging: 'mean' }],
    ['here, the best epoch', { background: false, earlyStopping: { monitor: 'loss', patience: 2, restoreBest: true } }],
    ['here, with a checkpoint', { background: false, checkpoint: { path: 'here' } }],
    ['in a worker', { background: true }],
    ['in a worker, with a checkpoint', { background: true, checkpoint: { path: 'worker' } }],
  ])('%s', async (_, { checkpoint, ...options }) => {
    // The copies of so many parameters take longer than a turn.
    const make = () => api.network({ inputs: 40, layers: [{ units: 10_000, activation: 'relu' }, 1], seed: 1 });
    const file = (of: string) => join(folder, `${backend}-${checkpoint?.path}-${of}`);
    const more = (of: string): FitOptions => (checkpoint ? { checkpoint: { path: file(of) } } : {});
    const common: FitOptions = { epochs: 3, batchSize: 64, optimizer: 'adam', ...options };
    const alone = make();
    await alone.fit(X, y, { ...common, ...more('alone') });
    const met = make();
    let over = false;
    let turns = 0;
    const meddle = () => {
      if (over) return;
      turns++;
      met.parameters.fill(7);
      setImmediate(meddle);
    };
    setImmediate(meddle);
    await met.fit(X, y, { ...common, ...more('met') }).then(() => {
      over = true;
    });
    expect(turns).toBeGreaterThan(0);
    expectSameBits(met.parameters.slice(), alone.parameters.slice());
    for (const net of [alone, met]) net.dispose();
  });
});
