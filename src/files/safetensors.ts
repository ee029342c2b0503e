// The safetensors format (huggingface.co/docs/safetensors): 8 bytes with the header's length, a JSON header, the numbers.

import { arrayName } from '../checks/array-name.js';
import { describe } from '../checks/describe.js';
import { FileFormatError } from '../checks/errors.js';
import { isInteger, isObject, wrong } from '../checks/values.js';
import { createSha256, hexOf, pieces, type Sha256 } from '../host/sha256.js';
import { encodeText } from '../host/utf8.js';
import {
  CHECKSUM,
  CHECKSUM_DIGITS,
  HEADER_LIMITS,
  type Header,
  METADATA,
  PREFIX,
  readHeader,
  startOf,
} from './header.js';
import { writeJSON } from './json-text.js';
import { type FileContent, inOnePiece, type Source } from './place.js';
import { scan } from './scan.js';
import {
  arrayNameOf,
  type Bytes,
  bytesIn,
  countOf,
  DTYPE_NAMES,
  isDtype,
  newData,
  type Tensor,
  tensorShape,
  widthOf,
} from './tensor.js';

/** Tensors and metadata of a file. */
export interface Contents {
  /** By their names. */
  tensors: Map<string, Tensor>;
  /** Texts, by their names. */
  metadata: Record<string, string>;
}

/** The same of a file that may state its checksum. */
export interface Sealed extends Contents {
  checksum: 'verified' | 'missing' | 'wrong';
}

function checkText(text: unknown, what: string): string {
  if (typeof text === 'string' && !/\p{Surrogate}/u.test(text)) return text;
  throw new FileFormatError(`${what} must be a string of Unicode, got ${describe(text)}`);
}

/** A tensor, each of its fields read once. @throws {FileFormatError} if it is none */
function checkTensor(name: string, tensor: Tensor): Tensor {
  const what = `the tensor ${describe(name)}`;
  checkText(name, `the name ${describe(name)}`);
  if (name === METADATA) throw new FileFormatError(`no tensor can have the name ${METADATA}`);
  if (typeof tensor !== 'object' || tensor === null) {
    throw new FileFormatError(`${what} must be { dtype, shape, data }, got ${describe(tensor)}`);
  }
  const { dtype, data } = tensor;
  if (!isDtype(dtype)) throw new FileFormatError(`${what} has dtype ${describe(dtype)}; known are ${DTYPE_NAMES}`);
  if (arrayName(data) !== arrayNameOf(dtype)) {
    throw new FileFormatError(`${what} is ${dtype}: its data must be a ${arrayNameOf(dtype)}, got ${describe(data)}`);
  }
  const shape = Array.isArray(tensor.shape) ? [...tensor.shape] : [Number.NaN];
  if (!shape.every((size) => isInteger(size, 0))) {
    throw new FileFormatError(`${what} has a shape that is no array of sizes`);
  }
  if (data.length === countOf(shape)) return { dtype, shape, data };
  throw new FileFormatError(`${what} of ${data.length} elements cannot be ${tensorShape(shape)}`);
}

function checkMetadata(metadata: Readonly<Record<string, string>>): [string, string][] {
  if (!isObject(metadata)) {
    throw new FileFormatError(`"metadata" must map strings to strings, got ${describe(metadata)}`);
  }
  return Object.entries(metadata).map(([name, text]) => {
    checkText(name, 'a name in the metadata');
    return [name, checkText(text, `the metadata's ${describe(name)}`)];
  });
}

/**
 * A file as its header and its tensors, which are not copied: by descending element size, then by name, as the reference
 * writes them.
 *
 * @param sealed whether the metadata begin with a checksum, 64 zeros as yet
 */
export function layout(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> | undefined,
  sealed = false,
): FileContent {
  const given = metadata === undefined ? [] : checkMetadata(metadata);
  const texts: [string, string][] = sealed ? [[CHECKSUM, '0'.repeat(CHECKSUM_DIGITS)], ...given] : given;
  const sorted = [...tensors]
    .map(([name, tensor]): [string, Tensor] => [name, checkTensor(name, tensor)])
    .sort(([a, x], [b, y]) => widthOf(y.dtype) - widthOf(x.dtype) || (a < b ? -1 : 1));
  // Not an object, in which a name like __proto__ would be lost.
  const members = ([name, text]: [string, string]) => `${JSON.stringify(name)}:${text}`;
  const entries: [string, string][] = [];
  if (metadata !== undefined) {
    entries.push([METADATA, `{${texts.map(([name, text]) => members([name, JSON.stringify(text)])).join(',')}}`]);
  }
  let end = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    const begin = end;
    end += data.byteLength;
    entries.push([name, writeJSON({ dtype, shape, data_offsets: [begin, end] })]);
  }
  const text = encodeText(`{${entries.map(members).join(',')}}`);
  const { found } = scan(text, HEADER_LIMITS, 'the header', [METADATA, CHECKSUM]);
  const padded = Math.ceil(text.length / 8) * 8; // with spaces, so that the numbers are aligned
  const head = new Uint8Array(PREFIX + padded).fill(0x20, PREFIX);
  new DataView(head.buffer).setBigUint64(0, BigInt(padded), true);
  head.set(text, PREFIX);
  const parts = [head, ...sorted.map(([, { data }]) => bytesIn(data))];
  return { parts, sealAt: sealed && found ? PREFIX + found.from : undefined };
}

/** The bytes of a file in one piece. */
export function joined({ parts, sealAt }: FileContent): Bytes {
  const bytes = inOnePiece(parts);
  if (sealAt === undefined) return bytes;
  const hash = createSha256();
  for (const piece of pieces(bytes)) hash.update(piece);
  bytes.set(encodeText(hexOf(hash.digest())), sealAt);
  return bytes;
}

/**
 * The file's bytes.
 *
 * @throws {FileFormatError} for a dtype that is not known, data of another type, a shape that does not fit, names or metadata
 * that are no Unicode strings, more than decodeSafetensors reads
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata?: Readonly<Record<string, string>>,
): Bytes {
  if (typeof tensors?.get !== 'function') {
    throw new FileFormatError(wrong('tensors', 'a Map of names and tensors', tensors));
  }
  return joined(layout(tensors, metadata));
}

/** Any buffer or view as bytes. */
function bytesOfTensor(source: unknown): Uint8Array {
  if (ArrayBuffer.isView(source)) return bytesIn(source);
  try {
    return bytesIn(new DataView(source as ArrayBuffer)); // which takes buffers alone, of any realm
  } catch (cause) {
    throw new FileFormatError(wrong('bytes', 'an ArrayBuffer or a view of one', source), { cause });
  }
}

/** What the file's numbers are added to, behind what stands before them; undefined if it states no checksum. */
function hashOf({ seal }: Header): Sha256 | undefined {
  if (!seal) return undefined;
  const hash = createSha256();
  for (const piece of pieces(seal.zeroed)) hash.update(piece);
  return hash;
}

function verdict({ seal }: Header, hash: Sha256 | undefined): Sealed['checksum'] {
  if (!seal || !hash) return 'missing';
  return hexOf(hash.digest()) === seal.stated ? 'verified' : 'wrong';
}

/** The tensors in the order in which they were named. */
const byName = ({ entries }: Header, data: readonly Tensor['data'][]): Map<string, Tensor> =>
  new Map(entries.map(({ name, dtype, shape }, i) => [name, { dtype, shape, data: data[i] }]));

/** @param checked whether to take the checksum of what was read, if the file states one */
function decode(source: unknown, checked: boolean): Sealed {
  const bytes = bytesOfTensor(source);
  // Copies throughout: shared bytes could change between what was checked and what is used.
  const prefix = Uint8Array.from(bytes.subarray(0, PREFIX));
  const start = startOf(prefix, bytes.byteLength);
  const head = new Uint8Array(start);
  head.set(bytes.subarray(0, start));
  head.set(prefix);
  const header = readHeader(head, bytes.byteLength);
  const hash = checked ? hashOf(header) : undefined;
  const data = header.entries.map(({ dtype, begin, end }) => {
    const numbers = newData(dtype, (end - begin) / widthOf(dtype));
    const copy = bytesIn(numbers);
    copy.set(bytes.subarray(start + begin, start + end));
    if (hash) for (const piece of pieces(copy)) hash.update(piece);
    return numbers;
  });
  return { tensors: byName(header, data), metadata: header.metadata, checksum: verdict(header, hash) };
}

/**
 * The tensors of a file. Their data are copies.
 *
 * @param bytes an ArrayBuffer, a SharedArrayBuffer, or a view of either
 * @throws {FileFormatError} if it is not exactly of the format; it never allocates more than the file has
 */
export function decodeSafetensors(bytes: ArrayBufferLike | ArrayBufferView): Contents {
  const { tensors, metadata } = decode(bytes, false);
  return { tensors, metadata };
}

/** The same, and whether the checksum that the file states is right. */
export function decodeSealed(bytes: ArrayBufferLike | ArrayBufferView): Sealed {
  return decode(bytes, true);
}

/** The same of a file, which is read piece by piece, each tensor into its own array. @throws what the host throws, too */
export function readSealed(source: Source): Promise<Sealed> {
  return source.read(async (file) => {
    const prefix = new Uint8Array(Math.min(PREFIX, file.size));
    await file.read(prefix, 0);
    const head = new Uint8Array(startOf(prefix, file.size));
    await file.read(head, 0);
    head.set(prefix);
    const header = readHeader(head, file.size);
    const hash = hashOf(header);
    const data: Tensor['data'][] = [];
    for (const { dtype, begin, end } of header.entries) {
      const numbers = newData(dtype, (end - begin) / widthOf(dtype));
      await file.read(bytesIn(numbers), header.start + begin, (piece) => hash?.update(piece));
      data.push(numbers);
    }
    return { tensors: byName(header, data), metadata: header.metadata, checksum: verdict(header, hash) };
  });
}
