// What more threads are worth on this machine at this moment, whatever they do: of arithmetic, and of moving bytes. A processor that
// is shared with others, or is the other half of a core, is less than one.

import { Worker } from 'node:worker_threads';
import type { Subject } from '../measure.js';
import { COPY_BYTES, WORD, WORKS } from './work.mjs';

export const named = (threads: number) => (threads === 1 ? '1 thread' : `${threads} threads`);

export interface Machine {
  /** For each number of threads what times a busy loop in all of them, and a copy that they share. */
  subjects: Subject[];
  dispose(): void;
}

/** @param counts of threads, the most last */
export function openMachine(counts: readonly number[]): Machine {
  const words = new Int32Array(new SharedArrayBuffer(16));
  const program = new URL('work.mjs', import.meta.url);
  const workers = Array.from({ length: counts[counts.length - 1] - 1 }, (_, i) => {
    const worker = new Worker(program, { workerData: { words, index: i + 1 } });
    worker.unref();
    return worker;
  });
  const all = (work: number, threads: number) => {
    words[WORD.work] = work;
    words[WORD.threads] = threads;
    Atomics.store(words, WORD.done, 0);
    const start = performance.now();
    Atomics.add(words, WORD.go, 1);
    Atomics.notify(words, WORD.go);
    WORKS[work](threads);
    for (let done = 0; done < threads - 1; done = Atomics.load(words, WORD.done)) {
      Atomics.wait(words, WORD.done, done, 1000);
    }
    return performance.now() - start;
  };
  const subjects = ['busy', 'copy'].flatMap((name, work) =>
    counts.map((threads): Subject => {
      let warm = false;
      return {
        name: `${name}, ${named(threads)}`,
        sample() {
          if (!warm) all(work, threads); // makes the buffers
          warm = true;
          return all(work, threads);
        },
      };
    }),
  );
  return {
    subjects,
    dispose() {
      for (const worker of workers) worker.terminate();
    },
  };
}

/** How many times as much as one of them so many threads do. */
export const worthOf = (ms: Readonly<Record<string, number>>, threads: number): number =>
  (threads * ms['busy, 1 thread']) / ms[`busy, ${named(threads)}`];
export const copyWorthOf = (ms: Readonly<Record<string, number>>, threads: number): number =>
  ms['copy, 1 thread'] / ms[`copy, ${named(threads)}`];

/** GB/s, read and written. */
export const bandwidthOf = (ms: Readonly<Record<string, number>>, threads: number): number =>
  (2 * COPY_BYTES) / ms[`copy, ${named(threads)}`] / 1e6;
