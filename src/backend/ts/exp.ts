// exp, expm1, sigmoid and tanh in scalars; assembly/exp.ts comes to the same bits on vectors, in fewer operations where those allow it.
//
// Greatest error found (npm run test:long): exp 0.934 ulp, sigmoid 1.851, expm1 1.34 and tanh 1.48 in f32, over all floats;
// in f64 exp 0.874 and sigmoid 1.679, over 158,674 points, where other samples came to 0.95 and 1.88; the others stay below f32's.
//
// Both dtypes are written out: over closures that round, as in elementwise.ts, exp takes 2.1 to 3.2 times as long and tanh
// 1.8 to 3.1; with the dtype as an argument of every function 1.6 to 2.3 times (100,000 numbers, both in use, measured).
// What two functions share is a function of its arguments alone: V8 inlines it and finds what was computed twice, where
// results left in fields cost expm1 a tenth to a quarter (measured).

import * as c from '../../kernels/constants.js';
import { type Format, map1 } from './format.js';

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

const clamp = (x: number, least: number, greatest: number) => (x > greatest ? greatest : x < least ? least : x);

/** 2^k for k within +-EXPM1_BITS, else of the nearer bound. */
const boundedPower = (k: number, powers: Float64Array) =>
  powers[POWERS_OFFSET + clamp(k | 0, -c.EXPM1_BITS, c.EXPM1_BITS)];

// With r = high - low, high = z - k LN2_HIGH, low = k LN2_LOW: exp(z) = 2^k (1 + (r + p)), p = tail + r^2 q(r), where tail is
// what rounding r lost. All for z in [EXP_MIN, EXP_MAX].

export const multiple = (z: number) => z * c.LOG2_E + c.ROUND_F64 - c.ROUND_F64;

export const highPart = (z: number, k: number) => z - k * c.LN2_HIGH_F64;

export const lowPart = (k: number) => k * c.LN2_LOW_F64;

/** p. */
export function beyond(high: number, low: number, r: number): number {
  const tail = high - r - low;
  const r2 = r * r;
  const r4 = r2 * r2;
  const q03 = c.Q0_F64 + c.Q1_F64 * r + (c.Q2_F64 + c.Q3_F64 * r) * r2;
  const q47 = c.Q4_F64 + c.Q5_F64 * r + (c.Q6_F64 + c.Q7_F64 * r) * r2;
  return tail + r2 * (q03 + r4 * (q47 + r4 * (c.Q8_F64 + c.Q9_F64 * r)));
}

/** y 2^k in two factors, so that a subnormal result is rounded once. */
export function scale(y: number, k: number, powers: Float64Array): number {
  const exponent = k | 0;
  const half = exponent >> 1;
  return y * powers[POWERS_OFFSET + half] * powers[POWERS_OFFSET + exponent - half];
}

function expInRange(z: number, powers: Float64Array): number {
  const k = multiple(z);
  const high = highPart(z, k);
  const low = lowPart(k);
  const r = high - low;
  return scale(1 + (r + beyond(high, low, r)), k, powers);
}

export const expOf = (x: number, powers: Float64Array) => expInRange(clamp(x, c.EXP_MIN_F64, c.EXP_MAX_F64), powers);

/**
 * With e = exp(-|x|), which cannot overflow: 1 / (1 + e) for x >= 0, else e / (1 + e). Below -1 the latter is computed as
 * e - e * (e / (1 + e)): the quotient's error then counts e times, which keeps the whole under 2 ulp (2.4 without).
 */
function sigmoidOf(x: number, powers: Float64Array): number {
  const e = expInRange(Math.max(-Math.abs(x), c.EXP_MIN_F64), powers);
  const quotient = (x < 0 ? e : 1) / (1 + e);
  return x < -1 ? e - e * quotient : quotient;
}

// With exp(z) = 2^k (1 + s), s = r + p: expm1(z) = (2^k - 1) + 2^k s, where 2^k - 1 is exact while it matters. s and the sum are
// kept in two parts each (Dekker 1971), so that what rounding lost can be added at the end.

const sumOf = (power: number, s: number) => power - 1 + power * s;

/** What rounding the sum and s lost. */
function lostOf(power: number, s: number, sum: number, r: number, p: number): number {
  const whole = power - 1;
  const back = sum - whole;
  return whole - (sum - back) + (power * s - back) + power * (p - (s - r));
}

function expm1Of(x: number, powers: Float64Array): number {
  if (x === 0) return x;
  const z = clamp(x, -c.TANH_MAX, c.EXP_MAX_F64);
  const k = multiple(z);
  const high = highPart(z, k);
  const low = lowPart(k);
  const r = high - low;
  const p = beyond(high, low, r);
  const s = r + p;
  if (x > c.EXPM1_MAX) return scale(1 + s, k, powers) - 1;
  const power = boundedPower(k, powers);
  const sum = sumOf(power, s);
  return sum + lostOf(power, s, sum, r, p);
}

/**
 * With a = |x|, e = exp(-2a), t = expm1(-2a): tanh(a) = -t / (2 + t) = (1 - e) / (1 + e).
 * Small: h = -t / 2 gives h + h * tanh(a); beyond: 1 - 2 * (e - e * (e / (1 + e))). Both damp the quotient's error.
 */
function tanhOf(x: number, powers: Float64Array): number {
  if (x === 0) return x;
  const a = Math.abs(x);
  const z = Math.max(-(a + a), -c.TANH_MAX);
  const k = multiple(z);
  const high = highPart(z, k);
  const low = lowPart(k);
  const r = high - low;
  const p = beyond(high, low, r);
  const s = r + p;
  const e = scale(1 + s, k, powers);
  let y: number;
  if (a < c.TANH_SMALL) {
    const power = boundedPower(k, powers);
    const sum = sumOf(power, s);
    const lost = lostOf(power, s, sum, r, p);
    const quotient = -sum / (1 + e);
    const h = -0.5 * sum;
    const g = 1 + quotient;
    y = h + (h * quotient - 0.5 * lost * (g * g));
  } else y = 1 - 2 * (e - e * (e / (1 + e)));
  return x < 0 ? -y : y;
}

export const exponentials = (format: Format, powers: Float64Array) => ({
  exp: map1(format, (v, n, x, y) => {
    for (let i = 0; i < n; i++) v[y + i] = expOf(v[x + i], powers);
  }),
  expm1: map1(format, (v, n, x, y) => {
    for (let i = 0; i < n; i++) v[y + i] = expm1Of(v[x + i], powers);
  }),
  sigmoid: map1(format, (v, n, x, y) => {
    for (let i = 0; i < n; i++) v[y + i] = sigmoidOf(v[x + i], powers);
  }),
  tanh: map1(format, (v, n, x, y) => {
    for (let i = 0; i < n; i++) v[y + i] = tanhOf(v[x + i], powers);
  }),
});

const LOG2_E = fround(c.LOG2_E);
const LN2_HIGH = fround(c.LN2_HIGH_F32);
const LN2_LOW = fround(c.LN2_LOW_F32);
const Q0 = fround(c.Q0_F32);
const Q1 = fround(c.Q1_F32);
const Q2 = fround(c.Q2_F32);
const Q3 = fround(c.Q3_F32);
const Q4 = fround(c.Q4_F32);
const TANH_SMALL = fround(c.TANH_SMALL);

export const multipleF32 = (z: number) => fround(fround(fround(z * LOG2_E) + c.ROUND_F32) - c.ROUND_F32);

export const highPartF32 = (z: number, k: number) => fround(z - fround(k * LN2_HIGH));

export const lowPartF32 = (k: number) => fround(k * LN2_LOW);

export function beyondF32(high: number, low: number, r: number): number {
  const tail = fround(fround(high - r) - low);
  const r2 = fround(r * r);
  const q01 = fround(Q0 + fround(Q1 * r));
  const q23 = fround(Q2 + fround(Q3 * r));
  const q = fround(fround(q01 + fround(q23 * r2)) + fround(Q4 * fround(r2 * r2)));
  return fround(tail + fround(r2 * q));
}

export function scaleF32(y: number, k: number, powers: Float64Array): number {
  const exponent = k | 0;
  const half = exponent >> 1;
  return fround(fround(y * powers[POWERS_OFFSET + half]) * powers[POWERS_OFFSET + exponent - half]);
}

function expInRangeF32(z: number, powers: Float64Array): number {
  const k = multipleF32(z);
  const high = highPartF32(z, k);
  const low = lowPartF32(k);
  const r = fround(high - low);
  return scaleF32(fround(1 + fround(r + beyondF32(high, low, r))), k, powers);
}

const expOfF32 = (x: number, powers: Float64Array) => expInRangeF32(clamp(x, c.EXP_MIN_F32, c.EXP_MAX_F32), powers);

function sigmoidOfF32(x: number, powers: Float64Array): number {
  const e = expInRangeF32(Math.max(-Math.abs(x), c.EXP_MIN_F32), powers);
  const quotient = fround((x < 0 ? e : 1) / fround(1 + e));
  return x < -1 ? fround(e - fround(e * quotient)) : quotient;
}

const sumOfF32 = (power: number, s: number) => fround(fround(power - 1) + fround(power * s));

function lostOfF32(power: number, s: number, sum: number, r: number, p: number): number {
  const whole = fround(power - 1);
  const back = fround(sum - whole);
  const lost = fround(fround(whole - fround(sum - back)) + fround(fround(power * s) - back));
  return fround(lost + fround(power * fround(p - fround(s - r))));
}

function expm1OfF32(x: number, powers: Float64Array): number {
  if (x === 0) return x;
  const z = clamp(x, -c.TANH_MAX, c.EXP_MAX_F32);
  const k = multipleF32(z);
  const high = highPartF32(z, k);
  const low = lowPartF32(k);
  const r = fround(high - low);
  const p = beyondF32(high, low, r);
  const s = fround(r + p);
  if (x > c.EXPM1_MAX) return fround(scaleF32(fround(1 + s), k, powers) - 1);
  const power = boundedPower(k, powers);
  const sum = sumOfF32(power, s);
  return fround(sum + lostOfF32(power, s, sum, r, p));
}

function tanhOfF32(x: number, powers: Float64Array): number {
  if (x === 0) return x;
  const a = Math.abs(x);
  const z = Math.max(-(a + a), -c.TANH_MAX);
  const k = multipleF32(z);
  const high = highPartF32(z, k);
  const low = lowPartF32(k);
  const r = fround(high - low);
  const p = beyondF32(high, low, r);
  const s = fround(r + p);
  const e = scaleF32(fround(1 + s), k, powers);
  let y: number;
  if (a < TANH_SMALL) {
    const power = boundedPower(k, powers);
    const sum = sumOfF32(power, s);
    const lost = lostOfF32(power, s, sum, r, p);
    const quotient = fround(-sum / fround(1 + e));
    const h = fround(-0.5 * sum);
    const g = fround(1 + quotient);
    y = fround(h + fround(fround(h * quotient) - fround(fround(0.5 * lost) * fround(g * g))));
  } else y = fround(1 - fround(2 * fround(e - fround(e * fround(e / fround(1 + e))))));
  return x < 0 ? -y : y;
}

export const exponentialsF32 = (format: Format, powers: Float64Array) => ({
  exp: map1(format, (v, n, x, y) => {
    for (let i = 0; i < n; i++) v[y + i] = expOfF32(v[x + i], powers);
  }),
  expm1: map1(format, (v, n, x, y) => {
    for (let i = 0; i < n; i++) v[y + i] = expm1OfF32(v[x + i], powers);
  }),
  sigmoid: map1(format, (v, n, x, y) => {
    for (let i = 0; i < n; i++) v[y + i] = sigmoidOfF32(v[x + i], powers);
  }),
  tanh: map1(format, (v, n, x, y) => {
    for (let i = 0; i < n; i++) v[y + i] = tanhOfF32(v[x + i], powers);
  }),
});
