// What a kernel is timed on, made from its line in the table of kernels.

import { random } from 'bitgrad';
import { parse, type Signature } from '../../src/kernels/signature.js';

/** Vectors of one block, which lie in a core's first two caches with what is made of them; matrices of one tile of rows. */
const SIZES: Record<string, number> = { n: 4096, rows: 256, cols: 64, at: 7, inputs: 64, units: 64 };
/** Of products. `m` is also how many rows there are to gather from. */
const PRODUCT: Record<string, number> = { m: 128, n: 128, k: 128 };
/** A scalar is a half, which is legal as a rate, a decay, a slope and a limit. */
const SCALAR = 0.5;

/** Letters of the tables' glossary for what may be negative; the rest, as sums of squares and what log takes, is above 0. */
const SIGNED = /^[degz]$/;

export interface Operand {
  name: string;
  /** Numbers of the dtype, or 32-bit integers from 0 to below `below`. */
  length: number;
  below?: number;
  /** What it holds before a call; an output that is not read has nothing. */
  values?: Float64Array;
  written: boolean;
}

/** An argument of a call: a number as it is, the address of an operand, or that of scratch memory. */
export type Argument = number | Operand | 'work';

export interface Call {
  args: Argument[];
  operands: Operand[];
  /** Of the largest operand, or of the result of a product. */
  elements: number;
  /** Multiplications and additions, of products alone. */
  flops?: number;
  /** How many elements are read, and how many written: what is updated counts in both. */
  read: number;
  written: number;
}

function flopsOf({ sizes }: Signature, of: (name: string) => number): number | undefined {
  const names = sizes.map(({ name }) => name);
  if (names.includes('k')) return 2 * of('m') * of('n') * of('k');
  return names.includes('units') ? 2 * of('rows') * of('inputs') * of('units') : undefined;
}

export function operandsOf(kernel: string, line: string): Call {
  const signature = parse(line);
  const { args, sizes } = signature;
  const product = sizes.some(({ name }) => name === 'k');
  const of = (name: string): number => {
    if (/^\d/.test(name)) return Number(name);
    const size = (product ? PRODUCT : SIZES)[name] ?? PRODUCT[name];
    if (size !== undefined) return size;
    // A leading dimension: as long as a row, so that there are no gaps.
    const other = sizes.find((each) => each.name === name)?.atLeast;
    if (other === undefined) throw new Error(`${kernel}: no size is known for "${name}"`);
    return of(other);
  };

  const rng = random(1);
  const made = args.map((arg): Argument => {
    if (arg.role === 'size') return of(arg.name);
    if (arg.role === 'scalar') return SCALAR;
    if (arg.role === 'work') return 'work';
    const length = arg.shape.reduce((product, name) => product * of(name), 1) + (arg.upTo === undefined ? 0 : 1);
    const limit = arg.below ?? arg.upTo;
    const below = limit === undefined ? undefined : of(limit);
    const signed = SIGNED.test(arg.name);
    const value = (u: number) => (below !== undefined ? Math.floor(u * below) : signed ? 2 * u - 1 : u + 2 ** -10);
    const values = arg.role === 'input' || arg.updated ? rng.rand(length).map(value) : undefined;
    if (arg.upTo !== undefined) values?.sort((a, b) => a - b);
    return { name: arg.name, length, below, values, written: arg.role === 'output' };
  });
  const operands = made.filter((each): each is Operand => typeof each === 'object');
  const sum = (lengths: number[]) => lengths.reduce((a, b) => a + b, 0);
  const flops = flopsOf(signature, of);
  const results = operands.filter(({ written }) => written);
  return {
    args: made,
    operands,
    elements: Math.max(...(flops && results.length > 0 ? results : operands).map(({ length }) => length)),
    flops,
    read: sum(operands.filter(({ values }) => values).map(({ length }) => length)),
    written: sum(results.map(({ length }) => length)),
  };
}
