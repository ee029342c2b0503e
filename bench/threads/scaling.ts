// The model of scaling: the set of threads, and beside what was measured what still more would do, as simulated.ts has it.

import { keyOf, type Result, showTime } from '../result.js';
import type { Context, OpenSet } from '../set.js';
import { openThreads } from './index.js';
import { named } from './machine.js';
import { MODELLED } from './model.js';

const model = (count: number) => `${count} by the model`;

/** The table of docs/threads.md: how many times as fast as one thread. */
function table(results: ReadonlyMap<string, Result>): string {
  const measured = [2];
  const head = ['workload', named(1), ...measured.map((count) => `${count} measured`), ...MODELLED.map(String)];
  const cells = [...results.values()].flatMap((result) => {
    const { ms, figures = {} } = result;
    const one = ms[named(1)];
    if (one === undefined || !MODELLED.some((count) => figures[model(count)])) return [];
    const shown = (gain: number | undefined) => (gain ? gain.toFixed(1) : '-');
    return [
      [
        keyOf(result),
        showTime(one),
        ...measured.map((count) => shown(one / ms[named(count)])),
        ...MODELLED.map((count) => shown(figures[model(count)])),
      ],
    ];
  });
  return [head, head.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

export async function open(context: Context): Promise<OpenSet> {
  const title = 'One thread and more, measured and by the model; how many times that of one thread';
  return { ...(await openThreads(context, title, { counts: MODELLED, name: model })), summary: table };
}
