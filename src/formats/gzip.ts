// Gzip, undone as it comes: any number of members.

import { once } from 'node:events';
import { createGunzip, createGzip, type Gunzip } from 'node:zlib';
import { DataError } from './errors.js';
import type { Sink } from './format.js';
import type { Bytes } from './source.js';

export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

const CHUNK = 1 << 18;

/** @throws {DataError} if the data are damaged, end too early, or something else follows them */
export async function* gunzip(bytes: Bytes, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const engine = createGunzip({ chunkSize: CHUNK });
  const stop = new AbortController();
  const abort = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  const taken = { bytes: 0 };
  const fed = feed(bytes.stream(stop.signal), engine, taken).catch((error) => engine.destroy(error));
  try {
    for await (const chunk of engine) yield chunk;
    await fed;
    // What follows the last member is left where it is, without a word.
    if (engine.bytesWritten < taken.bytes) throw trailing(bytes.file);
  } catch (cause) {
    throw explained(cause, bytes.file);
  } finally {
    stop.abort();
    engine.destroy();
    await fed;
    signal?.removeEventListener('abort', abort);
  }
}

async function feed(stream: AsyncIterable<Uint8Array>, engine: Gunzip, taken: { bytes: number }): Promise<void> {
  const closed = once(engine, 'close').catch(() => {});
  for await (const chunk of stream) {
    taken.bytes += chunk.length;
    if (engine.destroyed) return;
    if (engine.writableEnded) continue;
    if (!engine.write(chunk)) await Promise.race([once(engine, 'drain').catch(() => {}), closed]);
  }
  engine.end();
}

const trailing = (file: string) =>
  new DataError('something else follows the gzip data: copy or download it anew', { file });

function explained(cause: unknown, file: string): unknown {
  const code = (cause as { code?: string })?.code;
  if (code === 'Z_BUF_ERROR') {
    return new DataError('the gzip data end too early: copy or download it anew', { file }, { cause });
  }
  if (code?.startsWith('Z_')) {
    return new DataError('the gzip data are damaged: copy or download it anew', { file }, { cause });
  }
  return cause;
}

/** Compresses what goes to a sink. */
export function gzipSink(write: Sink): { write: Sink; end: () => Promise<void> } {
  const engine = createGzip();
  const drained = (async () => {
    for await (const chunk of engine) await write(chunk);
  })();
  // Whoever writes next, or ends, is told.
  drained.catch(() => {});
  const or = (promise: Promise<unknown>) => Promise.race([promise, drained]).then(() => {});
  return {
    async write(bytes) {
      if (!engine.write(bytes)) await or(once(engine, 'drain'));
    },
    async end() {
      engine.end();
      await drained;
    },
  };
}
