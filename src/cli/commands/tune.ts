// bitgrad tune: many trainings, ranked by what rows say that they have not seen.

import { availableParallelism } from 'node:os';
import { createEngine, type Engine, ValueError } from '../../index.js';
import { checkSearched, mergeTuning, type Tuning, tuneTable } from '../../tables/index.js';
import { type Command, type CommandContext, UsageError } from '../command.js';
import { openWithTarget } from '../data-options.js';
import { checkWritable } from '../files.js';
import { trainBest } from '../tuning/best.js';
import { checkTogether, TUNE_OPTIONS, type TuneOptions } from '../tuning/options.js';
import { spaceFrom } from '../tuning/space-flags.js';
import { tell } from '../tuning/tell.js';
import { progressText } from '../tuning/text.js';
import { dataWords } from '../tuning/words.js';
import { trainingOptions } from './train.js';

type Given = Readonly<Record<string, unknown>>;

/** They are the space's, where trainings have one value each. */
const VARYING = ['hidden', 'activation', 'solver', 'learningRate', 'l2', 'batchSize', 'epochs'].map(
  (name) => [name, undefined] as const,
);

/** Names of the package's options as they are typed: `"space": "learningRate"` is --learning-rate, `"cv"` is --cv. */
function asTyped(error: unknown): unknown {
  if (!(error instanceof ValueError)) return error;
  const typed = error.message.replace(/^(?:"space": )?"(\w+)"/, (_, name: string) => {
    return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  });
  return new UsageError(typed);
}

/** The words by which the data were named, where a journal has them. */
const wordsIn = (about: unknown): readonly string[] => {
  const { words } = (about ?? {}) as { words?: unknown };
  return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : ['DATA'];
};

async function merge(path: string | undefined, options: TuneOptions, context: CommandContext): Promise<number> {
  const tuning = await mergeTuning(options.merge as string);
  const { search } = tuning;
  if (path === undefined) {
    await tell(tuning, wordsIn(tuning.about), options, context);
    return 0;
  }
  const { signal } = context;
  const { table, target } = await openWithTarget(path, options.target, options, signal);
  const engine = createEngine({ threads: 'auto' });
  try {
    const named = { ...(target !== '' && { target }), memoryBytes: options.memory * 2 ** 20 };
    const live = context.out.live();
    const onRead = (phase: string, rows: number) => live.update(undefined, `${phase}: ${rows} rows`);
    await checkSearched(table, search, { ...named, signal, onRead });
    live.end();
    const words = dataWords(path, options as unknown as Given);
    await tell(tuning, words, options, context, (command) =>
      trainBest(table, search, tuning.results[0], options.model as string, { ...named, engine, command }, context),
    );
  } finally {
    engine.dispose();
  }
  return 0;
}

async function search(path: string, given: Given, engine: Engine, context: CommandContext): Promise<number> {
  const options = given as unknown as TuneOptions;
  const { out, signal } = context;
  const space = await spaceFrom(given);
  const { table, target } = await openWithTarget(path, options.target, options, signal);
  const { memoryBytes, ...training } = trainingOptions({ ...given, ...Object.fromEntries(VARYING) });
  const named = { ...(target !== '' && { target }), memoryBytes };
  const words = dataWords(path, given);
  const live = out.live();
  let tuning: Tuning;
  try {
    tuning = await tuneTable(table, {
      ...{ ...training, ...named, engine, signal, space },
      ...{ trials: options.trials, metric: options.metric, cv: options.cv, rows: options.rows },
      mode: options.grid ? 'grid' : 'random',
      jobs: options.jobs === 'auto' ? availableParallelism() : options.jobs,
      ...{ journal: options.journal, shard: options.shard, about: { words } },
      onProgress: (progress) =>
        live.update(
          progress.phase === 'trials' ? progress.done / Math.max(1, progress.total) : undefined,
          progressText(progress, options.metric ?? 'score'),
        ),
    });
  } catch (error) {
    live.end();
    if (signal.aborted) {
      const kept = options.journal;
      out.note(
        kept === undefined
          ? 'stopped: --journal DIR would keep what was done'
          : `stopped: what was done is in ${kept}, and the same command goes on from there`,
      );
    }
    throw error;
  }
  live.end();
  const train =
    options.model === undefined
      ? undefined
      : (command: string) =>
          trainBest(
            table,
            tuning.search,
            tuning.results[0],
            options.model as string,
            { ...named, engine, command },
            context,
          );
  await tell(tuning, words, options, context, train);
  return 0;
}

export const command: Command = {
  arguments: [['[data]', 'a file of rows, compressed or not; - is standard input']],
  options: TUNE_OPTIONS,
  examples: [
    ['bitgrad tune iris.csv --target species', '50 trials of layers, activations, rates and penalties'],
    [
      'bitgrad tune iris.csv --target species --hidden 16:32:64,32 --learning-rate 1e-4..1e-1 --trials 30 --model best.safetensors',
      'what varies is said, the best is trained and saved',
    ],
    [
      'bitgrad tune houses.parquet --target price --grid --l2 0,1e-4 --activation relu,tanh --metric meanAbsoluteError --out table.csv',
      'all four combinations',
    ],
    [
      'bitgrad tune iris.csv --target species --shard 3/16 --journal runs',
      'the third of 16 machines; killed, the same command goes on',
    ],
    ['bitgrad tune --merge runs --out table.csv', 'the table of all 16, the same bytes as of one machine'],
  ],
  async run([path], given, context) {
    checkTogether(path, given);
    const options = given as unknown as TuneOptions;
    for (const path of [options.out, options.model]) if (path !== undefined) await checkWritable(path);
    try {
      if (options.merge !== undefined) return await merge(path, options, context);
      // Jobs are in workers; one alone has all cores.
      const engine = createEngine({ threads: options.jobs === 1 ? 'auto' : 1 });
      try {
        return await search(path, given, engine, context);
      } finally {
        engine.dispose();
      }
    } catch (error) {
      throw asTyped(error);
    }
  },
};
