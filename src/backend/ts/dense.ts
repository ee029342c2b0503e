// The products of gemm.ts with every transposition, and in a dense layer, once for both dtypes.

import type { CoreKernels } from '../../kernels/core.js';
import type { Format, View } from './format.js';
import type { Product } from './gemm.js';

export function products<V extends View>({ view, shift }: Format<V>, product: Product<V>) {
  return {
    gemm_nn: (m, n, k, a, lda, b, ldb, c, ldc) =>
      product(view(), m, n, k, a >>> shift, lda, 1, b >>> shift, ldb, 1, c >>> shift, ldc),
    gemm_nt: (m, n, k, a, lda, b, ldb, c, ldc) =>
      product(view(), m, n, k, a >>> shift, lda, 1, b >>> shift, 1, ldb, c >>> shift, ldc),
    gemm_tn: (m, n, k, a, lda, b, ldb, c, ldc) =>
      product(view(), m, n, k, a >>> shift, 1, lda, b >>> shift, ldb, 1, c >>> shift, ldc),
    gemm_tt: (m, n, k, a, lda, b, ldb, c, ldc) =>
      product(view(), m, n, k, a >>> shift, 1, lda, b >>> shift, 1, ldb, c >>> shift, ldc),
  } satisfies Partial<CoreKernels>;
}

export function dense<V extends View>({ view, shift }: Format<V>, product: Product<V>) {
  return {
    dense_forward(rows, inputs, units, x, w, b, z) {
      const v: View = view();
      const b0 = b >>> shift;
      let to = z >>> shift;
      product(view(), rows, units, inputs, x >>> shift, inputs, 1, w >>> shift, units, 1, to, units);
      if (b === 0) return;
      for (let i = 0; i < rows; i++) for (let j = 0; j < units; j++) v[to++] += v[b0 + j];
    },
    dense_backward(rows, inputs, units, x, d, dw, db) {
      const v: View = view();
      const to = db >>> shift;
      let from = d >>> shift;
      product(view(), inputs, units, rows, x >>> shift, 1, inputs, from, units, 1, dw >>> shift, units);
      if (db === 0) return;
      v.fill(0, to, to + units);
      for (let i = 0; i < rows; i++) for (let j = 0; j < units; j++) v[to + j] += v[from++];
    },
    dense_input(rows, inputs, units, d, w, e) {
      product(view(), rows, inputs, units, d >>> shift, units, 1, w >>> shift, 1, units, e >>> shift, inputs);
    },
  } satisfies Partial<CoreKernels>;
}
