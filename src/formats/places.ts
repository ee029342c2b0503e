// The places of bytes: a disk, standard input, memory.

import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DataError } from './errors.js';
import type { Bytes } from './source.js';
import { spool } from './spool.js';

/** Bytes of a read: larger ones were no faster (measured), and a break is noticed between two. */
const PIECE = 1 << 18;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'that is a folder: name a file in it',
  EACCES: 'it may not be read: see its permissions',
  EPERM: 'it may not be read: see its permissions',
  ENAMETOOLONG: 'there is no such file: the name is too long',
};

/** What went wrong with a file, in words. */
export function unreadable(cause: unknown, file: string): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return cause;
  return new DataError(REASONS[code] ?? `it cannot be read: ${message}`, { file }, { cause });
}

/** A file of a disk; what is no plain file (a pipe) is read once, and kept. */
export async function diskBytes(path: string | URL): Promise<Bytes> {
  const where = typeof path === 'string' ? path : fileURLToPath(path);
  const file = where;
  let read = 0;
  try {
    const stats = await stat(where);
    if (stats.isDirectory()) throw new DataError(REASONS.EISDIR, { file });
    if (!stats.isFile()) return spool(file, createReadStream(where));
    // Said now, not when the first block is asked for.
    await (await open(where)).close();
    const changed = (bytes: number) =>
      new DataError(`it changes while it is read: it had ${stats.size} bytes, now ${bytes}; wait until it is whole`, {
        file,
      });
    return {
      file,
      size: stats.size,
      get read() {
        return read;
      },
      async *stream(signal) {
        read = 0;
        signal?.throwIfAborted();
        const handle = await open(where).catch((cause) => {
          throw unreadable(cause, file);
        });
        try {
          for (let at = 0; ; ) {
            const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(PIECE), 0, PIECE, at);
            signal?.throwIfAborted();
            if (bytesRead === 0) {
              if (at !== stats.size) throw changed(at);
              return;
            }
            at += bytesRead;
            if (at > stats.size) throw changed(at);
            read = at;
            yield buffer.subarray(0, bytesRead);
          }
        } catch (cause) {
          throw unreadable(cause, file);
        } finally {
          await handle.close();
        }
      },
      async slice(from, to) {
        const handle = await open(where).catch((cause) => {
          throw unreadable(cause, file);
        });
        try {
          const bytes = Buffer.allocUnsafeSlow(to - from);
          let have = 0;
          while (have < bytes.length) {
            const { bytesRead } = await handle.read(bytes, have, bytes.length - have, from + have);
            if (bytesRead === 0) throw changed(from + have);
            have += bytesRead;
          }
          return bytes;
        } finally {
          await handle.close();
        }
      },
    };
  } catch (cause) {
    throw unreadable(cause, file);
  }
}

let standardInput: Bytes | undefined;

/** Standard input, which all who ask for it share: it comes only once. */
export function pipeBytes(): Bytes {
  standardInput ??= spool('<stdin>', process.stdin);
  return standardInput;
}

export function memoryBytes(source: Uint8Array | Blob, blob: boolean): Bytes {
  const size = blob ? (source as Blob).size : (source as Uint8Array).length;
  const part = async (from: number, to: number) =>
    blob
      ? new Uint8Array(await (source as Blob).slice(from, to).arrayBuffer())
      : (source as Uint8Array).subarray(from, to);
  let read = 0;
  return {
    file: (source as { name?: string }).name ?? '<memory>',
    size,
    get read() {
      return read;
    },
    async *stream(signal) {
      read = 0;
      while (read < size) {
        signal?.throwIfAborted();
        const from = read;
        read = Math.min(size, from + PIECE);
        yield await part(from, read);
      }
    },
    slice: part,
  };
}
