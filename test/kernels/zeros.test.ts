// Zeros of a product's first factor are left out by the WebAssembly kernels and not by the TypeScript ones: what they give is equal
// bit by bit wherever the zeros stand, and NaN where zero meets NaN or an infinity.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dtype } from '../../src/kernels/contract.js';
import type { TypedArray } from '../../src/matrix/operand.js';
import { type AllKernels, arrayOf, backends, dtypes, expectSameBits, runKernel } from '../support/backends.js';
import { property } from '../support/long.js';
import { generator, type Mix, mixes, numbers, seeds } from '../support/values.js';

/** Which elements of a matrix stay, of rows and columns as they lie, by so many random numbers below 1. */
const KINDS = {
  anywhere: (share, draws) => (i, j) => draws[(997 * i + j) % draws.length] < share,
  rows: (share, draws) => (i) => draws[i] < share,
  columns: (share, draws) => (_, j) => draws[j] < share,
  runs: (share, draws) => (i, j) => draws[13 * i + (j >> 4)] < share,
  // The last of a vector, of a block.
  edges: () => (_, j) => j % 64 === 63 || j % 5 === 4,
} satisfies Record<string, (share: number, draws: number[]) => (i: number, j: number) => boolean>;

interface Case {
  kind: keyof typeof KINDS;
  share: number;
  mix: Mix;
  seed: number;
  /** How many elements of the second factor are NaN or an infinity. */
  wild: number;
}

/** rows x cols, `ld` apart, of a mix, with zeros of both signs. */
function withZeros(dtype: Dtype, rows: number, cols: number, ld: number, { kind, share, mix, seed }: Case): TypedArray {
  const random = generator(seed + 99);
  const next = () => random() / 2 ** 32;
  const keeps = KINDS[kind](share, Array.from({ length: 9001 }, next));
  const result = numbers(dtype, rows * ld, seed, mix);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) if (!keeps(i, j)) result[i * ld + j] = next() < 0.5 ? 0 : -0;
  }
  return result;
}

function withWild(dtype: Dtype, length: number, { mix, seed, wild }: Case): TypedArray {
  // What a mix has of NaN and infinities would never let zeros be left out.
  const result = numbers(dtype, length, seed + 1, mix === 'special' || mix === 'sparse' ? 'ordinary' : mix);
  const next = generator(seed + 7);
  for (let i = 0; i < wild; i++) result[next() % length] = [NaN, Infinity, -Infinity][next() % 3];
  return result;
}

type Call = (kernels: AllKernels, addresses: number[], work: number) => unknown;

function compare(dtype: Dtype, arrays: TypedArray[], call: Call): TypedArray[] {
  const [wasm, ts] = backends.map(([, backend]) => runKernel(backend, dtype, arrays, 1, call).arrays);
  arrays.forEach((_, i) => void expectSameBits(wasm[i], ts[i]));
  return wasm;
}

type Shape = readonly [m: number, n: number, k: number, extra: number];

function compareProduct(dtype: Dtype, name: 'nn' | 'nt' | 'tn' | 'tt', [m, n, k, extra]: Shape, c: Case) {
  const [aRows, aCols] = name[0] === 't' ? [k, m] : [m, k];
  const [bRows, bCols] = name[1] === 't' ? [n, k] : [k, n];
  const [lda, ldb, ldc] = [aCols + extra, bCols + 2 * extra, n + extra];
  const arrays = [
    withZeros(dtype, aRows, aCols, lda, c),
    withWild(dtype, bRows * ldb, c),
    arrayOf(dtype, m * ldc).fill(7),
  ];
  compare(dtype, arrays, (kernels, [a, b, to], work) => {
    kernels[`gemm_${name}`](m, n, k, a, lda, b, ldb, to, ldc, work);
  });
}

function compareLayer(dtype: Dtype, [rows, units, inputs]: Shape, c: Case) {
  const x = withZeros(dtype, rows, inputs, inputs, c);
  const d = withZeros(dtype, rows, units, units, { ...c, seed: c.seed + 3 });
  const w = withWild(dtype, inputs * units, c);
  const b = withWild(dtype, units, { ...c, wild: 0 });
  const outputs = [rows * units, inputs * units, units, rows * inputs].map((length) => arrayOf(dtype, length).fill(7));
  compare(dtype, [x, w, b, d, ...outputs], (kernels, [x, w, b, d, z, dw, db, e], work) => {
    kernels.dense_forward(rows, inputs, units, x, w, b, z, work);
    kernels.dense_backward(rows, inputs, units, x, d, dw, db, work);
    kernels.dense_input(rows, inputs, units, d, w, e, work);
  });
}

/** Large enough for a look at the zeros, around groups of columns, blocks of 192 and 256, and turns of 16. */
const shape: fc.Arbitrary<Shape> = fc
  .tuple(
    fc.oneof(fc.integer({ min: 4, max: 150 }), fc.constantFrom(15, 16, 17, 64, 65, 128)),
    fc.oneof(fc.integer({ min: 9, max: 150 }), fc.constantFrom(16, 17, 31, 32, 33, 64, 100, 128)),
    fc.oneof(fc.integer({ min: 8, max: 150 }), fc.constantFrom(128, 191, 192, 193, 255, 256, 257, 384, 385, 450)),
    fc.nat(5),
  )
  .map(([m, n, k, extra]) => [Math.max(m, Math.ceil(2 ** 18 / (n * Math.min(k, 256)))), n, k, extra]);

const anyCase = fc.record({
  kind: fc.constantFrom(...(Object.keys(KINDS) as (keyof typeof KINDS)[])),
  share: fc.constantFrom(0, 0.02, 0.1, 0.2, 0.4, 0.5, 0.7, 1),
  mix: mixes,
  seed: seeds,
  wild: fc.constantFrom(0, 0, 0, 1, 5),
});

describe.each(dtypes)('zeros in %s', (dtype) => {
  for (const name of ['nn', 'nt', 'tn', 'tt'] as const) {
    property(`gemm_${name}`, 0.07, fc.tuple(shape, anyCase), ([shape, c]) => compareProduct(dtype, name, shape, c));
  }
  property('a dense layer there and back', 0.07, fc.tuple(shape, anyCase), ([shape, c]) => {
    compareLayer(dtype, shape, c);
  });

  test.each(['nn', 'nt', 'tn', 'tt'] as const)('gemm_%s of nothing but zeros is +0', (name) => {
    const c = { kind: 'anywhere', share: 0, mix: 'ordinary', seed: 1, wild: 0 } as const;
    const [m, n, k] = [80, 40, 300];
    const a = withZeros(dtype, m, k, k, c);
    const product = compare(
      dtype,
      [a, withWild(dtype, k * n, c), arrayOf(dtype, m * n).fill(7)],
      (kernels, at, work) => {
        const [lda, ldb] = [name[0] === 't' ? m : k, name[1] === 't' ? k : n];
        kernels[`gemm_${name}`](m, n, k, at[0], lda, at[1], ldb, at[2], n, work);
      },
    )[2];
    expectSameBits(product, arrayOf(dtype, m * n));
  });

  test.each([NaN, Infinity, -Infinity])('zero times %d is NaN, in its column alone, in every block', (wild) => {
    const c = { kind: 'anywhere', share: 0.05, mix: 'ordinary', seed: 2, wild: 0 } as const;
    const [m, n, k] = [64, 50, 600];
    const a = withZeros(dtype, m, k, k, c);
    for (const at of [0, 191, 192, 255, 256, 599]) {
      for (let i = 0; i < m; i++) a[i * k + at] = 0;
      for (const column of [0, 33, n - 1]) {
        const b = withWild(dtype, k * n, c);
        b[at * n + column] = wild;
        const [, , product] = compare(dtype, [a, b, arrayOf(dtype, m * n)], (kernels, [a, b, to], work) => {
          kernels.gemm_nn(m, n, k, a, k, b, n, to, n, work);
        });
        expect([...product.keys()].filter((i) => Number.isNaN(product[i]))).toEqual(
          Array.from({ length: m }, (_, i) => i * n + column),
        );
      }
    }
  });
});
