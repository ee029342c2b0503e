// The options of a training, read and checked once into a plan of plain data, which can be sent to a worker.

import { checkOptions, describe, ValueError } from '../errors.js';
import { checkName, type Plan } from '../network/options.js';
import { checkPenalties, type Penalties } from '../network/penalties.js';
import type { MatrixInput, VectorInput } from '../operand.js';
import type { CheckpointOptions } from './checkpoint.js';
import type { BatchReport, EpochReport } from './history.js';
import { METRIC_NAMES, type MetricName } from './metrics.js';
import { checkFlag, checkInteger, checkNumber } from './numbers.js';
import { type OptimizerName, type OptimizerOptions, type OptimizerPlan, readOptimizer } from './optimizers.js';
import { readSchedule, type Schedule, type SchedulePlan } from './schedules.js';

export interface EarlyStopping {
  /** The curve that is watched: default validationLoss if there is a validation set, else loss. */
  monitor?: string;
  /** Stops after so many epochs in a row without improvement; default 10. */
  patience?: number;
  /** Improvement is at least so much; default 1e-4. */
  minDelta?: number;
  /** Whether the best epoch's parameters are put back at the end; default true. */
  restoreBest?: boolean;
}

export interface Callbacks {
  /** After each epoch. The network then has that epoch's parameters. Returning false stops. */
  onEpoch?: (report: EpochReport) => unknown;
  /** After each batch. Returning false stops. */
  onBatch?: (report: BatchReport) => unknown;
}

/** What is used of an `AbortSignal`, whose type not every program's library knows. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface FitOptions extends Penalties, Callbacks {
  /** Passes over the data; default 100. */
  epochs?: number;
  /** Rows in a batch; default 200, or all if there are fewer. lbfgs takes all. */
  batchSize?: number;
  /** Default `'adam'`. */
  optimizer?: OptimizerName | OptimizerOptions;
  /** Default `'constant'`. */
  schedule?: Schedule;
  /** Whether the rows' order is drawn anew for each epoch; default true. */
  shuffle?: boolean;
  /** Of shuffling and of the validation split; default: the network's. */
  seed?: number;
  sampleWeight?: VectorInput | MatrixInput;
  /** A weight for each class, or `'balanced'`: rows / (classes * rows of the class). */
  classWeight?: 'balanced' | readonly number[];
  /** The part of the rows that is held out, above 0 and below 1; of each class alike if the targets are classes. */
  validationSplit?: number;
  /** A given validation set instead. */
  validationData?: TrainingSet;
  earlyStopping?: boolean | EarlyStopping;
  /** The largest Euclidean norm of all gradients together. */
  clipNorm?: number;
  /** The largest size of a single gradient. */
  clipValue?: number;
  /** Measured after each epoch over all rows (not with data in blocks), and over the validation set. */
  metrics?: readonly MetricName[];
  callbacks?: readonly Callbacks[];
  /** Stops within one batch: the promise rejects with the signal's reason, the network keeps the last finished epoch. */
  signal?: AbortSignalLike;
  /** Whether to train in a worker: the same bits. Default true where there are workers. */
  background?: boolean;
  /** Where to keep the training, so that it can be resumed. */
  checkpoint?: CheckpointOptions;
}

export interface TrainingSet {
  X: MatrixInput;
  /** As `gradients` takes them. */
  y: MatrixInput | ArrayLike<number>;
  sampleWeight?: VectorInput | MatrixInput;
}

/** When to stop. */
export interface PlateauPlan {
  readonly monitor: string;
  readonly patience: number;
  readonly minDelta: number;
  readonly restoreBest: boolean;
  /** Whether a plateau stops; adaptive rates watch for one without. */
  readonly stops: boolean;
}

export interface FitPlan {
  readonly epochs: number;
  readonly batchSize: number | undefined;
  readonly optimizer: OptimizerPlan;
  readonly schedule: SchedulePlan;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly penalties: Penalties;
  readonly validationSplit: number;
  readonly plateau: PlateauPlan | undefined;
  readonly clipNorm: number;
  readonly clipValue: number;
  readonly metrics: readonly MetricName[];
}

const KNOWN = [
  'epochs',
  'batchSize',
  'optimizer',
  'schedule',
  'shuffle',
  'seed',
  'sampleWeight',
  'classWeight',
  'validationSplit',
  'validationData',
  'earlyStopping',
  'clipNorm',
  'clipValue',
  'metrics',
  'callbacks',
  'onEpoch',
  'onBatch',
  'signal',
  'background',
  'checkpoint',
  'l2',
  'l1',
  'penalty',
];

export const validationName = (curve: string): string => `validation${curve[0].toUpperCase()}${curve.slice(1)}`;

function readPlateau(
  options: FitOptions,
  validated: boolean,
  inBlocks: boolean,
  schedule: SchedulePlan,
): PlateauPlan | undefined {
  const { earlyStopping = false, metrics = [] } = options;
  const adaptive = schedule.name === 'adaptive';
  if (!earlyStopping && !adaptive) return undefined;
  const given = typeof earlyStopping === 'boolean' ? {} : earlyStopping;
  checkOptions(given, ['monitor', 'patience', 'minDelta', 'restoreBest'], 'earlyStopping');
  const own = inBlocks ? ['loss'] : ['loss', ...metrics];
  const known = validated ? [...own, ...['loss', ...metrics].map(validationName)] : own;
  if (!validated && /^validation/.test(given.monitor ?? '')) {
    throw new ValueError(`"earlyStopping.monitor" ${given.monitor} needs "validationSplit" or "validationData"`);
  }
  return {
    monitor: checkName(given.monitor ?? (validated ? 'validationLoss' : 'loss'), known, 'earlyStopping.monitor'),
    patience: checkInteger(given.patience ?? 10, 'earlyStopping.patience', 1),
    minDelta: checkNumber(given.minDelta ?? 1e-4, 'earlyStopping.minDelta', 0),
    restoreBest: checkFlag(given.restoreBest ?? Boolean(earlyStopping), 'earlyStopping.restoreBest'),
    stops: Boolean(earlyStopping),
  };
}

/** What is asked for under a name of another library. */
const ELSEWHERE: Record<string, string> = {
  learningRate: "is an option of the optimizer: optimizer: { name: 'adam', learningRate: 0.01 }",
  verbose: 'is not known: onEpoch is told every epoch',
};

function checkMetrics(metrics: readonly MetricName[], { lossName }: Plan): void {
  if (!Array.isArray(metrics)) throw new ValueError(`"metrics" must be an array, got ${describe(metrics)}`);
  for (const metric of metrics) checkName(metric, METRIC_NAMES, 'metrics');
  if (!metrics.includes('accuracy') || /crossEntropy/i.test(lossName)) return;
  throw new ValueError(`"metrics" accuracy needs classes: crossEntropy or binaryCrossEntropy, not ${lossName}`);
}

/**
 * @param inBlocks whether rows come in blocks
 * @throws {ValueError} naming the option
 */
export function readFitOptions(options: FitOptions, network: Plan, inBlocks = false): FitPlan {
  for (const [name, text] of Object.entries(ELSEWHERE)) {
    if (Object.hasOwn(Object(options), name)) throw new ValueError(`fit: "${name}" ${text}`);
  }
  checkOptions(options, KNOWN, 'fit');
  checkPenalties(options);
  const { callbacks = [], metrics = [], validationSplit, signal } = options;
  const epochs = checkInteger(options.epochs ?? 100, 'epochs', 1);
  checkMetrics(metrics, network);
  if (inBlocks && metrics.length > 0 && !options.validationData) {
    throw new ValueError('"metrics" of data in blocks are measured on "validationData" alone: give some');
  }
  if (!Array.isArray(callbacks)) throw new ValueError(`"callbacks" must be an array, got ${describe(callbacks)}`);
  for (const each of [{ onEpoch: options.onEpoch, onBatch: options.onBatch }, ...callbacks]) {
    checkOptions(each, ['onEpoch', 'onBatch'], 'callbacks');
    for (const [name, callback] of Object.entries(each)) {
      if (callback === undefined || typeof callback === 'function') continue;
      throw new ValueError(`"${name}" must be a function, got ${describe(callback)}`);
    }
  }
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw new ValueError(`"signal" must be an AbortSignal, got ${describe(signal)}`);
  }
  if (validationSplit !== undefined) {
    checkNumber(validationSplit, 'validationSplit', 0, 1, true);
    if (options.validationData) throw new ValueError('"validationSplit" and "validationData" exclude each other');
  }
  if (options.background !== undefined) checkFlag(options.background, 'background');
  const optimizer = readOptimizer(options.optimizer ?? 'adam');
  if (optimizer.name === 'lbfgs' && options.batchSize !== undefined) {
    throw new ValueError('"batchSize" is of no use with lbfgs, which takes all rows at once');
  }
  const schedule = readSchedule(options.schedule ?? 'constant', epochs);
  const validated = validationSplit !== undefined || options.validationData !== undefined;
  const { l2 = 0, l1 = 0, penalty = 'plain' } = options;
  const limit = (value: number | undefined, name: string) =>
    value === undefined ? 0 : checkNumber(value, name, 0, Infinity, true);
  return {
    epochs,
    batchSize: options.batchSize === undefined ? undefined : checkInteger(options.batchSize, 'batchSize', 1),
    optimizer,
    schedule,
    shuffle: checkFlag(options.shuffle ?? true, 'shuffle'),
    seed: options.seed ?? network.seed,
    penalties: { ...(l2 && { l2 }), ...(l1 && { l1 }), ...((l2 || l1) && { penalty }) },
    validationSplit: validationSplit ?? 0,
    plateau: readPlateau(options, validated, inBlocks, schedule),
    clipNorm: limit(options.clipNorm, 'clipNorm'),
    clipValue: limit(options.clipValue, 'clipValue'),
    metrics,
  };
}
