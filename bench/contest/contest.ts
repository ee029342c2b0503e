// Runs a case: starts the subjects, checks their results against bitgrad's f64 in TypeScript, then times them in turns.

import type { Result } from '../case.js';
import { type Dtype, type Engine, loadEngine } from '../entries.js';
import { type Effort, median, roundsOf, timer } from '../measure.js';
import type { Peak } from '../peak.js';
import { type SubjectProcess, startNode, startPython } from '../process.js';
import type { PeerCase } from './cases.js';
import { networkOf } from './subjects/bitgrad.js';
import { loaders } from './subjects/index.js';
import { errorOf, flopsOf, makeData, type Outcome, outputsOf, type Task, toleranceOf, type Variant } from './task.js';
import type { Reply, Request } from './worker.js';

/** What python_peers.py calls its subjects, and the package that each needs besides NumPy. */
const PYTHON = {
  NumPy: ['numpy', 'numpy'],
  'NumPy in place': ['numpy-in-place', 'numpy'],
  PyTorch: ['torch', 'torch'],
  'scikit-learn': ['sklearn', 'sklearn'],
} as const;
type PythonSubject = keyof typeof PYTHON;
const PYTHON_SUBJECTS = Object.keys(PYTHON) as PythonSubject[];

export const PRODUCTS = 'products alone';
export const LIMIT = '128-bit limit';
/** In the table's order. */
export const COMPARED = [...Object.keys(loaders), ...PYTHON_SUBJECTS];

/** One subject's row. */
export interface Row {
  subject: string;
  ms?: number;
  /** Why there is no figure. */
  reason?: string;
  /** It failed, where others just have no means for such work. */
  failed?: boolean;
  /** What it does otherwise. */
  note?: string;
  /** The largest relative error of its results. */
  error?: number;
}

export interface PeerResult extends Result {
  tolerance: number;
  rows: Row[];
}

/** Seconds until a process that does not answer is given up: a step of the slowest takes some. */
const PATIENCE = 180;
/** A subject whose call takes longer takes part in a few of the rounds. */
const VERY_SLOW_MS = 1000;
const VERY_SLOW_ROUNDS = 3;

type Process = SubjectProcess<Request, Reply>;

function start(subject: string): Process {
  const python = PYTHON[subject as PythonSubject];
  if (!python) return startNode(new URL('worker.ts', import.meta.url), subject);
  const [name, module] = python;
  return startPython(new URL('python_peers.py', import.meta.url), `numpy, ${module}`, name);
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

/** By bitgrad's f64 in TypeScript, on the numbers that the subjects get. */
function reference(engine: Engine, task: Task, variant: Variant): Outcome {
  const { rows, sizes } = task;
  const data = makeData(task);
  const exact = (values: ArrayLike<number>) => Float64Array.from(values);
  const X = { rows, cols: sizes[0], data: exact(data.X) };
  if (task.kind === 'sigmoid') return { values: engine.sigmoid(X).data };
  const layers = data.layers.map((each) => ({ ...each, weights: exact(each.weights), biases: exact(each.biases) }));
  const net = networkOf(engine, { ...task, ...variant, dtype: 'f64' }, { ...data, layers });
  try {
    if (task.kind === 'forward') return { values: net.forward(X).data };
    const out = net.zeroGradients();
    const { loss, parameters } = net.gradientsInto(X, { rows, cols: outputsOf(task), data: exact(data.y) }, out);
    const values = parameters.slice();
    out.dispose();
    return { loss, values };
  } finally {
    net.dispose();
  }
}

function outcomeOf({ loss, values }: Reply): Outcome {
  const bytes = Buffer.from(values, 'base64');
  return { loss, values: new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)) };
}

/** What an answer that is an error says. */
class Refusal extends Error {
  readonly cannot: boolean;
  constructor(message: string, cannot = false) {
    super(message);
    this.cannot = cannot;
  }
}

async function ask(process: Process, request: Request): Promise<Reply> {
  const reply = await process.request(request, PATIENCE);
  if (reply.error !== undefined) throw new Refusal(reply.error, reply.cannot);
  return reply;
}

interface Contestant {
  row: Row;
  process: Process;
  callMs: number;
  samples: number[];
}

export class Runner {
  /** What the subjects said of themselves when they were loaded. */
  readonly versions: Record<string, string> = {};
  /** Why a subject could not be loaded; it is not tried again. */
  readonly missing: Record<string, string> = {};
  /** They stay from case to case: Python learns nothing from one that it could profit from in another. */
  readonly #pythons = new Map<string, Process>();
  readonly #effort: Effort;
  readonly #peaks: Record<Dtype, Peak>;

  constructor(effort: Effort, peaks: Record<Dtype, Peak>) {
    this.#effort = effort;
    this.#peaks = peaks;
  }

  dispose(): void {
    for (const process of this.#pythons.values()) process.dispose();
  }

  /** A process that has loaded the subject. Of Node a new one: V8 is to know nothing but the case. */
  async #start(subject: string): Promise<Process> {
    if (subject in this.missing) throw new Error(this.missing[subject]);
    const running = this.#pythons.get(subject);
    if (running && !running.ended) return running;
    let process: Process | undefined;
    try {
      process = start(subject);
      this.versions[subject] = (await ask(process, { op: 'load' })).version;
    } catch (error) {
      process?.dispose();
      [this.missing[subject]] = (error as Error).message.split('\n');
      throw error;
    }
    if (subject in PYTHON) this.#pythons.set(subject, process);
    return process;
  }

  /** Starts every subject; those that come through have shown that their results are right. */
  async #admit(subjects: string[], { task }: PeerCase): Promise<{ rows: Row[]; contestants: Contestant[] }> {
    const rows = subjects.map((subject): Row => ({ subject }));
    const contestants: Contestant[] = [];
    const started = rows.map(({ subject }) => this.#start(subject));
    await Promise.allSettled(started);
    const tolerance = toleranceOf(task);
    for (const [i, row] of rows.entries()) {
      await attempt(row, async () => {
        const process = await started[i];
        const contestant = { row, process, callMs: 0, samples: [] };
        contestants.push(contestant);
        const reply = await ask(process, { op: 'prepare', task });
        row.note = reply.note ?? undefined;
        if (row.subject === PRODUCTS) return;
        row.error = errorOf(task, outcomeOf(reply), await this.#expected(task, reply.variant ?? {}));
        if (row.error <= tolerance) return;
        const off = `off by ${row.error.toExponential(1)}, tolerance ${tolerance.toExponential(1)}`;
        throw new Error(`wrong: ${off}${reply.caveat ? ` (${reply.caveat})` : ''}`);
      });
    }
    return { rows, contestants };
  }

  async run(each: PeerCase): Promise<PeerResult> {
    const { name, task, products } = each;
    const { rows, contestants } = await this.#admit(
      products ? COMPARED : COMPARED.filter((subject) => subject !== PRODUCTS),
      each,
    );
    for (const contestant of contestants) {
      const { row, process } = contestant;
      await attempt(row, async () => {
        contestant.callMs = (await ask(process, { op: 'warmUp', effort: this.#effort })).callMs;
      });
    }
    const peak = products ? this.#peaks[task.dtype] : undefined;
    const limit = peak && timer(peak.subject, this.#effort);
    const limits: number[] = [];

    const { rounds } = this.#effort;
    for (let round = 0; round < rounds; round++) {
      for (const { row, process, callMs, samples } of contestants) {
        const share = (callMs > VERY_SLOW_MS ? VERY_SLOW_ROUNDS : roundsOf(callMs, this.#effort)) / rounds;
        if (round > 0 && Math.floor(round * share) === Math.floor((round - 1) * share)) continue;
        await attempt(row, async () => {
          samples.push((await ask(process, { op: 'sample' })).ms);
        });
      }
      if (limit) limits.push(limit.sample());
    }

    for (const { row, process, samples } of contestants) {
      if (!row.reason) row.ms = median(samples);
      if (!this.#pythons.has(row.subject)) process.dispose();
    }
    const ms = Object.fromEntries(rows.flatMap(({ subject, ms }) => (ms === undefined ? [] : [[subject, ms]])));
    if (limits.length > 0) ms[LIMIT] = median(limits);
    const flops = flopsOf(task);
    const reached = ms['bitgrad wasm'];
    const share = peak && reached ? flops / reached / (peak.flops / ms[LIMIT]) : undefined;
    const { dtype } = task;
    return { name, dtype, mode: '', unit: 'ms', amount: 1, flops, ms, share, tolerance: toleranceOf(task), rows };
  }

  #engine: Engine | undefined;

  async #expected(task: Task, variant: Variant): Promise<Outcome> {
    this.#engine ??= await loadEngine('ts');
    return reference(this.#engine, task, variant);
  }
}
