// Training on sparse rows, through the built package: the bits and the histories of the dense rows, wherever it runs and however it
// is cut.

import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from 'bitgrad';
import { crossValidate, MLPClassifier, MLPRegressor, Pipeline } from 'bitgrad/model';
import { type FitOptions, SparseMatrix, train } from 'bitgrad/train';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { random } from '../../src/random/random.js';
import { expectSameBits } from '../support/backends.js';

const ROWS = 500;
const COLS = 60;

function setOf(rows: number, cols: number, density: number, seed: number) {
  const rng = random(seed);
  const dense = Array.from({ length: rows }, (_, i) =>
    // Rows of very different lengths.
    Array.from({ length: cols }, () => (rng.rand() < density * (i % 7 ? 1 : 3) ? rng.rand() - 0.5 : 0)),
  );
  const y = dense.map((row) => (row.reduce((sum, x, j) => sum + x * Math.sin(j), 0) > 0 ? 1 : 0));
  return { dense, X: SparseMatrix.fromDense(dense), y };
}

const data = setOf(ROWS, COLS, 0.1, 1);
const held = setOf(70, COLS, 0.1, 2);

const bits = ({ parameters }: { parameters: Float64Array | Float32Array }) =>
  createHash('sha256').update(parameters.slice()).digest('hex');
const timeless = ({ seconds: _, totalSeconds: __, ...rest }: { seconds: unknown; totalSeconds: unknown }) => rest;

describe.each(['wasm', 'ts'] as const)('%s', (backend) => {
  const engine = createEngine({ backend });
  const network = (dtype: 'f64' | 'f32' = 'f64', inputs = COLS, units = 12) =>
    engine.network({
      inputs,
      layers: [
        { units, activation: 'relu' },
        { units: 1, activation: 'sigmoid' },
      ],
      loss: 'binaryCrossEntropy',
      dtype,
      seed: 3,
    });

  test.each<[string, FitOptions]>([
    ['minibatches', { batchSize: 32, metrics: ['accuracy'], validationSplit: 0.2 }],
    ['a last batch of one row', { batchSize: 499 }],
    ['one batch over several tiles', { batchSize: 500, shuffle: false }],
    ['weights and penalties', { batchSize: 64, l2: 0.01, classWeight: 'balanced', clipNorm: 0.5 }],
    ['averaging', { batchSize: 50, averaging: 'ema', optimizer: 'sgd' }],
    ['all rows at once', { optimizer: 'lbfgs', metrics: ['mse'] }],
    ['validation data', { validationData: { X: held.X, y: held.y }, earlyStopping: { patience: 2 } }],
  ])('%s, here and in a worker', async (_, given) => {
    const options: FitOptions = { epochs: 4, seed: 5, ...given };
    const dense = options.validationData ? { validationData: { X: held.dense, y: held.y } } : {};
    for (const dtype of ['f64', 'f32'] as const) {
      const wanted = network(dtype);
      const history = await wanted.fit(data.dense, data.y, { ...options, ...dense, background: false });
      for (const background of [false, true]) {
        const net = network(dtype);
        const own = await net.fit(data.X, data.y, { ...options, background });
        expect(bits(net)).toBe(bits(wanted));
        expect({ ...timeless(own), ran: 0 }).toEqual({ ...timeless(history), ran: 0 });
        net.dispose();
      }
      wanted.dispose();
    }
  });

  test('blocks of rows', async () => {
    const blocks = (sparse: boolean) => ({
      blocks: 3,
      read: (i: number) => {
        const [from, end] = [i * 180, Math.min(ROWS, (i + 1) * 180)];
        return { X: sparse ? data.X.slice(from, end) : data.dense.slice(from, end), y: data.y.slice(from, end) };
      },
    });
    for (const background of [false, true]) {
      const [a, b] = [network(), network()];
      await train(a, blocks(true), { epochs: 3, batchSize: 40, background });
      await train(b, blocks(false), { epochs: 3, batchSize: 40, background });
      expect(bits(a)).toBe(bits(b));
    }
  });

  test('a network so large that its steps are cut into parts', async () => {
    const wide = setOf(300, 2500, 0.01, 4);
    const [a, b] = [network('f32', 2500, 160), network('f32', 2500, 160)];
    await a.fit(wide.X, wide.y, { epochs: 1, batchSize: 128, background: false });
    await b.fit(wide.dense, wide.y, { epochs: 1, batchSize: 128, background: false });
    expect(bits(a)).toBe(bits(b));
  });

  test('numbers that are not finite are told by their place', async () => {
    const bad = data.X.map((value, row) => (row === 7 ? Number.NaN : value));
    const { indices, indptr } = data.X.toCSR();
    const net = network();
    const before = bits(net);
    await expect(net.fit(bad, data.y, { epochs: 1, batchSize: ROWS, background: false })).rejects.toThrow(
      `"X" holds NaN in row 7, column ${indices[indptr[7]]}`,
    );
    expect(bits(net)).toBe(before);
  });

  test('what becomes of the set meanwhile changes nothing, and a training that is aborted leaves nothing behind', async () => {
    const net = network();
    const controller = new AbortController();
    const training = net.fit(data.X, data.y, { epochs: 50, background: true, signal: controller.signal });
    controller.abort();
    await expect(training).rejects.toThrow('abort');
    // The set was copied, not handed over.
    expect(data.X.toDense().toArray()).toEqual(data.dense);
  });
});

describe('checkpoints', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bitgrad-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('a training that goes on from one has the bits of one that was not interrupted', async () => {
    const engine = createEngine();
    const make = () => engine.network({ inputs: COLS, layers: [{ units: 9, activation: 'tanh' }, 1], seed: 1 });
    const options = { epochs: 6, batchSize: 32, validationSplit: 0.2, seed: 2 };
    const [whole, first, second] = [make(), make(), make()];
    await whole.fit(data.X, data.y, { ...options, background: false });
    const checkpoint = { path: join(folder, 'a'), resume: true };
    await first.fit(data.X, data.y, { ...options, epochs: 3, checkpoint, background: false });
    await second.fit(data.X, data.y, { ...options, checkpoint, background: true });
    expect(bits(second)).toBe(bits(whole));
  });
});

describe('threads', () => {
  test.each([2, 3])('%i of them have the bits of one', async (threads) => {
    const wide = setOf(700, 900, 0.05, 6);
    const made = [1, threads].map((count) => createEngine({ threads: count }));
    const [one, many] = made.map((engine) =>
      engine.network({ inputs: 900, layers: [{ units: 64, activation: 'relu' }, 1], seed: 1 }),
    );
    for (let i = 0; i < 8; i++) {
      const [a, b] = [one.gradients(wide.X, wide.y), many.gradients(wide.X, wide.y)];
      expectSameBits(b.weights[0].data, a.weights[0].data);
      expectSameBits(many.forward(wide.X).data, one.forward(wide.X).data);
    }
    await one.fit(wide.X, wide.y, { epochs: 2, background: false });
    await many.fit(wide.X, wide.y, { epochs: 2, background: false });
    expect(bits(many)).toBe(bits(one));
    for (const engine of made) engine.dispose();
  });
});

describe('estimators', () => {
  const labels = data.y.map((each) => (each ? 'yes' : 'no'));
  const classifier = (options = {}) =>
    new MLPClassifier({ hiddenLayerSizes: [8], maxIter: 4, randomState: 1, ...options });

  test('fit, predictions, scores, partialFit, warmStart', async () => {
    const [a, b] = [classifier({ warmStart: true }), classifier({ warmStart: true })];
    for (let i = 0; i < 2; i++) {
      await a.fit(data.X, labels);
      await b.fit(data.dense, labels);
    }
    await a.partialFit(data.X.slice(0, 30), labels.slice(0, 30));
    await b.partialFit(data.dense.slice(0, 30), labels.slice(0, 30));
    expect(bits(a.network)).toBe(bits(b.network));
    expect(a.predict(data.X)).toEqual(b.predict(data.dense));
    expect(await a.predictAsync(data.X)).toEqual(a.predict(data.X));
    expect(a.predictProba(data.X).data).toEqual(b.predictProba(data.dense).data);
    expect(a.score(data.X, labels)).toBe(b.score(data.dense, labels));
    expect(() => a.predict(SparseMatrix.fromEntries(2, 3, []))).toThrow('"X" has 3 columns');
  });

  test('validation of their own, cross-validation, a pipeline of one', async () => {
    const stopping = { earlyStopping: true, validationFraction: 0.2 };
    const [a, b] = [
      new MLPRegressor({ maxIter: 4, randomState: 1, ...stopping }),
      new MLPRegressor({ maxIter: 4, randomState: 1, ...stopping }),
    ];
    await a.fit(data.X, data.y);
    await b.fit(data.dense, data.y);
    expect(bits(a.network)).toBe(bits(b.network));
    const sparse = await crossValidate(classifier(), data.X, labels, { cv: 3 });
    const dense = await crossValidate(classifier(), data.dense, labels, { cv: 3 });
    expect(sparse.testScore).toEqual(dense.testScore);
    const pipeline = new Pipeline([classifier()]);
    await pipeline.fit(data.X, labels);
    expect(pipeline.score(data.X, labels)).toBe((await classifier().fit(data.dense, labels)).score(data.dense, labels));
  });

  test('calls that overlap', async () => {
    const a = classifier();
    const [first] = await Promise.all([a.fit(data.X, labels), a.partialFit(data.X, labels)]);
    expect(first).toBe(a);
  });
});

describe('steps over what a batch has something to say of', () => {
  /** Few rows of many columns: most have nothing. */
  const wide = setOf(300, 700, 0.004, 9);
  const engine = createEngine();

  test.each<[string, FitOptions, object]>([
    ['sgd', { optimizer: { name: 'sgd', learningRate: 0.5 } }, {}],
    ['sgd without biases, of sums', { optimizer: 'sgd' }, { bias: false, reduction: 'sum' }],
    ['adagrad', { optimizer: 'adagrad', schedule: 'cosine' }, {}],
    [
      'adagrad from somewhere',
      { optimizer: { name: 'adagrad', initialAccumulator: 0.1 }, classWeight: 'balanced' },
      {},
    ],
    ['momentum, which leaves nothing as it is', { optimizer: { name: 'sgd', momentum: 0.9 } }, {}],
    ['weight decay', { optimizer: { name: 'sgd', weightDecay: 0.01 } }, {}],
    ['penalties', { optimizer: 'sgd', l2: 0.1 }, {}],
    ['clipping', { optimizer: 'sgd', clipNorm: 0.01 }, {}],
    ['averaging', { optimizer: 'sgd', averaging: 'ema' }, {}],
    ['tiles that add up', { optimizer: 'sgd', batchSize: 290 }, {}],
  ])('%s: the bits are those of all parameters', async (_, options, network) => {
    for (const dtype of ['f64', 'f32'] as const) {
      for (const batchSize of [1, 16, options.batchSize ?? 64]) {
        const make = () =>
          engine.network({
            inputs: 700,
            layers: [
              { units: 7, activation: 'relu' },
              { units: 1, activation: 'sigmoid' },
            ],
            loss: 'binaryCrossEntropy',
            dtype,
            seed: 4,
            ...network,
          });
        const [a, b] = [make(), make()];
        const given = {
          epochs: 2,
          ...options,
          batchSize,
          validationSplit: 0.1,
          metrics: ['accuracy'],
          background: false,
        };
        const own = await a.fit(wide.X, wide.y, given as FitOptions);
        const wanted = await b.fit(wide.dense, wide.y, given as FitOptions);
        expect(bits(a)).toBe(bits(b));
        expect([own.loss, own.validationLoss, own.metrics]).toEqual([
          wanted.loss,
          wanted.validationLoss,
          wanted.metrics,
        ]);
      }
    }
  });

  test('weights that are not finite, from the beginning and later', async () => {
    for (const [at, learningRate, weight] of [
      [3, 0.1, Infinity],
      [5, 0.1, -Infinity],
      [4, 1e305, 1],
    ]) {
      const made = [wide.X, wide.dense].map(async (X) => {
        const net = engine.network({ inputs: 700, layers: [{ units: 7, activation: 'relu' }, 1], seed: 4 });
        net.parameters[at] = weight;
        const options = {
          optimizer: { name: 'sgd', learningRate },
          epochs: 3,
          batchSize: 8,
          background: false,
        } as const;
        const said = await net.fit(X, wide.y, options).then(String, String);
        return [said, bits(net)];
      });
      const [sparse, dense] = await Promise.all(made);
      expect(sparse).toEqual(dense);
    }
  });

  test('a million columns', async () => {
    const rng = random(1);
    const cols = 1 << 20;
    const entries = Array.from(
      { length: 20_000 },
      (_, e) => [e % 1000, Math.floor(rng.rand() * cols), rng.rand()] as const,
    );
    const X = SparseMatrix.fromEntries(1000, cols, entries, { dtype: 'f32' });
    const y = Array.from({ length: 1000 }, (_, i) => i % 2);
    const net = engine.network({ inputs: cols, layers: [{ units: 8, activation: 'relu' }, 1], dtype: 'f32', seed: 1 });
    const { loss } = await net.fit(X, y, {
      optimizer: { name: 'sgd', learningRate: 0.5 },
      epochs: 3,
      background: true,
    });
    expect(loss[2]).toBeLessThan(loss[0]);
    net.dispose();
  });
});
