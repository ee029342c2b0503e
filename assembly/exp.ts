// exp, expm1, sigmoid and tanh on vectors; backend/ts/exp.ts says the same in scalars, with the error bounds.
//
// The constants are loaded from a table in linear memory: V8 rebuilds a v128.const at every turn of a loop with three
// instructions, a load takes one (2.7x on sigmoid, measured). Two vectors go side by side, step by step: one alone waits
// for its own results, since a processor does not look far enough ahead to begin the next (1.26x on sigmoid, measured). Three
// gain 15 % on one processor and lose 16 % on another, where registers run out (Golden Cove, Zen 4).

import {
  EXPM1_BITS, EXPM1_MAX, EXP_MAX_F32, EXP_MAX_F64, EXP_MIN_F32, EXP_MIN_F64, LN2_HIGH_F32, LN2_HIGH_F64, LN2_LOW_F32, LN2_LOW_F64, LOG2_E,
  Q0_F32, Q0_F64, Q1_F32, Q1_F64, Q2_F32, Q2_F64, Q3_F32, Q3_F64, Q4_F32, Q4_F64, Q5_F64, Q6_F64, Q7_F64, Q8_F64, Q9_F64,
  ROUND_F32, ROUND_F64, SCALE_F32, SCALE_F64,
  TANH_MAX, TANH_SMALL,
} from '../src/kernels/constants';
import { add, lanes, mul, storePart, sub } from './vector';

// Both tables have the same order; an entry fills one vector.
export const LOG2E: usize = 0;
export const ROUND: usize = 16;
export const LN2_HIGH: usize = 32;
export const LN2_LOW: usize = 48;
export const HALF: usize = 64;
export const SCALE: usize = 80;
export const ONE: usize = 96;
const MINUS_ONE: usize = 112;
const MINUS_ZERO: usize = 128;
const MAX: usize = 144;
const MIN: usize = 160;
const POWER_MAX: usize = 176;
const POWER_MIN: usize = 192;
const DIRECT: usize = 208;
const EXPM1_MIN: usize = 224;
const LOG2E_TWICE: usize = 240;
const SATURATED: usize = 256;
export const MINUS_HALF: usize = 272;
const SMALL: usize = 288;
const SCALE_HALF: usize = 304;
const FOUR: usize = 320;
const SCALE_LIFT: usize = 336;
const LOWER: usize = 352;
export const Q: usize = 368;

const TABLE_F64 = memory.data<f64>([
  LOG2_E, LOG2_E,
  ROUND_F64, ROUND_F64,
  LN2_HIGH_F64, LN2_HIGH_F64,
  LN2_LOW_F64, LN2_LOW_F64,
  0.5, 0.5,
  SCALE_F64, SCALE_F64,
  1.0, 1.0,
  -1.0, -1.0,
  -0.0, -0.0,
  EXP_MAX_F64, EXP_MAX_F64,
  EXP_MIN_F64, EXP_MIN_F64,
  EXPM1_BITS, EXPM1_BITS,
  -EXPM1_BITS, -EXPM1_BITS,
  EXPM1_MAX, EXPM1_MAX,
  -TANH_MAX, -TANH_MAX,
  2.0 * LOG2_E, 2.0 * LOG2_E,
  -0.5 * TANH_MAX, -0.5 * TANH_MAX,
  -0.5, -0.5,
  -TANH_SMALL, -TANH_SMALL,
  SCALE_F64 - 1.0, SCALE_F64 - 1.0,
  4.0, 4.0,
  SCALE_F64 + 512.0, SCALE_F64 + 512.0,
  7.458340731200207e-155, 7.458340731200207e-155, // 2^-512
  Q0_F64, Q0_F64,
  Q1_F64, Q1_F64,
  Q2_F64, Q2_F64,
  Q3_F64, Q3_F64,
  Q4_F64, Q4_F64,
  Q5_F64, Q5_F64,
  Q6_F64, Q6_F64,
  Q7_F64, Q7_F64,
  Q8_F64, Q8_F64,
  Q9_F64, Q9_F64,
], 16);

const TABLE_F32 = memory.data<f32>([
  <f32>LOG2_E, <f32>LOG2_E, <f32>LOG2_E, <f32>LOG2_E,
  <f32>ROUND_F32, <f32>ROUND_F32, <f32>ROUND_F32, <f32>ROUND_F32,
  <f32>LN2_HIGH_F32, <f32>LN2_HIGH_F32, <f32>LN2_HIGH_F32, <f32>LN2_HIGH_F32,
  <f32>LN2_LOW_F32, <f32>LN2_LOW_F32, <f32>LN2_LOW_F32, <f32>LN2_LOW_F32,
  0.5, 0.5, 0.5, 0.5,
  <f32>SCALE_F32, <f32>SCALE_F32, <f32>SCALE_F32, <f32>SCALE_F32,
  1.0, 1.0, 1.0, 1.0,
  -1.0, -1.0, -1.0, -1.0,
  -0.0, -0.0, -0.0, -0.0,
  <f32>EXP_MAX_F32, <f32>EXP_MAX_F32, <f32>EXP_MAX_F32, <f32>EXP_MAX_F32,
  <f32>EXP_MIN_F32, <f32>EXP_MIN_F32, <f32>EXP_MIN_F32, <f32>EXP_MIN_F32,
  <f32>EXPM1_BITS, <f32>EXPM1_BITS, <f32>EXPM1_BITS, <f32>EXPM1_BITS,
  -<f32>EXPM1_BITS, -<f32>EXPM1_BITS, -<f32>EXPM1_BITS, -<f32>EXPM1_BITS,
  <f32>EXPM1_MAX, <f32>EXPM1_MAX, <f32>EXPM1_MAX, <f32>EXPM1_MAX,
  -<f32>TANH_MAX, -<f32>TANH_MAX, -<f32>TANH_MAX, -<f32>TANH_MAX,
  2.0 * <f32>LOG2_E, 2.0 * <f32>LOG2_E, 2.0 * <f32>LOG2_E, 2.0 * <f32>LOG2_E,
  -0.5 * <f32>TANH_MAX, -0.5 * <f32>TANH_MAX, -0.5 * <f32>TANH_MAX, -0.5 * <f32>TANH_MAX,
  -0.5, -0.5, -0.5, -0.5,
  -<f32>TANH_SMALL, -<f32>TANH_SMALL, -<f32>TANH_SMALL, -<f32>TANH_SMALL,
  <f32>SCALE_F32 - 1.0, <f32>SCALE_F32 - 1.0, <f32>SCALE_F32 - 1.0, <f32>SCALE_F32 - 1.0,
  4.0, 4.0, 4.0, 4.0,
  <f32>SCALE_F32 + 64.0, <f32>SCALE_F32 + 64.0, <f32>SCALE_F32 + 64.0, <f32>SCALE_F32 + 64.0,
  5.421010862427522e-20, 5.421010862427522e-20, 5.421010862427522e-20, 5.421010862427522e-20, // 2^-64
  <f32>Q0_F32, <f32>Q0_F32, <f32>Q0_F32, <f32>Q0_F32,
  <f32>Q1_F32, <f32>Q1_F32, <f32>Q1_F32, <f32>Q1_F32,
  <f32>Q2_F32, <f32>Q2_F32, <f32>Q2_F32, <f32>Q2_F32,
  <f32>Q3_F32, <f32>Q3_F32, <f32>Q3_F32, <f32>Q3_F32,
  <f32>Q4_F32, <f32>Q4_F32, <f32>Q4_F32, <f32>Q4_F32,
], 16);

// @ts-ignore: decorator
@inline
export function constant<T extends number>(offset: usize): v128 {
  return sizeof<T>() == 8 ? v128.load(TABLE_F64 + offset) : v128.load(TABLE_F32 + offset);
}

/** c[index] + c[index + 1] r */
// @ts-ignore: decorator
@inline
export function linear<T extends number>(index: usize, r: v128): v128 {
  return add<T>(constant<T>(Q + 16 * index), mul<T>(constant<T>(Q + 16 * index + 16), r));
}

/** 2^k from SCALE + k. */
// @ts-ignore: decorator
@inline
export function power<T extends number>(scaled: v128): v128 {
  return sizeof<T>() == 8 ? i64x2.shl(scaled, 52) : i32x4.shl(scaled, 23);
}

// What a kernel computes; a constant in its loop, so that each kernel's is compiled for itself.
const EXP: i32 = 0;
const EXPM1: i32 = 1;
const SIGMOID: i32 = 2;
const TANH: i32 = 3;

/** What exp is taken of, half of it for tanh. pmin(x, c) is c < x ? c : x, and so keeps a NaN in x. */
// @ts-ignore: decorator
@inline
function exponent<T extends number>(kind: i32, x: v128): v128 {
  if (kind == TANH) return v128.pmax<T>(v128.or(x, constant<T>(MINUS_ZERO)), constant<T>(SATURATED));
  if (kind == SIGMOID) return v128.pmax<T>(v128.or(x, constant<T>(MINUS_ZERO)), constant<T>(MIN));
  return v128.pmax<T>(v128.pmin<T>(x, constant<T>(MAX)), constant<T>(kind == EXPM1 ? EXPM1_MIN : MIN));
}

/** y 2^k in two factors, so that a subnormal result is rounded once; a NaN stays one through both. */
// @ts-ignore: decorator
@inline
function scaled<T extends number>(kind: i32, y: v128, k: v128): v128 {
  // There k is at most 0: lifted by 2^512 (2^64) the product is normal for every k, and one factor is a constant.
  if (kind == SIGMOID) return mul<T>(mul<T>(y, power<T>(add<T>(k, constant<T>(SCALE_LIFT)))), constant<T>(LOWER));
  const scale = constant<T>(SCALE);
  const half = add<T>(mul<T>(k, constant<T>(HALF)), scale);
  const rest = add<T>(sub<T>(k, sub<T>(half, scale)), scale);
  return mul<T>(mul<T>(y, power<T>(half)), power<T>(rest));
}

/** sigmoid(x) from e = exp(-|x|), which is at most 1. */
// @ts-ignore: decorator
@inline
function logisticOf<T extends number>(x: v128, e: v128): v128 {
  const one = constant<T>(ONE);
  const numerator = v128.pmax<T>(e, v128.andnot(one, v128.lt<T>(x, v128.splat<T>(<T>0))));
  const quotient = v128.div<T>(numerator, add<T>(one, e));
  return v128.bitselect(sub<T>(e, mul<T>(e, quotient)), quotient, v128.lt<T>(x, constant<T>(MINUS_ONE)));
}

/** expm1(x) from exp(z) = 2^k (1 + s), s = r + p but for rounding, and e = exp(z). */
// @ts-ignore: decorator
@inline
function expm1Of<T extends number>(x: v128, k: v128, r: v128, p: v128, s: v128, e: v128): v128 {
  const one = constant<T>(ONE);
  const sLow = sub<T>(p, sub<T>(s, r));
  const bits = v128.pmin<T>(v128.pmax<T>(k, constant<T>(POWER_MIN)), constant<T>(POWER_MAX));
  const factor = power<T>(add<T>(bits, constant<T>(SCALE)));
  const whole = sub<T>(factor, one);
  const part = mul<T>(factor, s);
  const high = add<T>(whole, part);
  const back = sub<T>(high, whole);
  const low = add<T>(add<T>(sub<T>(whole, sub<T>(high, back)), sub<T>(part, back)), mul<T>(factor, sLow));
  const direct = v128.gt<T>(x, constant<T>(DIRECT));
  const zero = v128.eq<T>(x, v128.splat<T>(<T>0));
  return v128.bitselect(x, v128.bitselect(sub<T>(e, one), add<T>(high, low), direct), zero);
}

/**
 * tanh(x) from the same, c = z / 2. The formula of backend/ts/exp.ts with fewer operations and no other bit: 2^k stays normal,
 * so that one factor does. All is halved, which makes h of it at once. Where h counts, k is -2, -1 or 0 and the larger term of
 * h known: what rounding it lost takes two operations. Of +-0 comes +0, and its sign with all the others.
 */
// @ts-ignore: decorator
@inline
function tanhOf<T extends number>(x: v128, c: v128, k: v128, r: v128, p: v128, s: v128): v128 {
  const one = constant<T>(ONE);
  const half = constant<T>(HALF);
  const factor = power<T>(add<T>(k, constant<T>(SCALE_HALF)));
  const e = mul<T>(add<T>(one, s), factor);
  const whole = sub<T>(half, factor);
  const part = mul<T>(factor, s);
  const h = sub<T>(whole, part);
  const lost = add<T>(add<T>(part, sub<T>(h, whole)), mul<T>(factor, sub<T>(p, sub<T>(s, r))));
  const small = v128.gt<T>(c, constant<T>(SMALL));
  const numerator = v128.bitselect(h, e, small);
  const quotient = v128.div<T>(numerator, add<T>(half, e));
  const product = mul<T>(numerator, quotient);
  const g = add<T>(one, quotient);
  const near = add<T>(h, sub<T>(product, mul<T>(lost, mul<T>(g, g))));
  const far = sub<T>(one, mul<T>(constant<T>(FOUR), sub<T>(e, product)));
  return v128.or(v128.bitselect(near, far, small), v128.and(x, constant<T>(MINUS_ZERO)));
}

// @ts-ignore: decorator
@inline
function finish<T extends number>(kind: i32, x: v128, c: v128, k: v128, r: v128, p: v128): v128 {
  const s = add<T>(r, p);
  if (kind == TANH) return tanhOf<T>(x, c, k, r, p, s);
  const e = scaled<T>(kind, add<T>(constant<T>(ONE), s), k);
  if (kind == SIGMOID) return logisticOf<T>(x, e);
  return kind == EXP ? e : expm1Of<T>(x, k, r, p, s, e);
}

/** One of the four of n elements. The last vectors are loaded whole like the others: what lies behind the n is ignored. */
// @ts-ignore: decorator
@inline
function overVector<T extends number>(kind: i32, n: usize, x: usize, y: usize): void {
  const rest = n % (2 * lanes<T>());
  const end = x + (n - rest) * sizeof<T>();
  let ea: v128;
  let eb: v128;
  while (true) {
    // The only way to the code below the loop, so that there is one copy of the rest: a second was a third of the module.
    if (x >= end && !rest) return;
    const xa = v128.load(x);
    const xb = v128.load(x, 16);
    const ca = exponent<T>(kind, xa);
    const cb = exponent<T>(kind, xb);

    const log2e = constant<T>(kind == TANH ? LOG2E_TWICE : LOG2E);
    const round = constant<T>(ROUND);
    const ka = sub<T>(add<T>(mul<T>(ca, log2e), round), round);
    const kb = sub<T>(add<T>(mul<T>(cb, log2e), round), round);
    const za = kind == TANH ? add<T>(ca, ca) : ca;
    const zb = kind == TANH ? add<T>(cb, cb) : cb;
    const highA = sub<T>(za, mul<T>(ka, constant<T>(LN2_HIGH)));
    const highB = sub<T>(zb, mul<T>(kb, constant<T>(LN2_HIGH)));
    const lowA = mul<T>(ka, constant<T>(LN2_LOW));
    const lowB = mul<T>(kb, constant<T>(LN2_LOW));
    const ra = sub<T>(highA, lowA);
    const rb = sub<T>(highB, lowB);
    const tailA = sub<T>(sub<T>(highA, ra), lowA);
    const tailB = sub<T>(sub<T>(highB, rb), lowB);

    // q(r), pairs first, so that few operations wait for one another.
    const ra2 = mul<T>(ra, ra);
    const rb2 = mul<T>(rb, rb);
    const ra4 = mul<T>(ra2, ra2);
    const rb4 = mul<T>(rb2, rb2);
    let qa = add<T>(linear<T>(0, ra), mul<T>(linear<T>(2, ra), ra2));
    let qb = add<T>(linear<T>(0, rb), mul<T>(linear<T>(2, rb), rb2));
    if (sizeof<T>() == 8) {
      const upperA = add<T>(linear<T>(4, ra), mul<T>(linear<T>(6, ra), ra2));
      const upperB = add<T>(linear<T>(4, rb), mul<T>(linear<T>(6, rb), rb2));
      qa = add<T>(qa, mul<T>(ra4, add<T>(upperA, mul<T>(ra4, linear<T>(8, ra)))));
      qb = add<T>(qb, mul<T>(rb4, add<T>(upperB, mul<T>(rb4, linear<T>(8, rb)))));
    } else {
      qa = add<T>(qa, mul<T>(constant<T>(Q + 16 * 4), ra4));
      qb = add<T>(qb, mul<T>(constant<T>(Q + 16 * 4), rb4));
    }
    ea = finish<T>(kind, xa, ca, ka, ra, add<T>(tailA, mul<T>(ra2, qa)));
    eb = finish<T>(kind, xb, cb, kb, rb, add<T>(tailB, mul<T>(rb2, qb)));
    if (x >= end) break;
    v128.store(y, ea);
    v128.store(y, eb, 16);
    x += 32;
    y += 32;
  }
  if (rest < lanes<T>()) {
    storePart<T>(y, ea, rest);
    return;
  }
  v128.store(y, ea);
  if (rest > lanes<T>()) storePart<T>(y + 16, eb, rest - lanes<T>());
}

// @ts-ignore: decorator
@inline
export function exp<T extends number>(n: usize, x: usize, y: usize): void {
  overVector<T>(EXP, n, x, y);
}

// @ts-ignore: decorator
@inline
export function expm1<T extends number>(n: usize, x: usize, y: usize): void {
  overVector<T>(EXPM1, n, x, y);
}

// @ts-ignore: decorator
@inline
export function sigmoid<T extends number>(n: usize, x: usize, y: usize): void {
  overVector<T>(SIGMOID, n, x, y);
}

// @ts-ignore: decorator
@inline
export function tanh<T extends number>(n: usize, x: usize, y: usize): void {
  overVector<T>(TANH, n, x, y);
}
