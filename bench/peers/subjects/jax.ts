// jax-js on its WebAssembly device: one jit-compiled call for the loss and all gradients.

import type { Prepared, Subject } from '../../contest/protocol.js';
import { loadJax } from '../libraries/jax.js';
import { type Floats, makeData, outputsOf, type Task } from '../task.js';

/** The part of jax-js that is used here: it need not be installed to check these types. */
interface Value {
  /** Another reference: every call takes one away. */
  readonly ref: Value;
  reshape(shape: number[]): Value;
  add(x: Value): Value;
  sub(x: Value): Value;
  mul(x: Value | number): Value;
  sum(): Value;
  dataSync(): Floats;
  blockUntilReady(): Promise<Value>;
  dispose(): void;
}
type Layers = [Value, Value][];
interface Jax {
  jit<F>(f: F): F;
  valueAndGrad<A extends unknown[]>(
    f: (layers: Layers, ...rest: A) => Value,
  ): (l: Layers, ...rest: A) => [Value, Layers];
  numpy: { array(values: Floats): Value; matmul(a: Value, b: Value): Value; square(x: Value): Value };
  nn: Record<'relu' | 'sigmoid' | 'softmax' | 'logSoftmax', (x: Value) => Value>;
}

/** So it was when float64 was added: https://github.com/ekzhang/jax-js/pull/12 */
const CAVEAT = 'its exp and log of float64 go through float32';

function prepare({ numpy, nn, jit, valueAndGrad }: Jax, task: Task): Prepared {
  const { kind, rows, sizes } = task;
  const data = makeData(task);
  const matrix = (values: Floats, shape: number[]) => numpy.array(values).reshape(shape);
  const X = matrix(data.X, [rows, sizes[0]]);
  if (kind === 'sigmoid') {
    const sigmoid = jit((x: Value) => nn.sigmoid(x));
    const run = async () => {
      const out = sigmoid(X.ref);
      await out.blockUntilReady(); // dataSync() would copy it as well
      out.dispose();
    };
    return { run, asynchronous: true, result: () => ({ values: sigmoid(X.ref).dataSync() }) };
  }

  const layers = data.layers.map(({ inputs, units, weights, biases }): [Value, Value] => [
    matrix(weights, [inputs, units]),
    matrix(biases, [units]),
  ]);
  const references = (): Layers => layers.map(([w, b]) => [w.ref, b.ref]);
  /** What enters the last activation. */
  const logits = (parameters: Layers, x: Value) =>
    parameters.reduce((h, [w, b], i) => numpy.matmul(i ? nn[task.hidden](h) : h, w).add(b), x);

  if (kind === 'forward') {
    const forward = jit((parameters: Layers, x: Value) => nn[task.output](logits(parameters, x)));
    const run = () => forward(references(), X.ref).dataSync();
    return { run, result: () => ({ values: run() }) };
  }

  const y = matrix(data.y, [rows, outputsOf(task)]);
  const loss = (parameters: Layers, x: Value, target: Value) => {
    const z = logits(parameters, x);
    if (task.output === 'softmax')
      return nn
        .logSoftmax(z)
        .mul(target)
        .sum()
        .mul(-1 / rows);
    return numpy
      .square(nn.sigmoid(z).sub(target))
      .sum()
      .mul(0.5 / rows);
  };
  const step = jit(valueAndGrad(loss));
  return {
    run() {
      const [value, gradients] = step(references(), X.ref, y.ref);
      value.dataSync(); // runs what the call has put off: the gradients with it
      for (const [w, b] of gradients) {
        w.dispose();
        b.dispose();
      }
    },
    result() {
      const [value, gradients] = step(references(), X.ref, y.ref);
      return { loss: value.dataSync()[0], values: gradients.flat().flatMap((each) => [...each.dataSync()]) };
    },
  };
}

export async function load(): Promise<Subject<Task>> {
  const { jax, version } = await loadJax<Jax>();
  return {
    version,
    prepare: (task) => ({ ...prepare(jax, task), caveat: task.dtype === 'f64' ? CAVEAT : undefined }),
  };
}
