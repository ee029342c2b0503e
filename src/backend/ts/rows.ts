// Kernels that go row by row, once for both dtypes. Sums are one accumulator from +0, columns ascending (contract rule 3).

import type { CoreKernels } from '../../kernels/core.js';
import type { Format } from './format.js';

export function rows({ view, shift, f }: Format) {
  return {
    row_sums(rows, cols, factor, x, s) {
      const v = view();
      const s0 = s >>> shift;
      const scalar = f(factor);
      let at = x >>> shift;
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        for (const end = at + cols; at < end; at++) sum = f(sum + v[at]);
        v[s0 + i] = scalar * sum;
      }
    },
    row_squares(rows, cols, x, s) {
      const v = view();
      const s0 = s >>> shift;
      let at = x >>> shift;
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        for (const end = at + cols; at < end; at++) sum = f(sum + f(v[at] * v[at]));
        v[s0 + i] = sum;
      }
    },
    row_shift(rows, cols, x, y) {
      const v = view();
      const x0 = x >>> shift;
      const y0 = y >>> shift;
      for (let row = 0; row < rows * cols; row += cols) {
        let max = -Infinity; // of equal numbers the first: of -0 and +0, too
        for (let i = row; i < row + cols; i++) if (v[x0 + i] > max) max = v[x0 + i];
        for (let i = row; i < row + cols; i++) v[y0 + i] = v[x0 + i] - max;
      }
    },
    row_normalize(rows, cols, x, y, s) {
      const v = view();
      const s0 = s >>> shift;
      let from = x >>> shift;
      let to = y >>> shift;
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        for (let j = 0; j < cols; j++) sum = f(sum + v[from + j]);
        for (let j = 0; j < cols; j++) v[to + j] = v[from + j] / sum;
        v[s0 + i] = sum;
        from += cols;
        to += cols;
      }
    },
    scale_rows(rows, cols, w, x, y) {
      const v = view();
      const w0 = w >>> shift;
      let from = x >>> shift;
      let to = y >>> shift;
      for (let i = 0; i < rows; i++) {
        const weight = v[w0 + i];
        for (let j = 0; j < cols; j++) v[to++] = weight * v[from++];
      }
    },
    cross_entropy(rows, cols, y, s, o, q, d, l) {
      const v = view();
      const y0 = y >>> shift;
      const s0 = s >>> shift;
      const o0 = o >>> shift;
      const q0 = q >>> shift;
      const d0 = d >>> shift;
      const l0 = l >>> shift;
      for (let row = 0; row < rows; row++) {
        const begin = row * cols;
        const end = begin + cols;
        const log = v[q0 + row];
        let loss = 0;
        let sum = 0;
        for (let i = begin; i < end; i++) {
          const target = v[y0 + i];
          // Of a masked class 0 * Infinity would be NaN; else the term left out is +-0, which no accumulator from +0 shows.
          loss = f(loss + (target === 0 ? 0 : f(target * f(log - v[s0 + i]))));
          sum = f(sum + target);
        }
        for (let i = begin; i < end; i++) v[d0 + i] = f(v[o0 + i] * sum) - v[y0 + i];
        v[l0 + row] = loss;
      }
    },
    softmax_delta(rows, cols, o, e, d) {
      const v = view();
      const o0 = o >>> shift;
      const e0 = e >>> shift;
      const d0 = d >>> shift;
      for (let row = 0; row < rows * cols; row += cols) {
        let sum = 0;
        for (let i = row; i < row + cols; i++) sum = f(sum + f(v[e0 + i] * v[o0 + i]));
        for (let i = row; i < row + cols; i++) v[d0 + i] = v[o0 + i] * f(v[e0 + i] - sum);
      }
    },
    row_total(rows, w, l, to) {
      const v = view();
      const w0 = w >>> shift;
      const l0 = l >>> shift;
      let sum = 0;
      for (let i = 0; i < rows; i++) sum = f(sum + (w === 0 ? v[l0 + i] : f(v[w0 + i] * v[l0 + i])));
      v[to >>> shift] = sum;
    },
  } satisfies Partial<CoreKernels>;
}
