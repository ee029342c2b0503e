// What the kernels share: short names, lanes, and the partial vectors at the end of a row.
// T is f64 or f32 throughout; every helper is inlined, so that a kernel stays one function.

/** Elements of T in one 128-bit vector. */
// @ts-ignore: decorator
@inline
export function lanes<T extends number>(): usize {
  return 16 / sizeof<T>();
}

/** A number in every lane. */
// @ts-ignore: decorator
@inline
export function number<T extends number>(value: f64): v128 {
  return v128.splat<T>(<T>value);
}

// @ts-ignore: decorator
@inline
export function add<T extends number>(x: v128, y: v128): v128 {
  return v128.add<T>(x, y);
}

// @ts-ignore: decorator
@inline
export function sub<T extends number>(x: v128, y: v128): v128 {
  return v128.sub<T>(x, y);
}

// @ts-ignore: decorator
@inline
export function mul<T extends number>(x: v128, y: v128): v128 {
  return v128.mul<T>(x, y);
}

/** Writes the first `count` lanes (1 <= count < lanes) and nothing behind them. */
// @ts-ignore: decorator
@inline
export function storePart<T extends number>(to: usize, x: v128, count: usize): void {
  if (sizeof<T>() == 8) {
    v128.store64_lane(to, x, 0);
    return;
  }
  if (count == 1) {
    v128.store32_lane(to, x, 0);
    return;
  }
  v128.store64_lane(to, x, 0);
  if (count == 3) v128.store32_lane(to, x, 2, 8);
}
