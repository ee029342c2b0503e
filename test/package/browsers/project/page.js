// Trains with the options that stand in its own address. A page, or what a service worker runs.

import './watch.js';
import * as bitgrad from 'bitgrad';
import { report } from './report.js';
import { training } from './training.js';

report(({ abortAfterMs, worker, ...options }) => {
  if (abortAfterMs) options.signal = AbortSignal.timeout(abortAfterMs);
  if (worker) options.createWorker = () => new Worker(worker, { type: 'module' });
  return training(bitgrad, options);
});
