// numpy-ts, NumPy's functions over WebAssembly: backpropagation and adam by hand. What a step makes is given back at its end.

import type { Subject } from '../../contest/protocol.js';
import { loadNumpyTs } from '../../peers/libraries/numpy-ts.js';
import { batchesOf, type Task, training } from '../task.js';

interface Values {
  readonly T: Values;
  reshape(...shape: number[]): Values;
  dispose(): void;
}
type Unary = (x: Values) => Values;
type Binary = (a: Values, b: Values | number) => Values;
type Reduction = (x: Values, axis?: number, keepdims?: boolean) => Values | number;

/** The part of numpy-ts that is used here: it need not be installed to check these types. */
interface Np
  extends Record<'ascontiguousarray' | 'exp' | 'log' | 'sqrt' | 'square', Unary>,
    Record<'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'greater' | 'matmul', Binary>,
    Record<'sum' | 'max', Reduction> {
  frombuffer(values: Float32Array, dtype: 'float32'): Values;
}

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

export async function load(): Promise<Subject<Task>> {
  const { np, version } = await loadNumpyTs<Np>();
  const made: Values[] = [];
  const keep = (values: Values | number): Values => {
    made.push(values as Values);
    return values as Values;
  };
  const matrix = (values: Float32Array, rows: number) =>
    np.frombuffer(values, 'float32').reshape(rows, values.length / rows);
  /** As a copy, which is faster than a product with the view. */
  const transposed = (x: Values) => keep(np.ascontiguousarray(keep(x.T)));

  const prepare = training((task, { X, y, layers }) => {
    const { rows, batchSize, learningRate, epochs } = task;
    const batched = (values: Float32Array) => batchesOf(values, task).map((each) => matrix(each, batchSize));
    const [xs, ys] = [batched(X as Float32Array), batched(y as Float32Array)];
    // Copies: what is adopted from a buffer is that buffer.
    const p = layers.flatMap(({ inputs, weights, biases }) => [
      matrix(weights.slice() as Float32Array, inputs),
      matrix(biases.slice() as Float32Array, 1),
    ]);
    const zeros = () =>
      layers.flatMap(({ inputs, weights, biases }) => [
        matrix(new Float32Array(weights.length), inputs),
        matrix(new Float32Array(biases.length), 1),
      ]);
    const [m, v] = [zeros(), zeros()];
    const last = layers.length - 1;
    const forward = (x: Values) => {
      const values = [x];
      for (let i = 0; i <= last; i++) {
        const z = keep(np.add(keep(np.matmul(values[i], p[2 * i])), p[2 * i + 1]));
        if (i < last) values.push(keep(np.maximum(z, 0)));
        else {
          const e = keep(np.exp(keep(np.subtract(z, keep(np.max(z, 1, true))))));
          values.push(keep(np.divide(e, keep(np.sum(e, 1, true)))));
        }
      }
      return values;
    };
    const free = () => {
      for (const each of made) each.dispose();
      made.length = 0;
    };
    const step = (x: Values, target: Values, rate: number) => {
      const values = forward(x);
      let error = keep(np.multiply(keep(np.subtract(values[last + 1], target)), 1 / batchSize));
      for (let i = last; i >= 0; i--) {
        const gradients = [keep(np.matmul(transposed(values[i]), error)), keep(np.sum(error, 0, true))];
        if (i > 0) {
          const through = keep(np.matmul(error, transposed(p[2 * i])));
          error = keep(np.multiply(through, keep(np.greater(values[i], 0))));
        }
        gradients.forEach((g, j) => {
          const at = 2 * i + j;
          const next = (old: Values, value: Values) => {
            made.push(old);
            return value;
          };
          m[at] = next(m[at], np.add(keep(np.multiply(m[at], BETA1)), keep(np.multiply(g, 1 - BETA1))));
          v[at] = next(
            v[at],
            np.add(keep(np.multiply(v[at], BETA2)), keep(np.multiply(keep(np.square(g)), 1 - BETA2))),
          );
          const slope = keep(np.add(keep(np.sqrt(v[at])), EPSILON));
          const move = keep(np.divide(keep(np.multiply(m[at], rate)), slope));
          p[at] = next(p[at], np.subtract(p[at], move));
        });
      }
      free();
    };
    const start = performance.now();
    let t = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const [i, x] of xs.entries()) {
        t++;
        step(x, ys[i], (learningRate * Math.sqrt(1 - BETA2 ** t)) / (1 - BETA1 ** t));
      }
    }
    const ms = performance.now() - start;
    const [all, targets] = [matrix(X as Float32Array, rows), matrix(y as Float32Array, rows)];
    const output = forward(all)[last + 1];
    const loss = -(np.sum(keep(np.multiply(targets, keep(np.log(output))))) as number) / rows;
    free();
    for (const each of [...xs, ...ys, ...p, ...m, ...v]) each.dispose();
    return { ms, loss };
  });
  return { version: `${version}, by hand`, prepare };
}
