// The beginning of a file, or all of it.

import { DataError } from './errors.js';
import type { Bytes } from './source.js';

/** The first bytes, fewer of a shorter file. */
export async function head(bytes: Bytes, length: number, signal?: AbortSignal): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let have = 0;
  for await (const part of bytes.stream(signal)) {
    parts.push(part);
    have += part.length;
    if (have >= length) break;
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** Everything, if it is not more than a limit. @throws {DataError} */
export async function whole(bytes: Bytes, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
  const all = await head(bytes, limit + 1, signal);
  if (all.length > limit) {
    throw new DataError(`more than ${Math.floor(limit / 2 ** 20)} MiB, which is more than can be read at once`, {
      file: bytes.file,
    });
  }
  return all;
}
