// Activations beyond the core's, once for both dtypes.

import type { LayersKernels } from '../../kernels/layers.js';
import type { Format } from './format.js';

export function moreActivations({ view, shift, f }: Format) {
  // tanh(ln(1 + exp(z))) = a / (a + 2 b), from t = exp(-|z|).
  const mishA = (z: number, t: number) => (z <= 0 ? f(t * f(t + 2)) : f(1 + f(2 * t)));
  const mishB = (z: number, t: number) => (z <= 0 ? 1 : f(t * t));

  return {
    relu6(n, scale, offset, z, h) {
      const v = view();
      const z0 = z >>> shift;
      const h0 = h >>> shift;
      const factor = f(scale);
      const shifted = f(offset);
      for (let i = 0; i < n; i++) {
        const x = f(v[z0 + i] + shifted);
        v[h0 + i] = factor * (x <= 0 ? 0 : x > 6 ? 6 : x);
      }
    },
    relu6_delta(n, scale, e, h, d) {
      const v = view();
      const e0 = e >>> shift;
      const h0 = h >>> shift;
      const d0 = d >>> shift;
      const factor = f(scale);
      const limit = f(6 * factor);
      for (let i = 0; i < n; i++) {
        const out = v[h0 + i];
        v[d0 + i] = out <= 0 || out >= limit ? 0 : factor * v[e0 + i];
      }
    },
    softsign(n, z, h) {
      const v = view();
      const z0 = z >>> shift;
      const h0 = h >>> shift;
      for (let i = 0; i < n; i++) v[h0 + i] = v[z0 + i] / f(1 + Math.abs(v[z0 + i]));
    },
    softsign_delta(n, e, h, d) {
      const v = view();
      const e0 = e >>> shift;
      const h0 = h >>> shift;
      const d0 = d >>> shift;
      for (let i = 0; i < n; i++) {
        const rest = f(1 - Math.abs(v[h0 + i]));
        v[d0 + i] = v[e0 + i] * f(rest * rest);
      }
    },
    mish(n, z, t, h) {
      const v = view();
      const z0 = z >>> shift;
      const t0 = t >>> shift;
      const h0 = h >>> shift;
      for (let i = 0; i < n; i++) {
        const a = mishA(v[z0 + i], v[t0 + i]);
        v[h0 + i] = v[z0 + i] * f(a / f(a + f(2 * mishB(v[z0 + i], v[t0 + i]))));
      }
    },
    mish_slope(n, z, t, s) {
      const v = view();
      const z0 = z >>> shift;
      const t0 = t >>> shift;
      const s0 = s >>> shift;
      for (let i = 0; i < n; i++) {
        const x = v[z0 + i];
        const e = v[t0 + i];
        const a = mishA(x, e);
        const b = mishB(x, e);
        const sum = f(a + f(2 * b));
        const q = f(b / sum);
        const steep = f(4 * f(f(q * f(1 - q)) * f((x <= 0 ? e : 1) / f(1 + e))));
        v[s0 + i] = f(a / sum) + f(x * steep);
      }
    },
    ascend(rows, cols, z, t, h) {
      const v = view();
      const z0 = z >>> shift;
      const t0 = t >>> shift;
      const h0 = h >>> shift;
      for (let row = 0; row < rows * cols; row += cols) {
        let sum = v[z0 + row];
        v[h0 + row] = sum;
        for (let i = row + 1; i < row + cols; i++) {
          const x = v[z0 + i];
          sum = f(sum + f((x <= 0 ? 0 : x) + v[t0 + i]));
          v[h0 + i] = sum;
        }
      }
    },
    ascend_delta(rows, cols, e, s, d) {
      const v = view();
      const e0 = e >>> shift;
      const s0 = s >>> shift;
      const d0 = d >>> shift;
      for (let row = 0; row < rows * cols; row += cols) {
        let sum = 0;
        for (let i = row + cols - 1; i > row; i--) {
          sum = f(sum + v[e0 + i]);
          v[d0 + i] = v[s0 + i] * sum;
        }
        v[d0 + row] = sum + v[e0 + row];
      }
    },
  } satisfies Partial<LayersKernels>;
}
