// Kernels that treat every element alike; src/kernels/core.ts has their formulas. An output may be one of the inputs.
//
// A formula is a class of one method, which a loop takes as a type: AssemblyScript inlines such a method, but no function that
// is handed over. So each kernel is one loop with its formula in it, and calls nothing.

import { GELU_CUBIC, GELU_LINEAR, GELU_MAX, GELU_SLOPE } from '../src/kernels/constants';
import { add, lanes, mul, number, storePart, sub } from './vector';

export interface Formula1 {
  of(alpha: v128, x: v128): v128;
}
export interface Formula2 {
  of(alpha: v128, x: v128, y: v128): v128;
}
export interface Formula22 {
  of(alpha: v128, beta: v128, x: v128, y: v128): v128;
}
export interface Formula3 {
  of(x: v128, y: v128, z: v128): v128;
}

// The last vector has a copy of the formula for itself: one copy for both, with a look at n in each turn, made these loops 1.3 to 2.5
// times as slow (measured). It is loaded whole: what lies behind the n elements is ignored.

/** to = Formula.of(a, x), the scalar a in every lane of it. */
// @ts-ignore: decorator
@inline
export function map1<T extends number, Formula extends Formula1>(n: usize, a: T, x: usize, to: usize): void {
  const formula = changetype<Formula>(0);
  const scalar = v128.splat<T>(a);
  const rest = n % lanes<T>();
  for (const end = x + (n - rest) * sizeof<T>(); x < end; x += 16, to += 16) {
    v128.store(to, formula.of(scalar, v128.load(x)));
  }
  if (rest) storePart<T>(to, formula.of(scalar, v128.load(x)), rest);
}

/** to = Formula.of(a, x, y). */
// @ts-ignore: decorator
@inline
export function map2<T extends number, Formula extends Formula2>(n: usize, a: T, x: usize, y: usize, to: usize): void {
  const formula = changetype<Formula>(0);
  const scalar = v128.splat<T>(a);
  const rest = n % lanes<T>();
  for (const end = x + (n - rest) * sizeof<T>(); x < end; x += 16, y += 16, to += 16) {
    v128.store(to, formula.of(scalar, v128.load(x), v128.load(y)));
  }
  if (rest) storePart<T>(to, formula.of(scalar, v128.load(x), v128.load(y)), rest);
}

/** to = Formula.of(a, b, x, y). */
// @ts-ignore: decorator
@inline
export function map22<T extends number, Formula extends Formula22>(
  n: usize, a: T, b: T, x: usize, y: usize, to: usize,
): void {
  const formula = changetype<Formula>(0);
  const alpha = v128.splat<T>(a);
  const beta = v128.splat<T>(b);
  const rest = n % lanes<T>();
  for (const end = x + (n - rest) * sizeof<T>(); x < end; x += 16, y += 16, to += 16) {
    v128.store(to, formula.of(alpha, beta, v128.load(x), v128.load(y)));
  }
  if (rest) storePart<T>(to, formula.of(alpha, beta, v128.load(x), v128.load(y)), rest);
}

/** to = Formula.of(x, y, z). */
// @ts-ignore: decorator
@inline
export function map3<T extends number, Formula extends Formula3>(n: usize, x: usize, y: usize, z: usize, to: usize): void {
  const formula = changetype<Formula>(0);
  const rest = n % lanes<T>();
  for (const end = x + (n - rest) * sizeof<T>(); x < end; x += 16, y += 16, z += 16, to += 16) {
    v128.store(to, formula.of(v128.load(x), v128.load(y), v128.load(z)));
  }
  if (rest) storePart<T>(to, formula.of(v128.load(x), v128.load(y), v128.load(z)), rest);
}

/** s (1 - s): the derivative of the sigmoid, from its output. */
// @ts-ignore: decorator
@inline
function derivative<T extends number>(s: v128): v128 {
  return mul<T>(s, sub<T>(number<T>(1), s));
}

/** Where x is not above 0: false for NaN. */
// @ts-ignore: decorator
@inline
export function low<T extends number>(x: v128): v128 {
  return v128.le<T>(x, number<T>(0));
}

/** z within +-GELU_MAX; pmin and pmax in this order keep NaN. */
// @ts-ignore: decorator
@inline
function within<T extends number>(z: v128): v128 {
  return v128.pmax<T>(v128.pmin<T>(z, number<T>(GELU_MAX)), number<T>(-GELU_MAX));
}

class SigmoidDerivative<T extends number> implements Formula1 {
  // @ts-ignore: decorator
  @inline
  of(_: v128, s: v128): v128 {
    return derivative<T>(s);
  }
}
export function sigmoid_derivative<T extends number>(n: usize, s: usize, y: usize): void {
  map1<T, SigmoidDerivative<T>>(n, <T>0, s, y);
}

class OutputDelta<T extends number> implements Formula2 {
  // @ts-ignore: decorator
  @inline
  of(_: v128, y: v128, o: v128): v128 {
    return mul<T>(sub<T>(y, o), derivative<T>(o));
  }
}
export function output_delta<T extends number>(n: usize, y: usize, o: usize, d: usize): void {
  map2<T, OutputDelta<T>>(n, <T>0, y, o, d);
}

class HiddenDelta<T extends number> implements Formula2 {
  // @ts-ignore: decorator
  @inline
  of(_: v128, e: v128, h: v128): v128 {
    return mul<T>(e, derivative<T>(h));
  }
}
export function hidden_delta<T extends number>(n: usize, e: usize, h: usize, d: usize): void {
  map2<T, HiddenDelta<T>>(n, <T>0, e, h, d);
}

class Multiply<T extends number> implements Formula2 {
  // @ts-ignore: decorator
  @inline
  of(_: v128, x: v128, y: v128): v128 {
    return mul<T>(x, y);
  }
}
export function multiply<T extends number>(n: usize, x: usize, y: usize, p: usize): void {
  map2<T, Multiply<T>>(n, <T>0, x, y, p);
}

class Axpy<T extends number> implements Formula2 {
  // @ts-ignore: decorator
  @inline
  of(alpha: v128, x: v128, y: v128): v128 {
    return add<T>(y, mul<T>(alpha, x));
  }
}
export function axpy<T extends number>(n: usize, alpha: T, x: usize, y: usize): void {
  map2<T, Axpy<T>>(n, alpha, x, y, y);
}

class AxpySign<T extends number> implements Formula2 {
  // @ts-ignore: decorator
  @inline
  of(alpha: v128, x: v128, y: v128): v128 {
    const zero = number<T>(0);
    const upper = v128.bitselect(add<T>(y, alpha), y, v128.gt<T>(x, zero));
    return v128.bitselect(sub<T>(y, alpha), upper, v128.lt<T>(x, zero));
  }
}
export function axpy_sign<T extends number>(n: usize, alpha: T, x: usize, y: usize): void {
  map2<T, AxpySign<T>>(n, alpha, x, y, y);
}

/** Whether all y are finite: only then no bit of y - y is set, which is +0 for a finite y and NaN for others. */
// @ts-ignore: decorator
@inline
export function rscl<T extends number>(n: usize, total: f64, x: usize, y: usize): bool {
  const factor = <T>(1 / total);
  const a = v128.splat<T>(factor);
  const end = x + n * sizeof<T>();
  let bits = i64x2.splat(0);
  for (; x + 16 <= end; x += 16, y += 16) {
    const value = mul<T>(a, v128.load(x));
    v128.store(y, value);
    bits = v128.or(bits, sub<T>(value, value));
  }
  let finite = !v128.any_true(bits);
  for (; x < end; x += sizeof<T>(), y += sizeof<T>()) {
    const value = <T>(factor * load<T>(x));
    store<T>(y, value);
    finite = finite && isFinite<T>(value);
  }
  return finite;
}

class Relu<T extends number> implements Formula1 {
  // @ts-ignore: decorator
  @inline
  of(_: v128, z: v128): v128 {
    return v128.andnot(z, low<T>(z));
  }
}
export function relu<T extends number>(n: usize, z: usize, h: usize): void {
  map1<T, Relu<T>>(n, <T>0, z, h);
}

class ReluDelta<T extends number> implements Formula2 {
  // @ts-ignore: decorator
  @inline
  of(_: v128, e: v128, h: v128): v128 {
    return v128.andnot(e, low<T>(h));
  }
}
export function relu_delta<T extends number>(n: usize, e: usize, h: usize, d: usize): void {
  map2<T, ReluDelta<T>>(n, <T>0, e, h, d);
}

class LeakyRelu<T extends number> implements Formula1 {
  // @ts-ignore: decorator
  @inline
  of(alpha: v128, z: v128): v128 {
    return v128.bitselect(mul<T>(alpha, z), z, low<T>(z));
  }
}
export function leaky_relu<T extends number>(n: usize, alpha: T, z: usize, h: usize): void {
  map1<T, LeakyRelu<T>>(n, alpha, z, h);
}

class LeakyReluDelta<T extends number> implements Formula2 {
  // @ts-ignore: decorator
  @inline
  of(alpha: v128, e: v128, h: v128): v128 {
    return v128.bitselect(mul<T>(alpha, e), e, low<T>(h));
  }
}
export function leaky_relu_delta<T extends number>(n: usize, alpha: T, e: usize, h: usize, d: usize): void {
  map2<T, LeakyReluDelta<T>>(n, alpha, e, h, d);
}

class Elu<T extends number> implements Formula22 {
  // @ts-ignore: decorator
  @inline
  of(alpha: v128, scale: v128, z: v128, t: v128): v128 {
    return v128.bitselect(mul<T>(alpha, t), mul<T>(scale, z), low<T>(z));
  }
}
export function elu<T extends number>(n: usize, alpha: T, scale: T, z: usize, t: usize, h: usize): void {
  map22<T, Elu<T>>(n, alpha, scale, z, t, h);
}

class EluDelta<T extends number> implements Formula22 {
  // @ts-ignore: decorator
  @inline
  of(alpha: v128, scale: v128, e: v128, h: v128): v128 {
    return mul<T>(e, v128.bitselect(add<T>(h, alpha), scale, low<T>(h)));
  }
}
export function elu_delta<T extends number>(n: usize, alpha: T, scale: T, e: usize, h: usize, d: usize): void {
  map22<T, EluDelta<T>>(n, alpha, scale, e, h, d);
}

class TanhDelta<T extends number> implements Formula2 {
  // @ts-ignore: decorator
  @inline
  of(_: v128, e: v128, h: v128): v128 {
    return mul<T>(e, sub<T>(number<T>(1), mul<T>(h, h)));
  }
}
export function tanh_delta<T extends number>(n: usize, e: usize, h: usize, d: usize): void {
  map2<T, TanhDelta<T>>(n, <T>0, e, h, d);
}

class MinusAbs<T extends number> implements Formula1 {
  // @ts-ignore: decorator
  @inline
  of(_: v128, z: v128): v128 {
    return v128.or(z, number<T>(-0.0));
  }
}
export function minus_abs<T extends number>(n: usize, z: usize, t: usize): void {
  map1<T, MinusAbs<T>>(n, <T>0, z, t);
}

class Softplus<T extends number> implements Formula2 {
  // @ts-ignore: decorator
  @inline
  of(_: v128, z: v128, t: v128): v128 {
    return add<T>(v128.andnot(z, low<T>(z)), t);
  }
}
export function softplus<T extends number>(n: usize, z: usize, t: usize, h: usize): void {
  map2<T, Softplus<T>>(n, <T>0, z, t, h);
}

class GeluArgument<T extends number> implements Formula1 {
  // @ts-ignore: decorator
  @inline
  of(_: v128, z: v128): v128 {
    const c = within<T>(z);
    return mul<T>(c, add<T>(number<T>(GELU_LINEAR), mul<T>(number<T>(GELU_CUBIC), mul<T>(c, c))));
  }
}
export function gelu_argument<T extends number>(n: usize, z: usize, v: usize): void {
  map1<T, GeluArgument<T>>(n, <T>0, z, v);
}

class GeluSlope<T extends number> implements Formula3 {
  // @ts-ignore: decorator
  @inline
  of(z: v128, g: v128, h: v128): v128 {
    const c = within<T>(z);
    const inner = add<T>(number<T>(GELU_LINEAR), mul<T>(number<T>(GELU_SLOPE), mul<T>(c, c)));
    return add<T>(g, mul<T>(mul<T>(h, sub<T>(number<T>(1), g)), inner));
  }
}
export function gelu_slope<T extends number>(n: usize, z: usize, g: usize, h: usize, s: usize): void {
  map3<T, GeluSlope<T>>(n, z, g, h, s);
}

class SiluSlope<T extends number> implements Formula2 {
  // @ts-ignore: decorator
  @inline
  of(_: v128, g: v128, h: v128): v128 {
    return add<T>(g, mul<T>(h, sub<T>(number<T>(1), g)));
  }
}
export function silu_slope<T extends number>(n: usize, g: usize, h: usize, s: usize): void {
  map2<T, SiluSlope<T>>(n, <T>0, g, h, s);
}
