// A safetensors file's header: what is in the file, and where. Nothing of it is trusted.

import { describe } from '../checks/describe.js';
import { FileFormatError } from '../checks/errors.js';
import { isInteger, isObject } from '../checks/values.js';
import { type Limits, scan, scanJSON } from './scan.js';
import { countOf, DTYPE_NAMES, isDtype, type TensorDtype, tensorShape, widthOf } from './tensor.js';

export const METADATA = '__metadata__';
/** The member of the metadata that holds the SHA-256 of the file, taken with 64 zeros in its place. */
export const CHECKSUM = 'sha256';
export const CHECKSUM_DIGITS = 64;
/** Bytes that hold the header's length. */
export const PREFIX = 8;

/**
 * What is read, and so what is written: a sixth of the 100 MB that the reference implementation takes, of which JSON.parse
 * makes several times as much. The format nests no deeper than shapes in entries.
 */
export const HEADER_LIMITS: Limits = {
  bytes: 1 << 24,
  depth: 4,
  containers: 200_000,
  values: 800_000,
  members: 250_000,
  width: 32,
  name: 1024,
};

export interface Entry {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  /** Bytes from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** In the order of their bytes. */
  readonly entries: readonly Entry[];
  readonly metadata: Record<string, string>;
  /** Where the numbers begin. */
  readonly start: number;
  /** The checksum that the file states, and the bytes before the numbers with zeros in its place. */
  readonly seal: { readonly stated: string; readonly zeroed: Uint8Array } | undefined;
}

/** Bytes before the numbers. @param prefix the file's first 8 bytes @param size the file's bytes */
export function startOf(prefix: Uint8Array, size: number): number {
  if (size < PREFIX) throw new FileFormatError(`a safetensors file has ${PREFIX} bytes or more, this one ${size}`);
  const length = new DataView(prefix.buffer, prefix.byteOffset, PREFIX).getBigUint64(0, true);
  if (length > BigInt(size - PREFIX)) {
    throw new FileFormatError(
      `it is no safetensors file: its header is said to have ${length} bytes, more than the file has`,
    );
  }
  // Before it is read at all.
  if (length > BigInt(HEADER_LIMITS.bytes)) {
    throw new FileFormatError(`the header has ${length} bytes, at most ${HEADER_LIMITS.bytes} are read`);
  }
  return PREFIX + Number(length);
}

function readEntry(name: string, value: unknown): Entry {
  const refuse = (reason: string): never => {
    throw new FileFormatError(`the tensor ${describe(name)} ${reason}`);
  };
  if (/[\uD800-\uDFFF]/u.test(name)) refuse('has a name that is no Unicode');
  if (typeof value !== 'object' || value === null) return refuse(`must be an object, got ${describe(value)}`);
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>;
  if (!isDtype(dtype)) return refuse(`has dtype ${describe(dtype)}; known are ${DTYPE_NAMES}`);
  if (!Array.isArray(shape) || !shape.every((size) => isInteger(size, 0)))
    return refuse('has a shape that is no array of sizes');
  if (
    !Array.isArray(offsets) ||
    offsets.length !== 2 ||
    !offsets.every((at) => isInteger(at, 0)) ||
    offsets[0] > offsets[1]
  ) {
    return refuse('has data_offsets that are no begin and end');
  }
  const [begin, end] = offsets as number[];
  const wanted = countOf(shape) * widthOf(dtype);
  if (wanted !== end - begin)
    return refuse(`of shape ${tensorShape(shape)} needs ${wanted} bytes, but has ${end - begin}`);
  return { name, dtype, shape, begin, end };
}

function readMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  const entries = isObject(value) ? Object.entries(value) : undefined;
  if (entries?.every(([, each]) => typeof each === 'string')) return Object.fromEntries(entries);
  throw new FileFormatError(`${METADATA} must map strings to strings`);
}

/** Entries must lie one behind the other and fill the file. */
function checkOrder(entries: readonly Entry[], start: number, size: number): Entry[] {
  const sorted = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const entry of sorted) {
    if (entry.begin !== end) {
      throw new FileFormatError(`the tensor ${describe(entry.name)} begins at ${entry.begin}, but must at ${end}`);
    }
    end = entry.end;
  }
  if (start + end === size) return sorted;
  throw new FileFormatError(`the tensors end at byte ${start + end}, the file at ${size}`);
}

/**
 * @param head the bytes before the numbers, which become the caller's no more
 * @param size the file's bytes
 * @throws {FileFormatError} if it is not exactly of the format
 */
export function readHeader(head: Uint8Array, size: number): Header {
  const text = head.subarray(PREFIX);
  const scanned = scan(text, HEADER_LIMITS, 'the header', [METADATA, CHECKSUM]);
  if (text[scanned.from] !== 0x7b) throw new FileFormatError('the header does not begin with {');
  const value = scanJSON(text, HEADER_LIMITS, 'the header', scanned) as object;
  const members = new Map<string, unknown>(Object.entries(value));
  const metadata = readMetadata(members.get(METADATA));
  members.delete(METADATA);
  const entries = checkOrder(
    [...members].map(([name, each]) => readEntry(name, each)),
    head.byteLength,
    size,
  );
  const { found } = scanned;
  const stated = Object.hasOwn(metadata, CHECKSUM) ? metadata[CHECKSUM] : undefined;
  if (found) text.fill(0x30, found.from, found.to);
  return {
    entries,
    metadata,
    start: head.byteLength,
    seal: stated === undefined ? undefined : { stated, zeroed: head },
  };
}
