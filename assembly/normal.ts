// Exact gelu on vectors; backend/ts/normal.ts says the same in scalars, with the error bound.

import {
  INV_SQRT_2PI, N0_F64, N1_F64, N2_F64, N3_F64, N4_F64, N5_F64, N6_F64, N7_F64, N8_F64, N9_F64, N10_F64,
  N11_F64, N12_F64, N13_F64, N14_F64, N15_F64, N16_F64, N17_F64, N18_F64, N19_F64, N20_F64, N21_F64, N22_F64,
  N0_F32, N1_F32, N2_F32, N3_F32, N4_F32, N5_F32, N6_F32, N7_F32, N8_F32, N9_F32, N10_F32,
  NORMAL_CENTRE_F32, NORMAL_CENTRE_F64, NORMAL_MAX_F32, NORMAL_MAX_F64, SPLIT_F32, SPLIT_F64,
} from '../src/kernels/constants';
import { constant, HALF, linear, LN2_HIGH, LN2_LOW, LOG2E, MINUS_HALF, ONE, power, Q, ROUND, SCALE } from './exp';
import { add, lanes, mul, storePart, sub } from './vector';

// In tables, as exp's are; both have the same order, and an entry fills one vector.
const MAX: usize = 0;
const MINUS_MAX: usize = 16;
const CENTRE: usize = 32;
const SPLIT: usize = 48;
const DENSITY: usize = 64;
const N: usize = 80;

const TABLE_F64 = memory.data<f64>([
  NORMAL_MAX_F64, NORMAL_MAX_F64,
  -NORMAL_MAX_F64, -NORMAL_MAX_F64,
  NORMAL_CENTRE_F64, NORMAL_CENTRE_F64,
  SPLIT_F64, SPLIT_F64,
  INV_SQRT_2PI, INV_SQRT_2PI,
  N0_F64, N0_F64,
  N1_F64, N1_F64,
  N2_F64, N2_F64,
  N3_F64, N3_F64,
  N4_F64, N4_F64,
  N5_F64, N5_F64,
  N6_F64, N6_F64,
  N7_F64, N7_F64,
  N8_F64, N8_F64,
  N9_F64, N9_F64,
  N10_F64, N10_F64,
  N11_F64, N11_F64,
  N12_F64, N12_F64,
  N13_F64, N13_F64,
  N14_F64, N14_F64,
  N15_F64, N15_F64,
  N16_F64, N16_F64,
  N17_F64, N17_F64,
  N18_F64, N18_F64,
  N19_F64, N19_F64,
  N20_F64, N20_F64,
  N21_F64, N21_F64,
  N22_F64, N22_F64,
], 16);

const TABLE_F32 = memory.data<f32>([
  <f32>NORMAL_MAX_F32, <f32>NORMAL_MAX_F32, <f32>NORMAL_MAX_F32, <f32>NORMAL_MAX_F32,
  -<f32>NORMAL_MAX_F32, -<f32>NORMAL_MAX_F32, -<f32>NORMAL_MAX_F32, -<f32>NORMAL_MAX_F32,
  <f32>NORMAL_CENTRE_F32, <f32>NORMAL_CENTRE_F32, <f32>NORMAL_CENTRE_F32, <f32>NORMAL_CENTRE_F32,
  <f32>SPLIT_F32, <f32>SPLIT_F32, <f32>SPLIT_F32, <f32>SPLIT_F32,
  <f32>INV_SQRT_2PI, <f32>INV_SQRT_2PI, <f32>INV_SQRT_2PI, <f32>INV_SQRT_2PI,
  <f32>N0_F32, <f32>N0_F32, <f32>N0_F32, <f32>N0_F32,
  <f32>N1_F32, <f32>N1_F32, <f32>N1_F32, <f32>N1_F32,
  <f32>N2_F32, <f32>N2_F32, <f32>N2_F32, <f32>N2_F32,
  <f32>N3_F32, <f32>N3_F32, <f32>N3_F32, <f32>N3_F32,
  <f32>N4_F32, <f32>N4_F32, <f32>N4_F32, <f32>N4_F32,
  <f32>N5_F32, <f32>N5_F32, <f32>N5_F32, <f32>N5_F32,
  <f32>N6_F32, <f32>N6_F32, <f32>N6_F32, <f32>N6_F32,
  <f32>N7_F32, <f32>N7_F32, <f32>N7_F32, <f32>N7_F32,
  <f32>N8_F32, <f32>N8_F32, <f32>N8_F32, <f32>N8_F32,
  <f32>N9_F32, <f32>N9_F32, <f32>N9_F32, <f32>N9_F32,
  <f32>N10_F32, <f32>N10_F32, <f32>N10_F32, <f32>N10_F32,
], 16);

// @ts-ignore: decorator
@inline
function own<T extends number>(offset: usize): v128 {
  return sizeof<T>() == 8 ? v128.load(TABLE_F64 + offset) : v128.load(TABLE_F32 + offset);
}

/** N[index] + N[index + 1] w */
// @ts-ignore: decorator
@inline
function pair<T extends number>(index: usize, w: v128): v128 {
  return add<T>(own<T>(N + 16 * index), mul<T>(own<T>(N + 16 * index + 16), w));
}

/** N[index] + ... + N[index + 3] w^3 */
// @ts-ignore: decorator
@inline
function quad<T extends number>(index: usize, w: v128, w2: v128): v128 {
  return add<T>(pair<T>(index, w), mul<T>(pair<T>(index + 2, w), w2));
}

/** M(t). */
// @ts-ignore: decorator
@inline
function mills<T extends number>(t: v128): v128 {
  const centre = own<T>(CENTRE);
  const w = v128.div<T>(sub<T>(t, centre), add<T>(t, centre));
  const w2 = mul<T>(w, w);
  const w4 = mul<T>(w2, w2);
  let polynomial: v128;
  if (sizeof<T>() == 8) {
    const w8 = mul<T>(w4, w4);
    const n17 = add<T>(quad<T>(17, w, w2), mul<T>(pair<T>(21, w), w4));
    const n9 = add<T>(quad<T>(9, w, w2), mul<T>(quad<T>(13, w, w2), w4));
    const upper = add<T>(n9, mul<T>(w8, n17));
    polynomial = add<T>(add<T>(quad<T>(1, w, w2), mul<T>(quad<T>(5, w, w2), w4)), mul<T>(w8, upper));
  } else {
    polynomial = add<T>(quad<T>(1, w, w2), mul<T>(w4, add<T>(quad<T>(5, w, w2), mul<T>(w4, pair<T>(9, w)))));
  }
  return v128.div<T>(add<T>(own<T>(N), mul<T>(w, polynomial)), add<T>(constant<T>(ONE), t));
}

/** h and s of the first `count` lanes of z. */
// @ts-ignore: decorator
@inline
function geluExact<T extends number>(z: v128, h: usize, s: usize, count: usize): void {
  const above = v128.pmax<T>(z, own<T>(MINUS_MAX));
  const within = v128.pmin<T>(above, own<T>(MAX));
  const t = v128.abs<T>(within);
  // t^2 / 2 = -half + rest: exp(-rest) goes through the reduction as what it lost.
  const wide = mul<T>(own<T>(SPLIT), t);
  const cut = sub<T>(wide, sub<T>(wide, t));
  const half = mul<T>(constant<T>(MINUS_HALF), mul<T>(cut, cut));
  const round = constant<T>(ROUND);
  const k = sub<T>(add<T>(mul<T>(half, constant<T>(LOG2E)), round), round);
  const high = sub<T>(half, mul<T>(k, constant<T>(LN2_HIGH)));
  const rest = mul<T>(constant<T>(HALF), mul<T>(sub<T>(t, cut), add<T>(t, cut)));
  const lower = add<T>(mul<T>(k, constant<T>(LN2_LOW)), rest);
  const r = sub<T>(high, lower);
  const tail = sub<T>(sub<T>(high, r), lower);
  const r2 = mul<T>(r, r);
  const r4 = mul<T>(r2, r2);
  let q = add<T>(linear<T>(0, r), mul<T>(linear<T>(2, r), r2));
  if (sizeof<T>() == 8) {
    const upper = add<T>(linear<T>(4, r), mul<T>(linear<T>(6, r), r2));
    q = add<T>(q, mul<T>(r4, add<T>(upper, mul<T>(r4, linear<T>(8, r)))));
  } else {
    q = add<T>(q, mul<T>(constant<T>(Q + 16 * 4), r4));
  }
  const p = add<T>(r, add<T>(tail, mul<T>(r2, q)));
  const bias = constant<T>(SCALE);
  const kHalf = add<T>(mul<T>(k, constant<T>(HALF)), bias);
  const one = constant<T>(ONE);
  const first = power<T>(kHalf);
  const second = power<T>(add<T>(sub<T>(k, sub<T>(kHalf, bias)), bias));
  const m = mills<T>(t);
  const unscaled = add<T>(m, mul<T>(m, p));
  const lowTail = mul<T>(mul<T>(unscaled, first), second);
  const positive = v128.gt<T>(z, v128.splat<T>(<T>0));
  const phi = v128.bitselect(sub<T>(one, lowTail), lowTail, positive);
  const e = mul<T>(mul<T>(add<T>(one, p), first), second);
  const slope = add<T>(phi, mul<T>(within, mul<T>(own<T>(DENSITY), e)));
  const y = v128.bitselect(mul<T>(above, phi), mul<T>(mul<T>(mul<T>(above, unscaled), first), second), positive);
  if (count == lanes<T>()) {
    v128.store(h, y);
    if (s) v128.store(s, slope);
  } else {
    storePart<T>(h, y, count);
    if (s) storePart<T>(s, slope, count);
  }
}

export function gelu_exact<T extends number>(n: usize, z: usize, h: usize, s: usize): void {
  // One copy of all that, whole vectors and the last alike: what lies behind the n elements is ignored.
  while (n) {
    const count = min(n, lanes<T>());
    geluExact<T>(v128.load(z), h, s, count);
    n -= count;
    z += 16;
    h += 16;
    if (s) s += 16;
  }
}
