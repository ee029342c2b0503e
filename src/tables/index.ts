// bitgrad/data: files of data, what their columns mean, and models that are trained on them. For Node, Deno and Bun.

export {
  type CreateOptions,
  createTable,
  DataError,
  type DataSource,
  FORMATS,
  type FormatInfo,
  openTable,
  type Place,
  type TableWriter,
} from '../formats/index.js';
export type {
  BadRow,
  Block,
  CellTable,
  ColumnInfo,
  ColumnType,
  OpenOptions,
  OpenTable,
  RawCell,
  SparseBlock,
  SparseTable,
} from '../formats/table.js';
export { beside } from './beside.js';
export {
  type FileHash,
  hashFile,
  hashOf,
  type Learner,
  learnerOf,
  loadModel,
  saveModel,
  type TableModel,
} from './model-file.js';
export { answersOf, evaluateTable, type Predictions, type PredictOptions, predictTable } from './predict-table.js';
export type { CalibrationBin, Evaluation, Histogram, Roc, Run, RunHistory, RunNotes } from './run.js';
export type { ColumnKind, ColumnSchema, Dropped, Missing, Scale, Schema, TargetSchema } from './schema.js';
export { type TableTraining, trainTable } from './train-table.js';
export { type TableTrainingOptions, TRAINING_DEFAULTS, type TrainingProgress } from './training-options.js';
export type { Shard } from './tuning/journal.js';
export { mergeTuning } from './tuning/merge.js';
export { METRICS } from './tuning/metrics.js';
export { columnsOf, type RankedTrial, rankingCSV, valueText } from './tuning/ranking.js';
export { checkSearched } from './tuning/same-rows.js';
export type { Search, Settings } from './tuning/search.js';
export { type Candidate, type Range, readSpace, TUNABLES, type Tunable, type TuningSpace } from './tuning/space.js';
export type { Trial } from './tuning/trial.js';
export { TUNING_DEFAULTS, type Tuning, type TuningOptions, type TuningProgress, tuneTable } from './tuning/tune.js';
