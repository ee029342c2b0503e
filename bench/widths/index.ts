// The set of small networks at many widths, trained: each library in a process of its own, one thread each, PyTorch on more too.

import { type Programs, Runner } from '../contest/contest.js';
import { flopsOf } from '../peers/task.js';
import type { Context, OpenSet } from '../set.js';
import { targets } from './targets.js';
import { caseOf, WIDTHS } from './task.js';

/** Of a training: what it costs to begin one is not to count. */
const epochsOf = (width: number) => Math.ceil(320 / width);
/** Others add up in another order, and a training lets that grow: relative, in the loss after it. */
const TOLERANCE = 1e-3;

const PROGRAMS: Programs = {
  bitgrad: ['node', 'widths/subjects/bitgrad.ts'],
  'tfjs wasm': ['node', 'widths/subjects/tfjs.ts'],
  'jax-js': ['node', 'widths/subjects/jax.ts'],
  'numpy-ts': ['node', 'widths/subjects/numpy-ts.ts'],
  PyTorch: ['python', 'numpy, torch', 'TorchWidths'],
};

export async function open({ effort, smoke, threads }: Context): Promise<OpenSet> {
  const more = threads > 1 && !effort.cpuTime;
  const torch = { [`PyTorch, ${threads} threads`]: { threads, program: PROGRAMS.PyTorch } } as Programs;
  const programs = more ? { ...PROGRAMS, ...torch } : PROGRAMS;
  const runner = new Runner(programs, effort);
  return {
    title:
      'Small networks, batches of 128, adam: median time of an epoch of 12,800 rows; how many times that of bitgrad',
    cases: WIDTHS.map((width) => {
      const { name, task } = caseOf(width, smoke ? 1 : epochsOf(width));
      const about = { name, dtype: 'f32', mode: '', unit: 'time', amount: 1, flops: flopsOf(task) } as const;
      let ours = Number.NaN;
      return {
        ...about,
        run: () =>
          runner.run({
            about,
            task,
            subjects: Object.keys(programs),
            check(subject, { loss = Number.NaN }) {
              if (subject === 'bitgrad') ours = loss;
              const error = Math.abs(loss - ours) / ours;
              if (!(error <= TOLERANCE)) throw new Error(`wrong: its loss is ${loss}, that of bitgrad ${ours}`);
              return { error };
            },
          }),
      };
    }),
    targets,
    versions: () => runner.versions(),
    dispose: () => runner.dispose(),
  };
}
