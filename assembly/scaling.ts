// What scales and mixes whole vectors around an optimizer's step; src/kernels/training.ts has the formulas.
// No static data: this module works in another one's memory.

import { add, lanes, mul, storePart, sub } from './vector';

/** As in elementwise.ts, whose own loops would bring static data in here. */
interface Formula {
  of(a: v128, b: v128, x: v128, y: v128): v128;
}

/** to = Formula.of(a, b, x, y). */
// @ts-ignore: decorator
@inline
function map<T extends number, Of extends Formula>(n: usize, a: f64, b: f64, x: usize, y: usize, to: usize): void {
  const formula = changetype<Of>(0);
  const alpha = v128.splat<T>(<T>a);
  const beta = v128.splat<T>(<T>b);
  const rest = n % lanes<T>();
  for (const end = x + (n - rest) * sizeof<T>(); x < end; x += 16, y += 16, to += 16) {
    v128.store(to, formula.of(alpha, beta, v128.load(x), v128.load(y)));
  }
  if (rest) storePart<T>(to, formula.of(alpha, beta, v128.load(x), v128.load(y)), rest);
}

class Waxpby<T extends number> implements Formula {
  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128, x: v128, y: v128): v128 {
    return add<T>(mul<T>(a, x), mul<T>(b, y));
  }
}
// @ts-ignore: decorator
@inline
export function waxpby<T extends number>(n: usize, alpha: f64, beta: f64, x: usize, y: usize, z: usize): void {
  map<T, Waxpby<T>>(n, alpha, beta, x, y, z);
}

class Over<T extends number> implements Formula {
  // @ts-ignore: decorator
  @inline
  of(size: v128, _: v128, x: v128, y: v128): v128 {
    return v128.div<T>(x, size);
  }
}
// @ts-ignore: decorator
@inline
export function over_norm<T extends number>(n: usize, least: f64, s: usize, x: usize, y: usize): void {
  const norm = sqrt<T>(load<T>(s));
  map<T, Over<T>>(n, norm < <T>least ? <f64><T>least : <f64>norm, 0, x, x, y);
}

class Average<T extends number> implements Formula {
  // @ts-ignore: decorator
  @inline
  of(rate: v128, _: v128, p: v128, e: v128): v128 {
    return v128.bitselect(e, add<T>(e, mul<T>(rate, sub<T>(p, e))), v128.eq<T>(p, e));
  }
}
// @ts-ignore: decorator
@inline
export function average<T extends number>(n: usize, rate: f64, p: usize, e: usize): void {
  map<T, Average<T>>(n, rate, 0, p, e, e);
}

class Clip<T extends number> implements Formula {
  // @ts-ignore: decorator
  @inline
  of(high: v128, low: v128, g: v128, _: v128): v128 {
    // In this order they keep NaN.
    return v128.pmax<T>(v128.pmin<T>(g, high), low);
  }
}
// @ts-ignore: decorator
@inline
export function clip<T extends number>(n: usize, limit: f64, g: usize): void {
  map<T, Clip<T>>(n, limit, -limit, g, g, g);
}
