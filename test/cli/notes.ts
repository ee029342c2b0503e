// Notes as a training leaves them.

import type { RunNotes } from '../../src/tables/index.js';

const digest = 'ab'.repeat(32);

export const NOTES: RunNotes = {
  notes: 1,
  command: 'bitgrad train data.csv --target size --seed 1',
  data: {
    files: [{ name: 'data.csv', bytes: 12345, sha256: digest }],
    format: 'csv',
    rows: 200,
    trainRows: 160,
    validationRows: 40,
    skippedRows: 0,
    droppedRows: 0,
    streamed: false,
  },
  schema: {
    task: 'classify',
    columns: [
      { name: 'x', kind: 'number', missing: 2, fill: 0.3, min: -2.5, max: 2.2, mean: 0.01, std: 1.1 },
      { name: 'a letter', kind: 'category', categories: ['a', 'b', 'c'], missing: 0 },
    ],
    target: { name: 'size', kind: 'category', classes: ['less', 'more'], counts: [90, 70] },
    dropped: [{ name: 'id', why: 'every row has another one' }],
    missing: 'mean',
    scale: 'standard',
  },
  network: {
    inputs: 5,
    layers: [
      { units: 6, activation: 'relu' },
      { units: 4, activation: 'relu' },
      { units: 1, activation: 'logistic' },
    ],
    loss: 'binaryCrossEntropy',
    parameters: 69,
    dtype: 'f64',
    optimizer: 'adam',
    batchSize: 32,
    seed: 1,
  },
  history: {
    loss: [0.7, 0.5, 0.4, 0.35],
    validationLoss: [0.8, 0.6, 0.5, 0.52],
    learningRate: [0.001, 0.001, 0.001, 0.001],
    epochs: 4,
    every: 1,
    bestEpoch: 3,
    stopReason: 'epochs',
  },
  evaluation: { on: 'validation', rows: 40, metrics: { accuracy: 0.95, logLoss: 0.12 } },
  version: '0.1.0',
  contractVersion: 2,
};
