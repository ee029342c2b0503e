// Dropout: which elements stay is made of a row's number and a column's, so that no cut of a batch shows.

import { MIX1, MIX2, MIX3, MIX_STEP } from '../src/kernels/constants';
import { lanes, mul, storePart } from './vector';

// @ts-ignore: decorator
@inline
function mix(x: u32): u32 {
  x = (x ^ (x >> 17)) * <u32>MIX1;
  x = (x ^ (x >> 11)) * <u32>MIX2;
  x = (x ^ (x >> 15)) * <u32>MIX3;
  return x ^ (x >> 14);
}

/** The same of four numbers. */
// @ts-ignore: decorator
@inline
function mix4(x: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 17)), i32x4.splat(<i32>MIX1));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 11)), i32x4.splat(<i32>MIX2));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(<i32>MIX3));
  return v128.xor(x, i32x4.shr_u(x, 14));
}

/** The first `count` lanes of a result, none or all of them too. */
// @ts-ignore: decorator
@inline
function put<T extends number>(to: usize, x: v128, count: isize): void {
  if (count >= <isize>lanes<T>()) v128.store(to, x);
  else if (count > 0) storePart<T>(to, x, count);
}

export function dropout<T extends number>(
  rows: usize, cols: usize, rate: f64, seed: f64, first: f64, x: usize, y: usize,
): void {
  const own: f64 = seed >= 0 && seed < 4294967296 ? seed : 0;
  const begin: f64 = first >= 0 && first < 9007199254740992 ? first : 0;
  const share: f64 = rate >= 0 && rate < 1 ? rate : 0;
  const limit = i32x4.splat(<i32><u32>(share * 4294967296));
  const scale = v128.splat<T>(<T>(1 / (1 - share)));
  const seeded = mix(<u32>own + <u32>MIX_STEP);
  const step = <i32><u32>MIX_STEP;
  const columns = i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(step));
  const four = i32x4.splat(4 * step);
  let number = <u64>begin;
  for (let i: usize = 0; i < rows; i++, number++) {
    const key = mix(mix(seeded + <u32>(number >> 32)) + <u32>number);
    let place = i32x4.add(i32x4.splat(<i32>key), columns);
    for (let left = <isize>cols; left > 0; left -= 4) {
      const stays = i32x4.ge_u(mix4(place), limit);
      if (sizeof<T>() == 8) {
        const low = v128.and(mul<T>(scale, v128.load(x)), i64x2.extend_low_i32x4_s(stays));
        const high = v128.and(mul<T>(scale, v128.load(x, 16)), i64x2.extend_high_i32x4_s(stays));
        put<T>(y, low, left);
        put<T>(y + 16, high, left - 2);
      } else {
        put<T>(y, v128.and(mul<T>(scale, v128.load(x)), stays), left);
      }
      const count = <usize>min<isize>(left, 4) * sizeof<T>();
      x += count;
      y += count;
      place = i32x4.add(place, four);
    }
  }
}
