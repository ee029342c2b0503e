// bitgrad/train: optimizers, schedules and the training loop.

export { FileFormatError, FileLockedError } from '../files/errors.js';
export type { CheckpointOptions } from './checkpoint.js';
export type { BatchReport, EpochReport, History, StopReason } from './history.js';
export type { MetricName } from './metrics.js';
export type { OptimizerName, OptimizerOptions } from './optimizers.js';
export type { AbortSignalLike, Callbacks, EarlyStopping, FitOptions, TrainingSet } from './options.js';
export type { RateFunction, Schedule, ScheduleName, ScheduleOptions } from './schedules.js';
export { type BlockSource, Training, type TrainingData, train, WorkerError } from './training.js';
