// NumPy's NPY: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
//
// npyjs has no part in it: it takes a whole file at once, refuses numbers of the other byte order, and leaves the order of columns
// and the length of the data unlooked at.

import { DataError } from './errors.js';
import type { Format } from './format.js';
import { head } from './head.js';
import { namesOf } from './names.js';
import { cellTable } from './opened.js';
import { columnMajor, type Layout, rowMajor, STORED } from './rows.js';
import type { Bytes } from './source.js';
import { ranges } from './spool.js';
import type { CellTable, OpenOptions } from './table.js';
import { shown } from './text.js';

const MAGIC = '\x93NUMPY';
/** Of the header: NumPy's own limit is 10,000 characters. */
const LONGEST = 1 << 16;

const begins = (head: Uint8Array) => Buffer.from(head.subarray(0, 6)).toString('latin1') === MAGIC;

/** The dictionary in the header, and where the data begin. */
function dictionary(bytes: Uint8Array, file: string): { text: string; from: number } {
  if (!begins(bytes)) throw new DataError('this is no NPY file: it does not begin as one', { file });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const wide = bytes[6] > 1;
  const start = wide ? 12 : 10;
  const length = bytes.length < start ? Infinity : wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (length > LONGEST - start || bytes.length < start + length)
    throw new DataError('its header is cut off: copy or download it anew', { file });
  return { text: Buffer.from(bytes.subarray(start, start + length)).toString('latin1'), from: start + length };
}

function storedOf(text: string, file: string) {
  const descr = /'descr'\s*:\s*'([<>|=])?([a-zA-Z]\d+)'/.exec(text);
  const found = descr && Object.hasOwn(STORED, descr[2]) ? STORED[descr[2]] : undefined;
  if (descr && found) return { ...found, little: descr[1] !== '>' };
  const what = /'descr'\s*:\s*(\[.*?\]|'[^']*')/.exec(text)?.[1] ?? 'nothing';
  throw new DataError(
    `its numbers are stored as ${shown(what)}: save them as one of ${Object.keys(STORED).join(', ')}`,
    { file },
  );
}

/** @returns rows and columns; axes after the first are columns, in the order of C */
function shapeOf(text: string, fortran: boolean, file: string): { rows: number; cols: number } {
  const sizes = /'shape'\s*:\s*\(([^)]*)\)/
    .exec(text)?.[1]
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)
    .map(Number);
  if (!sizes?.every((size) => Number.isSafeInteger(size) && size >= 0))
    throw new DataError('its header is damaged: it has no shape', { file });
  if (sizes.length === 0)
    throw new DataError('it holds one number, and no rows: save an array of one axis or more', { file });
  if (fortran && sizes.length > 2) {
    throw new DataError(`it has ${sizes.length} axes in the order of Fortran: save numpy.ascontiguousarray of it`, {
      file,
    });
  }
  const [rows, ...others] = sizes;
  const cols = others.reduce((product, size) => product * size, 1);
  if (cols === 0) throw new DataError('its rows have no columns', { file });
  return { rows, cols };
}

/** @param source begins with the magic of NPY */
export async function openNpy(source: Bytes, options: OpenOptions, format = 'npy'): Promise<CellTable> {
  const { file } = source;
  const { text, from } = dictionary(await head(source, LONGEST, options.signal), file);
  const fortran = /'fortran_order'\s*:\s*True/.test(text);
  const stored = storedOf(text, file);
  const { rows, cols } = shapeOf(text, fortran, file);
  const names = namesOf(cols, file);
  const layout: Layout = { from, rows, cols, names, stored };
  const type: 'boolean' | 'number' = stored.get === STORED.b1.get ? 'boolean' : 'number';
  const about = { format, named: false, rows, columns: names.map((name) => ({ name, type })) };
  return cellTable(source, options, about, () =>
    fortran && cols > 1 ? byColumn(source, layout, options) : rowMajor(source, layout, options),
  );
}

async function* byColumn(source: Bytes, layout: Layout, options: OpenOptions) {
  yield* columnMajor(await ranges(source, options.signal), source.file, layout, options);
}

export const npy: Format = {
  name: 'npy',
  what: "NumPy's array",
  extensions: ['npy'],
  sniff: begins,
  options: [],
  open: openNpy,
};
