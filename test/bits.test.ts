// Every kernel gives the same bits in WebAssembly and in TypeScript, and writes nothing but its output.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCK, type Dtype, type DtypeKernels, kernelsOf } from '../src/kernels.js';
import type { TypedArray } from '../src/operand.js';
import { backends, dtypes, expectSameBits, type Run, runKernel } from './backends.js';
import { CASES, casesRun, mixes, numbers, property, seeds } from './values.js';

type Call = (kernels: DtypeKernels, addresses: number[], work: number) => unknown;

/** Runs a kernel on both backends: same result, same output array, inputs as before. Returns the output. */
function compare(
  dtype: Dtype,
  arrays: TypedArray[],
  output: number,
  shift: number,
  call: Call,
): TypedArray | undefined {
  const [first, second] = backends.map(([, backend]): Run => runKernel(backend, dtype, arrays, shift, call));
  expect(Object.is(first.value, second.value), `${first.value} is not ${second.value}`).toBe(true);
  arrays.forEach((before, i) => {
    expectSameBits(first.arrays[i], i === output ? second.arrays[i] : before);
    if (i !== output) expectSameBits(second.arrays[i], before);
  });
  return first.arrays[output];
}

const small = fc.nat(70);
/** Around the blocks of the product: 64 rows, 256 columns, 256 deep, and their halves. */
const edge = fc.constantFrom(1, 3, 4, 5, 63, 64, 65, 127, 128, 129, 255, 256, 257);
const shift = fc.nat(7);
const extra = fc.nat(5);

const GEMMS = ['gemm_nn', 'gemm_nt', 'gemm_tn', 'gemm_tt'] as const;

function productCase(size: fc.Arbitrary<number>) {
  return fc.record({
    m: size,
    n: size,
    k: size,
    extras: fc.tuple(extra, extra, extra),
    shift,
    mix: mixes,
    seed: seeds,
  });
}

type ProductCase = ReturnType<typeof productCase> extends fc.Arbitrary<infer T> ? T : never;

function compareProduct(name: (typeof GEMMS)[number], dtype: Dtype, c: ProductCase): void {
  const { m, n, k } = c;
  const [aRows, aCols] = name[5] === 'n' ? [m, k] : [k, m];
  const [bRows, bCols] = name[6] === 'n' ? [k, n] : [n, k];
  const lda = aCols + c.extras[0];
  const ldb = bCols + c.extras[1];
  const ldc = n + c.extras[2];
  const a = numbers(dtype, aRows * lda, c.seed, c.mix);
  const b = numbers(dtype, bRows * ldb, c.seed + 1, c.mix);
  const before = numbers(dtype, m * ldc, c.seed + 2, 'special');
  const after = compare(dtype, [a, b, before], 2, c.shift, (kernels, [x, y, z], work) =>
    kernels[name](m, n, k, x, lda, y, ldb, z, ldc, work),
  ) as TypedArray;
  for (let i = 0; i < m; i++) {
    expectSameBits(after.subarray(i * ldc + n, (i + 1) * ldc), before.subarray(i * ldc + n, (i + 1) * ldc));
  }
}

describe.each(dtypes)('products in %s', (dtype) => {
  for (const name of GEMMS) {
    property(`${name}, 0 to 70 each way`, 0.045, productCase(small), (c) => compareProduct(name, dtype, c));
    property(`${name} at block edges`, 0.004, productCase(edge), (c) => compareProduct(name, dtype, c));
  }
});

const atBlock = fc.constantFrom(BLOCK - 1, BLOCK);
const atBlockAndOver = fc.constantFrom(BLOCK - 1, BLOCK, BLOCK + 1);
const vectorCase = (size: fc.Arbitrary<number>) => fc.record({ n: size, shift, mix: mixes, seed: seeds });

const SUMS = ['dot', 'squared_error'] as const;

describe.each(dtypes)('sums over a block in %s', (dtype) => {
  const size = fc.oneof({ weight: 9, arbitrary: small }, { weight: 1, arbitrary: atBlock });
  for (const name of SUMS) {
    property(name, 0.04, vectorCase(size), ({ n, shift, mix, seed }) => {
      const x = numbers(dtype, n, seed, mix);
      const y = numbers(dtype, n, seed + 1, mix);
      compare(dtype, [x, y], -1, shift, (kernels, [xAt, yAt]) => kernels[name](n, xAt, yAt));
    });
  }
});

/** The elementwise kernels by their number of inputs; the output may be any of them. */
const UNARY = ['exp', 'expm1', 'log', 'log1p', 'sigmoid', 'sigmoid_derivative', 'tanh'] as const;
const BINARY = ['output_delta', 'hidden_delta'] as const;

describe.each(dtypes)('elementwise in %s', (dtype) => {
  const size = fc.oneof({ weight: 19, arbitrary: small }, { weight: 1, arbitrary: atBlockAndOver });
  for (const name of UNARY) {
    const cases = fc.tuple(vectorCase(size), fc.nat(1));
    property(name, 0.06, cases, ([{ n, shift, mix, seed }, output]) => {
      const arrays = [numbers(dtype, n, seed, mix), numbers(dtype, n, seed + 1, 'special')];
      compare(dtype, arrays, output, shift, (kernels, at) => kernels[name](n, at[0], at[output]));
    });
  }
  for (const name of BINARY) {
    const cases = fc.tuple(vectorCase(size), fc.nat(2));
    property(name, 0.05, cases, ([{ n, shift, mix, seed }, output]) => {
      const arrays = [0, 1, 2].map((i) => numbers(dtype, n, seed + i, mix));
      compare(dtype, arrays, output, shift, (kernels, at) => kernels[name](n, at[0], at[1], at[output]));
    });
  }
  property('axpy', 0.05, vectorCase(size), ({ n, shift, mix, seed }) => {
    // A factor in f64 whatever the dtype: where it is rounded is part of the contract.
    const [alpha] = numbers('f64', 1, seed + 2, mix);
    const arrays = [numbers(dtype, n, seed, mix), numbers(dtype, n, seed + 1, mix)];
    compare(dtype, arrays, 1, shift, (kernels, [x, y]) => kernels.axpy(n, alpha, x, y));
  });
});

test('no kernel is left out', () => {
  const tested = [...GEMMS, ...SUMS, ...UNARY, ...BINARY, 'axpy'].sort();
  const { bytes, ...kernels } = kernelsOf(backends[0][1].kernels, 'f64');
  expect(bytes).toBe(8);
  expect(Object.keys(kernels).sort()).toEqual(tested);
});

test('as many cases ran as were asked for', () => {
  expect(casesRun()).toBeGreaterThanOrEqual(CASES);
});
