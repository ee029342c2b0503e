// TensorFlow.js: its layers and its adam, on its WebAssembly backend.

import type { Subject } from '../../contest/protocol.js';
import { loadTfjs } from '../../peers/libraries/tfjs.js';
import { type Task, training } from '../task.js';

interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}

interface Model {
  add(layer: object): void;
  compile(options: object): void;
  setWeights(weights: Tensor[]): void;
  fit(X: Tensor, y: Tensor, options: object): Promise<unknown>;
  evaluate(X: Tensor, y: Tensor, options: object): Tensor;
  dispose(): void;
}

/** The part that is used here: it need not be installed to check these types. */
interface Tf {
  tensor1d(values: Float32Array): Tensor;
  tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  train: { adam(rate: number, beta1: number, beta2: number, epsilon: number): object };
  layers: { dense(options: object): object };
  sequential(): Model;
}

export async function load(): Promise<Subject<Task>> {
  const { tf, version } = await loadTfjs<Tf>('wasm');
  const prepare = training(async ({ rows, hidden, output, learningRate, batchSize, epochs }, { X, y, layers }) => {
    const model = tf.sequential();
    for (const [i, { inputs, units }] of layers.entries()) {
      model.add(tf.layers.dense({ inputShape: [inputs], units, activation: i < layers.length - 1 ? hidden : output }));
    }
    const optimizer = tf.train.adam(learningRate, 0.9, 0.999, 1e-8);
    model.compile({ optimizer, loss: 'categoricalCrossentropy' });
    const first = layers.flatMap(({ inputs, units, weights, biases }) => [
      tf.tensor2d(weights as Float32Array, [inputs, units]),
      tf.tensor1d(biases as Float32Array),
    ]);
    model.setWeights(first);
    const inputs = tf.tensor2d(X as Float32Array, [rows, X.length / rows]);
    const targets = tf.tensor2d(y as Float32Array, [rows, y.length / rows]);
    const start = performance.now();
    await model.fit(inputs, targets, { batchSize, epochs, shuffle: false, verbose: 0, yieldEvery: 'never' });
    const ms = performance.now() - start;
    const loss = model.evaluate(inputs, targets, { batchSize: rows });
    const [value] = loss.dataSync();
    for (const each of [...first, inputs, targets, loss, model]) each.dispose();
    return { ms, loss: value };
  });
  return { version: `${version}, layers`, prepare };
}
