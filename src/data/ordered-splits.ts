// Splits that draw nothing, and folds over again. Source: scikit-learn 1.2.1, sklearn/model_selection/_split.py.

import { ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkInteger } from '../checks/values.js';
import { countRows } from '../matrix/copies.js';
import type { TableInput } from '../matrix/table.js';
import { range } from '../numbers/range.js';
import type { RandomState } from '../random/random.js';
import { KFold, StratifiedKFold } from './folds.js';
import type { Label } from './labels.js';
import { generatorOf, type Indices } from './splits.js';

type AnyRows = TableInput | ArrayLike<unknown>;

/** Options of {@link TimeSeriesSplit}. */
export interface TimeSeriesSplitOptions {
  /** 2 or more. Default: 5. */
  nSplits?: number;
  /** The most rows to train on, those just before the test rows. Default: all before. */
  maxTrainSize?: number;
  /** Rows to test on. Default: all rows / (nSplits + 1), rounded down. */
  testSize?: number;
  /** Rows left out between both. Default: 0. */
  gap?: number;
}

/**
 * Rows in the order of time: each split tests on rows after all that it trains on; scikit-learn's `TimeSeriesSplit`.
 *
 * @param options nSplits (default 5), maxTrainSize, testSize, gap (default 0)
 * @throws {ValueError} for an option that is none
 * @example
 * [...new TimeSeriesSplit({ nSplits: 2 }).split([10, 20, 30])].map(({ test }) => Array.from(test)); // [[1], [2]]
 */
export class TimeSeriesSplit {
  readonly nSplits: number;
  readonly maxTrainSize: number | undefined;
  readonly testSize: number | undefined;
  readonly gap: number;

  constructor(options: TimeSeriesSplitOptions = {}) {
    const known = readOptions(options, ['nSplits', 'maxTrainSize', 'testSize', 'gap'], 'TimeSeriesSplit');
    const { nSplits = 5, maxTrainSize, testSize, gap = 0 } = known;
    this.nSplits = checkInteger(nSplits, 'nSplits', 2);
    this.maxTrainSize = maxTrainSize === undefined ? undefined : checkInteger(maxTrainSize, 'maxTrainSize', 1);
    this.testSize = testSize === undefined ? undefined : checkInteger(testSize, 'testSize', 1);
    this.gap = checkInteger(gap, 'gap', 0);
  }

  /**
   * The train and the test rows of each split in turn.
   *
   * @param X a matrix, or an array with one element a row, in the order of time; only its number of rows counts
   * @throws {ValueError} if there are too few rows
   */
  split(X: AnyRows): Generator<Indices, void> {
    const n = countRows(X, 'X');
    const { nSplits, gap } = this;
    const size = this.testSize ?? Math.floor(n / (nSplits + 1));
    if (nSplits + 1 > n)
      throw new ValueError(`"nSplits" is ${nSplits}, which needs ${nSplits + 1} rows; there are ${n}`);
    if (n - gap - size * nSplits <= 0) {
      throw new ValueError(`no row is left to train on: ${n} rows, nSplits ${nSplits}, testSize ${size}, gap ${gap}`);
    }
    return this.#each(n, size);
  }

  *#each(n: number, size: number): Generator<Indices, void> {
    for (let start = n - this.nSplits * size; start < n; start += size) {
      const end = start - this.gap;
      const train = range(Math.max(0, end - (this.maxTrainSize ?? end)), end);
      yield { train, test: range(start, start + size) };
    }
  }
}

/**
 * Each row in turn is the test set; scikit-learn's `LeaveOneOut`.
 *
 * @example
 * Array.from([...new LeaveOneOut().split(['a', 'b', 'c'])][1].train); // [0, 2]
 */
export class LeaveOneOut {
  /**
   * The train rows and the test row of each split in turn.
   *
   * @param X a matrix, or an array with one element a row; only its number of rows counts
   * @throws {ValueError} of fewer than two rows
   */
  split(X: AnyRows): Generator<Indices, void> {
    const n = countRows(X, 'X');
    if (n < 2) throw new ValueError(`"X" has ${n} row: LeaveOneOut needs two or more`);
    return this.#each(n);
  }

  *#each(n: number): Generator<Indices, void> {
    for (let i = 0; i < n; i++) yield { train: range(0, n).filter((k) => k !== i), test: Int32Array.of(i) };
  }
}

/** Options of {@link RepeatedKFold} and {@link RepeatedStratifiedKFold}. */
export interface RepeatedFoldOptions {
  /** 2 or more. Default: 5. */
  nSplits?: number;
  /** How often, 1 or more. Default: 10. */
  nRepeats?: number;
  /** A seed as in NumPy, or a generator, which moves on at each split(). Default: 0. */
  randomState?: number | RandomState;
}

abstract class Repeated {
  readonly nSplits: number;
  readonly nRepeats: number;
  readonly randomState: number | RandomState;

  constructor(options: RepeatedFoldOptions, where: string) {
    const known = readOptions(options, ['nSplits', 'nRepeats', 'randomState'], where);
    const { nSplits = 5, nRepeats = 10, randomState = 0 } = known;
    this.nSplits = checkInteger(nSplits, 'nSplits', 2);
    this.nRepeats = checkInteger(nRepeats, 'nRepeats', 1);
    generatorOf(randomState);
    this.randomState = randomState;
  }

  /** The first folds are drawn at once, so that what is wrong is said at once. */
  protected repeat(once: (options: object) => Generator<Indices, void>): Generator<Indices, void> {
    const { nSplits, nRepeats } = this;
    const rng = generatorOf(this.randomState);
    const next = () => once({ nSplits, shuffle: true, randomState: rng });
    return repeated(next(), next, nRepeats);
  }
}

function* repeated(first: Generator<Indices>, next: () => Generator<Indices>, count: number): Generator<Indices, void> {
  yield* first;
  for (let k = 1; k < count; k++) yield* next();
}

/**
 * KFold over and over, each time in another order; scikit-learn's `RepeatedKFold`.
 *
 * @param options nSplits (default 5), nRepeats (default 10), randomState (default 0)
 * @throws {ValueError} for an option that is none
 * @example
 * [...new RepeatedKFold({ nSplits: 2, nRepeats: 3 }).split([1, 2, 3, 4])].length; // 6
 */
export class RepeatedKFold extends Repeated {
  constructor(options: RepeatedFoldOptions = {}) {
    super(options, 'RepeatedKFold');
  }

  /** As KFold's. */
  split(X: AnyRows, y?: AnyRows): Generator<Indices, void> {
    return this.repeat((options) => new KFold(options).split(X, y));
  }
}

/**
 * StratifiedKFold over and over, each time in another order; scikit-learn's `RepeatedStratifiedKFold`.
 *
 * @param options nSplits (default 5), nRepeats (default 10), randomState (default 0)
 * @throws {ValueError} for an option that is none
 */
export class RepeatedStratifiedKFold extends Repeated {
  constructor(options: RepeatedFoldOptions = {}) {
    super(options, 'RepeatedStratifiedKFold');
  }

  /** As StratifiedKFold's. */
  split(X: AnyRows, y: ArrayLike<Label>): Generator<Indices, void> {
    return this.repeat((options) => new StratifiedKFold(options).split(X, y));
  }
}
