// Which rows a candidate learns from, which end its training, and which judge it.

import { ValueError } from '../../index.js';
import { KFold, StratifiedKFold } from '../../model/index.js';
import { HeldOut } from '../held-out.js';

export interface Fold {
  readonly train: readonly number[];
  /** Whose loss says when training ends: none of those that judge it. */
  readonly stop: readonly number[];
  readonly test: readonly number[];
}

export interface FoldOptions {
  /** Folds; 1: one part of the rows is held out. */
  readonly cv: number;
  /** Of the rows that are not judged by, the part whose loss says when training ends. */
  readonly validation: number;
  readonly seed: number;
}

/** What is held out where there are no folds. */
const TEST = 0.2;

/** Of each class alike. @returns the rest, and what is held out */
function divide(rows: readonly number[], y: ArrayLike<number>, classes: boolean, part: number, seed: number) {
  const split = new HeldOut(part, seed);
  const held = rows.map((row) => split.next(classes ? y[row] : 0));
  return { rest: rows.filter((_, i) => !held[i]), held: rows.filter((_, i) => held[i]) };
}

function tested(y: ArrayLike<number>, classes: boolean, { cv, seed }: FoldOptions) {
  const all = Array.from({ length: y.length }, (_, i) => i);
  if (cv === 1) {
    const { rest, held } = divide(all, y, classes, TEST, seed);
    return [{ train: rest, test: held }];
  }
  const options = { nSplits: cv, shuffle: true, randomState: seed };
  const codes = Array.from(y);
  const folds = classes ? new StratifiedKFold(options).split(codes, codes) : new KFold(options).split(codes);
  return [...folds].map(({ train, test }) => ({ train: Array.from(train), test: Array.from(test) }));
}

/**
 * The same for the same seed.
 *
 * @param y classes' numbers, or numbers
 * @throws {ValueError} naming "cv" if there are too few rows
 */
export function foldsOf(y: ArrayLike<number>, classes: boolean, options: FoldOptions): Fold[] {
  const { cv, validation, seed } = options;
  const few = (why: string) => new ValueError(`"cv" is ${cv}, too many for ${y.length} rows: ${why}`);
  if (cv > y.length) throw few('there are fewer rows than folds');
  if (classes && cv > 1) {
    const counts = new Map<number, number>();
    for (let i = 0; i < y.length; i++) counts.set(y[i], (counts.get(y[i]) ?? 0) + 1);
    if (Math.max(...counts.values()) < cv) throw few('no class has a row for each fold');
  }
  return tested(y, classes, options).map(({ train, test }) => {
    const { rest, held } = divide(train, y, classes, validation, seed);
    if (rest.length === 0 || test.length === 0) throw few('no row is left to learn from, or to judge by');
    return { train: rest, stop: held, test };
  });
}
