// Dropout, once for both dtypes.

import { MIX_STEP, MIX1, MIX2, MIX3 } from '../../kernels/constants.js';
import type { LayersKernels } from '../../kernels/layers.js';
import type { Format } from './format.js';

function mix(x: number): number {
  let y = Math.imul(x ^ (x >>> 17), MIX1);
  y = Math.imul(y ^ (y >>> 11), MIX2);
  y = Math.imul(y ^ (y >>> 15), MIX3);
  return y ^ (y >>> 14);
}

/** x, or 0 unless it is from 0 to below the limit. */
const below = (x: number, limit: number) => (x >= 0 && x < limit ? x : 0);

export function dropouts({ view, shift, f }: Format) {
  return {
    dropout(rows, cols, rate, seed, first, x, y) {
      const v = view();
      let from = x >>> shift;
      let to = y >>> shift;
      const share = below(rate, 1);
      const limit = (share * 2 ** 32) >>> 0;
      const scale = f(1 / (1 - share));
      const seeded = mix((Math.floor(below(seed, 2 ** 32)) + MIX_STEP) | 0);
      const begin = Math.floor(below(first, 2 ** 53));
      for (let i = 0; i < rows; i++) {
        const number = begin + i;
        let place = mix(mix((seeded + Math.floor(number / 2 ** 32)) | 0) + number);
        for (let j = 0; j < cols; j++) {
          v[to++] = mix(place) >>> 0 < limit ? 0 : scale * v[from];
          from++;
          place = (place + MIX_STEP) | 0;
        }
      }
    },
  } satisfies Partial<LayersKernels>;
}
