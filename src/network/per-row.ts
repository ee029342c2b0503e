// What is asked of each row by itself: its own gradient, that gradient's norm, the derivative of its outputs.

import { TILE } from '../kernels/contract.js';
import type { Session } from '../matrix/marshal.js';
import { Matrix } from '../matrix/matrix.js';
import { newArray, type TypedArray } from '../matrix/operand.js';
import { Block } from '../memory/block.js';
import type { Visitor } from './passes.js';
import type { Plan } from './plan.js';
import { NO_OPTIONS, type Tiles } from './tiles.js';

/** Bytes that a tile of per-sample gradients may take. */
const ROOM_BYTES = 4 * 1024 * 1024;

/** Goes over the rows that were read, at most `tile` at a time, with room of `bytes`; then lets go of them. */
function overTiles(
  session: Session,
  batch: Tiles,
  tile: number,
  bytes: number,
  each: (from: number, n: number, room: number) => void,
): void {
  const { rows } = batch;
  const room = new Block(session.heap, bytes);
  try {
    for (let from = 0; from < rows; from += tile) each(from, Math.min(tile, rows - from), room.address);
  } finally {
    room.dispose();
    batch.forget();
  }
}

/** The gradient of each row's own loss: rows x parameters. */
export function perSampleGradients(session: Session, plan: Plan, batch: Tiles, X: unknown, y: unknown): Matrix {
  const { dtype, size } = plan;
  const { bytes } = session[dtype];
  const tile = Math.max(1, Math.min(TILE, Math.floor(ROOM_BYTES / (size * bytes))));
  batch.read(X, y, NO_OPTIONS, 1, false);
  const { rows, passes } = batch;
  const result = newArray(dtype, rows * size);
  overTiles(session, batch, tile, tile * size * bytes, (from, n, room) => {
    const visit: Visitor = (layer, n, inputs, kept, delta) => {
      // A row is no work to share.
      const { k } = passes;
      passes.k = batch.alone ?? k;
      for (let i = 0; i < n; i++) layer.gradients(passes, i, 1, inputs, kept, delta, room + i * bytes * size);
      passes.k = k;
    };
    passes.backward(batch.evaluate(from, n), n, visit, 0);
    session.copyOut(dtype, room, n * size, result, from * size);
  });
  return new Matrix(rows, size, result);
}

/** The Euclidean norm of each row's gradient, without the gradient. */
export function gradientNorms(session: Session, plan: Plan, batch: Tiles, X: unknown, y: unknown): TypedArray {
  const { dtype } = plan;
  const squares = new Float64Array(TILE);
  batch.read(X, y, NO_OPTIONS, 1, false);
  const { rows, passes } = batch;
  const norms = newArray(dtype, rows);
  overTiles(session, batch, TILE, 2 * TILE * session[dtype].bytes, (from, n, room) => {
    const visit: Visitor = (layer, _n, x, kept, delta) =>
      layer.addSquares(passes, x, kept, delta, room, session.view(dtype), squares);
    squares.fill(0);
    passes.backward(batch.evaluate(from, n), n, visit, 0);
    for (let i = 0; i < n; i++) norms[from + i] = Math.sqrt(squares[i]);
  });
  return norms;
}

/**
 * The derivatives of every output with respect to every input: (rows * outputs) x inputs, a row's outputs together.
 *
 * @param batch of a loss that is not fused
 */
export function jacobian(session: Session, plan: Plan, batch: Tiles, X: unknown): Matrix {
  const { dtype, inputs, outputs } = plan;
  batch.readInputs(X);
  const { rows, passes } = batch;
  const result = newArray(dtype, rows * outputs * inputs);
  overTiles(session, batch, TILE, TILE * inputs * session[dtype].bytes, (from, n, room) => {
    const x = batch.x.tile(from, n);
    passes.forward(x, n, true);
    for (let j = 0; j < outputs; j++) {
      const errors = session.elementsAt(passes.errors, dtype, n * outputs).fill(0);
      for (let i = 0; i < n; i++) errors[i * outputs + j] = 1;
      passes.backward(x, n, () => {}, room);
      const rowsOfInputs = session.elementsAt(room, dtype, n * inputs);
      for (let i = 0; i < n; i++) {
        result.set(rowsOfInputs.subarray(i * inputs, (i + 1) * inputs), ((from + i) * outputs + j) * inputs);
      }
    }
  });
  return new Matrix(rows * outputs, inputs, result);
}
