// bitgrad: everything resident.

import type { Prepared, Subject } from '../../contest/protocol.js';
import { type Engine, loadEngine } from '../../entries.js';
import { type Data, makeData, outputsOf, type Task } from '../task.js';

export function networkOf(engine: Engine, { sizes, hidden, output, loss, dtype }: Task, { layers }: Data) {
  return engine.network({
    inputs: sizes[0],
    layers: layers.map(({ inputs, units, weights, biases }, i) => ({
      units,
      activation: i === layers.length - 1 ? output : hidden,
      weights: { rows: inputs, cols: units, data: weights },
      biases,
    })),
    loss,
    dtype,
  });
}

export function prepare(engine: Engine, task: Task): Prepared {
  const { kind, rows, sizes, dtype } = task;
  const data = makeData(task);
  const X = engine.matrix({ rows, cols: sizes[0], data: data.X });
  if (kind === 'sigmoid') {
    const out = engine.zeros(rows, sizes[0], { dtype });
    return { run: () => engine.sigmoidInto(X, out), result: () => ({ values: engine.sigmoidInto(X, out).data }) };
  }
  const net = networkOf(engine, task, data);
  if (kind === 'forward') {
    const out = engine.zeros(rows, outputsOf(task), { dtype });
    return { run: () => net.forwardInto(X, out), result: () => ({ values: net.forwardInto(X, out).data }) };
  }
  const y = engine.matrix({ rows, cols: outputsOf(task), data: data.y });
  const out = net.zeroGradients();
  return {
    run: () => net.gradientsInto(X, y, out).loss,
    result: () => {
      const { loss, parameters } = net.gradientsInto(X, y, out);
      return { loss, values: parameters };
    },
  };
}

export async function load(backend: 'wasm' | 'ts'): Promise<Subject<Task>> {
  const engine = await loadEngine(backend);
  const { version, backend: loaded, backendReason } = engine.info();
  return { version: `${version}, ${loaded} (${backendReason})`, prepare: (task) => prepare(engine, task) };
}
