// The TypeScript backend: the readable reference of every kernel, and the drop-in where WebAssembly is refused.

import type { Backend, Kernels } from '../../kernels/kernels.js';
import { dense, products } from './dense.js';
import { activations, elementwise } from './elementwise.js';
import { expOf, expOfF32, powersOfTwo, sigmoidOf, sigmoidOfF32 } from './exp.js';
import { expm1Of, expm1OfF32, tanhOf, tanhOfF32 } from './expm1.js';
import { type Format, named, rounding } from './format.js';
import { product, productF32 } from './gemm.js';
import { createBits, log1pOf, log1pOfF32, logOf, logOfF32 } from './log.js';
import { losses } from './losses.js';
import { BufferMemory } from './memory.js';
import { sums } from './reduce.js';
import { rows } from './rows.js';

/** A backend over memory of its own. */
export function createTsBackend(): Backend {
  const memory = new BufferMemory();
  const powers = powersOfTwo();
  const bits = createBits();

  const f64: Format<Float64Array> = { view: () => memory.f64, shift: 3, f: rounding(false) };
  const f32: Format<Float32Array> = { view: () => memory.f32, shift: 2, f: rounding(true) };
  const inBoth = (format: Format) => ({
    ...elementwise(format),
    ...activations(format),
    ...losses(format),
    ...rows(format),
    ...sums(format),
  });

  // An address shifted right by 3 or 2 is the index in the view.
  const kernels: Kernels = {
    gemm_work_bytes: () => 0,
    ...named({ ...inBoth(f64), ...products(f64, product), ...dense(f64, product) }, 'f64'),
    ...named({ ...inBoth(f32), ...products(f32, productF32), ...dense(f32, productF32) }, 'f32'),

    exp_f64(n, x, y) {
      const v = memory.f64;
      const x0 = x >>> 3;
      const y0 = y >>> 3;
      for (let i = 0; i < n; i++) v[y0 + i] = expOf(v[x0 + i], powers);
    },
    exp_f32(n, x, y) {
      const v = memory.f32;
      const x0 = x >>> 2;
      const y0 = y >>> 2;
      for (let i = 0; i < n; i++) v[y0 + i] = expOfF32(v[x0 + i], powers);
    },
    sigmoid_f64(n, x, y) {
      const v = memory.f64;
      const x0 = x >>> 3;
      const y0 = y >>> 3;
      for (let i = 0; i < n; i++) v[y0 + i] = sigmoidOf(v[x0 + i], powers);
    },
    sigmoid_f32(n, x, y) {
      const v = memory.f32;
      const x0 = x >>> 2;
      const y0 = y >>> 2;
      for (let i = 0; i < n; i++) v[y0 + i] = sigmoidOfF32(v[x0 + i], powers);
    },
    expm1_f64(n, x, y) {
      const v = memory.f64;
      const x0 = x >>> 3;
      const y0 = y >>> 3;
      for (let i = 0; i < n; i++) v[y0 + i] = expm1Of(v[x0 + i], powers);
    },
    expm1_f32(n, x, y) {
      const v = memory.f32;
      const x0 = x >>> 2;
      const y0 = y >>> 2;
      for (let i = 0; i < n; i++) v[y0 + i] = expm1OfF32(v[x0 + i], powers);
    },
    tanh_f64(n, x, y) {
      const v = memory.f64;
      const x0 = x >>> 3;
      const y0 = y >>> 3;
      for (let i = 0; i < n; i++) v[y0 + i] = tanhOf(v[x0 + i], powers);
    },
    tanh_f32(n, x, y) {
      const v = memory.f32;
      const x0 = x >>> 2;
      const y0 = y >>> 2;
      for (let i = 0; i < n; i++) v[y0 + i] = tanhOfF32(v[x0 + i], powers);
    },
    log_f64(n, x, y) {
      const v = memory.f64;
      const x0 = x >>> 3;
      const y0 = y >>> 3;
      for (let i = 0; i < n; i++) v[y0 + i] = logOf(v[x0 + i], bits);
    },
    log_f32(n, x, y) {
      const v = memory.f32;
      const x0 = x >>> 2;
      const y0 = y >>> 2;
      for (let i = 0; i < n; i++) v[y0 + i] = logOfF32(v[x0 + i], bits);
    },
    log1p_f64(n, x, y) {
      const v = memory.f64;
      const x0 = x >>> 3;
      const y0 = y >>> 3;
      for (let i = 0; i < n; i++) v[y0 + i] = log1pOf(v[x0 + i], bits);
    },
    log1p_f32(n, x, y) {
      const v = memory.f32;
      const x0 = x >>> 2;
      const y0 = y >>> 2;
      for (let i = 0; i < n; i++) v[y0 + i] = log1pOfF32(v[x0 + i], bits);
    },
  };
  return { name: 'ts', kernels, memory };
}
