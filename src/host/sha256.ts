// SHA-256, piece by piece: the host's own where there is one, else @noble/hashes, which the build puts into the package.

import { sha256 } from '@noble/hashes/sha2.js';
import { builtin } from './runtime.js';

export interface Sha256 {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

interface Crypto {
  createHash(name: 'sha256'): Sha256;
}

/** Bytes that are hashed, read or written at a time: about 10 ms, after which the event loop gets its turn. */
export const PIECE = 4 << 20;

export function createSha256(): Sha256 {
  const crypto = builtin<Crypto>('crypto');
  return crypto?.createHash ? crypto.createHash('sha256') : sha256.create();
}

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The parts of some bytes, one after the other, none larger than PIECE. */
export function* pieces(bytes: Uint8Array): Generator<Uint8Array, void> {
  for (let at = 0; at < bytes.byteLength; at += PIECE) yield bytes.subarray(at, at + PIECE);
}
