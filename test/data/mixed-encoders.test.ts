// SimpleImputer, OrdinalEncoder, and OneHotEncoder's given and infrequent categories, against scikit-learn's.

import { describe, expect, test } from 'vitest';
import { NotFittedError, ShapeError, ValueError } from '../../src/checks/errors.js';
import { type Cell, OneHotEncoder, OrdinalEncoder, SimpleImputer } from '../../src/data/index.js';
import { Matrix } from '../../src/matrix/matrix.js';
import { cells, expectClose, numbers, tableFixtures } from '../support/data-fixtures.js';

const { imputers, ordinals, oneHots } = tableFixtures;

/** NumPy's NaN among texts is our null. */
// biome-ignore lint/suspicious/noExplicitAny: cells of a fixture
const withGaps = (x: any): any => (Array.isArray(x) ? x.map(withGaps) : Number.isNaN(x) ? null : x);

interface Imputed {
  X: string;
  strategy: 'mean' | 'median' | 'mostFrequent' | 'constant';
  addIndicator: boolean;
  keepEmptyFeatures: boolean;
  fillValue: string | number | null;
  out: unknown;
  names: string[];
}

describe('SimpleImputer', () => {
  test.each<Imputed>(imputers.cases)(
    '$X, $strategy, indicator: $addIndicator, keep: $keepEmptyFeatures, fill: $fillValue',
    ({ X, fillValue, out, names, ...options }) => {
      const rows = cells(imputers[X]);
      const fitted = new SimpleImputer({ ...options, fillValue: fillValue ?? undefined }).fit(rows);
      const imputer = SimpleImputer.fromJSON(JSON.stringify(fitted));
      expect(JSON.stringify(imputer)).toBe(JSON.stringify(fitted));
      expect(imputer.getFeatureNamesOut()).toEqual(names);
      for (const gap of [Number.NaN, null, undefined]) {
        const written = rows.map((row: unknown[]) => row.map((cell) => (Number.isNaN(cell) ? gap : cell)));
        const result = imputer.transform<Matrix | Cell[][]>(written);
        if (X === 'texts') expect(result).toEqual(cells(out));
        else expectClose((result as Matrix).data, out, 1e-15);
      }
    },
  );

  test('booleans: 0 and 1 for mean and median, themselves for the most frequent', () => {
    const rows = [[true], [false], [null], [true]];
    expect(new SimpleImputer().fitTransform(rows).toArray()).toEqual([[1], [0], [2 / 3], [1]]);
    expect(new SimpleImputer({ strategy: 'mostFrequent' }).fitTransform(rows)).toEqual([
      [true],
      [false],
      [true],
      [true],
    ]);
    const constant = new SimpleImputer({ strategy: 'constant' });
    expect(() => constant.fit(rows)).toThrow('"fillValue" must be a boolean, as "X column 0" holds, got undefined');
  });

  test('of equally frequent ones the least; texts by code point', () => {
    const imputer = new SimpleImputer({ strategy: 'mostFrequent' });
    expect(imputer.fit([['\u{1F600}'], ['\uFFFD'], [null]]).statistics).toEqual(['\uFFFD']);
    expect(imputer.fit([[10], [9], [null]]).statistics).toEqual([9]);
  });

  test('f32 in, f32 out; the argument is left as it was', () => {
    const data = Float32Array.of(1, Number.NaN, 2);
    const out = new SimpleImputer().fitTransform(new Matrix(3, 1, data));
    expect([out.dtype, Array.from(out.data), Array.from(data)]).toEqual(['f32', [1, 1.5, 2], [1, NaN, 2]]);
  });

  test.each<[string, () => unknown, string]>([
    ['strategy', () => new SimpleImputer({ strategy: 'average' as never }), '"strategy" must be one of mean, median'],
    [
      'fillValue',
      () => new SimpleImputer({ fillValue: 1 }),
      '"fillValue" must be left out unless "strategy" is constant',
    ],
    ['fillValue', () => new SimpleImputer({ strategy: 'constant', fillValue: Number.NaN }), 'got NaN'],
    [
      'a text',
      () => new SimpleImputer().fit([[1], ['a']]),
      '"X"[1][0] must be a number, got "a": of texts "strategy" must be',
    ],
    ['kinds', () => new SimpleImputer({ strategy: 'mostFrequent' }).fit([[1], ['a']]), '"X column 0" mixes kinds'],
    [
      'another kind',
      () => new SimpleImputer({ strategy: 'mostFrequent' }).fit([['a']]).transform([[3]]),
      '"X"[0][0] is 3, but fit saw strings there',
    ],
    [
      'a forged statistic',
      () => SimpleImputer.fromJSON({ ...new SimpleImputer().fit([[1]]).toJSON(), statistics: ['x'] }),
      '"json.statistics"[0] must be a number or null, got "x"',
    ],
    [
      'a forged indicator',
      () => SimpleImputer.fromJSON({ ...new SimpleImputer().fit([[1]]).toJSON(), indicated: [1] }),
      '"json.indicated[0]" must be 0, got 1',
    ],
  ])('refused: %s', (_, use, message) => {
    expect(use).toThrow(ValueError);
    expect(use).toThrow(message);
  });
});

interface Encoded {
  options: Record<string, unknown>;
  categories: unknown;
  Y: unknown;
  back: unknown;
  unseen?: unknown;
}

/** scikit-learn writes NaN for null among given categories; what our options call so is null. */
const optionsOf = ({ categories, unknownValue, encodedMissingValue, ...rest }: Record<string, unknown>) => ({
  ...rest,
  ...(categories !== undefined && { categories: withGaps(cells(categories)) }),
  ...(unknownValue !== undefined && { unknownValue: numbers([unknownValue])[0] ?? unknownValue }),
  ...(encodedMissingValue !== undefined && { encodedMissingValue: Number(encodedMissingValue) }),
});

describe('OrdinalEncoder', () => {
  test.each<Encoded>(ordinals.cases)('$options', ({ options, categories, Y, back, unseen }) => {
    const X = withGaps(cells(ordinals.X));
    const fitted = new OrdinalEncoder(optionsOf(options)).fit(X);
    const encoder = OrdinalEncoder.fromJSON(JSON.stringify(fitted));
    expect(JSON.stringify(encoder)).toBe(JSON.stringify(fitted));
    expect(encoder.categories).toEqual(withGaps(cells(categories)));
    expect(encoder.transform(X).toArray()).toEqual(numbers(Y));
    expect(encoder.inverseTransform(encoder.transform(X))).toEqual(withGaps(cells(back)));
    if (unseen) expect(encoder.transform(withGaps(cells(ordinals.other))).toArray()).toEqual(numbers(unseen));
    const bare = OrdinalEncoder.fromJSON(JSON.stringify(fitted.clone()));
    expect(() => bare.categories).toThrow(NotFittedError);
    expect(JSON.stringify(bare.fit(X))).toBe(JSON.stringify(fitted));
  });

  const sizes = new OrdinalEncoder({ categories: [['S', 'M', 'L']] });

  test.each<[string, () => unknown, new () => Error, string]>([
    [
      'unknown',
      () => sizes.fit([['S']]).transform([['XL']]),
      ValueError,
      '"X"[0][0] is "XL", a category that fit did not see',
    ],
    [
      'not given',
      () => sizes.fit([['S'], ['XL']]),
      ValueError,
      '"X"[1][0] is "XL", a category that "categories"[0] has not',
    ],
    [
      'a gap',
      () => sizes.fit([['S']]).transform([[null]]),
      ValueError,
      '"X"[0][0] is null, a category that fit did not see',
    ],
    ['columns', () => sizes.fit([['S', 'M']]), ShapeError, '"X" has 2 columns, but "categories" is of 1'],
    ['twice', () => new OrdinalEncoder({ categories: [['S', 'S']] }), ValueError, '"categories[0]"[1] is "S" again'],
    [
      'a number',
      () => sizes.fit([['S']]).inverseTransform([[3]]),
      ValueError,
      '"X"[0][0] is 3, the number of no category',
    ],
    [
      'a fraction',
      () => sizes.fit([['S']]).inverseTransform([[0.5]]),
      ValueError,
      '"X"[0][0] is 0.5, the number of no',
    ],
    ['unknownValue', () => new OrdinalEncoder({ unknownValue: 1 }), ValueError, 'left out unless "handleUnknown"'],
    [
      'no unknownValue',
      () => new OrdinalEncoder({ handleUnknown: 'useEncodedValue' }),
      ValueError,
      '"unknownValue" must be an integer or NaN, got undefined',
    ],
    [
      'a taken unknownValue',
      () => new OrdinalEncoder({ handleUnknown: 'useEncodedValue', unknownValue: 1 }).fit([['a'], ['b']]),
      ValueError,
      '"unknownValue" is 1, the number of a category of "X column 0": "b"',
    ],
    [
      'a taken encodedMissingValue',
      () => new OrdinalEncoder({ encodedMissingValue: 0 }).fit([['a'], [null]]),
      ValueError,
      '"encodedMissingValue" is 0, the number of a category',
    ],
  ])('refused: %s', (_, use, Kind, message) => {
    expect(use).toThrow(Kind);
    expect(use).toThrow(message);
  });
});

interface OneHot {
  options: Record<string, unknown>;
  categories: unknown;
  names: string[];
  Y: unknown;
  infrequent: unknown;
  otherY?: unknown;
}

describe('OneHotEncoder', () => {
  const X = withGaps(cells(oneHots.X));

  test.each<OneHot>(oneHots.cases)('$options', ({ options, categories, names, Y, infrequent, otherY }) => {
    const fitted = new OneHotEncoder(optionsOf(options)).fit(X);
    const encoder = OneHotEncoder.fromJSON(JSON.stringify(fitted));
    expect(JSON.stringify(encoder)).toBe(JSON.stringify(fitted));
    expect(encoder.categories).toEqual(withGaps(cells(categories)));
    expect(encoder.infrequentCategories).toEqual(withGaps(cells(infrequent)));
    expect(encoder.getFeatureNamesOut()).toEqual(names.map((name) => name.replace('_nan', '_null')));
    expect(encoder.transform(oneHots.pick.map((i: number) => X[i])).toArray()).toEqual(numbers(Y));
    if (otherY) expect(encoder.transform(withGaps(cells(oneHots.other))).toArray()).toEqual(numbers(otherY));
    const again = OneHotEncoder.fromJSON(JSON.stringify(fitted.clone())).fit(X);
    expect(JSON.stringify(again)).toBe(JSON.stringify(fitted));
  });

  test('back: gaps are null, infrequent ones their common name', () => {
    const encoder = new OneHotEncoder({ maxCategories: 2 });
    const rows = [['a'], ['a'], ['b'], [undefined]];
    expect(encoder.inverseTransform(encoder.fitTransform(rows))).toEqual([
      ['a'],
      ['a'],
      ['infrequent_sklearn'],
      ['infrequent_sklearn'],
    ]);
    const all = new OneHotEncoder();
    expect(all.inverseTransform(all.fitTransform(rows))).toEqual([['a'], ['a'], ['b'], [null]]);
    expect(new OneHotEncoder({ maxCategories: 1 }).fitTransform(rows).toArray()).toEqual([[1], [1], [1], [1]]);
  });

  test.each<[string, () => unknown, string]>([
    [
      'minFrequency',
      () => new OneHotEncoder({ minFrequency: 1.5 }),
      '"minFrequency" must be a positive integer or a part',
    ],
    [
      'maxCategories',
      () => new OneHotEncoder({ maxCategories: 0 }),
      '"maxCategories" must be a positive integer, got 0',
    ],
    ['categories', () => new OneHotEncoder({ categories: 'all' as never }), '"categories" must be "auto" or an array'],
    ['mixed categories', () => new OneHotEncoder({ categories: [['a', 1]] }), '"categories[0]" mixes kinds'],
    [
      'what is not given',
      () => new OneHotEncoder({ categories: [['a']] }).fit([['b']]),
      '"X"[0][0] is "b", a category that "categories"[0] has not',
    ],
    [
      'forged numbers',
      () => OneHotEncoder.fromJSON({ ...new OneHotEncoder().fit([['a'], ['b']]).toJSON(), infrequent: [[1, 1]] }),
      '"json.infrequent[0][1]" must be an integer from 2 to 1',
    ],
    [
      'a forged member',
      () => OneHotEncoder.fromJSON({ ...new OneHotEncoder().toJSON(), drops: 1 } as never),
      '"json" has the member "drops", which is not known',
    ],
  ])('refused: %s', (_, use, message) => {
    expect(use).toThrow(ValueError);
    expect(use).toThrow(message);
  });
});
