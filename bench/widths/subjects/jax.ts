// jax-js on its WebAssembly device: a step of adam, gradients and all, in one jit-compiled call, on batches that are its own.

import type { Subject } from '../../contest/protocol.js';
import { loadJax } from '../../peers/libraries/jax.js';
import { batchesOf, type Task, training } from '../task.js';

/** The part of jax-js that is used here: it need not be installed to check these types. */
interface Value {
  /** Another reference: every call takes one away. */
  readonly ref: Value;
  reshape(shape: number[]): Value;
  add(x: Value | number): Value;
  sub(x: Value): Value;
  mul(x: Value | number): Value;
  div(x: Value): Value;
  sum(): Value;
  dataSync(): Float32Array;
  dispose(): void;
}
type Values = Value[];
type Step = (p: Values, m: Values, v: Values, rate: Value, x: Value, y: Value) => [Values, Values, Values, Value];
interface Jax {
  jit<F>(f: F): F;
  valueAndGrad(f: (p: Values, x: Value, y: Value) => Value): (p: Values, x: Value, y: Value) => [Value, Values];
  tree: { dispose(tree: unknown): void };
  numpy: {
    array(values: Float32Array): Value;
    matmul(a: Value, b: Value): Value;
    sqrt(x: Value): Value;
  };
  nn: Record<'relu' | 'logSoftmax', (x: Value) => Value>;
}

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** The mean over the rows; weights and biases in turns. */
function lossOf({ numpy, nn }: Jax, p: Values, x: Value, y: Value, rows: number): Value {
  let h = x;
  for (let i = 0; i < p.length; i += 2) h = numpy.matmul(i > 0 ? nn.relu(h) : h, p[i]).add(p[i + 1]);
  return nn
    .logSoftmax(h)
    .mul(y)
    .sum()
    .mul(-1 / rows);
}

function stepOf(jax: Jax, batch: number): Step {
  const { numpy, jit, valueAndGrad } = jax;
  const differentiate = valueAndGrad((p: Values, x: Value, y: Value) => lossOf(jax, p, x, y, batch));
  return jit((p: Values, m: Values, v: Values, rate: Value, x: Value, y: Value) => {
    const [value, g] = differentiate(
      p.map((each) => each.ref),
      x,
      y,
    );
    const newM = m.map((each, i) => each.mul(BETA1).add(g[i].ref.mul(1 - BETA1)));
    const newV = v.map((each, i) => each.mul(BETA2).add(g[i].ref.mul(g[i]).mul(1 - BETA2)));
    const newP = p.map((each, i) =>
      each.sub(newM[i].ref.mul(i < p.length - 1 ? rate.ref : rate).div(numpy.sqrt(newV[i].ref).add(EPSILON))),
    );
    return [newP, newM, newV, value];
  });
}

export async function load(): Promise<Subject<Task>> {
  const { jax, version } = await loadJax<Jax>();
  const { numpy, tree } = jax;
  let step: Step | undefined;
  const prepare = training((task, { X, y, layers }) => {
    const { rows, batchSize, learningRate, epochs } = task;
    const matrix = (values: Float32Array, count: number) => numpy.array(values).reshape([count, values.length / count]);
    const batched = (values: Float32Array) => batchesOf(values, task).map((each) => matrix(each, batchSize));
    const [xs, ys] = [batched(X as Float32Array), batched(y as Float32Array)];
    let p = layers.flatMap(({ inputs, weights, biases }) => [
      matrix(weights as Float32Array, inputs),
      numpy.array(biases as Float32Array),
    ]);
    const zeros = () =>
      layers.flatMap(({ inputs, weights, biases }) => [
        matrix(new Float32Array(weights.length), inputs),
        numpy.array(new Float32Array(biases.length)),
      ]);
    let [m, v] = [zeros(), zeros()];
    step ??= stepOf(jax, batchSize);
    const start = performance.now();
    let t = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const [i, x] of xs.entries()) {
        t++;
        const rate = (learningRate * Math.sqrt(1 - BETA2 ** t)) / (1 - BETA1 ** t);
        const [newP, newM, newV, loss] = step(p, m, v, numpy.array(Float32Array.of(rate)), x.ref, ys[i].ref);
        [p, m, v] = [newP, newM, newV];
        loss.dataSync(); // runs what the call has put off, and takes the reference away
      }
    }
    const ms = performance.now() - start;
    const [loss] = lossOf(jax, p, matrix(X as Float32Array, rows), matrix(y as Float32Array, rows), rows).dataSync();
    tree.dispose([m, v, xs, ys]);
    return { ms, loss };
  });
  return { version, prepare };
}
