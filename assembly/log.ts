// log and log1p on vectors; backend/ts/log.ts says the same in scalars, with the error bounds.

import {
  LG1_F32, LG1_F64, LG2_F32, LG2_F64, LG3_F32, LG3_F64, LG4_F32, LG4_F64, LG5_F64, LG6_F64, LG7_F64, LIFT_BITS_F32,
  LIFT_BITS_F64, LIFT_F32, LIFT_F64, LOG_LN2_HIGH_F32, LOG_LN2_HIGH_F64, LOG_LN2_LOW_F32, LOG_LN2_LOW_F64,
  MIN_NORMAL_F32, MIN_NORMAL_F64, SQRT_HALF_F32, SQRT_HALF_HIGH_F64,
} from '../src/kernels/constants';
import { add, lanes, mul, storePart, sub } from './vector';

// @ts-ignore: decorator
@inline
function either<T extends number>(f64Value: f64, f32Value: f64): v128 {
  return sizeof<T>() == 8 ? f64x2.splat(f64Value) : f32x4.splat(<f32>f32Value);
}

/** x's exponent and mantissa bits, moved so that mantissas run from sqrt(1/2) to sqrt(2). */
// @ts-ignore: decorator
@inline
function shifted<T extends number>(x: v128): v128 {
  if (sizeof<T>() == 8) return i64x2.add(x, i64x2.splat((<i64>(0x3ff00000 - SQRT_HALF_HIGH_F64)) << 32));
  return i32x4.add(x, i32x4.splat(0x3f800000 - SQRT_HALF_F32));
}

/** k as a number: the exponent field becomes the low bits of 2^52 or 2^23. */
// @ts-ignore: decorator
@inline
function exponentOf<T extends number>(bits: v128): v128 {
  if (sizeof<T>() == 8) {
    const field = v128.or(i64x2.shr_u(bits, 52), i64x2.splat(0x4330000000000000));
    return f64x2.sub(field, f64x2.splat(4503599627370496.0 + 1023.0));
  }
  const field = v128.or(i32x4.shr_u(bits, 23), i32x4.splat(0x4b000000));
  return f32x4.sub(field, f32x4.splat(8388608.0 + 127.0));
}

// @ts-ignore: decorator
@inline
function mantissaOf<T extends number>(bits: v128): v128 {
  if (sizeof<T>() == 8) {
    const field = v128.and(bits, i64x2.splat(0x000fffffffffffff));
    return i64x2.add(field, i64x2.splat((<i64>SQRT_HALF_HIGH_F64) << 32));
  }
  return i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(SQRT_HALF_F32));
}

/** k ln 2 + log(1 + f) + rest. */
// @ts-ignore: decorator
@inline
function logarithm<T extends number>(k: v128, f: v128, rest: v128): v128 {
  const s = v128.div<T>(f, add<T>(either<T>(2, 2), f));
  const z = mul<T>(s, s);
  const w = mul<T>(z, z);
  let even: v128;
  let odd: v128;
  if (sizeof<T>() == 8) {
    const even46 = add<T>(f64x2.splat(LG4_F64), mul<T>(w, f64x2.splat(LG6_F64)));
    even = mul<T>(w, add<T>(f64x2.splat(LG2_F64), mul<T>(w, even46)));
    const odd57 = add<T>(f64x2.splat(LG5_F64), mul<T>(w, f64x2.splat(LG7_F64)));
    const odd37 = add<T>(f64x2.splat(LG3_F64), mul<T>(w, odd57));
    odd = mul<T>(z, add<T>(f64x2.splat(LG1_F64), mul<T>(w, odd37)));
  } else {
    even = mul<T>(w, add<T>(f32x4.splat(<f32>LG2_F32), mul<T>(w, f32x4.splat(<f32>LG4_F32))));
    odd = mul<T>(z, add<T>(f32x4.splat(<f32>LG1_F32), mul<T>(w, f32x4.splat(<f32>LG3_F32))));
  }
  const half = mul<T>(either<T>(0.5, 0.5), mul<T>(f, f));
  const low = add<T>(mul<T>(k, either<T>(LOG_LN2_LOW_F64, LOG_LN2_LOW_F32)), rest);
  const inner = add<T>(mul<T>(s, add<T>(half, add<T>(odd, even))), low);
  return sub<T>(mul<T>(k, either<T>(LOG_LN2_HIGH_F64, LOG_LN2_HIGH_F32)), sub<T>(sub<T>(half, inner), f));
}

/** log with log's special cases, or log1p with its own. */
// @ts-ignore: decorator
@inline
function logOf<T extends number>(plusOne: bool, x: v128): v128 {
  const zero = v128.splat<T>(<T>0);
  const one = v128.splat<T>(<T>1);
  let y: v128;
  if (plusOne) {
    const u = add<T>(one, x);
    const back = sub<T>(u, one);
    const lost = add<T>(sub<T>(one, sub<T>(u, back)), sub<T>(x, back));
    const bits = shifted<T>(u);
    y = logarithm<T>(exponentOf<T>(bits), sub<T>(mantissaOf<T>(bits), one), v128.div<T>(lost, u));
    y = v128.bitselect(x, y, v128.eq<T>(x, zero));
  } else {
    const subnormal = v128.lt<T>(x, either<T>(MIN_NORMAL_F64, MIN_NORMAL_F32));
    const normal = v128.bitselect(mul<T>(x, either<T>(LIFT_F64, LIFT_F32)), x, subnormal);
    const bits = shifted<T>(normal);
    const k = sub<T>(exponentOf<T>(bits), v128.and(subnormal, either<T>(LIFT_BITS_F64, LIFT_BITS_F32)));
    y = logarithm<T>(k, sub<T>(mantissaOf<T>(bits), one), zero);
  }
  const infinity = v128.splat<T>(<T>Infinity);
  const least = plusOne ? v128.splat<T>(<T>-1) : zero;
  y = v128.bitselect(infinity, y, v128.eq<T>(x, infinity));
  y = v128.bitselect(v128.neg<T>(infinity), y, v128.eq<T>(x, least));
  // Neither greater nor equal: below, or NaN.
  return v128.bitselect(y, v128.splat<T>(<T>NaN), v128.ge<T>(x, least));
}

// @ts-ignore: decorator
@inline
function overVector<T extends number>(plusOne: bool, n: usize, x: usize, y: usize): void {
  const rest = n % lanes<T>();
  const end = x + (n - rest) * sizeof<T>();
  for (; x < end; x += 16, y += 16) v128.store(y, logOf<T>(plusOne, v128.load(x)));
  // Loaded whole: what lies behind the n elements is ignored.
  if (rest) storePart<T>(y, logOf<T>(plusOne, v128.load(x)), rest);
}

// @ts-ignore: decorator
@inline
export function log<T extends number>(n: usize, x: usize, y: usize): void {
  overVector<T>(false, n, x, y);
}

// @ts-ignore: decorator
@inline
export function log1p<T extends number>(n: usize, x: usize, y: usize): void {
  overVector<T>(true, n, x, y);
}
