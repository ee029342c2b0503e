// @ts-check
// Matrices as arrays of rows, and the calculus of a small network, as one writes them by hand.

/** @typedef {number[][]} Rows */

/** @param {Rows} rows */
export const matrix = (rows) => rows.map((row) => [...row]);

/** @param {Rows} a */
const transposed = (a) => a[0].map((_, j) => a.map((row) => row[j]));

/** @param {Rows} a @param {(x: number, i: number, j: number) => number} f */
const map = (a, f) => a.map((row, i) => row.map((x, j) => f(x, i, j)));

/** @param {Rows} a @param {Rows} b @param {{ transposeA?: boolean, transposeB?: boolean }} [options] @returns {Rows} */
export function matmul(a, b, { transposeA = false, transposeB = false } = {}) {
  const left = transposeA ? transposed(a) : a;
  const right = transposeB ? b : transposed(b);
  return left.map((row) => right.map((col) => row.reduce((sum, x, k) => sum + x * col[k], 0)));
}

/** @param {Rows} a */
export const sigmoid = (a) => map(a, (x) => 1 / (1 + Math.exp(-x)));

/** @param {Rows} s sigmoids */
const sigmoidDerivative = (s) => map(s, (x) => x * (1 - x));

/** @param {Rows} yTrue @param {Rows} yPred */
export function mseLoss(yTrue, yPred) {
  const squares = yTrue.flatMap((row, i) => row.map((y, j) => (y - yPred[i][j]) ** 2));
  return squares.reduce((sum, each) => sum + each, 0) / squares.length;
}

/** y += alpha x. @param {number} alpha @param {Rows} x @param {Rows} y */
export function axpy(alpha, x, y) {
  for (const [i, row] of x.entries()) for (const [j, each] of row.entries()) y[i][j] += alpha * each;
  return y;
}

/** @param {Rows} X @param {Rows} y @param {Rows} W1 @param {Rows} W2 */
export function forwardAndBackward(X, y, W1, W2) {
  const hidden = sigmoid(matmul(X, W1));
  const output = sigmoid(matmul(hidden, W2));
  const [atHidden, atOutput] = [sigmoidDerivative(hidden), sigmoidDerivative(output)];
  const outputGradient = map(y, (each, i, j) => (each - output[i][j]) * atOutput[i][j]);
  const hiddenGradient = map(matmul(outputGradient, W2, { transposeB: true }), (g, i, j) => g * atHidden[i][j]);
  return { output, outputGradient, hiddenGradient };
}
