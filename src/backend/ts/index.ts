// The TypeScript backend: the readable reference of every kernel, and the drop-in where WebAssembly is refused.

import type { Backend, Kernels } from '../../kernels.js';
import { dense } from './dense.js';
import { activations, elementwise } from './elementwise.js';
import { expOf, expOfF32, powersOfTwo, sigmoidOf, sigmoidOfF32 } from './exp.js';
import { expm1Of, expm1OfF32, tanhOf, tanhOfF32 } from './expm1.js';
import { type Format, named, rounding } from './format.js';
import { product, productF32 } from './gemm.js';
import { createBits, log1pOf, log1pOfF32, logOf, logOfF32 } from './log.js';
import { losses } from './losses.js';
import { BufferMemory } from './memory.js';
import { asum, dot, dotF32, squaredError, squaredErrorF32 } from './reduce.js';
import { rows } from './rows.js';

const { fround } = Math;

/** A backend over memory of its own. */
export function createTsBackend(): Backend {
  const memory = new BufferMemory();
  const powers = powersOfTwo();
  const bits = createBits();
  const lanesF64 = new Float64Array(16);
  const lanesF32 = new Float32Array(16);

  const f64: Format<Float64Array> = { view: () => memory.f64, shift: 3, f: rounding(false) };
  const f32: Format<Float32Array> = { view: () => memory.f32, shift: 2, f: rounding(true) };
  const inBoth = (format: Format) => ({
    ...elementwise(format),
    ...activations(format),
    ...losses(format),
    ...rows(format),
  });

  // An address shifted right by 3 or 2 is the index in the view.
  const kernels: Kernels = {
    gemm_work_bytes: () => 0,
    ...named({ ...inBoth(f64), ...dense(f64, product) }, 'f64'),
    ...named({ ...inBoth(f32), ...dense(f32, productF32) }, 'f32'),

    gemm_nn_f64: (m, n, k, a, lda, b, ldb, c, ldc) =>
      product(memory.f64, m, n, k, a >>> 3, lda, 1, b >>> 3, ldb, 1, c >>> 3, ldc),
    gemm_nt_f64: (m, n, k, a, lda, b, ldb, c, ldc) =>
      product(memory.f64, m, n, k, a >>> 3, lda, 1, b >>> 3, 1, ldb, c >>> 3, ldc),
    gemm_tn_f64: (m, n, k, a, lda, b, ldb, c, ldc) =>
      product(memory.f64, m, n, k, a >>> 3, 1, lda, b >>> 3, ldb, 1, c >>> 3, ldc),
    gemm_tt_f64: (m, n, k, a, lda, b, ldb, c, ldc) =>
      product(memory.f64, m, n, k, a >>> 3, 1, lda, b >>> 3, 1, ldb, c >>> 3, ldc),
    gemm_nn_f32: (m, n, k, a, lda, b, ldb, c, ldc) =>
      productF32(memory.f32, m, n, k, a >>> 2, lda, 1, b >>> 2, ldb, 1, c >>> 2, ldc),
    gemm_nt_f32: (m, n, k, a, lda, b, ldb, c, ldc) =>
      productF32(memory.f32, m, n, k, a >>> 2, lda, 1, b >>> 2, 1, ldb, c >>> 2, ldc),
    gemm_tn_f32: (m, n, k, a, lda, b, ldb, c, ldc) =>
      productF32(memory.f32, m, n, k, a >>> 2, 1, lda, b >>> 2, ldb, 1, c >>> 2, ldc),
    gemm_tt_f32: (m, n, k, a, lda, b, ldb, c, ldc) =>
      productF32(memory.f32, m, n, k, a >>> 2, 1, lda, b >>> 2, 1, ldb, c >>> 2, ldc),

    asum_f64: (n, x) => asum(memory.f64, lanesF64, n, x >>> 3),
    asum_f32: (n, x) => asum(memory.f32, lanesF32, n, x >>> 2),
    dot_f64: (n, x, y) => dot(memory.f64, lanesF64, n, x >>> 3, y >>> 3),
    dot_f32: (n, x, y) => dotF32(memory.f32, lanesF32, n, x >>> 2, y >>> 2),
    squared_error_f64: (n, x, y) => squaredError(memory.f64, lanesF64, n, x >>> 3, y >>> 3),
    squared_error_f32: (n, x, y) => squaredErrorF32(memory.f32, lanesF32, n, x >>> 2, y >>> 2),

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
    sigmoid_derivative_f64(n, s, y) {
      const v = memory.f64;
      const s0 = s >>> 3;
      const y0 = y >>> 3;
      for (let i = 0; i < n; i++) v[y0 + i] = v[s0 + i] * (1 - v[s0 + i]);
    },
    sigmoid_derivative_f32(n, s, y) {
      const v = memory.f32;
      const s0 = s >>> 2;
      const y0 = y >>> 2;
      for (let i = 0; i < n; i++) v[y0 + i] = v[s0 + i] * fround(1 - v[s0 + i]);
    },
    output_delta_f64(n, y, o, d) {
      const v = memory.f64;
      const y0 = y >>> 3;
      const o0 = o >>> 3;
      const d0 = d >>> 3;
      for (let i = 0; i < n; i++) {
        const out = v[o0 + i];
        v[d0 + i] = (v[y0 + i] - out) * (out * (1 - out));
      }
    },
    output_delta_f32(n, y, o, d) {
      const v = memory.f32;
      const y0 = y >>> 2;
      const o0 = o >>> 2;
      const d0 = d >>> 2;
      for (let i = 0; i < n; i++) {
        const out = v[o0 + i];
        v[d0 + i] = fround(v[y0 + i] - out) * fround(out * fround(1 - out));
      }
    },
    hidden_delta_f64(n, e, h, d) {
      const v = memory.f64;
      const e0 = e >>> 3;
      const h0 = h >>> 3;
      const d0 = d >>> 3;
      for (let i = 0; i < n; i++) {
        const hidden = v[h0 + i];
        v[d0 + i] = v[e0 + i] * (hidden * (1 - hidden));
      }
    },
    hidden_delta_f32(n, e, h, d) {
      const v = memory.f32;
      const e0 = e >>> 2;
      const h0 = h >>> 2;
      const d0 = d >>> 2;
      for (let i = 0; i < n; i++) {
        const hidden = v[h0 + i];
        v[d0 + i] = v[e0 + i] * fround(hidden * fround(1 - hidden));
      }
    },
    axpy_f64(n, alpha, x, y) {
      const v = memory.f64;
      const x0 = x >>> 3;
      const y0 = y >>> 3;
      for (let i = 0; i < n; i++) v[y0 + i] += alpha * v[x0 + i];
    },
    axpy_f32(n, alpha, x, y) {
      const v = memory.f32;
      const x0 = x >>> 2;
      const y0 = y >>> 2;
      const factor = fround(alpha);
      for (let i = 0; i < n; i++) v[y0 + i] += fround(factor * v[x0 + i]);
    },
  };
  return { name: 'ts', kernels, memory };
}
