// jax-js on its WebAssembly device: a step of adam, gradients and all, in one jit-compiled call. It has no optimizers of its
// own in the registry; these are the formulas of bitgrad's.

import { random } from 'bitgrad';
import type { Subject } from '../../contest/protocol.js';
import { loadJax } from '../../peers/libraries/jax.js';
import { accuracyOf, ROWS, readMnist } from '../mnist.mjs';
import { type Task, targetsOf } from '../task.js';
import { type Trained, training } from '../training.js';

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

function logits({ numpy, nn }: Jax, [w1, b1, w2, b2]: Values, x: Value): Value {
  return numpy.matmul(nn.relu(numpy.matmul(x, w1).add(b1)), w2).add(b2);
}

function stepOf(jax: Jax, batch: number): Step {
  const { numpy, nn, jit, valueAndGrad } = jax;
  const loss = (p: Values, x: Value, y: Value) =>
    nn
      .logSoftmax(logits(jax, p, x))
      .mul(y)
      .sum()
      .mul(-1 / batch);
  const differentiate = valueAndGrad(loss);
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

const data: Record<'X' | 'y', Float32Array> = { X: new Float32Array(0), y: new Float32Array(0) };
let steps: { full: Step; last: Step } | undefined;

function train(jax: Jax, { inputs, hidden, outputs, batchSize, learningRate, epochs }: Task): Trained {
  const { numpy, tree } = jax;
  if (data.X.length === 0) {
    data.X = new Float32Array(ROWS.train * inputs);
    data.y = targetsOf(readMnist('train', data.X), outputs);
  }
  steps ??= { full: stepOf(jax, batchSize), last: stepOf(jax, ROWS.train % batchSize) };
  const rng = random(1);
  const weights = (rows: number, cols: number) => {
    const bound = Math.sqrt(6 / (rows + cols));
    const drawn = Float32Array.from(rng.rand(rows, cols).data, (x) => (2 * x - 1) * bound);
    return numpy.array(drawn).reshape([rows, cols]);
  };
  const zeros = (shape: number[]) => numpy.array(new Float32Array(shape.reduce((a, b) => a * b))).reshape(shape);
  const shapes = [[inputs, hidden], [hidden], [hidden, outputs], [outputs]];
  let p = [weights(inputs, hidden), zeros([hidden]), weights(hidden, outputs), zeros([outputs])];
  let [m, v] = [shapes.map(zeros), shapes.map(zeros)];

  const start = performance.now();
  let t = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = rng.permutation(ROWS.train);
    for (let from = 0; from < ROWS.train; from += batchSize) {
      const n = Math.min(batchSize, ROWS.train - from);
      const x = new Float32Array(n * inputs);
      const y = new Float32Array(n * outputs);
      for (let i = 0; i < n; i++) {
        const row = order[from + i];
        x.set(data.X.subarray(row * inputs, (row + 1) * inputs), i * inputs);
        y.set(data.y.subarray(row * outputs, (row + 1) * outputs), i * outputs);
      }
      t++;
      const rate = (learningRate * Math.sqrt(1 - BETA2 ** t)) / (1 - BETA1 ** t);
      const step = n === batchSize ? steps.full : steps.last;
      const [X, Y] = [numpy.array(x).reshape([n, inputs]), numpy.array(y).reshape([n, outputs])];
      const [newP, newM, newV, loss] = step(p, m, v, numpy.array(Float32Array.of(rate)), X, Y);
      [p, m, v] = [newP, newM, newV];
      loss.dataSync(); // runs what the call has put off, and takes the reference away
    }
  }
  const seconds = (performance.now() - start) / 1000;

  const test = new Float32Array(ROWS.t10k * inputs);
  const labels = readMnist('t10k', test);
  const predicted = logits(jax, p, numpy.array(test).reshape([ROWS.t10k, inputs]));
  const accuracy = accuracyOf(predicted.dataSync(), labels);
  tree.dispose([m, v]);
  return { seconds, accuracy };
}

export async function load(): Promise<Subject<Task>> {
  const { jax, version } = await loadJax<Jax>();
  return { version, prepare: training((task) => train(jax, task)) };
}
