// Predicting many rows without holding up the event loop: in pieces, of a few milliseconds each.

import { ShapeError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { type AbortSignalLike, checkSignal } from '../host/abort-signal.js';
import { nowMs } from '../host/runtime.js';
import { readShape, sliceRows } from '../matrix/copies.js';
import { Matrix } from '../matrix/matrix.js';
import { copyRows, isSparse, newArray, type RowsInput, readMatrix } from '../matrix/operand.js';
import { type SparseMatrix, stacked } from '../matrix/sparse.js';
import type { TableInput } from '../matrix/table.js';
import { pause } from '../train/loop/turns.js';

/**
 * A piece is to take so long, and after so long others get their turn: together 10 of the 16 ms of a frame. Shorter pieces
 * cost too much: a wide layer's weights are packed for each.
 */
const PIECE_MS = 6;
const TURN_MS = 4;
/** A piece is at most so many times as large as the one before it: the first, of one row, tells how long a row takes. */
const GROWTH = 4;

/** Options of what is computed piece by piece, with turns for others between. */
export interface AsyncOptions {
  /** Stops after the piece at hand: the promise rejects with its reason. */
  signal?: AbortSignalLike;
}

/** @throws {ValueError} naming the option */
export function readAsyncOptions(options: AsyncOptions, where: string): AbortSignalLike | undefined {
  const { signal } = readOptions(options, ['signal'], where);
  checkSignal(signal);
  return signal;
}

/** Says of which rows an error counts. */
function located(error: unknown, from: number, end: number): unknown {
  if (from > 0 && Object.prototype.toString.call(error) === '[object Error]') {
    const named = error as Error;
    named.message = `of the rows ${from} to ${end - 1}, counted from 0: ${named.message}`;
  }
  return error;
}

/**
 * Calls `work` on all rows of X, piece by piece, each of as many rows as fit into a few milliseconds.
 *
 * @param X read as it goes: it must not change meanwhile
 * @throws the signal's reason, between two pieces; what `work` throws
 */
export async function inPieces<T extends TableInput>(
  X: T,
  signal: AbortSignalLike | undefined,
  work: (piece: T, rows: number) => void,
): Promise<void> {
  signal?.throwIfAborted();
  const listed = Array.isArray(X) && X.length > 0;
  const { rows, cols } = listed ? { rows: X.length, cols: 0 } : readShape(X, 'X');
  if (rows === 0) return work(X, rows);
  let size = 1;
  let turn = nowMs();
  for (let from = 0; from < rows; ) {
    const start = nowMs();
    const end = Math.min(rows, from + size);
    try {
      work(sliceRows(X, cols, from, end), rows);
    } catch (error) {
      throw located(error, from, end);
    }
    let now = nowMs();
    // As Cloudflare's does until the next turn.
    const stoodStill = now === start;
    if (end < rows && (stoodStill || now - turn >= TURN_MS)) {
      await pause();
      signal?.throwIfAborted();
      turn = nowMs();
      if (stoodStill) now = turn;
    }
    size = Math.max(1, Math.floor((end - from) * Math.min(GROWTH, PIECE_MS / Math.max(now - start, 0.01))));
    from = end;
  }
}

/** Puts the results for a few rows each together to a matrix of `rows`. */
export class Gathered {
  #matrix: Matrix | undefined;
  readonly #sparse: SparseMatrix[] = [];
  #at = 0;

  /** @throws {ShapeError} unless it has the columns of those before */
  add(result: TableInput, rows: number): void {
    if (isSparse(result)) {
      this.#sparse.push(result as SparseMatrix);
      return;
    }
    const operand = readMatrix(result, 'result');
    const { dtype = 'f64', cols } = operand;
    this.#matrix ??= new Matrix(rows, cols, newArray(dtype, rows * cols));
    if (cols !== this.#matrix.cols || this.#at + operand.rows > rows) {
      throw new ShapeError(
        `a result of ${operand.rows}x${cols} does not fit the rows before, of ${this.#matrix.cols} columns`,
      );
    }
    copyRows(operand, this.#matrix.data, this.#at * cols, 0, operand.rows);
    this.#at += operand.rows;
  }

  get matrix(): Matrix {
    return this.#matrix as Matrix;
  }

  /** The same, where results may be sparse. @throws {ShapeError} unless all have the columns of the first */
  get all(): RowsInput {
    return this.#sparse.length > 0 ? stacked(this.#sparse) : this.matrix;
  }
}
