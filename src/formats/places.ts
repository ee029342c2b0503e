// The places of bytes: a disk, standard input, memory.

import { createReadStream, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
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

/** A file that was opened anew, and must still be what it was. */
class DiskFile {
  private constructor(
    private readonly file: string,
    private readonly stats: Stats,
    private readonly handle: FileHandle,
  ) {}

  static async open(file: string, stats: Stats): Promise<DiskFile> {
    const opened = new DiskFile(file, stats, await open(file));
    try {
      await opened.check();
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  async check(): Promise<void> {
    const { size, mtimeMs } = await this.handle.stat();
    if (size === this.stats.size && mtimeMs === this.stats.mtimeMs) return;
    const what =
      size === this.stats.size ? 'it was written to' : `it had ${this.stats.size} bytes, and has ${size} now`;
    throw new DataError(`the file changes while it is read (${what}): wait until it is whole`, { file: this.file });
  }

  /** Fewer only at the end. */
  async read(from: number, length: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafeSlow(length);
    let have = 0;
    while (have < length) {
      const { bytesRead } = await this.handle.read(bytes, have, length - have, from + have);
      if (bytesRead === 0) break;
      have += bytesRead;
    }
    return bytes.subarray(0, have);
  }

  close = (): Promise<void> => this.handle.close();
}

/** A file of a disk; what is no plain file (a pipe) is read once, and kept. */
export async function diskBytes(path: string | URL): Promise<Bytes> {
  const file = typeof path === 'string' ? path : fileURLToPath(path);
  const explain = (cause: unknown) => {
    throw unreadable(cause, file);
  };
  const stats = await stat(file).catch(explain);
  if (stats.isDirectory()) throw new DataError(REASONS.EISDIR, { file });
  if (!stats.isFile()) return spool(file, createReadStream(file));
  // What is wrong is said now, not when the first block is asked for.
  await (await DiskFile.open(file, stats).catch(explain)).close();
  let read = 0;
  return {
    file,
    size: stats.size,
    get read() {
      return read;
    },
    async *stream(signal) {
      read = 0;
      signal?.throwIfAborted();
      const opened = await DiskFile.open(file, stats).catch(explain);
      try {
        // Each pass has its own place: several may be under way.
        for (let at = 0; ; ) {
          const bytes = await opened.read(at, PIECE).catch(explain);
          signal?.throwIfAborted();
          if (bytes.length === 0) break;
          at += bytes.length;
          read = at;
          yield bytes;
        }
        await opened.check();
      } finally {
        await opened.close();
      }
    },
    async slice(from, to) {
      const opened = await DiskFile.open(file, stats).catch(explain);
      try {
        return await opened.read(from, to - from).catch(explain);
      } finally {
        await opened.close();
      }
    },
  };
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
      for (let at = 0; at < size; at += PIECE) {
        signal?.throwIfAborted();
        read = Math.min(size, at + PIECE);
        yield await part(at, read);
      }
    },
    slice: part,
  };
}
