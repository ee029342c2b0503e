// Losses element by element: t, what the element adds to its row's loss, and d, its derivative; src/kernels/core.ts has the formulas.

import { add, lanes, mul, number, storePart, sub } from './vector';

// Always a constant, so that each kernel is compiled for itself. All read y and o, those from POISSON on z, LOGISTIC s too.
const SQUARED: i32 = 0;
const ABSOLUTE: i32 = 1;
const HUBER: i32 = 2;
const POISSON: i32 = 3;
const POISSON_RATE: i32 = 4;
const LOGISTIC: i32 = 5;

// @ts-ignore: decorator
@inline
function absolute<T extends number>(x: v128): v128 {
  return v128.andnot(x, number<T>(-0.0));
}

/** The element's loss. */
// @ts-ignore: decorator
@inline
function lossOf<T extends number>(kind: i32, delta: v128, y: v128, o: v128, z: v128, s: v128): v128 {
  if (kind == LOGISTIC) {
    const upper = v128.andnot(z, v128.le<T>(z, number<T>(0)));
    return add<T>(sub<T>(upper, mul<T>(y, z)), s);
  }
  if (kind >= POISSON) return sub<T>(o, v128.andnot(mul<T>(y, z), v128.eq<T>(y, number<T>(0))));
  const r = sub<T>(o, y);
  if (kind == SQUARED) return mul<T>(r, r);
  const size = absolute<T>(r);
  if (kind == ABSOLUTE) return size;
  const half = number<T>(0.5);
  const near = mul<T>(mul<T>(half, r), r);
  const far = mul<T>(delta, sub<T>(size, mul<T>(half, delta)));
  return v128.bitselect(near, far, v128.le<T>(size, delta));
}

/** Its derivative. */
// @ts-ignore: decorator
@inline
function slopeOf<T extends number>(kind: i32, delta: v128, c: v128, y: v128, o: v128): v128 {
  if (kind == POISSON_RATE) {
    return sub<T>(number<T>(1), v128.andnot(v128.div<T>(y, o), v128.eq<T>(y, number<T>(0))));
  }
  const r = sub<T>(o, y);
  if (kind == LOGISTIC || kind == POISSON) return r;
  if (kind == SQUARED) return mul<T>(c, r);
  if (kind == HUBER) return mul<T>(c, v128.pmax<T>(v128.pmin<T>(r, delta), v128.neg<T>(delta)));
  const zero = number<T>(0);
  return v128.bitselect(v128.neg<T>(c), v128.bitselect(c, r, v128.gt<T>(r, zero)), v128.lt<T>(r, zero));
}

/** The last vectors are loaded whole like the others: what lies behind the n elements is ignored. */
// @ts-ignore: decorator
@inline
function loss<T extends number>(
  kind: i32, n: usize, delta: T, c: T, y: usize, o: usize, z: usize, s: usize, d: usize, t: usize,
): void {
  const limit = v128.splat<T>(delta);
  const factor = v128.splat<T>(c);
  let logits = limit;
  let logs = limit;
  while (n > 0) {
    const target = v128.load(y);
    const out = v128.load(o);
    if (kind >= POISSON) {
      logits = v128.load(z);
      z += 16;
    }
    if (kind == LOGISTIC) {
      logs = v128.load(s);
      s += 16;
    }
    const slope = slopeOf<T>(kind, limit, factor, target, out);
    const value = lossOf<T>(kind, limit, target, out, logits, logs);
    if (n < lanes<T>()) {
      storePart<T>(d, slope, n);
      storePart<T>(t, value, n);
      return;
    }
    v128.store(d, slope);
    v128.store(t, value);
    y += 16;
    o += 16;
    d += 16;
    t += 16;
    n -= lanes<T>();
  }
}

export function squared_loss<T extends number>(n: usize, c: T, y: usize, o: usize, d: usize, t: usize): void {
  loss<T>(SQUARED, n, <T>0, c, y, o, 0, 0, d, t);
}
export function absolute_loss<T extends number>(n: usize, c: T, y: usize, o: usize, d: usize, t: usize): void {
  loss<T>(ABSOLUTE, n, <T>0, c, y, o, 0, 0, d, t);
}
export function huber_loss<T extends number>(n: usize, delta: T, c: T, y: usize, o: usize, d: usize, t: usize): void {
  loss<T>(HUBER, n, delta, c, y, o, 0, 0, d, t);
}
export function logistic_loss<T extends number>(n: usize, y: usize, z: usize, o: usize, s: usize, d: usize, t: usize): void {
  loss<T>(LOGISTIC, n, <T>0, <T>0, y, o, z, s, d, t);
}
export function poisson_loss<T extends number>(n: usize, y: usize, z: usize, o: usize, d: usize, t: usize): void {
  loss<T>(POISSON, n, <T>0, <T>0, y, o, z, 0, d, t);
}
export function poisson_rate_loss<T extends number>(n: usize, y: usize, z: usize, o: usize, d: usize, t: usize): void {
  loss<T>(POISSON_RATE, n, <T>0, <T>0, y, o, z, 0, d, t);
}
