// Cross-validation, with scikit-learn's folds for the same random state.
// Source: scikit-learn 1.2.1, sklearn/model_selection/_split.py.

import { ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkFlag, checkInteger } from '../checks/values.js';
import { countRows } from '../matrix/copies.js';
import { checkSameRows } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { range } from '../numbers/range.js';
import type { RandomState } from '../random/random.js';
import { codesOf, type Label, readLabels } from './labels.js';
import { generatorOf, type Indices } from './splits.js';

/** Options of {@link KFold}, and of its relatives by class and group. */
export interface FoldOptions {
  /** 2 or more. Default: 5. */
  nSplits?: number;
  /** Whether to draw which rows stand together. Default: false. */
  shuffle?: boolean;
  /** For shuffle only: a seed as in NumPy, or a generator, which moves on at each split(). Default: 0. */
  randomState?: number | RandomState;
}

export abstract class Folds {
  readonly nSplits: number;
  readonly shuffle: boolean;
  readonly randomState: number | RandomState;

  constructor(options: FoldOptions, where: string) {
    const known = readOptions(options, ['nSplits', 'shuffle', 'randomState'], where);
    const { nSplits = 5, shuffle = false, randomState } = known;
    checkInteger(nSplits, 'nSplits', 2);
    checkFlag(shuffle, 'shuffle');
    if (!shuffle && randomState !== undefined) {
      throw new ValueError('"randomState" has no effect without "shuffle": true');
    }
    generatorOf(randomState);
    this.nSplits = nSplits;
    this.shuffle = shuffle;
    this.randomState = randomState ?? 0;
  }

  protected checkRows(n: number): void {
    if (this.nSplits > n) throw new ValueError(`"nSplits" is ${this.nSplits}, more than the ${n} rows`);
  }
}

/** Each fold in turn is the test set; both parts are in ascending order. @param folds of each row @internal */
export function* foldsInTurn(folds: Int32Array, count: number): Generator<Indices, void> {
  const rows = range(0, folds.length);
  for (let k = 0; k < count; k++) {
    yield { train: rows.filter((i) => folds[i] !== k), test: rows.filter((i) => folds[i] === k) };
  }
}

/**
 * Folds of consecutive rows, or of rows drawn at random, whose sizes differ by one at most; scikit-learn's `KFold`.
 *
 * @param options nSplits (default 5), shuffle (default false), randomState (default 0)
 * @throws {ValueError} for an option that is none, or a randomState without shuffle
 * @example
 * [...new KFold({ nSplits: 2 }).split([[1], [2], [3]])].map(({ test }) => Array.from(test)); // [[0, 1], [2]]
 */
export class KFold extends Folds {
  constructor(options: FoldOptions = {}) {
    super(options, 'KFold');
  }

  /**
   * The train and the test rows of each fold in turn.
   *
   * @param X a matrix, or an array with one element a row; only its number of rows counts
   * @param y not read; if given, as long as X
   * @throws {ValueError} if there are fewer rows than folds; {ShapeError} if y is not as long as X
   */
  split(X: TableInput | ArrayLike<unknown>, y?: TableInput | ArrayLike<unknown>): Generator<Indices, void> {
    const n = countRows(X, 'X');
    if (y !== undefined) checkSameRows('X', n, 'y', countRows(y, 'y'));
    this.checkRows(n);
    const order = range(0, n);
    if (this.shuffle) generatorOf(this.randomState).shuffle(order);
    const folds = new Int32Array(n);
    const larger = n % this.nSplits;
    const size = Math.floor(n / this.nSplits);
    for (let k = 0, at = 0; k < this.nSplits; k++) {
      for (const end = at + size + (k < larger ? 1 : 0); at < end; at++) folds[order[at]] = k;
    }
    return foldsInTurn(folds, this.nSplits);
  }
}

/**
 * Folds in each of which every class has its share; scikit-learn's `StratifiedKFold`. A class with fewer members than folds
 * is missing from some of them, of which scikit-learn warns.
 *
 * @param options nSplits (default 5), shuffle (default false), randomState (default 0)
 * @throws {ValueError} for an option that is none, or a randomState without shuffle
 */
export class StratifiedKFold extends Folds {
  constructor(options: FoldOptions = {}) {
    super(options, 'StratifiedKFold');
  }

  /**
   * The train and the test rows of each fold in turn.
   *
   * @param X a matrix, or an array with one element a row; only its number of rows counts
   * @param y one label a row
   * @throws {ValueError} if there are fewer rows than folds, or fewer members of every class; {ShapeError} if y is not as
   *   long as X
   */
  split(X: TableInput | ArrayLike<unknown>, y: ArrayLike<Label>): Generator<Indices, void> {
    const { labels } = readLabels(y, 'y');
    const n = labels.length;
    checkSameRows('X', countRows(X, 'X'), 'y', n);
    this.checkRows(n);
    // Classes in order of appearance, which is the order in which folds are drawn for them.
    const classes = [...new Set(Array.from(labels))];
    const codes = codesOf(labels, classes);
    const counts = new Int32Array(classes.length);
    for (const code of codes) counts[code]++;
    if (counts.every((count) => count < this.nSplits)) {
      throw new ValueError(`"nSplits" is ${this.nSplits}, more than any class has members`);
    }
    const rng = generatorOf(this.randomState);
    const next = new Int32Array(counts.length);
    let start = 0;
    const drawn = Array.from(counts, (count) => {
      // Rows sorted by class are dealt to the folds in turn; a class's folds are then put in order.
      const folds = Int32Array.from({ length: count }, (_, i) => (start + i) % this.nSplits).sort();
      start += count;
      return this.shuffle ? rng.shuffle(folds) : folds;
    });
    return foldsInTurn(
      codes.map((code) => drawn[code][next[code]++]),
      this.nSplits,
    );
  }
}
