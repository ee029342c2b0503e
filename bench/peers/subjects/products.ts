// The matrix products of a step and nothing else, by bitgrad: what a step could at best take.

import { CannotDo, type Prepared, type Subject } from '../../contest/protocol.js';
import { type Engine, loadEngine } from '../../entries.js';
import { makeData, type Task } from '../task.js';

function prepare(engine: Engine, task: Task): Prepared {
  if (task.kind !== 'step') throw new CannotDo('there are no three products in it');
  const { rows, sizes, dtype } = task;
  const { X, layers } = makeData(task);
  const inputs = engine.matrix({ rows, cols: sizes[0], data: X });
  const activations = layers.map(({ units }) => engine.zeros(rows, units, { dtype }));
  const errors = layers.map(({ units }) => engine.zeros(rows, units, { dtype }));
  for (const error of errors) error.data.fill(2 ** -10);
  const hidden = layers.map(({ units }) => engine.zeros(rows, units, { dtype }));
  const weights = layers.map((layer) =>
    engine.matrix({ rows: layer.inputs, cols: layer.units, data: layer.weights }, { dtype }),
  );
  const gradients = layers.map((layer) => engine.zeros(layer.inputs, layer.units, { dtype }));
  const [transposeA, transposeB] = [{ transposeA: true }, { transposeB: true }];
  const last = layers.length - 1;
  return {
    run() {
      for (let i = 0; i <= last; i++) engine.matmulInto(i ? activations[i - 1] : inputs, weights[i], activations[i]);
      for (let i = last; i >= 0; i--) {
        engine.matmulInto(i ? activations[i - 1] : inputs, errors[i], gradients[i], transposeA);
        if (i > 0) engine.matmulInto(errors[i], weights[i], hidden[i - 1], transposeB);
      }
    },
    result: () => ({ values: [] }),
  };
}

export async function load(): Promise<Subject<Task>> {
  const engine = await loadEngine('wasm');
  return { version: engine.info().version, prepare: (task) => prepare(engine, task) };
}
