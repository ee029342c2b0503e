// Kernels' calls that are made in parts: the bits of calls that are made at once, for every kernel of every pack, and so many parts
// as the work asks for.

import { describe, expect, test } from 'vitest';
import type { Dtype } from '../../src/kernels/contract.js';
import { addMore } from '../../src/layers/add-more.js';
import { Session } from '../../src/matrix/marshal.js';
import type { TypedArray } from '../../src/matrix/operand.js';
import { readPlan } from '../../src/network/plan.js';
import { type Calls, callsOf } from '../../src/train/loop/calls.js';
import { type AnyKernel, backends, dtypes, expectSameBits, type Run, runKernel } from '../support/backends.js';
import {
  allSizes,
  argumentsOf,
  contentsOf,
  KERNEL_NAMES,
  type KernelName,
  SIGNATURES,
  type Sizes,
  scalarOf,
} from '../support/operands.js';
import { numbers } from '../support/values.js';

addMore();

/** Kernels whose outputs are sums over all rows, or lie in another order than the rows; and one of a single column. */
const WHOLE: KernelName[] = [
  'gemm_nn',
  'gemm_nt',
  'gemm_tn',
  'gemm_tt',
  'row_total',
  'pinball_loss',
  'column_moments',
  'column_products',
  'batch_norm',
  'embed',
  'embed_backward',
  'copy_block',
  'nonfinite',
  'sparse_forward_columns',
];

/** Some times what is done at once in the beginning, and no multiple of it. */
const ELEMENTS = { n: 2 ** 16 + 5, rows: 503, cols: 131, at: 3, m: 9, k: 7 };
const PRODUCTS = {
  wasm: { f64: { rows: 259, inputs: 401, units: 203 }, f32: { rows: 259, inputs: 401, units: 403 } },
  ts: { f64: { rows: 67, inputs: 101, units: 209 }, f32: { rows: 67, inputs: 101, units: 209 } },
};

/** Rows of which little is there, so that many of them are a part. */
const SPARSE = { rows: 20_011, inputs: 31, units: 40, n: 500 };
const sizesOf = (name: KernelName, where: 'wasm' | 'ts', dtype: Dtype): Sizes => {
  if (name.startsWith('sparse_')) return WHOLE.includes(name) ? { ...SPARSE, rows: 50 } : SPARSE;
  if (SIGNATURES[name].sizes.some((size) => size.name === 'units')) return PRODUCTS[where][dtype];
  return WHOLE.includes(name) ? { ...ELEMENTS, n: 8, rows: 300 } : ELEMENTS;
};

const drawn = new Map<string, TypedArray>();

/** The same for all kernels. */
function drawnOnce(dtype: Dtype, length: number, seed: number): TypedArray {
  const key = `${dtype} ${length} ${seed}`;
  const known = drawn.get(key) ?? numbers(dtype, length, seed, 'ordinary');
  drawn.set(key, known);
  return known;
}

const changing = KERNEL_NAMES.filter((name) => SIGNATURES[name].outputs.length > 0);

describe.each(backends)('%s', (where, backend) => {
  describe.each(dtypes)('%s', (dtype) => {
    test.each(changing)('%s', (name) => {
      const signature = SIGNATURES[name];
      const chosen = sizesOf(name, where as 'wasm' | 'ts', dtype);
      const { inputs, outputs, scalars } = signature;
      const sizes = allSizes(signature, chosen, () => 0);
      const arrays = [...inputs, ...outputs].map((operand, i) =>
        contentsOf(operand, sizes, dtype, (length) => drawnOnce(dtype, length, i + 1)),
      );
      const given = Object.fromEntries(scalars.map((each, i) => [each.name, scalarOf(each, 0.3 + i)]));
      const plan = readPlan({ inputs: 700, layers: [{ units: 700, activation: 'geluExact' }] }, dtype);
      const calls = callsOf(new Session(backend, undefined), plan, 1) as Calls;
      let parts = 1;
      const run = (waits: boolean): Run =>
        runKernel(backend, dtype, arrays, 0, (kernels, addresses, work) => {
          const places = Object.fromEntries([...inputs, ...outputs].map((each, i) => [each.name, addresses[i]]));
          const args = argumentsOf(signature, sizes, given, places, work);
          const kernel = (waits ? calls.kernels : kernels)[name as 'axpy'] as unknown as AnyKernel;
          kernel(...args);
          if (waits) while (!calls.advance()) parts++;
        });
      const [atOnce, inParts] = [run(false), run(true)];
      atOnce.arrays.forEach((values, i) => {
        expectSameBits(inParts.arrays[i], values);
      });
      if (WHOLE.includes(name)) expect(parts).toBe(1);
      else expect(parts).toBeGreaterThan(2);
    });
  });
});
