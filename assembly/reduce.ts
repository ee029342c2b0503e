// Sums over vectors: one block of at most 4,096 elements in 16 lanes (contract rule 4); the caller combines blocks.
// Lanes start at +0 and so never become -0: the zeros that fill up the last 16 elements change nothing.

/** 128 bytes of ones, then as many of zeros: from rest elements before the middle on it masks the last 16 elements. */
const MASKS = memory.data<u64>([
  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
], 16);
const MIDDLE: usize = 128;

/** sum + x y, or sum + (x - y)^2. */
// @ts-ignore: decorator
@inline
function step<T extends number>(squared: bool, sum: v128, x: v128, y: v128): v128 {
  if (!squared) return v128.add<T>(sum, v128.mul<T>(x, y));
  const d = v128.sub<T>(x, y);
  return v128.add<T>(sum, v128.mul<T>(d, d));
}

/** A vector of the last elements; zeros where they end. What lies behind them is loaded and ignored. */
// @ts-ignore: decorator
@inline
function masked(from: usize, mask: usize, offset: usize): v128 {
  return v128.and(v128.load(from + offset), v128.load(mask + offset));
}

// @ts-ignore: decorator
@inline
function sum16_f64(squared: bool, n: usize, x: usize, y: usize): f64 {
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
    s0 = step<f64>(squared, s0, v128.load(x), v128.load(y));
    s1 = step<f64>(squared, s1, v128.load(x, 16), v128.load(y, 16));
    s2 = step<f64>(squared, s2, v128.load(x, 32), v128.load(y, 32));
    s3 = step<f64>(squared, s3, v128.load(x, 48), v128.load(y, 48));
    s4 = step<f64>(squared, s4, v128.load(x, 64), v128.load(y, 64));
    s5 = step<f64>(squared, s5, v128.load(x, 80), v128.load(y, 80));
    s6 = step<f64>(squared, s6, v128.load(x, 96), v128.load(y, 96));
    s7 = step<f64>(squared, s7, v128.load(x, 112), v128.load(y, 112));
  }
  if (rest) {
    const mask = MASKS + MIDDLE - rest * 8;
    s0 = step<f64>(squared, s0, masked(x, mask, 0), masked(y, mask, 0));
    s1 = step<f64>(squared, s1, masked(x, mask, 16), masked(y, mask, 16));
    s2 = step<f64>(squared, s2, masked(x, mask, 32), masked(y, mask, 32));
    s3 = step<f64>(squared, s3, masked(x, mask, 48), masked(y, mask, 48));
    s4 = step<f64>(squared, s4, masked(x, mask, 64), masked(y, mask, 64));
    s5 = step<f64>(squared, s5, masked(x, mask, 80), masked(y, mask, 80));
    s6 = step<f64>(squared, s6, masked(x, mask, 96), masked(y, mask, 96));
    s7 = step<f64>(squared, s7, masked(x, mask, 112), masked(y, mask, 112));
  }
  const by4a = f64x2.add(f64x2.add(s0, s4), f64x2.add(s2, s6));
  const by4b = f64x2.add(f64x2.add(s1, s5), f64x2.add(s3, s7));
  const pair = f64x2.add(by4a, by4b);
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

// @ts-ignore: decorator
@inline
function sum16_f32(squared: bool, n: usize, x: usize, y: usize): f32 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const rest = n & 15;
  const end = x + (n - rest) * 4;
  for (; x < end; x += 64, y += 64) {
    s0 = step<f32>(squared, s0, v128.load(x), v128.load(y));
    s1 = step<f32>(squared, s1, v128.load(x, 16), v128.load(y, 16));
    s2 = step<f32>(squared, s2, v128.load(x, 32), v128.load(y, 32));
    s3 = step<f32>(squared, s3, v128.load(x, 48), v128.load(y, 48));
  }
  if (rest) {
    const mask = MASKS + MIDDLE - rest * 4;
    s0 = step<f32>(squared, s0, masked(x, mask, 0), masked(y, mask, 0));
    s1 = step<f32>(squared, s1, masked(x, mask, 16), masked(y, mask, 16));
    s2 = step<f32>(squared, s2, masked(x, mask, 32), masked(y, mask, 32));
    s3 = step<f32>(squared, s3, masked(x, mask, 48), masked(y, mask, 48));
  }
  const by4 = f32x4.add(f32x4.add(s0, s2), f32x4.add(s1, s3));
  const pair = f32x4.add(by4, v128.shuffle<f32>(by4, by4, 2, 3, 2, 3));
  return f32x4.extract_lane(pair, 0) + f32x4.extract_lane(pair, 1);
}

// @ts-ignore: decorator
@inline
export function dot<T extends number>(n: usize, x: usize, y: usize): T {
  return sizeof<T>() == 8 ? <T>sum16_f64(false, n, x, y) : <T>sum16_f32(false, n, x, y);
}

// @ts-ignore: decorator
@inline
export function squared_error<T extends number>(n: usize, x: usize, y: usize): T {
  return sizeof<T>() == 8 ? <T>sum16_f64(true, n, x, y) : <T>sum16_f32(true, n, x, y);
}
