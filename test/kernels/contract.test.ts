// Each backend keeps the numeric contract of src/kernels/contract.ts, which is restated here in the plainest loops.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCK, type Dtype } from '../../src/kernels/contract.js';
import { Matrix } from '../../src/matrix/matrix.js';
import type { TypedArray } from '../../src/matrix/operand.js';
import { SumTree } from '../../src/numbers/tree.js';
import { arrayOf, backends, dtypes, entries, expectSameBits, rounding, runKernel } from '../support/backends.js';
import { mixes, numbers, seeds } from '../support/values.js';

type Round = (x: number) => number;

/** Rule 4's tree in the words of the contract: n leaves split at the largest power of two below n. */
function tree(leaves: readonly number[], round: Round): number {
  const n = leaves.length;
  if (n < 2) return n === 0 ? 0 : leaves[0];
  let split = 1;
  while (2 * split < n) split *= 2;
  return round(tree(leaves.slice(0, split), round) + tree(leaves.slice(split), round));
}

/** Rule 4 for terms that are rounded already. */
function sum(terms: readonly number[], round: Round): number {
  const blocks: number[] = [];
  for (let from = 0; from < terms.length; from += BLOCK) {
    let lanes = new Array<number>(16).fill(0);
    terms.slice(from, from + BLOCK).forEach((term, i) => {
      lanes[i % 16] = round(lanes[i % 16] + term);
    });
    for (const width of [8, 4, 2, 1]) lanes = lanes.slice(0, width).map((x, l) => round(x + lanes[l + width]));
    blocks.push(lanes[0]);
  }
  return tree(blocks, round);
}

/** Rule 2; element (i, p) of an operand stands at at(i, p). */
function product(dtype: Dtype, m: number, n: number, k: number, a: At, b: At): TypedArray {
  const round = rounding(dtype);
  const c = arrayOf(dtype, m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let accumulator = 0;
      for (let p = 0; p < k; p++) accumulator = round(accumulator + round(a(i, p) * b(p, j)));
      c[i * n + j] = accumulator;
    }
  }
  return c;
}
type At = (row: number, col: number) => number;

describe('the canonical tree', () => {
  // Numbers of mixed size, so that each other order of adding them would show.
  const leaves = Array.from(numbers('f64', 70, 1, 'ordinary'), (x, i) => x * 2 ** ((i * 37) % 60));

  test.each(dtypes)('SumTree adds as the recursive definition does, %s, 0 to 70 leaves', (dtype) => {
    const round = rounding(dtype);
    const rounded = leaves.map(round);
    for (let n = 0; n <= 70; n++) {
      const sums = new SumTree(dtype);
      for (const leaf of rounded.slice(0, n)) {
        sums.leaf = leaf;
        sums.add();
      }
      sums.finish();
      expect(sums.sum).toBe(tree(rounded.slice(0, n), round));
    }
  });

  test('any aligned power-of-two run of leaves can be added apart', () => {
    const exact = (x: number) => x;
    for (const size of [1, 2, 4, 8, 16, 32, 64]) {
      const runs: number[] = [];
      for (let i = 0; i < 70; i += size) runs.push(tree(leaves.slice(i, i + size), exact));
      expect(tree(runs, exact)).toBe(tree(leaves, exact));
    }
  });
});

describe.each(backends)('rule 2 on %s', (_, backend) => {
  test.each(dtypes)('a product is one accumulator for each element, k ascending, %s', (dtype) => {
    const shapes = [
      [0, 3, 2],
      [3, 2, 0],
      [1, 1, 1],
      [2, 3, 5],
      [7, 9, 8],
      [33, 18, 21],
      [5, 17, 300],
      [66, 5, 257],
    ];
    for (const [m, n, k] of shapes) {
      const a = numbers(dtype, m * k, 1, 'ordinary');
      const b = numbers(dtype, k * n, 2, 'ordinary');
      const c = numbers(dtype, m * n, 3, 'special'); // must not matter
      const run = (name: 'gemm_nn' | 'gemm_nt' | 'gemm_tn' | 'gemm_tt', lda: number, ldb: number) =>
        runKernel(backend, dtype, [a, b, c], 1, (kernels, [x, y, z], work) =>
          kernels[name](m, n, k, x, lda, y, ldb, z, n, work),
        ).arrays[2];
      const A: At = (i, p) => a[i * k + p];
      const At: At = (i, p) => a[p * m + i];
      const B: At = (p, j) => b[p * n + j];
      const Bt: At = (p, j) => b[j * k + p];
      expectSameBits(run('gemm_nn', k, n), product(dtype, m, n, k, A, B));
      expectSameBits(run('gemm_nt', k, k), product(dtype, m, n, k, A, Bt));
      expectSameBits(run('gemm_tn', m, n), product(dtype, m, n, k, At, B));
      expectSameBits(run('gemm_tt', m, k), product(dtype, m, n, k, At, Bt));
    }
  });

  test.each(dtypes)('an empty sum is +0, and so is a sum of -0, %s', (dtype) => {
    const zeros = arrayOf(dtype, [-0]);
    const run = (k: number) =>
      runKernel(backend, dtype, [zeros, arrayOf(dtype, [1]), arrayOf(dtype, [7])], 0, (kernels, [x, y, z], work) =>
        kernels.gemm_nn(1, 1, k, x, 1, y, 1, z, 1, work),
      ).arrays[2][0];
    expect([run(0), run(1)]).toEqual([0, 0]);
  });
});

describe.each(entries)('rule 4 on %s', (_, { dot, mseLoss }) => {
  const sizes = [0, 1, 15, 16, 17, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 5 * BLOCK + 3, 9 * BLOCK + 17];

  describe.each(dtypes)('%s', (dtype) => {
    const round = rounding(dtype);

    test.each(sizes)('dot and mseLoss of %i elements: lanes, blocks, tree', (n) => {
      const x = numbers(dtype, n, 4, 'ordinary');
      const y = numbers(dtype, n, 5, 'ordinary');
      const products = Array.from(x, (xi, i) => round(xi * y[i]));
      const squares = Array.from(x, (xi, i) => round(round(xi - y[i]) ** 2));
      expect(dot(x, y)).toBe(sum(products, round));
      expect(mseLoss(x, y)).toBe(round(sum(squares, round) / n));
    });

    test('mseLoss of matrices is that of their elements in a row', () => {
      const x = numbers(dtype, 7 * 1200, 6, 'ordinary');
      const y = numbers(dtype, 7 * 1200, 7, 'ordinary');
      const rows = (data: TypedArray) => [...new Matrix(1200, 7, data)];
      expect(mseLoss(new Matrix(1200, 7, x), new Matrix(1200, 7, y))).toBe(mseLoss(x, y));
      if (dtype === 'f64') expect(mseLoss(rows(x), rows(y))).toBe(mseLoss(x, y));
    });
  });
});

describe.each(entries)('row i depends on row i alone, whatever the batch, on %s', (_, entry) => {
  const dim = fc.integer({ min: 1, max: 40 });
  const batch = fc.oneof({ weight: 4, arbitrary: dim }, { weight: 1, arbitrary: fc.constantFrom(256, 257, 600) });
  const cases = fc.record({
    n: batch,
    sizes: fc.tuple(dim, dim, dim),
    pick: fc.nat(),
    mix: mixes,
    seed: seeds,
  });

  test.each(dtypes)('%s', (dtype) => {
    const row = (m: Matrix, i: number) => m.data.slice(i * m.cols, (i + 1) * m.cols);
    const alone = (m: Matrix, i: number) => new Matrix(1, m.cols, row(m, i));
    const check = fc.property(cases, ({ n, sizes: [inputs, hidden, outputs], pick, mix, seed }) => {
      const i = pick % n;
      const X = new Matrix(n, inputs, numbers(dtype, n * inputs, seed, mix));
      const y = new Matrix(n, outputs, numbers(dtype, n * outputs, seed + 1, mix));
      const W1 = new Matrix(inputs, hidden, numbers(dtype, inputs * hidden, seed + 2, 'ordinary'));
      const W2 = new Matrix(hidden, outputs, numbers(dtype, hidden * outputs, seed + 3, 'ordinary'));
      expectSameBits(row(entry.matmul(X, W1), i), entry.matmul(alone(X, i), W1).data);
      expectSameBits(row(entry.sigmoid(X), i), entry.sigmoid(alone(X, i)).data);
      const whole = entry.forwardAndBackward(X, y, W1, W2);
      const single = entry.forwardAndBackward(alone(X, i), alone(y, i), W1, W2);
      for (const key of ['output', 'outputGradient', 'hiddenGradient'] as const) {
        expectSameBits(row(whole[key], i), single[key].data);
      }
    });
    fc.assert(check, { numRuns: 100 });
  });
});

describe.each(entries)('C t = A (B t) on %s', (_, { matmul }) => {
  const dim = fc.integer({ min: 1, max: 90 });

  test.each(dtypes)('within the bound of both reduction lengths, %s', (dtype) => {
    const unit = dtype === 'f64' ? 2 ** -53 : 2 ** -24;
    const check = fc.property(dim, dim, dim, seeds, fc.boolean(), fc.boolean(), (m, n, k, seed, ta, tb) => {
      const a = new Matrix(m, k, numbers(dtype, m * k, seed, 'ordinary'));
      const b = new Matrix(k, n, numbers(dtype, k * n, seed + 1, 'ordinary'));
      const c = matmul(ta ? a.transpose() : a, tb ? b.transpose() : b, { transposeA: ta, transposeB: tb });
      const t = numbers('f64', n, seed + 2, 'ordinary');
      const times = (x: Matrix, v: ArrayLike<number>, f = (z: number) => z) =>
        x.toArray().map((row) => row.reduce((sum, z, j) => sum + f(z) * f(v[j]), 0));
      const left = times(c, t);
      const right = times(a, times(b, t));
      // Higham, Accuracy and Stability (2002), 3.5: gamma_k |A||B| for the product, gamma_n for each sum over t.
      const size = times(a, times(b, t, Math.abs), Math.abs);
      left.forEach((x, i) => {
        expect(Math.abs(x - right[i])).toBeLessThanOrEqual(2 * (k + n) * unit * size[i]);
      });
    });
    fc.assert(check, { numRuns: 100 });
  });
});
