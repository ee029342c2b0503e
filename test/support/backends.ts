// The backends under test, arrays in their linear memory, and the comparison of bits.

import { expect } from 'vitest';
import type { Backend } from '../../src/backend/backend.js';
import { layers } from '../../src/backend/layers.js';
import { training } from '../../src/backend/training.js';
import { createTsBackend } from '../../src/backend/ts/index.js';
import { EMBEDDED } from '../../src/backend/wasm/bytes/core.js';
import { createWasmBackend } from '../../src/backend/wasm/index.js';
import type { Dtype } from '../../src/kernels/contract.js';
import type { DtypeKernels } from '../../src/kernels/core.js';
import type { LayersKernels } from '../../src/kernels/layers.js';
import type { TrainingKernels } from '../../src/kernels/training.js';
import type { TypedArray } from '../../src/matrix/operand.js';
import { Heap } from '../../src/memory/heap.js';
import * as ts from '../../src/ts.js';
import * as wasm from '../../src/wasm.js';
import { allSizes, argumentsOf, type KernelName, lengthOf, SIGNATURES, type Sizes } from './operands.js';

/** For describe.each. Neither may be missing here, so a host that refuses one fails instead of skipping it. */
export const backends: [string, Backend][] = [
  ['wasm', createWasmBackend({ embedded: EMBEDDED, modules: {}, reason: 'for tests', fallback: false, shared: false })],
  ['ts', createTsBackend('for tests')],
];

/** The public entries over the same backends, for describe.each. */
export const entries: [string, typeof wasm | typeof ts][] = [
  ['wasm', wasm],
  ['ts', ts],
];

export const dtypes: Dtype[] = ['f64', 'f32'];

export function arrayOf(dtype: Dtype, source: number | ArrayLike<number>): TypedArray {
  const make = dtype === 'f64' ? Float64Array : Float32Array;
  return typeof source === 'number' ? new make(source) : make.from(source);
}

export const rounding = (dtype: Dtype): ((x: number) => number) => (dtype === 'f64' ? (x) => x : Math.fround);

/** Whether all bits are equal, any NaN counting as any other; -0 is not +0. */
export function sameBits(a: TypedArray, b: TypedArray): boolean {
  if (a.constructor !== b.constructor || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

const show = (x: number): string => (Object.is(x, -0) ? '-0' : String(x));

/** Fails naming the first element that differs. */
export function expectSameBits(a: TypedArray, b: TypedArray): void {
  if (sameBits(a, b)) return;
  expect([a.constructor.name, a.length]).toEqual([b.constructor.name, b.length]);
  const i = a.findIndex((x, at) => !Object.is(x, b[at]));
  expect.fail(`element ${i} of ${a.length}: ${show(a[i])} is not ${show(b[i])}`);
}

const MOAT_BYTE = 0xa5;
const MOAT_ELEMENTS = 11; // odd, and wider than two vectors: an overrun of a whole tile row lands in it

/** The kernels of all packs, of one dtype. */
export type AllKernels = DtypeKernels & LayersKernels & TrainingKernels;

/** Those of a backend. */
export const kernelsOf = (backend: Backend, dtype: Dtype): AllKernels => ({
  ...backend.core[dtype],
  ...backend.put(layers)[dtype],
  ...backend.put(training)[dtype],
});

interface Host {
  heap: Heap;
  work: number;
  kernels: Record<Dtype, AllKernels>;
}

const hosts = new WeakMap<Backend, Host>();

function hostOf(backend: Backend): Host {
  let host = hosts.get(backend);
  if (!host) {
    const heap = new Heap(backend.memory);
    const work = heap.allocate(backend.workBytes);
    host = { heap, work, kernels: { f64: kernelsOf(backend, 'f64'), f32: kernelsOf(backend, 'f32') } };
    hosts.set(backend, host);
  }
  return host;
}

export interface Run {
  /** What the kernel returned. */
  value: unknown;
  /** What the arrays hold afterwards. */
  arrays: TypedArray[];
}

/**
 * Runs a kernel over copies of `arrays` in linear memory and fails if a byte outside them changed.
 *
 * @param shift elements by which the addresses miss the heap's alignment: the contract asks for element size only
 */
export function runKernel(
  backend: Backend,
  dtype: Dtype,
  arrays: readonly TypedArray[],
  shift: number,
  call: (kernels: AllKernels, addresses: number[], work: number) => unknown,
): Run {
  const { heap, work, kernels } = hostOf(backend);
  const size = dtype === 'f64' ? 8 : 4;
  const starts: number[] = [];
  let length = MOAT_ELEMENTS + shift;
  for (const array of arrays) {
    starts.push(length);
    length += array.length + MOAT_ELEMENTS;
  }
  const region = heap.allocate(length * size);
  const bytes = new Uint8Array(backend.memory.f64.buffer, region, length * size);
  bytes.fill(MOAT_BYTE);
  const view = backend.memory[dtype].subarray(region / size, region / size + length);
  for (const [i, array] of arrays.entries()) view.set(array, starts[i]);

  const addresses = starts.map((start) => region + start * size);
  const value = call(kernels[dtype], addresses, work);

  const after = arrays.map((array, i) => view.slice(starts[i], starts[i] + array.length));
  const ends = arrays.map((array, i) => (starts[i] + array.length) * size);
  const touched = [0, ...ends].flatMap((from, i) => {
    const moat = bytes.subarray(from, i < starts.length ? starts[i] * size : bytes.length);
    const at = moat.findIndex((byte) => byte !== MOAT_BYTE);
    return at < 0 ? [] : [from + at];
  });
  heap.release(region);
  if (touched.length > 0)
    expect.fail(`${backend.name} wrote to byte ${touched[0]} of its region, outside every operand`);
  return { value, arrays: after };
}

/** Called with numbers, whatever they stand for. */
export type AnyKernel = (...numbers: number[]) => number | undefined;

/** A kernel's outputs; `inputs` and `scalars` in the order of its line, outputs fresh. */
export function apply(
  backend: Backend,
  dtype: Dtype,
  name: KernelName,
  chosen: Sizes,
  scalars: readonly number[],
  inputs: readonly ArrayLike<number>[],
): TypedArray[] {
  const signature = SIGNATURES[name];
  const sizes = allSizes(signature, chosen);
  const outputs = signature.outputs.map((each) => arrayOf(dtype, lengthOf(each, sizes)).fill(7)); // must not matter
  const arrays = [...inputs.map((input) => arrayOf(dtype, input)), ...outputs];
  const operands = [...signature.inputs, ...signature.outputs];
  const call = (kernels: AllKernels, at: number[], work: number) => {
    const named = Object.fromEntries(signature.scalars.map((each, i) => [each.name, scalars[i]]));
    const addresses = Object.fromEntries(operands.map((each, i) => [each.name, at[i]]));
    return (kernels[name] as AnyKernel)(...argumentsOf(signature, sizes, named, addresses, work));
  };
  return runKernel(backend, dtype, arrays, 1, call).arrays.slice(inputs.length);
}

/** An elementwise kernel on one element: its scalars, then its inputs. */
export function applyToOne(backend: Backend, dtype: Dtype, name: KernelName, x: readonly number[]): number[] {
  const count = SIGNATURES[name].scalars.length;
  const inputs = x.slice(count).map((value) => [value]);
  return apply(backend, dtype, name, { n: 1 }, x.slice(0, count), inputs).map(([result]) => result);
}
