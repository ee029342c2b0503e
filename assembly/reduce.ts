// Sums over vectors: one block of at most 4,096 elements in 16 lanes (contract rule 4); the caller combines blocks.
// Lanes start at +0 and so never become -0: the zeros that fill up the last 16 elements change nothing.

import { loadRest } from './vector';

const DOT: i32 = 0;
const SQUARED_ERROR: i32 = 1;
const ASUM: i32 = 2;

/** sum + x y, sum + (x - y)^2, or sum + |x|. */
// @ts-ignore: decorator
@inline
function step<T>(kind: i32, sum: v128, x: v128, y: v128): v128 {
  if (kind == DOT) return v128.add<T>(sum, v128.mul<T>(x, y));
  if (kind == ASUM) return v128.add<T>(sum, v128.abs<T>(x));
  const d = v128.sub<T>(x, y);
  return v128.add<T>(sum, v128.mul<T>(d, d));
}

/** The vector at an address, which asum does not have. */
// @ts-ignore: decorator
@inline
function second<T>(kind: i32, y: usize): v128 {
  return kind == ASUM ? v128.splat<T>(<T>0) : v128.load(y);
}

// @ts-ignore: decorator
@inline
function sum16_f64(kind: i32, n: usize, x: usize, y: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  const rest = n & 15;
  const end = x + (n - rest) * 8;
  for (; x < end; x += 128, y += 128) {
    s0 = step<f64>(kind, s0, v128.load(x), second<f64>(kind, y));
    s1 = step<f64>(kind, s1, v128.load(x, 16), second<f64>(kind, y + 16));
    s2 = step<f64>(kind, s2, v128.load(x, 32), second<f64>(kind, y + 32));
    s3 = step<f64>(kind, s3, v128.load(x, 48), second<f64>(kind, y + 48));
    s4 = step<f64>(kind, s4, v128.load(x, 64), second<f64>(kind, y + 64));
    s5 = step<f64>(kind, s5, v128.load(x, 80), second<f64>(kind, y + 80));
    s6 = step<f64>(kind, s6, v128.load(x, 96), second<f64>(kind, y + 96));
    s7 = step<f64>(kind, s7, v128.load(x, 112), second<f64>(kind, y + 112));
  }
  if (rest) {
    s0 = step<f64>(kind, s0, loadRest<f64>(x, rest, 0), loadRest<f64>(y, rest, 0));
    s1 = step<f64>(kind, s1, loadRest<f64>(x, rest, 2), loadRest<f64>(y, rest, 2));
    s2 = step<f64>(kind, s2, loadRest<f64>(x, rest, 4), loadRest<f64>(y, rest, 4));
    s3 = step<f64>(kind, s3, loadRest<f64>(x, rest, 6), loadRest<f64>(y, rest, 6));
    s4 = step<f64>(kind, s4, loadRest<f64>(x, rest, 8), loadRest<f64>(y, rest, 8));
    s5 = step<f64>(kind, s5, loadRest<f64>(x, rest, 10), loadRest<f64>(y, rest, 10));
    s6 = step<f64>(kind, s6, loadRest<f64>(x, rest, 12), loadRest<f64>(y, rest, 12));
    s7 = step<f64>(kind, s7, loadRest<f64>(x, rest, 14), loadRest<f64>(y, rest, 14));
  }
  const by4a = f64x2.add(f64x2.add(s0, s4), f64x2.add(s2, s6));
  const by4b = f64x2.add(f64x2.add(s1, s5), f64x2.add(s3, s7));
  const pair = f64x2.add(by4a, by4b);
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

// @ts-ignore: decorator
@inline
function sum16_f32(kind: i32, n: usize, x: usize, y: usize): f32 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const rest = n & 15;
  const end = x + (n - rest) * 4;
  for (; x < end; x += 64, y += 64) {
    s0 = step<f32>(kind, s0, v128.load(x), second<f32>(kind, y));
    s1 = step<f32>(kind, s1, v128.load(x, 16), second<f32>(kind, y + 16));
    s2 = step<f32>(kind, s2, v128.load(x, 32), second<f32>(kind, y + 32));
    s3 = step<f32>(kind, s3, v128.load(x, 48), second<f32>(kind, y + 48));
  }
  if (rest) {
    s0 = step<f32>(kind, s0, loadRest<f32>(x, rest, 0), loadRest<f32>(y, rest, 0));
    s1 = step<f32>(kind, s1, loadRest<f32>(x, rest, 4), loadRest<f32>(y, rest, 4));
    s2 = step<f32>(kind, s2, loadRest<f32>(x, rest, 8), loadRest<f32>(y, rest, 8));
    s3 = step<f32>(kind, s3, loadRest<f32>(x, rest, 12), loadRest<f32>(y, rest, 12));
  }
  const by4 = f32x4.add(f32x4.add(s0, s2), f32x4.add(s1, s3));
  const pair = f32x4.add(by4, v128.shuffle<f32>(by4, by4, 2, 3, 2, 3));
  return f32x4.extract_lane(pair, 0) + f32x4.extract_lane(pair, 1);
}

export function dot_f64(n: usize, x: usize, y: usize): f64 {
  return sum16_f64(DOT, n, x, y);
}
export function dot_f32(n: usize, x: usize, y: usize): f32 {
  return sum16_f32(DOT, n, x, y);
}
export function squared_error_f64(n: usize, x: usize, y: usize): f64 {
  return sum16_f64(SQUARED_ERROR, n, x, y);
}
export function squared_error_f32(n: usize, x: usize, y: usize): f32 {
  return sum16_f32(SQUARED_ERROR, n, x, y);
}
export function asum_f64(n: usize, x: usize): f64 {
  return sum16_f64(ASUM, n, x, x);
}
export function asum_f32(n: usize, x: usize): f32 {
  return sum16_f32(ASUM, n, x, x);
}
