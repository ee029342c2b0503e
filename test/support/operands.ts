// What a kernel is called with, from its line in a table: sizes, random operands, arguments in their order. For tests and
// benchmarks of every kernel.

import type { Dtype } from '../../src/kernels/contract.js';
import { CORE } from '../../src/kernels/core.js';
import { LAYERS } from '../../src/kernels/layers.js';
import { type Operand, parse, type Signature } from '../../src/kernels/signature.js';
import { TRAINING } from '../../src/kernels/training.js';

export const TABLES = { core: CORE, layers: LAYERS, training: TRAINING };

export type KernelName = keyof typeof CORE | keyof typeof LAYERS | keyof typeof TRAINING;

/** Every kernel of every pack. */
export const SIGNATURES = Object.fromEntries(
  Object.values(TABLES).flatMap((table) => Object.entries(table).map(([name, line]) => [name, parse(line)])),
) as Record<KernelName, Signature>;

export const KERNEL_NAMES = Object.keys(SIGNATURES) as KernelName[];

/** What a size's name stands for. */
export type Sizes = Readonly<Record<string, number>>;

/** Sizes that depend on no other: what a caller chooses. */
export const chosenSizes = ({ sizes, free }: Signature): string[] => [
  ...sizes.filter(({ atLeast }) => atLeast === undefined).map(({ name }) => name),
  ...free,
];

/** The chosen sizes with the rest: what must be as much as another is `extra` more. */
export function allSizes(
  { sizes, inputs, free }: Signature,
  chosen: Sizes,
  extra: (name: string) => number = () => 0,
): Sizes {
  const bound = sizes.flatMap(({ name, atLeast }) =>
    atLeast === undefined ? [] : [[name, chosen[atLeast] + extra(name)]],
  );
  // Of nothing there are no numbers.
  const none = inputs.filter(({ below }) => below && chosen[below] === 0).flatMap(({ shape }) => shape);
  const empty = free.filter((name) => none.includes(name)).map((name) => [name, 0]);
  return { ...chosen, ...Object.fromEntries([...bound, ...empty]) };
}

/** How many elements, or integers, an operand has. */
export const lengthOf = ({ shape, upTo }: Operand, sizes: Sizes): number =>
  shape.reduce((length, factor) => length * (sizes[factor] ?? Number(factor)), 1) + (upTo === undefined ? 0 : 1);

/**
 * An operand's contents as elements of the dtype. 32-bit integers stand in them as they lie in memory.
 *
 * @param numbers so many numbers of the dtype
 */
export function contentsOf(
  operand: Operand,
  sizes: Sizes,
  dtype: Dtype,
  numbers: (length: number) => Float64Array | Float32Array,
): Float64Array | Float32Array {
  const length = lengthOf(operand, sizes);
  const { below, upTo } = operand;
  if (below === undefined && upTo === undefined) return numbers(length);
  const limit = upTo === undefined ? sizes[below as string] : sizes[upTo] + 1;
  const make = dtype === 'f64' ? Float64Array : Float32Array;
  const elements = new make(Math.ceil((length * 4) / make.BYTES_PER_ELEMENT));
  const drawn = numbers(length);
  const integers = new Int32Array(elements.buffer, 0, length);
  // Any number will do: its fraction's digits choose.
  integers.forEach((_, i) => {
    integers[i] = Math.floor(Math.abs(Number.isFinite(drawn[i]) ? (drawn[i] * 1000) % 1 : 0) * limit);
  });
  if (upTo !== undefined) integers.sort();
  return elements;
}

/** A scalar such as a kernel takes, from any number. */
export const scalarOf = ({ positive }: { positive: boolean }, x: number): number => (positive ? Math.abs(x) || 1 : x);

/**
 * A kernel's arguments in their order.
 *
 * @param addresses of the operands by name; 0 for one that is not there
 */
export function argumentsOf(
  { args }: Signature,
  sizes: Sizes,
  scalars: Sizes,
  addresses: Sizes,
  work: number,
): number[] {
  return args.map(({ role, name }) => {
    if (role === 'size') return sizes[name];
    if (role === 'scalar') return scalars[name];
    return role === 'work' ? work : addresses[name];
  });
}
