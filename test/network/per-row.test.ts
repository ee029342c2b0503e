// What is said of single rows: their own gradients and norms, and the outputs' derivatives.
//
// Tolerances: a sum of n terms in another order is off by at most 2 n u times the sum of their magnitudes, u = 2^-53 or
// 2^-24 (Higham, Accuracy and Stability of Numerical Algorithms, 4.2).

import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../../src/common.js';
import { Matrix } from '../../src/matrix/matrix.js';
import { arrayOf, dtypes, entries, expectSameBits } from '../support/backends.js';
import { LONG } from '../support/long.js';
import {
  ACTIVATIONS,
  columnSums,
  expectNear,
  flatten,
  LEGAL,
  LOSSES,
  type Net,
  type Options,
  rowsOf,
  targets,
  UNIT,
  uniform,
} from '../support/networks.js';

describe.each(entries)('%s', (_, api) => {
  describe.each(dtypes)('%s', (dtype) => {
    const u = UNIT[dtype];
    const build = (options: Partial<Options> = {}): Net =>
      api.network({ inputs: 4, layers: [{ units: 6, activation: 'tanh' }, 3], dtype, seed: 2, ...options });

    test.each(LOSSES)(
      '%s: a row of perSampleGradients is the gradient of that row, they add up, their norms are the norms',
      (loss) => {
        let checked = 0;
        for (const [at, activation] of LEGAL[loss].entries()) {
          // With biases and without; if there is no time in turns.
          for (const bias of LONG ? [true, false] : [(at + LOSSES.indexOf(loss)) % 2 === 0]) {
            const layers = [
              { units: 6, activation: 'silu' as const },
              { units: 3, activation },
            ];
            const net = build({ layers, loss, bias, reduction: 'sum' });
            const n = 260;
            const [X, y] = [uniform(dtype, n, 4, 3), targets(dtype, loss, n, 3, 4)];
            const each = net.perSampleGradients(X, y);
            expect(each.shape).toEqual([n, net.parameters.length]);
            for (const i of [0, 1, 255, 256, n - 1]) {
              const alone = net.gradients(rowsOf(X, i, i + 1), rowsOf(y, i, i + 1));
              expectSameBits(rowsOf(each, i, i + 1).data, arrayOf(dtype, flatten(alone)));
            }
            const sums = columnSums(each, Math.abs);
            const added = columnSums(each, (x) => x);
            expectNear(flatten(net.gradients(X, y)), added, (j) => 2 * n * u * sums[j]);
            const norms = net.gradientNorms(X, y);
            expect(norms).toBeInstanceOf(each.data.constructor);
            const expected = [...each].map((row) => Math.sqrt(Array.from(row).reduce((sum, x) => sum + x * x, 0)));
            expectNear(norms, expected, (i) => 2 * (each.cols + 8) * u * expected[i]);
            net.dispose();
            checked++;
          }
        }
        expect(checked).toBe((LONG ? 2 : 1) * LEGAL[loss].length);
      },
    );

    test('perSampleGradients of more parameters than a tile of rows has room for', () => {
      const net = build({ layers: [{ units: 1000, activation: 'relu' }, 50] });
      const [X, y] = [uniform(dtype, 40, 4, 5), uniform(dtype, 40, 50, 6)];
      const each = net.perSampleGradients(X, y);
      for (const i of [0, 7, 8, 20, 39]) {
        const alone = net.gradients(rowsOf(X, i, i + 1), rowsOf(y, i, i + 1));
        expectSameBits(rowsOf(each, i, i + 1).data, arrayOf(dtype, flatten(alone)));
      }
    });

    const hidden: ActivationName[] = ['gelu', 'softplus'];
    test.each(ACTIVATIONS)('the Jacobian of %s against central differences, whatever the loss', (activation) => {
      const losses = LOSSES.filter((loss) => LEGAL[loss].includes(activation));
      const layers = [...hidden, activation].map((name, i) => ({ units: 3 + (i % 2), activation: name }));
      const [inputs, outputs, n, h] = [4, 3, 5, 1e-5];
      const X = uniform(dtype, n, inputs, 11);
      for (const loss of losses) {
        const net = build({ layers, loss });
        const jacobian = net.jacobian(X);
        expect(jacobian.shape).toEqual([n * outputs, inputs]);
        const twin = build({ layers, loss, dtype: 'f64' });
        twin.parameters = net.parameters;
        for (let col = 0; col < inputs; col++) {
          const at = (step: number) => {
            const moved = Matrix.from(X, { dtype: 'f64' });
            for (let i = 0; i < n; i++) moved.set(i, col, X.get(i, col) + step);
            return twin.forward(moved).data;
          };
          const [above, below] = [at(h), at(-h)];
          const slopes = above.map((value, i) => (value - below[i]) / (2 * h));
          // In f32 a path through three layers of up to 4 numbers has 3 * (4 + 4 + 11) roundings.
          const tolerance = 1e-7 + (dtype === 'f32' ? 57 * u : 0);
          expectNear(
            Array.from(slopes, (_, i) => jacobian.get(i, col)),
            slopes,
            (i) => tolerance * Math.max(1, Math.abs(slopes[i])),
          );
        }
        net.dispose();
        twin.dispose();
      }
      expect(losses.length).toBeGreaterThanOrEqual(4);
    });

    test("the inputs' gradient is the Jacobian's transpose times the outputs' errors", () => {
      const net = build({ loss: 'squaredError', reduction: 'sum' });
      const [X, y] = [uniform(dtype, 300, 4, 1), uniform(dtype, 300, 3, 2)];
      const [o, jacobian] = [net.forward(X), net.jacobian(X)];
      const inputs = net.gradients(X, y, { wrtInputs: true }).inputs as Matrix;
      const terms = (i: number) =>
        [0, 1, 2].map(
          (j) =>
            (o.get(Math.floor(i / 4), j) - y.get(Math.floor(i / 4), j)) *
            jacobian.get(3 * Math.floor(i / 4) + j, i % 4),
        );
      const sum = (numbers: number[]) => numbers.reduce((total, x) => total + x, 0);
      const expected = Array.from(inputs.data, (_, i) => sum(terms(i)));
      expectNear(inputs.data, expected, (i) => 40 * u * (1 + sum(terms(i).map(Math.abs))));
    });
  });
});
