// expm1 and tanh in scalars; assembly/exp.ts does the same operations in the same order on vectors.
//
// With exp(z) = 2^k (1 + s): expm1(z) = 2^k s + (2^k - 1), where 2^k - 1 is exact while it matters. s and the sum are kept
// in two parts each (Dekker 1971), so that what rounding lost can be added at the end.
//
// Greatest error found: expm1 1.34 ulp, tanh 1.48 ulp, in f32 over all floats (test/accuracy.test.ts); f64 stays below.

import * as c from '../../kernels/constants.js';
import { polynomial, polynomialF32, scale, scaleF32 } from './exp.js';

const { fround } = Math;

/** Where `split` leaves its results. */
const parts = { high: 0, low: 0, exp: 0 };

/** expm1(z) as high + low, and exp(z), for z in [EXP_MIN, EXP_MAX]; high and low only up to EXPM1_MAX. */
function split(z: number, powers: Float64Array): void {
  const k = z * c.LOG2_E + c.ROUND_F64 - c.ROUND_F64;
  const zHigh = z - k * c.LN2_HIGH_F64;
  const zLow = k * c.LN2_LOW_F64;
  const r = zHigh - zLow;
  const tail = zHigh - r - zLow;
  const r2 = r * r;
  const p = tail + r2 * polynomial(r, r2);
  const s = r + p;
  const sLow = p - (s - r);
  const power = scale(1, k < -c.EXPM1_BITS ? -c.EXPM1_BITS : k > c.EXPM1_BITS ? c.EXPM1_BITS : k, powers);
  const whole = power - 1;
  const part = power * s;
  const high = whole + part;
  const back = high - whole;
  parts.high = high;
  parts.low = whole - (high - back) + (part - back) + power * sLow;
  parts.exp = scale(1 + s, k, powers);
}

export function expm1Of(x: number, powers: Float64Array): number {
  if (x !== x || x === 0) return x;
  split(x > c.EXP_MAX_F64 ? c.EXP_MAX_F64 : x < -c.TANH_MAX ? -c.TANH_MAX : x, powers);
  return x > c.EXPM1_MAX ? parts.exp - 1 : parts.high + parts.low;
}

/**
 * With a = |x|, e = exp(-2a), t = expm1(-2a): tanh(a) = -t / (2 + t) = (1 - e) / (1 + e).
 * Small: h = -t / 2 gives h + h * tanh(a); beyond: 1 - 2 * (e - e * (e / (1 + e))). Both damp the quotient's error.
 */
export function tanhOf(x: number, powers: Float64Array): number {
  if (x !== x || x === 0) return x;
  const a = Math.abs(x);
  const z = -(a + a);
  split(z < -c.TANH_MAX ? -c.TANH_MAX : z, powers);
  const e = parts.exp;
  const small = a < c.TANH_SMALL;
  const quotient = (small ? -parts.high : e) / (1 + e);
  const h = -0.5 * parts.high;
  const g = 1 + quotient;
  const y = small ? h + (h * quotient - 0.5 * parts.low * (g * g)) : 1 - 2 * (e - e * quotient);
  return x < 0 ? -y : y;
}

const LOG2_E = fround(c.LOG2_E);
const LN2_HIGH = fround(c.LN2_HIGH_F32);
const LN2_LOW = fround(c.LN2_LOW_F32);
const TANH_SMALL = fround(c.TANH_SMALL);

function splitF32(z: number, powers: Float64Array): void {
  const k = fround(fround(fround(z * LOG2_E) + c.ROUND_F32) - c.ROUND_F32);
  const zHigh = fround(z - fround(k * LN2_HIGH));
  const zLow = fround(k * LN2_LOW);
  const r = fround(zHigh - zLow);
  const tail = fround(fround(zHigh - r) - zLow);
  const r2 = fround(r * r);
  const p = fround(tail + fround(r2 * polynomialF32(r, r2)));
  const s = fround(r + p);
  const sLow = fround(p - fround(s - r));
  const power = scaleF32(1, k < -c.EXPM1_BITS ? -c.EXPM1_BITS : k > c.EXPM1_BITS ? c.EXPM1_BITS : k, powers);
  const whole = fround(power - 1);
  const part = fround(power * s);
  const high = fround(whole + part);
  const back = fround(high - whole);
  parts.high = high;
  parts.low = fround(fround(fround(whole - fround(high - back)) + fround(part - back)) + fround(power * sLow));
  parts.exp = scaleF32(fround(1 + s), k, powers);
}

export function expm1OfF32(x: number, powers: Float64Array): number {
  if (x !== x || x === 0) return x;
  splitF32(x > c.EXP_MAX_F32 ? c.EXP_MAX_F32 : x < -c.TANH_MAX ? -c.TANH_MAX : x, powers);
  return x > c.EXPM1_MAX ? fround(parts.exp - 1) : fround(parts.high + parts.low);
}

export function tanhOfF32(x: number, powers: Float64Array): number {
  if (x !== x || x === 0) return x;
  const a = Math.abs(x);
  const z = -(a + a);
  splitF32(z < -c.TANH_MAX ? -c.TANH_MAX : z, powers);
  const e = parts.exp;
  const small = a < TANH_SMALL;
  const quotient = fround((small ? -parts.high : e) / fround(1 + e));
  const h = fround(-0.5 * parts.high);
  const g = fround(1 + quotient);
  const y = small
    ? fround(h + fround(fround(h * quotient) - fround(fround(0.5 * parts.low) * fround(g * g))))
    : fround(1 - fround(2 * fround(e - fround(e * quotient))));
  return x < 0 ? -y : y;
}
