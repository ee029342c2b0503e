// Kernels that treat every element alike, once for both dtypes. `x <= 0 ? a : b` takes b where x is NaN.

import * as c from '../../kernels/constants.js';
import type { CoreKernels } from '../../kernels/core.js';
import type { Format } from './format.js';

export function elementwise({ view, shift, f }: Format) {
  return {
    sigmoid_derivative(n, s, y) {
      const v = view();
      const s0 = s >>> shift;
      const y0 = y >>> shift;
      for (let i = 0; i < n; i++) v[y0 + i] = v[s0 + i] * f(1 - v[s0 + i]);
    },
    output_delta(n, y, o, d) {
      const v = view();
      const y0 = y >>> shift;
      const o0 = o >>> shift;
      const d0 = d >>> shift;
      for (let i = 0; i < n; i++) {
        const out = v[o0 + i];
        v[d0 + i] = f(v[y0 + i] - out) * f(out * f(1 - out));
      }
    },
    hidden_delta(n, e, h, d) {
      const v = view();
      const e0 = e >>> shift;
      const h0 = h >>> shift;
      const d0 = d >>> shift;
      for (let i = 0; i < n; i++) {
        const hidden = v[h0 + i];
        v[d0 + i] = v[e0 + i] * f(hidden * f(1 - hidden));
      }
    },
    axpy(n, alpha, x, y) {
      const v = view();
      const x0 = x >>> shift;
      const y0 = y >>> shift;
      const factor = f(alpha);
      for (let i = 0; i < n; i++) v[y0 + i] += f(factor * v[x0 + i]);
    },
    axpy_sign(n, alpha, x, y) {
      const v = view();
      const x0 = x >>> shift;
      const y0 = y >>> shift;
      const step = f(alpha);
      for (let i = 0; i < n; i++) {
        if (v[x0 + i] < 0) v[y0 + i] -= step;
        else if (v[x0 + i] > 0) v[y0 + i] += step;
      }
    },
    rscl(n, total, x, y) {
      const v = view();
      const x0 = x >>> shift;
      const y0 = y >>> shift;
      const factor = f(1 / total);
      let finite = 1;
      for (let i = 0; i < n; i++) {
        v[y0 + i] = factor * v[x0 + i];
        if (!Number.isFinite(v[y0 + i])) finite = 0;
      }
      return finite;
    },
    multiply(n, x, y, p) {
      const v = view();
      const x0 = x >>> shift;
      const y0 = y >>> shift;
      const p0 = p >>> shift;
      for (let i = 0; i < n; i++) v[p0 + i] = v[x0 + i] * v[y0 + i];
    },
  } satisfies Partial<CoreKernels>;
}

/** z within +-GELU_MAX, where z^3 cannot overflow; NaN stays. */
function withinGeluMax(z: number): number {
  return z > c.GELU_MAX ? c.GELU_MAX : z < -c.GELU_MAX ? -c.GELU_MAX : z;
}

export function coreActivations({ view, shift, f }: Format) {
  const linear = f(c.GELU_LINEAR);
  const cubic = f(c.GELU_CUBIC);
  const slope = f(c.GELU_SLOPE);

  return {
    relu(n, z, h) {
      const v = view();
      const z0 = z >>> shift;
      const h0 = h >>> shift;
      for (let i = 0; i < n; i++) {
        const x = v[z0 + i];
        v[h0 + i] = x <= 0 ? 0 : x;
      }
    },
    relu_delta(n, e, h, d) {
      const v = view();
      const e0 = e >>> shift;
      const h0 = h >>> shift;
      const d0 = d >>> shift;
      for (let i = 0; i < n; i++) v[d0 + i] = v[h0 + i] <= 0 ? 0 : v[e0 + i];
    },
    leaky_relu(n, alpha, z, h) {
      const v = view();
      const z0 = z >>> shift;
      const h0 = h >>> shift;
      const factor = f(alpha);
      for (let i = 0; i < n; i++) {
        const x = v[z0 + i];
        v[h0 + i] = x <= 0 ? factor * x : x;
      }
    },
    leaky_relu_delta(n, alpha, e, h, d) {
      const v = view();
      const e0 = e >>> shift;
      const h0 = h >>> shift;
      const d0 = d >>> shift;
      const factor = f(alpha);
      for (let i = 0; i < n; i++) v[d0 + i] = v[h0 + i] <= 0 ? factor * v[e0 + i] : v[e0 + i];
    },
    elu(n, alpha, scale, z, t, h) {
      const v = view();
      const z0 = z >>> shift;
      const t0 = t >>> shift;
      const h0 = h >>> shift;
      const factor = f(alpha);
      const above = f(scale);
      for (let i = 0; i < n; i++) v[h0 + i] = v[z0 + i] <= 0 ? factor * v[t0 + i] : above * v[z0 + i];
    },
    elu_delta(n, alpha, scale, e, h, d) {
      const v = view();
      const e0 = e >>> shift;
      const h0 = h >>> shift;
      const d0 = d >>> shift;
      const offset = f(alpha);
      const above = f(scale);
      for (let i = 0; i < n; i++) {
        const out = v[h0 + i];
        v[d0 + i] = (out <= 0 ? f(out + offset) : above) * v[e0 + i];
      }
    },
    tanh_delta(n, e, h, d) {
      const v = view();
      const e0 = e >>> shift;
      const h0 = h >>> shift;
      const d0 = d >>> shift;
      for (let i = 0; i < n; i++) {
        const out = v[h0 + i];
        v[d0 + i] = v[e0 + i] * f(1 - f(out * out));
      }
    },
    minus_abs(n, z, t) {
      const v = view();
      const z0 = z >>> shift;
      const t0 = t >>> shift;
      for (let i = 0; i < n; i++) v[t0 + i] = -Math.abs(v[z0 + i]);
    },
    softplus(n, z, t, h) {
      const v = view();
      const z0 = z >>> shift;
      const t0 = t >>> shift;
      const h0 = h >>> shift;
      for (let i = 0; i < n; i++) {
        const x = v[z0 + i];
        v[h0 + i] = (x <= 0 ? 0 : x) + v[t0 + i];
      }
    },
    gelu_argument(n, z, out) {
      const v = view();
      const z0 = z >>> shift;
      const out0 = out >>> shift;
      for (let i = 0; i < n; i++) {
        const x = withinGeluMax(v[z0 + i]);
        v[out0 + i] = x * f(linear + f(cubic * f(x * x)));
      }
    },
    gelu_slope(n, z, g, h, s) {
      const v = view();
      const z0 = z >>> shift;
      const g0 = g >>> shift;
      const h0 = h >>> shift;
      const s0 = s >>> shift;
      for (let i = 0; i < n; i++) {
        const x = withinGeluMax(v[z0 + i]);
        const gate = v[g0 + i];
        v[s0 + i] = gate + f(f(v[h0 + i] * f(1 - gate)) * f(linear + f(slope * f(x * x))));
      }
    },
    silu_slope(n, g, h, s) {
      const v = view();
      const g0 = g >>> shift;
      const h0 = h >>> shift;
      const s0 = s >>> shift;
      for (let i = 0; i < n; i++) {
        const gate = v[g0 + i];
        v[s0 + i] = gate + f(v[h0 + i] * f(1 - gate));
      }
    },
  } satisfies Partial<CoreKernels>;
}
