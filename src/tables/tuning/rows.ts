// The rows of a search: read and encoded once, all in memory.

import { createHash } from 'node:crypto';
import { DataError } from '../../formats/errors.js';
import type { OpenTable } from '../../formats/table.js';
import type { SparseMatrix } from '../../model/index.js';
import type { TrainingSet } from '../../train/index.js';
import { encodeTable } from '../encode.js';
import { preprocessing } from '../preprocessing.js';
import type { MemoryStore } from '../row-store.js';
import { scanSparse, scanTable } from '../scan.js';
import type { Schema } from '../schema.js';
import { gatherSparse } from '../sparse-rows.js';
import type { ReadTrainingOptions, TrainingProgress } from '../training-options.js';

type Dense = { readonly rows: number; readonly cols: number; readonly data: Float32Array };

export interface TuningRows {
  readonly schema: Schema;
  /** Of the table. */
  readonly allRows: number;
  /** Those that the search takes: all, or a sample. */
  readonly rows: number;
  readonly inputs: number;
  /** As a network learns them: classes' numbers, or multiples of the deviation. */
  readonly y: Float32Array;
  /** Of all their bits, and of the schema. */
  readonly sha256: string;
  /** Copies of some rows. */
  pick(rows: readonly number[]): TrainingSet;
}

export interface RowsOptions extends ReadTrainingOptions {
  /** How many are taken at most. */
  readonly most?: number | undefined;
  readonly onRead?: ((phase: TrainingProgress['phase'], rows: number) => void) | undefined;
}

const MB = 2 ** 20;
const megabytes = (bytes: number) => `${Math.ceil(bytes / MB).toLocaleString('en-US')} MB`;

/** A fold's rows are copied, for each job. */
function checkMemory(file: string, rows: number, inputs: number, { memoryBytes }: RowsOptions): void {
  const bytes = rows * (inputs + 1) * 4;
  if (bytes <= memoryBytes) return;
  const fit = Math.floor(memoryBytes / ((inputs + 1) * 4));
  throw new DataError(
    `a search has its rows in memory, and ${rows} of ${inputs} inputs are ${megabytes(bytes)}, more than ` +
      `${megabytes(memoryBytes)}: take a sample by --rows ${fit} or fewer, or allow more by --memory`,
    { file },
  );
}

/** Of numbers' bits, and what they mean. */
function hash(schema: Schema, ...numbers: readonly ArrayBufferView[]): string {
  const sum = createHash('sha256').update(JSON.stringify(schema));
  for (const { buffer, byteOffset, byteLength } of numbers) sum.update(new Uint8Array(buffer, byteOffset, byteLength));
  return sum.digest('hex');
}

function pickDense({ cols, data }: Dense, y: Float32Array, rows: readonly number[]): TrainingSet {
  const X = new Float32Array(rows.length * cols);
  for (const [i, row] of rows.entries()) X.set(data.subarray(row * cols, (row + 1) * cols), i * cols);
  return { X: { rows: rows.length, cols, data: X }, y: Float32Array.from(rows, (row) => y[row]) };
}

function pickSparse(X: SparseMatrix, y: Float32Array, rows: readonly number[]): TrainingSet {
  return { X: X.take(rows), y: Float32Array.from(rows, (row) => y[row]) };
}

/** @throws {DataError} naming line and column, or if the rows do not fit into memory */
export async function readTuningRows(table: OpenTable, options: RowsOptions): Promise<TuningRows> {
  const { most, onRead, signal } = options;
  const scanOptions = { ...options, onProgress: (rows: number) => onRead?.('scan', rows) };
  const reading = { ...options, validation: 0, most, onProgress: (rows: number) => onRead?.('encode', rows) };
  if (table.kind === 'sparse') {
    const { schema, rows: allRows } = await scanSparse(table, scanOptions);
    const { X, y } = (await gatherSparse(table, schema, allRows, reading)).train;
    signal?.throwIfAborted();
    const { indptr, indices, data } = X.toCSR() as { indptr: Int32Array; indices: Int32Array; data: Float32Array };
    const sha256 = hash(schema, indptr, indices, data, y);
    const matrix = X;
    return { schema, allRows, rows: y.length, inputs: X.cols, y, sha256, pick: (rows) => pickSparse(matrix, y, rows) };
  }
  const scan = await scanTable(table, scanOptions);
  const { schema, rows: allRows } = scan;
  const columns = preprocessing(scan);
  const inputs = columns.nFeaturesOut;
  checkMemory(table.file, Math.min(allRows, most ?? allRows), inputs, options);
  const { train } = await encodeTable(table, scan, columns, reading);
  const { X, y } = (train as MemoryStore).set;
  return {
    schema,
    allRows,
    rows: y.length,
    inputs,
    y,
    sha256: hash(schema, X.data, y),
    pick: (rows) => pickDense(X, y, rows),
  };
}
