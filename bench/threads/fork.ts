// What it costs to tell threads of a job, and to know that they have done it: a job of no work, while they spin for the next one.

import { EMBEDDED } from '../../src/backend/wasm/bytes/core.js';
import { createWasmBackend } from '../../src/backend/wasm/index.js';
import { Session } from '../../src/matrix/marshal.js';
import type { createTeam } from '../../src/parallel/create.js';
import type { ThreadTeam } from '../../src/parallel/team.js';
import { median } from '../measure.js';

const PATIENCE_MS = 10_000;

/** The built one, beside which the threads' program lies. */
async function teamOf(threads: number): Promise<ThreadTeam> {
  const built: { createTeam: typeof createTeam } = await import(
    new URL('../../dist/parallel.js', import.meta.url).href
  );
  const options = { embedded: EMBEDDED, modules: {}, reason: 'asked for', fallback: false, shared: true };
  const team = built.createTeam(new Session(createWasmBackend(options), undefined), threads, Error);
  for (const start = performance.now(); team.size < threads; ) {
    if (performance.now() - start > PATIENCE_MS) throw new Error(`${team.size} of ${threads} threads were started`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return team;
}

export interface ForkTimes {
  /** The median, in milliseconds. */
  ms: number;
  /** What a tenth of them take at most, for nobody interferes; and what another tenth take at least. */
  quick: number;
  slow: number;
}

export async function forkTimes(threads: number, calls: number): Promise<ForkTimes> {
  const team = await teamOf(threads);
  for (let i = 0; i < calls; i++) team.forkAndJoin();
  const times = Array.from({ length: calls }, () => {
    const start = performance.now();
    team.forkAndJoin();
    return performance.now() - start;
  });
  team.dispose();
  const sorted = times.toSorted((a, b) => a - b);
  return { ms: median(times), quick: sorted[Math.floor(0.1 * calls)], slow: sorted[Math.floor(0.9 * calls)] };
}
