// CSV as RFC 4180 has it, but for line ends of one character.

import type { Encoder, Sink } from './format.js';
import type { RawCell } from './table.js';

const textOf = (cell: RawCell): string =>
  cell === null ? '' : typeof cell === 'object' ? cell.toISOString() : String(cell);

/** A table of one column has its gaps in quotes: an empty line is no row. */
function quoted(text: string, delimiter: string, alone: boolean): string {
  if (text === '') return alone ? '""' : '';
  if (!text.includes(delimiter) && !/["\r\n]/.test(text)) return text;
  return `"${text.replaceAll('"', '""')}"`;
}

export function writeCsv(sink: Sink, names: readonly string[], name: string): Encoder {
  const delimiter = /\.(tsv|tab)(\.gz)?$/i.test(name) ? '\t' : ',';
  const alone = names.length === 1;
  const line = (cells: readonly string[]) => `${cells.map((text) => quoted(text, delimiter, alone)).join(delimiter)}\n`;
  let head = line(names);
  return {
    async write(columns) {
      const lines = [head];
      head = '';
      for (let i = 0; i < columns[0].length; i++) lines.push(line(columns.map((cells) => textOf(cells[i]))));
      await sink(Buffer.from(lines.join('')));
    },
    async end() {
      if (head !== '') await sink(Buffer.from(head));
    },
  };
}
