// The set of other libraries at the same work, each in a process of its own: on one thread, and those that can on more.

import { type Contest, Runner } from '../contest/contest.js';
import type { Row } from '../result.js';
import type { Context, OpenSet } from '../set.js';
import { type PeerCase, peerCases } from './cases.js';
import { PRODUCTS, programsFor } from './programs.js';
import { reference } from './reference.js';
import { targets } from './targets.js';
import { errorOf, flopsOf, type Task, toleranceOf, type Variant } from './task.js';

async function checked(task: Task, ...[subject, outcome, reply]: Parameters<Contest['check']>): Promise<Partial<Row>> {
  if (subject === PRODUCTS) return {};
  const error = errorOf(task, outcome, await reference(task, (reply.variant ?? {}) as Variant));
  const tolerance = toleranceOf(task);
  if (error <= tolerance) return { error };
  const off = `off by ${error.toExponential(1)}, tolerance ${tolerance.toExponential(1)}`;
  throw new Error(`wrong: ${off}${reply.caveat ? ` (${reply.caveat})` : ''}`);
}

function contestOf({ name, task, products }: PeerCase, { peaks, effort, threads }: Context): Contest {
  const { dtype } = task;
  return {
    about: { name, dtype, mode: '', unit: 'time', amount: 1, flops: flopsOf(task) },
    task,
    subjects: Object.keys(programsFor(threads, effort)).filter((subject) => products || subject !== PRODUCTS),
    check: (...args) => checked(task, ...args),
    peak: products ? peaks()[dtype] : undefined,
  };
}

export async function open(context: Context): Promise<OpenSet> {
  const runner = new Runner(programsFor(context.threads, context.effort), context.effort);
  return {
    title: 'Libraries: median time of a call; how many times that of bitgrad wasm; error against bitgrad in f64',
    cases: peerCases.map((each) => ({
      name: each.name,
      dtype: each.task.dtype,
      mode: '',
      run: () => runner.run(contestOf(each, context)),
    })),
    targets,
    versions: () => runner.versions(),
    dispose: () => runner.dispose(),
  };
}
