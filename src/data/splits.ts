// Rows to train on and rows to test on, with scikit-learn's indices for the same random state.
// Source: scikit-learn 1.2.1, sklearn/model_selection/_split.py.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkFlag, isInteger, MAX_SEED, ofOtherCopy, refuseValue } from '../checks/values.js';
import { countRows, type Taken, takeRowsOf } from '../matrix/copies.js';
import { checkSameRows, checkSize, type MatrixInput } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { range } from '../numbers/range.js';
import { type Sliced, whole } from '../numbers/sliced.js';
import { RandomState } from '../random/random.js';
import { SLICE, shuffle as shuffled } from '../random/shuffle.js';
import { codesOf, type Label, readLabels } from './labels.js';

/** Row numbers. */
export interface Indices {
  /** To train on. */
  readonly train: Int32Array;
  /** To test on. */
  readonly test: Int32Array;
}

/** How large the two parts are. */
export interface TrainTestSizes {
  /** A fraction in (0, 1), of which the rows are rounded up, or a number of rows. Default: what `trainSize` leaves, else 0.25. */
  testSize?: number;
  /** A fraction in (0, 1), of which the rows are rounded down, or a number of rows. Default: what `testSize` leaves. */
  trainSize?: number;
  /** Whether to draw rows; else the first are to train, those after them to test. Default: true. */
  shuffle?: boolean;
}

/** Options of {@link trainTestSplit}. */
export interface TrainTestOptions extends TrainTestSizes {
  /** A seed as in NumPy, or a generator, which then moves on. Default: 0, so that a run can be repeated. */
  randomState?: number | RandomState;
  /** One label a row, mostly y itself: train and test get each class in its share. Default: none. */
  stratify?: ArrayLike<Label>;
}

/** What {@link trainTestSplit} returns: copies of rows. */
export interface TrainTestSplit<Y, X = MatrixInput> {
  /** Rows to train on. */
  readonly XTrain: Taken<X>;
  /** Rows to test on. */
  readonly XTest: Taken<X>;
  /** Their targets. */
  readonly yTrain: Taken<Y>;
  /** Their targets. */
  readonly yTest: Taken<Y>;
  /** The rows of X that XTrain has, in its order. */
  readonly trainIndices: Int32Array;
  /** The rows of X that XTest has, in its order. */
  readonly testIndices: Int32Array;
}

/** The generator itself, or one of that seed; of 0 by default. @internal */
export function generatorOf(randomState: number | RandomState = 0): RandomState {
  if (randomState instanceof RandomState) return randomState;
  if (isInteger(randomState, 0, MAX_SEED)) return new RandomState(randomState);
  const wanted = `an integer from 0 to ${MAX_SEED} or a RandomState`;
  return refuseValue('randomState', wanted, randomState, '', ofOtherCopy(randomState, 'permutation'));
}

function checkPart(value: unknown, name: string, n: number): void {
  if (value === undefined) return;
  const x = typeof value === 'number' ? value : Number.NaN;
  if ((x > 0 && x < 1) || isInteger(x, 1, n - 1)) return;
  const wanted = `a fraction above 0 and below 1, or an integer from 1 to ${n - 1} (there are ${n} rows)`;
  refuseValue(name, wanted, value);
}

/** scikit-learn's _validate_shuffle_split; an integer is a number of rows. */
function sizes(n: number, testSize: number | undefined, trainSize: number | undefined): [number, number] {
  const tested = testSize ?? (trainSize === undefined ? 0.25 : undefined);
  checkPart(testSize, 'testSize', n);
  checkPart(trainSize, 'trainSize', n);
  let test = tested === undefined ? undefined : tested < 1 ? Math.ceil(tested * n) : tested;
  const train = trainSize === undefined ? n - (test as number) : trainSize < 1 ? Math.floor(trainSize * n) : trainSize;
  test ??= n - train;
  if (train + test > n || (tested && trainSize && tested < 1 && trainSize < 1 && tested + trainSize > 1)) {
    throw new ValueError(`"trainSize" and "testSize" need ${train} + ${test} rows, but there are ${n}`);
  }
  if (train === 0) {
    throw new ValueError(`no row is left to train on: ${n} rows, testSize ${tested}, trainSize ${trainSize}`);
  }
  return [train, test];
}

/**
 * How many of `draws` fall to each class: its share rounded down, what is left to the largest remainders, among equal ones
 * by lot (scikit-learn's _approximate_mode).
 */
function shares(counts: Int32Array, draws: number, rng: RandomState): Int32Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const exact = Array.from(counts, (count) => (count / total) * draws);
  const result = Int32Array.from(exact, Math.floor);
  let missing = draws - result.reduce((sum, count) => sum + count, 0);
  const remainders = exact.map((x) => x - Math.floor(x));
  for (const value of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (missing <= 0) break;
    const tied = remainders.flatMap((remainder, i) => (remainder === value ? [i] : []));
    const chosen = rng.permutation(tied.length).subarray(0, missing); // numpy.random.choice without replacement
    for (const i of chosen) result[tied[i]]++;
    missing -= chosen.length;
  }
  return result;
}

/** The class of each row by its number among `classes`, each of which occurs. */
export interface Coded {
  readonly codes: Int32Array;
  readonly classes: readonly Label[];
}

/** @throws {ShapeError|ValueError} naming it @internal */
export function coded(source: ArrayLike<Label>, name = 'stratify'): Coded {
  const { labels, classes } = readLabels(source, name, false);
  return { codes: codesOf(labels, classes), classes };
}

function* stratified(
  { codes, classes }: Coded,
  labels: string,
  train: number,
  test: number,
  rng: RandomState,
): Sliced<Indices> {
  // Typed arrays and plain loops throughout: a million rows take 0.1 s, not 0.6 (measured).
  const sizes = new Int32Array(classes.length);
  for (let i = 0; i < codes.length; i++) sizes[codes[i]]++;
  const members = Array.from(sizes, (size) => new Int32Array(size));
  sizes.fill(0);
  for (let from = 0; from < codes.length; from += SLICE) {
    const end = Math.min(codes.length, from + SLICE);
    for (let i = from; i < end; i++) members[codes[i]][sizes[codes[i]]++] = i;
    yield;
  }
  const alone = members.findIndex((rows) => rows.length < 2);
  if (alone >= 0) {
    throw new ValueError(`"${labels}" has one member of class ${describe(classes[alone])}, each class needs 2 or more`);
  }
  for (const [name, size] of [
    ['train', train],
    ['test', test],
  ] as const) {
    if (size < classes.length) {
      throw new ValueError(`the ${name} set has ${size} rows, fewer than the ${classes.length} classes to stratify by`);
    }
  }
  const counts = Int32Array.from(members, (rows) => rows.length);
  const trained = shares(counts, train, rng);
  const tested = shares(
    counts.map((count, k) => count - trained[k]),
    test,
    rng,
  );
  const trainRows = new Int32Array(train);
  const testRows = new Int32Array(test);
  let [inTrain, inTest] = [0, 0];
  for (const [k, rows] of members.entries()) {
    const order = yield* shuffled(rng, range(0, rows.length));
    const end = trained[k] + tested[k];
    for (let i = 0; i < trained[k]; i++) trainRows[inTrain++] = rows[order[i]];
    for (let i = trained[k]; i < end; i++) testRows[inTest++] = rows[order[i]];
    yield;
  }
  return { train: yield* shuffled(rng, trainRows), test: yield* shuffled(rng, testRows) };
}

/**
 * Rows that are drawn to train and to test on, in slices: `trainTestIndices` of a testSize alone.
 *
 * @param classes of the rows, to stratify by
 * @param name what their labels are called in messages
 * @throws {ValueError} as trainTestIndices
 * @internal
 */
export function* drawIndices(
  n: number,
  { testSize, trainSize }: Pick<TrainTestSizes, 'testSize' | 'trainSize'>,
  classes: Coded | undefined,
  rng: RandomState,
  name = 'stratify',
): Sliced<Indices> {
  const [train, test] = sizes(n, testSize, trainSize);
  if (classes) return yield* stratified(classes, name, train, test, rng);
  const order = yield* shuffled(rng, range(0, n));
  return { train: order.slice(test, test + train), test: order.slice(0, test) };
}

/**
 * The rows that scikit-learn's `train_test_split(random_state=rng)` takes, drawn from a generator that then moves on just as
 * there.
 *
 * @param source how many rows there are; or one label a row, to stratify by
 * @param options testSize, trainSize, shuffle
 * @throws {ValueError} if sizes do not fit the rows; if, stratifying, a class has one member, or train or test would have
 *   fewer rows than there are classes, or nothing is to be shuffled
 * @example
 * trainTestIndices(5, { testSize: 2 }, random(0)).test; // Int32Array [2, 0]
 */
export function trainTestIndices(
  source: number | ArrayLike<Label>,
  options: TrainTestSizes,
  rng: RandomState,
): Indices {
  const known = readOptions(options, ['testSize', 'trainSize', 'shuffle'], 'trainTestIndices');
  const { testSize, trainSize, shuffle = true } = known;
  checkFlag(shuffle, 'shuffle');
  const n = typeof source === 'number' ? checkSize(source, 'source') : countRows(source, 'stratify');
  const [train, test] = sizes(n, testSize, trainSize);
  if (!shuffle) {
    if (typeof source !== 'number') throw new ValueError('"stratify" needs "shuffle": true');
    return { train: range(0, train), test: range(train, train + test) };
  }
  return whole(drawIndices(n, { testSize, trainSize }, typeof source === 'number' ? undefined : coded(source), rng));
}

/**
 * Splits rows in two, with the indices of scikit-learn's `train_test_split` for the same random state.
 *
 * @param X rows x columns; the dtype is kept, plain numbers become f64; of a table, whose rows hold other cells or have names,
 * rows
 * @param y one element a row (an array or typed array), or a matrix of as many rows
 * @param options testSize (default 0.25), trainSize, shuffle (default true), stratify, randomState (default 0)
 * @throws {ShapeError} if the numbers of rows differ; {ValueError} as trainTestIndices
 * @example
 * const { XTrain, yTest } = trainTestSplit([[1], [2], [3], [4]], ['a', 'b', 'a', 'b'], { testSize: 0.5 });
 * XTrain.shape; // [2, 1]
 * yTest; // ['a', 'b']
 */
export function trainTestSplit<Y extends MatrixInput | ArrayLike<unknown>, X extends TableInput = MatrixInput>(
  X: X,
  y: Y,
  options: TrainTestOptions = {},
): TrainTestSplit<Y, X> {
  const known = ['testSize', 'trainSize', 'shuffle', 'randomState', 'stratify'];
  const { stratify, randomState, ...rest } = readOptions(options, known, 'trainTestSplit');
  const rows = countRows(X, 'X');
  checkSameRows('X', rows, 'y', countRows(y, 'y'));
  if (stratify) checkSameRows('X', rows, 'stratify', countRows(stratify, 'stratify'));
  const { train, test } = trainTestIndices(stratify ?? rows, rest, generatorOf(randomState));
  return {
    XTrain: takeRowsOf(X, 'X', train),
    XTest: takeRowsOf(X, 'X', test),
    yTrain: takeRowsOf(y, 'y', train),
    yTest: takeRowsOf(y, 'y', test),
    trainIndices: train,
    testIndices: test,
  };
}
