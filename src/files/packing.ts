// Plain data as JSON and tensors: arrays of numbers become tensors, numbers that JSON lacks become names.

import { describe } from '../checks/describe.js';
import { FileFormatError } from '../checks/errors.js';
import { decodeNumber, encodeNumber } from '../checks/json-number.js';
import type { Tensor } from './tensor.js';

const TENSOR_DTYPES: Readonly<Record<string, Tensor['dtype']>> = {
  Float64Array: 'F64',
  Float32Array: 'F32',
  Int32Array: 'I32',
};

/** Plain arrays of numbers of so many elements become tensors: a header stays small, however many epochs there were. */
const LONG = 16;

type PackedNumbers = Float64Array | Float32Array | Int32Array;

const isNumbers = (value: readonly unknown[]): value is number[] => value.every((each) => typeof each === 'number');

/** @param tensors where arrays of numbers are put, under the path that leads to them */
export function pack(value: unknown, path: string, tensors: Map<string, Tensor>): unknown {
  if (typeof value === 'number') {
    const number = encodeNumber(value);
    return typeof number === 'string' ? { number } : number;
  }
  if (ArrayBuffer.isView(value)) {
    const data = value as PackedNumbers;
    tensors.set(path, { dtype: TENSOR_DTYPES[data[Symbol.toStringTag]], shape: [data.length], data });
    return { tensor: path };
  }
  if (Array.isArray(value)) {
    if (value.length < LONG || !isNumbers(value)) return value.map((each, i) => pack(each, `${path}.${i}`, tensors));
    tensors.set(path, { dtype: 'F64', shape: [value.length], data: Float64Array.from(value) });
    return { numbers: path };
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => [name, pack(each, path ? `${path}.${name}` : name, tensors)]),
  );
}

/** The only member of an object, if it has this name and is a text. */
function mark(value: object, name: string): string | undefined {
  const keys = Object.keys(value);
  const text: unknown = keys.length === 1 && keys[0] === name ? (value as Record<string, unknown>)[name] : undefined;
  return typeof text === 'string' ? text : undefined;
}

/**
 * What was packed.
 *
 * @param tensors those that are used are taken out: each stands for one array, so that little text cannot ask for much memory
 * @throws {FileFormatError} if it needs a tensor that is not there
 */
export function unpack(value: unknown, tensors: Map<string, Tensor>): unknown {
  if (Array.isArray(value)) return value.map((each) => unpack(each, tensors));
  if (typeof value !== 'object' || value === null) return value;
  const number = mark(value, 'number');
  if (number !== undefined) {
    const x = decodeNumber(number);
    if (x !== undefined) return x;
    throw new FileFormatError(`${describe(number)} is no number`);
  }
  const array = mark(value, 'tensor');
  if (array !== undefined) return take(array, tensors).data;
  const numbers = mark(value, 'numbers');
  if (numbers !== undefined) {
    const { dtype, data } = take(numbers, tensors);
    if (dtype === 'F64') return Array.from(data as Float64Array);
    throw new FileFormatError(`the tensor ${describe(numbers)} is ${dtype}: F64 was to come`);
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, unpack(each, tensors)]));
}

function take(name: string, tensors: Map<string, Tensor>): Tensor {
  const tensor = tensors.get(name);
  if (!tensor) throw new FileFormatError(`the tensor ${describe(name)} is missing, or used twice`);
  tensors.delete(name);
  return tensor;
}
