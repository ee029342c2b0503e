// Exact gelu, z Phi(z), in scalars; assembly/normal.ts does the same operations in the same order on vectors.
//
// Greatest error of h found (npm run test:long): 3.40 ulp in f64, over 86,066 points, where others came to 4.80, and 4.32 in
// f32, over all floats; for z < 0 too, down to where h underflows: 0.5 (1 + erf(z / sqrt 2)) has no correct digit left below -8.3.
// Both dtypes are written out as in exp.ts.

import * as c from '../../kernels/constants.js';
import type { LayersKernels } from '../../kernels/layers.js';
import {
  beyond,
  beyondF32,
  highPart,
  highPartF32,
  lowPart,
  lowPartF32,
  multiple,
  multipleF32,
  scale,
  scaleF32,
} from './exp.js';
import type { Format } from './format.js';

const { fround } = Math;

/** M(t). */
function mills(t: number): number {
  const w = (t - c.NORMAL_CENTRE_F64) / (t + c.NORMAL_CENTRE_F64);
  const w2 = w * w;
  const w4 = w2 * w2;
  const w8 = w4 * w4;
  const n1 = c.N1_F64 + c.N2_F64 * w + (c.N3_F64 + c.N4_F64 * w) * w2;
  const n5 = c.N5_F64 + c.N6_F64 * w + (c.N7_F64 + c.N8_F64 * w) * w2;
  const n9 = c.N9_F64 + c.N10_F64 * w + (c.N11_F64 + c.N12_F64 * w) * w2;
  const n13 = c.N13_F64 + c.N14_F64 * w + (c.N15_F64 + c.N16_F64 * w) * w2;
  const n17 = c.N17_F64 + c.N18_F64 * w + (c.N19_F64 + c.N20_F64 * w) * w2;
  const n21 = c.N21_F64 + c.N22_F64 * w;
  const upper = n9 + n13 * w4 + w8 * (n17 + n21 * w4);
  return (c.N0_F64 + w * (n1 + n5 * w4 + w8 * upper)) / (1 + t);
}

export const normal = ({ view, shift }: Format, powers: Float64Array): Pick<LayersKernels, 'gelu_exact'> => ({
  gelu_exact(n, z, h, s) {
    const v = view();
    const z0 = z >>> shift;
    const h0 = h >>> shift;
    const s0 = s >>> shift;
    for (let i = 0; i < n; i++) {
      const x = v[z0 + i];
      const above = x < -c.NORMAL_MAX_F64 ? -c.NORMAL_MAX_F64 : x;
      const within = above > c.NORMAL_MAX_F64 ? c.NORMAL_MAX_F64 : above;
      const t = Math.abs(within);
      // t^2 / 2 = half + rest: exp(-rest) goes through the reduction as what it lost.
      const wide = c.SPLIT_F64 * t;
      const cut = wide - (wide - t);
      const half = -0.5 * (cut * cut);
      const k = multiple(half);
      const high = highPart(half, k);
      const low = lowPart(k) + 0.5 * ((t - cut) * (t + cut));
      const r = high - low;
      const p = r + beyond(high, low, r);
      const m = mills(t);
      // z multiplies what is not scaled yet: behind, a subnormal Phi would count its rounding |z| times.
      const unscaled = m + m * p;
      const tail = scale(unscaled, k, powers);
      const phi = x > 0 ? 1 - tail : tail;
      if (s !== 0) v[s0 + i] = phi + within * (c.INV_SQRT_2PI * scale(1 + p, k, powers));
      v[h0 + i] = x > 0 ? x * phi : scale(above * unscaled, k, powers);
    }
  },
});

const N0 = fround(c.N0_F32);
const N1 = fround(c.N1_F32);
const N2 = fround(c.N2_F32);
const N3 = fround(c.N3_F32);
const N4 = fround(c.N4_F32);
const N5 = fround(c.N5_F32);
const N6 = fround(c.N6_F32);
const N7 = fround(c.N7_F32);
const N8 = fround(c.N8_F32);
const N9 = fround(c.N9_F32);
const N10 = fround(c.N10_F32);
const INV_SQRT_2PI = fround(c.INV_SQRT_2PI);

function millsF32(t: number): number {
  const w = fround(fround(t - c.NORMAL_CENTRE_F32) / fround(t + c.NORMAL_CENTRE_F32));
  const w2 = fround(w * w);
  const w4 = fround(w2 * w2);
  const n1 = fround(fround(N1 + fround(N2 * w)) + fround(fround(N3 + fround(N4 * w)) * w2));
  const n5 = fround(fround(N5 + fround(N6 * w)) + fround(fround(N7 + fround(N8 * w)) * w2));
  const n9 = fround(N9 + fround(N10 * w));
  const polynomial = fround(n1 + fround(w4 * fround(n5 + fround(w4 * n9))));
  return fround(fround(N0 + fround(w * polynomial)) / fround(1 + t));
}

export const normalF32 = ({ view, shift }: Format, powers: Float64Array): Pick<LayersKernels, 'gelu_exact'> => ({
  gelu_exact(n, z, h, s) {
    const v = view();
    const z0 = z >>> shift;
    const h0 = h >>> shift;
    const s0 = s >>> shift;
    for (let i = 0; i < n; i++) {
      const x = v[z0 + i];
      const above = x < -c.NORMAL_MAX_F32 ? -c.NORMAL_MAX_F32 : x;
      const within = above > c.NORMAL_MAX_F32 ? c.NORMAL_MAX_F32 : above;
      const t = Math.abs(within);
      const wide = fround(c.SPLIT_F32 * t);
      const cut = fround(wide - fround(wide - t));
      const half = fround(-0.5 * fround(cut * cut));
      const k = multipleF32(half);
      const high = highPartF32(half, k);
      const low = fround(lowPartF32(k) + fround(0.5 * fround(fround(t - cut) * fround(t + cut))));
      const r = fround(high - low);
      const p = fround(r + beyondF32(high, low, r));
      const m = millsF32(t);
      const unscaled = fround(m + fround(m * p));
      const tail = scaleF32(unscaled, k, powers);
      const phi = x > 0 ? fround(1 - tail) : tail;
      if (s !== 0) {
        v[s0 + i] = phi + fround(within * fround(INV_SQRT_2PI * scaleF32(fround(1 + p), k, powers)));
      }
      v[h0 + i] = x > 0 ? x * phi : scaleF32(fround(above * unscaled), k, powers);
    }
  },
});
