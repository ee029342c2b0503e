// bitgrad/train: optimizers, schedules and the training loop. To import it makes fit need nothing more, which service workers
// cannot load.

import { trainWith } from '../trainable.js';
import { train } from './train.js';

trainWith({ train });

export { FileFormatError, FileLockedError, WorkerError } from '../checks/errors.js';
export type { AbortSignalLike } from '../host/abort-signal.js';
export type { FileHandleLike, WritableLike } from '../host/handles.js';
export type { WorkerLike } from '../host/mailbox.js';
export { type CSC, type CSR, type Entry, SparseMatrix, type SparseOptions } from '../matrix/sparse.js';
export type { BlockSource, TrainingData } from './blocks.js';
export { clipNorm, clipValue } from './clip.js';
export type { AveragingName, AveragingOptions } from './loop/averaging.js';
export type { BatchReport, Curves, EpochReport, History, Ran, StopReason } from './loop/history.js';
export type { MetricName } from './loop/metrics.js';
export {
  type RateFunction,
  type Schedule,
  type ScheduleName,
  type ScheduleOptions,
  schedules,
} from './loop/schedules.js';
export { Optimizer, type OptimizerState, optimizer, type StepGradients } from './optimizer.js';
export type { AdadeltaOptions } from './optimizers/adadelta.js';
export type { AdagradOptions } from './optimizers/adagrad.js';
export type { AdamOptions } from './optimizers/adam.js';
export type { AdamaxOptions } from './optimizers/adamax.js';
export type { AdamwOptions } from './optimizers/adamw.js';
export type { LbfgsOptions } from './optimizers/lbfgs.js';
export type { LionOptions } from './optimizers/lion.js';
export type { MuonOptions } from './optimizers/muon.js';
export type { NadamOptions } from './optimizers/nadam.js';
export { type OptimizerName, type OptimizerOptions, optimizers } from './optimizers/optimizers.js';
export type { RmspropOptions } from './optimizers/rmsprop.js';
export type { SgdOptions } from './optimizers/sgd.js';
export type { Callbacks, CheckpointOptions, EarlyStopping, FitOptions, TrainingSet } from './options.js';
export type { ParameterGroup } from './parameter-groups.js';
export { type ScheduleMoment, scheduleOf } from './schedule.js';
export { GradientTape } from './tape.js';
export { Training, train } from './train.js';
