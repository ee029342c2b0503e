// ColumnTransformer against scikit-learn's; columns by their places and by their names, errors that name them.

import { describe, expect, test } from 'vitest';
import { NotFittedError, ShapeError, ValueError } from '../../src/checks/errors.js';
import {
  type Cell,
  type ColumnPart,
  ColumnTransformer,
  MinMaxScaler,
  OneHotEncoder,
  OrdinalEncoder,
  SimpleImputer,
  StandardScaler,
  type TableInput,
} from '../../src/data/index.js';
import { Matrix } from '../../src/matrix/matrix.js';
import { expectClose, tableFixtures } from '../support/data-fixtures.js';

const rows: Cell[][] = tableFixtures.columns.rows;
const names = ['city', 'age', 'member', 'size', 'visits'];
const objects = rows.map((row) => Object.fromEntries(names.map((name, j) => [name, row[j]])));

const text = () => [new SimpleImputer({ strategy: 'mostFrequent' }), new OneHotEncoder({ drop: 'ifBinary' })];
const number = () => [new SimpleImputer({ strategy: 'median', addIndicator: true }), new StandardScaler()];
const byPlace = (): ColumnPart[] => [
  ['texts', text(), [3, 0]],
  ['numbers', number(), 1],
  ['none', 'drop', [2]],
];
const byName = (): ColumnPart[] => [
  ['texts', text(), ['size', 'city']],
  ['numbers', number(), 'age'],
  ['none', 'drop', ['member']],
];

describe.each<{ remainder: 'drop' | 'passthrough'; out: unknown }>(tableFixtures.columns.cases)(
  'as scikit-learn, remainder: $remainder',
  ({ remainder, out }) => {
    test.each<[string, ColumnPart[], object, TableInput]>([
      ['by place, arrays', byPlace(), {}, rows],
      ['by place, objects', byPlace(), {}, objects],
      ['by name, objects', byName(), {}, objects],
      ['by name, arrays with a header', byName(), { header: names }, rows],
    ])('%s', (_, parts, options, X) => {
      const transformer = new ColumnTransformer(parts, { remainder, ...options });
      const fitted = transformer.fitTransform(X);
      expectClose(fitted.data, out, 1e-15);
      const read = ColumnTransformer.fromJSON(JSON.stringify(transformer));
      expect(JSON.stringify(read)).toBe(JSON.stringify(transformer));
      expect(read.transform(X)).toEqual(fitted);
      expect(read.getFeatureNamesOut()).toEqual(transformer.getFeatureNamesOut());
      expect(read.getFeatureNamesOut()).toHaveLength(fitted.cols);
      const bare = ColumnTransformer.fromJSON(JSON.stringify(transformer.clone()));
      expect(() => bare.transform(X)).toThrow(NotFittedError);
      expect(bare.fitTransform(X)).toEqual(fitted);
    });
  },
);

test('names of what comes out', () => {
  const transformer = new ColumnTransformer(byName(), { remainder: 'passthrough' }).fit(objects);
  const texts = ['large', 'medium', 'small'].map((size) => `texts__size_${size}`);
  const cities = ['Bonn', 'Oslo', 'Rome'].map((city) => `texts__city_${city}`);
  const numbers = ['numbers__age', 'numbers__missingindicator_age', 'remainder__visits'];
  expect(transformer.getFeatureNamesOut()).toEqual([...texts, ...cities, ...numbers]);
  expect([transformer.nFeaturesIn, transformer.featureNamesIn]).toEqual([5, names]);
  expect(Object.keys(transformer.namedTransformers)).toEqual(['texts', 'numbers', 'remainder']);
  expect((transformer.namedTransformers.numbers[0] as SimpleImputer).statistics).toEqual([25]);
  const short = new ColumnTransformer([['a', 'passthrough', [1]]], { verboseFeatureNamesOut: false }).fit(rows);
  expect(short.getFeatureNamesOut()).toEqual(['x1']);
  expect(short.getFeatureNamesOut(names)).toEqual(['age']);
});

test('columns with names are found by them, in whatever order, and others are not looked at', () => {
  const transformer = new ColumnTransformer(byName()).fit(objects);
  const other = objects.map(({ age, city, size }) => ({ extra: 'x', size, city, age }));
  expect(transformer.transform(other)).toEqual(transformer.transform(objects));
  expect(transformer.transform(rows)).toEqual(transformer.transform(objects));
  const scaler = new StandardScaler().fit([
    { a: 1, b: 10 },
    { a: 3, b: 50 },
  ]);
  expect(scaler.transform([{ b: 50, a: 1 }]).toArray()).toEqual([[-1, 1]]);
  expect(
    StandardScaler.fromJSON(JSON.stringify(scaler))
      .transform([{ b: 50, a: 1 }])
      .toArray(),
  ).toEqual([[-1, 1]]);
});

test('the transformers that were given are left as they were', () => {
  const scaler = new StandardScaler();
  const transformer = new ColumnTransformer([
    ['a', scaler, 0],
    ['b', scaler, 1],
  ]);
  expect(
    transformer
      .fitTransform([
        [1, 10],
        [3, 30],
      ])
      .toArray(),
  ).toEqual([
    [-1, -1],
    [1, 1],
  ]);
  expect(() => scaler.scale).toThrow(NotFittedError);
});

test('numbers of f32 stay f32; booleans are 1 and 0, gaps NaN', () => {
  const transformer = new ColumnTransformer([['all', new MinMaxScaler(), [0]]], { remainder: 'passthrough' });
  expect(transformer.fitTransform(new Matrix(2, 2, Float32Array.of(1, 5, 3, 6))).dtype).toBe('f32');
  expect(
    transformer
      .fitTransform([
        [1, true],
        [3, null],
      ])
      .toArray(),
  ).toEqual([
    [0, 1],
    [1, NaN],
  ]);
});

/** As a user writes one: no clone, plain arguments. */
class Doubler {
  seen: unknown;
  fit(X: TableInput): this {
    this.seen = X;
    return this;
  }
  transform(X: TableInput): number[][] {
    return X instanceof Matrix ? X.toArray().map((row) => row.map((x) => 2 * x)) : [];
  }
}

test("a transformer of the user's is handed a Matrix or rows", () => {
  const transformer = new ColumnTransformer([['twice', new Doubler() as never, ['age', 'visits']]]);
  expect(transformer.fitTransform(objects.slice(0, 2)).toArray()).toEqual([
    [41, 6],
    [NaN, 2],
  ]);
  expect((transformer.namedTransformers.twice[0] as unknown as Doubler).seen).toBeInstanceOf(Matrix);
  expect(transformer.getFeatureNamesOut()).toEqual(['twice__age', 'twice__visits']);
  expect(() => transformer.toJSON()).toThrow('"transformers"[0] has a Doubler: StandardScaler, MinMaxScaler');
  const texts = new ColumnTransformer([['twice', new Doubler() as never, 'city']]);
  expect(() => texts.fit(objects)).toThrow(ShapeError);
});

const encoder = new OneHotEncoder();
const fitted = new ColumnTransformer([
  ['cities', [new SimpleImputer({ strategy: 'mostFrequent' }), encoder], 'city'],
]).fit(objects);
const places = new ColumnTransformer([['last', new OrdinalEncoder(), [3]]]).fit(rows);

test.each<[string, () => unknown, new () => Error, string]>([
  [
    'a text among numbers',
    () => new ColumnTransformer([['a', new StandardScaler(), ['size']]]).fit(objects),
    ValueError,
    '"X"[0].size must be a number, got "small": OneHotEncoder',
  ],
  [
    'what is passed through',
    () => new ColumnTransformer([['a', 'passthrough', [4, 3]]]).fit(rows),
    ValueError,
    '"X"[0][3] must be a number',
  ],
  [
    'an unknown category behind an imputer',
    () => fitted.transform([{ city: 'Paris' }]),
    ValueError,
    '"X"[0].city is "Paris", a category that fit did not see',
  ],
  ['an unknown category of a place', () => places.transform([[1, 1, 1, 'huge', 1]]), ValueError, '"X"[0][3] is "huge"'],
  [
    'mixed kinds',
    () =>
      new ColumnTransformer([['a', new OneHotEncoder(), 'b']]).fit([
        { a: 1, b: 1 },
        { a: 1, b: 'x' },
      ]),
    ValueError,
    '"X column b" mixes kinds',
  ],
  [
    'a column that is missing',
    () => fitted.transform([{ town: 'Oslo' }]),
    ValueError,
    '"X" has no column "city"; it has town',
  ],
  [
    'a name that is near',
    () => new ColumnTransformer([['a', encoder, 'citty']]).fit(objects),
    ValueError,
    '"transformers"[0] (a): "X" has no column "citty"; did you mean city? it has city, age',
  ],
  [
    'a name of one letter, which no other is near',
    () => new ColumnTransformer([['a', encoder, 'm']]).fit([{ c: 1 }]),
    ValueError,
    '"X" has no column "m"; it has c',
  ],
  [
    'names of letters that are not of ASCII',
    () => new ColumnTransformer([['a', encoder, '重量']]).fit([{ 身高: 1, größen: 2 }]),
    ValueError,
    '"X" has no column "重量"; it has 身高, größen',
  ],
  [
    'one of them that is near',
    () => new ColumnTransformer([['a', encoder, 'größe']]).fit([{ 身高: 1, größen: 2 }]),
    ValueError,
    '"X" has no column "größe"; did you mean größen? it has',
  ],
  [
    'names of arrays',
    () => new ColumnTransformer([['a', encoder, 'city']]).fit(rows),
    ValueError,
    'give rows that are objects, or the option "header"',
  ],
  [
    'a place that is not there',
    () => new ColumnTransformer([['a', encoder, [5]]]).fit(rows),
    ShapeError,
    '"transformers"[0] (a) is for column 5, but "X" has 5 columns',
  ],
  [
    'names where places were fitted',
    () => places.transform(objects),
    ValueError,
    '"X" has columns with names (city, age, member), but rows without names were fitted',
  ],
  ['fewer columns', () => places.transform([[1]]), ShapeError, '"X" has 1 columns, but 5 were fitted'],
  [
    'a header that does not fit',
    () => new ColumnTransformer(byName(), { header: ['a'] }).fit(rows),
    ShapeError,
    '"X" has 5 columns, but "header" has 1 names',
  ],
  ['a date', () => fitted.transform([{ city: new Date(0) }]), ValueError, '"X"[0].city is a Date: give a number'],
  ['no parts', () => new ColumnTransformer([]), ValueError, '"transformers" must be an array of parts'],
  [
    'no part',
    () => new ColumnTransformer([encoder] as never),
    ValueError,
    '"transformers"[0] must be a part, [name, transformer, columns], got a OneHotEncoder',
  ],
  [
    'no transformer',
    () => new ColumnTransformer([['a', 'keep' as never, 0]]),
    ValueError,
    '"transformers"[0][1] must be a transformer',
  ],
  [
    'an empty chain',
    () => new ColumnTransformer([['a', [], 0]]),
    ValueError,
    '"transformers"[0][1] must be a transformer',
  ],
  ['a name', () => new ColumnTransformer([['a__b', encoder, 0]]), ValueError, 'must be a name without "__"'],
  [
    'two of a name',
    () =>
      new ColumnTransformer([
        ['a', encoder, 0],
        ['a', encoder, 1],
      ]),
    ValueError,
    'two parts of the name "a"',
  ],
  [
    'a column',
    () => new ColumnTransformer([['a', encoder, [-1]]]),
    ValueError,
    '"transformers"[0][2] must be a column: its place from 0, or its name, got -1',
  ],
  [
    'remainder',
    () => new ColumnTransformer(byName(), { remainder: 'keep' as never }),
    ValueError,
    '"remainder" must be one of drop, passthrough',
  ],
  [
    'header',
    () => new ColumnTransformer(byName(), { header: ['a', 'a'] }),
    ValueError,
    '"header" must be an array of different names',
  ],
  ['nothing', () => new ColumnTransformer([['a', 'drop', 0]]).fit(rows), ShapeError, 'no column is left'],
  [
    'gaps alone',
    () => new ColumnTransformer([['a', [new SimpleImputer(), encoder], 'b']]).fit([{ b: null }, { b: NaN }]),
    ShapeError,
    '"X" has nothing but gaps, so that no column is left: "keepEmptyFeatures"',
  ],
  ['an option', () => new ColumnTransformer(byName(), { nJobs: 2 } as never), ValueError, 'unknown option "nJobs"'],
  [
    'one name twice',
    () =>
      new ColumnTransformer(
        [
          ['a', 'passthrough', 1],
          ['b', 'passthrough', 1],
        ],
        { verboseFeatureNamesOut: false },
      ).fit(rows),
    ValueError,
    'two columns would be named "x1"',
  ],
  [
    'an asynchronous fit',
    () =>
      new ColumnTransformer([
        [
          'a',
          {
            fit: async () => {},
            transform: () => [[1]],
            clone() {
              return this;
            },
          } as never,
          1,
        ],
      ]).fit(rows),
    ValueError,
    'is asynchronous',
  ],
  [
    'lost rows',
    () =>
      new ColumnTransformer([
        [
          'a',
          {
            fit: () => {},
            transform: () => [[1]],
            clone() {
              return this;
            },
          } as never,
          1,
        ],
      ]).fit(rows),
    ShapeError,
    'a: an object made 1 rows of 7',
  ],
])('refused: %s', (_, use, Kind, message) => {
  expect(use).toThrow(Kind);
  expect(use).toThrow(message);
});

test('a failed fit leaves what was fitted', () => {
  const transformer = new ColumnTransformer([['a', new StandardScaler(), 0]]).fit([[1], [3]]);
  expect(() => transformer.fit([['x']])).toThrow(ValueError);
  expect(transformer.transform([[3]]).toArray()).toEqual([[1]]);
});

describe('forged JSON', () => {
  const json = () => JSON.parse(JSON.stringify(fitted));
  test.each<[string, (json: ReturnType<typeof JSON.parse>) => void, string]>([
    [
      'a column that is not there',
      (j) => {
        j.fitted[0].columns = [9];
      },
      '"json.fitted[0].columns[0]" must be an integer from 0 to 4',
    ],
    [
      'steps of other columns',
      (j) => {
        j.fitted[0].columns = [0, 1];
      },
      '"features" has 2 names, but 1 columns were fitted',
    ],
    [
      'an unknown kind',
      (j) => {
        j.fitted[0].chain[0].kind = '__proto__';
      },
      '"json.fitted[0].chain[0].kind" must be one of StandardScaler',
    ],
    [
      'one within another',
      (j) => {
        j.transformers[0].transformer = json();
      },
      'must be one of StandardScaler',
    ],
    [
      'a step that was not fitted',
      (j) => {
        delete j.fitted[0].chain[1].categories;
        delete j.fitted[0].chain[1].featureNamesIn;
      },
      'not fitted yet',
    ],
    [
      'names that are too few',
      (j) => {
        j.featureNamesIn = ['city'];
      },
      '"json.featureNamesIn" must be an array of 5',
    ],
    [
      'a step that is no text',
      (j) => {
        j.transformers[0].transformer = 'keep';
      },
      '"transformers"[0][1] must be a transformer',
    ],
  ])('%s', (_, change, message) => {
    const forged = json();
    change(forged);
    expect(() => ColumnTransformer.fromJSON(forged)).toThrow(message);
  });
});

test('a column twice, and names that come twice, are each kept in their place', () => {
  const table = [
    { a: 'b_c', a_b: 'c', n: 1 },
    { a: 'x', a_b: 'y', n: 5 },
    { a: 'x', a_b: 'c', n: 3 },
  ];
  const transformer = new ColumnTransformer([
    ['texts', [new OneHotEncoder(), new StandardScaler()], ['a', 'a_b']],
    ['twice', new MinMaxScaler(), ['n', 'n']],
  ]).fit(table);
  const plain = new OneHotEncoder().fitTransform(table.map(({ a, a_b }) => [a, a_b]));
  const expected = new StandardScaler().fitTransform(plain).toArray();
  const read = ColumnTransformer.fromJSON(JSON.stringify(transformer));
  for (const each of [transformer, read]) {
    expect(each.transform(table).toArray()).toEqual(expected.map((row, i) => [...row, [0, 1, 0.5][i], [0, 1, 0.5][i]]));
  }
});
