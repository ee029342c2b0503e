// The core's kernels in TypeScript: the readable reference, over any linear memory.

import type { CORE, CoreKernels } from '../../kernels/core.js';
import type { Memory } from '../../kernels/memory.js';
import type { Both } from '../../kernels/table.js';
import { dense, products } from './dense.js';
import { activations, elementwise } from './elementwise.js';
import { expOf, expOfF32, powersOfTwo, sigmoidOf, sigmoidOfF32 } from './exp.js';
import { expm1Of, expm1OfF32, tanhOf, tanhOfF32 } from './expm1.js';
import { type Format, inBoth, type View } from './format.js';
import { type Product, product, productF32 } from './gemm.js';
import { createBits, log1pOf, log1pOfF32, logOf, logOfF32 } from './log.js';
import { losses } from './losses.js';
import { sums } from './reduce.js';
import { rows } from './rows.js';

function transcendentals({ view, shift }: Format) {
  const powers = powersOfTwo();
  const bits = createBits();
  const f64: Pick<CoreKernels, 'exp' | 'sigmoid' | 'expm1' | 'tanh' | 'log' | 'log1p'> = {
    exp(n, x, y) {
      const v = view();
      for (let i = 0; i < n; i++) v[(y >>> 3) + i] = expOf(v[(x >>> 3) + i], powers);
    },
    sigmoid(n, x, y) {
      const v = view();
      for (let i = 0; i < n; i++) v[(y >>> 3) + i] = sigmoidOf(v[(x >>> 3) + i], powers);
    },
    expm1(n, x, y) {
      const v = view();
      for (let i = 0; i < n; i++) v[(y >>> 3) + i] = expm1Of(v[(x >>> 3) + i], powers);
    },
    tanh(n, x, y) {
      const v = view();
      for (let i = 0; i < n; i++) v[(y >>> 3) + i] = tanhOf(v[(x >>> 3) + i], powers);
    },
    log(n, x, y) {
      const v = view();
      for (let i = 0; i < n; i++) v[(y >>> 3) + i] = logOf(v[(x >>> 3) + i], bits);
    },
    log1p(n, x, y) {
      const v = view();
      for (let i = 0; i < n; i++) v[(y >>> 3) + i] = log1pOf(v[(x >>> 3) + i], bits);
    },
  };
  const f32: typeof f64 = {
    exp(n, x, y) {
      const v = view();
      for (let i = 0; i < n; i++) v[(y >>> 2) + i] = expOfF32(v[(x >>> 2) + i], powers);
    },
    sigmoid(n, x, y) {
      const v = view();
      for (let i = 0; i < n; i++) v[(y >>> 2) + i] = sigmoidOfF32(v[(x >>> 2) + i], powers);
    },
    expm1(n, x, y) {
      const v = view();
      for (let i = 0; i < n; i++) v[(y >>> 2) + i] = expm1OfF32(v[(x >>> 2) + i], powers);
    },
    tanh(n, x, y) {
      const v = view();
      for (let i = 0; i < n; i++) v[(y >>> 2) + i] = tanhOfF32(v[(x >>> 2) + i], powers);
    },
    log(n, x, y) {
      const v = view();
      for (let i = 0; i < n; i++) v[(y >>> 2) + i] = logOfF32(v[(x >>> 2) + i], bits);
    },
    log1p(n, x, y) {
      const v = view();
      for (let i = 0; i < n; i++) v[(y >>> 2) + i] = log1pOfF32(v[(x >>> 2) + i], bits);
    },
  };
  return shift === 3 ? f64 : f32;
}

function kernels(format: Format): CoreKernels {
  const multiply = (format.shift === 3 ? product : productF32) as Product<View>;
  return {
    ...transcendentals(format),
    ...elementwise(format),
    ...activations(format),
    ...losses(format),
    ...rows(format),
    ...sums(format),
    ...products(format, multiply),
    ...dense(format, multiply),
  };
}

export const coreReference = (memory: Memory): Both<typeof CORE> => inBoth(memory, kernels);
