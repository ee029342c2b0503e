// What can be read only once, kept so that it can be read again.

import type { Bytes } from './source.js';

export function spool(file: string, stream: AsyncIterable<Uint8Array>): Bytes {
  let read = 0;
  const parts: Uint8Array[] = [];
  const from = stream[Symbol.asyncIterator]();
  return {
    file,
    size: undefined,
    get read() {
      return read;
    },
    async *stream() {
      read = 0;
      for (let i = 0; ; i++) {
        if (i === parts.length) {
          const { done, value } = await from.next();
          if (done) return;
          parts.push(value);
        }
        read += parts[i].length;
        yield parts[i];
      }
    },
  };
}
