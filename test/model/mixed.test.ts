// Mixed tables from the rows that a user has to a model and back: splits, folds, pipelines, JSON and files.

import { describe, expect, test } from 'vitest';
import { FileFormatError, ValueError } from '../../src/checks/errors.js';
import { joined, layout } from '../../src/files/safetensors.js';
import type { Tensor } from '../../src/files/tensor.js';
import {
  type Cell,
  ColumnTransformer,
  crossValidate,
  decodeSafetensors,
  fromBytes,
  MLPClassifier,
  MLPRegressor,
  OneHotEncoder,
  OrdinalEncoder,
  PiecewiseLinearEncoder,
  Pipeline,
  QuantileTransformer,
  RobustScaler,
  SimpleImputer,
  StandardScaler,
  StratifiedKFold,
  TransformedTargetRegressor,
  toBytes,
  trainTestSplit,
} from '../../src/model/index.js';
import { random } from '../../src/random/random.js';

const rng = random(2);
const cities = ['Oslo', 'Rome', 'Bonn'];
const table = Array.from({ length: 90 }, (_, i) => ({
  city: i % 11 === 0 ? null : cities[i % 3],
  age: i % 7 === 0 ? undefined : 20 + Math.round(rng.rand() * 40),
  member: i % 2 === 0,
  size: ['S', 'M', 'L'][Math.floor(i / 30)],
}));
const y = table.map(({ city, size }) => (city === 'Oslo' || size === 'L' ? 'yes' : 'no'));
const names = ['city', 'age', 'member', 'size'];
const arrays: Cell[][] = table.map((row) => [row.city, row.age, row.member, row.size]);

const columns = (header?: string[]) =>
  new ColumnTransformer(
    [
      [
        'cities',
        [
          new SimpleImputer({ strategy: 'constant', fillValue: 'none' }),
          new OneHotEncoder({ handleUnknown: 'ignore' }),
        ],
        ['city'],
      ],
      ['ages', [new SimpleImputer({ addIndicator: true }), new StandardScaler()], ['age']],
      ['bins', [new SimpleImputer({ strategy: 'median' }), new PiecewiseLinearEncoder({ nBins: 3 })], ['age']],
      ['ranks', [new SimpleImputer(), new QuantileTransformer({ nQuantiles: 20 }), new RobustScaler()], ['age']],
      ['sizes', new OrdinalEncoder({ categories: [['S', 'M', 'L']] }), ['size']],
    ],
    { remainder: 'passthrough', header },
  );
const settings = { hiddenLayerSizes: [6], solver: 'lbfgs', maxIter: 60, background: false } as const;
const pipeline = (header?: string[]) => new Pipeline([columns(header), new MLPClassifier(settings)]);

test('objects, and arrays with a header, give the same bits', async () => {
  const [a, b] = [await pipeline().fit(table, y), await pipeline(names).fit(arrays, y)];
  expect(a.predictProba(table)).toEqual(b.predictProba(arrays));
  expect(a.score(table, y)).toBeGreaterThan(0.95);
  const reordered = table.map(({ size, member, age, city }) => ({ size, member, age, city }));
  expect(a.predict(reordered)).toEqual(a.predict(table));
});

test('trainTestSplit and crossValidate take the rows as they are', async () => {
  const { XTrain, XTest, yTrain, yTest, trainIndices } = trainTestSplit(table, y, { stratify: y, testSize: 30 });
  expect([XTrain.length, XTest.length, yTest.length]).toEqual([60, 30, 30]);
  expect(XTrain[3]).toEqual(table[trainIndices[3]]);
  const model = await pipeline().fit(XTrain, yTrain);
  expect(model.score(XTest, yTest)).toBeGreaterThan(0.8);
  const cv = new StratifiedKFold({ nSplits: 3, shuffle: true });
  const [a, b] = [
    await crossValidate(pipeline(), table, y, { cv }),
    await crossValidate(pipeline(names), arrays, y, { cv }),
  ];
  expect(a.testScore).toEqual(b.testScore);
  expect(Math.min(...a.testScore)).toBeGreaterThan(0.8);
});

test('predictAsync gives the same; a bad row is named by its place in X', async () => {
  const model = await pipeline().fit(table, y);
  const many = Array.from({ length: 3000 }, (_, i) => table[i % 90]);
  expect(await model.predictAsync(many)).toEqual(model.predict(many));
  const bad = many.map((row, i) => (i === 2500 ? { ...row, size: 'XL' } : row));
  await expect(model.predictAsync(bad)).rejects.toThrow(/of the rows \d+ to \d+.*size is "XL", a category/);
  expect(() => model.predict(bad)).toThrow('"X"[2500].size is "XL", a category that fit did not see');
});

test('rows that are changed after the call are learnt as they were', async () => {
  const [a, b] = [pipeline(), pipeline()];
  await a.fit(table, y);
  const rows = table.map((row) => ({ ...row }));
  const fitting = b.fit(rows, y);
  for (const row of rows) row.city = 'Rome';
  await fitting;
  expect(b.predictProba(table)).toEqual(a.predictProba(table));
  const [first, second] = [pipeline(), table.map((row) => ({ ...row }))];
  await first.fit(table, y);
  const waiting = first.predictAsync(table);
  const again = first.fit(second, y);
  for (const row of second) row.age = 1;
  await waiting;
  await again;
  expect(first.predictProba(table)).toEqual(a.predictProba(table));
});

test('a fit that fails leaves pipeline and columns as they were', async () => {
  const model = await pipeline().fit(table, y);
  const before = model.predictProba(table);
  await expect(
    model.fit(
      table.map((row) => ({ ...row, size: 'XL' })),
      y,
    ),
  ).rejects.toThrow('"X"[0].size is "XL"');
  await expect(
    model.fit(
      table.slice(0, 5).map((row) => ({ ...row, size: 'S' })),
      Array(5).fill('yes'),
    ),
  ).rejects.toThrow(ValueError);
  expect(model.predictProba(table)).toEqual(before);
});

describe('written and read', () => {
  test('JSON and files give the same bits, by name', async () => {
    const model = await pipeline().fit(table, y);
    const copies = [Pipeline.fromJSON(JSON.stringify(model)), fromBytes<Pipeline>(toBytes(model))];
    for (const copy of copies) {
      expect(copy.predictProba(table)).toEqual(model.predictProba(table));
      expect(copy.predict([{ size: 'L', city: 'Paris', member: false, age: null }])).toEqual(['yes']);
    }
    expect(toBytes(copies[1] as Pipeline)).toEqual(toBytes(model));
    await copies[1].fit(table, y);
    expect(copies[1].predictProba(table)).toEqual(model.predictProba(table));
  });

  test('each transformer by itself, in a row of them', async () => {
    const X = table.map(({ age }, i) => [age ?? 1, i % 5]);
    const z = X.map(([a, b]) => a + b);
    const steps = [
      new QuantileTransformer({ nQuantiles: 30 }),
      new RobustScaler(),
      new PiecewiseLinearEncoder({ nBins: 4 }),
    ];
    const model = new Pipeline([...steps, new MLPRegressor(settings)]);
    await model.fit(X, z);
    expect(fromBytes<Pipeline<MLPRegressor>>(toBytes(model)).predict(X)).toEqual(model.predict(X));
    const encoded = new Pipeline([new OneHotEncoder(), new MLPClassifier(settings)]);
    await encoded.fit(
      table.map(({ size }) => [size]),
      y,
    );
    expect(fromBytes<Pipeline>(toBytes(encoded)).predict([['L']])).toEqual(['yes']);
  });

  test('steps that do not fit each other are refused, when saved and when read', async () => {
    const model = await new Pipeline([new StandardScaler(), new MLPRegressor(settings)]).fit(
      [
        [1, 2],
        [3, 5],
        [4, 4],
      ],
      [1, 2, 3],
    );
    const wrong = new Pipeline([new StandardScaler().fit([[1], [2]]), model.estimator]);
    expect(() => toBytes(wrong)).toThrow('step 0 gives 1 columns, but the network takes 2');
    const unfitted = new Pipeline([new StandardScaler(), model.estimator]);
    expect(() => toBytes(unfitted)).toThrow('this StandardScaler is not fitted yet');
    const { tensors, metadata } = decodeSafetensors(toBytes(model));
    const { sha256: _, ...rest } = metadata;
    const forged = (change: (scaler: Record<string, unknown>) => void) => {
      const description = JSON.parse(rest.model);
      change(description.scalers[0]);
      const all = new Map(tensors as Map<string, Tensor>);
      return joined(layout(all, { ...rest, model: JSON.stringify(description) }, true));
    };
    expect(fromBytes<Pipeline<MLPRegressor>>(forged(() => {})).predict([[1, 2]])).toEqual(model.predict([[1, 2]]));
    const robust = new RobustScaler({ withCentering: false, withScaling: false }).fit([[1], [2]]).toJSON();
    const wide = { ...robust, cols: 1e9 };
    const clear = (scaler: object) => {
      for (const name of Object.keys(scaler)) Reflect.deleteProperty(scaler, name);
      return scaler;
    };
    const narrow = new StandardScaler().fit([[1], [2]]).toJSON();
    for (const [change, message] of [
      [(scaler: object) => Object.assign(scaler, narrow), 'step 0 gives 1 columns, but the network takes 2'],
      [
        (scaler: object) => Object.assign(scaler, { kind: 'Scaler' }),
        '"model.scalers"[0].kind must be one of StandardScaler',
      ],
      [(scaler: object) => Object.assign(scaler, { mean: [1] }), '"json.mean" must be an array of 2'],
      [
        (scaler: object) => Object.assign(clear(scaler), wide),
        'step 0 gives 1000000000 columns, but the network takes 2',
      ],
    ] as const) {
      expect(() => fromBytes(forged(change))).toThrow(FileFormatError);
      expect(() => fromBytes(forged(change))).toThrow(message);
    }
  });

  test('a pipeline within an engine of its own, and of f32', async () => {
    const model = new Pipeline([columns(), new MLPClassifier({ ...settings, dtype: 'f32' })]);
    await model.fit(table, y);
    expect(fromBytes<Pipeline>(toBytes(model)).predictProba(table)).toEqual(model.predictProba(table));
  });
});

test('what a scaler cannot read says where it is, and what to do', async () => {
  const scaled = new Pipeline([new StandardScaler(), new MLPClassifier(settings)]);
  await expect(scaled.fit(arrays, y)).rejects.toThrow(
    '"X"[1][0] must be a number, got "Rome": OneHotEncoder and OrdinalEncoder',
  );
  const dates = arrays.map((row) => [...row.slice(0, 3), new Date(0)]);
  await expect(crossValidate(scaled, dates, y)).rejects.toThrow(
    '"X"[0][3] is a Date: give a number, as its getTime() is',
  );
  expect(() => trainTestSplit(dates, y)).toThrow('"X"[0][3] is a Date');
  await expect(() => new MLPClassifier(settings).fit(arrays as never, y)).rejects.toThrow('"X"[0][0] must be a number');
});

test('rows to be judged by are mixed, and their targets transformed, as those that are learnt from', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({ city: ['Oslo', 'Rome'][i % 2], age: i % 5 ? 20 + i : null }));
  const y = rows.map(({ city, age }, i) => (city === 'Oslo' ? 1000 : 3000) + 10 * (age ?? 30) + i);
  const regressor = () =>
    new TransformedTargetRegressor({
      regressor: new MLPRegressor({ hiddenLayerSizes: [4], maxIter: 5, earlyStopping: true, background: false }),
      transformer: new StandardScaler(),
    });
  const columns = () =>
    new ColumnTransformer([
      ['city', new OneHotEncoder(), ['city']],
      ['age', new SimpleImputer(), ['age']],
    ]);
  const last = regressor();
  const unseen = { X: rows.slice(30), y: y.slice(30) };
  await new Pipeline([columns(), last]).fit(rows.slice(0, 30), y.slice(0, 30), { validationData: unseen });

  // The same by hand.
  const [table, scaler, plain] = [columns(), new StandardScaler(), regressor().regressor];
  const learnt = scaler.fitTransform(y.slice(0, 30).map((each) => [each]));
  const judged = scaler.transform(unseen.y.map((each) => [each]));
  const X = table.fitTransform(rows.slice(0, 30));
  await plain.fit(X, learnt.data, { validationData: { X: table.transform(unseen.X), y: judged.data } });
  expect((last.regressor as MLPRegressor).validationLoss).toEqual((plain as MLPRegressor).validationLoss);
  expect((plain as MLPRegressor).validationLoss?.length).toBe(5);
});
