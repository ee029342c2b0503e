// IDX, the format of MNIST: http://yann.lecun.com/exdb/mnist/ has it at the end. Images are columns p0, p1, ...; labels are one column.

import { DataError } from './errors.js';
import type { Format } from './format.js';
import { head } from './head.js';
import { namesOf } from './names.js';
import { cellTable } from './opened.js';
import { type Layout, rowMajor, STORED } from './rows.js';
import type { Bytes } from './source.js';
import type { CellTable, OpenOptions } from './table.js';

/** What the third byte says. */
const TYPES: Readonly<Record<number, string>> = { 8: 'u1', 9: 'i1', 11: 'i2', 12: 'i4', 13: 'f4', 14: 'f8' };

const begins = (head: Uint8Array) => head[0] === 0 && head[1] === 0 && head[2] in TYPES && head[3] > 0 && head[3] < 9;

async function open(source: Bytes, options: OpenOptions): Promise<CellTable> {
  const { file } = source;
  const bytes = await head(source, 4 + 4 * 8, options.signal);
  if (bytes.length < 4 || !begins(bytes))
    throw new DataError('this is no IDX file: it does not begin as one', { file });
  const axes = bytes[3];
  const from = 4 + 4 * axes;
  if (bytes.length < from) throw new DataError('its header is cut off: copy or download it anew', { file });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [rows, ...others] = Array.from({ length: axes }, (_, i) => view.getUint32(4 + 4 * i));
  const cols = others.reduce((product, size) => product * size, 1);
  if (cols === 0) throw new DataError('its rows have no columns', { file });
  const names = axes === 1 ? ['label'] : namesOf(cols, file, 'p');
  const layout: Layout = { from, rows, cols, names, stored: { ...STORED[TYPES[bytes[2]]], little: false } };
  const about = {
    format: 'idx',
    named: false,
    rows,
    columns: names.map((name) => ({ name, type: 'number' as const })),
  };
  return cellTable(source, options, about, () => rowMajor(source, layout, options));
}

export const idx: Format = {
  name: 'idx',
  what: "MNIST's format: images, or labels",
  extensions: ['idx', 'idx1-ubyte', 'idx3-ubyte', 'ubyte'],
  sniff: begins,
  options: [],
  open,
};
