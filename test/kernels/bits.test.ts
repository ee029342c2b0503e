// Every kernel gives the same bits in WebAssembly and in TypeScript, and writes nothing but its output.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KERNEL_COUNT } from '../../src/kernels/UNKNOWN_KERNEL_COUNT.js';
import { kernelsOf } from '../../src/kernels/UNKNOWN_kernelsOf.js';
import { BLOCK, type Dtype } from '../../src/kernels/contract.js';
import type { CoreKernels, DtypeKernels } from '../../src/kernels/core.js';
import type { TypedArray } from '../../src/matrix/operand.js';
import { backends, dtypes, expectSameBits, type Run, runKernel } from '../support/backends.js';
import { type AnyKernel, ELEMENTWISE, ROWS, type Signature } from '../support/signatures.js';
import { CASES, casesRun, type Mix, mixes, numbers, property, seeds } from '../support/values.js';

type Call = (kernels: DtypeKernels, addresses: number[], work: number) => unknown;

/** Runs a kernel on both backends: same result, same outputs, other arrays as before. Returns the arrays. */
function compare(dtype: Dtype, arrays: TypedArray[], outputs: readonly number[], shift: number, call: Call) {
  const [first, second] = backends.map(([, backend]): Run => runKernel(backend, dtype, arrays, shift, call));
  expect(Object.is(first.value, second.value), `${first.value} is not ${second.value}`).toBe(true);
  arrays.forEach((before, i) => {
    expectSameBits(first.arrays[i], outputs.includes(i) ? second.arrays[i] : before);
    if (!outputs.includes(i)) expectSameBits(second.arrays[i], before);
  });
  return first.arrays;
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
  const [, , after] = compare(dtype, [a, b, before], [2], c.shift, (kernels, [x, y, z], work) =>
    kernels[name](m, n, k, x, lda, y, ldb, z, ldc, work),
  );
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
      compare(dtype, [x, y], [], shift, (kernels, [xAt, yAt]) => (kernels[name] as AnyKernel)(n, xAt, yAt));
    });
  }
});

interface OperandCase {
  shift: number;
  mix: Mix;
  seed: number;
  /** For each output which place it takes: an input's of its shape, or one of its own. */
  picks: number[];
}

const operandCase = { shift, mix: mixes, seed: seeds, picks: fc.tuple(fc.nat(), fc.nat()) };

/** Operands of those lengths; every output stands on an input, if a free one has its shape, or apart. */
function compareOperands(
  name: keyof CoreKernels,
  [scalarCount, inputs, outputs]: Signature,
  dtype: Dtype,
  sizes: number[],
  lengths: Record<string, number>,
  { shift, mix, seed, picks }: OperandCase,
): void {
  const arrays = [...inputs, ...outputs].map((shape, i) => numbers(dtype, lengths[shape], seed + i, mix));
  const places: number[] = [];
  [...outputs].forEach((shape, i) => {
    const free = [...inputs].flatMap((other, at) => (other === shape && !places.includes(at) ? at : []));
    places.push([...free, inputs.length + i][picks[i] % (free.length + 1)]);
  });
  // Scalars in f64 whatever the dtype: where they are rounded is part of the contract. A Huber loss bends above 0.
  const scalars = [...numbers('f64', scalarCount, seed + arrays.length, mix)];
  if (name === 'huber_loss') scalars[0] = Math.abs(scalars[0]) || 1;
  compare(dtype, arrays, places, shift, (kernels, at) =>
    (kernels[name] as AnyKernel)(
      ...sizes,
      ...scalars,
      ...at.slice(0, inputs.length),
      ...places.map((place) => at[place]),
    ),
  );
}

describe.each(dtypes)('elementwise in %s', (dtype) => {
  const n = fc.oneof({ weight: 19, arbitrary: small }, { weight: 1, arbitrary: atBlockAndOver });
  for (const [name, signature] of Object.entries(ELEMENTWISE) as [keyof typeof ELEMENTWISE, Signature][]) {
    property(name, 0.05, fc.record({ n, ...operandCase }), (c) => {
      compareOperands(name, signature, dtype, [c.n], { n: c.n }, c);
    });
  }
});

describe.each(dtypes)('row by row in %s', (dtype) => {
  const cases = fc.record({ rows: fc.nat(20), cols: small, ...operandCase });
  for (const [name, signature] of Object.entries(ROWS) as [keyof typeof ROWS, Signature][]) {
    property(name, 0.04, cases, (c) => {
      compareOperands(name, signature, dtype, [c.rows, c.cols], { m: c.rows * c.cols, v: c.rows }, c);
    });
  }
  const totals = fc.record({ rows: fc.nat(300), weighted: fc.boolean(), shift, mix: mixes, seed: seeds });
  property('row_total', 0.04, totals, ({ rows, weighted, shift, mix, seed }) => {
    const arrays = [rows, rows, 1].map((length, i) => numbers(dtype, length, seed + i, mix));
    compare(dtype, arrays, [2], shift, (kernels, [w, l, to]) => kernels.row_total(rows, weighted ? w : 0, l, to));
  });
});

const DENSE = ['dense_forward', 'dense_backward', 'dense_input'] as const;

interface Layer {
  rows: number;
  inputs: number;
  units: number;
  bias: boolean;
  shift: number;
  mix: Mix;
  seed: number;
}

/** Narrow shapes have code of their own; rows at the edges of groups and of tiles. */
const breadth = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 9 }) },
  { weight: 4, arbitrary: small },
  { weight: 1, arbitrary: edge },
);
const layers: fc.Arbitrary<Layer> = fc.record({
  rows: fc.oneof(small, fc.constantFrom(1, 2, 3, 4, 5, 255, 256, 257)),
  inputs: breadth,
  units: breadth,
  bias: fc.boolean(),
  shift,
  mix: mixes,
  seed: seeds,
});

/** Runs those kernels one after the other on the same scratch memory. */
function compareLayer(names: readonly (typeof DENSE)[number][], dtype: Dtype, c: Layer): void {
  const { rows, inputs, units } = c;
  const outputs = { dense_forward: [4], dense_backward: c.bias ? [5, 6] : [5], dense_input: [7] };
  const lengths = [rows * inputs, inputs * units, units, rows * units];
  const arrays = [...lengths, rows * units, inputs * units, units, rows * inputs].map((length, i) =>
    numbers(dtype, length, c.seed + i, c.mix),
  );
  const written = names.flatMap((name) => outputs[name]);
  compare(dtype, arrays, written, c.shift, (kernels, [x, w, b, d, z, dw, db, e], work) => {
    for (const name of names) {
      if (name === 'dense_forward') kernels[name](rows, inputs, units, x, w, c.bias ? b : 0, z, work);
      else if (name === 'dense_backward') kernels[name](rows, inputs, units, x, d, dw, c.bias ? db : 0, work);
      else kernels[name](rows, inputs, units, d, w, e, work);
    }
  });
}

describe.each(dtypes)('a dense layer in %s', (dtype) => {
  for (const name of DENSE) property(name, 0.05, layers, (c) => compareLayer([name], dtype, c));
  property('there and back', 0.02, layers, (c) => compareLayer(DENSE, dtype, c));

  test.each([1, 3, 5])('weights that just fit the scratch memory and that just do not, %i to a row', (breadth) => {
    const rowBytes = Math.ceil((breadth * (dtype === 'f64' ? 8 : 4)) / 16) * 16;
    const rowsThatFit = Math.floor(backends[0][1].kernels.gemm_work_bytes() / rowBytes);
    for (const depth of [-2, -1, 0, 1].map((more) => rowsThatFit + more)) {
      const common = { rows: 5, bias: true, shift: 1, mix: 'ordinary', seed: depth } as const;
      compareLayer(DENSE, dtype, { ...common, inputs: depth, units: breadth });
      compareLayer(DENSE, dtype, { ...common, inputs: breadth, units: depth });
    }
  });
});

test('no kernel is left out', () => {
  const tested = [...GEMMS, ...SUMS, ...Object.keys(ELEMENTWISE), ...Object.keys(ROWS), 'row_total', ...DENSE].sort();
  expect(tested.length).toBe(KERNEL_COUNT);
  for (const [, backend] of backends) {
    for (const dtype of dtypes) {
      const { bytes, ...kernels } = kernelsOf(backend.kernels, dtype);
      expect(bytes).toBe(dtype === 'f64' ? 8 : 4);
      expect(Object.keys(kernels).sort()).toEqual(tested);
    }
  }
});

test('as many cases ran as were asked for', () => {
  expect(casesRun()).toBeGreaterThanOrEqual(CASES);
});
