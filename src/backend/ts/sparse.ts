// Products with sparse rows, once for both dtypes.

import type { TrainingKernels } from '../../kernels/training.js';
import type { Format } from './format.js';

export function sparse({ view, shift, f }: Format) {
  let words = new Int32Array(view().buffer);
  return {
    nonfinite(rows, cols, x, t) {
      const v = view();
      const [x0, t0] = [x >>> shift, t >>> shift];
      v.fill(0, t0, t0 + cols);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < cols; j++) if (!Number.isFinite(v[x0 + i * cols + j])) v[t0 + j]++;
      }
    },
    sparse_forward(rows, units, p, i, v, w, t, b, z) {
      const x = view();
      if (words.buffer !== x.buffer) words = new Int32Array(x.buffer);
      const [p0, i0] = [p >>> 2, i >>> 2];
      const [v0, w0, t0, b0] = [v >>> shift, w >>> shift, t >>> shift, b >>> shift];
      for (let r = 0; r < rows; r++) {
        const to = (z >>> shift) + r * units;
        const [from, end] = [words[p0 + r], words[p0 + r + 1]];
        x.fill(0, to, to + units);
        for (let e = from; e < end; e++) {
          const value = x[v0 + e];
          const row = w0 + words[i0 + e] * units;
          for (let j = 0; j < units; j++) x[to + j] += f(value * x[row + j]);
        }
        for (let j = 0; j < units; j++) {
          if (x[t0 + j] > 0) {
            let count = 0;
            for (let e = from; e < end; e++) if (!Number.isFinite(x[w0 + words[i0 + e] * units + j])) count++;
            if (count < x[t0 + j]) x[to + j] = Number.NaN;
          }
          if (b) x[to + j] += x[b0 + j];
        }
      }
    },
    sparse_forward_columns(rows, units, inputs, q, r, u, w, b, z) {
      const x = view();
      if (words.buffer !== x.buffer) words = new Int32Array(x.buffer);
      const [q0, r0] = [q >>> 2, r >>> 2];
      const [u0, w0, b0, z0] = [u >>> shift, w >>> shift, b >>> shift, z >>> shift];
      let allFinite = true;
      x.fill(0, z0, z0 + rows * units);
      for (let k = 0; k < inputs; k++) {
        const row = w0 + k * units;
        for (let j = 0; j < units; j++) if (!Number.isFinite(x[row + j])) allFinite = false;
        for (let e = words[q0 + k]; e < words[q0 + k + 1]; e++) {
          const value = x[u0 + e];
          const to = z0 + words[r0 + e] * units;
          for (let j = 0; j < units; j++) x[to + j] += f(value * x[row + j]);
        }
      }
      for (let k = 0; k < inputs && !allFinite; k++) {
        for (let j = 0; j < units; j++) {
          if (Number.isFinite(x[w0 + k * units + j])) continue;
          let e = words[q0 + k];
          const end = words[q0 + k + 1];
          for (let i = 0; i < rows; i++) {
            if (e < end && words[r0 + e] === i) e++;
            else x[z0 + i * units + j] = Number.NaN;
          }
        }
      }
      for (let i = 0; i < rows && b; i++) for (let j = 0; j < units; j++) x[z0 + i * units + j] += x[b0 + j];
    },
  } satisfies Partial<TrainingKernels>;
}
