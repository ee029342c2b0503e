// What results are checked against: bitgrad's f64 in TypeScript, on the numbers that the subjects get.

import type { Outcome } from '../contest/protocol.js';
import { type Engine, loadEngine } from '../entries.js';
import { networkOf } from './subjects/bitgrad.js';
import { makeData, outputsOf, type Task, type Variant } from './task.js';

let engine: Engine | undefined;

export async function reference(task: Task, variant: Variant): Promise<Outcome> {
  engine ??= await loadEngine('ts');
  const { rows, sizes } = task;
  const data = makeData(task);
  const exact = (values: ArrayLike<number>) => Float64Array.from(values);
  const X = { rows, cols: sizes[0], data: exact(data.X) };
  if (task.kind === 'sigmoid') return { values: engine.sigmoid(X).data };
  const layers = data.layers.map((each) => ({ ...each, weights: exact(each.weights), biases: exact(each.biases) }));
  const net = networkOf(engine, { ...task, ...variant, dtype: 'f64' }, { ...data, layers });
  try {
    if (task.kind === 'forward') return { values: net.forward(X).data };
    const out = net.zeroGradients();
    const { loss, parameters } = net.gradientsInto(X, { rows, cols: outputsOf(task), data: exact(data.y) }, out);
    const values = parameters.slice();
    out.dispose();
    return { loss, values };
  } finally {
    net.dispose();
  }
}
