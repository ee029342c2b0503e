// Plain data as JSON and tensors: typed arrays become tensors, numbers that JSON lacks become names.

import { describe } from '../errors.js';
import { FileFormatError } from './errors.js';
import type { Tensor } from './safetensors.js';

const DTYPES = new Map<string, Tensor['dtype']>([
  ['Float64Array', 'F64'],
  ['Float32Array', 'F32'],
  ['Int32Array', 'I32'],
]);

/** @param tensors where typed arrays are put, under the path that leads to them */
export function pack(value: unknown, path: string, tensors: Map<string, Tensor>): unknown {
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { number: '-0' };
    return Number.isFinite(value) ? value : { number: String(value) };
  }
  if (ArrayBuffer.isView(value)) {
    const data = value as Float64Array;
    tensors.set(path, { dtype: DTYPES.get(data.constructor.name) as Tensor['dtype'], shape: [data.length], data });
    return { tensor: path };
  }
  if (Array.isArray(value)) return value.map((each, i) => pack(each, `${path}.${i}`, tensors));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => [name, pack(each, path ? `${path}.${name}` : name, tensors)]),
  );
}

/** What was packed. @throws {FileFormatError} if it needs a tensor that is not there */
export function unpack(value: unknown, tensors: ReadonlyMap<string, Tensor>): unknown {
  if (Array.isArray(value)) return value.map((each) => unpack(each, tensors));
  if (typeof value !== 'object' || value === null) return value;
  const { number, tensor } = value as { number?: string; tensor?: string };
  if (typeof number === 'string') return Number(number);
  if (typeof tensor === 'string') {
    const found = tensors.get(tensor);
    if (!found) throw new FileFormatError(`the tensor ${describe(tensor)} is missing`);
    return found.data;
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, unpack(each, tensors)]));
}
