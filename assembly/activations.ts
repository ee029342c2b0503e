// Activations beyond the core's; src/kernels/layers.ts has their formulas. An output may be one of the inputs.

import { Formula1, Formula2, Formula22, low, map1, map2, map22 } from './elementwise';
import { add, mul, number, sub } from './vector';

class Relu6<T extends number> implements Formula22 {
  // @ts-ignore: decorator
  @inline
  of(scale: v128, offset: v128, z: v128, _: v128): v128 {
    const x = v128.pmin<T>(add<T>(z, offset), number<T>(6));
    return mul<T>(scale, v128.andnot(x, low<T>(x)));
  }
}
export function relu6<T extends number>(n: usize, scale: T, offset: T, z: usize, h: usize): void {
  map22<T, Relu6<T>>(n, scale, offset, z, z, h);
}

class Relu6Delta<T extends number> implements Formula2 {
  // @ts-ignore: decorator
  @inline
  of(scale: v128, e: v128, h: v128): v128 {
    const flat = v128.or(low<T>(h), v128.ge<T>(h, mul<T>(number<T>(6), scale)));
    return v128.andnot(mul<T>(scale, e), flat);
  }
}
export function relu6_delta<T extends number>(n: usize, scale: T, e: usize, h: usize, d: usize): void {
  map2<T, Relu6Delta<T>>(n, scale, e, h, d);
}

class Softsign<T extends number> implements Formula1 {
  // @ts-ignore: decorator
  @inline
  of(_: v128, z: v128): v128 {
    return v128.div<T>(z, add<T>(number<T>(1), v128.abs<T>(z)));
  }
}
export function softsign<T extends number>(n: usize, z: usize, h: usize): void {
  map1<T, Softsign<T>>(n, <T>0, z, h);
}

class SoftsignDelta<T extends number> implements Formula2 {
  // @ts-ignore: decorator
  @inline
  of(_: v128, e: v128, h: v128): v128 {
    const rest = sub<T>(number<T>(1), v128.abs<T>(h));
    return mul<T>(e, mul<T>(rest, rest));
  }
}
export function softsign_delta<T extends number>(n: usize, e: usize, h: usize, d: usize): void {
  map2<T, SoftsignDelta<T>>(n, <T>0, e, h, d);
}

// tanh(ln(1 + exp(z))) = a / (a + 2 b), from t = exp(-|z|).

// @ts-ignore: decorator
@inline
function mishA<T extends number>(z: v128, t: v128): v128 {
  const two = number<T>(2);
  return v128.bitselect(mul<T>(t, add<T>(t, two)), add<T>(number<T>(1), mul<T>(two, t)), low<T>(z));
}

// @ts-ignore: decorator
@inline
function mishB<T extends number>(z: v128, t: v128): v128 {
  return v128.bitselect(number<T>(1), mul<T>(t, t), low<T>(z));
}

class Mish<T extends number> implements Formula2 {
  // @ts-ignore: decorator
  @inline
  of(_: v128, z: v128, t: v128): v128 {
    const a = mishA<T>(z, t);
    return mul<T>(z, v128.div<T>(a, add<T>(a, mul<T>(number<T>(2), mishB<T>(z, t)))));
  }
}
export function mish<T extends number>(n: usize, z: usize, t: usize, h: usize): void {
  map2<T, Mish<T>>(n, <T>0, z, t, h);
}

class MishSlope<T extends number> implements Formula2 {
  // @ts-ignore: decorator
  @inline
  of(_: v128, z: v128, t: v128): v128 {
    const one = number<T>(1);
    const a = mishA<T>(z, t);
    const b = mishB<T>(z, t);
    const sum = add<T>(a, mul<T>(number<T>(2), b));
    const q = v128.div<T>(b, sum);
    const sigmoid = v128.div<T>(v128.bitselect(t, one, low<T>(z)), add<T>(one, t));
    const steep = mul<T>(number<T>(4), mul<T>(mul<T>(q, sub<T>(one, q)), sigmoid));
    return add<T>(v128.div<T>(a, sum), mul<T>(z, steep));
  }
}
export function mish_slope<T extends number>(n: usize, z: usize, t: usize, s: usize): void {
  map2<T, MishSlope<T>>(n, <T>0, z, t, s);
}

export function ascend<T extends number>(rows: usize, cols: usize, z: usize, t: usize, h: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    let sum: T = <T>0;
    for (let j: usize = 0; j < cols; j++) {
      const x = load<T>(z);
      sum = j == 0 ? x : sum + ((x <= 0 ? <T>0 : x) + load<T>(t));
      store<T>(h, sum);
      z += sizeof<T>();
      t += sizeof<T>();
      h += sizeof<T>();
    }
  }
}

export function ascend_delta<T extends number>(rows: usize, cols: usize, e: usize, s: usize, d: usize): void {
  const step = cols * sizeof<T>();
  for (let i: usize = 0; i < rows; i++) {
    let sum: T = <T>0;
    for (let at = step; at > 0; ) {
      at -= sizeof<T>();
      sum += load<T>(e + at);
      store<T>(d + at, at > 0 ? load<T>(s + at) * sum : sum);
    }
    e += step;
    s += step;
    d += step;
  }
}
