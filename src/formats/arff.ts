// ARFF, Weka's format: https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/. Dense rows and sparse ones.

import { type Cell, splitCells, splitSparse } from './arff-cells.js';
import { type Attribute, readHeader } from './arff-header.js';
import { type BadRows, Blocks, rowsOfCells } from './blocks.js';
import type { Format } from './format.js';
import { readLines, type TextKind, textKind } from './lines.js';
import { checkNames } from './names.js';
import { cellTable } from './opened.js';
import type { Bytes } from './source.js';
import type { Block, CellTable, OpenOptions, RawCell } from './table.js';
import { count, shown, thereAre } from './text.js';

interface Wrong {
  readonly message: string;
  readonly column?: string;
}

/** What a cell stands for. */
function meaning({ text, quoted }: Cell, { name, type, categories }: Attribute): RawCell | Wrong {
  if (text === '?' && !quoted) return null;
  if (type === 'number') {
    const number = text === '' ? NaN : Number(text);
    return Number.isNaN(number) && !/^nan$/i.test(text)
      ? { message: `${shown(text)} is no number`, column: name }
      : number;
  }
  if (categories && !categories.has(text)) {
    return { message: `${shown(text)} is none of its values, which are declared`, column: name };
  }
  return text;
}

const isWrong = (value: RawCell | Wrong): value is Wrong =>
  typeof value === 'object' && value !== null && 'message' in value;

/** The cells of a line: of a sparse one those that are not said are 0, or the first value. */
function rowOf(line: string, attributes: readonly Attribute[]): RawCell[] | Wrong {
  const sparse = line.startsWith('{');
  const cells = sparse ? splitSparse(line, attributes.length) : splitCells(line);
  if (typeof cells === 'string') return { message: cells };
  if (cells.length !== attributes.length) {
    return { message: `${count(cells.length, 'cell')}, where ${thereAre(attributes.length, 'attribute')}` };
  }
  const row: RawCell[] = [];
  for (const [i, attribute] of attributes.entries()) {
    const cell = cells[i];
    const value = cell === undefined ? attribute.zero : meaning(cell, attribute);
    if (isWrong(value)) return value;
    row.push(value);
  }
  return row;
}

async function* readBlocks(
  source: Bytes,
  kind: TextKind,
  { attributes, data }: { attributes: readonly Attribute[]; data: number },
  bad: BadRows,
  options: OpenOptions,
): AsyncGenerator<Block> {
  const blocks = new Blocks(attributes.length, rowsOfCells(attributes.length, options));
  for await (const { lines, first } of readLines(source, kind, options.signal)) {
    for (let i = Math.max(0, data + 1 - first); i < lines.length; i++) {
      const line = lines[i].trim();
      if (line === '' || line.startsWith('%')) continue;
      const row = rowOf(line, attributes);
      if (Array.isArray(row)) blocks.add(row, first + i);
      else bad.add(first + i, row.message, row.column);
    }
    for (const block of blocks.ready()) {
      yield block;
      options.signal?.throwIfAborted();
    }
  }
  yield* blocks.rest();
}

async function open(source: Bytes, options: OpenOptions): Promise<CellTable> {
  const kind = await textKind(source, options.encoding, options.signal);
  const header = await readHeader(source, kind, options.signal);
  const columns = header.attributes.map(({ name, type, categories }) => ({
    name,
    type,
    categories: categories && [...categories],
  }));
  checkNames(
    columns.map(({ name }) => name),
    source.file,
  );
  return cellTable(source, options, { format: 'arff', named: true, columns }, (bad) =>
    readBlocks(source, kind, header, bad, options),
  );
}

export const arff: Format = {
  name: 'arff',
  what: "Weka's format",
  extensions: ['arff'],
  sniff: (head) =>
    /^(?:\s|%.*\n)*@relation\b/i.test(Buffer.from(head.subarray(head[0] === 0xef ? 3 : 0)).toString('latin1')),
  options: ['encoding', 'skipBadRows'],
  open,
};
