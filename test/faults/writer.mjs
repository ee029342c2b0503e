// @ts-check
// Saves one of two models to a path, again and again, eight at a time: as a process, node writer.mjs PATH SEED ROUNDS, or as a
// thread with the same as its data.

import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { network } from 'bitgrad';
import { save } from 'bitgrad/model';

/** @param {number} seed */
export const model = (seed) => network({ inputs: 5, layers: [{ units: 400, activation: 'tanh' }, 3], seed });

const own = isMainThread ? process.argv[1]?.endsWith('writer.mjs') : Array.isArray(workerData);
if (own) {
  const [path, seed, rounds] = isMainThread ? process.argv.slice(2) : workerData;
  const net = model(Number(seed));
  for (let i = 0; i < Number(rounds); i++) await Promise.all(Array.from({ length: 8 }, () => save(net, path)));
  parentPort?.postMessage('done');
}
