// log and log1p in scalars; assembly/log.ts does the same operations in the same order on vectors.
//
// Greatest error found: log 0.84 ulp, log1p 0.87 ulp, in f32 over all floats (test/kernels/all-floats.test.ts); f64 alike.

import * as c from '../../kernels/constants.js';
import { type Format, map1 } from './format.js';

const { fround } = Math;

/** A number and its bits, for a look at either as the other. Little-endian, as every host of WebAssembly is. */
interface Bits {
  readonly f64: Float64Array;
  readonly f32: Float32Array;
  /** Of f64 the low half, then the high one; of f32 the first is all. */
  readonly words: Uint32Array;
}

function createBits(): Bits {
  const f64 = new Float64Array(1);
  return { f64, f32: new Float32Array(f64.buffer), words: new Uint32Array(f64.buffer) };
}

/** k ln 2 + log(m) + rest, for m = 1 + f. */
function logarithm(k: number, f: number, rest: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (c.LG2_F64 + w * (c.LG4_F64 + w * c.LG6_F64));
  const odd = z * (c.LG1_F64 + w * (c.LG3_F64 + w * (c.LG5_F64 + w * c.LG7_F64)));
  const half = 0.5 * (f * f);
  return k * c.LOG_LN2_HIGH_F64 - (half - (s * (half + (odd + even)) + (k * c.LOG_LN2_LOW_F64 + rest)) - f);
}

/** The same from x = m 2^k, normal and finite; `lifted` is taken from k. */
function fromBits({ f64, words }: Bits, x: number, lifted: number, rest: number): number {
  f64[0] = x;
  const high = words[1] + (0x3ff00000 - c.SQRT_HALF_HIGH_F64);
  words[1] = (high & 0x000fffff) + c.SQRT_HALF_HIGH_F64;
  return logarithm((high >>> 20) - 1023 - lifted, f64[0] - 1, rest);
}

function logOf(x: number, bits: Bits): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  return x < c.MIN_NORMAL_F64 ? fromBits(bits, x * c.LIFT_F64, c.LIFT_BITS_F64, 0) : fromBits(bits, x, 0, 0);
}

/** log(u) + d / u, where u = 1 + x was rounded and d is what that lost (Knuth's two-sum). */
function log1pOf(x: number, bits: Bits): number {
  if (!(x > -1)) return x === -1 ? -Infinity : NaN;
  if (x === 0 || x === Infinity) return x;
  const u = 1 + x;
  const back = u - 1;
  return fromBits(bits, u, 0, (1 - (u - back) + (x - back)) / u);
}

export function logarithms(format: Format) {
  const bits = createBits();
  return {
    log: map1(format, (v, n, x, y) => {
      for (let i = 0; i < n; i++) v[y + i] = logOf(v[x + i], bits);
    }),
    log1p: map1(format, (v, n, x, y) => {
      for (let i = 0; i < n; i++) v[y + i] = log1pOf(v[x + i], bits);
    }),
  };
}

function logarithmF32(k: number, f: number, rest: number): number {
  const s = fround(f / fround(2 + f));
  const z = fround(s * s);
  const w = fround(z * z);
  const even = fround(w * fround(fround(c.LG2_F32) + fround(w * fround(c.LG4_F32))));
  const odd = fround(z * fround(fround(c.LG1_F32) + fround(w * fround(c.LG3_F32))));
  const half = fround(0.5 * fround(f * f));
  const inner = fround(s * fround(half + fround(odd + even)));
  const low = fround(fround(k * fround(c.LOG_LN2_LOW_F32)) + rest);
  return fround(fround(k * fround(c.LOG_LN2_HIGH_F32)) - fround(fround(half - fround(inner + low)) - f));
}

function fromBitsF32({ f32, words }: Bits, x: number, lifted: number, rest: number): number {
  f32[0] = x;
  const moved = words[0] + (0x3f800000 - c.SQRT_HALF_F32);
  words[0] = (moved & 0x007fffff) + c.SQRT_HALF_F32;
  return logarithmF32((moved >>> 23) - 127 - lifted, fround(f32[0] - 1), rest);
}

function logOfF32(x: number, bits: Bits): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  return x < c.MIN_NORMAL_F32
    ? fromBitsF32(bits, fround(x * c.LIFT_F32), c.LIFT_BITS_F32, 0)
    : fromBitsF32(bits, x, 0, 0);
}

function log1pOfF32(x: number, bits: Bits): number {
  if (!(x > -1)) return x === -1 ? -Infinity : NaN;
  if (x === 0 || x === Infinity) return x;
  const u = fround(1 + x);
  const back = fround(u - 1);
  return fromBitsF32(bits, u, 0, fround(fround(fround(1 - fround(u - back)) + fround(x - back)) / u));
}

export function logarithmsF32(format: Format) {
  const bits = createBits();
  return {
    log: map1(format, (v, n, x, y) => {
      for (let i = 0; i < n; i++) v[y + i] = logOfF32(v[x + i], bits);
    }),
    log1p: map1(format, (v, n, x, y) => {
      for (let i = 0; i < n; i++) v[y + i] = log1pOfF32(v[x + i], bits);
    }),
  };
}
