// Sparse rows, which stay sparse: all in memory, one matrix.

import { DataError } from '../formats/errors.js';
import type { SparseTable } from '../formats/table.js';
import { type CSR, SparseMatrix } from '../model/index.js';
import type { EncodeOptions } from './encode.js';
import { MOST_HELD } from './encode.js';
import { HeldOut } from './held-out.js';
import { RowSample } from './row-sample.js';
import type { Schema } from './schema.js';
import { targetReader } from './target.js';

export interface SparseSet {
  readonly X: SparseMatrix;
  readonly y: Float32Array;
}

/** Rows one after the other. */
class Gathering {
  readonly #indptr: number[] = [0];
  readonly #indices: number[] = [];
  readonly #data: number[] = [];
  readonly y: number[] = [];

  add({ indptr, indices, data }: CSR, row: number, target: number): void {
    for (let at = indptr[row]; at < indptr[row + 1]; at++) {
      this.#indices.push(indices[at]);
      this.#data.push(data[at]);
    }
    this.#indptr.push(this.#indices.length);
    this.y.push(target);
  }

  set(cols: number): SparseSet {
    const [indptr, indices] = [Int32Array.from(this.#indptr), Int32Array.from(this.#indices)];
    const X = new SparseMatrix({ rows: this.y.length, cols, indptr, indices, data: Float32Array.from(this.#data) });
    return { X, y: Float32Array.from(this.y) };
  }
}

/** @throws {DataError} at a target that is no class */
export async function gatherSparse(
  table: SparseTable,
  schema: Schema,
  rows: number,
  { validation, seed, most = rows, signal, onProgress }: EncodeOptions,
): Promise<{ train: SparseSet; held: SparseSet | undefined }> {
  const read = targetReader(schema.target);
  const { mean = 0, std = 1, classes } = schema.target;
  const split = new HeldOut(Math.min(validation, MOST_HELD / rows), seed);
  const sample = new RowSample(rows, most, seed);
  const [train, held] = [new Gathering(), new Gathering()];
  let seen = 0;
  for await (const block of table.blocks()) {
    signal?.throwIfAborted();
    const csr = block.X.toCSR();
    for (let i = 0; i < block.rows; i++) {
      const target = read(block.y[i]);
      if (target === undefined) {
        throw new DataError(`${block.y[i]} is none of the classes`, { file: table.file, line: block.lines?.[i] });
      }
      const taken = sample.next();
      const to = split.next(classes ? target : 0) ? held : train;
      if (taken || to === held) to.add(csr, i, classes ? target : (target - mean) / std);
    }
    seen += block.rows;
    onProgress?.(seen);
  }
  const cols = schema.sparseColumns ?? table.cols;
  return { train: train.set(cols), held: held.y.length > 0 ? held.set(cols) : undefined };
}
