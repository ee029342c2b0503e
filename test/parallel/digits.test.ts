// A whole training of digits, with any number of threads, and resumed under another one: the bits of one.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from 'bitgrad';
import 'bitgrad/layers';
import { expect, test } from 'vitest';
import { digits } from '../support/datasets.js';
import { LONG } from '../support/long.js';

const [COUNTS, EPOCHS] = LONG ? [[2, 3, 4, 7, 16], 200] : [[2, 3], 8];

const { X, y } = digits();
const network = (threads: number) =>
  createEngine({ threads }).network({
    inputs: 64,
    layers: [
      { units: 128, activation: 'relu' },
      { kind: 'dropout', rate: 0.2 },
      { units: 10, activation: 'softmax' },
    ],
    loss: 'crossEntropy',
    dtype: 'f32',
    seed: 1,
  });
const options = { epochs: EPOCHS, batchSize: 200, optimizer: 'adam', seed: 2, background: false } as const;

test('digits', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-digits-'));
  try {
    const one = network(1);
    const { loss } = await one.fit(X, y, options);
    for (const [i, threads] of COUNTS.entries()) {
      const net = network(threads);
      // A worker has no more threads than there are cores.
      const history = await net.fit(X, y, { ...options, background: i === 0 });
      expect(history.loss).toEqual(loss);
      expect(net.parameters).toEqual(one.parameters);
      const path = join(folder, `${threads}`);
      await network(threads).fit(X, y, { ...options, epochs: EPOCHS / 2, checkpoint: { path } });
      const resumed = network(COUNTS[(i + 1) % COUNTS.length]);
      await resumed.fit(X, y, { ...options, checkpoint: { path, resume: true } });
      expect(resumed.parameters).toEqual(one.parameters);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
