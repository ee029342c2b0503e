// Kernels that treat every element alike; kernels.ts has their formulas. An output may be one of the inputs.

import { GELU_CUBIC, GELU_LINEAR, GELU_MAX, GELU_SLOPE } from '../src/kernels/constants';
import { add, lanes, mul, number, storePart, sub } from './vector';

// What a kernel computes; always a constant, so that each kernel is compiled for itself. All read x, those from
// OUTPUT_DELTA on y too, GELU_SLOPES z as well.
const SIGMOID_DERIVATIVE: i32 = 0;
const RELU: i32 = 1;
const LEAKY_RELU: i32 = 2;
const MINUS_ABS: i32 = 3;
const GELU_ARGUMENT: i32 = 4;
const OUTPUT_DELTA: i32 = 5;
const HIDDEN_DELTA: i32 = 6;
const AXPY: i32 = 7;
const AXPY_SIGN: i32 = 8;
const MULTIPLY: i32 = 9;
const RELU_DELTA: i32 = 10;
const LEAKY_RELU_DELTA: i32 = 11;
const ELU: i32 = 12;
const ELU_DELTA: i32 = 13;
const TANH_DELTA: i32 = 14;
const SOFTPLUS: i32 = 15;
const SILU_SLOPES: i32 = 16;
const GELU_SLOPES: i32 = 17;

/** s (1 - s): the derivative of the sigmoid, from its output. */
// @ts-ignore: decorator
@inline
function derivative<T>(s: v128): v128 {
  return mul<T>(s, sub<T>(number<T>(1), s));
}

/** Where x is not above 0: false for NaN. */
// @ts-ignore: decorator
@inline
function low<T>(x: v128): v128 {
  return v128.le<T>(x, number<T>(0));
}

/** z within +-GELU_MAX; pmin and pmax in this order keep NaN. */
// @ts-ignore: decorator
@inline
function within<T>(z: v128): v128 {
  return v128.pmax<T>(v128.pmin<T>(z, number<T>(GELU_MAX)), number<T>(-GELU_MAX));
}

// @ts-ignore: decorator
@inline
function apply<T>(kind: i32, a: v128, x: v128, y: v128, z: v128): v128 {
  if (kind == SIGMOID_DERIVATIVE) return derivative<T>(x);
  if (kind == RELU) return v128.andnot(x, low<T>(x));
  if (kind == LEAKY_RELU) return v128.bitselect(mul<T>(a, x), x, low<T>(x));
  if (kind == MINUS_ABS) return v128.or(x, number<T>(-0.0));
  if (kind == GELU_ARGUMENT) {
    const c = within<T>(x);
    return mul<T>(c, add<T>(number<T>(GELU_LINEAR), mul<T>(number<T>(GELU_CUBIC), mul<T>(c, c))));
  }
  if (kind == OUTPUT_DELTA) return mul<T>(sub<T>(x, y), derivative<T>(y));
  if (kind == HIDDEN_DELTA) return mul<T>(x, derivative<T>(y));
  if (kind == AXPY) return add<T>(y, mul<T>(a, x));
  if (kind == AXPY_SIGN) {
    const zero = number<T>(0);
    const upper = v128.bitselect(add<T>(y, a), y, v128.gt<T>(x, zero));
    return v128.bitselect(sub<T>(y, a), upper, v128.lt<T>(x, zero));
  }
  if (kind == MULTIPLY) return mul<T>(x, y);
  if (kind == RELU_DELTA) return v128.andnot(x, low<T>(y));
  if (kind == LEAKY_RELU_DELTA) return v128.bitselect(mul<T>(a, x), x, low<T>(y));
  if (kind == ELU) return v128.bitselect(mul<T>(a, y), x, low<T>(x));
  if (kind == ELU_DELTA) return v128.bitselect(mul<T>(x, add<T>(y, a)), x, low<T>(y));
  if (kind == TANH_DELTA) return mul<T>(x, sub<T>(number<T>(1), mul<T>(y, y)));
  if (kind == SOFTPLUS) return add<T>(v128.andnot(x, low<T>(x)), y);
  if (kind == SILU_SLOPES) return add<T>(x, mul<T>(y, sub<T>(number<T>(1), x)));
  // GELU_SLOPES: x is z, y is g, z is h.
  const c = within<T>(x);
  const inner = add<T>(number<T>(GELU_LINEAR), mul<T>(number<T>(GELU_SLOPE), mul<T>(c, c)));
  return add<T>(y, mul<T>(mul<T>(z, sub<T>(number<T>(1), y)), inner));
}

// @ts-ignore: decorator
@inline
function map<T>(kind: i32, n: usize, alpha: T, x: usize, y: usize, z: usize, to: usize): void {
  const a = v128.splat<T>(alpha);
  const rest = n % lanes<T>();
  const end = x + (n - rest) * sizeof<T>();
  let second = a;
  let third = a;
  while (x < end) {
    if (kind >= OUTPUT_DELTA) {
      second = v128.load(y);
      y += 16;
    }
    if (kind == GELU_SLOPES) {
      third = v128.load(z);
      z += 16;
    }
    v128.store(to, apply<T>(kind, a, v128.load(x), second, third));
    x += 16;
    to += 16;
  }
  if (!rest) return;
  // Loaded whole: what lies behind the n elements is ignored.
  if (kind >= OUTPUT_DELTA) second = v128.load(y);
  if (kind == GELU_SLOPES) third = v128.load(z);
  storePart<T>(to, apply<T>(kind, a, v128.load(x), second, third), rest);
}

export function sigmoid_derivative_f64(n: usize, s: usize, y: usize): void {
  map<f64>(SIGMOID_DERIVATIVE, n, 0, s, 0, 0, y);
}
export function sigmoid_derivative_f32(n: usize, s: usize, y: usize): void {
  map<f32>(SIGMOID_DERIVATIVE, n, 0, s, 0, 0, y);
}
export function output_delta_f64(n: usize, y: usize, o: usize, d: usize): void {
  map<f64>(OUTPUT_DELTA, n, 0, y, o, 0, d);
}
export function output_delta_f32(n: usize, y: usize, o: usize, d: usize): void {
  map<f32>(OUTPUT_DELTA, n, 0, y, o, 0, d);
}
export function hidden_delta_f64(n: usize, e: usize, h: usize, d: usize): void {
  map<f64>(HIDDEN_DELTA, n, 0, e, h, 0, d);
}
export function hidden_delta_f32(n: usize, e: usize, h: usize, d: usize): void {
  map<f32>(HIDDEN_DELTA, n, 0, e, h, 0, d);
}
export function axpy_f64(n: usize, alpha: f64, x: usize, y: usize): void {
  map<f64>(AXPY, n, alpha, x, y, 0, y);
}
export function axpy_f32(n: usize, alpha: f32, x: usize, y: usize): void {
  map<f32>(AXPY, n, alpha, x, y, 0, y);
}
export function axpy_sign_f64(n: usize, alpha: f64, x: usize, y: usize): void {
  map<f64>(AXPY_SIGN, n, alpha, x, y, 0, y);
}
export function axpy_sign_f32(n: usize, alpha: f32, x: usize, y: usize): void {
  map<f32>(AXPY_SIGN, n, alpha, x, y, 0, y);
}

/** Whether all means are finite: only then no bit of mean - mean is set, which is +0 for a finite mean and NaN for others. */
// @ts-ignore: decorator
@inline
function average<T>(n: usize, factor: T, x: usize, y: usize): bool {
  const a = v128.splat<T>(factor);
  const end = x + n * sizeof<T>();
  let bits = i64x2.splat(0);
  for (; x + 16 <= end; x += 16, y += 16) {
    const mean = mul<T>(a, v128.load(x));
    v128.store(y, mean);
    bits = v128.or(bits, sub<T>(mean, mean));
  }
  let finite = !v128.any_true(bits);
  for (; x < end; x += sizeof<T>(), y += sizeof<T>()) {
    const mean = <T>(factor * load<T>(x));
    store<T>(y, mean);
    finite = finite && isFinite<T>(mean);
  }
  return finite;
}

export function average_f64(n: usize, total: f64, x: usize, y: usize): bool {
  return average<f64>(n, 1 / total, x, y);
}
export function average_f32(n: usize, total: f64, x: usize, y: usize): bool {
  return average<f32>(n, <f32>(1 / total), x, y);
}
export function multiply_f64(n: usize, x: usize, y: usize, p: usize): void {
  map<f64>(MULTIPLY, n, 0, x, y, 0, p);
}
export function multiply_f32(n: usize, x: usize, y: usize, p: usize): void {
  map<f32>(MULTIPLY, n, 0, x, y, 0, p);
}
export function relu_f64(n: usize, z: usize, h: usize): void {
  map<f64>(RELU, n, 0, z, 0, 0, h);
}
export function relu_f32(n: usize, z: usize, h: usize): void {
  map<f32>(RELU, n, 0, z, 0, 0, h);
}
export function relu_delta_f64(n: usize, e: usize, h: usize, d: usize): void {
  map<f64>(RELU_DELTA, n, 0, e, h, 0, d);
}
export function relu_delta_f32(n: usize, e: usize, h: usize, d: usize): void {
  map<f32>(RELU_DELTA, n, 0, e, h, 0, d);
}
export function leaky_relu_f64(n: usize, alpha: f64, z: usize, h: usize): void {
  map<f64>(LEAKY_RELU, n, alpha, z, 0, 0, h);
}
export function leaky_relu_f32(n: usize, alpha: f32, z: usize, h: usize): void {
  map<f32>(LEAKY_RELU, n, alpha, z, 0, 0, h);
}
export function leaky_relu_delta_f64(n: usize, alpha: f64, e: usize, h: usize, d: usize): void {
  map<f64>(LEAKY_RELU_DELTA, n, alpha, e, h, 0, d);
}
export function leaky_relu_delta_f32(n: usize, alpha: f32, e: usize, h: usize, d: usize): void {
  map<f32>(LEAKY_RELU_DELTA, n, alpha, e, h, 0, d);
}
export function elu_f64(n: usize, alpha: f64, z: usize, t: usize, h: usize): void {
  map<f64>(ELU, n, alpha, z, t, 0, h);
}
export function elu_f32(n: usize, alpha: f32, z: usize, t: usize, h: usize): void {
  map<f32>(ELU, n, alpha, z, t, 0, h);
}
export function elu_delta_f64(n: usize, alpha: f64, e: usize, h: usize, d: usize): void {
  map<f64>(ELU_DELTA, n, alpha, e, h, 0, d);
}
export function elu_delta_f32(n: usize, alpha: f32, e: usize, h: usize, d: usize): void {
  map<f32>(ELU_DELTA, n, alpha, e, h, 0, d);
}
export function tanh_delta_f64(n: usize, e: usize, h: usize, d: usize): void {
  map<f64>(TANH_DELTA, n, 0, e, h, 0, d);
}
export function tanh_delta_f32(n: usize, e: usize, h: usize, d: usize): void {
  map<f32>(TANH_DELTA, n, 0, e, h, 0, d);
}
export function minus_abs_f64(n: usize, z: usize, t: usize): void {
  map<f64>(MINUS_ABS, n, 0, z, 0, 0, t);
}
export function minus_abs_f32(n: usize, z: usize, t: usize): void {
  map<f32>(MINUS_ABS, n, 0, z, 0, 0, t);
}
export function softplus_f64(n: usize, z: usize, t: usize, h: usize): void {
  map<f64>(SOFTPLUS, n, 0, z, t, 0, h);
}
export function softplus_f32(n: usize, z: usize, t: usize, h: usize): void {
  map<f32>(SOFTPLUS, n, 0, z, t, 0, h);
}
export function gelu_argument_f64(n: usize, z: usize, v: usize): void {
  map<f64>(GELU_ARGUMENT, n, 0, z, 0, 0, v);
}
export function gelu_argument_f32(n: usize, z: usize, v: usize): void {
  map<f32>(GELU_ARGUMENT, n, 0, z, 0, 0, v);
}
export function gelu_slope_f64(n: usize, z: usize, g: usize, h: usize, s: usize): void {
  map<f64>(GELU_SLOPES, n, 0, z, g, h, s);
}
export function gelu_slope_f32(n: usize, z: usize, g: usize, h: usize, s: usize): void {
  map<f32>(GELU_SLOPES, n, 0, z, g, h, s);
}
export function silu_slope_f64(n: usize, g: usize, h: usize, s: usize): void {
  map<f64>(SILU_SLOPES, n, 0, g, h, 0, s);
}
export function silu_slope_f32(n: usize, g: usize, h: usize, s: usize): void {
  map<f32>(SILU_SLOPES, n, 0, g, h, 0, s);
}
