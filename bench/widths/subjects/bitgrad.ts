// bitgrad: net.fit on resident rows.

import type { Subject } from '../../contest/protocol.js';
import { loadEngine } from '../../entries.js';
import { networkOf } from '../../peers/subjects/bitgrad.js';
import { type Task, training } from '../task.js';

export async function load(): Promise<Subject<Task>> {
  const engine = await loadEngine('wasm');
  const { version, backend } = engine.info();
  const prepare = training(async (task, data) => {
    const { rows, sizes, epochs, batchSize, learningRate } = task;
    const net = networkOf(engine, task, data);
    const X = engine.matrix({ rows, cols: sizes[0], data: data.X });
    const y = engine.matrix({ rows, cols: 10, data: data.y });
    const start = performance.now();
    await net.fit(X, y, {
      epochs,
      batchSize,
      optimizer: { name: 'adam', learningRate },
      shuffle: false,
      background: false,
    });
    const ms = performance.now() - start;
    const loss = net.loss(X, y);
    for (const each of [net, X, y]) each.dispose();
    return { ms, loss };
  });
  return { version: `${version}, ${backend}`, prepare };
}
