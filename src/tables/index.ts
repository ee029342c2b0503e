// bitgrad/data: files of data, what their columns mean, and models that are trained on them. For Node, Deno and Bun.

export type { CreateOptions } from '../formats/create.js';
export type { TableWriter } from '../formats/format.js';
export { createTable, DataError, type DataSource, FORMATS, type FormatInfo, openTable } from '../formats/index.js';
export type {
  BadRow,
  Block,
  CellTable,
  ColumnInfo,
  OpenOptions,
  OpenTable,
  RawCell,
  SparseBlock,
  SparseTable,
} from '../formats/table.js';
export type { CalibrationBin, Evaluation, Histogram, Roc, Run, RunHistory, RunNotes } from './run.js';
export type { ColumnKind, ColumnSchema, Dropped, Missing, Scale, Schema, TargetSchema } from './schema.js';
