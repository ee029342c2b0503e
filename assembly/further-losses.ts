// Losses beyond the core's; src/kernels/layers.ts has their formulas. An output may be one of the inputs.

import { LN2 } from '../src/kernels/constants';
import { Formula22, low, map22 } from './elementwise';
import { add, lanes, mul, number, storePart, sub } from './vector';

/** An element's slope d and loss t, from three scalars and up to five inputs. */
interface Pair {
  slope(a: v128, b: v128, c: v128, y: v128, o: v128, p: v128, q: v128, r: v128): v128;
  loss(a: v128, b: v128, c: v128, y: v128, o: v128, p: v128, q: v128, r: v128): v128;
}

/** @param inputs how many there are, a constant: the others are not loaded. The last vectors are loaded whole like the others. */
// @ts-ignore: decorator
@inline
function pairs<T extends number, Formula extends Pair>(
  inputs: i32, n: usize, a: T, b: T, c: T, y: usize, o: usize, p: usize, q: usize, r: usize, d: usize, t: usize,
): void {
  const formula = changetype<Formula>(0);
  const first = v128.splat<T>(a);
  const second = v128.splat<T>(b);
  const third = v128.splat<T>(c);
  let p1 = first;
  let q1 = first;
  let r1 = first;
  while (n > 0) {
    const y1 = v128.load(y);
    const o1 = v128.load(o);
    if (inputs > 2) {
      p1 = v128.load(p);
      p += 16;
    }
    if (inputs > 3) {
      q1 = v128.load(q);
      q += 16;
    }
    if (inputs > 4) {
      r1 = v128.load(r);
      r += 16;
    }
    const slope = formula.slope(first, second, third, y1, o1, p1, q1, r1);
    const loss = formula.loss(first, second, third, y1, o1, p1, q1, r1);
    if (n < lanes<T>()) {
      storePart<T>(d, slope, n);
      storePart<T>(t, loss, n);
      return;
    }
    v128.store(d, slope);
    v128.store(t, loss);
    y += 16;
    o += 16;
    d += 16;
    t += 16;
    n -= lanes<T>();
  }
}

class Affine<T extends number> implements Formula22 {
  // @ts-ignore: decorator
  @inline
  of(scale: v128, offset: v128, x: v128, _: v128): v128 {
    return add<T>(mul<T>(scale, x), offset);
  }
}
export function affine<T extends number>(n: usize, scale: T, offset: T, x: usize, y: usize): void {
  map22<T, Affine<T>>(n, scale, offset, x, x, y);
}

/** Down a column: rows are not gathered, for each is short. */
export function pinball_loss<T extends number>(
  rows: usize, cols: usize, at: usize, tau: T, c: T, y: usize, o: usize, d: usize, t: usize,
): void {
  if (at >= cols) return;
  const over = <T>1 - tau;
  const step = cols * sizeof<T>();
  const begin = at * sizeof<T>();
  o += begin;
  d += begin;
  t += begin;
  for (let i: usize = 0; i < rows; i++) {
    const r = load<T>(o) - load<T>(y);
    const slope = r > 0 ? c * over : r < 0 ? c * -tau : r;
    const loss = (r > 0 ? over : -tau) * r;
    store<T>(d, slope);
    store<T>(t, loss);
    y += sizeof<T>();
    o += step;
    d += step;
    t += step;
  }
}

/** 1 - y o where that is above 0. */
// @ts-ignore: decorator
@inline
function missing<T extends number>(y: v128, o: v128): v128 {
  const m = sub<T>(number<T>(1), mul<T>(y, o));
  return v128.andnot(m, low<T>(m));
}

class Hinge<T extends number> implements Pair {
  // @ts-ignore: decorator
  @inline
  slope(c: v128, _b: v128, _c: v128, y: v128, o: v128, _p: v128, _q: v128, _r: v128): v128 {
    return v128.andnot(mul<T>(c, y), low<T>(sub<T>(number<T>(1), mul<T>(y, o))));
  }
  // @ts-ignore: decorator
  @inline
  loss(_a: v128, _b: v128, _c: v128, y: v128, o: v128, _p: v128, _q: v128, _r: v128): v128 {
    return missing<T>(y, o);
  }
}
export function hinge_loss<T extends number>(n: usize, c: T, y: usize, o: usize, d: usize, t: usize): void {
  pairs<T, Hinge<T>>(2, n, c, c, c, y, o, 0, 0, 0, d, t);
}

class SquaredHinge<T extends number> implements Pair {
  // @ts-ignore: decorator
  @inline
  slope(c: v128, _b: v128, _c: v128, y: v128, o: v128, _p: v128, _q: v128, _r: v128): v128 {
    return mul<T>(c, mul<T>(y, missing<T>(y, o)));
  }
  // @ts-ignore: decorator
  @inline
  loss(_a: v128, _b: v128, _c: v128, y: v128, o: v128, _p: v128, _q: v128, _r: v128): v128 {
    const m = missing<T>(y, o);
    return mul<T>(m, m);
  }
}
export function squared_hinge_loss<T extends number>(n: usize, c: T, y: usize, o: usize, d: usize, t: usize): void {
  pairs<T, SquaredHinge<T>>(2, n, c, c, c, y, o, 0, 0, 0, d, t);
}

// log cosh r = -log1p(-h^2) / 2 = |r| - ln 2 + log1p((1 - |h|) / (1 + |h|)), h = tanh(r).

/** Where |r| <= 1. */
// @ts-ignore: decorator
@inline
function near<T extends number>(r: v128): v128 {
  return v128.le<T>(v128.abs<T>(r), number<T>(1));
}

/** Sixteen bytes at a time, of three inputs. */
export function log_cosh_argument<T extends number>(n: usize, y: usize, o: usize, h: usize, u: usize): void {
  while (n > 0) {
    const r = sub<T>(v128.load(o), v128.load(y));
    const tanh = v128.load(h);
    const size = v128.abs<T>(tanh);
    const one = number<T>(1);
    const far = v128.div<T>(sub<T>(one, size), add<T>(one, size));
    const value = v128.bitselect(v128.neg<T>(mul<T>(tanh, tanh)), far, near<T>(r));
    if (n < lanes<T>()) {
      storePart<T>(u, value, n);
      return;
    }
    v128.store(u, value);
    y += 16;
    o += 16;
    h += 16;
    u += 16;
    n -= lanes<T>();
  }
}

class LogCosh<T extends number> implements Pair {
  // @ts-ignore: decorator
  @inline
  slope(c: v128, _b: v128, _c: v128, _y: v128, _o: v128, h: v128, _u: v128, _r: v128): v128 {
    return mul<T>(c, h);
  }
  // @ts-ignore: decorator
  @inline
  loss(_a: v128, _b: v128, _c: v128, y: v128, o: v128, _h: v128, u: v128, _r: v128): v128 {
    const r = sub<T>(o, y);
    const far = add<T>(sub<T>(v128.abs<T>(r), number<T>(LN2)), u);
    return v128.bitselect(mul<T>(number<T>(-0.5), u), far, near<T>(r));
  }
}
export function log_cosh_loss<T extends number>(
  n: usize, c: T, y: usize, o: usize, h: usize, u: usize, d: usize, t: usize,
): void {
  pairs<T, LogCosh<T>>(4, n, c, c, c, y, o, h, u, 0, d, t);
}

/** -log of the probability that sigmoid(z) gives to the target y, from s = log1p(exp(-|z|)). */
// @ts-ignore: decorator
@inline
function surprise<T extends number>(y: v128, z: v128, s: v128): v128 {
  return add<T>(sub<T>(v128.andnot(z, low<T>(z)), mul<T>(y, z)), s);
}

export function focal_exponent<T extends number>(n: usize, gamma: T, y: usize, z: usize, s: usize, v: usize): void {
  const factor = v128.splat<T>(-gamma);
  while (n > 0) {
    const other = sub<T>(number<T>(1), v128.load(y));
    const value = mul<T>(factor, surprise<T>(other, v128.load(z), v128.load(s)));
    if (n < lanes<T>()) {
      storePart<T>(v, value, n);
      return;
    }
    v128.store(v, value);
    y += 16;
    z += 16;
    s += 16;
    v += 16;
    n -= lanes<T>();
  }
}

class Focal<T extends number> implements Pair {
  // @ts-ignore: decorator
  @inline
  slope(gamma: v128, zero: v128, more: v128, y: v128, z: v128, o: v128, s: v128, p: v128): v128 {
    const a = mul<T>(add<T>(zero, mul<T>(more, y)), p);
    const through = mul<T>(mul<T>(gamma, surprise<T>(y, z, s)), sub<T>(add<T>(o, y), number<T>(1)));
    return mul<T>(a, sub<T>(sub<T>(o, y), through));
  }
  // @ts-ignore: decorator
  @inline
  loss(_gamma: v128, zero: v128, more: v128, y: v128, z: v128, _o: v128, s: v128, p: v128): v128 {
    return mul<T>(mul<T>(add<T>(zero, mul<T>(more, y)), p), surprise<T>(y, z, s));
  }
}
export function focal_loss<T extends number>(
  n: usize, gamma: T, zero: T, more: T, y: usize, z: usize, o: usize, s: usize, p: usize, d: usize, t: usize,
): void {
  pairs<T, Focal<T>>(5, n, gamma, zero, more, y, z, o, s, p, d, t);
}

/** (o - y) + y (v - z), the second term 0 where y is. */
// @ts-ignore: decorator
@inline
function deviance<T extends number>(y: v128, z: v128, o: v128, v: v128): v128 {
  return add<T>(sub<T>(o, y), v128.andnot(mul<T>(y, sub<T>(v, z)), v128.eq<T>(y, number<T>(0))));
}

class Deviance<T extends number> implements Pair {
  // @ts-ignore: decorator
  @inline
  slope(_a: v128, _b: v128, _c: v128, y: v128, _z: v128, o: v128, _v: v128, _r: v128): v128 {
    return mul<T>(number<T>(2), sub<T>(o, y));
  }
  // @ts-ignore: decorator
  @inline
  loss(_a: v128, _b: v128, _c: v128, y: v128, z: v128, o: v128, v: v128, _r: v128): v128 {
    return deviance<T>(y, z, o, v);
  }
}
export function poisson_deviance<T extends number>(
  n: usize, y: usize, z: usize, o: usize, v: usize, d: usize, t: usize,
): void {
  pairs<T, Deviance<T>>(4, n, <T>0, <T>0, <T>0, y, z, o, v, 0, d, t);
}

class RateDeviance<T extends number> implements Pair {
  // @ts-ignore: decorator
  @inline
  slope(_a: v128, _b: v128, _c: v128, y: v128, _z: v128, o: v128, _v: v128, _r: v128): v128 {
    const part = v128.andnot(v128.div<T>(y, o), v128.eq<T>(y, number<T>(0)));
    return mul<T>(number<T>(2), sub<T>(number<T>(1), part));
  }
  // @ts-ignore: decorator
  @inline
  loss(_a: v128, _b: v128, _c: v128, y: v128, z: v128, o: v128, v: v128, _r: v128): v128 {
    return deviance<T>(y, z, o, v);
  }
}
export function poisson_rate_deviance<T extends number>(
  n: usize, y: usize, z: usize, o: usize, v: usize, d: usize, t: usize,
): void {
  pairs<T, RateDeviance<T>>(4, n, <T>0, <T>0, <T>0, y, z, o, v, 0, d, t);
}

// Row by row: sums are one accumulator each, columns ascending (contract rule 3).

// @ts-ignore: decorator
@inline
function item<T extends number>(from: usize, index: usize): T {
  return load<T>(from + index * sizeof<T>());
}

export function kl_divergence<T extends number>(
  rows: usize, cols: usize, y: usize, v: usize, s: usize, o: usize, q: usize, d: usize, l: usize,
): void {
  for (let i: usize = 0; i < rows; i++) {
    const log = item<T>(q, i);
    let loss: T = <T>0;
    let sum: T = <T>0;
    for (let j: usize = 0; j < cols; j++) {
      const target = item<T>(y, j);
      if (target != 0) loss += target * (log - item<T>(s, j) + item<T>(v, j));
      sum += target;
    }
    store<T>(l + i * sizeof<T>(), loss);
    for (let j: usize = 0; j < cols; j++) store<T>(d + j * sizeof<T>(), item<T>(o, j) * sum - item<T>(y, j));
    const step = cols * sizeof<T>();
    y += step;
    v += step;
    s += step;
    o += step;
    d += step;
  }
}

export function cosine_loss<T extends number>(
  rows: usize, cols: usize, y: usize, o: usize, d: usize, l: usize,
): void {
  for (let i: usize = 0; i < rows; i++) {
    let a: T = <T>0;
    let b: T = <T>0;
    let c: T = <T>0;
    for (let j: usize = 0; j < cols; j++) {
      const target = item<T>(y, j);
      const out = item<T>(o, j);
      a += out * out;
      b += target * target;
      c += target * out;
    }
    const p = sqrt<T>(a) * sqrt<T>(b);
    const s = c / p;
    store<T>(l + i * sizeof<T>(), p == 0 ? <T>1 : <T>1 - s);
    for (let j: usize = 0; j < cols; j++) {
      const slope = s * (item<T>(o, j) / a) - item<T>(y, j) / p;
      store<T>(d + j * sizeof<T>(), p == 0 ? <T>0 : slope);
    }
    const step = cols * sizeof<T>();
    y += step;
    o += step;
    d += step;
  }
}
