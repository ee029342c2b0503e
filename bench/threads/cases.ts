// The workloads, and what two threads are to reach over one.

import type { Dtype } from '../entries.js';
import { network, sigmoid } from '../peers/cases.js';
import { ROWS } from '../train/mnist.mjs';
import type { Task } from './task.js';

export interface ThreadsCase {
  name: string;
  task: Task;
  /** How many times as fast. */
  wanted?: number;
  /** Where it is small, so that a smoke run is short. */
  smoke?: { rows: number };
}

const step = (dtype: Dtype, rows: number, sizes: number[], wanted: number): ThreadsCase => ({
  ...network('step', dtype, rows, sizes),
  wanted,
});

/** In a worker it begins with a copy of all rows, which is not divided: no target. */
const fit = (background: boolean): ThreadsCase => ({
  name: `MNIST epoch 784-128-10, batch 128${background ? ', in a worker' : ''}`,
  task: { kind: 'fit', dtype: 'f32', rows: ROWS.train, background },
  wanted: background ? undefined : 1.6,
  smoke: { rows: 1280 },
});

export const threadsCases: ThreadsCase[] = [
  step('f32', 1024, [784, 512, 10], 1.85),
  step('f32', 64, [784, 128, 10], 1.6),
  step('f64', 100_000, [2, 3, 1], 1.8),
  step('f64', 10_000, [4, 32, 16, 4], 1.8),
  { name: 'matmul 1024^3', task: { kind: 'matmul', dtype: 'f32', rows: 1024 }, wanted: 1.85 },
  fit(false),
  fit(true),
  {
    name: 'predict 1M x 20 through 64-32-1',
    task: { kind: 'predict', dtype: 'f64', rows: 1_000_000 },
    wanted: 1.7,
    smoke: { rows: 20_000 },
  },
  // Which is too small to be divided: threads that are there must not cost it anything. The clock's error is a few hundredths.
  step('f64', 1, [2, 3, 1], 0.97),
  sigmoid('f64'),
  { name: 'dot 4M', task: { kind: 'dot', dtype: 'f64', rows: 1 << 22 } },
  { name: 'a step of adam, 1M parameters', task: { kind: 'adam', dtype: 'f32', rows: 1 << 20 } },
];
