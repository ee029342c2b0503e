// The NumPy notebook this package started from: its printed digits, and NumPy's own numbers within derived bounds.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Matrix, random } from '../../src/common.js';
import * as tsApi from '../../src/ts.js';
import * as wasmApi from '../../src/wasm.js';
import { maxUlps, ulps } from '../support/ulps.js';

interface Fixture {
  notebook: Record<'X' | 'y' | 'W1' | 'W2' | 'output' | 'output_gradient' | 'hidden_gradient', number[][]> & {
    printed: string[];
  };
  dot: { aShape: number[]; a: number[]; bShape: number[]; b: number[]; shape: number[]; result: number[] }[];
  mse: { n: number; seed: number; loss: number }[];
}

const fixture: Fixture = JSON.parse(readFileSync(new URL('../fixtures/seed.json', import.meta.url), 'utf8'));
const { X, y, W1, W2, output, output_gradient, hidden_gradient, printed } = fixture.notebook;

/**
 * Relative errors in u = 2^-53, to first order; a result that is r u off is at most r ulp off. Ours and NumPy's each:
 * X W1           2 u a product of two positive terms (BLAS may fuse: less)
 * hidden         4 u from sigmoid (2 ulp, ours; NumPy's exp, sum and quotient: less) + 0.28 * 2 u  = 4.6
 * hidden W2      4.6 u + 3 u (three positive terms)                                                = 7.6
 * output = 0.69  4 u + 7.6 u * z (1 - output), z = 0.81                                            = 5.9
 * y - output     5.9 u * 0.69 / 0.39 + 1 u                                                         = 11.4
 * 1 - output     5.9 u * 0.69 / 0.31 + 1 u                                                         = 14.3
 * gradient       11.4 + 5.9 + 14.3 + 2 roundings                                                   = 33.6
 * hidden grad.   33.6 + 1 + 4.6 + (4.6 * 0.57 / 0.43 + 1) + 2                                      = 48.3
 */
const BOUNDS = { output: 2 * 5.9, outputGradient: 2 * 33.6, hiddenGradient: 2 * 48.3 };

/** As NumPy prints a row: 8 decimals. */
const print = (matrix: Matrix): string =>
  `[[${matrix
    .toArray()[0]
    .map((x) => x.toFixed(8))
    .join(' ')}]]`;

test('the same numbers come from the same seed', () => {
  const rng = random(42);
  expect(rng.rand(2, 3).toArray()).toEqual(W1);
  expect(rng.rand(3, 1).toArray()).toEqual(W2);
});

describe.each([
  ['wasm', wasmApi],
  ['ts', tsApi],
])('%s', (_, api) => {
  test('reproduces what the notebook prints, to the last digit', () => {
    const result = api.forwardAndBackward(X, y, W1, W2);
    const lines = [print(result.output), print(result.outputGradient), print(result.hiddenGradient)];
    expect(lines).toEqual(['[[0.69167199]]', '[[-0.08352869]]', '[[-0.00120545 -0.01801573 -0.01251845]]']);
    expect(printed).toEqual(lines);
  });

  test("is as near to NumPy's full precision as the error analysis says", () => {
    const result = api.forwardAndBackward(X, y, W1, W2);
    expect(maxUlps(result.output.data, output[0])).toBeLessThanOrEqual(BOUNDS.output);
    expect(maxUlps(result.outputGradient.data, output_gradient[0])).toBeLessThanOrEqual(BOUNDS.outputGradient);
    expect(maxUlps(result.hiddenGradient.data, hidden_gradient[0])).toBeLessThanOrEqual(BOUNDS.hiddenGradient);
  });

  test.each(fixture.dot)('dot of $aShape and $bShape is what NumPy says, in value and shape', (each) => {
    const operand = (shape: number[], data: number[]) =>
      shape.length === 2 ? Matrix.from(data, [shape[0], shape[1]]) : Float64Array.from(data);
    const a = operand(each.aShape, each.a) as Matrix;
    const b = operand(each.bShape, each.b) as Matrix;
    const result: unknown = api.dot(a, b);
    if (each.shape.length === 0) {
      expect(result).toBe(each.result[0]);
    } else if (each.shape.length === 1) {
      expect(result).toEqual(Float64Array.from(each.result));
    } else {
      expect((result as Matrix).shape).toEqual(each.shape);
      expect(Array.from((result as Matrix).data)).toEqual(each.result);
    }
  });

  test.each(fixture.mse)('mseLoss of $n numbers is what NumPy says', ({ n, seed, loss }) => {
    const rng = random(seed);
    // Each term is off by 3 u and by 1 u for each addition, of which no term sees more than n / 8 + 12 in either
    // summation (16 lanes here, 8 partial sums and a tree in NumPy); the quotient adds 1 u.
    const bound = 2 * (3 + n / 8 + 12 + 1);
    expect(ulps(api.mseLoss(rng.rand(n), rng.rand(n)), loss)).toBeLessThanOrEqual(bound);
  });
});
