// @ts-check
// A network with one hidden layer learns XOR. before.mjs computes it by hand (plain.mjs), after.mjs with bitgrad: they differ in
// the line that imports, and print the same. The third column of X is 1, in place of biases.
//
//   node examples/drop-in/before.mjs
//   node examples/drop-in/after.mjs
//   diff examples/drop-in/before.mjs examples/drop-in/after.mjs

import { axpy, forwardAndBackward, matmul, matrix, mseLoss, sigmoid } from 'bitgrad';

const [STEPS, RATE] = [5000, 1];
const X = matrix([0, 1, 2, 3].map((i) => [i >> 1, i & 1, 1]));
const y = matrix([[0], [1], [1], [0]]);
/** @param {number} rows @param {number} cols */
const weights = (rows, cols) =>
  matrix(Array.from({ length: rows }, (_, i) => Array.from({ length: cols }, (_, j) => Math.sin(5 * i + 3 * j + 1))));
const W1 = weights(3, 4);
const W2 = weights(4, 1);

for (let step = 0; step <= STEPS; step++) {
  const { output, outputGradient, hiddenGradient } = forwardAndBackward(X, y, W1, W2);
  if (step % 1000 === 0) console.log(`step ${step}: loss ${mseLoss(y, output).toFixed(8)}`);
  const hidden = sigmoid(matmul(X, W1));
  axpy(RATE, matmul(hidden, outputGradient, { transposeA: true }), W2);
  axpy(RATE, matmul(X, hiddenGradient, { transposeA: true }), W1);
}

const { output } = forwardAndBackward(X, y, W1, W2);
console.log(`XOR: ${Array.from(output, ([p]) => p.toFixed(6)).join(' ')}`);
