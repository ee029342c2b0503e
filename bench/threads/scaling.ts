// The model of scaling: the set of threads, and beside what was measured what still more would do, as simulated.ts has it.

import type { Context, OpenSet } from '../set.js';
import { openThreads } from './index.js';
import { MODELLED } from './model.js';

export const open = (context: Context): Promise<OpenSet> =>
  openThreads(context, 'One thread and more, measured and by the model; how many times that of one thread', {
    counts: MODELLED,
    name: (count) => `${count} by the model`,
  });
