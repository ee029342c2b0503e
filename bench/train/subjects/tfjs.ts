// TensorFlow.js: its layers, on its WebAssembly backend, in float32.

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { accuracyOf } from '../mnist.mjs';
import type { Subject } from '../subject.js';
import { type Outcome, readTable, type Task, targetsOf } from '../task.js';

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
  version_core: string;
  setWasmPaths(folder: string): void;
  setThreadsCount(threads: number): void;
  setBackend(name: string): Promise<boolean>;
  tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  train: Record<'sgd' | 'adam', (rate: number) => object>;
  layers: { dense(options: object): object };
  sequential(): Model;
}

async function train(tf: Tf, task: Task): Promise<Outcome> {
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

/** bench/peers/setup.mjs bundles it. */
const BUNDLE = new URL('../../../build/peers/tfjs.cjs', import.meta.url);
const WASM = new URL('../../peers/node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url);

export async function load(): Promise<Subject> {
  const tf: Tf = createRequire(import.meta.url)(fileURLToPath(BUNDLE));
  tf.setWasmPaths(fileURLToPath(WASM));
  tf.setThreadsCount(1);
  if (!(await tf.setBackend('wasm'))) throw new Error('its WebAssembly backend did not start');
  return { version: `${tf.version_core}, layers, wasm`, train: (task) => train(tf, task) };
}
