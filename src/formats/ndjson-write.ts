// NDJSON: an object a row.

import { DataError } from './errors.js';
import type { Encoder, Sink } from './format.js';

/** JSON has no numbers that are not finite. */
export function writeNdjson(sink: Sink, names: readonly string[], file: string): Encoder {
  const keys = names.map((name) => JSON.stringify(name));
  let row = 0;
  return {
    async write(columns) {
      const lines: string[] = [];
      for (let i = 0; i < columns[0].length; i++) {
        row++;
        const members = columns.map((cells, c) => {
          const cell = cells[i];
          if (typeof cell === 'number' && !Number.isFinite(cell)) {
            throw new DataError(`row ${row}: ${cell} is no number of JSON: write CSV or Parquet`, {
              file,
              column: names[c],
            });
          }
          return `${keys[c]}:${JSON.stringify(cell)}`;
        });
        lines.push(`{${members.join(',')}}\n`);
      }
      await sink(Buffer.from(lines.join('')));
    },
    async end() {},
  };
}
