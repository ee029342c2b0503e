// The data sets that estimators are tested with: rows of features, and a label for each.

import { readFileSync } from 'node:fs';

export interface DataSet {
  X: number[][];
  y: number[];
}

function read(path: string): DataSet {
  const rows = readFileSync(new URL(path, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number));
  return { X: rows.map((row) => row.slice(0, -1)), y: rows.map((row) => row[row.length - 1]) };
}

/** 150 x 4, three classes, sorted by class. */
export const iris = (): DataSet => read('../fixtures/iris.csv');
/** 569 x 30, two classes. */
export const breastCancer = (): DataSet => read('../fixtures/breast_cancer.csv');

/** 1797 x 64 from 0 to 1, ten classes; those below `classes`. */
export function digits(classes = 10): DataSet {
  const { X, y } = read('../../examples/data/digits.csv');
  const kept = y.flatMap((label, i) => (label < classes ? [i] : []));
  return { X: kept.map((i) => X[i].map((pixel) => pixel / 16)), y: kept.map((i) => y[i]) };
}
