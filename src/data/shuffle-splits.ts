// Train and test rows drawn anew for each split, with scikit-learn's indices for the same random state.
// Source: scikit-learn 1.2.1, sklearn/model_selection/_split.py.

import { readOptions } from '../checks/read-options.js';
import { checkInteger } from '../checks/values.js';
import { countRows } from '../matrix/copies.js';
import { checkSameRows } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { whole } from '../numbers/sliced.js';
import type { RandomState } from '../random/random.js';
import type { Label } from './labels.js';
import { type Coded, coded, drawIndices, generatorOf, type Indices, type TrainTestSizes } from './splits.js';

/** Options of {@link ShuffleSplit} and {@link StratifiedShuffleSplit}. */
export interface ShuffleSplitOptions extends Pick<TrainTestSizes, 'testSize' | 'trainSize'> {
  /** How often to draw, 1 or more. Default: 10. */
  nSplits?: number;
  /** A seed as in NumPy, or a generator, which moves on at each split(). Default: 0. */
  randomState?: number | RandomState;
}

/** scikit-learn's, unless trainSize says otherwise. */
const TEST_SIZE = 0.1;

abstract class Draws {
  readonly nSplits: number;
  readonly testSize: number | undefined;
  readonly trainSize: number | undefined;
  readonly randomState: number | RandomState;

  constructor(options: ShuffleSplitOptions, where: string) {
    const known = readOptions(options, ['nSplits', 'testSize', 'trainSize', 'randomState'], where);
    const { nSplits = 10, testSize, trainSize, randomState = 0 } = known;
    this.nSplits = checkInteger(nSplits, 'nSplits', 1);
    this.testSize = testSize ?? (trainSize === undefined ? TEST_SIZE : undefined);
    this.trainSize = trainSize;
    generatorOf(randomState);
    this.randomState = randomState;
  }

  /** The first is drawn at once, so that what is wrong is said at once. */
  protected draw(n: number, classes: Coded | undefined): Generator<Indices, void> {
    const rng = generatorOf(this.randomState);
    const once = () => whole(drawIndices(n, this, classes, rng, 'y'));
    return drawn(once(), once, this.nSplits);
  }
}

function* drawn(first: Indices, next: () => Indices, count: number): Generator<Indices, void> {
  yield first;
  for (let k = 1; k < count; k++) yield next();
}

/**
 * Rows drawn at random to train and to test on, anew for each split; scikit-learn's `ShuffleSplit`.
 *
 * @param options nSplits (default 10), testSize (default 0.1), trainSize (default the rest), randomState (default 0)
 * @throws {ValueError} for an option that is none
 * @example
 * const cv = new ShuffleSplit({ nSplits: 2, testSize: 1 });
 * [...cv.split([[1], [2], [3]])].map(({ test }) => Array.from(test)); // [[2], [2]]
 */
export class ShuffleSplit extends Draws {
  constructor(options: ShuffleSplitOptions = {}) {
    super(options, 'ShuffleSplit');
  }

  /**
   * The train and the test rows of each split in turn.
   *
   * @param X a matrix, or an array with one element a row; only its number of rows counts
   * @param y not read; if given, as long as X
   * @throws {ValueError} if sizes do not fit the rows; {ShapeError} if y is not as long as X
   */
  split(X: TableInput | ArrayLike<unknown>, y?: TableInput | ArrayLike<unknown>): Generator<Indices, void> {
    const n = countRows(X, 'X');
    if (y !== undefined) checkSameRows('X', n, 'y', countRows(y, 'y'));
    return this.draw(n, undefined);
  }
}

/**
 * The same with each class in its share; scikit-learn's `StratifiedShuffleSplit`.
 *
 * @param options nSplits (default 10), testSize (default 0.1), trainSize (default the rest), randomState (default 0)
 * @throws {ValueError} for an option that is none
 */
export class StratifiedShuffleSplit extends Draws {
  constructor(options: ShuffleSplitOptions = {}) {
    super(options, 'StratifiedShuffleSplit');
  }

  /**
   * The train and the test rows of each split in turn.
   *
   * @param X a matrix, or an array with one element a row; only its number of rows counts
   * @param y one label a row
   * @throws {ValueError} if sizes do not fit the rows, a class has one member, or a part fewer rows than there are classes;
   * {ShapeError} if y is not as long as X
   */
  split(X: TableInput | ArrayLike<unknown>, y: ArrayLike<Label>): Generator<Indices, void> {
    const classes = coded(y, 'y');
    checkSameRows('X', countRows(X, 'X'), 'y', classes.codes.length);
    return this.draw(classes.codes.length, classes);
  }
}
