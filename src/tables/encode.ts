// A table read the second time: its rows as the network's numbers, in a store, and those that are held out.

import { DataError } from '../formats/errors.js';
import type { CellTable } from '../formats/table.js';
import type { Matrix } from '../index.js';
import type { ColumnTransformer } from '../model/index.js';
import { HeldOut } from './held-out.js';
import { RowReader } from './reader.js';
import { RowSample } from './row-sample.js';
import { createStore, MemoryStore, type RowStore } from './row-store.js';
import type { Scan } from './scan.js';

/** Rows that are held out at most: they are in memory. */
export const MOST_HELD = 100_000;

export interface Encoded {
  readonly train: RowStore;
  readonly held: MemoryStore;
  /** Rows left out as they have gaps. */
  readonly droppedRows: number;
  readonly streamed: boolean;
}

export interface EncodeOptions {
  readonly validation: number;
  readonly memoryBytes: number;
  readonly seed: number;
  /** How many rows are taken, drawn at random; default all. */
  readonly most?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((rows: number) => void) | undefined;
}

/** @throws {DataError} naming line and column */
export async function encodeTable(
  table: CellTable,
  { schema, rows }: Scan,
  columns: ColumnTransformer,
  options: EncodeOptions,
): Promise<Encoded> {
  const { seed, memoryBytes, signal } = options;
  const inputs = columns.nFeaturesOut;
  const part = Math.min(options.validation, MOST_HELD / rows);
  const held = new MemoryStore({ inputs, rows: Math.ceil(rows * part) + 20 * (schema.target.classes?.length ?? 1) });
  const sample = new RowSample(rows, options.most ?? rows, seed);
  const train = createStore({ inputs, rows: sample.most, memoryBytes, seed });
  const reader = new RowReader(schema, table, true);
  const split = new HeldOut(part, seed);
  const { mean = 0, std = 1, classes } = schema.target;
  let seen = 0;
  let droppedRows = 0;
  try {
    for await (const block of table.blocks()) {
      signal?.throwIfAborted();
      seen += block.rows;
      if (seen > rows) throw new DataError('it has more rows than when it was first read', { file: table.file });
      const { X, y, kept } = reader.read(block);
      if (kept) droppedRows += block.rows - kept.length;
      const taken = Array.from({ length: block.rows }, () => sample.next());
      if (!X || !y) continue;
      const { data } = columns.transform(X) as Matrix;
      // Numbers are learnt as multiples of their deviation.
      const targets = classes ? y : y.map((each) => (each - mean) / std);
      const out = Array.from(y, (each) => split.next(classes ? each : 0));
      await held.add(data, targets, (i) => out[i]);
      await train.add(data, targets, (i) => !out[i] && taken[kept ? kept[i] : i]);
      options.onProgress?.(seen);
    }
    if (seen < rows) throw new DataError('it has fewer rows than when it was first read', { file: table.file });
    if (train.rows === 0) throw new DataError('no row is left to learn from', { file: table.file });
  } catch (error) {
    train.dispose();
    throw error;
  }
  return { train, held, droppedRows, streamed: !(train instanceof MemoryStore) };
}
