// Cells of ARFF: between commas, in quotes of either kind, with backslashes.

export interface Cell {
  readonly text: string;
  /** A '?' in quotes is no gap. */
  readonly quoted: boolean;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

export const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, each) => ESCAPES[each] ?? each);

/** A cell, blanks around it, and the comma after it. */
const CELL = /\s*(?:'((?:[^'\\]|\\.)*)'\s*|"((?:[^"\\]|\\.)*)"\s*|([^\s,'"%{}][^,'"%{}]*)?)(,|$|%.*$)/y;

/** @returns cells, or what is wrong */
export function splitCells(line: string): Cell[] | string {
  if (!/['"%{}\\]/.test(line)) return line.split(',').map((text) => ({ text: text.trim(), quoted: false }));
  const cells: Cell[] = [];
  CELL.lastIndex = 0;
  for (;;) {
    const match = CELL.exec(line);
    if (!match) return 'a quote that is never closed, or something beside a quoted cell: put the whole cell in quotes';
    const quoted = match[1] ?? match[2];
    cells.push(
      quoted === undefined
        ? { text: (match[3] ?? '').trim(), quoted: false }
        : { text: unescaped(quoted), quoted: true },
    );
    if (match[4] !== ',') return cells;
  }
}

/** `{1 X, 3 Y}`: undefined stands for what is not said. */
export function splitSparse(line: string, cols: number): (Cell | undefined)[] | string {
  const inner = /^\{(.*)\}\s*(%.*)?$/s.exec(line)?.[1];
  if (inner === undefined) return 'a sparse row must be {index value, index value, ...}, without a weight';
  const row: (Cell | undefined)[] = new Array(cols).fill(undefined);
  if (inner.trim() === '') return row;
  let last = -1;
  const parts = inner.match(/(?:[^,'"\\]|\\.|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")+/g) ?? [];
  for (const part of parts) {
    const match = /^\s*(\d+)\s+(.*)$/s.exec(part);
    const cells = match ? splitCells(match[2]) : undefined;
    if (!Array.isArray(cells)) return 'a sparse row must be {index value, index value, ...}, without a weight';
    const index = Number(match?.[1]);
    if (index <= last || index >= cols) return `index ${index}: indices must ascend, from 0 to ${cols - 1}`;
    [row[index]] = cells;
    last = index;
  }
  return row;
}
