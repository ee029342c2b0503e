// The set of sparse rows: a step's gradients with the zeros and without them, and scikit-learn's. One thread each.

import { type Programs, Runner } from '../contest/contest.js';
import type { Outcome } from '../contest/protocol.js';
import { keyOf } from '../result.js';
import type { Case, Context, OpenSet } from '../set.js';
import { check, speed } from '../targets.js';
import type { Task } from './task.js';

const SUBJECT = 'sparse/subject.ts';
const OURS = 'bitgrad, sparse';
const DENSE = 'bitgrad, dense';
const SKLEARN = 'scikit-learn, sparse';

const PROGRAMS: Programs = {
  [OURS]: ['node', SUBJECT, 'sparse'],
  [DENSE]: ['node', SUBJECT, 'dense'],
  [SKLEARN]: ['python', 'numpy, sklearn', 'SklearnSparse'],
};

interface SparseCase {
  name: string;
  task: Task;
  smoke: Partial<Task>;
}

const of = (inputs: number, drawn: number, name: string): SparseCase => ({
  name,
  task: { dtype: 'f32', rows: 128, inputs, hidden: 64, drawn, seed: 1 },
  smoke: { rows: 8, inputs: 2000, drawn: 20 },
});

const CASES = [
  of(50_000, 500, 'step 128x50000-64-1, 1 % not zero'),
  of(50_000, 50, 'step 128x50000-64-1, 0.1 % not zero'),
  of(1000, 100, 'step 128x1000-64-1, 10 % not zero'),
];

/** Sums of so many terms in another order, in f32. */
const NEAR = 1e-4;

/** Ours have the same bits; another library's are near. */
function checkAgainst(): (subject: string, outcome: Outcome) => object {
  let first: number[] | undefined;
  return (subject, { loss = 0, values }) => {
    const all = [loss, ...Array.from(values)];
    first ??= all;
    const bound = subject === DENSE ? 0 : NEAR * Math.max(...first.map(Math.abs));
    const wrong = first.findIndex((value, i) => !(Math.abs(value - all[i]) <= bound));
    if (wrong >= 0) throw new Error(`number ${wrong} is ${all[wrong]}, not ${first[wrong]}`);
    return {};
  };
}

export async function open({ effort, smoke }: Context): Promise<OpenSet> {
  const runner = new Runner(PROGRAMS, effort);
  const cases = CASES.map(({ name, task, smoke: smaller }): Case => {
    const about = { name, dtype: task.dtype, mode: '', unit: 'time', amount: 1 } as const;
    return {
      ...about,
      run: () =>
        runner.run({
          about,
          task: { ...task, ...(smoke && smaller) },
          subjects: Object.keys(PROGRAMS),
          check: checkAgainst(),
        }),
    };
  });
  const key = keyOf(cases[0]);
  return {
    title: 'Sparse rows, one thread: medians; how many times that of the first',
    cases,
    targets: (results) => [check(speed(key, OURS, DENSE, 20), results), check(speed(key, OURS, SKLEARN, 3), results)],
    versions: () => runner.versions(),
    dispose: () => runner.dispose(),
  };
}
