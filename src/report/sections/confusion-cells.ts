// A confusion matrix in numbers: which of it is drawn, and what its cells are.

import type { Evaluation } from '../../tables/index.js';
import { LIMITS } from '../limits.js';
import { countText } from '../numbers.js';

export type Confusion = NonNullable<Evaluation['confusion']>;

export interface Cell {
  readonly actual: number;
  readonly predicted: number;
  readonly count: number;
  /** Of the rows of its class. */
  readonly share: number;
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + (each || 0), 0);

/** The most frequent classes, and all others as one. */
export function bounded({ classes, counts }: Confusion): Confusion & { left: number } {
  if (classes.length <= LIMITS.classes) return { classes, counts, left: 0 };
  const support = counts.map(sum);
  const byRows = classes.map((_, i) => i).sort((a, b) => support[b] - support[a] || a - b);
  const kept = byRows.slice(0, LIMITS.classes - 1).sort((a, b) => a - b);
  const others = byRows.slice(LIMITS.classes - 1);
  const groups = [...kept.map((i) => [i]), others];
  return {
    classes: [...kept.map((i) => classes[i]), `${countText(others.length)} others`],
    counts: groups.map((rows) => groups.map((columns) => sum(rows.flatMap((i) => columns.map((j) => counts[i][j]))))),
    left: others.length,
  };
}

export function cellsOf({ counts }: Pick<Confusion, 'counts'>): Cell[] {
  return counts.flatMap((row, actual) => {
    const rows = sum(row);
    return row.map((count, predicted) => ({ actual, predicted, count, share: rows > 0 ? count / rows : 0 }));
  });
}
