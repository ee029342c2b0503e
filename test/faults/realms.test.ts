// Another realm is another window, vm context or Jest test: it has an Array, a Float64Array and an Error of its own, to which
// `instanceof` is blind. What comes from there is taken as what comes from here.

import { readdirSync, readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import * as built from 'bitgrad';
import { train } from 'bitgrad/train';
import { describe, expect, test } from 'vitest';
import type { MatrixInput } from '../../src/index.js';
import * as automatic from '../../src/index.js';
import '../../src/layers/index.js';
import * as model from '../../src/model/index.js';
import { entries } from '../support/backends.js';

type Realm = typeof globalThis;

const context = createContext({ AbortController, SharedArrayBuffer, WebAssembly: undefined });
const other = runInContext('globalThis', context) as Realm;
const module = (name: string) => readFileSync(new URL(`../../build/${name}.wasm`, import.meta.url));
const MODULES = { core: module('core'), layers: module('layers'), training: module('training') };

/** Arrays and plain objects, with all that is in them, made in a realm; typed arrays become those of the realm. */
function madeIn<T>(realm: Realm, value: T): T {
  if (ArrayBuffer.isView(value)) {
    const Kind = realm[value.constructor.name as 'Float64Array'];
    return Kind.from(value as unknown as Float64Array) as T;
  }
  if (Array.isArray(value)) return realm.Array.from(value, (each) => madeIn(realm, each)) as T;
  if (typeof value !== 'object' || value === null || ![Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    return value;
  }
  return realm.Object.fromEntries(Object.entries(value).map(([key, each]) => [key, madeIn(realm, each)])) as T;
}

/** Results as plain data of this realm. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, each) => (ArrayBuffer.isView(each) ? Array.from(each as Float64Array) : each)) ?? 'null',
  );

/** The same result, whichever realm the arguments come from. */
async function expectSame(run: (make: <T>(value: T) => T) => unknown): Promise<void> {
  const here = plain(await run((value) => value));
  expect(here).not.toBeNull();
  expect(plain(await run((value) => madeIn(other, value)))).toEqual(here);
}

const rows = [
  [0, 1],
  [1, 0],
  [1, 1],
  [0.5, 2],
];
const flat = { rows: 4, cols: 2, data: Float64Array.from(rows.flat()) };
const typed = rows.map((row) => Float64Array.from(row));
const bytes = { rows: 4, cols: 2, data: Uint8Array.of(0, 1, 1, 0, 1, 1, 0, 2) };
const y = [0, 1, 1, 0];
const shape = { inputs: 2, layers: [{ units: 3, activation: 'tanh' as const }, 1], seed: 1 };
const options = { epochs: 3, batchSize: 2, seed: 1, optimizer: { name: 'adam' as const }, metrics: ['mae' as const] };
const settings = { hiddenLayerSizes: [3], maxIter: 3, randomState: 1, background: false };

test('the other realm is another one', () => {
  expect(madeIn(other, [1])).not.toBeInstanceOf(Array);
  expect(madeIn(other, flat)).not.toBeInstanceOf(Object);
  expect(madeIn(other, flat).data).not.toBeInstanceOf(Float64Array);
  expect(madeIn(other, flat).data).toBeInstanceOf(other.Float64Array);
});

describe.each(entries)('%s', (_, entry) => {
  const { engine, Matrix } = entry;

  test('functions', async () => {
    for (const X of [rows, flat, typed, bytes, { ...flat, data: Float32Array.from(flat.data) }]) {
      await expectSame((make) => [
        engine.sigmoid(make(X)),
        engine.matmul(make(X), make(X), make({ transposeB: true })),
        engine.mseLoss(make(X), make(X)),
      ]);
    }
    for (const Kind of [Float64Array, Float32Array]) {
      const x = Kind.of(1, 2, 3);
      await expectSame((make) => [
        engine.sigmoid(make(x)),
        engine.dot(make(x), make(x)),
        engine.dot(make([1, 2, 3]), make(x)),
      ]);
      await expectSame((make) => {
        const out = make(new Kind(3));
        engine.sigmoidInto(make(x), out);
        engine.sigmoidDerivativeInto(out, out);
        return out;
      });
    }
    await expectSame((make) => engine.sigmoid(make({ rows: 1, cols: 2, data: Uint8ClampedArray.of(1, 2) })));
    await expectSame((make) =>
      engine.forwardAndBackward(make(flat), make([[0], [1], [1], [0]]), make([[1], [2]]), make([[1]])),
    );
    await expectSame((make) => [
      Matrix.from(make(flat)),
      Matrix.from(make(flat.data), make([4, 2]), make({ dtype: 'f32' })),
    ]);
    await expectSame((make) => new Matrix(4, 2, make(flat.data)).transpose());
    await expectSame((make) => engine.matrix(make(flat), make({ dtype: 'f32' })).toArray());
  });

  test('networks', async () => {
    for (const X of [rows, flat, typed, bytes]) {
      for (const targets of [y, Float64Array.from(y), y.map((each) => [each])]) {
        await expectSame((make) => {
          const net = engine.network(make(shape));
          const weighted = make({ sampleWeight: Float64Array.of(1, 2, 1, 2) });
          return [
            net.forward(make(X)),
            net.loss(make(X), make(targets)),
            net.gradients(make(X), make(targets), weighted),
          ];
        });
      }
    }
    await expectSame((make) => {
      const net = engine.network(
        make({ inputs: 2, layers: [{ units: 1, weights: [[1], [2]], biases: Float64Array.of(1) }] }),
      );
      net.parameters = make(Float64Array.of(3, 4, 5));
      return [net.forward(make(rows)), engine.Network.fromJSON(make(net.toJSON())).forward(rows)];
    });
  });
});

// As built: a worker has its own file there.
describe('as built', () => {
  test('training', async () => {
    for (const background of [false, true]) {
      for (const [X, targets] of [
        [rows, y],
        [flat, Float64Array.from(y)],
        [typed, y],
      ] as const) {
        await expectSame(async (make) => {
          const net = built.network(shape);
          const validationData = { X: rows, y };
          const history = await net.fit(make(X), make(targets), make({ ...options, background, validationData }));
          return [net.parameters, history.loss, history.validationLoss];
        });
      }
    }
    await expectSame(async (make) => {
      const net = built.network(shape);
      const blocks = make([{ X: flat, y, sampleWeight: Float32Array.of(1, 2, 1, 1) }]);
      await train(net, () => blocks, make({ ...options, metrics: [], background: false }));
      return net.parameters;
    });
  });

  test('errors and signals', async () => {
    const net = built.network(shape);
    const { signal } = runInContext(
      '(() => { const c = new AbortController(); c.abort(new Error("stopped there")); return c; })()',
      context,
    );
    await expect(net.fit(rows, y, { ...options, signal })).rejects.toThrow('stopped there');
    for (const background of [false, true]) {
      const onEpoch = runInContext('(function () { throw new RangeError("thrown there"); })', context);
      await expect(net.fit(rows, y, { ...options, background, onEpoch })).rejects.toThrow('thrown there');
      const later = runInContext('(async () => { await 0; return false; })', context);
      const { epochs } = await net.fit(rows, y, { ...options, background, onEpoch: later });
      expect(epochs).toBe(1);
    }
  });
});

test('modules and bytes for engines, of each kind of buffer', async () => {
  const there = runInContext('globalThis', createContext({ WebAssembly: undefined })) as Realm;
  const compiled = runInContext('(bytes) => new WebAssembly.Module(bytes)', createContext({}));
  const copies = Object.entries(MODULES).map(([name, each]) => [name, there.Uint8Array.from(each)] as const);
  const { core, ...more } = Object.fromEntries(copies);
  const given = [core, core.buffer, new there.DataView(core.buffer), compiled(MODULES.core), { core, ...more }];
  given.push(there.Object.fromEntries(Object.entries(MODULES).map(([name, each]) => [name, compiled(each)])));
  for (const each of given) {
    expect(automatic.createEngine({ module: each }).sigmoid(0)).toBe(0.5);
    const engine = await automatic.createEngineAsync({ module: each });
    expect([engine.backend, engine.sigmoid(0)]).toEqual(['wasm', 0.5]);
  }
});

test('estimators', async () => {
  for (const X of [rows, flat, typed]) {
    await expectSame(async (make) => {
      const regressor = new model.MLPRegressor(make(settings));
      await regressor.fit(make(X), make(Float64Array.from(y)), make({ sampleWeight: Float64Array.of(1, 2, 1, 1) }));
      const pipeline = new model.Pipeline(make([new model.StandardScaler(), new model.MLPClassifier(make(settings))]));
      await pipeline.fit(make(X), make(['a', 'b', 'b', 'a']));
      const loaded = model.fromBytes(make(model.toBytes(pipeline))) as unknown as typeof pipeline;
      const again = model.Pipeline.fromJSON(make(pipeline.toJSON()));
      return [
        regressor.predict(make(X)),
        regressor.score(make(X), make(y)),
        await regressor.predictAsync(make(X)),
        pipeline.predict(make(X)),
        loaded.predictProba(make(X)),
        again.predictProba(make(X)),
      ];
    });
  }
  await expectSame((make) =>
    model.MLPRegressor.from(
      make({ coefs: [[Float32Array.of(2), Float32Array.of(3)]], intercepts: [Float32Array.of(1)] }),
    ).predict(make([[10, 100]])),
  );
  let calls = 0;
  const scaler = {
    fit() {},
    transform: (X: MatrixInput) =>
      calls++ < 2 ? automatic.Matrix.from(X) : runInContext('throw new TypeError("thrown there")', context),
  };
  const pipeline = new model.Pipeline([scaler, new model.MLPRegressor(settings)]);
  await pipeline.fit(rows, y);
  await expect(pipeline.predictAsync(rows)).rejects.toThrow(/of the rows 1 to \d, counted from 0: thrown there/);
});

test('scalers, encoders, splits and metrics', async () => {
  for (const X of [rows, flat, typed]) {
    await expectSame((make) => {
      const scaled = [new model.StandardScaler(), new model.MinMaxScaler()].map((each) =>
        each.fit(make(X)).transform(make(X)),
      );
      const encoded = new model.OneHotEncoder().fit(make(X)).transform(make(X));
      return [scaled, encoded, model.takeRows(make(X), make([2, 0]))];
    });
  }
  const mixed: [model.TableInput, (number | string)[]][] = [
    [
      [
        ['a', 1],
        ['b', null],
        ['a', 4],
      ],
      [0, 1],
    ],
    [
      [
        { name: 'a', size: 1 },
        { name: 'b', size: null },
        { name: 'a', size: 4 },
      ],
      ['name', 'size'],
    ],
  ];
  for (const [table, [name, size]] of mixed) {
    await expectSame((make) => {
      const parts: model.ColumnPart[] = [
        ['names', new model.OneHotEncoder(), [name]],
        ['sizes', new model.SimpleImputer(), size],
      ];
      const columns = new model.ColumnTransformer(make(parts) as model.ColumnPart[]).fit(make(table));
      return [columns.transform(make(table)), model.takeRows(make(table), make([2, 0]))];
    });
  }
  for (const Kind of [Array, Float64Array, Float32Array, Int32Array, Uint8Array] as (typeof Float64Array)[]) {
    await expectSame((make) => {
      const [truth, guess] = [make(Kind.from([0, 1, 1, 0])), make(Kind.from([0, 1, 0, 0]))];
      const [f1, r2] = [model.f1Score(truth, guess), model.r2Score(truth, guess, make({ sampleWeight: [1, 2, 3, 4] }))];
      const split = model.trainTestIndices(4, make({ testSize: 2, shuffle: false }), automatic.random(1));
      return [
        f1,
        r2,
        model.accuracyScore(truth, guess),
        model.confusionMatrix(truth, guess),
        model.takeRows(truth, [1]),
        split,
      ];
    });
  }
  await expectSame((make) => new model.LabelEncoder().fit(make(['b', 'a'])).transform(make(['a', 'b'])));
  await expectSame((make) => new model.LabelBinarizer().fit(make([2, 1, 3])).transform(make(Int16Array.of(1, 3))));
  await expectSame((make) => model.rocAucScore(make([0, 1, 1, 0]), make(Float64Array.of(0.1, 0.8, 0.4, 0.5))));
});

test('files', async () => {
  const net = automatic.network(shape);
  const state = model.toStateDict(net);
  const file = model.encodeSafetensors(state);
  const there = other.Uint8Array.from(file);
  for (const each of [there, there.buffer, new other.DataView(there.buffer)]) {
    expect(plain(Object.fromEntries(model.decodeSafetensors(each).tensors))).toEqual(plain(Object.fromEntries(state)));
  }
  const moved = new other.Map([...state].map(([name, tensor]) => [name, madeIn(other, tensor)]));
  expect(model.encodeSafetensors(moved)).toEqual(file);
  const copy = automatic.network({ ...shape, seed: 2 });
  model.fromStateDict(copy, moved);
  expect(copy.parameters).toEqual(net.parameters);
});

describe('nothing passes for an array that is none', () => {
  const forged = [
    Object.create(Float64Array.prototype),
    { [Symbol.toStringTag]: 'Float64Array', length: 2, 0: 1, 1: 2 },
    Object.defineProperty(Int8Array.of(1, 2), Symbol.toStringTag, { value: 'Float64Array' }),
    new Proxy(Float64Array.of(1, 2), {}),
  ];
  test.each(forged.map((each, i) => [i, each]))('%i', (_, data) => {
    for (const [, { sigmoid, Matrix }] of entries) {
      expect(() => sigmoid({ rows: 1, cols: 2, data })).toThrow(automatic.BitgradError);
      expect(() => new Matrix(1, 2, data)).toThrow(automatic.DtypeError);
      expect(() => sigmoid([data])).toThrow(automatic.BitgradError);
    }
  });

  test('nor is one refused for what is written on it', () => {
    const data = Object.defineProperty(Float64Array.of(0), Symbol.toStringTag, { value: 'Int8Array' });
    class Mine extends Float64Array {}
    for (const [, { sigmoid }] of entries) {
      expect(sigmoid({ rows: 1, cols: 1, data }).get(0, 0)).toBe(0.5);
      expect(sigmoid({ rows: 1, cols: 1, data: Mine.of(0) }).get(0, 0)).toBe(0.5);
    }
  });
});

/** What a language and its hosts have; `instanceof` is for classes of this package alone. */
const BUILT_IN = Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Z]/.test(name));

test('src asks nothing for its built-in class', () => {
  const src = new URL('../../src/', import.meta.url);
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const names = BUILT_IN.join('|');
  const asks = new RegExp(
    `(\\binstanceof (?:globalThis\\.|WebAssembly\\.)?|\\.constructor [!=]==? |\\bgetPrototypeOf\\([^)]*\\) [!=]==? )(${names})\\b`,
  );
  expect(BUILT_IN).toEqual(expect.arrayContaining(['Array', 'Error', 'Float64Array', 'Promise', 'WebAssembly']));
  expect('data instanceof Float64Array').toMatch(asks);
  expect('data.constructor === Float64Array').toMatch(asks);
  const found = files.flatMap((file) =>
    readFileSync(new URL(file.replaceAll('\\', '/'), src), 'utf8')
      .split('\n')
      .filter((line) => asks.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(found).toEqual([]);
});
