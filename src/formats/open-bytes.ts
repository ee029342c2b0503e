// Sources as bytes: what they are, whether gzip is to be undone, and their beginnings.

import { gunzip, isGzip } from './gzip.js';
import { head } from './head.js';
import { diskBytes, memoryBytes, pipeBytes } from './places.js';
import type { Bytes, DataSource } from './source.js';

const isBlob = (source: object): source is Blob => typeof (source as Blob).arrayBuffer === 'function';

async function place(source: DataSource): Promise<Bytes> {
  if (source === '-') return pipeBytes();
  if (typeof source === 'string' || Object.prototype.toString.call(source) === '[object URL]') {
    return diskBytes(source as string | URL);
  }
  return memoryBytes(source as Uint8Array | Blob, isBlob(source as object));
}

/**
 * What can be read of a source, whatever it is.
 * @throws {DataError} if it is not there, no file, or may not be read
 */
export async function openBytes(source: DataSource, signal?: AbortSignal): Promise<Bytes> {
  const bytes = await place(source);
  if (!isGzip(await head(bytes, 2, signal))) return bytes;
  return {
    file: bytes.file,
    size: bytes.size,
    get read() {
      return bytes.read;
    },
    stream: (signal) => gunzip(bytes, signal),
  };
}
