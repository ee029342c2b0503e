// @ts-check
// A training as a program, to be killed: node trainings.mjs <checkpoint> <epochs>. Prints its parameters' bits at the end.

import { engine } from 'bitgrad';

/** @type {import('bitgrad').NetworkOptions} */
export const OPTIONS = {
  inputs: 2,
  layers: [
    { units: 8, activation: 'tanh' },
    { units: 1, activation: 'sigmoid' },
  ],
  loss: 'binaryCrossEntropy',
  seed: 1,
};

/** Two classes, on either side of a hyperbola. @param {number} rows */
export function data(rows) {
  const X = Array.from({ length: rows }, (_, i) => [Math.sqrt((i * 37) % 101) - 5, Math.sqrt((i * 53) % 97) - 5]);
  return { X, y: X.map(([a, b]) => (a * b > 0 ? 1 : 0)) };
}

/** @type {import('bitgrad/train').FitOptions} */
export const FIT = {
  optimizer: 'adam',
  batchSize: 32,
  validationSplit: 0.2,
  earlyStopping: { patience: 1000 },
  schedule: { name: 'cosine', warmup: 3 },
  metrics: ['accuracy'],
  // So little work would not go to a worker by itself.
  background: true,
};

/** @param {import('bitgrad').Network} net */
export const bits = (net) => Buffer.from(net.parameters.slice().buffer).toString('hex');

const [, program, path, epochs] = process.argv;
if (program?.endsWith('trainings.mjs')) {
  const { X, y } = data(400);
  const net = engine.network(OPTIONS);
  const { seconds, totalSeconds, ...history } = await net.fit(X, y, {
    ...FIT,
    epochs: Number(epochs),
    checkpoint: { path, resume: true, keep: 2 },
  });
  console.log(bits(net), JSON.stringify(history), seconds.length, totalSeconds > 0);
}
