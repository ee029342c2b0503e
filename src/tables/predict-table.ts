// A table through a model, block by block.

import { DataError } from '../formats/errors.js';
import type { OpenTable, RawCell, SparseTable } from '../formats/table.js';
import { type MLPClassifier, type MLPRegressor, SparseMatrix, type TableInput } from '../model/index.js';
import { findColumn } from './columns.js';
import { Evaluator } from './evaluation.js';
import type { TableModel } from './model-file.js';
import { RowReader } from './reader.js';
import type { Evaluation } from './run.js';
import { targetReader } from './target.js';

export interface PredictOptions {
  /** Whether each class's probability is a column, too; default false. */
  proba?: boolean;
  /** Columns of the file that are handed on, in front; default none. */
  keep?: readonly string[];
  signal?: AbortSignal;
}

export interface Predictions {
  readonly names: readonly string[];
  /** Columns of each block's rows; null in rows that the model leaves out, as they have gaps. */
  blocks(): AsyncIterable<readonly ArrayLike<RawCell>[]>;
}

/** What a model says of rows of a block. */
interface Said {
  /** Rows of the block. */
  readonly rows: number;
  /** Those that were not left out; undefined if none were. */
  readonly kept: Int32Array | undefined;
  /** Classes' numbers or numbers, if they were asked for. */
  readonly truth: ArrayLike<number> | undefined;
  /** Probabilities, row by row, or numbers. */
  readonly answers: ArrayLike<number>;
  readonly cells: readonly ArrayLike<RawCell>[];
}

/** @returns probabilities row by row, or numbers */
function answer({ model, notes }: TableModel, X: TableInput): ArrayLike<number> {
  const classes = notes.schema.target.classes;
  if (classes) return (model as MLPClassifier).predictProba(X as never).data;
  return (model as MLPRegressor).predict(X as never) as Float64Array;
}

/** @throws {DataError} unless the table is of the model's kind and width */
function checkSparse({ notes: { schema } }: TableModel, table: SparseTable): void {
  const { sparseColumns } = schema;
  if (sparseColumns === undefined) {
    throw new DataError('its rows are sparse and without names, the model takes named columns', { file: table.file });
  }
  if (table.cols > sparseColumns) {
    throw new DataError(`it has ${table.cols} columns, the model takes ${sparseColumns}`, { file: table.file });
  }
}

async function* say(
  model: TableModel,
  table: OpenTable,
  withTarget: boolean,
  signal?: AbortSignal,
): AsyncGenerator<Said> {
  const { schema } = model.notes;
  if (table.kind === 'sparse') {
    checkSparse(model, table);
    const read = targetReader(schema.target);
    for await (const { rows, X, y, lines } of table.blocks()) {
      signal?.throwIfAborted();
      const truth = Array.from(y, (cell, i) => {
        const value = withTarget ? read(cell) : 0;
        if (value !== undefined) return value;
        throw new DataError(`${cell} is none of the model's classes`, { file: table.file, line: lines?.[i] });
      });
      // Columns behind the last that occurs are zeros.
      const wide =
        X.cols === schema.sparseColumns ? X : new SparseMatrix({ ...X.toCSR(), cols: schema.sparseColumns ?? 0 });
      yield { rows, kept: undefined, truth, answers: answer(model, wide), cells: [] };
    }
    return;
  }
  if (schema.sparseColumns !== undefined) {
    throw new DataError('it has named columns, the model takes sparse rows (libsvm)', { file: table.file });
  }
  const reader = new RowReader(schema, table, withTarget);
  for await (const block of table.blocks()) {
    signal?.throwIfAborted();
    const { X, y, kept } = reader.read(block);
    yield { rows: block.rows, kept, truth: y, answers: X ? answer(model, X) : [], cells: block.columns };
  }
}

/** The greatest of k, the first of equal ones. */
function argmax(numbers: ArrayLike<number>, from: number, k: number): number {
  let best = 0;
  for (let c = 1; c < k; c++) if (numbers[from + c] > numbers[from + best]) best = c;
  return best;
}

/** A name that no other column has. */
function freeName(name: string, taken: readonly string[]): string {
  let free = name;
  while (taken.includes(free)) free = `${free}_`;
  return free;
}

/**
 * What a model says of every row of a file, of any size.
 *
 * @throws {DataError} naming a column that is missing, or the line and column of a cell that is not what the schema says
 */
export function predictTable(model: TableModel, table: OpenTable, options: PredictOptions = {}): Predictions {
  const { proba = false, keep = [], signal } = options;
  const { classes } = model.notes.schema.target;
  const there = table.kind === 'cells' ? table.columns.map(({ name }) => name) : [];
  const kept = keep.map((name) => findColumn(name, there, table.file));
  const names = kept.map((j) => there[j]);
  names.push(freeName('prediction', names));
  if (proba && !classes) throw new DataError('a model of numbers has no probabilities', { file: table.file });
  if (proba) for (const each of classes ?? []) names.push(freeName(`probability_${each}`, names));
  const k = classes?.length ?? 1;
  async function* blocks() {
    for await (const { rows, kept: used, answers, cells } of say(model, table, false, signal)) {
      const columns = kept.map((j) => cells[j]);
      const place = (fill: (at: number) => RawCell): RawCell[] => {
        const column = new Array<RawCell>(rows).fill(null);
        for (let i = 0; i < (used?.length ?? rows); i++) column[used ? used[i] : i] = fill(i);
        return column;
      };
      columns.push(place((i) => (classes ? classes[argmax(answers, i * k, k)] : answers[i])));
      if (proba) for (let c = 0; c < k; c++) columns.push(place((i) => answers[i * k + c]));
      yield columns;
    }
  }
  return { names, blocks };
}

/** What a model is worth on a file that has the answers. @throws {DataError} as predictTable, and without rows */
export async function evaluateTable(
  model: TableModel,
  table: OpenTable,
  options: { signal?: AbortSignal; onProgress?(rows: number): void } = {},
): Promise<Evaluation> {
  const evaluator = new Evaluator(model.notes.schema.target);
  for await (const { truth, answers } of say(model, table, true, options.signal)) {
    evaluator.add(truth ?? [], answers);
    options.onProgress?.(evaluator.rows);
  }
  if (evaluator.rows === 0) throw new DataError('there are no rows to evaluate', { file: table.file });
  return evaluator.finish();
}

/** All answers of a file, as the bits that a hash is taken of: probabilities row by row, or numbers. */
export async function* answersOf(
  model: TableModel,
  table: OpenTable,
  signal?: AbortSignal,
): AsyncGenerator<ArrayLike<number>> {
  for await (const { answers } of say(model, table, false, signal)) yield answers;
}
