// Trains with the options that stand in its own address, and sends what came of it to whom that names. A page, or what a
// service worker runs.

import * as bitgrad from 'bitgrad';
import { training } from './training.js';

async function run() {
  const given = new URLSearchParams(location.search);
  const { abortAfterMs, worker, ...options } = JSON.parse(given.get('options') ?? '{}');
  if (abortAfterMs) options.signal = AbortSignal.timeout(abortAfterMs);
  if (worker) options.createWorker = () => new Worker(worker, { type: 'module' });
  const start = performance.now();
  const result = await training(bitgrad, options).catch(({ name, message }) => ({ error: `${name}: ${message}` }));
  const seconds = (performance.now() - start) / 1000;
  await fetch(String(given.get('report')), { method: 'POST', body: JSON.stringify({ ...result, seconds }) });
}

run();
