// The column that is to be predicted: classes or numbers.

import { DataError } from '../formats/errors.js';
import type { RawCell } from '../formats/table.js';
import { toBoolean, toNumber } from './cells.js';
import { type ColumnScan, MOST_CATEGORIES } from './column-scan.js';
import type { TargetSchema } from './schema.js';

/** So many different integers are taken for classes. */
const MOST_INTEGERS = 20;

type Label = string | number | boolean;

/** Labels as they are told apart: integers are numbers, true and false are flags, everything else is a text. */
function labelKind(scan: ColumnScan): (text: string) => Label {
  if (scan.boolean) return (text) => toBoolean(text) === true;
  return scan.number && scan.integer ? Number : (text) => text;
}

/** @throws {DataError} if it is constant, or neither */
export function targetSchema(
  scan: ColumnScan,
  { task }: { task: 'auto' | 'classify' | 'regress' },
  file: string,
): TargetSchema {
  const { name, counts, number, integer } = scan;
  const at = { file, column: name };
  if (scan.rows === scan.gaps) throw new DataError('it is the target, and empty', at);
  const classes =
    task === 'classify' ||
    (task === 'auto' && (!number || (integer && counts !== undefined && counts.size <= MOST_INTEGERS)));
  if (!classes) {
    if (!number) throw new DataError('it is the target, and holds texts: numbers are needed to --task regress', at);
    const [min, max] = [scan.range.dataMin[0], scan.range.dataMax[0]];
    if (min === max) throw new DataError(`it is the target, and ${min} in every row`, at);
    return { name, kind: 'number', min, max, mean: scan.mean, std: scan.std };
  }
  if (!counts) {
    throw new DataError(
      `it is the target, and has more than ${MOST_CATEGORIES} classes${number ? ': --task regress takes it for numbers' : ''}`,
      at,
    );
  }
  if (counts.size < 2) throw new DataError(`it is the target, and ${[...counts.keys()][0]} in every row`, at);
  const label = labelKind(scan);
  const found = new Map<Label, number>();
  for (const [text, count] of counts) found.set(label(text), (found.get(label(text)) ?? 0) + count);
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  if (sorted.length < 2) throw new DataError(`it is the target, and ${sorted[0][0]} in every row`, at);
  return { name, kind: 'category', classes: sorted.map(([each]) => each), counts: sorted.map(([, count]) => count) };
}

/** Reads targets: a class's number, or a number; undefined of anything else. */
export function targetReader(target: TargetSchema): (cell: RawCell) => number | undefined {
  const { classes } = target;
  if (!classes) return toNumber;
  const numbers = new Map(classes.map((each, i) => [each, i]));
  const kind = typeof classes[0];
  return (cell) => {
    if (kind === 'number') return numbers.get(toNumber(cell) as number);
    if (kind === 'boolean') return numbers.get(toBoolean(cell) as boolean);
    return numbers.get(typeof cell === 'string' ? cell.trim() : String(cell));
  };
}
