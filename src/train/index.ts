// bitgrad/train: optimizers, schedules and the training loop.

export { FileFormatError, FileLockedError } from '../files/errors.js';
export type { BlockSource, TrainingData } from './blocks.js';
export type { CheckpointOptions } from './checkpoint.js';
export { WorkerError } from './failures.js';
export type { BatchReport, Curves, EpochReport, History, Ran, StopReason } from './history.js';
export type { MetricName } from './metrics.js';
export type { OptimizerName, OptimizerOptions } from './optimizers.js';
export type { AbortSignalLike, Callbacks, EarlyStopping, FitOptions, TrainingSet } from './options.js';
export type { RateFunction, Schedule, ScheduleName, ScheduleOptions } from './schedules.js';
export { Training, train } from './training.js';
