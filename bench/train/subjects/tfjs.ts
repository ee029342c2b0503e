// TensorFlow.js: its layers, on its WebAssembly backend, in float32.

import type { Subject } from '../../contest/protocol.js';
import { loadTfjs } from '../../peers/libraries/tfjs.js';
import { accuracyOf } from '../mnist.mjs';
import { readTable, type Task, targetsOf } from '../task.js';
import { type Trained, training } from '../training.js';

interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}

interface Model {
  add(layer: object): void;
  compile(options: object): void;
  fit(X: Tensor, y: Tensor, options: object): Promise<unknown>;
  predict(X: Tensor): Tensor;
  dispose(): void;
}

/** The part that is used here: it need not be installed to check these types. */
interface Tf {
  tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  train: Record<'sgd' | 'adam', (rate: number) => object>;
  layers: { dense(options: object): object };
  sequential(): Model;
}

async function train(tf: Tf, task: Task): Promise<Trained> {
  const { inputs, hidden, activation, outputs, solver, batchSize, learningRate, epochs } = task;
  const { rows, X: data, labels } = readTable({ ...task, dtype: 'f32' });
  const X = tf.tensor2d(data as Float32Array, [rows, inputs]);
  const y = tf.tensor2d(targetsOf(labels, outputs), [rows, outputs]);
  const model = tf.sequential();
  const first = activation === 'relu' ? 'relu' : 'sigmoid';
  model.add(tf.layers.dense({ inputShape: [inputs], units: hidden, activation: first }));
  model.add(tf.layers.dense({ units: outputs, activation: outputs === 1 ? 'sigmoid' : 'softmax' }));
  const loss = outputs === 1 ? 'binaryCrossentropy' : 'categoricalCrossentropy';
  model.compile({ optimizer: tf.train[solver](learningRate), loss });
  const start = performance.now();
  await model.fit(X, y, { batchSize, epochs, shuffle: true, verbose: 0, yieldEvery: 'never' });
  const seconds = (performance.now() - start) / 1000;
  const predicted = model.predict(X);
  const accuracy = accuracyOf(predicted.dataSync(), labels);
  for (const each of [X, y, predicted, model]) each.dispose();
  return { seconds, accuracy };
}

export async function load(): Promise<Subject<Task>> {
  const { tf, version } = await loadTfjs<Tf>('wasm');
  const prepare = training((task) => train(tf, task));
  return {
    version: `${version}, layers`,
    prepare: (task) => ({ ...prepare(task), note: task.dtype === 'f64' ? 'in f32, which is all it has' : undefined }),
  };
}
