// NumPy's NPZ: a zip of NPYs, of which one is the table.

import { Unzip, UnzipInflate } from 'fflate';
import { DataError } from './errors.js';
import type { Format } from './format.js';
import { openNpy } from './npy.js';
import type { Bytes } from './source.js';
import type { CellTable, OpenOptions } from './table.js';
import { shown } from './text.js';

/** Bytes that are given to fflate at once: what it makes of them is there at once, too. */
const PIECE = 1 << 16;

const damaged = (file: string, cause: unknown) =>
  new DataError('the zip is damaged: copy or download it anew', { file }, { cause });

/** Of the file that is wanted; others are left as they are. */
const decoderOf = (wanted: string | undefined) =>
  class {
    static compression = 8;
    private readonly inflate = new UnzipInflate();
    ondata: UnzipInflate['ondata'] = () => {};

    constructor(private readonly name: string) {}

    push(data: Uint8Array, final: boolean): void {
      if (this.name !== wanted) return;
      this.inflate.ondata = this.ondata;
      this.inflate.push(data, final);
    }
  };

/** The bytes of one file in a zip; names of those that come before it are put down. */
async function* unzipped(source: Bytes, wanted: string | undefined, names: string[], signal?: AbortSignal) {
  const out: Uint8Array[] = [];
  let ended = false;
  const unzip = new Unzip((file) => {
    names.push(file.name);
    file.ondata = (error, data, final) => {
      if (error) throw error;
      if (file.name !== wanted) return;
      out.push(data);
      ended ||= final;
    };
    // fflate keeps the bytes of files that are not started.
    file.start();
  });
  unzip.register(decoderOf(wanted));
  for await (const chunk of source.stream(signal)) {
    for (let at = 0; at < chunk.length; at += PIECE) {
      try {
        unzip.push(chunk.subarray(at, at + PIECE));
      } catch (cause) {
        throw damaged(source.file, cause);
      }
      yield* out.splice(0);
      if (ended) return;
    }
  }
  if (wanted !== undefined) throw damaged(source.file, undefined);
}

async function open(source: Bytes, options: OpenOptions): Promise<CellTable> {
  const { file } = source;
  const found: string[] = [];
  for await (const _ of unzipped(source, undefined, found, options.signal));
  const names = found.filter((name) => name.endsWith('.npy')).map((name) => name.slice(0, -4));
  if (names.length === 0) throw new DataError('there is no array (.npy) in it', { file });
  const { array = names.length === 1 ? names[0] : undefined } = options;
  const known = `it has ${names.map((name) => shown(name)).join(', ')}`;
  if (array === undefined) throw new DataError(`say which array: ${known}`, { file });
  if (!names.includes(array)) throw new DataError(`there is no array ${shown(array)}: ${known}`, { file });
  const inside: Bytes = {
    file,
    size: source.size,
    get read() {
      return source.read;
    },
    stream: (signal) => unzipped(source, `${array}.npy`, [], signal),
  };
  return openNpy(inside, options, 'npz');
}

export const npz: Format = {
  name: 'npz',
  what: "a zip of NumPy's arrays",
  extensions: ['npz'],
  sniff: (head) => head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4,
  options: ['array'],
  open,
};
