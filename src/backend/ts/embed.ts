// Rows of a table by numbers in a column, and the copying of columns beside them, once for both dtypes.

import { NEAR } from '../../kernels/constants.js';
import type { LayersKernels } from '../../kernels/layers.js';
import type { Format } from './format.js';

/** The number as that of a row of m; -1 if it is none. */
function rowOf(x: number, m: number): number {
  const row = Math.round(x);
  return row >= 0 && row < m && Math.abs(x - row) <= NEAR ? row : -1;
}

export function embeddings({ view, shift }: Format) {
  return {
    embed(rows, cols, m, n, x, w, y, ldy) {
      const v = view();
      const w0 = w >>> shift;
      let from = x >>> shift;
      let to = y >>> shift;
      let wrong = 0;
      for (let i = 0; i < rows; i++) {
        const row = rowOf(v[from], m);
        if (row < 0) {
          if (wrong === 0) wrong = v[from];
          v.fill(Number.NaN, to, to + n);
        } else {
          v.copyWithin(to, w0 + row * n, w0 + (row + 1) * n);
        }
        from += cols;
        to += ldy;
      }
      return wrong;
    },
    embed_backward(rows, cols, m, n, x, d, ldd, dw) {
      const v = view();
      const to = dw >>> shift;
      let from = x >>> shift;
      let error = d >>> shift;
      v.fill(0, to, to + m * n);
      for (let i = 0; i < rows; i++) {
        const row = rowOf(v[from], m);
        if (row >= 0) for (let j = 0; j < n; j++) v[to + row * n + j] += v[error + j];
        from += cols;
        error += ldd;
      }
    },
    copy_block(rows, cols, x, ldx, y, ldy) {
      const v = view();
      let from = x >>> shift;
      let to = y >>> shift;
      for (let i = 0; i < rows; i++) {
        if (x === 0) v.fill(0, to, to + cols);
        else v.copyWithin(to, from, from + cols);
        from += ldx;
        to += ldy;
      }
    },
  } satisfies Partial<LayersKernels>;
}
