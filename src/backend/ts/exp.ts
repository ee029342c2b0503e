// exp and sigmoid in scalars; assembly/exp.ts does the same operations in the same order on vectors.
//
// Greatest error found (npm run test:long): exp 0.934 ulp and sigmoid 1.851 in f32, over all floats; 0.874 and 1.679 in f64,
// over 158,674 points, where other samples came to 0.95 and 1.88.

import * as c from '../../kernels/constants.js';

const { fround } = Math;

const POWERS_OFFSET = 540;

/** 2^k for k from -540 to 540: what scaling in two halves needs. */
export function powersOfTwo(): Float64Array {
  const powers = new Float64Array(2 * POWERS_OFFSET + 1);
  powers[POWERS_OFFSET] = 1;
  for (let k = 1; k <= POWERS_OFFSET; k++) {
    powers[POWERS_OFFSET + k] = powers[POWERS_OFFSET + k - 1] * 2;
    powers[POWERS_OFFSET - k] = powers[POWERS_OFFSET - k + 1] / 2;
  }
  return powers;
}

/** exp(x) for x in [EXP_MIN, EXP_MAX]. */
function expInRange(x: number, powers: Float64Array): number {
  const k = x * c.LOG2_E + c.ROUND_F64 - c.ROUND_F64;
  const high = x - k * c.LN2_HIGH_F64;
  const low = k * c.LN2_LOW_F64;
  const r = high - low;
  const tail = high - r - low; // what rounding r lost
  const r2 = r * r;
  return scale(1 + (r + (tail + r2 * polynomial(r, r2))), k, powers);
}

/** q(r). */
export function polynomial(r: number, r2: number): number {
  const r4 = r2 * r2;
  const q03 = c.Q0_F64 + c.Q1_F64 * r + (c.Q2_F64 + c.Q3_F64 * r) * r2;
  const q47 = c.Q4_F64 + c.Q5_F64 * r + (c.Q6_F64 + c.Q7_F64 * r) * r2;
  return q03 + r4 * (q47 + r4 * (c.Q8_F64 + c.Q9_F64 * r));
}

/** y 2^k in two factors, so that a subnormal result is rounded once. */
export function scale(y: number, k: number, powers: Float64Array): number {
  const exponent = k | 0;
  const half = exponent >> 1;
  return y * powers[POWERS_OFFSET + half] * powers[POWERS_OFFSET + exponent - half];
}

const LOG2_E = fround(c.LOG2_E);
const LN2_HIGH = fround(c.LN2_HIGH_F32);
const LN2_LOW = fround(c.LN2_LOW_F32);
const Q0 = fround(c.Q0_F32);
const Q1 = fround(c.Q1_F32);
const Q2 = fround(c.Q2_F32);
const Q3 = fround(c.Q3_F32);
const Q4 = fround(c.Q4_F32);

function expInRangeF32(x: number, powers: Float64Array): number {
  const k = fround(fround(fround(x * LOG2_E) + c.ROUND_F32) - c.ROUND_F32);
  const high = fround(x - fround(k * LN2_HIGH));
  const low = fround(k * LN2_LOW);
  const r = fround(high - low);
  const tail = fround(fround(high - r) - low);
  const r2 = fround(r * r);
  return scaleF32(fround(1 + fround(r + fround(tail + fround(r2 * polynomialF32(r, r2))))), k, powers);
}

export function polynomialF32(r: number, r2: number): number {
  const r4 = fround(r2 * r2);
  const q01 = fround(Q0 + fround(Q1 * r));
  const q23 = fround(Q2 + fround(Q3 * r));
  return fround(fround(q01 + fround(q23 * r2)) + fround(Q4 * r4));
}

export function scaleF32(y: number, k: number, powers: Float64Array): number {
  const exponent = k | 0;
  const half = exponent >> 1;
  return fround(fround(y * powers[POWERS_OFFSET + half]) * powers[POWERS_OFFSET + exponent - half]);
}

export function expOf(x: number, powers: Float64Array): number {
  if (x !== x) return x;
  return expInRange(x > c.EXP_MAX_F64 ? c.EXP_MAX_F64 : x < c.EXP_MIN_F64 ? c.EXP_MIN_F64 : x, powers);
}

export function expOfF32(x: number, powers: Float64Array): number {
  if (x !== x) return x;
  return expInRangeF32(x > c.EXP_MAX_F32 ? c.EXP_MAX_F32 : x < c.EXP_MIN_F32 ? c.EXP_MIN_F32 : x, powers);
}

/**
 * With e = exp(-|x|), which cannot overflow: 1 / (1 + e) for x >= 0, else e / (1 + e). Below -1 the latter is computed as
 * e - e * (e / (1 + e)): the quotient's error then counts e times, which keeps the whole under 2 ulp (2.4 without).
 */
export function sigmoidOf(x: number, powers: Float64Array): number {
  if (x !== x) return x;
  const minus = -Math.abs(x);
  const e = expInRange(minus < c.EXP_MIN_F64 ? c.EXP_MIN_F64 : minus, powers);
  const quotient = (x < 0 ? e : 1) / (1 + e);
  return x < -1 ? e - e * quotient : quotient;
}

export function sigmoidOfF32(x: number, powers: Float64Array): number {
  if (x !== x) return x;
  const minus = -Math.abs(x);
  const e = expInRangeF32(minus < c.EXP_MIN_F32 ? c.EXP_MIN_F32 : minus, powers);
  const quotient = fround((x < 0 ? e : 1) / fround(1 + e));
  return x < -1 ? fround(e - fround(e * quotient)) : quotient;
}
