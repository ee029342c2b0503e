// Arguments: read and checked once, into one form that says where the numbers are.

import { DtypeError, describe, ShapeError, ValueError } from './errors.js';
import type { Dtype, Memory } from './kernels.js';

export type { Dtype };
export type TypedArray = Float64Array | Float32Array;

/** Any object with these three fields; `data` is row-major. */
export interface MatrixLike {
  readonly rows: number;
  readonly cols: number;
  readonly data: TypedArray | ArrayLike<number>;
}

/** A 2-D argument: a Matrix, an array of rows, or any `{ rows, cols, data }`. */
export type MatrixInput = MatrixLike | readonly ArrayLike<number>[];
/** A 1-D argument. */
export type VectorInput = TypedArray | readonly number[];

/** Where resident data lies. */
export interface Place {
  readonly memory: Memory;
  readonly address: number;
  /** The matrix itself: a copy of its fields has no place. */
  readonly owner: object;
}

/** A matrix that lies in linear memory has its Place under this key. */
export const PLACE: unique symbol = Symbol('place');

const DTYPES: readonly string[] = ['f64', 'f32'];

/** `value` if it is a dtype. @throws {DtypeError} */
export function checkDtype(value: unknown): Dtype {
  if (!DTYPES.includes(value as string)) throw new DtypeError(`"dtype" must be "f64" or "f32", got ${describe(value)}`);
  return value as Dtype;
}

export function newArray(dtype: Dtype, length: number): TypedArray {
  try {
    return dtype === 'f64' ? new Float64Array(length) : new Float32Array(length);
  } catch (cause) {
    throw new ValueError(`cannot allocate an array of ${length} ${dtype} elements`, { cause });
  }
}

export function dtypeOf(data: unknown): Dtype | undefined {
  if (data instanceof Float64Array) return 'f64';
  if (data instanceof Float32Array) return 'f32';
  return undefined;
}

export function checkSize(value: unknown, name: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new ValueError(`"${name}" must be a non-negative integer, got ${describe(value)}`);
  }
  return value as number;
}

/** An argument that was checked: where its numbers are and how they are laid out. */
export interface Operand {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  /** A vector is held as n rows of one column. */
  readonly vector: boolean;
  /** undefined: plain numbers, which take the dtype of the other operands. */
  readonly dtype: Dtype | undefined;
  /** The elements in one flat array, or the array of rows. */
  readonly flat: TypedArray | ArrayLike<number> | undefined;
  readonly nested: readonly ArrayLike<number>[] | undefined;
  readonly place: Place | undefined;
}

export function checkLength(data: ArrayLike<number>, rows: number, cols: number, name: string): void {
  if (data.length === rows * cols) return;
  if (ArrayBuffer.isView(data) && isDetached(data.buffer)) {
    throw new ValueError(`"${name}" has a detached buffer (transferred, or a view from before linear memory grew)`);
  }
  throw new ShapeError(`"${name}" has ${data.length} elements, but ${rows}x${cols} needs ${rows * cols}`);
}

/** The operand over a flat array that has rows * cols elements. */
export function flatOperand(
  name: string,
  rows: number,
  cols: number,
  flat: ArrayLike<number>,
  vector = false,
  place?: Place,
): Operand {
  const dtype = dtypeOf(flat);
  if (!dtype && ArrayBuffer.isView(flat)) {
    throw new DtypeError(`"${name}" must hold Float64Array or Float32Array data, got ${describe(flat)}`);
  }
  return { name, rows, cols, vector, dtype, flat, nested: undefined, place };
}

/** Checks a 2-D argument. @throws {ShapeError|ValueError|DtypeError} naming it */
export function readMatrix(value: unknown, name: string): Operand {
  if (Array.isArray(value)) {
    const first = value[0];
    if (value.length === 0 || typeof first === 'number') {
      throw new ShapeError(`"${name}" must be 2-D (an array of rows), got a 1-D array of ${value.length}`);
    }
    const cols = rowLength(first, name, 0);
    let typed = !Array.isArray(first);
    for (let i = 1; i < value.length; i++) {
      const length = rowLength(value[i], name, i);
      if (length !== cols) {
        throw new ShapeError(`"${name}" is ragged: row 0 has ${cols} elements, row ${i} has ${length}`);
      }
      typed ||= !Array.isArray(value[i]);
    }
    const rows = value.length;
    if (typed) return joinRows(value, name, cols);
    return { name, rows, cols, vector: false, dtype: undefined, flat: undefined, nested: value, place: undefined };
  }
  if (typeof value === 'object' && value !== null && 'rows' in value && 'cols' in value && 'data' in value) {
    const rows = checkSize(value.rows, `${name}.rows`);
    const cols = checkSize(value.cols, `${name}.cols`);
    const data = value.data;
    if (!Array.isArray(data) && !ArrayBuffer.isView(data)) {
      throw new DtypeError(`"${name}.data" must be a Float64Array, Float32Array or array, got ${describe(data)}`);
    }
    const flat = data as unknown as ArrayLike<number>;
    const place = (value as { [PLACE]?: Place })[PLACE];
    const operand = flatOperand(name, rows, cols, flat, false, place?.owner === value ? place : undefined);
    checkLength(flat, rows, cols, name);
    return operand;
  }
  if (ArrayBuffer.isView(value)) throw new ShapeError(`"${name}" must be 2-D, got ${describe(value)}, which is 1-D`);
  throw new ValueError(`"${name}" must be a Matrix, an array of rows or { rows, cols, data }, got ${describe(value)}`);
}

function rowLength(row: unknown, name: string, index: number): number {
  if (Array.isArray(row)) return row.length;
  if (dtypeOf(row)) {
    const { length, buffer } = row as TypedArray;
    if (length === 0 && isDetached(buffer)) throw new ValueError(`"${name}"[${index}] has a detached buffer`);
    return length;
  }
  throw new ValueError(`"${name}"[${index}] must be an array of numbers, got ${describe(row)}`);
}

/**
 * Rows of which some are typed arrays, copied together at once: they may be views of linear memory, which a call may grow
 * and so detach. Their dtype is that of the typed ones.
 */
function joinRows(value: readonly ArrayLike<number>[], name: string, cols: number): Operand {
  const dtypes = new Set(value.map(dtypeOf).filter((dtype) => dtype !== undefined));
  if (dtypes.size > 1) throw new DtypeError(`"${name}" has rows of f64 and of f32: dtypes must be equal`);
  const [dtype] = dtypes as Set<Dtype>;
  const flat = newArray(dtype, value.length * cols);
  value.forEach((row, i) => {
    for (let j = 0; j < cols; j++) flat[i * cols + j] = numberOf(row[j], name, i, j);
  });
  return flatOperand(name, value.length, cols, flat);
}

/** `buffer.detached` is newer than the hosts we support; a view of a detached buffer is refused by all of them. */
function isDetached(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

/** Whether an argument is 1-D. */
export function isVector(value: unknown): value is VectorInput {
  if (Array.isArray(value)) return value.length === 0 || typeof value[0] !== 'object' || value[0] === null;
  return ArrayBuffer.isView(value);
}

/** Checks a 1-D or 2-D argument. */
export function readOperand(value: unknown, name: string): Operand {
  if (!isVector(value)) return readMatrix(value, name);
  if (ArrayBuffer.isView(value) && value.length === 0 && isDetached(value.buffer)) checkLength(value, 1, 1, name);
  return flatOperand(name, value.length, 1, value, true);
}

/** The one dtype of several operands; plain numbers adapt. @throws {DtypeError} if two differ */
export function commonDtype(operands: readonly Operand[], fallback: Dtype): Dtype {
  let first: Operand | undefined;
  for (const operand of operands) {
    if (!operand.dtype) continue;
    first ??= operand;
    if (operand.dtype !== first.dtype) {
      throw new DtypeError(
        `"${first.name}" is ${first.dtype} and "${operand.name}" is ${operand.dtype}: dtypes must be equal`,
      );
    }
  }
  return first?.dtype ?? fallback;
}

export function shapeText(operand: Operand): string {
  return operand.vector ? `(${operand.rows})` : `${operand.rows}x${operand.cols}`;
}

/** @throws {ShapeError} naming both shapes unless they are equal */
export function checkSameShape(a: Operand, b: Operand): void {
  if (a.rows !== b.rows || a.cols !== b.cols || a.vector !== b.vector) {
    throw new ShapeError(`"${a.name}" is ${shapeText(a)} and "${b.name}" is ${shapeText(b)}: shapes must be equal`);
  }
}

/** Copies `count` rows from row `from` on to `to[at...]`. @throws {ValueError} at an element that is no number */
export function copyRows(operand: Operand, to: TypedArray, at: number, from: number, count: number): void {
  const { flat, nested, cols, name } = operand;
  if (flat && operand.dtype) {
    const whole = count === operand.rows;
    to.set(whole ? flat : (flat as TypedArray).subarray(from * cols, (from + count) * cols), at);
  } else if (flat) {
    const end = (from + count) * cols;
    for (let i = from * cols; i < end; i++) to[at++] = numberOf(flat[i], name, i);
  } else if (nested) {
    for (let i = from; i < from + count; i++) {
      const row = nested[i];
      for (let j = 0; j < cols; j++) to[at++] = numberOf(row[j], name, i, j);
    }
  }
}

/** Before a call writes to the caller's memory. @throws {ValueError} at an element that is no number */
export function checkNumbers({ flat, nested, dtype, cols, name }: Operand): void {
  if (dtype) return;
  if (flat) for (let i = 0; i < flat.length; i++) numberOf(flat[i], name, i);
  nested?.forEach((row, i) => {
    for (let j = 0; j < cols; j++) numberOf(row[j], name, i, j);
  });
}

function numberOf(value: unknown, name: string, i: number, j?: number): number {
  if (typeof value === 'number') return value;
  const place = j === undefined ? `[${i}]` : `[${i}][${j}]`;
  throw new ValueError(`"${name}"${place} must be a number, got ${describe(value)}`);
}

/** Checks an output: typed data of that dtype and shape. @throws {ShapeError|DtypeError} naming it */
export function readOutput(
  value: unknown,
  name: string,
  dtype: Dtype,
  rows: number,
  cols: number,
  vector = false,
): Operand {
  const out = readOperand(value, name);
  if (out.dtype !== dtype) {
    const got = out.dtype ?? 'plain numbers';
    throw new DtypeError(`"${name}" must hold ${dtype} data in a typed array, got ${got}`);
  }
  if (out.rows !== rows || out.cols !== cols || out.vector !== vector) {
    throw new ShapeError(
      `"${name}" is ${shapeText(out)}, but the result is ${shapeText({ ...out, rows, cols, vector })}`,
    );
  }
  return out;
}

/** @throws {ValueError} if an output shares bytes with one of the others; its very own range is allowed if `same` is */
export function checkApart(out: Operand, others: readonly Operand[], same: boolean): void {
  const a = out.flat as TypedArray;
  for (const { name, flat, place } of others) {
    // Resident matrices never overlap in part; asking this first makes small calls on them a third faster (measured).
    if (place && out.place && (same || place !== out.place)) continue;
    if (!ArrayBuffer.isView(flat)) continue;
    const b = flat as TypedArray;
    if (a.byteOffset >= b.byteOffset + b.byteLength || b.byteOffset >= a.byteOffset + a.byteLength) continue;
    if (a.buffer !== b.buffer) continue;
    if (same && a.byteOffset === b.byteOffset && a.byteLength === b.byteLength) continue;
    throw new ValueError(`"${out.name}" shares memory with "${name}": give it memory of its own`);
  }
}
