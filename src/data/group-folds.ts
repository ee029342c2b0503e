// Folds that keep the rows of a group together. Source: scikit-learn 1.2.1, sklearn/model_selection/_split.py.

import { ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkInteger } from '../checks/values.js';
import { countRows } from '../matrix/copies.js';
import { checkSameRows } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { range } from '../numbers/range.js';
import { type FoldOptions, Folds, foldsInTurn } from './folds.js';
import { codesOf, type Label, readLabels } from './labels.js';
import { type Coded, generatorOf, type Indices } from './splits.js';

function readGroups(X: unknown, groups: unknown): Coded {
  if (groups === undefined)
    throw new ValueError('"groups" is missing: one label a row, equal for rows that belong together');
  const { labels, classes } = readLabels(groups, 'groups', false);
  checkSameRows('X', countRows(X, 'X'), 'groups', labels.length);
  return { codes: codesOf(labels, classes), classes };
}

function countEach({ codes, classes }: Coded): Int32Array {
  const counts = new Int32Array(classes.length);
  for (const code of codes) counts[code]++;
  return counts;
}

/**
 * Folds of about the same number of rows, no two of which share a group; scikit-learn's `GroupKFold`. Groups go one by one, the
 * largest first, to the smallest fold; of equal ones the last first.
 *
 * @param options nSplits (default 5)
 * @throws {ValueError} for an option that is none
 * @example
 * const cv = new GroupKFold({ nSplits: 2 });
 * [...cv.split([[1], [2], [3]], undefined, ['a', 'b', 'a'])].map(({ test }) => Array.from(test)); // [[0, 2], [1]]
 */
export class GroupKFold {
  /** How many folds there are. */
  readonly nSplits: number;

  constructor(options: Pick<FoldOptions, 'nSplits'> = {}) {
    const { nSplits = 5 } = readOptions(options, ['nSplits'], 'GroupKFold');
    this.nSplits = checkInteger(nSplits, 'nSplits', 2);
  }

  /**
   * The train and the test rows of each fold in turn.
   *
   * @param X a matrix, or an array with one element a row; only its number of rows counts
   * @param _y not read
   * @param groups one label a row
   * @throws {ValueError} if there are fewer groups than folds; {ShapeError} unless there are as many as X has rows
   */
  split(X: TableInput | ArrayLike<unknown>, _y: unknown, groups: ArrayLike<Label>): Generator<Indices, void> {
    const read = readGroups(X, groups);
    const counts = countEach(read);
    if (this.nSplits > counts.length) {
      throw new ValueError(`"nSplits" is ${this.nSplits}, more than the ${counts.length} groups`);
    }
    const sizes = new Float64Array(this.nSplits);
    const foldOf = new Int32Array(counts.length);
    for (const group of range(0, counts.length).sort((a, b) => counts[b] - counts[a] || b - a)) {
      const fold = sizes.indexOf(Math.min(...sizes));
      sizes[fold] += counts[group];
      foldOf[group] = fold;
    }
    return foldsInTurn(
      read.codes.map((code) => foldOf[code]),
      this.nSplits,
    );
  }
}

/** The standard deviation of numbers, over n. */
function deviation(numbers: readonly number[]): number {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  return Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / numbers.length);
}

/** numpy.isclose */
const isClose = (a: number, b: number) => Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b);

/**
 * Folds, no two of which share a group, with each class in its share as far as groups allow; scikit-learn's
 * `StratifiedGroupKFold`.
 *
 * @param options nSplits (default 5), shuffle (default false): whether to draw the order of equal groups, randomState (default 0)
 * @throws {ValueError} for an option that is none, or a randomState without shuffle
 */
export class StratifiedGroupKFold extends Folds {
  constructor(options: FoldOptions = {}) {
    super(options, 'StratifiedGroupKFold');
  }

  /**
   * The train and the test rows of each fold in turn.
   *
   * @param X a matrix, or an array with one element a row; only its number of rows counts
   * @param y one label a row
   * @param groups one label a row
   * @throws {ValueError} if every class has fewer members than there are folds, or there are fewer groups; {ShapeError} unless y
   * and groups are as long as X
   */
  split(X: TableInput | ArrayLike<unknown>, y: ArrayLike<Label>, groups: ArrayLike<Label>): Generator<Indices, void> {
    const { labels, classes } = readLabels(y, 'y');
    const kinds = { codes: codesOf(labels, classes), classes };
    checkSameRows('X', countRows(X, 'X'), 'y', labels.length);
    const members = readGroups(X, groups);
    const sizes = countEach(kinds);
    if (sizes.every((size) => size < this.nSplits)) {
      throw new ValueError(`"nSplits" is ${this.nSplits}, more than any class has members`);
    }
    if (this.nSplits > members.classes.length) {
      throw new ValueError(`"nSplits" is ${this.nSplits}, more than the ${members.classes.length} groups`);
    }
    const counts = members.classes.map(() => new Array<number>(classes.length).fill(0));
    for (let i = 0; i < labels.length; i++) counts[members.codes[i]][kinds.codes[i]]++;
    const order = Array.from(range(0, counts.length));
    if (this.shuffle) generatorOf(this.randomState).shuffle(order);
    // Where classes are told apart most, groups go first; the sort is stable.
    const spreads = counts.map(deviation);
    order.sort((a, b) => spreads[b] - spreads[a]);
    const foldOf = this.#deal(order, counts, sizes);
    return foldsInTurn(
      members.codes.map((code) => foldOf[code]),
      this.nSplits,
    );
  }

  /** The fold of each group: that which leaves the classes' shares of all folds most alike; of equal ones the smallest. */
  #deal(order: readonly number[], counts: readonly number[][], sizes: Int32Array): Int32Array {
    const folds = Array.from({ length: this.nSplits }, () => new Array<number>(sizes.length).fill(0));
    const foldOf = new Int32Array(counts.length);
    for (const group of order) {
      let best = 0;
      let least = Infinity;
      let fewest = Infinity;
      for (const [f, fold] of folds.entries()) {
        const shares = Array.from(sizes, (size, k) =>
          deviation(folds.map((each, g) => (each[k] + (g === f ? counts[group][k] : 0)) / size)),
        );
        const spread = shares.reduce((sum, x) => sum + x, 0) / shares.length;
        const rows = fold.reduce((sum, x) => sum + x, 0);
        if (!(spread < least || (isClose(spread, least) && rows < fewest))) continue;
        [best, least, fewest] = [f, spread, rows];
      }
      counts[group].forEach((count, k) => {
        folds[best][k] += count;
      });
      foldOf[group] = best;
    }
    return foldOf;
  }
}
