// exp and sigmoid, two f64 or four f32 at a time; backend/ts/exp.ts says the same in scalars, with the error bounds.
//
// The constants are loaded from a table in linear memory: V8 rebuilds a v128.const at every turn of a loop with three
// instructions, a load takes one (2.7x on sigmoid, measured).

import {
  EXP_MAX_F32, EXP_MAX_F64, EXP_MIN_F32, EXP_MIN_F64, LN2_HIGH_F32, LN2_HIGH_F64, LN2_LOW_F32, LN2_LOW_F64, LOG2_E,
  Q0_F32, Q0_F64, Q1_F32, Q1_F64, Q2_F32, Q2_F64, Q3_F32, Q3_F64, Q4_F32, Q4_F64, Q5_F64, Q6_F64, Q7_F64, Q8_F64, Q9_F64,
  ROUND_F32, ROUND_F64, SCALE_F32, SCALE_F64,
} from '../src/backend/constants';
import { lanes, loadPart, storePart } from './vector';

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

/** a + b r */
// @ts-ignore: decorator
@inline
function linear<T>(index: usize, r: v128): v128 {
  return add<T>(constant<T>(Q + 16 * index), mul<T>(constant<T>(Q + 16 * index + 16), r));
}

/** q(r): pairs first, so that few operations wait for one another. */
// @ts-ignore: decorator
@inline
function polynomial<T>(r: v128, r2: v128): v128 {
  const low = add<T>(linear<T>(0, r), mul<T>(linear<T>(2, r), r2));
  const r4 = mul<T>(r2, r2);
  if (sizeof<T>() == 4) return add<T>(low, mul<T>(constant<T>(Q + 16 * 4), r4));
  const high = add<T>(linear<T>(4, r), mul<T>(linear<T>(6, r), r2));
  return add<T>(low, mul<T>(r4, add<T>(high, mul<T>(r4, linear<T>(8, r)))));
}

/** 2^k from SCALE + k. */
// @ts-ignore: decorator
@inline
function power<T>(scaled: v128): v128 {
  return sizeof<T>() == 8 ? i64x2.shl(scaled, 52) : i32x4.shl(scaled, 23);
}

/** exp of a vector whose elements lie in [MIN, MAX] or are NaN. */
// @ts-ignore: decorator
@inline
function expInRange<T>(x: v128): v128 {
  const round = constant<T>(ROUND);
  const k = sub<T>(add<T>(mul<T>(x, constant<T>(LOG2E)), round), round);
  const high = sub<T>(x, mul<T>(k, constant<T>(LN2_HIGH)));
  const low = mul<T>(k, constant<T>(LN2_LOW));
  const r = sub<T>(high, low);
  const tail = sub<T>(sub<T>(high, r), low);
  const r2 = mul<T>(r, r);
  const y = add<T>(constant<T>(ONE), add<T>(r, add<T>(tail, mul<T>(r2, polynomial<T>(r, r2)))));
  // Two factors, so that a subnormal result is rounded once; a NaN stays one through both.
  const scale = constant<T>(SCALE);
  const half = add<T>(mul<T>(k, constant<T>(HALF)), scale);
  const rest = add<T>(sub<T>(k, sub<T>(half, scale)), scale);
  return mul<T>(mul<T>(y, power<T>(half)), power<T>(rest));
}

// pmin(x, c) is c < x ? c : x, and so keeps a NaN in x.
// @ts-ignore: decorator
@inline
function expOf<T>(x: v128): v128 {
  return expInRange<T>(v128.pmax<T>(v128.pmin<T>(x, constant<T>(MAX)), constant<T>(MIN)));
}

// @ts-ignore: decorator
@inline
function sigmoidOf<T>(x: v128): v128 {
  const minus = v128.or(x, constant<T>(MINUS_ZERO));
  const e = expInRange<T>(v128.pmax<T>(minus, constant<T>(MIN)));
  const one = constant<T>(ONE);
  const negative = v128.lt<T>(x, v128.splat<T>(<T>0));
  const quotient = v128.div<T>(v128.bitselect(e, one, negative), add<T>(one, e));
  const below = v128.lt<T>(x, constant<T>(MINUS_ONE));
  return v128.bitselect(sub<T>(e, mul<T>(e, quotient)), quotient, below);
}

function exp<T>(n: usize, x: usize, y: usize): void {
  const rest = n % lanes<T>();
  const end = x + (n - rest) * sizeof<T>();
  for (; x < end; x += 16, y += 16) v128.store(y, expOf<T>(v128.load(x)));
  if (rest) storePart<T>(y, expOf<T>(loadPart<T>(x, rest)), rest);
}

function sigmoid<T>(n: usize, x: usize, y: usize): void {
  const rest = n % lanes<T>();
  const end = x + (n - rest) * sizeof<T>();
  for (; x < end; x += 16, y += 16) v128.store(y, sigmoidOf<T>(v128.load(x)));
  if (rest) storePart<T>(y, sigmoidOf<T>(loadPart<T>(x, rest)), rest);
}

export function exp_f64(n: usize, x: usize, y: usize): void {
  exp<f64>(n, x, y);
}
export function exp_f32(n: usize, x: usize, y: usize): void {
  exp<f32>(n, x, y);
}
export function sigmoid_f64(n: usize, x: usize, y: usize): void {
  sigmoid<f64>(n, x, y);
}
export function sigmoid_f32(n: usize, x: usize, y: usize): void {
  sigmoid<f32>(n, x, y);
}
