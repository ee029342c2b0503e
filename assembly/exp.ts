// exp and sigmoid, two f64 or four f32 at a time; backend/ts/exp.ts says the same in scalars, with the error bounds.
//
// The constants are loaded from a table in linear memory: V8 rebuilds a v128.const at every turn of a loop with three
// instructions, a load takes one (2.7x on sigmoid, measured). Two vectors go side by side, step by step: one alone waits
// for its own results, since a processor does not look far enough ahead to begin the next (1.26x on sigmoid, measured).

import {
  EXP_MAX_F32, EXP_MAX_F64, EXP_MIN_F32, EXP_MIN_F64, LN2_HIGH_F32, LN2_HIGH_F64, LN2_LOW_F32, LN2_LOW_F64, LOG2_E,
  Q0_F32, Q0_F64, Q1_F32, Q1_F64, Q2_F32, Q2_F64, Q3_F32, Q3_F64, Q4_F32, Q4_F64, Q5_F64, Q6_F64, Q7_F64, Q8_F64, Q9_F64,
  ROUND_F32, ROUND_F64, SCALE_F32, SCALE_F64,
} from '../src/backend/constants';
import { lanes, loadRest, storePart } from './vector';

// Both tables have the same order; an entry fills one vector.
const LOG2E: usize = 0;
const ROUND: usize = 16;
const LN2_HIGH: usize = 32;
const LN2_LOW: usize = 48;
const HALF: usize = 64;
const SCALE: usize = 80;
const ONE: usize = 96;
const MINUS_ONE: usize = 112;
const MINUS_ZERO: usize = 128;
const MAX: usize = 144;
const MIN: usize = 160;
const Q: usize = 176;

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
  <f32>Q0_F32, <f32>Q0_F32, <f32>Q0_F32, <f32>Q0_F32,
  <f32>Q1_F32, <f32>Q1_F32, <f32>Q1_F32, <f32>Q1_F32,
  <f32>Q2_F32, <f32>Q2_F32, <f32>Q2_F32, <f32>Q2_F32,
  <f32>Q3_F32, <f32>Q3_F32, <f32>Q3_F32, <f32>Q3_F32,
  <f32>Q4_F32, <f32>Q4_F32, <f32>Q4_F32, <f32>Q4_F32,
], 16);

// @ts-ignore: decorator
@inline
function constant<T>(offset: usize): v128 {
  return sizeof<T>() == 8 ? v128.load(TABLE_F64 + offset) : v128.load(TABLE_F32 + offset);
}

// @ts-ignore: decorator
@inline
function add<T>(x: v128, y: v128): v128 {
  return v128.add<T>(x, y);
}

// @ts-ignore: decorator
@inline
function sub<T>(x: v128, y: v128): v128 {
  return v128.sub<T>(x, y);
}

// @ts-ignore: decorator
@inline
function mul<T>(x: v128, y: v128): v128 {
  return v128.mul<T>(x, y);
}

/** c[index] + c[index + 1] r */
// @ts-ignore: decorator
@inline
function linear<T>(index: usize, r: v128): v128 {
  return add<T>(constant<T>(Q + 16 * index), mul<T>(constant<T>(Q + 16 * index + 16), r));
}

/** 2^k from SCALE + k. */
// @ts-ignore: decorator
@inline
function power<T>(scaled: v128): v128 {
  return sizeof<T>() == 8 ? i64x2.shl(scaled, 52) : i32x4.shl(scaled, 23);
}

// pmin(x, c) is c < x ? c : x, and so keeps a NaN in x.
// @ts-ignore: decorator
@inline
function exponent<T>(logistic: bool, x: v128): v128 {
  const below = logistic ? v128.or(x, constant<T>(MINUS_ZERO)) : v128.pmin<T>(x, constant<T>(MAX));
  return v128.pmax<T>(below, constant<T>(MIN));
}

/** sigmoid(x) from e = exp(-|x|). */
// @ts-ignore: decorator
@inline
function logisticOf<T>(x: v128, e: v128): v128 {
  const one = constant<T>(ONE);
  const negative = v128.lt<T>(x, v128.splat<T>(<T>0));
  const quotient = v128.div<T>(v128.bitselect(e, one, negative), add<T>(one, e));
  return v128.bitselect(sub<T>(e, mul<T>(e, quotient)), quotient, v128.lt<T>(x, constant<T>(MINUS_ONE)));
}

/** exp or sigmoid of two vectors, of which the first `count` elements are written to y. */
// @ts-ignore: decorator
@inline
function evaluate<T>(logistic: bool, xa: v128, xb: v128, y: usize, count: usize): void {
  const za = exponent<T>(logistic, xa);
  const zb = exponent<T>(logistic, xb);

  const log2e = constant<T>(LOG2E);
  const round = constant<T>(ROUND);
  const ka = sub<T>(add<T>(mul<T>(za, log2e), round), round);
  const kb = sub<T>(add<T>(mul<T>(zb, log2e), round), round);
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
  const one = constant<T>(ONE);
  const ya = add<T>(one, add<T>(ra, add<T>(tailA, mul<T>(ra2, qa))));
  const yb = add<T>(one, add<T>(rb, add<T>(tailB, mul<T>(rb2, qb))));

  // Two factors, so that a subnormal result is rounded once; a NaN stays one through both.
  const scale = constant<T>(SCALE);
  const halfA = add<T>(mul<T>(ka, constant<T>(HALF)), scale);
  const halfB = add<T>(mul<T>(kb, constant<T>(HALF)), scale);
  const restA = add<T>(sub<T>(ka, sub<T>(halfA, scale)), scale);
  const restB = add<T>(sub<T>(kb, sub<T>(halfB, scale)), scale);
  let ea = mul<T>(mul<T>(ya, power<T>(halfA)), power<T>(restA));
  let eb = mul<T>(mul<T>(yb, power<T>(halfB)), power<T>(restB));
  if (logistic) {
    ea = logisticOf<T>(xa, ea);
    eb = logisticOf<T>(xb, eb);
  }

  if (count < lanes<T>()) {
    storePart<T>(y, ea, count);
  } else {
    v128.store(y, ea);
    if (count == 2 * lanes<T>()) v128.store(y, eb, 16);
    else if (count > lanes<T>()) storePart<T>(y + 16, eb, count - lanes<T>());
  }
}

// @ts-ignore: decorator
@inline
function overVector<T>(logistic: bool, n: usize, x: usize, y: usize): void {
  const rest = n % (2 * lanes<T>());
  const end = x + (n - rest) * sizeof<T>();
  for (; x < end; x += 32, y += 32) evaluate<T>(logistic, v128.load(x), v128.load(x, 16), y, 2 * lanes<T>());
  if (rest) evaluate<T>(logistic, loadRest<T>(x, rest, 0), loadRest<T>(x, rest, lanes<T>()), y, rest);
}

export function exp_f64(n: usize, x: usize, y: usize): void {
  overVector<f64>(false, n, x, y);
}
export function exp_f32(n: usize, x: usize, y: usize): void {
  overVector<f32>(false, n, x, y);
}
export function sigmoid_f64(n: usize, x: usize, y: usize): void {
  overVector<f64>(true, n, x, y);
}
export function sigmoid_f32(n: usize, x: usize, y: usize): void {
  overVector<f32>(true, n, x, y);
}
