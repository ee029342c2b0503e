// Networks predict and score once bitgrad/model was imported, and end pipelines.

import { describe, expect, test } from 'vitest';
import '../../src/layers/index.js';
import {
  accuracyScore,
  calibrate,
  crossValidate,
  d2PinballScore,
  gridSearch,
  inputSaliency,
  logLoss,
  MLPClassifier,
  NetworkEstimator,
  Pipeline,
  permutationImportance,
  r2Score,
  rocAucScore,
  StandardScaler,
  TransformedTargetRegressor,
  toBytes,
} from '../../src/model/index.js';
import { NETWORK_METHODS } from '../../src/model/network-methods.js';
import { Network } from '../../src/network/network.js';
import type { NetworkOptions } from '../../src/network/plan.js';
import { log } from '../../src/numbers/precise-log.js';
import { entries, expectSameBits } from '../support/backends.js';
import { iris } from '../support/datasets.js';

const { X, y } = iris();
const binary = y.map((code) => Number(code > 0));
const several = y.map((code) => [Number(code > 0), Number(code > 1)]);
const sums = X.map((row) => row[0] - row[2]);

const CLASSES: NetworkOptions = {
  inputs: 4,
  layers: [6, { units: 3, activation: 'softmax' }],
  activation: 'tanh',
  loss: 'crossEntropy',
  seed: 1,
};
const QUICK = {
  epochs: 12,
  batchSize: 16,
  optimizer: { name: 'adam', learningRate: 0.02 },
  background: false,
} as const;

test('they are methods of the class that are not enumerable, under the names that are told', () => {
  expect(Object.keys(NETWORK_METHODS)).toEqual(['predict', 'score']);
  for (const name of Object.keys(NETWORK_METHODS)) {
    expect(Object.getOwnPropertyDescriptor(Network.prototype, name)).toMatchObject({
      enumerable: false,
      writable: true,
      configurable: true,
    });
  }
});

describe.each(entries)('%s', (_, { engine }) => {
  test.each<[string, NetworkOptions, unknown]>([
    ['classes', CLASSES, y],
    ['yes or no', { inputs: 4, layers: [{ units: 1, activation: 'sigmoid' }], loss: 'binaryCrossEntropy' }, binary],
    ['focal', { inputs: 4, layers: [{ units: 1, activation: 'sigmoid' }], loss: 'focal' }, binary],
    [
      'several labels',
      { inputs: 4, layers: [{ units: 2, activation: 'sigmoid' }], loss: 'binaryCrossEntropy' },
      several,
    ],
    ['numbers', { inputs: 4, layers: [5, 1], activation: 'tanh' }, sums],
    ['two numbers', { inputs: 4, layers: [2] }, X.map(([a, b]) => [a, b])],
    ['signs', { inputs: 4, layers: [1], loss: 'hinge' }, binary.map((each) => 2 * each - 1)],
    [
      'quantiles',
      { inputs: 4, layers: [{ units: 3, activation: 'ascending' }], loss: 'pinball', quantiles: [0.1, 0.5, 0.9] },
      sums,
    ],
  ])('%s, as the estimator around it', async (_, options, targets) => {
    const net = engine.network({ ...options, dtype: 'f32' });
    await net.fit(X, targets as number[], QUICK);
    const model = new NetworkEstimator(net);
    expect(net.predict(X)).toEqual(model.predict(X));
    const score = net.score(X, targets as number[]);
    expect(score).toBe(model.score(X, targets as number[]));
    const sampleWeight = X.map((_, i) => i % 4);
    expect(net.score(X, targets as number[], { sampleWeight })).toBe(
      model.score(X, targets as number[], { sampleWeight }),
    );
  });

  test('scores: by its loss, by name, by a function of the network', async () => {
    const net = engine.network(CLASSES);
    await net.fit(X, y, QUICK);
    const codes = net.predict<number[]>(X);
    expect(net.score(X, y)).toBe(accuracyScore(y, codes));
    expect(net.score(X, y, { scoring: 'negLogLoss' })).toBe(-logLoss(y, net.forward(X)));
    expect(net.score(X, y, { scoring: 'rocAuc' })).toBe(rocAucScore(y, net.forward(X)));
    const seen: unknown[] = [];
    expect(net.score(X, y, { scoring: (...given) => seen.push(...given) })).toBe(3);
    expect(seen).toEqual([net, X, y]);
    // Rows of two classes alone are of three still.
    const some = y.flatMap((code, i) => (code < 2 ? [i] : []));
    const rows = some.map((i) => X[i]);
    const labels = some.map((i) => y[i]);
    expect(Number.isFinite(net.score(rows, labels, { scoring: 'negLogLoss' }))).toBe(true);
    expect(() => net.score(X, y, { scoring: 'speed' as never })).toThrow('"scoring" must be one of accuracy');
    expect(() => net.score(X, y, { weights: [] } as never)).toThrow('score: unknown option "weights"');
    expect(() => net.score(X, y, { sampleWeight: y, scoring: () => 1 })).toThrow(
      '"sampleWeight" is for a score by name',
    );
    expect(() => net.predict([[Number.NaN, 1, 2, 3]])).toThrow('the output for row 0 of "X" is NaN');
    const numbers = engine.network({ inputs: 4, layers: [1] });
    expect(numbers.score(X, sums)).toBe(r2Score(sums, numbers.forward(X)));
    expect(() => numbers.score(X, sums, { scoring: 'rocAuc' })).toThrow('the network predicts numbers: its loss mse');
    numbers.dispose();
    expect(() => numbers.predict(X)).toThrow('disposed');
  });

  test('a pipeline ends in the network: each fit is anew, with the options of its estimator', async () => {
    const net = engine.network(CLASSES);
    const [twin, other] = [net.clone(), net.clone()];
    const scaler = new StandardScaler();
    const pipeline = new Pipeline([scaler, net]);
    expect(pipeline.estimator).toBeInstanceOf(NetworkEstimator);
    expect(pipeline.estimator.network).toBe(net);
    expect(pipeline.estimator.getParams()).toEqual({});
    pipeline.estimator.setParams(QUICK);
    for (let i = 0; i < 2; i++) await pipeline.fit(X, y);
    await twin.fit(pipeline.transform(X), y, QUICK);
    expectSameBits(net.parameters, twin.parameters);
    expect(pipeline.predict(X)).toEqual(twin.predict(pipeline.transform(X)));
    expectSameBits(pipeline.predictLogProba(X).data, pipeline.predictProba(X).data.map(log));
    expect(pipeline.score(X, y)).toBeGreaterThan(0.9);
    expect(pipeline.score(X, y, { scoring: 'topKAccuracy' })).toBe(1);
    // A fold that lacks a class: sorted rows.
    const all = Int32Array.from(X.keys());
    const folds = { split: () => [{ train: all, test: all.slice(0, 90) }] };
    for (const scoring of ['negLogLoss', 'topKAccuracy'] as const) {
      const { testScore } = await crossValidate(pipeline, X, y, { cv: folds, scoring });
      expect(testScore[0]).toBeGreaterThan(-1);
    }
    const { bestEstimator } = await gridSearch(pipeline, X, y, { 'estimator.epochs': [1, 12] }, { cv: 3 });
    expect(bestEstimator.estimator.getParams().epochs).toBe(12);
    await expect(crossValidate(other as never, X, y as never)).rejects.toThrow(
      '"estimator" must be an estimator: new NetworkEstimator(net, { epochs: 20 }) begins each fit anew, got',
    );
    expect(() => toBytes(pipeline as never)).toThrow('"model.estimator" is a NetworkEstimator: save its network');
  });

  test('JSON, in pipelines too', async () => {
    const model = new NetworkEstimator(engine.network(CLASSES), { ...QUICK, classWeight: [1, 2, 1] });
    const pipeline = new Pipeline([new StandardScaler(), model]);
    await pipeline.fit(X, y);
    const copy = NetworkEstimator.fromJSON<number[]>(JSON.stringify(model), { engine });
    expectSameBits(copy.network.parameters, model.network.parameters);
    expect(copy.getParams()).toEqual(model.getParams());
    expect(copy.predict(X)).toEqual(model.predict(X));
    const whole = Pipeline.fromJSON<NetworkEstimator>(JSON.stringify(pipeline), { engine });
    expectSameBits(whole.predictProba(X).data, pipeline.predictProba(X).data);
    const scheduled = new NetworkEstimator(engine.network(CLASSES), { schedule: () => 0.1 });
    expect(() => JSON.stringify(scheduled)).toThrow('"schedule" is a function, which cannot be written down');
    expect(() => NetworkEstimator.fromJSON({ kind: 'MLPClassifier' } as never)).toThrow('NetworkEstimator');
    const json = JSON.parse(JSON.stringify(model));
    expect(() => NetworkEstimator.fromJSON({ ...json, options: { epoch: 1 } })).toThrow('unknown option "epoch"');
    expect(() => NetworkEstimator.fromJSON({ ...json, options: undefined })).toThrow('options');
    expect(() => NetworkEstimator.fromJSON({ ...json, network: {} })).toThrow('network');
  });

  test('calibrated, looked at, permuted, as the classifier of the same weights', async () => {
    const classifier = new MLPClassifier({ hiddenLayerSizes: 6, background: false, maxIter: 30, engine });
    await classifier.fit(X, y);
    const net = engine.network({
      ...CLASSES,
      layers: [
        { units: 6, activation: 'relu' },
        { units: 3, activation: 'softmax' },
      ],
    });
    net.parameters = classifier.network.parameters;
    const model = new NetworkEstimator<number[]>(net);
    expectSameBits(inputSaliency(model, X).data, inputSaliency(classifier, X).data);
    expectSameBits(inputSaliency(model, X, { label: 1 }).data, inputSaliency(classifier, X, { label: 1 }).data);
    expect(calibrate(model, X, y)).toEqual(calibrate(classifier, X, y));
    expectSameBits(model.predictProba(X).data, classifier.predictProba(X).data);
    const importance = await permutationImportance(model, X, y, { scoring: 'negLogLoss', nRepeats: 2 });
    expect(importance).toEqual(await permutationImportance(classifier, X, y, { scoring: 'negLogLoss', nRepeats: 2 }));
    const numbers = new NetworkEstimator(engine.network({ inputs: 4, layers: [1] }));
    expect(() => calibrate(numbers, X, sums)).toThrow('"model" must be a classifier');
    expect(inputSaliency(numbers, X).shape).toEqual([150, 4]);
    expect([model.classes, numbers.classes]).toEqual([[0, 1, 2], undefined]);
  });

  test('quantiles of a network within transformed targets', async () => {
    const quantiles = [0.2, 0.8];
    const net = engine.network({
      inputs: 4,
      layers: [{ units: 2, activation: 'ascending' }],
      loss: 'pinball',
      quantiles,
    });
    const pipeline = new Pipeline([new StandardScaler(), net]);
    await pipeline.fit(X, sums);
    const transformer = new StandardScaler();
    expect(() => new TransformedTargetRegressor({ regressor: net, transformer })).toThrow(
      '"regressor" must be a regressor: new NetworkEstimator(net, { epochs: 20 }) is one, got',
    );
    const around = new TransformedTargetRegressor({ regressor: new NetworkEstimator(net, QUICK), transformer });
    await around.fit(X, sums);
    expect(around.score(X, sums)).toBe(d2PinballScore(sums, around.predict(X), { alpha: quantiles }));
    const alpha = quantiles;
    expect(pipeline.score(X, sums)).toBe(d2PinballScore(sums, pipeline.predict(X) as never, { alpha }));
    expect(pipeline.score(X, sums, { scoring: 'd2Pinball' })).toBe(pipeline.score(X, sums));
  });
});
