// Steps of optimizers over the flat parameter vector, and the check of gradients; src/kernels/training.ts has the formulas.
// No static data: this module works in another one's memory.

import { add, lanes, mul, storePart, sub } from './vector';

const MOMENTUM: i32 = 0;
const NESTEROV: i32 = 1;
const ADAGRAD: i32 = 2;
const RMSPROP: i32 = 3;
const RMSPROP_MOMENTUM: i32 = 4;
const ADAM: i32 = 5;
const ADAMW: i32 = 6;
const NADAM: i32 = 7;
const LION: i32 = 8;
const RMSPROP_CENTERED: i32 = 9;
const RMSPROP_CENTERED_MOMENTUM: i32 = 10;
const ADADELTA: i32 = 11;
const ADAM_AMSGRAD: i32 = 12;
const ADAMAX: i32 = 13;
const ADAMW_AMSGRAD: i32 = 14;

/** A store of a whole vector, or of the `rest` elements that are left. */
// @ts-ignore: decorator
@inline
function put<T extends number>(to: usize, value: v128, rest: usize): void {
  if (rest) storePart<T>(to, value, rest);
  else v128.store(to, value);
}

/**
 * One vector of parameters p with gradients g; s, t and u are the optimizer's slots, where it has them.
 *
 * @param rest elements to store, 0 for all
 */
// @ts-ignore: decorator
@inline
function step<T extends number>(
  kind: i32, rate: v128, a: v128, b: v128, epsilon: v128, ca: v128, cb: v128, root: v128, keep: v128,
  g: usize, s: usize, t: usize, u: usize, p: usize, rest: usize,
): void {
  const gradient = v128.load(g);
  const parameter = v128.load(p);
  if (kind == MOMENTUM || kind == NESTEROV) {
    const scaled = mul<T>(rate, gradient);
    const velocity = sub<T>(mul<T>(a, v128.load(s)), scaled);
    put<T>(s, velocity, rest);
    const update = kind == MOMENTUM ? velocity : sub<T>(mul<T>(a, velocity), scaled);
    put<T>(p, add<T>(parameter, update), rest);
    return;
  }
  if (kind == LION) {
    const momentum = v128.load(s);
    const mixed = add<T>(mul<T>(a, momentum), mul<T>(ca, gradient));
    put<T>(s, add<T>(mul<T>(b, momentum), mul<T>(cb, gradient)), rest);
    // The rate with the sign of what was mixed; zeros and NaN stay what they are.
    const signed = v128.or(rate, v128.and(mixed, v128.splat<T>(<T>-0.0)));
    const zero = v128.splat<T>(<T>0);
    const isSigned = v128.or(v128.lt<T>(mixed, zero), v128.gt<T>(mixed, zero));
    put<T>(p, sub<T>(mul<T>(keep, parameter), v128.bitselect(signed, mixed, isSigned)), rest);
    return;
  }
  const square = mul<T>(gradient, gradient);
  if (kind == ADAGRAD) {
    const sum = add<T>(v128.load(s), square);
    put<T>(s, sum, rest);
    const size = add<T>(v128.sqrt<T>(sum), epsilon);
    put<T>(p, sub<T>(parameter, v128.div<T>(mul<T>(rate, gradient), size)), rest);
    return;
  }
  const isCentered = kind == RMSPROP_CENTERED || kind == RMSPROP_CENTERED_MOMENTUM;
  if (kind == RMSPROP || kind == RMSPROP_MOMENTUM || isCentered) {
    let mean = add<T>(mul<T>(b, v128.load(s)), mul<T>(cb, square));
    put<T>(s, mean, rest);
    if (isCentered) {
      const first = add<T>(mul<T>(b, v128.load(u)), mul<T>(cb, gradient));
      put<T>(u, first, rest);
      // pmax in this order keeps NaN.
      mean = v128.pmax<T>(sub<T>(mean, mul<T>(first, first)), v128.splat<T>(<T>0));
    }
    const size = add<T>(v128.sqrt<T>(mean), epsilon);
    if (kind == RMSPROP || kind == RMSPROP_CENTERED) {
      put<T>(p, sub<T>(parameter, v128.div<T>(mul<T>(rate, gradient), size)), rest);
      return;
    }
    const buffer = add<T>(mul<T>(a, v128.load(t)), v128.div<T>(gradient, size));
    put<T>(t, buffer, rest);
    put<T>(p, sub<T>(parameter, mul<T>(rate, buffer)), rest);
    return;
  }
  if (kind == ADADELTA) {
    const mean = add<T>(mul<T>(b, v128.load(s)), mul<T>(cb, square));
    put<T>(s, mean, rest);
    const steps = v128.load(t);
    const ratio = v128.div<T>(v128.sqrt<T>(add<T>(steps, epsilon)), v128.sqrt<T>(add<T>(mean, epsilon)));
    const delta = mul<T>(ratio, gradient);
    put<T>(t, add<T>(mul<T>(b, steps), mul<T>(cb, mul<T>(delta, delta))), rest);
    put<T>(p, sub<T>(parameter, mul<T>(rate, delta)), rest);
    return;
  }
  const first = add<T>(mul<T>(a, v128.load(s)), mul<T>(ca, gradient));
  put<T>(s, first, rest);
  if (kind == ADAMAX) {
    const norm = v128.pmax<T>(add<T>(v128.abs<T>(gradient), epsilon), mul<T>(b, v128.load(t)));
    put<T>(t, norm, rest);
    put<T>(p, sub<T>(parameter, v128.div<T>(mul<T>(rate, first), norm)), rest);
    return;
  }
  let second = add<T>(mul<T>(b, v128.load(t)), mul<T>(cb, square));
  put<T>(t, second, rest);
  if (kind == ADAM_AMSGRAD || kind == ADAMW_AMSGRAD) {
    second = v128.pmax<T>(second, v128.load(u));
    put<T>(u, second, rest);
  }
  const deviation = v128.sqrt<T>(second);
  if (kind == ADAM || kind == ADAM_AMSGRAD) {
    const update = v128.div<T>(mul<T>(rate, first), add<T>(deviation, epsilon));
    put<T>(p, sub<T>(parameter, update), rest);
    return;
  }
  const size = add<T>(v128.div<T>(deviation, root), epsilon);
  if (kind == NADAM) {
    const both = add<T>(mul<T>(rate, gradient), mul<T>(keep, first));
    put<T>(p, sub<T>(parameter, v128.div<T>(both, size)), rest);
    return;
  }
  const update = v128.div<T>(first, size);
  put<T>(p, sub<T>(mul<T>(keep, parameter), mul<T>(rate, update)), rest);
}

// @ts-ignore: decorator
@inline
function overVector<T extends number>(
  kind: i32, n: usize, rate: f64, first: f64, second: f64, epsilon: f64, root: f64, keep: f64,
  g: usize, s: usize, t: usize, u: usize, p: usize,
): void {
  const r = v128.splat<T>(<T>rate);
  const a = v128.splat<T>(<T>first);
  const b = v128.splat<T>(<T>second);
  const e = v128.splat<T>(<T>epsilon);
  const ca = v128.splat<T>(<T>(1 - first));
  const cb = v128.splat<T>(<T>(1 - second));
  const c = v128.splat<T>(<T>root);
  const k = v128.splat<T>(<T>keep);
  const rest = n % lanes<T>();
  const end = g + (n - rest) * sizeof<T>();
  while (g < end) {
    step<T>(kind, r, a, b, e, ca, cb, c, k, g, s, t, u, p, 0);
    g += 16;
    s += 16;
    t += 16;
    u += 16;
    p += 16;
  }
  if (rest) step<T>(kind, r, a, b, e, ca, cb, c, k, g, s, t, u, p, rest);
}

// @ts-ignore: decorator
@inline
export function momentum<T extends number>(n: usize, rate: f64, momentum: f64, g: usize, v: usize, p: usize): void {
  overVector<T>(MOMENTUM, n, rate, momentum, 0, 0, 0, 0, g, v, v, v, p);
}

// @ts-ignore: decorator
@inline
export function nadam<T extends number>(
  n: usize, current: f64, next: f64, beta1: f64, beta2: f64, epsilon: f64, root: f64,
  g: usize, m: usize, v: usize, p: usize,
): void {
  overVector<T>(NADAM, n, current, beta1, beta2, epsilon, root, next, g, m, v, v, p);
}

// @ts-ignore: decorator
@inline
export function lion<T extends number>(
  n: usize, rate: f64, beta1: f64, beta2: f64, keep: f64, g: usize, m: usize, p: usize,
): void {
  overVector<T>(LION, n, rate, beta1, beta2, 0, 0, keep, g, m, m, m, p);
}

// @ts-ignore: decorator
@inline
export function nesterov<T extends number>(n: usize, rate: f64, momentum: f64, g: usize, v: usize, p: usize): void {
  overVector<T>(NESTEROV, n, rate, momentum, 0, 0, 0, 0, g, v, v, v, p);
}

// @ts-ignore: decorator
@inline
export function adagrad<T extends number>(n: usize, rate: f64, epsilon: f64, g: usize, s: usize, p: usize): void {
  overVector<T>(ADAGRAD, n, rate, 0, 0, epsilon, 0, 0, g, s, s, s, p);
}

// @ts-ignore: decorator
@inline
export function rmsprop<T extends number>(n: usize, rate: f64, rho: f64, epsilon: f64, g: usize, v: usize, p: usize): void {
  overVector<T>(RMSPROP, n, rate, 0, rho, epsilon, 0, 0, g, v, v, v, p);
}

// @ts-ignore: decorator
@inline
export function rmsprop_momentum<T extends number>(
  n: usize, rate: f64, rho: f64, momentum: f64, epsilon: f64, g: usize, v: usize, b: usize, p: usize,
): void {
  overVector<T>(RMSPROP_MOMENTUM, n, rate, momentum, rho, epsilon, 0, 0, g, v, b, b, p);
}

// @ts-ignore: decorator
@inline
export function adam<T extends number>(
  n: usize, rate: f64, beta1: f64, beta2: f64, epsilon: f64, g: usize, m: usize, v: usize, p: usize,
): void {
  overVector<T>(ADAM, n, rate, beta1, beta2, epsilon, 0, 0, g, m, v, v, p);
}

// @ts-ignore: decorator
@inline
export function adamw<T extends number>(
  n: usize, rate: f64, beta1: f64, beta2: f64, epsilon: f64, root: f64, keep: f64, g: usize, m: usize, v: usize, p: usize,
): void {
  overVector<T>(ADAMW, n, rate, beta1, beta2, epsilon, root, keep, g, m, v, v, p);
}

// @ts-ignore: decorator
@inline
export function rmsprop_centered<T extends number>(
  n: usize, rate: f64, rho: f64, epsilon: f64, g: usize, v: usize, m: usize, p: usize,
): void {
  overVector<T>(RMSPROP_CENTERED, n, rate, 0, rho, epsilon, 0, 0, g, v, v, m, p);
}

// @ts-ignore: decorator
@inline
export function rmsprop_centered_momentum<T extends number>(
  n: usize, rate: f64, rho: f64, momentum: f64, epsilon: f64, g: usize, v: usize, b: usize, m: usize, p: usize,
): void {
  overVector<T>(RMSPROP_CENTERED_MOMENTUM, n, rate, momentum, rho, epsilon, 0, 0, g, v, b, m, p);
}

// @ts-ignore: decorator
@inline
export function adadelta<T extends number>(
  n: usize, rate: f64, rho: f64, epsilon: f64, g: usize, v: usize, b: usize, p: usize,
): void {
  overVector<T>(ADADELTA, n, rate, 0, rho, epsilon, 0, 0, g, v, b, b, p);
}

// @ts-ignore: decorator
@inline
export function adam_amsgrad<T extends number>(
  n: usize, rate: f64, beta1: f64, beta2: f64, epsilon: f64, g: usize, m: usize, v: usize, x: usize, p: usize,
): void {
  overVector<T>(ADAM_AMSGRAD, n, rate, beta1, beta2, epsilon, 0, 0, g, m, v, x, p);
}

// @ts-ignore: decorator
@inline
export function adamax<T extends number>(
  n: usize, rate: f64, beta1: f64, beta2: f64, epsilon: f64, g: usize, m: usize, v: usize, p: usize,
): void {
  overVector<T>(ADAMAX, n, rate, beta1, beta2, epsilon, 0, 0, g, m, v, v, p);
}

// @ts-ignore: decorator
@inline
export function adamw_amsgrad<T extends number>(
  n: usize, rate: f64, beta1: f64, beta2: f64, epsilon: f64, root: f64, keep: f64,
  g: usize, m: usize, v: usize, x: usize, p: usize,
): void {
  overVector<T>(ADAMW_AMSGRAD, n, rate, beta1, beta2, epsilon, root, keep, g, m, v, x, p);
}

// @ts-ignore: decorator
@inline
function excess<T extends number>(x: usize): v128 {
  const value = v128.load(x);
  return sub<T>(value, value);
}

/** As rscl of the core says it: no bit of x - x is set unless some x is not finite. */
// @ts-ignore: decorator
@inline
export function finite<T extends number>(n: usize, x: usize): bool {
  const end = x + n * sizeof<T>();
  let bits = i64x2.splat(0);
  for (; x + 64 <= end; x += 64) {
    const low = v128.or(excess<T>(x), excess<T>(x + 16));
    bits = v128.or(bits, v128.or(low, v128.or(excess<T>(x + 32), excess<T>(x + 48))));
  }
  if (v128.any_true(bits)) return false;
  for (; x < end; x += sizeof<T>()) if (!isFinite<T>(load<T>(x))) return false;
  return true;
}
