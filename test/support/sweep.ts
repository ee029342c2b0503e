// The greatest error of an f32 kernel over all floats, with the f64 kernel of the same function as the truth.

import type { Backend } from '../../src/backend/backend.js';
import { Heap } from '../../src/memory/heap.js';
import { kernelsOf } from './backends.js';

/** The greatest error allowed, in ulp, as docs/network.md states it. */
export const BOUND = { exp: 1, expm1: 2, sigmoid: 2, tanh: 2, log: 1, log1p: 1, gelu_exact: 6 };

const BLOCK = 1 << 15; // its four arrays stay in a 1 MiB cache

const POSITIVE = [0x00000001, 0x7f7fffff] as const;

/** Bits of the floats, from and to: beyond, the function is constant or not defined. */
const RANGES = {
  exp: [
    [0x00000000, 0x42b20000], // 0 to 89
    [0x80000000, 0xc2d00000], // -0 to -104
  ],
  expm1: [
    [0x00000000, 0x42b20000],
    [0x80000000, 0xc1a00000], // to -20
  ],
  sigmoid: [
    [0x00000000, 0x42b20000],
    [0x80000000, 0xc2d00000],
  ],
  tanh: [
    [0x00000000, 0x41a00000], // to 20
    [0x80000000, 0xc1a00000],
  ],
  log: [POSITIVE],
  log1p: [POSITIVE, [0x80000000, 0xbf7fffff]], // to just above -1
  gelu_exact: [
    [0x00000000, 0x41200000], // 0 to 10
    [0x80000000, 0xc1680000], // -0 to -14.5
  ],
} as const;

/** What gelu_exact takes besides; the others ignore it. */
export const NO_SLOPE = 0;

const OVERFLOW = 2 ** 128;

/** By the exponent field of an f64: how many f32 ulp make 1 at that magnitude. */
const ULPS_PER_ONE = Float64Array.from({ length: 2048 }, (_, field) => {
  const e = Math.min(Math.max(field - 1023, -126), 127);
  return 2 ** (23 - e);
});

export interface Worst {
  /** Floats tried. */
  count: number;
  /** The greatest error in ulp, and where. */
  error: number;
  at: number;
}

/** @throws {Error} at the first result that is NaN */
export function sweepF32(backend: Backend, name: keyof typeof RANGES, stride: number): Worst {
  const { memory } = backend;
  const [single, double] = [kernelsOf(backend, 'f32')[name], kernelsOf(backend, 'f64')[name]];
  const heap = new Heap(memory);
  const x32 = heap.allocate(4 * BLOCK);
  const y32 = heap.allocate(4 * BLOCK);
  const x64 = heap.allocate(8 * BLOCK);
  const y64 = heap.allocate(8 * BLOCK);
  const buffer = memory.f64.buffer;
  const bits = new Uint32Array(buffer, x32, BLOCK);
  const narrow = new Float32Array(buffer, x32, BLOCK);
  const wide = new Float64Array(buffer, x64, BLOCK);
  const result = new Float32Array(buffer, y32, BLOCK);
  const truth = new Float64Array(buffer, y64, BLOCK);
  const truthWords = new Uint32Array(buffer, y64, 2 * BLOCK);

  const worst = { count: 0, error: 0, at: 0 };
  for (const [first, last] of RANGES[name]) {
    for (let from = first; from <= last; from += BLOCK * stride) {
      const n = Math.min(BLOCK, Math.floor((last - from) / stride) + 1);
      for (let i = 0; i < n; i++) bits[i] = from + i * stride;
      for (let i = 0; i < n; i++) wide[i] = narrow[i];
      single(n, x32, y32, NO_SLOPE);
      double(n, x64, y64, NO_SLOPE);
      for (let i = 0; i < n; i++) {
        const difference = Math.min(result[i], OVERFLOW) - Math.min(truth[i], OVERFLOW);
        const error = Math.abs(difference) * ULPS_PER_ONE[(truthWords[2 * i + 1] >>> 20) & 0x7ff];
        if (error <= worst.error) continue;
        if (Number.isNaN(error)) throw new Error(`${name}(${narrow[i]}) is ${result[i]} in f32, ${truth[i]} in f64`);
        worst.error = error;
        worst.at = narrow[i];
      }
      worst.count += n;
    }
  }
  return worst;
}
