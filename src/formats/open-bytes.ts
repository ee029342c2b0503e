// Sources as bytes: what they are, whether gzip is to be undone, and their beginnings.

import { ValueError } from '../index.js';
import { gunzip, isGzip } from './gzip.js';
import { head } from './head.js';
import { diskBytes, memoryBytes, pipeBytes } from './places.js';
import type { Bytes, DataSource } from './source.js';
import { shown } from './text.js';

const nameOf = (source: object): string => Object.prototype.toString.call(source).slice(8, -1);

async function place(source: DataSource): Promise<Bytes> {
  if (source === '-') return pipeBytes();
  if (typeof source === 'string' && source !== '') return diskBytes(source);
  const name = nameOf(source as object);
  if (name === 'URL' && (source as URL).protocol === 'file:') return diskBytes(source as URL);
  if (name === 'Uint8Array') return memoryBytes(source as Uint8Array, false);
  if (name === 'Blob' || name === 'File') return memoryBytes(source as Blob, true);
  throw new ValueError(`"source" must be a path, a URL of a file, a Uint8Array or a Blob, got ${shown(source)}`);
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
