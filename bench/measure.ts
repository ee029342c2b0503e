// Timing: the subjects of a case take turns, round after round, and are compared by the medians over the rounds, because
// on a shared machine two figures are comparable only if they were taken at the same time. contest/python.py and
// contest/native/peer.h time in the same way.

import { Bench } from 'tinybench';

/** What is timed; a `sample` times itself and returns milliseconds. */
export type Timed =
  | { run(): unknown; asynchronous?: false }
  | { run(): Promise<unknown>; asynchronous: true }
  | Sampled;
type Sampled = { sample(): number | Promise<number> };

/** One contestant of a case, of which nothing is asynchronous. */
export type Subject = { name: string; dispose?(): void } & ({ run(): unknown } | { sample(): number });

export interface Effort {
  rounds: number;
  /** Milliseconds that a subject gets in a round, at least one call. */
  sliceMs: number;
  /** Milliseconds of calls before the first round: V8 recompiles hot WebAssembly and JavaScript meanwhile. */
  warmUpMs: number;
  /** Counts the process's processor time instead of the clock's. */
  cpuTime?: boolean;
}

export const FULL: Effort = { rounds: 9, sliceMs: 30, warmUpMs: 300 };
export const SMOKE: Effort = { rounds: 1, sliceMs: 1, warmUpMs: 0 };

/**
 * Milliseconds of processor time that this process has had. Where other programs take the core away, a call of 10 ms is
 * interrupted and one of 0.1 ms is not, so by the clock the limit would look better than what is compared to it.
 */
function cpuTime(): number {
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
function batchOf(callMs: number, { sliceMs }: Effort): number {
  return Math.max(1, Math.ceil(Math.min(BATCH_MS, sliceMs) / callMs));
}

const benchOf = ({ sliceMs, cpuTime: cpu }: Effort) =>
  new Bench({ time: sliceMs, iterations: 1, warmup: false, throws: true, now: cpu ? cpuTime : undefined });

/** The median milliseconds of the one task in a bench that ran. */
function latencyOf([{ result }]: Bench['tasks']): number {
  if (result.state !== 'completed') throw new Error(`the timing ended as ${result.state}`);
  return result.latency.p50;
}

export interface Timer<T> {
  /** Milliseconds of a call, warmed up; 0 of what times itself. */
  callMs: number;
  /** Median milliseconds of a call in a slice. */
  sample(): T;
}

/** Warms a subject up. */
export function timer(subject: Subject, effort: Effort): Timer<number> {
  if ('sample' in subject) return { callMs: 0, sample: () => subject.sample() };
  const { run } = subject;
  const callMs = effort.warmUpMs > 0 ? warmUp(run, effort.warmUpMs) : BATCH_MS;
  const calls = batchOf(callMs, effort);
  const batch = () => {
    for (let i = 0; i < calls; i++) run();
  };
  return { callMs, sample: () => latencyOf(benchOf(effort).add(subject.name, batch).runSync()) / calls };
}

/** The same of what may be asynchronous. */
export async function timerOf(timed: Timed, effort: Effort): Promise<Timer<number | Promise<number>>> {
  if ('sample' in timed) return { callMs: 0, sample: () => timed.sample() };
  if (!timed.asynchronous) return timer({ name: 'run', run: timed.run }, effort);
  const { run } = timed;
  const start = performance.now();
  let last = start;
  let callMs = Infinity;
  do {
    await run();
    const now = performance.now();
    callMs = Math.min(callMs, now - last);
    last = now;
  } while (last - start < effort.warmUpMs);
  const calls = batchOf(callMs, effort);
  const batch = async () => {
    for (let i = 0; i < calls; i++) await run();
  };
  return {
    callMs,
    sample: async () => latencyOf(await benchOf(effort).add('run', batch, { async: true }).run()) / calls,
  };
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
