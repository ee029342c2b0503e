// The set of whole trainings against other libraries', and of what training adds to gradients. One thread each.

import { type Program, Runner } from '../contest/contest.js';
import type { Result } from '../result.js';
import type { Case, Context, OpenSet } from '../set.js';
import { bandwidth, overhead, zeros } from './costs.js';
import { trainLong } from './long.js';
import { ADAM, FIT, LONG, SPAM, targets, ZEROS } from './targets.js';
import { PATHS } from './task.js';
import { TRAININGS } from './tasks.js';
import { trainTexts } from './texts.js';

const PROGRAMS: Record<string, Program> = {
  bitgrad: ['node', 'train/subjects/bitgrad.ts'],
  'tfjs wasm': ['node', 'train/subjects/tfjs.ts'],
  'jax-js': ['node', 'train/subjects/jax.ts'],
  'scikit-learn': ['python', 'numpy, sklearn', 'SklearnTraining'],
  PyTorch: ['python', 'numpy, torch', 'TorchTraining'],
};

/** A training takes as long as many rounds of a step. */
const ROUNDS = 5;
const LONG_EPOCHS = 10;

/** Of two ways or more, in milliseconds; the first is ours. */
function costs(name: string, ms: Record<string, number>): Result {
  const rows = Object.entries(ms).map(([subject, ms]) => ({ subject, ms }));
  return { name, dtype: 'f32', mode: '', unit: 'time', amount: 1, ms, rows };
}

export async function open({ effort, smoke }: Context): Promise<OpenSet> {
  const rounds = Math.min(ROUNDS, effort.rounds);
  const runner = new Runner(PROGRAMS, { ...effort, rounds });
  const shorter = <T extends { epochs: number }>(task: T): T => (smoke ? { ...task, epochs: 1 } : task);

  const contests = TRAININGS.map(({ name, wanted, task }): Case => {
    const about = { name, dtype: task.dtype, mode: '', unit: 'time', amount: 1 } as const;
    return {
      ...about,
      run: () =>
        runner.run({
          about,
          task: { ...shorter(task), path: PATHS[task.data] },
          subjects: ['bitgrad', ...Object.keys(wanted)],
          check: (_, { values }, { note }) => ({
            note: [`${(100 * values[0]).toFixed(1)} % right`, note].filter(Boolean).join(', '),
          }),
        }),
    };
  });
  const about = { dtype: 'f32', mode: '' } as const;
  const [, , mnist] = TRAININGS;
  return {
    title: `Trainings: medians of ${rounds} turns; how many times that of bitgrad`,
    cases: [
      ...contests,
      { ...about, name: LONG, run: () => trainLong(LONG, shorter({ ...mnist.task, epochs: LONG_EPOCHS })) },
      { ...about, name: SPAM, run: () => trainTexts(SPAM, smoke ? 1 : LONG_EPOCHS) },
      {
        ...about,
        name: FIT,
        async run() {
          const { fit, gradients } = await overhead(rounds, smoke);
          return costs(FIT, { fit, 'gradients alone': gradients });
        },
      },
      {
        ...about,
        name: ZEROS,
        async run() {
          const { asTheyAre, without } = await zeros(rounds);
          return costs(ZEROS, { 'rows as they are': asTheyAre, 'without zeros': without });
        },
      },
      { ...about, name: ADAM, run: () => costs(ADAM, bandwidth(rounds)) },
    ],
    targets: (results) => targets(results, smoke),
    versions: () => runner.versions(),
    dispose: () => runner.dispose(),
  };
}
