// Each element's loss t and its derivative d, once for both dtypes. Both are stored last: either may stand on an input.

import type { CoreKernels } from '../../kernels/core.js';
import type { Format } from './format.js';

export function losses({ view, shift, f }: Format) {
  return {
    squared_loss(n, c, y, o, d, t) {
      const v = view();
      const y0 = y >>> shift;
      const o0 = o >>> shift;
      const d0 = d >>> shift;
      const t0 = t >>> shift;
      const factor = f(c);
      for (let i = 0; i < n; i++) {
        const r = f(v[o0 + i] - v[y0 + i]);
        v[d0 + i] = factor * r;
        v[t0 + i] = r * r;
      }
    },
    absolute_loss(n, c, y, o, d, t) {
      const v = view();
      const y0 = y >>> shift;
      const o0 = o >>> shift;
      const d0 = d >>> shift;
      const t0 = t >>> shift;
      const factor = f(c);
      for (let i = 0; i < n; i++) {
        const r = f(v[o0 + i] - v[y0 + i]);
        v[d0 + i] = r < 0 ? -factor : r > 0 ? factor : r;
        v[t0 + i] = Math.abs(r);
      }
    },
    huber_loss(n, delta, c, y, o, d, t) {
      const v = view();
      const y0 = y >>> shift;
      const o0 = o >>> shift;
      const d0 = d >>> shift;
      const t0 = t >>> shift;
      const bend = f(delta);
      const half = f(0.5 * bend);
      const factor = f(c);
      for (let i = 0; i < n; i++) {
        const r = f(v[o0 + i] - v[y0 + i]);
        const size = Math.abs(r);
        v[d0 + i] = factor * (r > bend ? bend : r < -bend ? -bend : r);
        v[t0 + i] = size <= bend ? f(0.5 * r) * r : bend * f(size - half);
      }
    },
    logistic_loss(n, y, z, o, s, d, t) {
      const v = view();
      const y0 = y >>> shift;
      const z0 = z >>> shift;
      const o0 = o >>> shift;
      const s0 = s >>> shift;
      const d0 = d >>> shift;
      const t0 = t >>> shift;
      for (let i = 0; i < n; i++) {
        const target = v[y0 + i];
        const logit = v[z0 + i];
        const loss = f(f((logit <= 0 ? 0 : logit) - f(target * logit)) + v[s0 + i]);
        v[d0 + i] = v[o0 + i] - target;
        v[t0 + i] = loss;
      }
    },
    poisson_loss(n, y, z, o, d, t) {
      const v = view();
      const y0 = y >>> shift;
      const z0 = z >>> shift;
      const o0 = o >>> shift;
      const d0 = d >>> shift;
      const t0 = t >>> shift;
      for (let i = 0; i < n; i++) {
        const target = v[y0 + i];
        const rate = v[o0 + i];
        const log = target === 0 ? 0 : f(target * v[z0 + i]);
        v[d0 + i] = rate - target;
        v[t0 + i] = rate - log;
      }
    },
    poisson_rate_loss(n, y, z, o, d, t) {
      const v = view();
      const y0 = y >>> shift;
      const z0 = z >>> shift;
      const o0 = o >>> shift;
      const d0 = d >>> shift;
      const t0 = t >>> shift;
      for (let i = 0; i < n; i++) {
        const target = v[y0 + i];
        const rate = v[o0 + i];
        const log = target === 0 ? 0 : f(target * v[z0 + i]);
        v[d0 + i] = 1 - (target === 0 ? 0 : f(target / rate));
        v[t0 + i] = rate - log;
      }
    },
  } satisfies Partial<CoreKernels>;
}
