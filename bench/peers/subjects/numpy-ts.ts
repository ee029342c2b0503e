// numpy-ts, NumPy's functions over WebAssembly: the formulas as python.py writes them for NumPy. What a step makes is given
// back at its end, as its manual has it for loops: its memory would be full before any collector runs.

import { CannotDo, type Prepared, type Subject } from '../../contest/protocol.js';
import { packageVersion } from '../packages.js';
import { type Floats, makeData, outputsOf, type Task } from '../task.js';

interface Values {
  readonly T: Values;
  readonly data: Floats;
  reshape(...shape: number[]): Values;
  dispose(): void;
}
type Unary = (x: Values) => Values;
type Binary = (a: Values, b: Values | number) => Values;
type Reduction = (x: Values, axis?: number, keepdims?: boolean) => Values | number;

/** The part of numpy-ts that is used here: it need not be installed to check these types. */
interface Np
  extends Record<'ascontiguousarray' | 'exp' | 'log' | 'negative' | 'reciprocal' | 'square', Unary>,
    Record<'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'greater' | 'matmul', Binary>,
    Record<'sum' | 'max', Reduction> {
  frombuffer(values: Floats, dtype: 'float64' | 'float32'): Values;
  wasmConfig: { useRelaxedSimd: 'auto' | boolean };
}

function prepare(np: Np, task: Task): Prepared {
  const { kind, rows, sizes, dtype } = task;
  const data = makeData(task);
  const made: Values[] = [];
  /** Given back by `free`. */
  const keep = (values: Values | number): Values => {
    if (typeof values === 'number') throw new CannotDo('a reduction gave a number where an array was expected');
    made.push(values);
    return values;
  };
  const free = () => {
    for (const each of made) each.dispose();
    made.length = 0;
  };
  const matrix = (values: Floats, ...shape: number[]) =>
    np.frombuffer(values, dtype === 'f32' ? 'float32' : 'float64').reshape(...shape);
  /** Runs `f` and gives back all it made. */
  const within =
    <T>(f: () => T) =>
    () => {
      const result = f();
      free();
      return result;
    };
  const copy = (values: Values) => values.data.slice();

  const add = (a: Values, b: Values | number) => keep(np.add(a, b));
  const multiply = (a: Values, b: Values | number) => keep(np.multiply(a, b));
  const sigmoid = (z: Values) => keep(np.reciprocal(add(keep(np.exp(keep(np.negative(z)))), 1)));
  const functions = {
    sigmoid,
    relu: (z: Values) => keep(np.maximum(z, 0)),
    softmax(z: Values) {
      const e = keep(np.exp(keep(np.subtract(z, keep(np.max(z, 1, true))))));
      return keep(np.divide(e, keep(np.sum(e, 1, true))));
    },
  };
  const X = matrix(data.X, rows, sizes[0]);
  if (kind === 'sigmoid') {
    return { run: within(() => sigmoid(X)), result: within(() => ({ values: copy(sigmoid(X)) })) };
  }

  const weights = data.layers.map(({ inputs, units, weights }) => matrix(weights, inputs, units));
  const biases = data.layers.map(({ units, biases }) => matrix(biases, units));
  const last = weights.length - 1;
  const forward = () => {
    const values = [X];
    for (let i = 0; i <= last; i++) {
      const z = add(keep(np.matmul(values[i], weights[i])), biases[i]);
      values.push(functions[i < last ? task.hidden : task.output](z));
    }
    return values;
  };
  if (kind === 'forward') {
    return {
      run: within(() => forward()[last + 1]),
      result: within(() => ({ values: copy(forward()[last + 1]) })),
    };
  }

  const y = matrix(data.y, rows, outputsOf(task));
  /** As a copy: a product with the view takes 12 ms where one with the copy takes 0.5 and the copy 1.2 (784 x 64 x 128, f32). */
  const transposed = (x: Values) => keep(np.ascontiguousarray(keep(x.T)));
  /** x (1 - x) */
  const slopeOf = (x: Values) => multiply(x, add(keep(np.negative(x)), 1));
  const step = () => {
    const values = forward();
    const output = values[last + 1];
    const difference = keep(np.subtract(output, y));
    const softmax = task.output === 'softmax';
    const terms = softmax ? multiply(y, keep(np.log(output))) : keep(np.square(difference));
    const loss = ((np.sum(terms) as number) * (softmax ? -1 : 0.5)) / rows;
    let error = multiply(softmax ? difference : multiply(difference, slopeOf(output)), 1 / rows);
    const gradients: Values[] = [];
    for (let i = last; i >= 0; i--) {
      gradients.unshift(keep(np.matmul(transposed(values[i]), error)), keep(np.sum(error, 0)));
      if (i === 0) break;
      const slope = task.hidden === 'relu' ? keep(np.greater(values[i], 0)) : slopeOf(values[i]);
      error = multiply(keep(np.matmul(error, transposed(weights[i]))), slope);
    }
    return { loss, gradients };
  };
  return {
    run: within(() => step().loss),
    result: within(() => {
      const { loss, gradients } = step();
      return { loss, values: gradients.flatMap((each) => [...each.data]) };
    }),
  };
}

export async function load(): Promise<Subject<Task>> {
  const name = 'numpy-ts';
  const np: Np = await import(name);
  const relaxed = np.wasmConfig.useRelaxedSimd === 'auto' ? 'relaxed SIMD where there is such' : 'SIMD';
  return { version: `${packageVersion(name)}, ${relaxed}, one thread`, prepare: (task) => prepare(np, task) };
}
