// What a caller may say of a training, and what it is otherwise.

import { type ActivationName, type Engine, ValueError } from '../index.js';
import { type OptimizerName, optimizers } from '../train/index.js';
import { SCAN_DEFAULTS, type ScanOptions } from './scan.js';
import type { Schema } from './schema.js';

export interface TrainingProgress {
  /** What is being done: `scan` and `encode` read the file, `train` counts epochs. */
  readonly phase: 'scan' | 'encode' | 'train' | 'evaluate';
  readonly rows: number;
  readonly epoch?: number;
  readonly epochs?: number;
  readonly loss?: number;
  readonly validationLoss?: number;
  readonly rowsPerSecond?: number;
  readonly etaSeconds?: number;
}

export interface TableTrainingOptions extends Partial<Omit<ScanOptions, 'target' | 'onProgress'>> {
  /** The column to predict: its name, or its place from 0 (from the end, below 0). Sparse files have it by themselves. */
  target?: string;
  /** Units of each hidden layer; default 64, 32. */
  hidden?: readonly number[];
  /** Of the hidden layers; default relu. */
  activation?: ActivationName;
  /** Default adam. */
  solver?: OptimizerName;
  /** Default: the solver's own. */
  learningRate?: number;
  /** At most; default 100. */
  epochs?: number;
  /** Rows of a step; default: a power of two from 8 to 256, a 64th of the rows. Not of lbfgs, which takes all. */
  batchSize?: number;
  /** The part of the rows that is held out, of each class alike; 0 for none. Default 0.2, of at most 100,000 rows. */
  validation?: number;
  /** Epochs without improvement after which training ends and the best ones are taken; 0: never. Default 20. */
  patience?: number;
  /** Penalty of the weights' squares; default 0. */
  l2?: number;
  /** Default f32. */
  dtype?: 'f32' | 'f64';
  /** Where the network lives; default: the engine of `bitgrad`. */
  engine?: Engine;
  /** Of rows in memory; more go to files in the folder for temporary ones. Default 512 MiB. */
  memoryBytes?: number;
  /** A folder in which the training is kept, epoch by epoch. */
  checkpoint?: string;
  /** Whether to go on from there. */
  resume?: boolean;
  /** What is told as the command that repeats the run; default: none. */
  command?: string;
  /** Told once, when the table was read the first time. */
  onSchema?: (schema: Schema, rows: number) => void;
  onProgress?: (progress: TrainingProgress) => void;
}

export const TRAINING_DEFAULTS = {
  ...SCAN_DEFAULTS,
  target: '-1',
  hidden: [64, 32],
  activation: 'relu',
  solver: 'adam',
  epochs: 100,
  validation: 0.2,
  patience: 20,
  l2: 0,
  dtype: 'f32',
  memoryBytes: 512 * 2 ** 20,
  resume: false,
  command: '',
} as const satisfies TableTrainingOptions;

const OPTIONAL = ['learningRate', 'batchSize', 'engine', 'checkpoint', 'onSchema', 'onProgress', 'signal'] as const;

export type ReadTrainingOptions = Required<Omit<TableTrainingOptions, (typeof OPTIONAL)[number]>> &
  Pick<TableTrainingOptions, (typeof OPTIONAL)[number]>;

type Range = readonly [low: number, high: number, integer: boolean];

const RANGES: Readonly<Record<string, Range>> = {
  epochs: [1, 1e9, true],
  batchSize: [1, 2 ** 31 - 1, true],
  validation: [0, 0.9, false],
  patience: [0, 1e9, true],
  l2: [0, Number.MAX_VALUE, false],
  learningRate: [Number.MIN_VALUE, Number.MAX_VALUE, false],
  seed: [0, 2 ** 32 - 1, true],
  maxCategories: [2, 1000, true],
  memoryBytes: [0, Number.MAX_SAFE_INTEGER, true],
};

const CHOICES: Readonly<Record<string, readonly unknown[]>> = {
  task: ['auto', 'classify', 'regress'],
  missing: ['error', 'drop', 'mean', 'median'],
  scale: ['standard', 'minmax', 'robust', 'none'],
  dtype: ['f32', 'f64'],
  solver: optimizers,
};

/** @throws {ValueError} naming the option, what was wanted and what came */
export function readTrainingOptions(given: TableTrainingOptions): ReadTrainingOptions {
  const known = [...Object.keys(TRAINING_DEFAULTS), ...OPTIONAL];
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new ValueError(`unknown option ${JSON.stringify(unknown)}; known are ${known.join(', ')}`);
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options = { ...TRAINING_DEFAULTS, ...present } as ReadTrainingOptions;
  const values = options as unknown as Record<string, unknown>;
  const refuse = (name: string, wanted: string): never => {
    throw new ValueError(`"${name}" must be ${wanted}, got ${JSON.stringify(values[name])}`);
  };
  for (const [name, [low, high, integer]] of Object.entries(RANGES)) {
    const value = values[name];
    if (value === undefined) continue;
    const fits =
      typeof value === 'number' && value >= low && value <= high && (!integer || Number.isSafeInteger(value));
    if (!fits) refuse(name, `${integer ? 'an integer' : 'a number'} from ${low} to ${high}`);
  }
  for (const [name, choices] of Object.entries(CHOICES)) {
    if (!choices.includes(values[name])) refuse(name, `one of ${choices.join(', ')}`);
  }
  const units = options.hidden;
  if (!Array.isArray(units) || !units.every((each) => Number.isSafeInteger(each) && each > 0)) {
    refuse('hidden', 'an array of positive integers');
  }
  if (options.resume && options.checkpoint === undefined) {
    throw new ValueError('"resume" needs the folder "checkpoint" in which the training was kept');
  }
  return options;
}

/** Rows of a step if nobody says: enough steps for few rows, few steps for many. */
export const batchOf = (rows: number): number => 2 ** Math.min(8, Math.max(3, Math.floor(Math.log2(rows / 64))));
