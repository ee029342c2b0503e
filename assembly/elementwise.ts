// Kernels that treat every element alike. The output may be one of the inputs.

import { lanes, loadPart, storePart } from './vector';

/** s (1 - s): the derivative of the sigmoid, from its output. */
// @ts-ignore: decorator
@inline
function derivative<T>(s: v128): v128 {
  return v128.mul<T>(s, v128.sub<T>(v128.splat<T>(<T>1), s));
}

// @ts-ignore: decorator
@inline
function sigmoidDerivative<T>(n: usize, s: usize, y: usize): void {
  const rest = n % lanes<T>();
  const end = s + (n - rest) * sizeof<T>();
  for (; s < end; s += 16, y += 16) v128.store(y, derivative<T>(v128.load(s)));
  if (rest) storePart<T>(y, derivative<T>(loadPart<T>(s, rest)), rest);
}

// @ts-ignore: decorator
@inline
function outputDelta<T>(n: usize, y: usize, o: usize, d: usize): void {
  const rest = n % lanes<T>();
  const end = o + (n - rest) * sizeof<T>();
  for (; o < end; y += 16, o += 16, d += 16) {
    const out = v128.load(o);
    v128.store(d, v128.mul<T>(v128.sub<T>(v128.load(y), out), derivative<T>(out)));
  }
  if (rest) {
    const out = loadPart<T>(o, rest);
    storePart<T>(d, v128.mul<T>(v128.sub<T>(loadPart<T>(y, rest), out), derivative<T>(out)), rest);
  }
}

// @ts-ignore: decorator
@inline
function hiddenDelta<T>(n: usize, e: usize, h: usize, d: usize): void {
  const rest = n % lanes<T>();
  const end = h + (n - rest) * sizeof<T>();
  for (; h < end; e += 16, h += 16, d += 16) v128.store(d, v128.mul<T>(v128.load(e), derivative<T>(v128.load(h))));
  if (rest) storePart<T>(d, v128.mul<T>(loadPart<T>(e, rest), derivative<T>(loadPart<T>(h, rest))), rest);
}

// @ts-ignore: decorator
@inline
function axpy<T>(n: usize, alpha: T, x: usize, y: usize): void {
  const factor = v128.splat<T>(alpha);
  const rest = n % lanes<T>();
  const end = x + (n - rest) * sizeof<T>();
  for (; x < end; x += 16, y += 16) v128.store(y, v128.add<T>(v128.load(y), v128.mul<T>(factor, v128.load(x))));
  if (rest) storePart<T>(y, v128.add<T>(loadPart<T>(y, rest), v128.mul<T>(factor, loadPart<T>(x, rest))), rest);
}

export function sigmoid_derivative_f64(n: usize, s: usize, y: usize): void {
  sigmoidDerivative<f64>(n, s, y);
}
export function sigmoid_derivative_f32(n: usize, s: usize, y: usize): void {
  sigmoidDerivative<f32>(n, s, y);
}
export function output_delta_f64(n: usize, y: usize, o: usize, d: usize): void {
  outputDelta<f64>(n, y, o, d);
}
export function output_delta_f32(n: usize, y: usize, o: usize, d: usize): void {
  outputDelta<f32>(n, y, o, d);
}
export function hidden_delta_f64(n: usize, e: usize, h: usize, d: usize): void {
  hiddenDelta<f64>(n, e, h, d);
}
export function hidden_delta_f32(n: usize, e: usize, h: usize, d: usize): void {
  hiddenDelta<f32>(n, e, h, d);
}
export function axpy_f64(n: usize, alpha: f64, x: usize, y: usize): void {
  axpy<f64>(n, alpha, x, y);
}
export function axpy_f32(n: usize, alpha: f32, x: usize, y: usize): void {
  axpy<f32>(n, alpha, x, y);
}
