// What can be read only once (standard input, a pipe, the middle of a compressed file), kept in a temporary file so that it can be
// read again, by several at once, from anywhere.

import { closeSync, openSync, read as readFd, rmSync, unlinkSync, write as writeFd } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { abortable } from './abort.js';
import { DataError } from './errors.js';
import type { Bytes } from './source.js';

const readAt = promisify(readFd);
const writeAt = promisify(writeFd);

/** Bytes of a read. */
const PIECE = 1 << 18;

/** Readers hold on to what knows the descriptor; when nobody does, it is closed. */
const unused = new FinalizationRegistry<number>((fd) => closeSync(fd));

let made = 0;

/** A file without a name, which the system removes when the process ends, however it ends. */
function nameless(): number {
  const path = join(tmpdir(), `bitgrad-${process.pid}-${Date.now().toString(36)}-${made++}.tmp`);
  const fd = openSync(path, 'wx+', 0o600);
  try {
    unlinkSync(path);
  } catch {
    // Windows keeps the name of what is open: it goes at the end.
    process.once('exit', () => {
      closeSync(fd);
      rmSync(path, { force: true });
    });
  }
  return fd;
}

/** What keeps a process alive while it is read; a file does not. */
interface Held {
  ref?(): unknown;
  unref?(): unknown;
}

class Spool {
  private readonly fd = nameless();
  private length = 0;
  private done = false;
  private pulling: Promise<void> | undefined;
  private waiting = 0;
  private readonly from: AsyncIterator<Uint8Array>;

  constructor(
    private readonly file: string,
    private readonly origin: AsyncIterable<Uint8Array> & Held,
  ) {
    this.from = origin[Symbol.asyncIterator]();
    unused.register(this, this.fd);
  }

  /** A little more, once for all who wait for it. A pipe that nobody waits for keeps no process alive. */
  private async pull(signal?: AbortSignal): Promise<void> {
    this.pulling ??= this.next().finally(() => {
      this.pulling = undefined;
    });
    if (this.waiting++ === 0) this.origin.ref?.();
    try {
      await abortable(this.pulling, signal);
    } finally {
      if (--this.waiting === 0) this.origin.unref?.();
    }
  }

  private async next(): Promise<void> {
    const { done, value } = await this.from.next();
    if (done) {
      this.done = true;
      return;
    }
    try {
      for (let at = 0; at < value.length; ) {
        at += (await writeAt(this.fd, value, at, value.length - at, this.length + at)).bytesWritten;
      }
    } catch (cause) {
      const { message } = cause as Error;
      const advice = `it is kept in ${tmpdir()} while it is read, which cannot be written: ${message}; set TMPDIR`;
      throw new DataError(advice, { file: this.file }, { cause });
    }
    this.length += value.length;
  }

  private async part(from: number, to: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafeSlow(Math.min(to, this.length) - from);
    for (let have = 0; have < bytes.length; ) {
      have += (await readAt(this.fd, bytes, have, bytes.length - have, from + have)).bytesRead;
    }
    return bytes;
  }

  async *stream(signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    for (let at = 0; ; ) {
      while (at >= this.length && !this.done) await this.pull(signal);
      if (at >= this.length) return;
      signal?.throwIfAborted();
      const bytes = await this.part(at, at + PIECE);
      at += bytes.length;
      yield bytes;
    }
  }

  async slice(from: number, to: number, signal?: AbortSignal): Promise<Uint8Array> {
    while (this.length < to && !this.done) await this.pull(signal);
    return this.part(Math.min(from, this.length), to);
  }

  /** All of it, which takes until the end is there. */
  async size(signal?: AbortSignal): Promise<number> {
    while (!this.done) await this.pull(signal);
    return this.length;
  }
}

/** What came once, as what can be read again. */
export function spool(file: string, stream: AsyncIterable<Uint8Array> & Held): Bytes {
  const kept = new Spool(file, stream);
  let read = 0;
  return {
    file,
    size: undefined,
    get read() {
      return read;
    },
    async *stream(signal) {
      read = 0;
      let at = 0;
      for await (const chunk of kept.stream(signal)) {
        at += chunk.length;
        read = at;
        yield chunk;
      }
    },
  };
}

/** Ranges of a file: its own, or of what was kept of it. */
export interface Ranges {
  readonly size: number;
  slice(from: number, to: number): Promise<Uint8Array>;
}

export async function ranges(bytes: Bytes, signal?: AbortSignal): Promise<Ranges> {
  const { size, slice } = bytes;
  if (slice && size !== undefined) return { size, slice };
  const kept = new Spool(bytes.file, bytes.stream(signal));
  return { size: await kept.size(signal), slice: (from, to) => kept.slice(from, to) };
}
