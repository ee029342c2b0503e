// One candidate: trained on each fold, and judged by the rows that it has not seen.

import { BitgradError, type Engine, NonFiniteError, ValueError } from '../../index.js';
import type { MemorySet } from '../row-store.js';
import { estimatorOf, judge, learn, networkOf } from '../train-table.js';
import { batchOf, readTrainingOptions, type TableTrainingOptions } from '../training-options.js';
import type { Fold } from './folds.js';
import type { TuningRows } from './rows.js';
import type { Candidate } from './space.js';

/** What came of one. Seconds aside, the same on every machine. */
export interface Trial {
  /** Its number, from 1. */
  readonly trial: number;
  /** What it was given. */
  readonly parameters: Candidate;
  /** Of each fold all metrics that there are. */
  readonly folds: readonly Readonly<Record<string, number>>[];
  /** Epochs that each fold took. */
  readonly epochs: readonly number[];
  /** Why it could not be trained: its numbers grew beyond all bounds, for one. */
  readonly error?: string;
  /** That it took. */
  readonly seconds: number;
}

export interface TrialOptions {
  readonly settings: TableTrainingOptions;
  readonly engine: Engine;
  /** Whether a worker trains. */
  readonly background: boolean;
  readonly signal: AbortSignal;
  onEpoch?(fold: number, epoch: number, epochs: number): void;
}

/** Faults of the candidate, which it has everywhere: not those of the machine. */
const isOwn = (error: unknown): error is BitgradError =>
  error instanceof BitgradError && (error instanceof NonFiniteError || error instanceof ValueError);

async function runFold(rows: TuningRows, fold: Fold, number: number, candidate: Candidate, given: TrialOptions) {
  const { engine, background, signal } = given;
  const options = readTrainingOptions({
    ...given.settings,
    ...candidate,
    signal,
    onProgress: ({ epoch = 0, epochs = 0 }) => given.onEpoch?.(number, epoch, epochs),
  });
  const { schema, inputs } = rows;
  const count = fold.train.length;
  const net = networkOf(schema, inputs, options, engine);
  try {
    const prepared = {
      data: rows.pick(fold.train),
      rows: count,
      held: fold.stop.length > 0 ? rows.pick(fold.stop) : undefined,
      streamed: false,
    };
    const batch = options.batchSize ?? batchOf(count);
    const { epochs } = await learn(net, prepared, options, batch, schema, background);
    const learner = estimatorOf(net, schema, options, engine);
    const { metrics } = judge(learner, rows.pick(fold.test) as MemorySet, schema);
    learner.network.dispose();
    return { epochs, metrics };
  } finally {
    net.dispose();
  }
}

/** @throws what is no fault of the candidate: the signal's reason, a lack of memory */
export async function runTrial(
  trial: number,
  rows: TuningRows,
  folds: readonly Fold[],
  parameters: Candidate,
  options: TrialOptions,
): Promise<Trial> {
  const from = performance.now();
  const metrics: Record<string, number>[] = [];
  const epochs: number[] = [];
  let error: string | undefined;
  try {
    for (const [i, fold] of folds.entries()) {
      options.signal.throwIfAborted();
      const each = await runFold(rows, fold, i, parameters, options);
      metrics.push({ ...each.metrics });
      epochs.push(each.epochs);
    }
  } catch (cause) {
    if (!isOwn(cause)) throw cause;
    error = `fold ${metrics.length + 1}: ${cause.message}`;
  }
  const seconds = Number(((performance.now() - from) / 1000).toFixed(3));
  return { trial, parameters, folds: metrics, epochs, ...(error !== undefined && { error }), seconds };
}
