// libsvm's format, as scikit-learn's load_svmlight_file reads it: `label index:value ... # comment`. Whether indices count from 0 or
// from 1 is found out as there (zero_based='auto'): from 1 if no 0 occurs in the file. `qid:n` groups rows for ranking, which no
// model here does: it is passed over, as there.

import { SparseMatrix } from '../model/index.js';
import { type BadRows, rowsOfNumbers } from './blocks.js';
import { DataError } from './errors.js';
import type { Format } from './format.js';
import { parse, type Row } from './libsvm-rows.js';
import { readLines, type TextKind, textKind } from './lines.js';
import { badRowsOf } from './opened.js';
import type { Bytes } from './source.js';
import type { OpenOptions, SparseBlock, SparseTable } from './table.js';

/** The file once over. */
interface Survey {
  readonly rows: number;
  readonly least: number;
  readonly greatest: number;
}

async function* readRows(source: Bytes, kind: TextKind, signal?: AbortSignal) {
  for await (const { lines, first } of readLines(source, kind, signal)) {
    for (let i = 0; i < lines.length; i++) {
      const row = parse(lines[i]);
      if (row !== undefined) yield { row, line: first + i };
    }
  }
}

async function survey(source: Bytes, kind: TextKind, bad: BadRows, signal?: AbortSignal): Promise<Survey> {
  let [rows, least, greatest] = [0, Infinity, -1];
  for await (const { row, line } of readRows(source, kind, signal)) {
    if (typeof row === 'string') {
      bad.add(line, row);
      continue;
    }
    rows++;
    if (row.indices.length === 0) continue;
    least = Math.min(least, row.indices[0]);
    greatest = Math.max(greatest, row.indices[row.indices.length - 1]);
  }
  return { rows, least, greatest };
}

class SparseRows {
  private indptr = [0];
  private indices: number[] = [];
  private data: number[] = [];
  private y: number[] = [];
  private lines: number[] = [];
  private first = 0;

  constructor(private readonly cols: number) {}

  get rows(): number {
    return this.y.length;
  }

  get stored(): number {
    return this.data.length;
  }

  add({ label, indices, values }: Row, base: number, line: number): void {
    for (const [i, index] of indices.entries()) {
      this.indices.push(index - base);
      this.data.push(values[i]);
    }
    this.indptr.push(this.indices.length);
    this.y.push(label);
    this.lines.push(line);
  }

  take(): SparseBlock {
    const { rows, cols, first, indptr, indices, data, y, lines } = this;
    const X = new SparseMatrix({ rows, cols, indptr, indices, data });
    const block = { rows, first, X, y: Float64Array.from(y), lines };
    this.first += rows;
    this.indptr = [0];
    this.indices = [];
    this.data = [];
    this.y = [];
    this.lines = [];
    return block;
  }
}

/** Numbers of a block. */
const MOST_STORED = 1 << 20;

async function* readBlocks(
  source: Bytes,
  kind: TextKind,
  base: number,
  cols: number,
  bad: BadRows,
  options: OpenOptions,
): AsyncGenerator<SparseBlock> {
  const rows = new SparseRows(cols);
  const most = rowsOfNumbers(1, options);
  for await (const { row, line } of readRows(source, kind, options.signal)) {
    if (typeof row === 'string') {
      bad.add(line, row);
      continue;
    }
    const last = row.indices.length === 0 ? -1 : row.indices[row.indices.length - 1] - base;
    if (last >= cols) {
      const advice = 'it needs as many as the model has';
      bad.add(line, `index ${last + base} lies outside of the ${cols} columns: ${advice}`);
      continue;
    }
    rows.add(row, base, line);
    if (rows.rows < most && rows.stored < MOST_STORED) continue;
    yield rows.take();
    options.signal?.throwIfAborted();
  }
  if (rows.rows > 0) yield rows.take();
}

async function open(source: Bytes, options: OpenOptions): Promise<SparseTable> {
  const { file } = source;
  const kind = await textKind(source, options.encoding, options.signal);
  const passes = badRowsOf(source, options);
  const { rows, least, greatest } = await survey(source, kind, passes.last, options.signal);
  if (rows === 0 && passes.last.list.length === 0)
    throw new DataError('the file is empty: rows were expected', { file });
  const base = least > 0 && greatest >= 0 ? 1 : 0;
  const cols = options.features ?? Math.max(1, greatest - base + 1);
  return {
    kind: 'sparse',
    format: 'libsvm',
    file,
    cols,
    // With `features` further rows may be none.
    rows: greatest - base < cols ? rows : undefined,
    get progress() {
      return { read: source.read, total: source.size };
    },
    get skipped() {
      return passes.last.list;
    },
    blocks: () => readBlocks(source, kind, base, cols, passes.begin(), options),
  };
}

const LINE = /^\s*[+-]?[\d.]+(e[+-]?\d+)?(\s+(qid:\d+|\d+:[^\s:]+))+\s*(#.*)?\r?$/i;

export const libsvm: Format = {
  name: 'libsvm',
  what: 'label index:value ..., for rows of zeros',
  extensions: ['libsvm', 'svmlight', 'svm'],
  sniff(head) {
    const [line] = Buffer.from(head)
      .toString('latin1')
      .split('\n')
      .filter((each) => !/^\s*(#|$)/.test(each));
    return line !== undefined && LINE.test(line);
  },
  options: ['encoding', 'features', 'skipBadRows'],
  open,
};
