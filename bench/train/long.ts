// MNIST to the end, in a program that does nothing else: once on the main thread, once in a worker.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Result, Row } from '../result.js';
import { ROWS } from './mnist.mjs';
import type { Task } from './task.js';
import type { Trained } from './training.js';

const PROGRAM = fileURLToPath(new URL('mnist-memory.mjs', import.meta.url));

/** The share of test rows that it has right, and its megabytes beyond those of the data. */
export function trainLong(name: string, task: Task): Result {
  const data = (ROWS.train + ROWS.t10k) * task.inputs * 4;
  const run = (background: boolean) => {
    const args = [PROGRAM, JSON.stringify({ ...task, background })];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${PROGRAM}: ${stderr.trim()}`);
    const { seconds, accuracy, peakBytes }: Trained & { peakBytes: number } = JSON.parse(stdout);
    const megabytes = (peakBytes - data) / 1e6;
    const note = `${(100 * accuracy).toFixed(1)} % right, data (${(data / 1e6).toFixed(0)} MB) + ${megabytes.toFixed(0)} MB`;
    return { ms: 1000 * seconds, accuracy, megabytes, note };
  };
  const [main, worker] = [run(false), run(true)];
  const rows: Row[] = [
    { subject: 'main thread', ms: main.ms, note: main.note },
    // It is to free the event loop, not to save memory: the worker has the rows too.
    { subject: 'in a worker', ms: worker.ms, note: `${worker.note}, with the copy of the rows` },
  ];
  const { accuracy, megabytes } = main;
  const ms = { 'main thread': main.ms, 'in a worker': worker.ms };
  return { name, dtype: task.dtype, mode: '', unit: 'time', amount: 1, ms, rows, figures: { accuracy, megabytes } };
}
