// Times what is asynchronous as bench/measure.ts times what is not.

import { Bench } from 'tinybench';
import { batchOf, type Effort, timer } from '../measure.js';
import type { Prepared } from './subject.js';

export interface Timer {
  /** Milliseconds of a call, warmed up. */
  callMs: number;
  /** Median milliseconds of a call in a slice. */
  sample(): number | Promise<number>;
}

async function warmUp(run: () => unknown, warmUpMs: number): Promise<number> {
  const start = performance.now();
  let last = start;
  let callMs = Infinity;
  do {
    await run();
    const now = performance.now();
    callMs = Math.min(callMs, now - last);
    last = now;
  } while (last - start < warmUpMs);
  return callMs;
}

export async function timerOf({ run, asynchronous }: Prepared, effort: Effort): Promise<Timer> {
  if (!asynchronous) return timer({ name: 'run', run }, effort);
  const callMs = await warmUp(run, effort.warmUpMs);
  const calls = batchOf(callMs, effort);
  const batch = async () => {
    for (let i = 0; i < calls; i++) await run();
  };
  const sample = async () => {
    const bench = new Bench({ time: effort.sliceMs, iterations: 1, warmup: false, throws: true });
    bench.add('run', batch, { async: true });
    const [{ result }] = await bench.run();
    if (result.state !== 'completed') throw new Error(`the timing ended as ${result.state}`);
    return result.latency.p50 / calls;
  };
  return { callMs, sample };
}
