// The options of a training, read and checked once into a plan of plain data, which can be sent to a worker.

import { describe, suggest } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { own, readOptions } from '../checks/read-options.js';
import {
  checkFlag,
  checkFunction,
  checkInteger,
  checkName,
  checkNumber,
  checkPositive,
  checkSeed,
  refuseValue,
} from '../checks/values.js';
import type { ClassWeight } from '../data/class-weights.js';
import type { Where } from '../files/place.js';
import { readWhere } from '../files/places.js';
import { type AbortSignalLike, checkSignal } from '../host/abort-signal.js';
import type { FileHandleLike } from '../host/handles.js';
import type { WorkerLike } from '../host/mailbox.js';
import type { MatrixInput, RowsInput, VectorInput } from '../matrix/operand.js';
import { checkPenalties, type Penalties } from '../network/penalties.js';
import type { Plan } from '../network/plan.js';
import { type AveragingName, type AveragingOptions, type AveragingPlan, readAveraging } from './loop/averaging.js';
import type { BatchReport, EpochReport } from './loop/history.js';
import { METRIC_NAMES, type MetricName } from './loop/metrics.js';
import { readSchedule, type Schedule, type SchedulePlan } from './loop/schedules.js';
import {
  kindOf,
  type OptimizerName,
  type OptimizerOptions,
  type OptimizerPlan,
  readOptimizer,
} from './optimizers/optimizers.js';

/** When training ends before its last epoch. */
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

/** What is called while a training runs. */
export interface Callbacks {
  /** After each epoch. The network then has that epoch's parameters. Returning false stops. */
  onEpoch?: (report: EpochReport) => unknown;
  /** After each batch. Returning false stops. */
  onBatch?: (report: BatchReport) => unknown;
}

/** Where a training is kept, so that it can go on. */
export interface CheckpointOptions {
  /** The file; it is replaced as a whole. In a browser a FileSystemFileHandle. */
  path: string | FileHandleLike;
  /** Default 1. */
  everyEpochs?: number;
  /** How many are kept: 1 (default), or 2, the one before under the same name and `.1`. */
  keep?: number;
  /** Whether to go on where the file left off, if there is one; default false. */
  resume?: boolean;
}

/** The options, checked; a path is absolute. */
export interface CheckpointTarget {
  readonly path: Where;
  readonly everyEpochs: number;
  readonly keep: 1 | 2;
  readonly resume: boolean;
}

/** Where checkpoints go, and that they may: plain data, which can be sent to a worker. */
export interface CheckpointPlan extends CheckpointTarget {
  /** Shows that the lock is this training's. */
  readonly lock: string;
}

/**
 * Options of a training.
 *
 * @typeParam Metric the metrics that are asked for
 */
export interface FitOptions<Metric extends MetricName = MetricName> extends Penalties, Callbacks {
  /** Passes over the data; default 100. */
  epochs?: number;
  /** Rows in a batch; default 200, or all if there are fewer. Not of an optimizer that takes all rows at once. */
  batchSize?: number;
  /** Default `'adam'`. */
  optimizer?: OptimizerName | OptimizerOptions;
  /** Default `'constant'`. */
  schedule?: Schedule;
  /** Whether the rows' order is drawn anew for each epoch; default true. */
  shuffle?: boolean;
  /** Of shuffling and of the validation split; default: the network's. */
  seed?: number;
  /** One weight a row, 0 or more unless `signedWeights`; default 1 each. */
  sampleWeight?: VectorInput | MatrixInput;
  /** Whether weights of rows may be below 0, which needs a network of reduction 'sum'; default false. */
  signedWeights?: boolean;
  /** A weight for each class, as an array or by its number (1 where none is given); or `'balanced'`: rows / (classes * rows of the class). */
  classWeight?: ClassWeight | readonly number[];
  /** The part of the rows that is held out, above 0 and below 1; of each class alike if the targets are classes. */
  validationSplit?: number;
  /** A given validation set instead. */
  validationData?: TrainingSet;
  /** Whether to stop once nothing improves, and when that is; default false. */
  earlyStopping?: boolean | EarlyStopping;
  /** The largest Euclidean norm of all gradients together. */
  clipNorm?: number;
  /** The largest size of a single gradient. */
  clipValue?: number;
  /** Averages of the parameters that are kept beside them. */
  averaging?: AveragingName | AveragingOptions;
  /** Measured after each epoch over all rows (not with data in blocks), and over the validation set. */
  metrics?: readonly Metric[];
  /** More of such callbacks, called in their order. */
  callbacks?: readonly Callbacks[];
  /** Stops at once: the promise rejects with the signal's reason, the network keeps the last finished epoch. */
  signal?: AbortSignalLike;
  /** Whether to train in a worker: the same bits. Default: where that pays, by rows x epochs x parameters. */
  background?: boolean;
  /**
   * Starts the worker, of `bitgrad/worker`, where this package cannot know how: `() => new Worker(address, { type: 'module' })`,
   * of the web or of Node. A worker is kept for the next training with the same function.
   */
  createWorker?: () => WorkerLike;
  /** Where to keep the training, so that it can be resumed. */
  checkpoint?: CheckpointOptions;
}

/** Rows with targets. */
export interface TrainingSet {
  /** Rows x inputs. */
  X: RowsInput;
  /** As `gradients` takes them. */
  y: MatrixInput | ArrayLike<number>;
  /** One weight a row; default 1 each. */
  sampleWeight?: VectorInput | MatrixInput;
}

/** What options with a validation set have. */
export type Validated = Required<Pick<FitOptions, 'validationSplit'>> | Required<Pick<FitOptions, 'validationData'>>;

/** When a curve gets nowhere. */
export interface Watch {
  readonly monitor: string;
  readonly patience: number;
  readonly minDelta: number;
}

/** When to stop. */
export interface PlateauPlan extends Watch {
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
  /** When a schedule cuts the rate that watches a curve of its own. */
  readonly cutting: Watch | undefined;
  readonly averaging: AveragingPlan | undefined;
  readonly clipNorm: number;
  readonly clipValue: number;
  readonly metrics: readonly MetricName[];
  /** What the data are weighed and judged by, so that another training is known by it. */
  readonly validated: boolean;
  readonly weighted: boolean;
  readonly classWeight: 'balanced' | readonly number[] | undefined;
  /** Left out if they are not: then a training is known by what it always was. */
  readonly signedWeights?: true;
}

const FIT_OPTIONS = [
  'epochs',
  'batchSize',
  'optimizer',
  'schedule',
  'shuffle',
  'seed',
  'sampleWeight',
  'signedWeights',
  'classWeight',
  'validationSplit',
  'validationData',
  'earlyStopping',
  'averaging',
  'clipNorm',
  'clipValue',
  'metrics',
  'callbacks',
  'onEpoch',
  'onBatch',
  'signal',
  'background',
  'createWorker',
  'checkpoint',
  'l2',
  'l1',
  'penalty',
];

export const validationName = (curve: string): string => `validation${curve[0].toUpperCase()}${curve.slice(1)}`;

const EARLY_STOPPING_OPTIONS = ['monitor', 'patience', 'minDelta', 'restoreBest'];

/** `val_loss` and the like, as Keras has them, in our words. */
const curveName = (name: string): string => name.replace(/^val(?=[A-Z_])_?(.)/, (_, first) => validationName(first));

function readMonitor(monitor: unknown, name: string, known: readonly string[], validated: boolean): string {
  const wanted = typeof monitor === 'string' ? curveName(monitor) : '';
  if (!validated && /^validation/.test(wanted)) {
    throw new ValueError(`"${name}" ${describe(monitor)} needs "validationSplit" or "validationData"`);
  }
  const hint = suggest(wanted, known).trimEnd();
  return checkName(monitor, known, name, hint && `; ${hint}`);
}

/** How the name of a curve to watch is read. @param name of the option */
function monitorOf(options: FitOptions, metrics: readonly MetricName[], inBlocks: boolean) {
  const validated = options.validationSplit !== undefined || options.validationData !== undefined;
  const own = inBlocks ? ['loss'] : ['loss', ...metrics];
  const known = validated ? [...own, ...['loss', ...metrics].map(validationName)] : own;
  return (monitor: unknown, name: string) =>
    readMonitor(monitor ?? (validated ? 'validationLoss' : 'loss'), name, known, validated);
}

function readPlateau(
  { earlyStopping = false }: FitOptions,
  schedule: SchedulePlan,
  monitor: ReturnType<typeof monitorOf>,
): PlateauPlan | undefined {
  const adaptive = schedule.name === 'adaptive';
  if (!earlyStopping && !adaptive) return undefined;
  const given = readOptions(
    typeof earlyStopping === 'boolean' ? {} : earlyStopping,
    EARLY_STOPPING_OPTIONS,
    'earlyStopping',
  );
  return {
    monitor: monitor(given.monitor, 'earlyStopping.monitor'),
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

const CALLBACKS = ['onEpoch', 'onBatch'] as const;

/** An object's callbacks: fields of its own, or methods of its class. */
function readCallbacks(given: Callbacks): Callbacks {
  const read = readOptions(given, CALLBACKS, 'callbacks');
  for (const name of CALLBACKS) {
    const method = read[name] ?? given[name];
    if (method === undefined || (read[name] === undefined && method === Object.prototype[name as never])) continue;
    checkFunction(method, name);
    if (read[name] === undefined) read[name] = method.bind(given) as never;
  }
  return read;
}

/** The options and all callbacks among them, each read once: the rest of the reading asks no object of the caller again. */
export interface OwnOptions {
  readonly options: FitOptions;
  readonly callbacks: readonly Callbacks[];
}

/** @throws {ValueError} naming the option */
export function readOwnOptions(given: FitOptions): OwnOptions {
  for (const [name, text] of Object.entries(ELSEWHERE)) {
    if (Object.hasOwn(Object(given), name)) throw new ValueError(`fit: "${name}" ${text}`);
  }
  const options = readOptions(given, FIT_OPTIONS, 'fit');
  const { onEpoch, onBatch, callbacks = [], metrics } = options;
  if (!Array.isArray(callbacks)) return refuseValue('callbacks', 'an array', callbacks);
  if (Array.isArray(metrics)) options.metrics = Array.from(metrics);
  if (Array.isArray(options.classWeight)) options.classWeight = Array.from(options.classWeight);
  return { options, callbacks: [{ onEpoch, onBatch }, ...Array.from(callbacks)].map(readCallbacks) };
}

function checkMetrics(metrics: readonly MetricName[], { loss, outputs }: Plan): void {
  if (!Array.isArray(metrics)) refuseValue('metrics', 'an array', metrics);
  for (const metric of metrics) checkName(metric, METRIC_NAMES, 'metrics');
  if (metrics.length > 0 && loss.targets !== outputs) {
    throw new ValueError(
      `"metrics" compare outputs with targets one by one: ${loss.name} has ${outputs} for one target`,
    );
  }
  if (!metrics.includes('accuracy') || loss.classes) return;
  throw new ValueError(`"metrics" accuracy needs classes: crossEntropy or binaryCrossEntropy, not ${loss.name}`);
}

/** @throws {ValueError} naming what does not go with it */
function readSigned({ signedWeights = false, metrics = [] }: FitOptions, { reduction }: Plan): boolean {
  if (!checkFlag(signedWeights, 'signedWeights')) return false;
  if (reduction !== 'sum') {
    throw new ValueError('"signedWeights" needs reduction: \'sum\': a mean is divided by the sum of the weights');
  }
  if (metrics.length > 0) throw new ValueError('"metrics" do not go with "signedWeights": they are means by weight');
  return true;
}

/**
 * @param options as readOwnOptions has read them, classWeight as readClassWeight has
 * @param inBlocks whether rows come in blocks
 * @throws {ValueError} naming the option
 */
export function readFitOptions(options: FitOptions, network: Plan, inBlocks = false): FitPlan {
  checkPenalties(options);
  const { metrics = [], validationSplit, signal } = options;
  const epochs = checkInteger(options.epochs ?? 100, 'epochs', 1);
  checkMetrics(metrics, network);
  if (inBlocks && metrics.length > 0 && !options.validationData) {
    throw new ValueError('"metrics" of data in blocks are measured on "validationData" alone: give some');
  }
  checkSignal(signal);
  if (validationSplit !== undefined) {
    checkNumber(validationSplit, 'validationSplit', 0, 1, true);
    if (options.validationData) throw new ValueError('"validationSplit" and "validationData" exclude each other');
  }
  if (options.background !== undefined) checkFlag(options.background, 'background');
  checkFunction(options.createWorker, 'createWorker');
  const optimizer = readOptimizer(options.optimizer ?? 'adam');
  if (kindOf(optimizer).whole && options.batchSize !== undefined) {
    throw new ValueError(`"batchSize" is of no use with ${optimizer.name}, which takes all rows at once`);
  }
  const differing = kindOf(optimizer).whole ? network.layers.findIndex((each) => own(each, 'differs')) : -1;
  if (differing >= 0) {
    const { kind } = network.layers[differing].options;
    throw new ValueError(
      `"optimizer" ${optimizer.name} needs one and the same loss at every look: it does not go with layers[${differing}], ${kind}`,
    );
  }
  const schedule = readSchedule(options.schedule ?? 'constant', epochs);
  const monitor = monitorOf(options, metrics, inBlocks);
  const { l2 = 0, l1 = 0, penalty = 'plain' } = options;
  const limit = (value: number | undefined, name: string) => (value === undefined ? 0 : checkPositive(value, name));
  return {
    epochs,
    batchSize: options.batchSize === undefined ? undefined : checkInteger(options.batchSize, 'batchSize', 1),
    optimizer,
    schedule,
    shuffle: checkFlag(options.shuffle ?? true, 'shuffle'),
    seed: checkSeed(options.seed ?? network.seed, 'seed'),
    penalties: { l2, l1, penalty },
    validationSplit: validationSplit ?? 0,
    plateau: readPlateau(options, schedule, monitor),
    cutting:
      'monitor' in schedule && Object.hasOwn(schedule, 'monitor')
        ? {
            monitor: monitor(schedule.monitor || undefined, 'schedule.monitor'),
            patience: schedule.patience,
            minDelta: schedule.minDelta,
          }
        : undefined,
    averaging: readAveraging(options.averaging),
    clipNorm: limit(options.clipNorm, 'clipNorm'),
    clipValue: limit(options.clipValue, 'clipValue'),
    metrics,
    validated: validationSplit !== undefined || options.validationData !== undefined,
    weighted: options.sampleWeight !== undefined,
    classWeight: options.classWeight as FitPlan['classWeight'],
    ...(readSigned(options, network) && { signedWeights: true }),
  };
}

const CHECKPOINT_OPTIONS = ['path', 'everyEpochs', 'keep', 'resume'];

/** The options, and where a relative path leads at this moment. @throws {ValueError} naming the option */
export function readCheckpointOptions(options: CheckpointOptions | undefined): CheckpointTarget | undefined {
  if (options === undefined) return undefined;
  const { path, everyEpochs = 1, keep = 1, resume = false } = readOptions(options, CHECKPOINT_OPTIONS, 'checkpoint');
  if (keep !== 1 && keep !== 2) return refuseValue('checkpoint.keep', '1 or 2', keep);
  return {
    path: readWhere(path, 'checkpoint.path'),
    everyEpochs: checkInteger(everyEpochs, 'checkpoint.everyEpochs', 1),
    keep,
    resume: checkFlag(resume, 'checkpoint.resume'),
  };
}
