// JSON that nobody vouches for: its size and shape are limited while its bytes are scanned, before anything is built of it.

import { describe } from '../checks/describe.js';
import { FileFormatError } from '../checks/errors.js';
import { decodeText } from '../host/utf8.js';

/** What a text may hold at most. */
export interface Limits {
  /** Bytes between the outermost brackets. */
  readonly bytes: number;
  /** Objects and arrays within one another. */
  readonly depth: number;
  /** Objects and arrays in all. */
  readonly containers: number;
  /** Elements and members in all. */
  readonly values: number;
  /** Members of objects in all. */
  readonly members: number;
  /** Elements of one array. */
  readonly width: number;
  /** Bytes of a member's name. */
  readonly name: number;
}

export interface Scanned {
  /** Where the outermost brackets begin and end: there is nothing but white space around them. */
  readonly from: number;
  readonly to: number;
  /** Where the text that was looked for begins, behind its quotation mark, and ends; undefined if there is none. */
  readonly found: { readonly from: number; readonly to: number } | undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Digits of a number, at most; the longest that says more than a shorter one has 767. */
const LONGEST_LITERAL = 1000;

const endsLiteral = (byte: number): boolean =>
  byte === COMMA || byte === COLON || byte === QUOTE || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT || isSpace(byte);

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

function nameAt(bytes: Uint8Array, from: number, to: number): string {
  const raw = bytes.subarray(from, to);
  // Nearly all are plain: a decoder and a parser for each would take most of the time.
  let plain = true;
  for (let i = 0; i < raw.length; i++) plain &&= raw[i] < 0x80 && raw[i] !== BACKSLASH;
  if (plain) return String.fromCharCode.apply(undefined, raw as unknown as number[]);
  try {
    return JSON.parse(`"${decodeText(raw)}"`);
  } catch (cause) {
    throw new FileFormatError(`a name is no JSON: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Counts and measures what a text holds. It is no parser: JSON.parse still has to say whether the text is JSON, and can then
 * make nothing larger than the limits allow.
 *
 * @param what it is, for messages
 * @param wanted a text that is a member of a member of the whole is looked for: the two names
 * @throws {FileFormatError} beyond a limit; if an object has two members of one name, of which JSON.parse would keep the last
 */
export function scan(bytes: Uint8Array, limits: Limits, what: string, wanted?: readonly [string, string]): Scanned {
  const refuse = (reason: string): never => {
    throw new FileFormatError(`${what} ${reason}`);
  };
  let from = 0;
  let to = bytes.byteLength;
  while (from < to && isSpace(bytes[from])) from++;
  while (to > from && isSpace(bytes[to - 1])) to--;
  if (bytes[from] === 0xef && bytes[from + 1] === 0xbb) refuse('begins with a byte order mark');
  if (to - from > limits.bytes) refuse(`has ${to - from} bytes, at most ${limits.bytes} are read`);

  const { depth: deepest } = limits;
  const names = Array.from({ length: deepest + 1 }, () => new Set<string>());
  const current: string[] = new Array(deepest + 1).fill('');
  const inObject = new Uint8Array(deepest + 1);
  const widths = new Float64Array(deepest + 1);
  let depth = 0;
  let containers = 0;
  let values = 0;
  let members = 0;
  let found: Scanned['found'];
  let expectsName = false;

  const endOfText = (at: number): number => {
    let end = at;
    while (end < to && bytes[end] !== QUOTE) end += bytes[end] === BACKSLASH ? 2 : 1;
    return end;
  };
  const takeName = (start: number, end: number) => {
    if (++members > limits.members) refuse(`has more than ${limits.members} members`);
    if (end - start > limits.name) refuse(`has a name of ${end - start} bytes, at most ${limits.name} are read`);
    const name = nameAt(bytes, start, end);
    if (names[depth].has(name)) refuse(`names ${describe(name)} twice`);
    names[depth].add(name);
    current[depth] = name;
    expectsName = false;
  };

  for (let i = from; i < to; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      const end = endOfText(i + 1);
      if (expectsName) takeName(i + 1, end);
      else if (wanted && depth === 2 && current[1] === wanted[0] && current[2] === wanted[1] && inObject[2]) {
        found = { from: i + 1, to: end };
      }
      i = end;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (++depth > deepest) refuse(`is nested deeper than ${deepest}`);
      if (++containers > limits.containers) refuse(`has more than ${limits.containers} objects and arrays`);
      inObject[depth] = Number(byte === OPEN_OBJECT);
      widths[depth] = 1;
      if (names[depth].size > 0) names[depth].clear();
      expectsName = byte === OPEN_OBJECT;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (--depth < 0) refuse('closes more brackets than it opens');
      expectsName = false;
    } else if (byte === COMMA) {
      if (++values > limits.values) refuse(`has more than ${limits.values} values`);
      expectsName = inObject[depth] === 1;
      if (!expectsName && ++widths[depth] > limits.width) refuse(`has an array of more than ${limits.width} elements`);
    } else if (byte === COLON) expectsName = false;
    else if (!isSpace(byte)) {
      // A number, or what stands for none: a long one takes JSON.parse long.
      const start = i;
      while (i + 1 < to && !endsLiteral(bytes[i + 1])) i++;
      if (i - start >= LONGEST_LITERAL) refuse(`has a number of more than ${LONGEST_LITERAL} digits`);
    }
  }
  return { from, to, found };
}

/**
 * What a text says, within the limits.
 *
 * @throws {FileFormatError} beyond a limit, or if it is no JSON
 */
export function scanJSON(
  bytes: Uint8Array,
  limits: Limits,
  what: string,
  { from, to } = scan(bytes, limits, what),
): unknown {
  try {
    const text = decodeText(bytes.subarray(from, to));
    return JSON.parse(text);
  } catch (cause) {
    throw new FileFormatError(`${what} is no JSON: ${(cause as Error).message}`, { cause });
  }
}
