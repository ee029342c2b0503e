// The safetensors format (huggingface.co/docs/safetensors): 8 bytes with the header's length, a JSON header, the numbers.

import { describe } from '../errors.js';
import { FileFormatError } from './errors.js';

const ARRAYS = {
  F64: Float64Array,
  F32: Float32Array,
  /** As raw bits. */
  F16: Uint16Array,
  /** As raw bits. */
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};

export type TensorDtype = keyof typeof ARRAYS;

export interface Tensor {
  dtype: TensorDtype;
  shape: readonly number[];
  /** Row-major; F16 and BF16 as their bits in a Uint16Array. */
  data:
    | Float64Array
    | Float32Array
    | BigInt64Array
    | BigUint64Array
    | Int32Array
    | Int16Array
    | Int8Array
    | Uint32Array
    | Uint16Array
    | Uint8Array;
}

/** As in the reference implementation. */
const MAX_HEADER = 100_000_000;
const METADATA = '__metadata__';

const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** The file's bytes: tensors by descending element size, then by name, as the reference writes them. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const size = (dtype: TensorDtype) => ARRAYS[dtype].BYTES_PER_ELEMENT;
  const sorted = [...tensors].sort(([a, x], [b, y]) => size(y.dtype) - size(x.dtype) || (a < b ? -1 : 1));
  let end = 0;
  const entries: [string, unknown][] = metadata ? [[METADATA, metadata]] : [];
  for (const [name, { dtype, shape, data }] of sorted) {
    const begin = end;
    end += data.byteLength;
    if (name === METADATA || data.length !== count(shape)) {
      throw new FileFormatError(`the tensor ${describe(name)} of ${data.length} elements cannot be [${shape}]`);
    }
    entries.push([name, { dtype, shape, data_offsets: [begin, end] }]);
  }
  // Not an object, in which a name like __proto__ would be lost.
  const text = `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
  const header = new TextEncoder().encode(text);
  const padded = Math.ceil(header.length / 8) * 8; // with spaces, so that the numbers are aligned
  const bytes = new Uint8Array(8 + padded + end).fill(0x20, 8, 8 + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(header, 8);
  let at = 8 + padded;
  for (const [, { data }] of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

function readHeader(bytes: Uint8Array): { header: Map<string, unknown>; start: number } {
  if (bytes.byteLength < 8)
    throw new FileFormatError(`a safetensors file has 8 bytes or more, this one ${bytes.byteLength}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(Math.min(MAX_HEADER, bytes.byteLength - 8))) {
    throw new FileFormatError(
      `it is no safetensors file: its header is said to have ${length} bytes, more than the file has or the format allows`,
    );
  }
  const start = 8 + Number(length);
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, start));
    if (!text.startsWith('{')) throw new Error('it does not begin with {');
    checkNames(text);
    value = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof FileFormatError) throw cause;
    throw new FileFormatError(`the header is no JSON: ${(cause as Error).message}`, { cause });
  }
  return { header: new Map(Object.entries(value as object)), start };
}

/** JSON.parse keeps the last of equal names in silence. @throws {FileFormatError} if the outermost object has such */
function checkNames(text: string): void {
  const names = new Set<string>();
  let depth = 0;
  let expectsName = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const from = i;
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
      if (depth === 1 && expectsName) {
        let name: string;
        try {
          name = JSON.parse(text.slice(from, i + 1));
        } catch {
          return; // JSON.parse of the whole says what is wrong
        }
        if (names.has(name)) throw new FileFormatError(`the header names ${describe(name)} twice`);
        names.add(name);
        expectsName = false;
      }
    } else if (c === '{' || c === '[') {
      depth++;
      expectsName = depth === 1;
    } else if (c === '}' || c === ']') depth--;
    else if (c === ',' && depth === 1) expectsName = true;
  }
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

interface Entry {
  name: string;
  dtype: TensorDtype;
  shape: number[];
  begin: number;
  end: number;
}

function readEntry(name: string, value: unknown): Entry {
  const refuse = (reason: string): never => {
    throw new FileFormatError(`the tensor ${describe(name)} ${reason}`);
  };
  if (typeof value !== 'object' || value === null) return refuse(`must be an object, got ${describe(value)}`);
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>;
  if (typeof dtype !== 'string' || !Object.hasOwn(ARRAYS, dtype)) {
    return refuse(`has dtype ${describe(dtype)}; known are ${Object.keys(ARRAYS).join(', ')}`);
  }
  if (!Array.isArray(shape) || !shape.every(isIndex)) return refuse('has a shape that is no array of sizes');
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isIndex) || offsets[0] > offsets[1]) {
    return refuse('has data_offsets that are no begin and end');
  }
  const [begin, end] = offsets as number[];
  const wanted = count(shape as number[]) * ARRAYS[dtype as TensorDtype].BYTES_PER_ELEMENT;
  if (wanted !== end - begin) return refuse(`of shape [${shape}] needs ${wanted} bytes, but has ${end - begin}`);
  return { name, dtype: dtype as TensorDtype, shape: shape as number[], begin, end };
}

function readMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  const entries =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
  if (entries?.every(([, each]) => typeof each === 'string'))
    return Object.fromEntries(entries) as Record<string, string>;
  throw new FileFormatError(`${METADATA} must map strings to strings`);
}

/**
 * The tensors of a file. Their data are copies.
 *
 * @throws {FileFormatError} if it is not exactly of the format; it never allocates more than the file has
 */
export function decodeSafetensors(bytes: Uint8Array): {
  tensors: Map<string, Tensor>;
  metadata: Record<string, string>;
} {
  const { header, start } = readHeader(bytes);
  const metadata = readMetadata(header.get(METADATA));
  header.delete(METADATA);
  const entries = [...header].map(([name, value]) => readEntry(name, value));
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== end) {
      throw new FileFormatError(`the tensor ${describe(entry.name)} begins at ${entry.begin}, but must at ${end}`);
    }
    end = entry.end;
  }
  if (start + end !== bytes.byteLength) {
    throw new FileFormatError(`the tensors end at byte ${start + end}, the file at ${bytes.byteLength}`);
  }
  const tensors = new Map<string, Tensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const copy = new Uint8Array(end - begin); // not slice(), which a Buffer's is not
    copy.set(bytes.subarray(start + begin, start + end));
    tensors.set(name, { dtype, shape, data: new ARRAYS[dtype](copy.buffer) });
  }
  return { tensors, metadata };
}
