// A dense layer's kernels are the products of rule 2 and the sums of rule 3, restated here in the plainest loops.

import { describe, expect, test } from 'vitest';
import type { Backend } from '../../src/backend/backend.js';
import type { Dtype } from '../../src/kernels/contract.js';
import type { TypedArray } from '../../src/matrix/operand.js';
import { arrayOf, backends, dtypes, expectSameBits, rounding, runKernel } from '../support/backends.js';
import { LONG } from '../support/long.js';
import { MIXES, type Mix, numbers } from '../support/values.js';

interface Layer {
  rows: number;
  inputs: number;
  units: number;
  x: TypedArray;
  w: TypedArray;
  b: TypedArray;
  /** The error that arrives at z. */
  d: TypedArray;
}

function layer(dtype: Dtype, rows: number, inputs: number, units: number, mix: Mix = 'ordinary'): Layer {
  const [x, w, b, d] = [rows * inputs, inputs * units, units, rows * units].map((n, i) =>
    numbers(dtype, n, i + 1, mix),
  );
  return { rows, inputs, units, x, w, b, d };
}

/** z, dw, db and e; without a bias, db is what it was: 7. */
function run(backend: Backend, dtype: Dtype, { rows, inputs, units, x, w, b, d }: Layer, bias: boolean): TypedArray[] {
  const outputs = [rows * units, inputs * units, units, rows * inputs].map((n) => arrayOf(dtype, n).fill(7));
  return runKernel(backend, dtype, [x, w, b, d, ...outputs], 1, (kernels, [x, w, b, d, z, dw, db, e], work) => {
    kernels.dense_forward(rows, inputs, units, x, w, bias ? b : 0, z, work);
    kernels.dense_backward(rows, inputs, units, x, d, dw, bias ? db : 0, work);
    kernels.dense_input(rows, inputs, units, d, w, e, work);
  }).arrays.slice(4);
}

function restated(dtype: Dtype, { rows, inputs, units, x, w, b, d }: Layer, bias: boolean): TypedArray[] {
  const f = rounding(dtype);
  /** The matrix whose element (i, j) is one accumulator over `depth` terms. */
  const matrix = (m: number, n: number, depth: number, term: (i: number, j: number, p: number) => number) => {
    const result = arrayOf(dtype, m * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) for (let p = 0; p < depth; p++) result[i * n + j] += f(term(i, j, p));
    }
    return result;
  };
  const z = matrix(rows, units, inputs, (i, j, p) => x[i * inputs + p] * w[p * units + j]);
  const dw = matrix(inputs, units, rows, (i, j, p) => x[p * inputs + i] * d[p * units + j]);
  const db = matrix(1, units, rows, (_, j, p) => d[p * units + j]);
  const e = matrix(rows, inputs, units, (i, j, p) => d[i * units + p] * w[j * units + p]);
  return bias ? [z.map((value, i) => value + b[i % units]), dw, db, e] : [z, dw, db.fill(7), e];
}

const SHAPES = [
  [0, 3, 2],
  [3, 0, 2],
  [3, 2, 0],
  [1, 1, 1],
  [4, 1, 1],
  [5, 2, 1],
  [9, 1, 3],
  [13, 3, 5],
  [7, 9, 4],
  [6, 20, 7],
  [33, 18, 21],
  [256, 4, 3],
  [5, 300, 2],
];

const ROWS = [...Array.from({ length: 20 }, (_, i) => i + 1), 256];

describe.each(backends)('on %s', (_, backend) => {
  describe.each(dtypes)('%s', (dtype) => {
    test.each(SHAPES)('%i rows, %i inputs, %i units', (rows, inputs, units) => {
      const given = layer(dtype, rows, inputs, units);
      for (const bias of [true, false]) {
        const results = run(backend, dtype, given, bias);
        restated(dtype, given, bias).forEach((expected, i) => void expectSameBits(results[i], expected));
      }
    });

    // Which code a product takes goes by its three sizes: each is met with every other, and rows at the edges of groups and tiles.
    test.each(Array.from({ length: 40 }, (_, i) => i + 1))(
      '%i inputs, 1 to 40 units, 1 to 20 rows and 256',
      (inputs) => {
        // Otherwise every fifth, each time others.
        for (let units = LONG ? 1 : 1 + (inputs % 5); units <= 40; units += LONG ? 1 : 5) {
          const all = Array.from({ length: LONG ? 6 : 2 }, (_, i) => ROWS[(11 * i + inputs + units * 5) % ROWS.length]);
          for (const rows of all) {
            const given = layer(dtype, rows, inputs, units, MIXES[(rows + inputs + units) % MIXES.length]);
            const bias = (rows + units) % 3 > 0;
            const results = run(backend, dtype, given, bias);
            restated(dtype, given, bias).forEach((expected, i) => void expectSameBits(results[i], expected));
          }
        }
      },
    );

    test('sums of -0 are +0, with a bias of -0 too', () => {
      const zero = arrayOf(dtype, [-0]);
      const given = { rows: 1, inputs: 1, units: 1, x: arrayOf(dtype, [1]), w: zero, b: zero, d: zero };
      expect(run(backend, dtype, given, true).map(([value]) => value)).toEqual([0, 0, 0, 0]);
    });

    test('a row depends on itself alone: NaN in one leaves the others as they are', () => {
      const given = layer(dtype, 6, 3, 2);
      const whole = run(backend, dtype, given, true);
      for (let i = 0; i < 6; i++) {
        const x = given.x.slice().fill(NaN, i * 3, i * 3 + 1);
        const [z] = run(backend, dtype, { ...given, x }, true);
        expectSameBits(z, whole[0].map((value, at) => (at >> 1 === i ? NaN : value)) as TypedArray);
      }
    });
  });
});
