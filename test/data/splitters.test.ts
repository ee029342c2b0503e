// Splitters beside the folds: the very rows that scikit-learn takes.

import { describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../../src/checks/errors.js';
import {
  GroupKFold,
  LeaveOneOut,
  RepeatedKFold,
  RepeatedStratifiedKFold,
  ShuffleSplit,
  StratifiedGroupKFold,
  StratifiedShuffleSplit,
  TimeSeriesSplit,
} from '../../src/data/index.js';
import { random } from '../../src/random/random.js';
import { evaluation } from '../support/data-fixtures.js';

const { y: labels, groups, cases } = evaluation.splitters;
const KINDS = {
  GroupKFold,
  LeaveOneOut,
  RepeatedKFold,
  RepeatedStratifiedKFold,
  ShuffleSplit,
  StratifiedGroupKFold,
  StratifiedShuffleSplit,
  TimeSeriesSplit,
};

type Case = { kind: keyof typeof KINDS; y: string; options: object; splits: [number[], number[]][] };
type Split = { train: Int32Array; test: Int32Array };
interface AnySplitter {
  split(X: unknown, y: unknown, groups: unknown): Iterable<Split>;
}
const listed = (splits: Iterable<Split>) =>
  Array.from(splits, ({ train, test }) => [Array.from(train), Array.from(test)]);

test.each<Case>(cases)('$kind of $y, $options', ({ kind, y, options, splits }) => {
  const splitter = new (KINDS[kind] as new (options: object) => AnySplitter)(options);
  expect(listed(splitter.split(labels[y], labels[y], groups[y]))).toEqual(splits);
});

test('all kinds were tried', () => {
  expect(new Set(cases.map(({ kind }: Case) => kind)).size).toBe(Object.keys(KINDS).length);
});

describe('random states', () => {
  const y = labels.words;
  test.each([ShuffleSplit, StratifiedShuffleSplit, RepeatedKFold, RepeatedStratifiedKFold])(
    '%o: a generator moves on, a seed starts anew',
    (Kind) => {
      const fixed = new Kind({ nSplits: 3, randomState: 4 });
      const first = listed(fixed.split(y, y));
      expect(listed(fixed.split(y, y))).toEqual(first);
      const moving = new Kind({ nSplits: 3, randomState: random(4) });
      expect(listed(moving.split(y, y))).toEqual(first);
      expect(listed(moving.split(y, y))).not.toEqual(first);
    },
  );

  test('shuffled groups: each class in its share', () => {
    const rows = Array.from({ length: 400 }, (_, i) => i);
    const kinds = rows.map((i) => (i % 4 === 0 ? 'rare' : 'often'));
    const members = rows.map((i) => Math.floor(i / 5));
    for (let randomState = 0; randomState < 5; randomState++) {
      const cv = new StratifiedGroupKFold({ nSplits: 4, shuffle: true, randomState });
      for (const { train, test } of cv.split(rows, kinds, members)) {
        const rare = Array.from(test).filter((i) => kinds[i] === 'rare').length / test.length;
        expect(Math.abs(rare - 0.25)).toBeLessThan(0.02);
        const seen = new Set(Array.from(train, (i) => members[i]));
        expect(Array.from(test).some((i) => seen.has(members[i]))).toBe(false);
      }
    }
  });
});

test('of equal groups the last goes first, as scikit-learn has it of up to 16', () => {
  const groups = Array.from({ length: 40 }, (_, i) => i);
  const [{ test: first }] = new GroupKFold({ nSplits: 2 }).split(groups, undefined, groups);
  expect(Array.from(first)).toEqual(groups.filter((i) => i % 2 === 1));
});

const rows = [1, 2, 3, 4];
test.each<[string, () => unknown, new () => Error, string]>([
  ['option', () => new ShuffleSplit({ n_splits: 2 } as never), ValueError, 'unknown option "n_splits"'],
  ['nSplits', () => new ShuffleSplit({ nSplits: 0 }), ValueError, '"nSplits" must be a positive integer, got 0'],
  ['seed', () => new ShuffleSplit({ randomState: -1 }), ValueError, '"randomState" must be an integer'],
  ['sizes', () => new ShuffleSplit({ testSize: 4 }).split(rows), ValueError, '"testSize" must be a fraction'],
  ['lengths', () => new ShuffleSplit().split(rows, [1]), ShapeError, '"X" has 4 rows and "y" has 1'],
  [
    'one member',
    () => new StratifiedShuffleSplit({ testSize: 2 }).split(rows, ['a', 'a', 'a', 'b']),
    ValueError,
    '"y" has one member of class "b", each class needs 2 or more',
  ],
  ['mixed', () => new StratifiedShuffleSplit().split(rows, [1, 'a', 1, 'a']), ValueError, '"y" mixes kinds'],
  ['no groups', () => new GroupKFold().split(rows, rows, undefined as never), ValueError, '"groups" is missing'],
  [
    'groups',
    () => new GroupKFold({ nSplits: 3 }).split(rows, rows, ['a', 'b', 'a', 'b']),
    ValueError,
    '"nSplits" is 3, more than the 2 groups',
  ],
  ['lengths', () => new GroupKFold().split(rows, rows, ['a']), ShapeError, '"X" has 4 rows and "groups" has 1'],
  [
    'members',
    () => new StratifiedGroupKFold({ nSplits: 3 }).split(rows, [0, 0, 1, 1], rows),
    ValueError,
    '"nSplits" is 3, more than any class has members',
  ],
  [
    'groups',
    () => new StratifiedGroupKFold({ nSplits: 2 }).split(rows, [0, 0, 1, 1], ['a', 'a', 'a', 'a']),
    ValueError,
    '"nSplits" is 2, more than the 1 groups',
  ],
  ['shuffle', () => new StratifiedGroupKFold({ randomState: 1 }), ValueError, '"randomState" has no effect'],
  ['rows', () => new TimeSeriesSplit().split(rows), ValueError, '"nSplits" is 5, which needs 6 rows; there are 4'],
  ['gap', () => new TimeSeriesSplit({ nSplits: 2, gap: 2 }).split(rows), ValueError, 'no row is left to train on'],
  ['gap', () => new TimeSeriesSplit({ gap: -1 }), ValueError, '"gap" must be a non-negative integer, got -1'],
  ['one row', () => new LeaveOneOut().split([1]), ValueError, '"X" has 1 row: LeaveOneOut needs two or more'],
  ['repeats', () => new RepeatedKFold({ nRepeats: 0 }), ValueError, '"nRepeats" must be a positive integer, got 0'],
  ['folds', () => new RepeatedKFold().split(rows), ValueError, '"nSplits" is 5, more than the 4 rows'],
])('refused: %s', (_, use, Type, message) => {
  expect(use).toThrow(Type);
  expect(use).toThrow(message);
});
