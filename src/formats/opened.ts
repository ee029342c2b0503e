// What every opened table has.

import { BadRows } from './blocks.js';
import type { Bytes } from './source.js';
import type { Block, CellTable, OpenOptions } from './table.js';

type About = Pick<CellTable, 'format' | 'columns' | 'named' | 'rows'>;

/** @param read a pass over the file, from its beginning */
export function cellTable(
  source: Bytes,
  options: OpenOptions,
  about: About,
  read: (bad: BadRows) => AsyncIterable<Block>,
): CellTable {
  const passes = badRowsOf(source, options);
  return {
    kind: 'cells',
    file: source.file,
    ...about,
    get progress() {
      return { read: source.read, total: source.size };
    },
    get skipped() {
      return passes.last.list;
    },
    blocks: () => read(passes.begin()),
  };
}

/** The rows that the last pass left out. */
export function badRowsOf({ file }: Bytes, { skipBadRows = 0 }: OpenOptions) {
  const passes = {
    last: new BadRows(file, skipBadRows),
    begin() {
      passes.last = new BadRows(file, skipBadRows);
      return passes.last;
    },
  };
  return passes;
}
