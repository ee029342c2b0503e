// ml-matrix, the backward pass written by hand.

import { Matrix } from 'ml-matrix';
import { CannotDo, type Prepared, type Subject } from '../../contest/protocol.js';
import { packageVersion } from '../packages.js';
import { type Floats, makeData, outputsOf, type Task } from '../task.js';

const matrixOf = (values: Floats, rows: number, cols: number) =>
  new Matrix(Array.from({ length: rows }, (_, row) => Array.from(values.subarray(row * cols, (row + 1) * cols))));

/** Of each element, into `out`: clone() and the like take several times as long. */
function map(matrix: Matrix, f: (value: number) => number, out = matrix): Matrix {
  for (let row = 0; row < matrix.rows; row++) {
    for (let col = 0; col < matrix.columns; col++) out.set(row, col, f(matrix.get(row, col)));
  }
  return out;
}

const sigmoid = (matrix: Matrix, out?: Matrix) => map(matrix, (x) => 1 / (1 + Math.exp(-x)), out);
const relu = (matrix: Matrix) => map(matrix, (x) => (x > 0 ? x : 0));

function softmax(matrix: Matrix): Matrix {
  matrix.subColumnVector(matrix.max('row')).exp();
  return matrix.divColumnVector(matrix.sum('row'));
}
const ACTIVATIONS = { sigmoid, relu, softmax };

/** `error` times the derivative of the activation whose values are `values`. */
function derive(error: Matrix, values: Matrix, name: 'sigmoid' | 'relu'): Matrix {
  for (let row = 0; row < error.rows; row++) {
    for (let col = 0; col < error.columns; col++) {
      const value = values.get(row, col);
      const slope = name === 'relu' ? (value > 0 ? 1 : 0) : value * (1 - value);
      error.set(row, col, error.get(row, col) * slope);
    }
  }
  return error;
}

function lossOf(task: Task, output: Matrix, y: Matrix): number {
  let sum = 0;
  for (let row = 0; row < y.rows; row++) {
    for (let col = 0; col < y.columns; col++) {
      const [o, target] = [output.get(row, col), y.get(row, col)];
      if (task.output === 'sigmoid') sum += 0.5 * (o - target) ** 2;
      else if (target !== 0) sum -= target * Math.log(o);
    }
  }
  return sum / task.rows;
}

function prepare(task: Task): Prepared {
  const { kind, rows, sizes, dtype } = task;
  if (dtype !== 'f64') throw new CannotDo('its matrices are Float64Array alone');
  const data = makeData(task);
  const X = matrixOf(data.X, rows, sizes[0]);
  if (kind === 'sigmoid') {
    const run = () => sigmoid(X, new Matrix(rows, sizes[0]));
    return { run, result: () => ({ values: run().to1DArray() }) };
  }

  const layers = data.layers.map(({ inputs, units, weights, biases }) => ({
    W: matrixOf(weights, inputs, units),
    b: Array.from(biases),
  }));
  const last = layers.length - 1;
  const forward = () => {
    const activations = [X];
    for (const [i, { W, b }] of layers.entries()) {
      activations.push(ACTIVATIONS[i < last ? task.hidden : task.output](activations[i].mmul(W).addRowVector(b)));
    }
    return activations;
  };
  if (kind === 'forward') {
    return { run: () => forward()[last + 1], result: () => ({ values: forward()[last + 1].to1DArray() }) };
  }

  const y = matrixOf(data.y, rows, outputsOf(task));
  const transposed = X.transpose();
  const step = () => {
    const activations = forward();
    const output = activations[last + 1];
    const loss = lossOf(task, output, y);
    let error = Matrix.sub(output, y).div(rows);
    if (task.output === 'sigmoid') error = derive(error, output, 'sigmoid');
    const gradients: [Matrix, number[]][] = [];
    for (let i = last; i >= 0; i--) {
      const left = i > 0 ? activations[i].transpose() : transposed;
      gradients.unshift([left.mmul(error), error.sum('column')]);
      if (i > 0) error = derive(error.mmul(layers[i].W.transpose()), activations[i], task.hidden);
    }
    return { loss, gradients };
  };
  return {
    run: step,
    result() {
      const { loss, gradients } = step();
      return { loss, values: gradients.flatMap(([W, b]) => [...W.to1DArray(), ...b]) };
    },
  };
}

export async function load(): Promise<Subject<Task>> {
  return { version: `${packageVersion('ml-matrix')}, by hand`, prepare };
}
