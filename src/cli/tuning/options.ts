// Options of `bitgrad tune`, and what goes with what.

import { METRICS, TUNING_DEFAULTS } from '../../tables/index.js';
import { type CommandOption, UsageError } from '../command.js';
import { TRAINING_OPTIONS } from '../commands/train.js';
import { DATA_OPTIONS, type DataOptions } from '../data-options.js';
import { file, integer, wordOr } from '../options.js';
import { SPACE_OPTIONS } from './space-flags.js';
import { keyOf } from './words.js';

export interface TuneOptions extends DataOptions {
  readonly target?: string;
  readonly grid?: boolean;
  readonly trials?: number;
  readonly metric?: string;
  readonly cv?: number;
  readonly rows?: number;
  readonly jobs: 'auto' | number;
  readonly memory: number;
  readonly journal?: string;
  readonly shard?: readonly [number: number, of: number];
  readonly merge?: string;
  readonly out?: string;
  readonly model?: string;
  readonly top: number;
  readonly timings?: boolean;
}

/** `3/16`: part 3 of 16. */
function shard(text: string): [number, number] {
  const [k, n] = /^(\d{1,6})\/(\d{1,6})$/.exec(text.trim())?.slice(1).map(Number) ?? [];
  if (k === undefined || k < 1 || k > n)
    throw new UsageError(`must be a part and how many there are, 1/16 to 16/16, got "${text}"`);
  return [k, n];
}

const SEARCH: readonly CommandOption[] = [
  {
    flags: '--trials <n>',
    what: `how many are drawn (default: ${TUNING_DEFAULTS.trials})`,
    read: integer({ min: 1, max: 1e5 }),
  },
  { flags: '--grid', what: 'all combinations instead' },
  {
    flags: '--space <file>',
    what: 'what varies, as JSON: {"hidden": [[32], [64, 32]], "l2": {"logUniform": [1e-6, 1e-2]}}',
    read: file,
  },
  { flags: '--metric <name>', what: 'what they are ranked by (default: accuracy, of numbers r2)', choices: METRICS },
  {
    flags: '--cv <n>',
    what: `folds; 1: a fifth of the rows is held out (default: ${TUNING_DEFAULTS.cv})`,
    read: integer({ min: 1, max: 1000 }),
  },
  { flags: '--rows <n>', what: 'search with so many, drawn at random', read: integer({ min: 2 }) },
];

const DIVIDED: readonly CommandOption[] = [
  { flags: '--journal <folder>', what: 'keeps each trial as it ends; the same command goes on from there', read: file },
  { flags: '--shard <k/n>', what: 'does part k of n, with --journal', read: shard },
  { flags: '--merge <folder>', what: 'puts the parts together', read: file },
];

const RUNNING: readonly CommandOption[] = [
  {
    flags: '-j, --jobs <n>',
    what: 'trials at once',
    default: 'auto',
    read: wordOr(['auto'], integer({ min: 1, max: 1024 })),
  },
  { flags: '-o, --out <file>', what: 'the whole table, as CSV', read: file },
  { flags: '--model <file>', what: 'trains the best on all rows, and saves it', read: file },
  { flags: '--top <n>', what: 'lines of the table that is printed', default: 10, read: integer({ min: 1 }) },
  { flags: '--timings', what: 'with the seconds of each trial: other ones in each run' },
];

/** Those of a training that do not vary. */
const NAMES = ['target', 'task', 'validation', 'patience', 'scale', 'missing', 'drop', 'categorical', 'maxCategories'];
const FIXED = TRAINING_OPTIONS.filter((option) => [...NAMES, 'dtype', 'seed', 'memory'].includes(keyOf(option)));

export const TUNE_OPTIONS: readonly CommandOption[] = [
  ...FIXED.filter((option) => keyOf(option) === 'target'),
  ...SEARCH,
  ...SPACE_OPTIONS,
  ...RUNNING,
  ...DIVIDED,
  ...FIXED.filter((option) => keyOf(option) !== 'target'),
  ...DATA_OPTIONS,
];

/** What a search is made of stands in the journals. */
const OF_SEARCH = [
  ...SEARCH,
  ...SPACE_OPTIONS,
  ...FIXED.filter((option) => !['target', 'memory'].includes(keyOf(option))),
];

const isGiven = (option: CommandOption, given: Readonly<Record<string, unknown>>): boolean => {
  const value = given[keyOf(option)];
  return value !== undefined && JSON.stringify(value) !== JSON.stringify(option.default);
};

const nameOf = ({ flags }: CommandOption): string => /--[\w-]+/.exec(flags)?.[0] ?? flags;

/** @throws {UsageError} naming options that do not go together */
export function checkTogether(path: string | undefined, given: Readonly<Record<string, unknown>>): void {
  const { grid, trials, shard: part, journal, merge, out, model } = given as unknown as TuneOptions;
  if (merge !== undefined) {
    const own = [...OF_SEARCH, ...DIVIDED.filter((option) => keyOf(option) !== 'merge')].filter((option) =>
      isGiven(option, given),
    );
    if (own.length > 0) {
      throw new UsageError(
        `${own.map(nameOf).join(', ')} cannot be given with --merge: the journals say what was searched`,
      );
    }
    if (model !== undefined && path === undefined) {
      throw new UsageError('--model needs the data: bitgrad tune DATA --target COL --merge DIR --model FILE');
    }
    if (model === undefined && path !== undefined)
      throw new UsageError('--merge needs data only to train the best: give --model, too');
    return;
  }
  if (path === undefined)
    throw new UsageError('expected a file of data, or --merge and the folder of a search in parts');
  if (grid && trials !== undefined) throw new UsageError('--trials cannot be given with --grid, which tries all');
  if (part && journal === undefined) throw new UsageError('--shard needs --journal, a folder for what it finds');
  if (part && part[1] > 1) {
    const early = out !== undefined ? '--out' : model !== undefined ? '--model' : undefined;
    if (early)
      throw new UsageError(
        `${early} cannot be given with --shard: one part knows not the best of all; give it to --merge`,
      );
  }
}
