// Normalization along rows and down columns, and factors of columns, once for both dtypes. Sums are one accumulator each, in order.

import type { LayersKernels } from '../../kernels/layers.js';
import type { Format } from './format.js';

export function norms({ view, shift, f }: Format) {
  return {
    layer_norm(rows, cols, epsilon, x, w, b, h, n, s) {
      const v = view();
      const w0 = w >>> shift;
      const b0 = b >>> shift;
      const s0 = s >>> shift;
      const count = f(cols);
      const least = f(epsilon);
      let from = x >>> shift;
      let to = h >>> shift;
      let kept = n >>> shift;
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        for (let j = 0; j < cols; j++) sum = f(sum + v[from + j]);
        const mean = f(sum / count);
        let squares = 0;
        for (let j = 0; j < cols; j++) {
          const c = f(v[from + j] - mean);
          squares = f(squares + f(c * c));
        }
        const scale = f(1 / f(Math.sqrt(f(f(squares / count) + least))));
        v[s0 + i] = scale;
        for (let j = 0; j < cols; j++) {
          const normal = f(f(v[from + j] - mean) * scale);
          const weighed = f(normal * v[w0 + j]);
          v[kept + j] = normal;
          v[to + j] = b === 0 ? weighed : weighed + v[b0 + j];
        }
        from += cols;
        to += cols;
        kept += cols;
      }
    },
    layer_norm_delta(rows, cols, d, w, n, s, e) {
      const v = view();
      const w0 = w >>> shift;
      const s0 = s >>> shift;
      const count = f(cols);
      let from = d >>> shift;
      let kept = n >>> shift;
      let to = e >>> shift;
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        let along = 0;
        for (let j = 0; j < cols; j++) {
          const g = f(v[from + j] * v[w0 + j]);
          sum = f(sum + g);
          along = f(along + f(g * v[kept + j]));
        }
        sum = f(sum / count);
        along = f(along / count);
        const scale = v[s0 + i];
        for (let j = 0; j < cols; j++) {
          const g = f(v[from + j] * v[w0 + j]);
          v[to + j] = scale * f(f(g - sum) - f(v[kept + j] * along));
        }
        from += cols;
        kept += cols;
        to += cols;
      }
    },
    column_moments(rows, cols, x, m, v, u) {
      const memory = view();
      const [x0, m0, v0, u0] = [x >>> shift, m >>> shift, v >>> shift, u >>> shift];
      const count = f(rows);
      const end = x0 + rows * cols;
      for (let j = 0; j < cols; j++) {
        let sum = 0;
        for (let at = x0 + j; at < end; at += cols) sum = f(sum + memory[at]);
        const mean = f(sum / count);
        let squares = 0;
        for (let at = x0 + j; at < end; at += cols) {
          const c = f(memory[at] - mean);
          squares = f(squares + f(c * c));
        }
        memory[m0 + j] = mean;
        memory[v0 + j] = squares / count;
        if (u !== 0) memory[u0 + j] = squares / f(count - 1);
      }
    },
    batch_norm(rows, cols, epsilon, x, m, v, w, b, h, n, s) {
      const memory = view();
      const [x0, h0, n0] = [x >>> shift, h >>> shift, n >>> shift];
      const least = f(epsilon);
      for (let j = 0; j < cols; j++) {
        const mean = memory[(m >>> shift) + j];
        const scale = f(1 / f(Math.sqrt(f(memory[(v >>> shift) + j] + least))));
        const weight = memory[(w >>> shift) + j];
        const bias = memory[(b >>> shift) + j];
        memory[(s >>> shift) + j] = scale;
        for (let at = j; at < rows * cols; at += cols) {
          const normal = f(f(memory[x0 + at] - mean) * scale);
          const weighed = f(normal * weight);
          memory[n0 + at] = normal;
          memory[h0 + at] = b === 0 ? weighed : weighed + bias;
        }
      }
    },
    batch_norm_delta(rows, cols, factor, d, w, n, s, a, b, e) {
      const memory = view();
      const [d0, n0, e0] = [d >>> shift, n >>> shift, e >>> shift];
      const share = f(factor);
      for (let j = 0; j < cols; j++) {
        const scale = f(memory[(w >>> shift) + j] * memory[(s >>> shift) + j]);
        const mean = f(share * memory[(a >>> shift) + j]);
        const along = f(share * memory[(b >>> shift) + j]);
        for (let at = j; at < rows * cols; at += cols) {
          memory[e0 + at] = scale * f(f(memory[d0 + at] - mean) - f(memory[n0 + at] * along));
        }
      }
    },
    column_products(rows, cols, x, d, s) {
      const v = view();
      const s0 = s >>> shift;
      let x0 = x >>> shift;
      let d0 = d >>> shift;
      v.fill(0, s0, s0 + cols);
      for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) v[s0 + j] += f(v[x0++] * v[d0++]);
    },
    scale_cols(rows, cols, w, x, y) {
      const v = view();
      const w0 = w >>> shift;
      let from = x >>> shift;
      let to = y >>> shift;
      for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) v[to++] = v[w0 + j] * v[from++];
    },
  } satisfies Partial<LayersKernels>;
}
