// What scales and mixes whole vectors around an optimizer's step, once for both dtypes.

import type { TrainingKernels } from '../../kernels/training.js';
import type { Format } from './format.js';

export function scaling({ view, shift, f }: Format) {
  return {
    waxpby(n, alpha, beta, x, y, z) {
      const v = view();
      const [x0, y0, z0] = [x >>> shift, y >>> shift, z >>> shift];
      const [a, b] = [f(alpha), f(beta)];
      for (let i = 0; i < n; i++) v[z0 + i] = f(a * v[x0 + i]) + f(b * v[y0 + i]);
    },
    over_norm(n, least, s, x, y) {
      const v = view();
      const [x0, y0] = [x >>> shift, y >>> shift];
      const norm = f(Math.sqrt(v[s >>> shift]));
      const size = norm < f(least) ? f(least) : norm;
      for (let i = 0; i < n; i++) v[y0 + i] = v[x0 + i] / size;
    },
    average(n, rate, p, e) {
      const x = view();
      const [p0, e0] = [p >>> shift, e >>> shift];
      const r = f(rate);
      for (let i = 0; i < n; i++) if (x[p0 + i] !== x[e0 + i]) x[e0 + i] += f(r * f(x[p0 + i] - x[e0 + i]));
    },
    clip(n, limit, g) {
      const x = view();
      const g0 = g >>> shift;
      const high = f(limit);
      for (let i = 0; i < n; i++) {
        const value = x[g0 + i];
        x[g0 + i] = value > high ? high : value < -high ? -high : value;
      }
    },
  } satisfies Partial<TrainingKernels>;
}
