// @ts-check
// DP-SGD (Abadi et al. 2016): no row moves the parameters by more than CLIP, and noise of that size hides which rows were there.
// gradientNorms gives each row's norm without its gradient, so that a weight for each row clips them all in one backward pass.
// What epsilon that is for so many steps, a privacy accountant says; there is none in here.
//
//   node examples/private.mjs

import { network, random } from 'bitgrad';
import { optimizer } from 'bitgrad/train';

const [ROWS, STEPS, BATCH, CLIP, NOISE] = [2000, 300, 100, 1, 1];
const rng = random(1);

// Two clouds of points.
const X = rng.randn(ROWS, 2);
const y = Array.from({ length: ROWS }, (_, i) => i % 2);
for (const [i, row] of [...X].entries()) row[0] += y[i] ? 1.5 : -1.5;

const net = network({
  inputs: 2,
  layers: [
    { units: 16, activation: 'tanh' },
    { units: 1, activation: 'sigmoid' },
  ],
  loss: 'binaryCrossEntropy',
  reduction: 'sum',
  seed: 1,
});
const sgd = optimizer('sgd', net, { learningRate: 0.5 });
const gradients = net.zeroGradients();

const accuracy = () => {
  const right = Array.from(net.forward(X), ([p], i) => Number(p > 0.5) === y[i]).filter(Boolean).length;
  return `${((100 * right) / ROWS).toFixed(1)} %`;
};

console.log(`before: ${accuracy()}`);
let clipped = 0;
for (let step = 0; step < STEPS; step++) {
  // Each row by itself with the same chance, as the accounting wants it.
  const chosen = Array.from({ length: ROWS }, (_, i) => i).filter(() => rng.rand() < BATCH / ROWS);
  const rows = chosen.map((i) => [X.get(i, 0), X.get(i, 1)]);
  const targets = chosen.map((i) => y[i]);
  const sampleWeight = Array.from(net.gradientNorms(rows, targets), (norm) => Math.min(1, CLIP / norm));
  clipped += sampleWeight.filter((weight) => weight < 1).length;
  net.gradientsInto(rows, targets, gradients, { sampleWeight });
  sgd.step(gradients.parameters.map((g) => (g + NOISE * CLIP * rng.randn()) / BATCH));
}
console.log(
  `after ${STEPS} steps with noise ${NOISE}: ${accuracy()}; ${clipped} gradients of rows were clipped to ${CLIP}`,
);
