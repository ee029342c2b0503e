// bitgrad over sparse rows, as they are (`sparse`) or with their zeros, in linear memory (`dense`).

import { SparseMatrix } from 'bitgrad/train';
import { engine, random } from 'bitgrad/wasm';
import type { Prepared, Subject } from '../contest/protocol.js';
import type { Task } from './task.js';

/** Rows of [column, number], ascending, and a target for each. */
function draw({ rows, inputs, drawn, seed }: Task) {
  const rng = random(seed);
  const entries: [number, number, number][] = [];
  for (let i = 0; i < rows; i++) {
    const columns = [...new Set(Array.from(rng.rand(drawn), (u) => Math.floor(u * inputs)))].sort((a, b) => a - b);
    const numbers = rng.rand(columns.length);
    for (const [e, column] of columns.entries()) entries.push([i, column, Math.fround(numbers[e] - 0.5)]);
  }
  return { entries, y: rng.rand(rows) };
}

function prepare(task: Task, how: string): Prepared {
  const { rows, inputs, hidden, dtype } = task;
  const { entries, y } = draw(task);
  const sparse = SparseMatrix.fromEntries(rows, inputs, entries, { dtype });
  const X = how === 'dense' ? engine.matrix(sparse.toDense()) : sparse;
  const targets = engine.matrix({ rows, cols: 1, data: Float32Array.from(y) });
  const layers = [{ units: hidden, activation: 'relu' as const }, 1];
  const net = engine.network({ inputs, layers, loss: 'squaredError', dtype, seed: 1 });
  // Small enough for both to draw, whatever their initializers do.
  const rng = random(task.seed + 1);
  for (let at = 0; at < net.parameters.length; at++) net.parameters[at] = (rng.rand() - 0.5) / 10;
  const out = net.zeroGradients();
  return {
    run: () => net.gradientsInto(X, targets, out),
    result: () => {
      const { loss, weights, biases } = net.gradientsInto(X, targets, out);
      return {
        loss,
        values: [...weights[0].data.subarray(0, 1000 * hidden), ...(biases[0]?.data ?? []), ...weights[1].data],
      };
    },
    note: how === 'dense' ? 'X lies in linear memory' : undefined,
  };
}

export const load = async (how: string): Promise<Subject<Task>> => {
  const { version, backend } = engine.info();
  return { version: `${version}, ${backend}`, prepare: (task) => prepare(task, how) };
};
