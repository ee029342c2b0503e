// Sums over one block in 16 lanes (contract rule 4), once for both dtypes.

import type { CoreKernels } from '../../kernels/core.js';
import type { Format, View } from './format.js';

/** Combines lane l with l + 8, then l + 4, l + 2, l + 1. */
function combine(lanes: View): number {
  for (let width = 8; width > 0; width >>= 1) {
    for (let l = 0; l < width; l++) lanes[l] += lanes[l + width]; // a Float32Array rounds as it stores
  }
  return lanes[0];
}

export function sums({ view, shift, f }: Format) {
  const lanes: View = view().slice(0, 16);
  return {
    dot(n, x, y) {
      const v = view();
      const x0 = x >>> shift;
      const y0 = y >>> shift;
      lanes.fill(0);
      for (let i = 0; i < n; i++) lanes[i & 15] += f(v[x0 + i] * v[y0 + i]);
      return combine(lanes);
    },
    squared_error(n, x, y) {
      const v = view();
      const x0 = x >>> shift;
      const y0 = y >>> shift;
      lanes.fill(0);
      for (let i = 0; i < n; i++) {
        const d = f(v[x0 + i] - v[y0 + i]);
        lanes[i & 15] += f(d * d);
      }
      return combine(lanes);
    },
  } satisfies Partial<CoreKernels>;
}
