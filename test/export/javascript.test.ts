// Exported modules predict the bits that the models predict.

import { describe, expect, test } from 'vitest';
import { toJavaScript, toTypes } from '../../src/export/index.js';
import type { Exportable } from '../../src/export/plan.js';
import {
  ColumnTransformer,
  MaxAbsScaler,
  MinMaxScaler,
  MLPClassifier,
  MLPRegressor,
  NetworkEstimator,
  OneHotEncoder,
  Pipeline,
  QuantileTransformer,
  RobustScaler,
  SimpleImputer,
  StandardScaler,
  TransformedTargetRegressor,
} from '../../src/model/index.js';
import { load, type Module } from './load.js';
import { type AnyDtype, drawn, layersOf, NETWORKS, numbers, people, transformer } from './models.js';

const DTYPES: AnyDtype[] = ['f64', 'f32'];

interface Predicts {
  predict(rows: unknown): unknown;
  predictProba?(rows: unknown): { toArray(): number[][] };
}

const plain = (value: unknown): unknown => {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  return Array.isArray(value) ? value : (value as { toArray(): unknown }).toArray();
};

/** That both say the same of rows, of the first one alone too. */
function checkSame(model: Exportable, rows: readonly unknown[], notes?: unknown): Module {
  const module = load(toJavaScript(model, notes));
  const of = model as unknown as Predicts;
  for (const some of [rows, rows.slice(0, 1)]) {
    expect(module.predict(some)).toEqual(plain(of.predict(some)));
    if (module.classes) expect(module.predictProba(some)).toEqual(of.predictProba?.(some).toArray());
  }
  return module;
}

describe.each(DTYPES)('%s', (dtype) => {
  const rows = [...numbers(130, 4), [0, -0, 0, -0], [1e300, 1, 1, 1].map((x) => Math.min(x, 1e30))];

  test.each(Object.entries(NETWORKS))('%s', (_, options) => {
    const net = drawn({ ...options, dtype });
    const module = load(toJavaScript(net));
    const finite = rows.filter((row) => net.forward([row]).data.every(Number.isFinite));
    expect(finite.length).toBeGreaterThan(60);
    checkSame(new NetworkEstimator(net), finite);
    expect(module.columns).toEqual(['x0', 'x1', 'x2', 'x3']);
  });

  test('an embedding, which refuses what is none of its integers', () => {
    const net = drawn({ inputs: 3, dtype, layers: [{ kind: 'embedding', column: 1, categories: 4, units: 2 }, 2] });
    const module = checkSame(
      net as Exportable,
      [0, 1, 2, 3].map((i) => [i / 3, i, -i]),
    );
    for (const wrong of [4, -1, 0.5]) {
      expect(() => net.forward([[1, wrong, 1]])).toThrow(`column 1 of its inputs holds ${wrong}`);
      expect(() => module.predict([[1, wrong, 1]])).toThrow(
        `"layers[0]" embeds integers from 0 to 3: column 1 of its inputs holds ${wrong}`,
      );
    }
  });

  test('labels of every kind, from a mixed table', () => {
    const columns = transformer();
    const table = people(150, 8);
    const inputs = columns.nFeaturesOut;
    const all = [
      ['a', 'b'],
      ['no', 'perhaps', 'yes, "quoted" </script>'],
      [false, true],
      [-1, 0, 7],
    ];
    for (const classes of all) {
      const end = MLPClassifier.from({
        ...layersOf(inputs, [5, classes.length === 2 ? 1 : 3]),
        classes,
        dtype,
      } as never);
      const module = checkSame(new Pipeline([columns, end]) as unknown as Exportable, table);
      expect(module.classes).toEqual(classes);
      expect(module.columns).toEqual(['age', 'size', 'income', 'flag', 'city', 'floor', 'note']);
      expect(new Set(module.predict(table)).size).toBeGreaterThan(1);
    }
    const several = MLPClassifier.from({ ...layersOf(inputs, [3]), multilabel: true, dtype });
    checkSame(new Pipeline([columns, several]) as unknown as Exportable, table);
  });

  test('numbers, one or several, and quantiles; targets transformed', async () => {
    const X = numbers(30, 2);
    const one = MLPRegressor.from({ ...layersOf(2, [3, 1]), dtype });
    checkSame(one, X);
    checkSame(MLPRegressor.from({ ...layersOf(2, [3, 2]), dtype }), X);
    const y = X.map(([a, b]) => 1000 + a * b);
    const short = { hiddenLayerSizes: 3, maxIter: 2, background: false, dtype };
    for (const scaler of [new StandardScaler(), new MinMaxScaler(), new RobustScaler(), new MaxAbsScaler()]) {
      for (const targets of [y, y.map((t) => [t]), y.map((t, i) => [t, i])]) {
        const model = new TransformedTargetRegressor({ regressor: new MLPRegressor(short), transformer: scaler });
        await model.fit(X, targets as number[]);
        checkSame(model as Exportable, X);
      }
    }
    const quantiles = new MLPRegressor({ ...short, loss: 'pinball', quantiles: [0.1, 0.5, 0.9] });
    const model = new TransformedTargetRegressor({ regressor: quantiles, transformer: new StandardScaler() });
    await model.fit(X, y);
    checkSame(model as unknown as Exportable, X);
  });

  test('scalers over matrices, one after the other, of either dtype', () => {
    const X = numbers(40, 3);
    const single = { rows: 40, cols: 3, data: Float32Array.from(X.flat()) };
    const end = MLPRegressor.from({ ...layersOf(3, [4, 1]), dtype });
    for (const fitted of [X, single]) {
      const steps = [
        new RobustScaler(),
        new MinMaxScaler({ featureRange: [-1, 2], clip: true }),
        new MaxAbsScaler(),
        new StandardScaler({ withMean: false }),
      ];
      let given: unknown = fitted;
      for (const step of steps) given = step.fit(given as never).transform(given as never);
      const model = new Pipeline([...steps, end] as never) as unknown as Exportable;
      checkSame(model, X);
      checkSame(
        model,
        X.map((row, i) => (i % 5 === 1 ? row : Float32Array.from(row))),
      );
    }
  });
});

test('one hot: what is dropped, infrequent, unknown, a gap; numbers and flags; in f32', () => {
  const rows = people(80).map(({ city, floor, flag }) => [city, floor, flag]);
  const seen = rows.map(([city, floor, flag], i) => [i > 70 ? 'rare' : city, i === 3 ? null : floor, flag]);
  for (const options of [
    { handleUnknown: 'infrequentIfExist', maxCategories: 3 },
    { handleUnknown: 'ignore', drop: 'ifBinary', minFrequency: 12 },
    { handleUnknown: 'infrequentIfExist', drop: 'first', minFrequency: 0.2, dtype: 'f32' },
    { handleUnknown: 'ignore', sparse: true },
  ] as const) {
    const encoder = new OneHotEncoder(options).fit(seen);
    const columns = new ColumnTransformer([
      ['all', [new OneHotEncoder(options), new StandardScaler({ withMean: false })], [0, 1, 2]],
    ]);
    columns.fit(seen);
    expect(columns.nFeaturesOut).toBe(encoder.nFeaturesOut);
    const model = new Pipeline([columns, MLPRegressor.from(layersOf(encoder.nFeaturesOut, [2]))]);
    checkSame(model as unknown as Exportable, [...seen, ['never', 77, true], [null, null, false]]);
  }
});

describe('what the model refuses', () => {
  const columns = transformer();
  const model = new Pipeline([columns, MLPRegressor.from(layersOf(columns.nFeaturesOut, [4, 1]))]);
  const module = load(toJavaScript(model as unknown as Exportable));
  const [person] = people(1);
  const rowWith = (change: object) => [person, { ...person, ...change }];

  test.each([
    ['infinity', { size: Infinity }, '"rows"[1].size is Infinity'],
    ['a text as a number', { size: '170' }, '"rows"[1].size must be a number, got "170"'],
    ['a date', { age: new Date(0) }, '"rows"[1].age must be a number, a text, a flag or a gap, got object'],
    ['a number as a text', { city: 3 }, '"rows"[1].city is 3, but fit saw strings there'],
    ['mixed kinds', { floor: 'ground' }, 'column "floor" of "rows" mixes kinds: row 1 has "ground", not a number'],
    ['a gap that nothing fills', { size: null }, 'the output for row 1 of "rows" is NaN'],
  ])('%s', (_, change, message) => {
    expect(() => model.predict(rowWith(change))).toThrow();
    expect(() => module.predict(rowWith(change))).toThrow(message);
  });

  test('columns that are missing, rows that are none', () => {
    const { city: _, ...without } = person;
    expect(() => module.predict([without])).toThrow(
      '"rows"[0] has no "city", which the model needs: write null for a gap',
    );
    const { note: __, ...unread } = person;
    expect(module.predict([unread])).toEqual(Array.from(model.predict([unread])));
    expect(() => module.predict([[1, 2]])).toThrow('"rows"[0] has 2 columns, but 7 were fitted');
    expect(() => module.predict([5])).toThrow('"rows"[0] must be an object or an array, got 5');
    expect(() => module.predict(person as never)).toThrow('"rows" must be an array of rows, got object');
    expect(module.predict([])).toEqual([]);
    const reordered = Object.fromEntries(Object.entries(person).reverse());
    expect(module.predict([{ ...reordered, extra: 1 }, Object.values(person)])).toEqual(
      Array.from(model.predict([person, person])),
    );
  });

  test('an unknown category, if the encoder does', () => {
    const strict = new ColumnTransformer([['city', new OneHotEncoder(), [0]]]).fit([['a'], ['b']]);
    const refusing = new Pipeline([strict, MLPRegressor.from(layersOf(2, [1]))]);
    const module = checkSame(refusing as unknown as Exportable, [['b'], ['a']]);
    expect(() => module.predict([['b'], ['c']])).toThrow('"rows"[1].x0 is "c", a category that fit did not see');
  });

  test('numbers alone where there are no transformers', () => {
    const module = load(toJavaScript(drawn({ inputs: 2, layers: [1] })));
    expect(() => module.predict([[1, null]])).toThrow('"rows"[0].x1 must be a number, got null');
    expect(() => module.predict([[1, Infinity]])).toThrow('the output for row 0 of "rows" is');
  });
});

test('names out of notes, where the model has none', () => {
  const net = drawn({ inputs: 2, layers: [1] });
  const notes = { schema: { columns: [{ name: 'a b' }, { name: '__proto__' }], target: { name: 'y' } } };
  const module = load(toJavaScript(net, notes));
  expect(module.columns).toEqual(['a b', '__proto__']);
  const row = JSON.parse('{"__proto__": 3, "a b": 2}');
  expect(module.predict([row])).toEqual(Array.from(net.forward([[2, 3]]).data));
  for (const odd of [null, 3, { schema: { columns: [1, 2] } }, { schema: { columns: [{ name: 'a' }] } }]) {
    expect(load(toJavaScript(net, odd)).columns).toEqual(['x0', 'x1']);
  }
});

test('parameters of all bits, short ones in digits', () => {
  const odd = [5e-324, -0, 2 ** -1074 * 3, 1.7976931348623157e308, Math.PI, -1 / 3, 1e-45, 0.1];
  for (const dtype of DTYPES) {
    for (const numbers of [odd, odd.map((_, i) => i / 4), odd.map(() => 0)]) {
      const net = drawn({ inputs: 1, dtype, layers: [{ units: 4 }] });
      net.parameters = numbers.map((x) => (dtype === 'f32' && x > 1e300 ? 3.4028234663852886e38 : x));
      const text = toJavaScript(net);
      expect(text.includes('[0,.25')).toBe(numbers[1] === 0.25);
      const module = load(text);
      expect(module.predict([[1], [0], [-1]])).toEqual(net.forward([[1], [0], [-1]]).toArray());
    }
  }
});

test('sizes: a model has what it needs', () => {
  const columns = transformer();
  const size = (model: unknown) => toJavaScript(model as Exportable).length;
  const classifier = MLPClassifier.from({ ...layersOf(2, [1]), classes: ['a', 'b'] });
  expect(size(classifier)).toBeLessThan(6000);
  const mixed = new Pipeline([
    columns,
    MLPClassifier.from({ ...layersOf(columns.nFeaturesOut, [3]), classes: ['a', 'b', 'c'] }),
  ]);
  expect(size(mixed)).toBeLessThan(12_000);
  const everything = {
    inputs: 4,
    layers: Object.values(NETWORKS).flatMap(({ layers }) =>
      layers.filter((l) => Object(l).kind === undefined && Object(l).activation !== 'softmax'),
    ),
  };
  expect(size(drawn(everything as never))).toBeLessThan(30_000);
});

test('declarations', () => {
  const columns = transformer();
  const model = new Pipeline([
    columns,
    MLPClassifier.from({ ...layersOf(columns.nFeaturesOut, [1]), classes: ['a', 'b'] }),
  ]);
  const types = toTypes(model as unknown as Exportable);
  expect(types).toContain('  readonly "age": number | boolean | null | undefined;');
  expect(types).toContain('  readonly "size": number | boolean;');
  expect(types).toContain('  readonly "city": string | null | undefined;');
  expect(types).toContain('  readonly "note"?: unknown;');
  expect(types).toContain('): ("a" | "b")[];');
  expect(toTypes(drawn({ inputs: 2, layers: [3] }))).toContain('): number[][];');
});

test('what cannot be exported is refused by name', () => {
  const end = MLPRegressor.from(layersOf(1, [1]));
  const X = [[1], [2], [3]];
  const of = (step: never) => new Pipeline([step, end]) as unknown as Exportable;
  expect(() => toJavaScript(of(new QuantileTransformer().fit(X) as never))).toThrow(
    'step 0 of the pipeline has QuantileTransformer, which cannot be exported: known are StandardScaler',
  );
  const inner = new ColumnTransformer([['part', [new SimpleImputer(), new QuantileTransformer()], [0]]]).fit(X);
  expect(() => toJavaScript(of(inner as never))).toThrow('the part "part" has QuantileTransformer');
  expect(() => toJavaScript(new MLPRegressor())).toThrow('not fitted');
  expect(() => toJavaScript({} as never)).toThrow('"model" ends in');
});
