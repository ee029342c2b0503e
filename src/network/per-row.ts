// What is asked of each row by itself: its own gradient, that gradient's norm, the derivative of its outputs.

import { TILE } from '../kernels/contract.js';
import type { Session } from '../matrix/marshal.js';
import { Matrix } from '../matrix/matrix.js';
import { newArray, type TypedArray } from '../matrix/operand.js';
import { Block } from '../memory/block.js';
import type { Plan } from './options.js';
import type { Visitor } from './passes.js';
import type { Tiles } from './tiles.js';

/** Bytes that a tile of per-sample gradients may take. */
const ROOM_BYTES = 4 * 1024 * 1024;

/** The gradient of each row's own loss: rows x parameters. */
export function perSampleGradients(session: Session, plan: Plan, batch: Tiles, X: unknown, y: unknown): Matrix {
  const { dtype, size } = plan;
  const { bytes } = session[dtype];
  const tile = Math.max(1, Math.min(TILE, Math.floor(ROOM_BYTES / (size * bytes))));
  batch.read(X, y, undefined, 1, false);
  const { rows } = batch;
  const room = new Block(session.heap, tile * size * bytes);
  try {
    const result = newArray(dtype, rows * size);
    const visit: Visitor = (layer, n, inputs, kept, delta) => {
      for (let i = 0; i < n; i++) {
        const at = i * bytes;
        const [x, own, d] = [inputs + at * layer.inputs, kept + at * layer.keeps, delta + at * layer.outputs];
        layer.gradients(batch.passes, 1, x, own, d, room.address + at * size);
      }
    };
    for (let from = 0; from < rows; from += tile) {
      const n = Math.min(tile, rows - from);
      batch.passes.backward(batch.evaluate(from, n), n, visit, 0);
      session.copyOut(dtype, room.address, n * size, result, from * size);
    }
    return new Matrix(rows, size, result);
  } finally {
    room.dispose();
  }
}

/** The Euclidean norm of each row's gradient, without the gradient. */
export function gradientNorms(session: Session, plan: Plan, batch: Tiles, X: unknown, y: unknown): TypedArray {
  const { dtype } = plan;
  const squares = new Float64Array(TILE);
  batch.read(X, y, undefined, 1, false);
  const { rows } = batch;
  const room = new Block(session.heap, 2 * TILE * session[dtype].bytes);
  try {
    const norms = newArray(dtype, rows);
    const visit: Visitor = (layer, _n, x, kept, delta) =>
      layer.addSquares(batch.passes, x, kept, delta, room.address, session.view(dtype), squares);
    for (let from = 0; from < rows; from += TILE) {
      const n = Math.min(TILE, rows - from);
      squares.fill(0);
      batch.passes.backward(batch.evaluate(from, n), n, visit, 0);
      for (let i = 0; i < n; i++) norms[from + i] = Math.sqrt(squares[i]);
    }
    return norms;
  } finally {
    room.dispose();
  }
}

/** The derivatives of every output with respect to every input: (rows * outputs) x inputs, a row's outputs together. */
export function jacobian(session: Session, plan: Plan, batch: Tiles, X: unknown): Matrix {
  const { dtype, inputs, outputs } = plan;
  batch.readInputs(X);
  const { rows } = batch;
  const room = new Block(session.heap, TILE * inputs * session[dtype].bytes);
  const skip = () => {};
  try {
    const result = newArray(dtype, rows * outputs * inputs);
    for (let from = 0; from < rows; from += TILE) {
      const n = Math.min(TILE, rows - from);
      const x = batch.x.tile(from, n);
      batch.passes.forward(x, n, true);
      for (let j = 0; j < outputs; j++) {
        const errors = session.elementsAt(batch.passes.errors, dtype, n * outputs).fill(0);
        for (let i = 0; i < n; i++) errors[i * outputs + j] = 1;
        batch.passes.backwardFromOutputs(x, n, skip, room.address);
        const rowsOfInputs = session.elementsAt(room.address, dtype, n * inputs);
        for (let i = 0; i < n; i++) {
          const row = rowsOfInputs.subarray(i * inputs, (i + 1) * inputs);
          result.set(row, ((from + i) * outputs + j) * inputs);
        }
      }
    }
    return new Matrix(rows * outputs, inputs, result);
  } finally {
    room.dispose();
  }
}
