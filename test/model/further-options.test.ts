// What estimators take beyond scikit-learn's parameters: dropout, averages, clipping, label smoothing; and where others belong.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// As built: what runs in the worker is.
import * as built from 'bitgrad/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import '../../src/layers/index.js';
import {
  type ClassifierParameters,
  calibrate,
  fromBytes,
  gridSearch,
  inputSaliency,
  MLPClassifier,
  MLPRegressor,
  type RegressorParameters,
  toBytes,
  toStateDict,
} from '../../src/model/index.js';
import type { AveragingOptions } from '../../src/train/index.js';
import { entries, expectSameBits } from '../support/backends.js';

const X = Array.from({ length: 90 }, (_, i) => [Math.sin(i), Math.cos(3 * i), (i % 5) - 2]);
const y = X.map(([a, b, c]) => (a + b > 0.5 ? 'up' : c > 0 ? 'aside' : 'down'));
const codes = y.map((label) => ['aside', 'down', 'up'].indexOf(label));
const sums = X.map(([a, b, c]) => a - b + 0.1 * c);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bitgrad-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(entries)('%s', (backend, { engine }) => {
  const quick = { background: false, hiddenLayerSizes: [9, 6], maxIter: 5, shuffle: false, randomState: 7, engine };
  const classifier = (parameters: Partial<ClassifierParameters> = {}) =>
    new MLPClassifier<string>({ ...quick, batchSize: 32, ...parameters });
  const regressor = (parameters: Partial<RegressorParameters> = {}) =>
    new MLPRegressor({ ...quick, batchSize: 32, ...parameters });
  const fitting = {
    epochs: 5,
    batchSize: 32,
    optimizer: 'adam',
    shuffle: false,
    l2: 1e-4,
    penalty: 'scikitLearn',
    background: false,
  } as const;
  const drop = (rate: number) => ({ kind: 'dropout' as const, rate });
  const relu = (units: number) => ({ units, activation: 'relu' as const });

  describe('dropout', () => {
    test.each([
      [0.3, [relu(9), drop(0.3), relu(6), drop(0.3)]],
      [
        [0, 0.5],
        [relu(9), relu(6), drop(0.5)],
      ],
      [
        [0.2, 0],
        [relu(9), drop(0.2), relu(6)],
      ],
    ])('%j: the network by hand has the same bits', async (dropout, hidden) => {
      const net = engine.network({
        inputs: 3,
        layers: [...hidden, { units: 3, activation: 'softmax' }],
        loss: 'crossEntropy',
        initializer: 'scikitLearn',
        seed: 7,
      });
      const history = await net.fit(X, codes, fitting);
      const model = await classifier({ dropout }).fit(X, y);
      expectSameBits(model.network.parameters, net.parameters);
      expect(model.lossCurve).toEqual([...history.loss]);
      expectSameBits(model.predictProba(X).data, net.forward(X).data);
      expect(model.coefs.map(({ shape }) => shape)).toEqual([
        [3, 9],
        [9, 6],
        [6, 3],
      ]);
      expect(model.intercepts.map(({ length }) => length)).toEqual([9, 6, 3]);
      const numbers = engine.network({
        inputs: 3,
        layers: [...hidden, 1],
        loss: 'squaredError',
        initializer: 'scikitLearn',
        seed: 7,
      });
      await numbers.fit(X, sums, fitting);
      expectSameBits((await regressor({ dropout }).fit(X, sums)).network.parameters, numbers.parameters);
    });

    test('calls of partialFit count their rows on, at once or not: two of them are two epochs', async () => {
      const whole = await classifier({ dropout: 0.4, maxIter: 3 }).fit(X, y);
      const model = classifier({ dropout: 0.4 });
      const classes = ['aside', 'down', 'up'];
      for (let i = 0; i < 3; i++) await model.partialFit(X, y, { classes });
      expectSameBits(model.network.parameters, whole.network.parameters);
      const weighed = classifier({ dropout: 0.4 });
      const sampleWeight = new Float64Array(90).fill(1);
      for (let i = 0; i < 3; i++) await weighed.partialFit(X, y, { classes, sampleWeight });
      expectSameBits(weighed.network.parameters, whole.network.parameters);
      const other = await classifier({ dropout: 0.4, randomState: 8 }).fit(X, y);
      expect(other.network.parameters.join()).not.toBe(whole.network.parameters.join());
    });

    test('saved, written, resumed; calibrated, looked at', async () => {
      const parameters = { dropout: [0.25, 0.1], shuffle: true, maxIter: 6 };
      const whole = await classifier(parameters).fit(X, y);
      const path = join(folder, `${backend}.ckpt`);
      await classifier(parameters).fit(X, y, { checkpoint: { path }, onEpoch: ({ epoch }) => epoch < 3 });
      const resumed = await classifier(parameters).fit(X, y, { checkpoint: { path, resume: true } });
      expectSameBits(resumed.network.parameters, whole.network.parameters);
      const copy = fromBytes<typeof whole>(toBytes(whole), { engine });
      expect(copy.getParams()).toEqual(whole.getParams());
      await Promise.all([copy, whole].map((each) => each.partialFit(X, y)));
      expectSameBits(copy.network.parameters, whole.network.parameters);
      const read = MLPClassifier.fromJSON(JSON.stringify(whole), { engine });
      expectSameBits(read.predictProba(X).data, whole.predictProba(X).data);
      expect(read.getParams().dropout).toEqual([0.25, 0.1]);
      expect(calibrate(read, X, y).temperature).toBeGreaterThan(0);
      expect(inputSaliency(whole, X).shape).toEqual([90, 3]);
      expect([...toStateDict(whole.network).keys()].at(-1)).toBe('6.bias');
      const { coefs, intercepts, classes } = whole;
      const from = MLPClassifier.from({ coefs, intercepts, classes, dropout: 0.25, engine });
      expectSameBits(from.predictProba(X).data, whole.predictProba(X).data);
      await expect(whole.setParams({ warmStart: true, dropout: 0 }).fit(X, y)).rejects.toThrow(
        'the network to go on with is 3-9-dropout 0.25-6-dropout 0.1-3 relu/softmax crossEntropy f64, but parameters and data ' +
          'ask for 3-9-6-3 relu/softmax crossEntropy f64',
      );
    });
  });

  test.each<[string, AveragingOptions | 'ema' | 'mean']>([
    ['ema', { name: 'ema', decay: 0.9 }],
    ['mean', 'mean'],
    ['last', { name: 'ema', gives: 'last' }],
  ])('averaging: %s, as the network by hand', async (_, averaging) => {
    const net = engine.network({
      inputs: 3,
      layers: [relu(9), relu(6), 1],
      loss: 'squaredError',
      initializer: 'scikitLearn',
      seed: 7,
    });
    await net.fit(X, sums, { ...fitting, averaging, clipNorm: 0.5, clipValue: 0.1 });
    const model = await regressor({ averaging, clipNorm: 0.5, clipValue: 0.1 }).fit(X, sums);
    expectSameBits(model.network.parameters, net.parameters);
    const copy = fromBytes<typeof model>(toBytes(model), { engine });
    expect(copy.getParams()).toEqual(model.getParams());
    expect(MLPRegressor.fromJSON(JSON.stringify(model), { engine }).getParams()).toEqual(model.getParams());
    await expect(model.partialFit(X, sums)).rejects.toThrow('partialFit does not go with "averaging"');
  });

  test('clipping in partialFit, one row or many', async () => {
    const model = regressor({ clipNorm: 0.01 });
    const whole = await regressor({ clipNorm: 0.01, maxIter: 2 }).fit(X, sums);
    for (let i = 0; i < 2; i++) await model.partialFit(X, sums);
    expectSameBits(model.network.parameters, whole.network.parameters);
    await model.partialFit([X[0]], [sums[0]]);
    expect(model.nIter).toBe(3);
  });

  test.each([
    ['two classes', y.map((label) => label === 'up'), { units: 1, activation: 'logistic' }, 'binaryCrossEntropy'],
    ['three', y, { units: 3, activation: 'softmax' }, 'crossEntropy'],
  ] as const)('label smoothing, %s: as the network by hand', async (_, labels, last, loss) => {
    const net = engine.network({
      inputs: 3,
      layers: [relu(9), relu(6), last],
      loss,
      labelSmoothing: 0.2,
      initializer: 'scikitLearn',
      seed: 7,
    });
    await net.fit(X, last.units === 1 ? labels.map(Number) : codes, fitting);
    const model = new MLPClassifier({ ...quick, batchSize: 32, labelSmoothing: 0.2 });
    await model.fit(X, labels as string[]);
    expectSameBits(model.network.parameters, net.parameters);
    const copy = MLPClassifier.fromJSON(JSON.stringify(model), { engine });
    expectSameBits(copy.predictProba(X).data, model.predictProba(X).data);
    await expect(model.setParams({ warmStart: true, labelSmoothing: 0.1 }).fit(X, labels as string[])).rejects.toThrow(
      `${loss} labelSmoothing 0.2 f64, but`,
    );
  });
});

test('in a worker the bits are the same', async () => {
  const parameters = { dropout: 0.3, averaging: 'ema', clipNorm: 1, hiddenLayerSizes: [9], maxIter: 3 } as const;
  const trained = [true, false].map((background) => new built.MLPClassifier({ ...parameters, background }).fit(X, y));
  const [there, here] = await Promise.all(trained);
  expectSameBits(there.network.parameters, here.network.parameters);
});

const HERE = new MLPClassifier();
test.each<[Partial<ClassifierParameters>, string]>([
  [{ dropout: 1 }, '"dropout" must be a number from 0 to below 1, got 1'],
  [{ dropout: [0.5, -1], hiddenLayerSizes: [3, 3] }, '"dropout[1]" must be a number from 0 to below 1, got -1'],
  [{ dropout: [0.5], hiddenLayerSizes: [3, 3] }, '"dropout" has 1 rates for 2 hidden layers'],
  [{ averaging: 'swa' as never }, '"averaging" must be one of ema, mean'],
  [{ averaging: { name: 'ema', decay: 2 } }, '"averaging.decay"'],
  [{ clipNorm: 0 }, '"clipNorm" must be a positive finite number, got 0'],
  [{ labelSmoothing: 1 }, '"labelSmoothing" must be a number from 0 to below 1, got 1'],
  [{ createWorker: 'worker.js' as never }, '"createWorker" must be a function'],
  [{ solver: 'lbfgs', earlyStopping: true }, '"earlyStopping" is of no use with "solver" lbfgs'],
  [{ solver: 'lbfgs', learningRate: 'adaptive' }, '"learningRate" is of no use with "solver" lbfgs'],
  [{ solver: { name: 'lbfgs' }, dropout: 0.1 }, '"dropout" is of no use with "solver" lbfgs'],
  [{ solver: 'lbfgs', averaging: 'ema' }, '"averaging" is of no use with "solver" lbfgs'],
  [{ solver: 'lbfgs', clipValue: 1 }, '"clipValue" is of no use with "solver" lbfgs'],
  [{ epochs: 3 } as never, 'MLPClassifier: unknown option "epochs"; it is maxIter here'],
  [{ validationData: {} } as never, 'it belongs to one fit: give it to fit(X, y, { validationData })'],
  [{ l1: 1 } as never, 'unknown option "l1"; it is of a network\'s own fit'],
])('%j is refused', (parameters, message) => {
  expect(() => new MLPClassifier(parameters)).toThrow(message);
  expect(() => HERE.setParams(parameters)).toThrow(message);
});

test('lbfgs takes what is not stated, and zeros', () => {
  const none = { dropout: [0, 0], hiddenLayerSizes: [3, 2], earlyStopping: false, averaging: undefined } as const;
  expect(new MLPClassifier({ solver: 'lbfgs', learningRate: 'constant', ...none }).getParams().solver).toBe('lbfgs');
});

test('what starts workers is not written down, and is searched with', async () => {
  const createWorker = () => {
    throw new Error('no worker here');
  };
  const model = new MLPRegressor({ createWorker, maxIter: 1, background: true, hiddenLayerSizes: 3 });
  await expect(model.fit(X, sums)).rejects.toThrow('no worker can be started');
  expect(model.clone().getParams().createWorker).toBe(createWorker);
  expect(JSON.stringify(model)).not.toContain('createWorker');
  await model.setParams({ background: false }).fit(X, sums);
  expect(fromBytes<typeof model>(toBytes(model)).getParams().createWorker).toBeUndefined();
  const { results } = await gridSearch(model, X, sums, { dropout: [0, 0.5], averaging: [undefined, 'ema'] }, { cv: 2 });
  expect(results.map(({ meanTestScore }) => Number.isFinite(meanTestScore))).toEqual([true, true, true, true]);
});

test('earlyStopping is not judged by the R2 of one row', async () => {
  const model = new MLPRegressor({ earlyStopping: true, background: false, maxIter: 3 });
  const one = { X: [X[0]], y: [sums[0]] };
  await expect(model.fit(X, sums, { validationData: one })).rejects.toThrow(
    '"validationData.y" has 1 row: its R2 says nothing, and "earlyStopping" goes by that; give 2 rows',
  );
  await model.fit(X, sums, { validationData: { X: X.slice(0, 2), y: sums.slice(0, 2) } });
  await model.setParams({ earlyStopping: false }).fit(X, sums, { validationData: one });
  expect(model.validationLoss).toHaveLength(3);
});
