// Losses beyond the core's, once for both dtypes. All is read before it is stored: outputs may stand on inputs.

import { LN2 } from '../../kernels/constants.js';
import type { LayersKernels } from '../../kernels/layers.js';
import type { Format } from './format.js';

export function furtherLosses({ view, shift, f }: Format) {
  const ln2 = f(LN2);
  /** 1 - y o where that is above 0. */
  const missing = (y: number, o: number) => {
    const m = f(1 - f(y * o));
    return m <= 0 ? 0 : m;
  };
  /** -log of the probability that sigmoid(z) gives to the target y, from s = log1p(exp(-|z|)). */
  const surprise = (y: number, z: number, s: number) => f(f((z <= 0 ? 0 : z) - f(y * z)) + s);
  /** @param rates whether d is with respect to the rate o, not to its logarithm z */
  const deviances = (
    rates: boolean,
    n: number,
    y: number,
    z: number,
    o: number,
    log: number,
    d: number,
    t: number,
  ): void => {
    const v = view();
    const y0 = y >>> shift;
    const z0 = z >>> shift;
    const o0 = o >>> shift;
    const log0 = log >>> shift;
    const d0 = d >>> shift;
    const t0 = t >>> shift;
    for (let i = 0; i < n; i++) {
      const target = v[y0 + i];
      const rate = v[o0 + i];
      const loss = f(f(rate - target) + (target === 0 ? 0 : f(target * f(v[log0 + i] - v[z0 + i]))));
      v[d0 + i] = 2 * (rates ? f(1 - (target === 0 ? 0 : f(target / rate))) : f(rate - target));
      v[t0 + i] = loss;
    }
  };

  return {
    affine(n, scale, offset, x, y) {
      const v = view();
      const x0 = x >>> shift;
      const y0 = y >>> shift;
      const factor = f(scale);
      const by = f(offset);
      for (let i = 0; i < n; i++) v[y0 + i] = f(factor * v[x0 + i]) + by;
    },
    pinball_loss(rows, cols, at, tau, c, y, o, d, t) {
      if (at >= cols) return;
      const v = view();
      const y0 = y >>> shift;
      const o0 = (o >>> shift) + at;
      const d0 = (d >>> shift) + at;
      const t0 = (t >>> shift) + at;
      const under = -f(tau);
      const over = f(1 + under);
      const factor = f(c);
      for (let row = 0, i = 0; row < rows; row++, i += cols) {
        const r = f(v[o0 + i] - v[y0 + row]);
        v[d0 + i] = r > 0 ? factor * over : r < 0 ? factor * under : r;
        v[t0 + i] = (r > 0 ? over : under) * r;
      }
    },
    hinge_loss(n, c, y, o, d, t) {
      const v = view();
      const y0 = y >>> shift;
      const o0 = o >>> shift;
      const d0 = d >>> shift;
      const t0 = t >>> shift;
      const factor = f(c);
      for (let i = 0; i < n; i++) {
        const target = v[y0 + i];
        const m = missing(target, v[o0 + i]);
        v[d0 + i] = m === 0 ? 0 : factor * target;
        v[t0 + i] = m;
      }
    },
    squared_hinge_loss(n, c, y, o, d, t) {
      const v = view();
      const y0 = y >>> shift;
      const o0 = o >>> shift;
      const d0 = d >>> shift;
      const t0 = t >>> shift;
      const factor = f(c);
      for (let i = 0; i < n; i++) {
        const target = v[y0 + i];
        const m = missing(target, v[o0 + i]);
        v[d0 + i] = factor * f(target * m);
        v[t0 + i] = m * m;
      }
    },
    log_cosh_argument(n, y, o, h, u) {
      const v = view();
      const y0 = y >>> shift;
      const o0 = o >>> shift;
      const h0 = h >>> shift;
      const u0 = u >>> shift;
      for (let i = 0; i < n; i++) {
        const tanh = v[h0 + i];
        const size = Math.abs(tanh);
        v[u0 + i] = Math.abs(f(v[o0 + i] - v[y0 + i])) <= 1 ? -(tanh * tanh) : f(1 - size) / f(1 + size);
      }
    },
    log_cosh_loss(n, c, y, o, h, u, d, t) {
      const v = view();
      const y0 = y >>> shift;
      const o0 = o >>> shift;
      const h0 = h >>> shift;
      const u0 = u >>> shift;
      const d0 = d >>> shift;
      const t0 = t >>> shift;
      const factor = f(c);
      for (let i = 0; i < n; i++) {
        const size = Math.abs(f(v[o0 + i] - v[y0 + i]));
        const rest = v[u0 + i];
        v[d0 + i] = factor * v[h0 + i];
        v[t0 + i] = size <= 1 ? -0.5 * rest : f(size - ln2) + rest;
      }
    },
    focal_exponent(n, gamma, y, z, s, out) {
      const v = view();
      const y0 = y >>> shift;
      const z0 = z >>> shift;
      const s0 = s >>> shift;
      const out0 = out >>> shift;
      const factor = -f(gamma);
      for (let i = 0; i < n; i++) v[out0 + i] = factor * surprise(f(1 - v[y0 + i]), v[z0 + i], v[s0 + i]);
    },
    focal_loss(n, gamma, zero, more, y, z, o, s, p, d, t) {
      const v = view();
      const y0 = y >>> shift;
      const z0 = z >>> shift;
      const o0 = o >>> shift;
      const s0 = s >>> shift;
      const p0 = p >>> shift;
      const d0 = d >>> shift;
      const t0 = t >>> shift;
      const power = f(gamma);
      const least = f(zero);
      const rest = f(more);
      for (let i = 0; i < n; i++) {
        const target = v[y0 + i];
        const out = v[o0 + i];
        const a = f(f(least + f(rest * target)) * v[p0 + i]);
        const b = surprise(target, v[z0 + i], v[s0 + i]);
        const through = f(f(power * b) * f(f(out + target) - 1));
        v[d0 + i] = a * f(f(out - target) - through);
        v[t0 + i] = a * b;
      }
    },
    poisson_deviance(n, y, z, o, log, d, t) {
      deviances(false, n, y, z, o, log, d, t);
    },
    poisson_rate_deviance(n, y, z, o, log, d, t) {
      deviances(true, n, y, z, o, log, d, t);
    },
    kl_divergence(rows, cols, y, log, s, o, q, d, l) {
      const v = view();
      const y0 = y >>> shift;
      const log0 = log >>> shift;
      const s0 = s >>> shift;
      const o0 = o >>> shift;
      const q0 = q >>> shift;
      const d0 = d >>> shift;
      const l0 = l >>> shift;
      for (let row = 0; row < rows; row++) {
        const begin = row * cols;
        const end = begin + cols;
        const total = v[q0 + row];
        let loss = 0;
        let sum = 0;
        for (let i = begin; i < end; i++) {
          const target = v[y0 + i];
          if (target !== 0) loss = f(loss + f(target * f(f(total - v[s0 + i]) + v[log0 + i])));
          sum = f(sum + target);
        }
        for (let i = begin; i < end; i++) v[d0 + i] = f(v[o0 + i] * sum) - v[y0 + i];
        v[l0 + row] = loss;
      }
    },
    cosine_loss(rows, cols, y, o, d, l) {
      const v = view();
      const y0 = y >>> shift;
      const o0 = o >>> shift;
      const d0 = d >>> shift;
      const l0 = l >>> shift;
      for (let row = 0; row < rows; row++) {
        const begin = row * cols;
        const end = begin + cols;
        let a = 0;
        let b = 0;
        let c = 0;
        for (let i = begin; i < end; i++) {
          const target = v[y0 + i];
          const out = v[o0 + i];
          a = f(a + f(out * out));
          b = f(b + f(target * target));
          c = f(c + f(target * out));
        }
        const p = f(f(Math.sqrt(a)) * f(Math.sqrt(b)));
        const s = f(c / p);
        for (let i = begin; i < end; i++) v[d0 + i] = p === 0 ? 0 : f(s * f(v[o0 + i] / a)) - f(v[y0 + i] / p);
        v[l0 + row] = p === 0 ? 1 : 1 - s;
      }
    },
  } satisfies Partial<LayersKernels>;
}
