// A table in, a ranking of candidates out.

import { availableParallelism } from 'node:os';
import type { OpenTable } from '../../formats/table.js';
import { engine as automatic, type Engine, ValueError, version } from '../../index.js';
import { readTrainingOptions, type TableTrainingOptions } from '../training-options.js';
import { candidatesOf, MOST_TRIALS } from './candidates.js';
import { foldsOf } from './folds.js';
import { isOfShard, openJournal, type Shard } from './journal.js';
import { METRICS, metricOf } from './metrics.js';
import { inPool } from './pool.js';
import { type RankedTrial, ranked } from './ranking.js';
import { readTuningRows } from './rows.js';
import { SETTINGS, type Search, type Settings } from './search.js';
import { spaceOf, type TuningSpace } from './space.js';
import { runTrial, type Trial } from './trial.js';

/** How a search gets on. */
export interface TuningProgress {
  /** What is being done: `scan` and `encode` read the file, `trials` counts those. */
  readonly phase: 'scan' | 'encode' | 'trials';
  /** Rows that were read, or that are searched with. */
  readonly rows: number;
  /** Trials that are done, those of the journal among them, and all of this part. */
  readonly done: number;
  /** Trials of this part. */
  readonly total: number;
  /** The best trial so far. */
  readonly best?: RankedTrial;
  /** Where the trial is that told of itself last. */
  readonly running?: { readonly trial: number; readonly fold: number; readonly epoch: number; readonly epochs: number };
  /** Estimated seconds to the last trial. */
  readonly etaSeconds?: number;
}

/** Options of {@link tuneTable}. */
export interface TuningOptions extends Settings, Pick<TableTrainingOptions, 'target' | 'memoryBytes' | 'signal'> {
  /** What varies; what it does not name has trainTable's default. Default: layers, activation, rate and penalty. */
  space?: TuningSpace;
  /** Draws at random, or all combinations; default random. */
  mode?: 'random' | 'grid';
  /** Candidates that are drawn; default 50. */
  trials?: number;
  /** A name of an evaluation's metrics; default accuracy, of numbers r2. */
  metric?: string;
  /** Folds; 1 holds out a fifth of the rows instead. Default 5. */
  cv?: number;
  /** Rows that are taken, drawn at random; default all. */
  rows?: number;
  /** Trials at once; default: as many as there are cores. Nothing but the time depends on it. */
  jobs?: number;
  /** A folder where finished trials are kept, and taken from if there are some of the same search. */
  journal?: string;
  /** Part k of n of the trials, from 1; default all of them. */
  shard?: Shard;
  /** Plain JSON, kept in the journal. */
  about?: unknown;
  /** Where networks live; default: the engine of `bitgrad`. */
  engine?: Engine;
  /** Told of every block that is read, and of every epoch of a trial. */
  onProgress?: (progress: TuningProgress) => void;
}

/** What {@link tuneTable} gives. */
export interface Tuning {
  /** What was searched. */
  readonly search: Search;
  /** The best first. */
  readonly results: readonly RankedTrial[];
  /** As they came, with their seconds. */
  readonly trials: readonly Trial[];
  /** What the journal was given. */
  readonly about?: unknown;
}

const OWN = [
  'space',
  'mode',
  'trials',
  'metric',
  'cv',
  'rows',
  'jobs',
  'journal',
  'shard',
  'about',
  'onProgress',
] as const;

/** What {@link tuneTable} takes where nothing is said. */
export const TUNING_DEFAULTS = { mode: 'random', trials: 50, cv: 5 } as const;

function checkInteger(name: string, value: unknown, low: number, high: number): void {
  if (Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high) return;
  throw new ValueError(`"${name}" must be an integer from ${low} to ${high}, got ${JSON.stringify(value)}`);
}

function readOptions(given: TuningOptions) {
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as TuningOptions;
  const { space = {}, mode = 'random', trials = TUNING_DEFAULTS.trials, cv = TUNING_DEFAULTS.cv } = present;
  const { rows, jobs = availableParallelism(), shard = [1, 1], metric, engine = automatic } = present;
  const own: readonly string[] = OWN;
  // What is left is a training's, which knows its names.
  const training = readTrainingOptions(
    Object.fromEntries(Object.entries(present).filter(([name]) => !own.includes(name))) as TableTrainingOptions,
  );
  if (mode !== 'random' && mode !== 'grid')
    throw new ValueError(`"mode" must be random or grid, got ${JSON.stringify(mode)}`);
  checkInteger('trials', trials, 1, MOST_TRIALS);
  checkInteger('cv', cv, 1, 1000);
  checkInteger('jobs', jobs, 1, 1024);
  if (rows !== undefined) checkInteger('rows', rows, 2, Number.MAX_SAFE_INTEGER);
  const [k, n] = Array.isArray(shard) ? shard : [];
  checkInteger('shard', n, 1, MOST_TRIALS);
  checkInteger('shard', k, 1, n as number);
  if (metric !== undefined && !METRICS.includes(metric)) {
    throw new ValueError(`"metric" must be one of ${METRICS.join(', ')}; got ${JSON.stringify(metric)}`);
  }
  return { ...present, space: spaceOf(space, mode), mode, trials, cv, jobs, shard: [k, n] as Shard, engine, training };
}

/** Names of activations are the engine's, and wrong ones are no matter of a trial. @throws {ValueError} */
function checkActivations({ activation = [] }: TuningSpace, engine: Engine): void {
  for (const each of activation) {
    const layers = [{ units: 1, activation: each }, { units: 1 }];
    try {
      engine.network({ inputs: 1, layers, loss: 'mse' }).dispose();
    } catch (error) {
      throw new ValueError((error as Error).message.replace(/^"[^"]*"/, '"space": "activation"'));
    }
  }
}

/**
 * Searches for a network's options: candidates are numbered, each is trained on every fold, and they are ranked by what rows say that they have not seen. What the
 * columns look like, for scaling and filling gaps, is of all rows.
 *
 * The same table, options and release give the same ranking on every host, with any number of jobs and in any number of parts.
 *
 * @param table it is read twice, and its rows are in memory
 * @returns the ranking of this part's trials
 * @throws {DataError} naming file, line and column, or another search's journal; {ValueError} naming the option; the signal's reason, and what is done is in the journal
 */
export async function tuneTable(table: OpenTable, given: TuningOptions = {}): Promise<Tuning> {
  const options = readOptions(given);
  const { space, mode, cv, jobs, shard, engine, training, signal, onProgress } = options;
  const { seed, validation } = training;
  checkActivations(space, engine);
  const candidates = candidatesOf(space, mode, options.trials, seed);
  const rows = await readTuningRows(table, {
    ...training,
    most: options.rows,
    onRead: (phase, count) => onProgress?.({ phase: phase as 'scan', rows: count, done: 0, total: 0 }),
  });
  const { schema, sha256 } = rows;
  const metric = metricOf(schema.task, options.metric);
  const settings = Object.fromEntries(SETTINGS.map((name) => [name, training[name]])) as Settings;
  const folds = foldsOf(rows.y, schema.task === 'classify', { cv, validation, seed });
  const search: Search = {
    data: {
      ...{ target: schema.target.name, allRows: rows.allRows, rows: rows.rows, inputs: rows.inputs },
      ...(options.rows !== undefined && { sample: options.rows }),
      sha256,
    },
    settings,
    ...{ space, mode, trials: candidates.length, metric, cv, version },
    contractVersion: engine.info().contractVersion,
  };
  const kept =
    options.journal === undefined
      ? undefined
      : await openJournal(options.journal, shard, search, candidates, options.about);
  try {
    const trials = new Map(kept?.trials);
    const own = candidates.map((_, i) => i).filter((i) => isOfShard(i, shard));
    const left = own.filter((i) => !trials.has(i + 1));
    const from = performance.now();
    let best = ranked([...trials.values()], metric)[0];
    const tell = (running?: TuningProgress['running']) => {
      const done = trials.size;
      const here = done - (own.length - left.length);
      const eta = here > 0 ? ((performance.now() - from) / 1000 / here) * (own.length - done) : undefined;
      onProgress?.({ phase: 'trials', rows: rows.rows, done, total: own.length, best, running, etaSeconds: eta });
    };
    tell();
    await inPool(left, Math.min(jobs, left.length), signal, async (i, stop) => {
      const trial = await runTrial(i + 1, rows, folds, candidates[i], {
        ...{ settings, engine, signal: stop, background: jobs > 1 },
        onEpoch: (fold, epoch, epochs) => tell({ trial: i + 1, fold: fold + 1, epoch, epochs }),
      });
      await kept?.journal.add(trial);
      trials.set(i + 1, trial);
      best = ranked([...(best ? [trials.get(best.trial) as Trial] : []), trial], metric)[0];
      tell();
    });
    const all = [...trials.values()].sort((a, b) => a.trial - b.trial);
    return { search, results: ranked(all, metric), trials: all, about: options.about };
  } finally {
    await kept?.journal.close();
  }
}
