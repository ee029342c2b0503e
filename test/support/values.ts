// Numbers of every kind for the tests, from a seed.

import fc from 'fast-check';
import type { Dtype } from '../../src/kernels/contract.js';
import type { TypedArray } from '../../src/matrix/operand.js';
import { arrayOf } from './backends.js';

/** 32 random bits at a time (xorshift, Marsaglia 2003). */
export function generator(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const scratch = new DataView(new ArrayBuffer(8));

/** The float `steps` places above x (below, if negative). */
export function neighbour(dtype: Dtype, x: number, steps: number): number {
  // Reflected so that the order of the integers is the order of the floats, through both zeros.
  if (dtype === 'f32') {
    scratch.setFloat32(0, x);
    const bits = scratch.getInt32(0);
    const order = (bits < 0 ? -2147483648 - bits : bits) + steps;
    scratch.setInt32(0, order < 0 ? -2147483648 - order : order);
    return scratch.getFloat32(0);
  }
  const lowest = -(1n << 63n);
  scratch.setFloat64(0, x);
  const bits = scratch.getBigInt64(0);
  const order = (bits < 0n ? lowest - bits : bits) + BigInt(steps);
  scratch.setBigInt64(0, order < 0n ? lowest - order : order);
  return scratch.getFloat64(0);
}

/** Where exp overflows, becomes subnormal, becomes 0, and where the kernels clamp. */
const THRESHOLDS = {
  f64: [709.782712893384, 710, -708.3964185322641, -745.1332191019412, -746, 36.7368005696771, 100],
  f32: [88.72283905206835, 89, -87.33654475055312, -103.97207708399179, -104, 16.635532333438686, 100],
};
const LIMITS = {
  f64: { least: 5e-324, normal: 2 ** -1022, greatest: Number.MAX_VALUE },
  f32: { least: 2 ** -149, normal: 2 ** -126, greatest: (2 - 2 ** -23) * 2 ** 127 },
};

/** Every value that a table of special values names, with its neighbours and both signs. */
export function specials(dtype: Dtype): number[] {
  const { least, normal, greatest } = LIMITS[dtype];
  const centres = [1, Math.LN2 / 2, ...THRESHOLDS[dtype]].map((x) => arrayOf(dtype, [x])[0]);
  const around = [normal, ...centres].flatMap((x) => [-1, 0, 1].map((steps) => neighbour(dtype, x, steps)));
  return [0, least, greatest, Infinity, 0.5, ...around].flatMap((x) => [x, -x]).concat(NaN);
}

const SPECIALS = { f64: specials('f64'), f32: specials('f32') };

/** ordinary: within +-4. wide: any exponent. tiny: subnormal, or with subnormal products. sparse: few specials. */
export const MIXES = ['ordinary', 'wide', 'tiny', 'sparse', 'special'] as const;
export type Mix = (typeof MIXES)[number];

/** `n` numbers of a mix. */
export function numbers(dtype: Dtype, n: number, seed: number, mix: Mix): TypedArray {
  const next = generator(seed);
  const unit = () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
  const exponents = dtype === 'f64' ? 1075 : 150; // from 1 down to the least subnormal
  const list = SPECIALS[dtype];
  const special = () => list[next() % list.length];
  const one: Record<Mix, () => number> = {
    ordinary: () => 8 * unit() - 4,
    wide: () => (unit() - 0.5) * 2 ** ((next() % (2 * exponents)) - exponents),
    tiny: () => (unit() - 0.5) * 2 ** -((exponents >> 1) + (next() % (exponents >> (next() % 8)))),
    sparse: () => (next() % 100 === 0 ? special() : 8 * unit() - 4),
    special,
  };
  const result = arrayOf(dtype, n);
  for (let i = 0; i < n; i++) result[i] = one[mix]();
  return result;
}

export const seeds = fc.integer({ min: 1, max: 0x7fffffff });
export const mixes = fc.constantFrom(...MIXES);
