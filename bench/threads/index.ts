// The set of one thread against more: each a process of its own, in turns, and in the same turns what more threads are worth at all.

import { type Contest, type Programs, Runner } from '../contest/contest.js';
import type { Outcome } from '../contest/protocol.js';
import { type Effort, measure, SMOKE } from '../measure.js';
import type { Result, Row } from '../result.js';
import type { Case, Context, OpenSet } from '../set.js';
import { percent, times } from '../targets.js';
import { type ThreadsCase, threadsCases } from './cases.js';
import { forkTimes } from './fork.js';
import { bandwidthOf, copyWorthOf, type Machine, named, openMachine, worthOf } from './machine.js';
import { FORK, targets } from './targets.js';
import type { Measured, Modelled } from './task.js';

const FORKS = 2000;
const SMOKE_FORKS = 50;
const TURNS = 10;
const SLICE_MS = 400;
const SUBJECT = 'threads/subject.ts';

const bytesOf = ({ loss, values }: Outcome) =>
  Buffer.from(Float64Array.from([loss ?? 0, ...Array.from(values)]).buffer);

/** Of each subject whether it has the bits of the first one, which is asked first; the row gets what a model says. */
function sameBits(gains: Record<string, number>): Contest['check'] {
  let first: Buffer | undefined;
  return (subject, outcome, { variant }) => {
    const bytes = bytesOf(outcome);
    first ??= bytes;
    if (Buffer.compare(bytes, first) !== 0) throw new Error(`other bits than of ${named(1)}`);
    if (!variant) return {};
    const { gain, alone, jobs, byMemory } = variant as Modelled;
    gains[subject] = gain;
    const bound = byMemory ? ', memory bounds it' : '';
    return { note: `${times(gain)} as fast; ${percent(alone)} of one's time not divided, jobs: ${jobs}${bound}` };
  };
}

/** Says of each line how many times as fast it is, and how that compares to what the machine has. */
function explain(result: Result, counts: readonly number[]): Result {
  const { ms, rows = [] } = result;
  return {
    ...result,
    rows: rows.map((row) => {
      const count = counts.find((each) => each > 1 && named(each) === row.subject);
      if (count === undefined || row.ms === undefined) return row;
      const gain = ms[named(1)] / row.ms;
      const worth = `${percent(gain / worthOf(ms, count))} of busy loops' ${times(worthOf(ms, count))}`;
      return { ...row, note: `${times(gain)} as fast, ${worth}; a copy is ${times(copyWorthOf(ms, count))}` };
    }),
  };
}

/** The machine by itself. */
function baselines({ subjects }: Machine, counts: readonly number[], effort: Effort): Result {
  const ms = measure(subjects, effort);
  const rows = subjects.map(({ name }): Row => ({ subject: name, ms: ms[name] }));
  for (const count of counts) {
    for (const row of rows) {
      if (row.subject === `busy, ${named(count)}`) row.note = `${times(worthOf(ms, count))} as much done`;
      if (row.subject !== `copy, ${named(count)}`) continue;
      row.note = `${times(copyWorthOf(ms, count))} as fast: ${bandwidthOf(ms, count).toFixed(1)} GB/s`;
    }
  }
  return { name: 'a busy loop, a copy of 64 MB', dtype: '', mode: '', unit: 'time', amount: 1, ms, rows };
}

async function fork(counts: readonly number[], calls: number): Promise<Result> {
  const rows: Row[] = [];
  for (const count of counts.filter((each) => each > 1)) {
    const { ms, quick, slow } = await forkTimes(count, calls);
    const [fast, late] = [quick, slow].map((each) => (1000 * each).toFixed(1));
    rows.push({ subject: named(count), ms, note: `a tenth of them ${fast} us or less, a tenth ${late} or more` });
  }
  const ms = Object.fromEntries(rows.map(({ subject, ms }) => [subject, ms as number]));
  return { name: FORK, dtype: '', mode: '', unit: 'time', amount: 1, ms, rows };
}

export interface Model {
  /** Simulated numbers of threads. */
  counts: readonly number[];
  name(count: number): string;
}

/** @param model asked of each case, too, what it expects */
export async function openThreads(context: Context, title: string, model?: Model): Promise<OpenSet> {
  const { smoke, threads } = context;
  // Turns that are long enough for the kernel to find each thread a core: one that was asleep is woken on that of who wakes it.
  const sliceMs = Math.max(context.effort.sliceMs, context.smoke ? 0 : SLICE_MS);
  const effort = { ...context.effort, sliceMs, cpuTime: false }; // of all threads together
  const counts = [...new Set([1, Math.min(2, threads), threads])];
  const machine = openMachine(counts);
  const programs: Programs = Object.fromEntries([
    ...counts.map((count) => [named(count), { threads: count, program: ['node', SUBJECT, 'real'] }]),
    ...(model?.counts ?? []).map((count) => [model?.name(count), ['node', SUBJECT, 'model', `${count}`]]),
  ]);
  const runner = new Runner(programs, effort);
  let measured: Measured | undefined;
  const measureOnce = async (): Promise<Measured> => {
    // The best of them: what other programs take away is no limit of the machine.
    const turns = Array.from({ length: smoke ? 1 : TURNS }, () => measure(machine.subjects, SMOKE));
    const ms = Object.fromEntries(
      machine.subjects.map(({ name }) => [name, Math.min(...turns.map((turn) => turn[name]))]),
    );
    let joinMs = Infinity;
    for (let i = 0; i < turns.length; i++) {
      joinMs = Math.min(joinMs, (await forkTimes(2, smoke ? SMOKE_FORKS : FORKS)).quick);
    }
    return { joinMs, bandwidth: [bandwidthOf(ms, 1), bandwidthOf(ms, counts[1] ?? 1)] };
  };
  const contests = threadsCases.map(({ name, task, smoke: smaller }: ThreadsCase): Case => {
    const about = { name, dtype: task.dtype, mode: '', unit: 'time', amount: 1 } as const;
    // What is not divided needs no model, and what a worker does is the same, seen from elsewhere.
    const simulated = model && task.rows > 1 && !('background' in task && task.background);
    return {
      ...about,
      async run() {
        if (simulated) measured ??= await measureOnce();
        const figures: Record<string, number> = {};
        const result = await runner.run({
          about,
          task: { ...task, ...(smoke && smaller), measured },
          subjects: Object.keys(programs).slice(0, simulated ? undefined : counts.length),
          check: sameBits(figures),
          beside: machine.subjects,
        });
        return explain({ ...result, figures }, counts);
      },
    };
  });
  const none = { dtype: '', mode: '' } as const;
  return {
    title,
    cases: [
      { ...none, name: 'a busy loop, a copy of 64 MB', run: () => baselines(machine, counts, effort) },
      { ...none, name: FORK, run: () => fork(counts, smoke ? SMOKE_FORKS : FORKS) },
      ...contests,
    ],
    targets: model ? undefined : targets,
    versions: () => runner.versions(),
    dispose() {
      runner.dispose();
      machine.dispose();
    },
  };
}

export const open = (context: Context): Promise<OpenSet> =>
  openThreads(context, 'One thread and more, the same bits: medians; how many times that of one thread');
