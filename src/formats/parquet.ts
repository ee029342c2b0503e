// Parquet. hyparquet and its decompressors are 300 KB, which are loaded when a file is one.

import type { Format } from './format.js';

export const parquet: Format = {
  name: 'parquet',
  what: 'columns, compressed',
  extensions: ['parquet', 'pq'],
  sniff: (head) => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1',
  options: [],
  open: async (source, options) => (await import('./parquet-read.js')).openParquet(source, options),
  write: async (sink, names, name) => (await import('./parquet-write.js')).writeParquet(sink, names, name),
};
