// TensorFlow.js, float32 alone: its WebAssembly and its JavaScript backend.

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { CannotDo, type Prepared, type Subject } from '../subject.js';
import { type Floats, makeData, outputsOf, type Task } from '../task.js';

interface Tensor {
  dataSync(): Floats;
  dispose(): void;
}
type Unary = (x: Tensor) => Tensor;
type Binary = (a: Tensor, b: Tensor) => Tensor;

/** The part of TensorFlow.js that is used here: it need not be installed to check these types. */
interface Tf extends Record<'relu' | 'sigmoid' | 'softmax' | 'square' | 'sum', Unary> {
  version_core: string;
  setWasmPaths(folder: string): void;
  setThreadsCount(threads: number): void;
  setBackend(name: string): Promise<boolean>;
  getBackend(): string;
  env(): { getAsync(flag: string): Promise<unknown> };
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

/** bench/peers/setup.mjs bundles it as browsers get it: Node's own entry of tfjs-core has no gradients. */
const BUNDLE = new URL('../../../build/peers/tfjs.cjs', import.meta.url);
const WASM = new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url);

export async function load(backend: 'wasm' | 'cpu'): Promise<Subject> {
  const tf: Tf = createRequire(import.meta.url)(fileURLToPath(BUNDLE));
  tf.setWasmPaths(fileURLToPath(WASM));
  tf.setThreadsCount(1);
  if (!(await tf.setBackend(backend))) throw new Error(`its backend ${backend} did not start`);
  const simd = backend === 'wasm' && (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? ', SIMD, one thread' : '';
  return { version: `${tf.version_core}, ${tf.getBackend()}${simd}`, prepare: (task) => prepare(tf, task) };
}
