// Timing: the subjects of a case take turns, round after round, and are compared by the medians over the rounds, because
// on a shared machine two figures are comparable only if they were taken at the same time.

import { Bench } from 'tinybench';

/** One contestant of a case: `run` is timed here; `sample` times itself and returns milliseconds. */
export type Subject = { name: string; dispose?(): void } & ({ run(): unknown } | { sample(): number });

export interface Effort {
  rounds: number;
  /** Milliseconds that a subject gets in a round, at least one call. */
  sliceMs: number;
  /** Milliseconds of calls before the first round: V8 recompiles hot WebAssembly and JavaScript meanwhile. */
  warmUpMs: number;
  /** Milliseconds so far; default: of the clock. */
  now?: () => number;
}

export const FULL: Effort = { rounds: 9, sliceMs: 30, warmUpMs: 300 };
export const SMOKE: Effort = { rounds: 1, sliceMs: 1, warmUpMs: 0 };

/**
 * Milliseconds of processor time that this process has had. Where other programs take the core away, a call of 10 ms is
 * interrupted and one of 0.1 ms is not, so by the clock the limit would look better than what is compared to it.
 */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Calls shorter than this are timed in batches, so that the clock costs nothing. */
const BATCH_MS = 0.25;
/** A case whose slowest call takes longer gets fewer rounds. */
const SLOW_MS = 100;
const SLOW_ROUNDS = 5;

/** How many rounds a call that takes so long allows. */
export function roundsOf(callMs: number, { rounds }: Effort): number {
  return callMs > SLOW_MS ? Math.min(SLOW_ROUNDS, rounds) : rounds;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Calls `run` for at least `warmUpMs`, then returns how long a call takes. */
function warmUp(run: () => unknown, warmUpMs: number): number {
  const start = performance.now();
  let last = start;
  let callMs = Infinity;
  let calls = 1;
  do {
    for (let i = 0; i < calls; i++) run();
    const now = performance.now();
    callMs = Math.min(callMs, (now - last) / calls);
    if (now - last < 1) calls *= 2;
    last = now;
  } while (last - start < warmUpMs);
  return callMs;
}

/** How many calls make up a batch. */
export function batchOf(callMs: number, { sliceMs }: Effort): number {
  return Math.max(1, Math.ceil(Math.min(BATCH_MS, sliceMs) / callMs));
}

/** Warms a subject up; `callMs` is what a call then took, `sample` the median milliseconds of a call in a slice. */
export function timer(subject: Subject, effort: Effort): { callMs: number; sample(): number } {
  if ('sample' in subject) return { callMs: 0, sample: () => subject.sample() };
  const { run } = subject;
  const callMs = effort.warmUpMs > 0 ? warmUp(run, effort.warmUpMs) : BATCH_MS;
  const calls = batchOf(callMs, effort);
  const batch = () => {
    for (let i = 0; i < calls; i++) run();
  };
  const sample = () => {
    const bench = new Bench({ time: effort.sliceMs, iterations: 1, warmup: false, throws: true, now: effort.now });
    bench.add(subject.name, batch);
    const [{ result }] = bench.runSync();
    if (result.state !== 'completed') throw new Error(`${subject.name}: ${result.state}`);
    return result.latency.p50 / calls;
  };
  return { callMs, sample };
}

/** The median milliseconds of a call, for each subject. */
export function measure(subjects: readonly Subject[], effort: Effort): Record<string, number> {
  const timers = subjects.map((subject) => timer(subject, effort));
  const rounds = Math.min(effort.rounds, ...timers.map(({ callMs }) => roundsOf(callMs, effort)));
  const samples: number[][] = subjects.map(() => []);
  for (let round = 0; round < rounds; round++) {
    timers.forEach(({ sample }, i) => samples[i].push(sample()));
  }
  for (const subject of subjects) subject.dispose?.();
  return Object.fromEntries(subjects.map(({ name }, i) => [name, median(samples[i])]));
}
