// onnxruntime predicts of exported files what the models predict, to 1e-6.

import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, test } from 'vitest';
import { toONNX } from '../../src/export/index.js';
import type { Exportable } from '../../src/export/plan.js';
import type { NetworkOptions } from '../../src/index.js';
import {
  ColumnTransformer,
  MaxAbsScaler,
  MinMaxScaler,
  MLPClassifier,
  MLPRegressor,
  OneHotEncoder,
  Pipeline,
  RobustScaler,
  StandardScaler,
  TransformedTargetRegressor,
} from '../../src/model/index.js';
import { drawn, layersOf, NETWORKS, numbers, people, transformer } from './models.js';

const TOLERANCE = 1e-6;

beforeAll(() => {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
});

type Feeds = Record<string, ort.Tensor>;

async function run(bytes: Uint8Array, feeds: Feeds) {
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  const results = await session.run(feeds);
  await session.release();
  const all = Object.entries(results).map(([name, { data, dims }]) => [name, { data: [...(data as never[])], dims }]);
  return Object.fromEntries(all) as Record<string, { data: unknown[]; dims: number[] }>;
}

const tensor = (X: readonly (readonly number[])[], single = false) => {
  const data = X.flat();
  const dims = [X.length, X[0].length];
  return single
    ? new ort.Tensor('float32', Float32Array.from(data), dims)
    : new ort.Tensor('float64', Float64Array.from(data), dims);
};

/** A table as inputs: gaps are NaN, among texts empty. */
function feedsOf(rows: readonly object[], texts: readonly string[], columns: readonly string[]): Feeds {
  const cells = (name: string) => rows.map((row) => (row as Record<string, unknown>)[name]);
  return Object.fromEntries(
    columns.map((name) => [
      name,
      texts.includes(name)
        ? new ort.Tensor(
            'string',
            cells(name).map((cell) => (cell as string | null) ?? ''),
            [rows.length, 1],
          )
        : tensor(cells(name).map((cell) => [Number(cell ?? Number.NaN)])),
    ]),
  );
}

function checkClose(got: readonly unknown[], wanted: ArrayLike<number>): void {
  expect(got.length).toBe(wanted.length);
  const worst = got.map((x, i) => Math.abs((x as number) - wanted[i]) / Math.max(1, Math.abs(wanted[i])));
  expect(Math.max(...worst)).toBeLessThan(TOLERANCE);
}

/** Of what one sigmoid gives, or what all outputs are. */
const outputsOf = (results: Record<string, { data: unknown[] }>, outputs: number) =>
  results.variable?.data ?? results.probabilities.data.filter((_, i) => outputs > 1 || i % 2 === 1);

describe('networks', () => {
  const X = numbers(25, 4, 1);

  test.each(Object.entries(NETWORKS))('%s', async (_, options) => {
    const net = drawn({ ...options, dtype: 'f64' });
    const results = await run(toONNX(net).bytes, { X: tensor(X) });
    checkClose(outputsOf(results, net.outputs), net.forward(X).data);
  });

  test('all activations, one behind the other, in f32', async () => {
    const layers = Object.values(NETWORKS).flatMap(({ layers }): unknown[] =>
      layers.filter((layer) => Object(layer).activation && Object(layer).activation !== 'softmax'),
    );
    expect(layers.length).toBeGreaterThan(15);
    const net = drawn({ inputs: 4, layers, dtype: 'f32' } as NetworkOptions);
    net.parameters = Array.from(net.parameters, (x) => x / 3);
    const results = await run(toONNX(net).bytes, { X: tensor(X, true) });
    checkClose(outputsOf(results, net.outputs), net.forward(X).data);
  });

  test('an embedding, and norms, in f32', async () => {
    const layers = [
      { kind: 'embedding', column: 1, categories: 4, units: 2 },
      { kind: 'layerNorm' },
      { kind: 'batchNorm' },
      2,
    ];
    const net = drawn({ inputs: 3, layers, dtype: 'f32' } as NetworkOptions);
    const rows = [0, 1, 2, 3, 1].map((i) => [i / 3, i, -i]);
    const { bytes, warnings } = toONNX(net);
    checkClose((await run(bytes, { X: tensor(rows, true) })).variable.data, net.forward(rows).data);
    expect(warnings).toEqual([
      expect.stringContaining("column 1 of the network's inputs must hold integers from 0 to 3"),
    ]);
  });
});

describe('models', () => {
  const columns = transformer();
  const table = people(60, 8);
  const used = ['age', 'size', 'income', 'flag', 'city', 'floor'];
  const feeds = feedsOf(table, ['city'], used);

  test.each([
    ['texts', ['no', 'perhaps', 'yes'], 'f64'],
    ['two of them', ['a', 'b'], 'f32'],
    ['flags', [false, true], 'f64'],
    ['integers', [-1, 0, 7], 'f32'],
  ] as const)('labels that are %s, from a mixed table', async (_, classes, dtype) => {
    const weights = layersOf(columns.nFeaturesOut, [5, classes.length === 2 ? 1 : 3]);
    const end = MLPClassifier.from({ ...weights, classes: classes as never, dtype });
    const model = new Pipeline([columns, end]);
    const { bytes, warnings } = toONNX(model as unknown as Exportable, { schema: { target: { name: 'y' } } });
    expect(warnings).toEqual([
      'the model makes nothing of note, which are no inputs',
      'city: ONNX has no gaps among texts, so an empty text stands for one',
    ]);
    const { label, probabilities } = await run(bytes, feeds);
    checkClose(probabilities.data, model.predictProba(table).data);
    expect(probabilities.dims).toEqual([60, classes.length]);
    const found = label.data.map((each) => (typeof each === 'bigint' ? Number(each) : each));
    expect(typeof classes[0] === 'boolean' ? found.map(Boolean) : found).toEqual(model.predict(table));
  });

  test('several labels at once', async () => {
    const model = MLPClassifier.from({ ...layersOf(2, [3]), multilabel: true });
    const X = numbers(20, 2, 1);
    const { label, probabilities } = await run(toONNX(model).bytes, { X: tensor(X) });
    expect(label.data.map(Number)).toEqual(model.predict(X).flat());
    checkClose(probabilities.data, model.predictProba(X).data);
  });

  test('scalers over matrices, targets transformed', async () => {
    const X = numbers(30, 3);
    const y = X.map(([a, b]) => [1000 + a * b, a]);
    const steps = [new RobustScaler(), new MinMaxScaler({ clip: true }), new MaxAbsScaler()];
    for (const scaler of [new StandardScaler(), new MinMaxScaler()]) {
      const regressor = new MLPRegressor({ hiddenLayerSizes: 3, maxIter: 2, background: false });
      const model = new Pipeline([
        ...steps,
        new TransformedTargetRegressor({ regressor, transformer: scaler }),
      ] as never);
      await model.fit(X, y as never);
      const { variable } = await run(toONNX(model as unknown as Exportable).bytes, { X: tensor(X) });
      checkClose(variable.data, (model.predict(X) as unknown as { data: Float64Array }).data);
    }
  });

  test('one hot: what is dropped, infrequent, unknown, a gap; numbers and flags', async () => {
    const seen = people(80).map(({ city, floor, flag }, i) => ({
      city: i > 70 ? 'rare' : city,
      floor: i === 3 ? null : floor,
      flag,
    }));
    const rows = [...seen, { city: 'never', floor: 77, flag: true }, { city: null, floor: null, flag: false }];
    for (const options of [
      { handleUnknown: 'infrequentIfExist', maxCategories: 3 },
      { handleUnknown: 'infrequentIfExist', maxCategories: 1 },
      { handleUnknown: 'ignore', drop: 'ifBinary', minFrequency: 12 },
      { handleUnknown: 'infrequentIfExist', drop: 'first', minFrequency: 0.2 },
    ] as const) {
      const all = ['city', 'floor', 'flag'];
      const columns = new ColumnTransformer([['all', new OneHotEncoder(options), all]]).fit(seen);
      const model = new Pipeline([columns, MLPRegressor.from(layersOf(columns.nFeaturesOut, [2]))]);
      const { bytes } = toONNX(model as unknown as Exportable);
      const { variable } = await run(bytes, feedsOf(rows, ['city'], all));
      checkClose(variable.data, (model.predict(rows) as unknown as { data: Float64Array }).data);
    }
  });

  test('categories that are unknown, and names that ONNX has not', async () => {
    const rows = ['a', 'b', 'a', 'c'].map((label, i) => ({ label, '': i, X: i % 2 }));
    const parts = new ColumnTransformer([
      ['one', new OneHotEncoder(), ['label']],
      ['two', 'passthrough', ['', 'X']],
    ]).fit(rows);
    const model = new Pipeline([parts, MLPRegressor.from(layersOf(5, [1]))]);
    const { bytes, warnings } = toONNX(model as unknown as Exportable);
    expect(warnings).toEqual([
      'the column without a name is the input "column"',
      'label: a category that fit did not see is all zeros, where the model refuses it',
    ]);
    const { ...feeds } = feedsOf(rows, ['label'], ['label', 'X']);
    const results = await run(bytes, { ...feeds, column: tensor([[0], [1], [2], [3]]) });
    checkClose(results.variable.data, model.predict(rows));
  });
});
