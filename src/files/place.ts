// Where a file is kept: on a disk, or in a browser. What is written is there whole or not at all, and read in pieces.

import { ValueError } from '../checks/errors.js';
import type { FileHandleLike } from '../host/handles.js';
import { createSha256, hexOf, PIECE, pieces } from '../host/sha256.js';
import { encodeText } from '../host/utf8.js';
import type { Bytes } from './tensor.js';

/** A file's bytes, in parts that need not lie together. */
export interface FileContent {
  readonly parts: readonly Uint8Array[];
  /** Where 64 zeros stand that the SHA-256 of all these bytes, as they are, is to replace; undefined: nowhere. */
  readonly sealAt?: number;
}

/** A file that is read from any place. */
export interface OpenFile {
  readonly size: number;
  /** Fills `into` with the bytes from a position on, and hands on each piece that was read. */
  read(into: Uint8Array, position: number, taken?: (piece: Uint8Array) => void): Promise<void>;
}

/** What can be read. */
export interface Source {
  /** As a message calls it. */
  readonly name: string;
  /** @throws what the host throws; {FileFormatError} if it ends while it is read */
  read<T>(use: (file: OpenFile) => Promise<T>): Promise<T>;
}

/** How a place is told, in plain data, which can be sent to a worker: a path, absolute, or a handle. */
export type Where = string | FileHandleLike;

/** What one who holds a place says of that when it writes. */
export interface Held {
  /** What shows that the lock is its own, in any thread. */
  readonly lock: string;
  /** 2 keeps the file that was there under its name and `.1`. */
  readonly keep: 1 | 2;
}

/** A place that is one training's until it is released. */
export interface Claim {
  readonly where: Where;
  readonly lock: string;
  release(): Promise<void>;
}

export interface Place extends Source {
  /**
   * Writes a file so that there is a whole one at any moment, the old or the new. Of several writers the last one's file stays.
   *
   * @throws what the host throws, the old file then is there as it was; {FileLockedError} if what is held is not any more
   */
  write(content: FileContent, held?: Held): Promise<void>;
  /**
   * Makes it one training's own: nobody else trains there, it can be written to, and what dead ones left half written is gone.
   *
   * @param option whose value it is, for messages
   * @throws {ValueError} if no file can be written there; {FileLockedError} if another training has it
   */
  claim(keep: 1 | 2, option: string): Promise<Claim>;
  /** The files that it may hold, the newest first. */
  generations(): Promise<readonly Source[]>;
}

/** Why nothing can be written there. @throws {ValueError} */
export function refusePlace(option: string, name: string, reason: string, cause?: unknown): never {
  throw new ValueError(`"${option}" is ${name}, but ${reason}`, { cause });
}

/** Some bytes in one piece. */
export function inOnePiece(parts: readonly Uint8Array[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

/** The parts in pieces, small ones together: each write takes its time, in browsers a message to another process and back. */
function* gathered(parts: readonly Uint8Array[]): Generator<Uint8Array, void> {
  let small: Uint8Array[] = [];
  let size = 0;
  for (const piece of parts.flatMap((part) => [...pieces(part)])) {
    if (size + piece.byteLength > PIECE) {
      yield small.length === 1 ? small[0] : inOnePiece(small);
      small = [];
      size = 0;
    }
    small.push(piece);
    size += piece.byteLength;
  }
  if (size > 0) yield small.length === 1 ? small[0] : inOnePiece(small);
}

/** Writes the parts one after the other, and the checksum last. */
export async function writeParts(
  { parts, sealAt }: FileContent,
  write: (bytes: Uint8Array, position: number) => Promise<void>,
): Promise<void> {
  const hash = sealAt === undefined ? undefined : createSha256();
  let position = 0;
  for (const bytes of gathered(parts)) {
    hash?.update(bytes);
    await write(bytes, position);
    position += bytes.byteLength;
  }
  if (hash) await write(encodeText(hexOf(hash.digest())), sealAt as number);
}
