// Two programs, in turns: what disturbs one disturbs the other, and medians leave out what disturbs both.

import { setImmediate as turn } from 'node:timers/promises';

/** A sample takes as many calls as this many ms need: the clock's own steps do not show. */
const SAMPLE_MS = 2;
const LEAST_SAMPLES = 5;

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

function time(call: () => void, calls: number): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) call();
  return (performance.now() - start) / calls;
}

/** Also lets the compiler of the runtime see what is called. */
function callsOf(call: () => void): number {
  let calls = 1;
  while (time(call, calls) * calls < SAMPLE_MS && calls < 1 << 20) calls *= 2;
  return calls;
}

/**
 * Milliseconds of a call: the median of each.
 *
 * @param ms how long to go on, together
 * @param signal looked at between samples
 */
export async function compare(
  programs: readonly (() => void)[],
  ms: number,
  signal: AbortSignal,
): Promise<{ medians: number[]; samples: number }> {
  const until = performance.now() + ms;
  const calls = programs.map(callsOf);
  const samples = programs.map((): number[] => []);
  do {
    for (const [i, call] of programs.entries()) samples[i].push(time(call, calls[i]));
    await turn();
    signal.throwIfAborted();
  } while (performance.now() < until || samples[0].length < LEAST_SAMPLES);
  return { medians: samples.map(median), samples: samples[0].length };
}
