// Two files side by side: one has the rows, the other what is to be learnt of them, as MNIST's images and labels.

import { DataError } from '../formats/errors.js';
import type { Block, CellTable, RawCell } from '../formats/table.js';

/** One column, as many cells at a time as are asked for. */
class Cells {
  readonly #blocks: AsyncIterator<Block>;
  #column: ArrayLike<RawCell> = [];
  #at = 0;

  constructor(table: CellTable) {
    this.#blocks = table.blocks()[Symbol.asyncIterator]();
  }

  /** Up to so many: fewer at the end. */
  async take(count: number): Promise<RawCell[]> {
    const cells: RawCell[] = [];
    while (cells.length < count) {
      if (this.#at === this.#column.length) {
        const { done, value } = await this.#blocks.next();
        if (done) break;
        [this.#column, this.#at] = [value.columns[0], 0];
        continue;
      }
      cells.push(this.#column[this.#at++]);
    }
    return cells;
  }

  async end(): Promise<void> {
    await this.#blocks.return?.();
  }
}

/**
 * The columns of the one, and the only column of the other, which is named `target`, behind them.
 *
 * @throws {DataError} if the other has several columns, or another number of rows
 */
export function beside(table: CellTable, other: CellTable): CellTable {
  if (other.columns.length !== 1) {
    throw new DataError(`one column is needed as the target, it has ${other.columns.length}`, { file: other.file });
  }
  let name = 'target';
  while (table.columns.some((column) => column.name === name)) name = `${name}_`;
  async function* blocks(): AsyncGenerator<Block> {
    const cells = new Cells(other);
    try {
      let rows = 0;
      for await (const block of table.blocks()) {
        const column = await cells.take(block.rows);
        rows += column.length;
        if (column.length < block.rows) {
          throw new DataError(`it has ${rows} rows, ${table.file} has more`, { file: other.file });
        }
        yield { ...block, columns: [...block.columns, column] };
      }
      if ((await cells.take(1)).length > 0) {
        throw new DataError(`it has more rows than ${table.file}, which has ${rows}`, { file: other.file });
      }
    } finally {
      await cells.end();
    }
  }
  return {
    kind: 'cells',
    format: table.format,
    file: table.file,
    rows: table.rows,
    named: table.named,
    columns: [...table.columns, { ...other.columns[0], name }],
    get progress() {
      return table.progress;
    },
    get skipped() {
      return [...table.skipped, ...other.skipped];
    },
    blocks,
  };
}
