// Runs a contest: starts its subjects, has their results checked, then times them in turns.

import { type Effort, median, roundsOf, type Subject, timer } from '../measure.js';
import type { Peak } from '../peak.js';
import type { About, Result, Row } from '../result.js';
import { LANGUAGES, type SubjectProcess } from './process.js';
import type { Outcome, Reply, Request } from './protocol.js';

/** Which program a subject is, in which language, and its arguments: process.ts tells what they mean. */
export type Program = readonly [language: keyof typeof LANGUAGES, ...args: string[]];
/** One that is to have more than one thread. */
type Threaded = { readonly threads: number; readonly program: Program };
export type Programs = Readonly<Record<string, Program | Threaded>>;

export interface Contest {
  about: About;
  task: object;
  /** By their names in the table, ours first; its share of the limit is taken if there is a peak. */
  subjects: readonly string[];
  /** @throws if the results are wrong; the row gets what it returns */
  check(subject: string, outcome: Outcome, reply: Reply): Partial<Row> | Promise<Partial<Row>>;
  peak?: Peak;
  /** What this process does in the same turns, for comparison: in the result's `ms`, without a row. */
  beside?: readonly Subject[];
}

/** Seconds until a process that does not answer is given up: a step of the slowest takes some. */
const PATIENCE = 180;
/** A subject whose call takes longer takes part in a few of the rounds. */
const VERY_SLOW_MS = 1000;
const VERY_SLOW_ROUNDS = 3;

/** An answer that is an error. */
class Refusal extends Error {
  readonly cannot: boolean;
  constructor(message: string, cannot = false) {
    super(message);
    this.cannot = cannot;
  }
}

/** Whatever goes wrong in a step is this row's reason; the others go on. */
async function attempt(row: Row, step: () => Promise<void>): Promise<void> {
  if (row.reason !== undefined) return;
  try {
    await step();
  } catch (error) {
    [row.reason] = (error as Error).message.split('\n');
    row.failed = !(error instanceof Refusal && error.cannot);
  }
}

async function ask(process: SubjectProcess, request: Request): Promise<Reply> {
  const reply: Reply = await process.request(request, PATIENCE);
  if (reply.error !== undefined) throw new Refusal(reply.error, reply.cannot);
  return reply;
}

function outcomeOf({ loss, values }: Reply): Outcome {
  const bytes = Buffer.from(values, 'base64');
  return { loss, values: new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)) };
}

interface Contestant {
  row: Row;
  process: SubjectProcess;
  callMs: number;
  samples: number[];
}

export class Runner {
  readonly #programs: Programs;
  readonly #effort: Effort;
  /** What the subjects said of themselves when they were loaded, and why others could not be; those are not tried again. */
  readonly #loaded: Record<string, string> = {};
  readonly #missing: Record<string, string> = {};
  /** Those of other languages stay from case to case: they learn nothing from one that they could profit from in another. */
  readonly #staying = new Map<string, SubjectProcess>();

  constructor(programs: Programs, effort: Effort) {
    this.#programs = programs;
    this.#effort = effort;
  }

  versions(): Record<string, string> {
    const said = (subject: string) =>
      this.#loaded[subject] ?? (this.#missing[subject] && `not loaded: ${this.#missing[subject]}`);
    const all = Object.keys(this.#programs).map((subject) => [subject, said(subject)]);
    return Object.fromEntries(all.filter(([, version]) => version));
  }

  dispose(): void {
    for (const process of this.#staying.values()) process.dispose();
  }

  /** A process that has loaded the subject. Of Node a new one: V8 is to know nothing but the case. */
  async #start(subject: string): Promise<SubjectProcess> {
    if (subject in this.#missing) throw new Error(this.#missing[subject]);
    const running = this.#staying.get(subject);
    if (running && !running.ended) return running;
    const found = this.#programs[subject];
    const { threads, program } = 'threads' in found ? found : { threads: 1, program: found };
    const [language, ...args] = program;
    let process: SubjectProcess | undefined;
    try {
      process = LANGUAGES[language](threads, ...args);
      this.#loaded[subject] = (await ask(process, { op: 'load' })).version;
    } catch (error) {
      process?.dispose();
      [this.#missing[subject]] = (error as Error).message.split('\n');
      throw error;
    }
    if (language !== 'node') this.#staying.set(subject, process);
    return process;
  }

  /** Starts every subject; those that come through have shown that their results are right. */
  async #admit({ subjects, task, check }: Contest): Promise<{ rows: Row[]; contestants: Contestant[] }> {
    const rows = subjects.map((subject): Row => ({ subject }));
    const contestants: Contestant[] = [];
    const started = rows.map(({ subject }) => this.#start(subject));
    await Promise.allSettled(started);
    for (const [i, row] of rows.entries()) {
      await attempt(row, async () => {
        const process = await started[i];
        contestants.push({ row, process, callMs: 0, samples: [] });
        const reply = await ask(process, { op: 'prepare', task });
        row.note = reply.note ?? undefined;
        Object.assign(row, await check(row.subject, outcomeOf(reply), reply));
      });
    }
    return { rows, contestants };
  }

  async run(contest: Contest): Promise<Result> {
    const { about, peak, beside = [] } = contest;
    const { rows, contestants } = await this.#admit(contest);
    for (const contestant of contestants) {
      const { row, process } = contestant;
      await attempt(row, async () => {
        contestant.callMs = (await ask(process, { op: 'warmUp', effort: this.#effort })).callMs;
      });
    }
    const own = [...(peak ? [peak.subject] : []), ...beside].map((subject) => {
      return { ...timer(subject, this.#effort), name: subject.name, samples: [] as number[] };
    });

    const { rounds } = this.#effort;
    for (let round = 0; round < rounds; round++) {
      for (const { row, process, callMs, samples } of contestants) {
        const turns = callMs > VERY_SLOW_MS ? Math.min(VERY_SLOW_ROUNDS, rounds) : roundsOf(callMs, this.#effort);
        if (round > 0 && Math.floor((round * turns) / rounds) === Math.floor(((round - 1) * turns) / rounds)) continue;
        await attempt(row, async () => {
          samples.push((await ask(process, { op: 'sample' })).ms);
        });
      }
      for (const { sample, samples } of own) samples.push(sample());
    }

    for (const { row, process, samples } of contestants) {
      if (!row.reason) row.ms = median(samples);
      if (!this.#staying.has(row.subject)) process.dispose();
    }
    const ms = Object.fromEntries(rows.flatMap(({ subject, ms }) => (ms === undefined ? [] : [[subject, ms]])));
    for (const { name, samples } of own) ms[name] = median(samples);
    const ours = rows[0].ms;
    const { flops } = about;
    const share = peak && flops && ours ? flops / ours / (peak.flops / ms.limit) : undefined;
    return { ...about, ms, share, rows };
  }
}
