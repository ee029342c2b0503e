// Labels and encoders against scikit-learn's.

import { describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../../src/checks/errors.js';
import { LabelBinarizer, LabelEncoder, NotFittedError, OneHotEncoder, uniqueLabels } from '../../src/data/index.js';
import { fixtures, numbers } from '../support/data-fixtures.js';

describe('labels', () => {
  test('strings by code point, not by UTF-16 unit', () => {
    const text = ['\u{1F600}', '\uFFFD', '\uD7FF', 'b', '', 'ba', 'B', '\u{10000}'];
    expect(uniqueLabels(text)).toEqual(['', 'B', 'b', 'ba', '\uD7FF', '\uFFFD', '\u{10000}', '\u{1F600}']);
  });

  test('numbers by value, typed arrays too; -0 is 0', () => {
    expect(uniqueLabels([10, 9, -1, 10, 0.5])).toEqual([-1, 0.5, 9, 10]);
    expect(uniqueLabels(Uint8Array.of(3, 1, 3))).toEqual([1, 3]);
    expect(Object.is(uniqueLabels([-0, 0])[0], 0)).toBe(true);
    expect(uniqueLabels([true, false])).toEqual([false, true]);
  });

  test.each<[unknown, new () => Error, string]>([
    [[1, 'a'], ValueError, '"y" mixes kinds: [0] is a number, [1] is a string'],
    [[true, 1], ValueError, '"y" mixes kinds: [0] is a boolean, [1] is a number'],
    [[1, Number.NaN], ValueError, '"y"[1] must be a string, a finite number or a boolean, got NaN'],
    [[Infinity], ValueError, 'got Infinity'],
    [['a', null], ValueError, '"y"[1] must be a string, a finite number or a boolean, got null'],
    [[1n], ValueError, 'got 1n (a BigInt)'],
    [[[1]], ValueError, 'got an array of 1'],
    [[], ShapeError, '"y" is empty'],
    ['abc', ValueError, '"y" must be an array of labels, got "abc"'],
    [undefined, ValueError, '"y" must be an array of labels, got undefined'],
  ])('%o is refused', (y, Type, message) => {
    expect(() => uniqueLabels(y as never)).toThrow(Type);
    expect(() => new LabelEncoder().fit(y as never)).toThrow(message);
    expect(() => new LabelBinarizer().fit(y as never)).toThrow(message);
  });
});

test.each<{ y: string[]; classes: string[]; codes: number[] }>(fixtures.labelEncoders)(
  'LabelEncoder: $y',
  ({ y, classes, codes }) => {
    const encoder = LabelEncoder.fromJSON(JSON.stringify(new LabelEncoder().fit(y)));
    expect(encoder.classes).toEqual(classes);
    expect(encoder.transform(y)).toEqual(Int32Array.from(codes));
    expect(encoder.inverseTransform(codes)).toEqual(y);
  },
);

describe('LabelBinarizer', () => {
  // biome-ignore lint/suspicious/noExplicitAny: a fixture
  test.each<any>(fixtures.binarizers.cases)('$y, $negLabel, $posLabel', ({ y, negLabel, posLabel, ...theirs }) => {
    for (const dtype of ['f64', 'f32'] as const) {
      const fitted = new LabelBinarizer({ negLabel, posLabel, dtype }).fit(y);
      const binarizer = LabelBinarizer.fromJSON(JSON.stringify(fitted));
      expect(binarizer.classes).toEqual(theirs.classes);
      const Y = binarizer.transform(y);
      expect(Y.dtype).toBe(dtype);
      expect(Y.toArray()).toEqual(numbers(theirs.Y));
      expect(binarizer.inverseTransform(Y)).toEqual(y);
      expect(binarizer.inverseTransform(numbers(theirs.scores))).toEqual(theirs.inverse);
    }
  });

  test('labels that fit did not see', () => {
    const { fit, y, Y } = fixtures.binarizers.unseen;
    expect(new LabelBinarizer().fit(fit).transform(y).toArray()).toEqual(Y);
    expect(new LabelBinarizer().fit(['a', 'b']).transform(['c', 'b']).toArray()).toEqual([[0], [1]]);
  });

  test('two columns of probabilities: the second decides', () => {
    const binarizer = new LabelBinarizer().fit(['no', 'yes']);
    expect(
      binarizer.inverseTransform([
        [0.3, 0.7],
        [0.5, 0.5],
      ]),
    ).toEqual(['yes', 'no']);
    expect(binarizer.inverseTransform(Float32Array.of(0.7, 0.5))).toEqual(['yes', 'no']);
    expect(binarizer.inverseTransform([0.7, 0.5], 0.2)).toEqual(['yes', 'yes']);
  });
});

describe('OneHotEncoder', () => {
  // biome-ignore lint/suspicious/noExplicitAny: a fixture
  test.each<any>(fixtures.oneHot)(
    'drop $drop, unknown: $handleUnknown, $X',
    ({ X, drop, handleUnknown, ...theirs }) => {
      const fitted = new OneHotEncoder({ drop: drop ?? undefined, handleUnknown }).fit(X);
      const encoder = OneHotEncoder.fromJSON(JSON.stringify(fitted));
      expect(encoder.categories).toEqual(theirs.categories);
      const names = theirs.names.map((name: string) => name.replace('True', 'true').replace('False', 'false'));
      expect(encoder.getFeatureNamesOut()).toEqual(names);
      const Y = encoder.transform(X);
      expect(Y.toArray()).toEqual(numbers(theirs.Y));
      expect(Y.cols === 0 || encoder.inverseTransform(Y)).toEqual(Y.cols === 0 || theirs.back);
      if (!theirs.other) return;
      const Z = encoder.transform(theirs.other);
      expect(Z.toArray()).toEqual(theirs.otherY);
      expect(encoder.inverseTransform(Z)).toEqual(theirs.otherBack);
    },
  );

  test('a matrix of numbers, and the dtype', () => {
    const encoder = new OneHotEncoder({ dtype: 'f32' });
    const Y = encoder.fitTransform({ rows: 2, cols: 1, data: Float32Array.of(4, 2) });
    expect([Y.dtype, Y.toArray()]).toEqual([
      'f32',
      [
        [0, 1],
        [1, 0],
      ],
    ]);
    expect(encoder.getFeatureNamesOut(['size'])).toEqual(['size_2', 'size_4']);
  });
});

const labels = new LabelEncoder().fit(['a', 'b']);
const binarizer = new LabelBinarizer().fit(['a', 'b', 'c']);
const oneHot = new OneHotEncoder().fit([
  ['a', 1],
  ['b', 2],
]);
test.each<[string, () => unknown, new () => Error, string]>([
  ['unknown label', () => labels.transform(['a', 'c']), ValueError, '"y"[1] is "c", which fit did not see'],
  ['code', () => labels.inverseTransform([0, 2]), ValueError, '"codes"[1] must be an integer from 0 to 1, got 2'],
  [
    'order',
    () => new LabelBinarizer({ negLabel: 1 }),
    ValueError,
    '"negLabel" must be a finite number below "posLabel", got 1 and 1',
  ],
  [
    'fractions',
    () => new LabelBinarizer().fit([1.5]),
    ValueError,
    '"y"[0] is 1.5: numbers that name classes must be integers',
  ],
  ['columns', () => binarizer.inverseTransform([[1, 0]]), ShapeError, '"Y" has 2 columns, but there are 3 classes'],
  ['category', () => oneHot.transform([['a', 3]]), ValueError, '"X"[0][1] is 3, a category that fit did not see'],
  ['columns', () => oneHot.transform([['a']]), ShapeError, '"X" has 1 columns, but 2 were fitted'],
  ['kinds', () => oneHot.fit([['a'], [1]]), ValueError, '"X column 0" mixes kinds: [0] is a string, [1] is a number'],
  [
    'kinds',
    () => oneHot.fit([[null], ['a'], [1]]),
    ValueError,
    '"X column 0" mixes kinds: [1] is a string, [2] is a number',
  ],
  [
    'a vector',
    () => oneHot.fit(['a', 'b'] as never),
    ShapeError,
    '"X" must be 2-D (an array of rows), got a 1-D array of 2',
  ],
  ['ragged', () => oneHot.fit([['a', 'b'], ['a']]), ShapeError, '"X" is ragged'],
  ['empty', () => oneHot.fit([]), ShapeError, '"X" must be 2-D'],
  ['zeros', () => oneHot.inverseTransform([[0, 0, 1, 0]]), ValueError, '"X"[0] has only zeros for feature 0'],
  ['names', () => oneHot.getFeatureNamesOut(['a']), ShapeError, '"features" has 1 names, but 2 columns were fitted'],
  [
    'drop',
    () => new OneHotEncoder({ drop: 'last' as never }),
    ValueError,
    '"drop" must be "first", "ifBinary" or undefined, got "last"',
  ],
  [
    'handleUnknown',
    () => new OneHotEncoder({ handleUnknown: 'x' as never }),
    ValueError,
    '"handleUnknown" must be "error" or "ignore"',
  ],
  [
    'JSON',
    () => LabelEncoder.fromJSON({ kind: 'LabelEncoder', classes: ['b', 'a'] }),
    ValueError,
    '"json.classes" must be sorted, each label once',
  ],
  [
    'JSON',
    () => OneHotEncoder.fromJSON({ ...oneHot.toJSON(), categories: [] }),
    ValueError,
    '"json.categories" must be an array',
  ],
])('refused: %s', (_, use, Type, message) => {
  expect(use).toThrow(Type);
  expect(use).toThrow(message);
});

test('before fit, all refuse', () => {
  const uses = [
    () => new LabelEncoder().classes,
    () => new LabelEncoder().transform(['a']),
    () => new LabelEncoder().inverseTransform([]),
    () => new LabelBinarizer().transform(['a']),
    () => new LabelBinarizer().inverseTransform([1]),
    () => new OneHotEncoder().transform([['a']]),
    () => new OneHotEncoder().inverseTransform([[1]]),
    () => new OneHotEncoder().getFeatureNamesOut(),
  ];
  for (const use of uses) expect(use).toThrow(NotFittedError);
});

test('JSON before fit: the options, and nothing that was not learnt', () => {
  const read = (text: string) => JSON.parse(text);
  expect(read(JSON.stringify(new LabelEncoder()))).toEqual({ kind: 'LabelEncoder' });
  expect(() => LabelEncoder.fromJSON('{"kind":"LabelEncoder"}').classes).toThrow(NotFittedError);
  const binarizer = LabelBinarizer.fromJSON(JSON.stringify(new LabelBinarizer({ negLabel: -1, dtype: 'f32' })));
  expect([binarizer.negLabel, binarizer.dtype]).toEqual([-1, 'f32']);
  expect(() => binarizer.classes).toThrow(NotFittedError);
  const encoder = OneHotEncoder.fromJSON(JSON.stringify(new OneHotEncoder({ drop: 'first' })));
  expect(encoder.drop).toBe('first');
  expect(() => encoder.categories).toThrow(NotFittedError);
});
