// Kernels by number, as threads name them to each other.

import type { Dtype } from '../kernels/contract.js';
import { CORE } from '../kernels/core.js';
import { LAYERS } from '../kernels/layers.js';
import type { PackName } from '../kernels/pack.js';
import { TRAINING } from '../kernels/training.js';

export type AnyKernel = (...args: number[]) => number | undefined;

interface Numbered {
  readonly name: string;
  readonly pack: PackName;
  readonly dtype: Dtype;
  /** Whether it takes numbers beside sizes and addresses. */
  readonly scalars: boolean;
  /** Whether it returns what it finds wrong, 0 if that is nothing. */
  readonly tells: boolean;
}

const TABLES = { core: CORE, layers: LAYERS, training: TRAINING };

/** The kernel of each number, in both dtypes. */
export const NUMBERED: readonly Numbered[] = Object.entries(TABLES).flatMap(([pack, lines]) =>
  Object.entries(lines as Record<string, string>).flatMap(([name, line]) =>
    (['f64', 'f32'] as const).map((dtype) => ({
      name,
      pack: pack as PackName,
      dtype,
      scalars: line.split('|')[0].includes(':'),
      tells: line.endsWith(' T'),
    })),
  ),
);

const numbers = new Map(NUMBERED.map(({ name, dtype }, number) => [`${name} ${dtype}`, number]));

export const numberOf = (name: string, dtype: Dtype): number => numbers.get(`${name} ${dtype}`) as number;

/** A call with the arguments that stand at the beginning of an array: without making another one. */
export function apply(f: AnyKernel, n: number, a: Float64Array | Int32Array): number | undefined {
  switch (n) {
    case 1:
      return f(a[0]);
    case 2:
      return f(a[0], a[1]);
    case 3:
      return f(a[0], a[1], a[2]);
    case 4:
      return f(a[0], a[1], a[2], a[3]);
    case 5:
      return f(a[0], a[1], a[2], a[3], a[4]);
    case 6:
      return f(a[0], a[1], a[2], a[3], a[4], a[5]);
    case 7:
      return f(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    case 8:
      return f(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
    case 9:
      return f(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]);
    case 10:
      return f(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9]);
    case 11:
      return f(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10]);
    case 12:
      return f(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11]);
    default:
      return f(...a.subarray(0, n));
  }
}
