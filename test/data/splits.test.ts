// Splits: the very rows that scikit-learn takes.

import { describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../../src/checks/errors.js';
import { KFold, StratifiedKFold, takeRows, trainTestIndices, trainTestSplit } from '../../src/data/index.js';
import { Matrix } from '../../src/matrix/matrix.js';
import { random } from '../../src/random/random.js';
import { fixtures } from '../support/data-fixtures.js';

const { splits, folds } = fixtures;
const rows = (n: number) => Array.from({ length: n }, (_, i) => [i]);

describe('trainTestSplit', () => {
  type Case = [string, number, number, boolean, number[], number[]];
  test.each<Case>(splits.cases)(
    '%s, seed %d, sizes %d, stratified %s',
    (name, randomState, k, stratified, train, test) => {
      const y = splits.y[name];
      const options = { ...splits.sizes[k], randomState, ...(stratified && { stratify: y }) };
      const split = trainTestSplit(rows(y.length), y, options);
      expect(Array.from(split.trainIndices)).toEqual(train);
      expect(Array.from(split.testIndices)).toEqual(test);
      expect(Array.from(split.XTrain.data)).toEqual(train);
      expect(Array.from(split.XTest.data)).toEqual(test);
      expect(split.yTrain).toEqual(train.map((i) => y[i]));
      expect(split.yTest).toEqual(test.map((i) => y[i]));
    },
  );

  test.each<{ n: number; train: number[]; test: number[] }>(splits.plain)(
    'of $n rows by default',
    ({ n, train, test }) => {
      const split = trainTestSplit(rows(n), rows(n), { randomState: 5 });
      expect([Array.from(split.trainIndices), Array.from(split.testIndices)]).toEqual([train, test]);
    },
  );

  test('not shuffled', () => {
    const { trainIndices, testIndices } = trainTestSplit(rows(10), rows(10), { shuffle: false });
    expect([Array.from(trainIndices), Array.from(testIndices)]).toEqual([
      splits.unshuffled.train,
      splits.unshuffled.test,
    ]);
  });

  test('a generator moves on as in scikit-learn', () => {
    const rng = random(3);
    for (const step of splits.stream) {
      const y = splits.y[step.y];
      const { train, test } = trainTestIndices(step.stratify ? y : y.length, { testSize: 0.2 }, rng);
      expect([Array.from(train), Array.from(test)]).toEqual([step.train, step.test]);
      expect(rng.rand()).toBe(step.rand);
    }
  });

  test('without a random state it is 0; a generator is taken as it stands', () => {
    const zero = trainTestSplit(rows(9), rows(9)).testIndices;
    expect(trainTestSplit(rows(9), rows(9), { randomState: 0 }).testIndices).toEqual(zero);
    expect(trainTestSplit(rows(9), rows(9), { randomState: random(0) }).testIndices).toEqual(zero);
  });

  test('dtypes and kinds of arrays are kept', () => {
    const X = { rows: 4, cols: 1, data: Float32Array.of(0.1, 1, 2, 3) };
    const split = trainTestSplit(X, Int32Array.of(5, 6, 7, 8), { testSize: 0.5 });
    expect([split.XTrain.dtype, split.XTrain.shape]).toEqual(['f32', [2, 1]]);
    expect(split.yTrain).toBeInstanceOf(Int32Array);
    const matrix = trainTestSplit(X, new Matrix(4, 2, new Float64Array(8)), { testSize: 1 });
    expect([matrix.yTrain.shape, matrix.yTrain.dtype]).toEqual([[3, 2], 'f64']);
    expect(takeRows([Float32Array.of(1), Float32Array.of(2)], [1, 1]).dtype).toBe('f32');
  });
});

describe('folds', () => {
  const KINDS = { KFold, StratifiedKFold };
  type Case = [keyof typeof KINDS, string, number, number | null, string];
  test.each<Case>(folds.cases)('%s of %s, %d, seed %s', (kind, name, nSplits, seed, where) => {
    const y = splits.y[name];
    const options = seed === null ? { nSplits } : { nSplits, shuffle: true, randomState: seed };
    const found = new Array(y.length);
    let k = 0;
    for (const { train, test } of new KINDS[kind](options).split(y, y)) {
      for (const i of test) found[i] = k;
      expect(Array.from(test)).toEqual(Array.from(test).sort((a, b) => a - b));
      expect(Array.from(train)).toEqual(
        rows(y.length)
          .flat()
          .filter((i) => !test.includes(i)),
      );
      k++;
    }
    expect([found.join(''), k]).toEqual([where, nSplits]);
  });

  test('a generator moves on from split to split, a seed starts anew', () => {
    const y = splits.y.words;
    const tests = (folding: StratifiedKFold) => Array.from(folding.split(y, y), ({ test }) => Array.from(test));
    const moving = new StratifiedKFold({ nSplits: 3, shuffle: true, randomState: random(4) });
    expect([tests(moving), tests(moving)]).toEqual(folds.moving);
    const fixed = new StratifiedKFold({ nSplits: 3, shuffle: true, randomState: 4 });
    expect(tests(fixed)).toEqual(folds.moving[0]);
    expect(tests(fixed)).toEqual(folds.moving[0]);
  });
});

const split = (options: object, n = 4) => trainTestSplit(rows(n), rows(n), options);
const two = ['a', 'a', 'b', 'b'];
test.each<[string, () => unknown, new () => Error, string]>([
  [
    'testSize 0',
    () => split({ testSize: 0 }),
    ValueError,
    '"testSize" must be a fraction above 0 and below 1, or an integer from 1 to 3 (there are 4 rows), got 0',
  ],
  ['testSize n', () => split({ testSize: 4 }), ValueError, 'got 4'],
  ['testSize 1.5', () => split({ testSize: 1.5 }), ValueError, 'got 1.5'],
  ['trainSize', () => split({ trainSize: '2' }), ValueError, '"trainSize" must be a fraction above 0 and below 1'],
  [
    'sum',
    () => split({ testSize: 0.6, trainSize: 0.6 }),
    ValueError,
    '"trainSize" and "testSize" need 2 + 3 rows, but there are 4',
  ],
  ['sum', () => split({ testSize: 2, trainSize: 3 }), ValueError, 'need 3 + 2 rows, but there are 4'],
  ['no train row', () => split({}, 1), ValueError, 'no row is left to train on'],
  ['no train row', () => split({ trainSize: 0.1 }), ValueError, 'no row is left to train on'],
  ['lengths', () => trainTestSplit(rows(3), [1, 2]), ShapeError, '"X" has 3 rows and "y" has 2'],
  ['lengths', () => split({ stratify: [1] }), ShapeError, '"X" has 4 rows and "stratify" has 1'],
  [
    'one member',
    () => split({ stratify: ['a', 'a', 'a', 'b'] }),
    ValueError,
    '"stratify" has one member of class "b", each class needs 2 or more',
  ],
  [
    'small test set',
    () => split({ stratify: two }),
    ValueError,
    'the test set has 1 rows, fewer than the 2 classes to stratify by',
  ],
  [
    'small train set',
    () => split({ stratify: two, testSize: 3 }),
    ValueError,
    'the train set has 1 rows, fewer than the 2 classes',
  ],
  ['shuffle', () => split({ stratify: two, shuffle: false }), ValueError, '"stratify" needs "shuffle": true'],
  ['mixed', () => split({ stratify: ['a', 1, 'a', 1] }), ValueError, '"stratify" mixes kinds'],
  [
    'seed',
    () => split({ randomState: -1 }),
    ValueError,
    '"randomState" must be an integer from 0 to 4294967295 or a RandomState, got -1',
  ],
  ['option', () => split({ test_size: 1 }), ValueError, 'unknown option "test_size"'],
  ['index', () => takeRows([1, 2], [2]), ValueError, '"indices"[0] must be an integer from 0 to 1, got 2'],
  ['X', () => new KFold().split(5 as never), ValueError, '"X" must be a matrix or an array, got 5'],
  ['one fold', () => new KFold({ nSplits: 1 }), ValueError, '"nSplits" must be an integer, 2 or more, got 1'],
  ['seed', () => new KFold({ randomState: 1 }), ValueError, '"randomState" has no effect without "shuffle": true'],
  ['folds', () => new KFold().split(rows(4)), ValueError, '"nSplits" is 5, more than the 4 rows'],
  [
    'members',
    () => new StratifiedKFold({ nSplits: 3 }).split(two, two),
    ValueError,
    '"nSplits" is 3, more than any class has members',
  ],
  ['fractions', () => new StratifiedKFold({ nSplits: 2 }).split(two, [0.5, 1, 2, 3]), ValueError, 'must be integers'],
  ['lengths', () => new StratifiedKFold({ nSplits: 2 }).split([1], two), ShapeError, '"X" has 1 rows and "y" has 4'],
])('refused: %s', (_, use, Type, message) => {
  expect(use).toThrow(Type);
  expect(use).toThrow(message);
});
