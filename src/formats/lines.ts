// Bytes to lines of text: encodings, marks, and what is no text at all.

import { Buffer, isAscii, isUtf8 } from 'node:buffer';
import { DataError } from './errors.js';
import { head } from './head.js';
import type { Bytes } from './source.js';

/** Lines that follow one another, without their ends; a carriage return before `\n` is left. */
export interface Lines {
  /** The number of the first, from 1. */
  readonly first: number;
  readonly lines: readonly string[];
}

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
export const ENCODINGS: readonly Encoding[] = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'];

/** How a text is written. */
export interface TextKind {
  readonly encoding: Encoding;
  /** Bytes at the beginning that say so. */
  readonly mark: number;
  /** What ends a line: `\r` only of texts without any `\n`. */
  readonly newline: '\n' | '\r';
}

/** A line, or a row of several. */
export const LONGEST_ROW = 16 * 2 ** 20;

/** What is looked at before it is decided what a text is. */
const SAMPLE = 1 << 20;

/** What the first bytes say of the encoding. */
export function markOf(bytes: Uint8Array): { encoding: Encoding; mark: number } | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', mark: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', mark: 2 };
  return undefined;
}

/** Without a character that is cut off at the end. */
function uncut(bytes: Uint8Array): Uint8Array {
  let at = bytes.length - 1;
  while (at > bytes.length - 4 && (bytes[at] & 0xc0) === 0x80) at--;
  return bytes[at] >= 0xc0 ? bytes.subarray(0, at) : bytes;
}

/** By the mark at its beginning, else by what stands in its first MiB. */
export async function textKind(source: Bytes, encoding?: string, signal?: AbortSignal): Promise<TextKind> {
  const sample = await head(source, SAMPLE, signal);
  const mark = markOf(sample);
  const told = encoding as Encoding | undefined;
  const found = told ?? mark?.encoding ?? (isUtf8(uncut(sample)) ? 'utf-8' : 'windows-1252');
  const newline = sample.includes(10) || !sample.includes(13) ? '\n' : '\r';
  return { encoding: found, mark: mark?.encoding === found ? mark.mark : 0, newline };
}

/** All lines of a text. @throws {DataError} with the line, of what is no text of that encoding */
export async function* readLines(source: Bytes, kind: TextKind, signal?: AbortSignal): AsyncGenerator<Lines> {
  const { file } = source;
  const end = kind.newline === '\n' ? 10 : 13;
  const single = kind.encoding === 'windows-1252';
  const utf16 = kind.encoding.startsWith('utf-16') ? new TextDecoder(kind.encoding) : undefined;
  let first = 1;
  let skip = kind.mark;
  let open: Uint8Array[] = [];
  let size = 0;
  const lines = (piece: Buffer, last: boolean): Lines => {
    refuseNul(piece, first, end, file, kind);
    const batch = { first, lines: decode(piece, single, first, end, file).split(kind.newline) };
    if (!last) batch.lines.pop();
    first += batch.lines.length;
    return batch;
  };
  for await (const chunk of source.stream(signal)) {
    const start = Math.min(skip, chunk.length);
    skip -= start;
    const rest = utf16 ? Buffer.from(utf16.decode(chunk, { stream: true })) : bufferOf(chunk.subarray(start));
    const cut = rest.lastIndexOf(end) + 1;
    if (cut > 0) {
      const piece = open.length > 0 ? Buffer.concat([...open, rest.subarray(0, cut)]) : rest.subarray(0, cut);
      open = [];
      size = 0;
      yield lines(piece, false);
    }
    if (cut < rest.length) open.push(rest.subarray(cut));
    size += rest.length - cut;
    if (size > LONGEST_ROW) throw tooLong(file, first);
  }
  if (size > 0) yield lines(Buffer.concat(open), true);
}

export const tooLong = (file: string, line: number) =>
  new DataError('a row of more than 16 MiB, the limit: is this a text, with ends of lines?', { file, line });

const bufferOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

function lineAt(piece: Buffer, at: number, first: number, end: number): number {
  let line = first;
  for (let next = piece.indexOf(end); next >= 0 && next < at; next = piece.indexOf(end, next + 1)) line++;
  return line;
}

function refuseNul(piece: Buffer, first: number, end: number, file: string, kind: TextKind): void {
  const at = piece.indexOf(0);
  if (at < 0) return;
  throw new DataError(
    `a NUL byte: this is no ${kind.encoding} text; name its format, or its encoding if it is UTF-16 without a mark`,
    { file, line: lineAt(piece, at, first, end) },
  );
}

/** What windows-1252 has from 0x80 to 0x9f, where Latin 1 has nothing that is printed. */
const HIGH = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Node's TextDecoder takes it for Latin 1, in versions that are still about. */
const windows1252 = (piece: Buffer): string =>
  piece.toString('latin1').replace(/[\x80-\x9f]/g, (each) => HIGH[each.charCodeAt(0) - 0x80]);

/** Of ASCII alone, as most are, texts of a byte a character: V8 splits them twice as fast. */
function decode(piece: Buffer, single: boolean, first: number, end: number, file: string): string {
  if (isAscii(piece)) return piece.toString('latin1');
  if (single) return windows1252(piece);
  if (isUtf8(piece)) return piece.toString('utf8');
  let line = first;
  for (let at = 0; at < piece.length; line++) {
    const next = piece.indexOf(end, at) + 1 || piece.length;
    if (!isUtf8(piece.subarray(at, next))) break;
    at = next;
  }
  throw new DataError("bytes that are no UTF-8: name the encoding, 'windows-1252' if it is that", { file, line });
}
