// TensorFlow.js, float32 alone: its WebAssembly and its JavaScript backend.

import { CannotDo, type Prepared, type Subject } from '../../contest/protocol.js';
import { loadTfjs } from '../libraries/tfjs.js';
import { type Floats, makeData, outputsOf, type Task } from '../task.js';

interface Tensor {
  dataSync(): Floats;
  dispose(): void;
}
type Unary = (x: Tensor) => Tensor;
type Binary = (a: Tensor, b: Tensor) => Tensor;

/** The part of TensorFlow.js that is used here: it need not be installed to check these types. */
interface Tf extends Record<'relu' | 'sigmoid' | 'softmax' | 'square' | 'sum', Unary> {
  tensor1d(values: Floats): Tensor;
  tensor2d(values: Floats, shape: [number, number]): Tensor;
  add: Binary;
  sub: Binary;
  mul(a: Tensor, b: Tensor | number): Tensor;
  matMul: Binary;
  losses: { softmaxCrossEntropy: Binary };
  valueAndGrads(f: (...parameters: Tensor[]) => Tensor): (parameters: Tensor[]) => { value: Tensor; grads: Tensor[] };
  tidy(f: () => void): void;
}

function prepare(tf: Tf, task: Task): Prepared {
  const { kind, rows, sizes, dtype } = task;
  if (dtype !== 'f32') throw new CannotDo('its tensors are float32 alone');
  const data = makeData(task);
  const X = tf.tensor2d(data.X, [rows, sizes[0]]);
  // Both backends have computed when a call returns, so what is small is read back and the rest left where it is. tidy()
  // must not return an array: it would search each element for tensors to keep.
  if (kind === 'sigmoid')
    return { run: () => tf.sigmoid(X).dispose(), result: () => ({ values: tf.sigmoid(X).dataSync() }) };

  const parameters = data.layers.flatMap(({ inputs, units, weights, biases }) => [
    tf.tensor2d(weights, [inputs, units]),
    tf.tensor1d(biases),
  ]);
  /** What enters the last activation. */
  const logits = (flat: Tensor[]) => {
    let h = X;
    for (let i = 0; i < flat.length; i += 2) {
      h = tf.add(tf.matMul(i ? tf[task.hidden](h) : h, flat[i]), flat[i + 1]);
    }
    return h;
  };
  if (kind === 'forward') {
    const forward = () => tf[task.output](logits(parameters));
    const run = () =>
      tf.tidy(() => {
        forward().dataSync();
      });
    return { run, result: () => ({ values: forward().dataSync() }) };
  }

  const y = tf.tensor2d(data.y, [rows, outputsOf(task)]);
  const step = tf.valueAndGrads((...flat) => {
    const z = logits(flat);
    if (task.output === 'softmax') return tf.losses.softmaxCrossEntropy(y, z);
    return tf.mul(tf.sum(tf.square(tf.sub(tf.sigmoid(z), y))), 0.5 / rows);
  });
  return {
    run: () =>
      tf.tidy(() => {
        step(parameters).value.dataSync();
      }),
    result() {
      const { value, grads } = step(parameters);
      return { loss: value.dataSync()[0], values: grads.flatMap((each) => [...each.dataSync()]) };
    },
  };
}

export async function load(backend: 'wasm' | 'cpu'): Promise<Subject<Task>> {
  const { tf, version } = await loadTfjs<Tf>(backend);
  return { version, prepare: (task) => prepare(tf, task) };
}
