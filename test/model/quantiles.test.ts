// Quantile regression: pinball as an estimator's loss, D2 as its score.

import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../src/checks/errors.js';
import { d2PinballScore, meanPinballLoss } from '../../src/data/index.js';
import type { Matrix } from '../../src/matrix/matrix.js';
import '../../src/layers/index.js';
import {
  crossValidate,
  fromBytes,
  getScorer,
  gridSearch,
  MLPRegressor,
  Pipeline,
  type RegressorParameters,
  StandardScaler,
  TransformedTargetRegressor,
  toBytes,
} from '../../src/model/index.js';
import { random } from '../../src/random/random.js';
import { entries, expectSameBits } from '../support/backends.js';

const rng = random(3);
const X = Array.from({ length: 120 }, (_, i) => [i / 60 - 1, (i % 7) / 7]);
const y = X.map(([a, b]) => 2 * a + b + (0.2 + 0.5 * Math.abs(a)) * rng.randn());
const quantiles = [0.1, 0.5, 0.9];

describe.each(entries)('%s', (_, { engine }) => {
  const own = { background: false, hiddenLayerSizes: [8], maxIter: 40, learningRateInit: 0.02, engine } as const;
  const make = (parameters: Partial<RegressorParameters> = {}) =>
    new MLPRegressor<Matrix>({ ...own, loss: 'pinball', quantiles, ...parameters });
  const rows = (predicted: Matrix) => predicted.toArray();

  test('a column for each quantile; they do not cross, and hold about their share of the targets', async () => {
    const model = await make({ maxIter: 300, tol: 0 }).fit(X, y);
    const predicted = model.predict(X);
    expect(predicted.shape).toEqual([120, 3]);
    for (const [low, middle, high] of rows(predicted)) expect(low <= middle && middle <= high).toBe(true);
    const below = quantiles.map((_, q) => y.filter((each, i) => each <= predicted.get(i, q)).length / y.length);
    below.forEach((share, q) => void expect(Math.abs(share - quantiles[q])).toBeLessThan(0.06));
    expect(model.quantiles).toEqual(quantiles);
    const wanted = d2PinballScore(y, predicted, { alpha: quantiles });
    expect(model.score(X, y)).toBe(wanted);
    expect(wanted).toBeGreaterThan(0.3);
    expect(getScorer('d2Pinball')(model, X, y)).toBe(wanted);
    expect(model.score(X, y, { scoring: 'negMeanPinballLoss' })).toBe(
      -meanPinballLoss(y, predicted, { alpha: quantiles }),
    );
    expect(() => model.score(X, y, { scoring: 'r2' })).toThrow(ShapeError);
    const sampleWeight = y.map((_, i) => i % 3);
    expect(model.score(X, y, { sampleWeight })).toBe(d2PinballScore(y, predicted, { alpha: quantiles, sampleWeight }));
  });

  test('the same network by hand has the same bits', async () => {
    const model = await make({ shuffle: false, alpha: 0.01, maxIter: 5 }).fit(X, y);
    const net = engine.network({
      inputs: 2,
      layers: [
        { units: 8, activation: 'relu' },
        { units: 3, activation: 'ascending' },
      ],
      loss: 'pinball',
      quantiles,
      initializer: 'scikitLearn',
    });
    await net.fit(X, y, {
      epochs: 5,
      optimizer: { name: 'adam', learningRate: 0.02 },
      shuffle: false,
      l2: 0.01,
      penalty: 'scikitLearn',
      background: false,
    });
    expectSameBits(model.network.parameters, net.parameters);
  });

  test('one quantile gives a vector, of several targets each its own', async () => {
    const model = await new MLPRegressor({ ...own, loss: 'pinball', quantiles: [0.8] }).fit(X, y);
    expect(model.predict(X)).toHaveLength(120);
    expect(model.score(X, y)).toBe(d2PinballScore(y, model.predict(X), { alpha: 0.8 }));
    const median = await new MLPRegressor({ ...own, loss: 'pinball' }).fit(X, y);
    expect(median.quantiles).toEqual([0.5]);
    const two = y.map((each, i) => [each, X[i][0]]);
    const several = await make({ quantiles: [0.8] }).fit(X, two);
    expect(several.predict(X).shape).toEqual([120, 2]);
    expect(several.score(X, two)).toBe(d2PinballScore(two, several.predict(X), { alpha: 0.8 }));
    await expect(make().fit(X, two)).rejects.toThrow(
      '"y" has 2 columns, but several "quantiles" are of one number a row',
    );
  });

  test('partialFit, at once or not, is an epoch of fit; a warm start goes on', async () => {
    const model = make({ shuffle: false, maxIter: 2, nIterNoChange: Infinity });
    const whole = await model.clone().fit(X, y);
    for (let i = 0; i < 2; i++) await model.partialFit(X, y);
    expectSameBits(model.network.parameters, whole.network.parameters);
    await model.partialFit([[1, 2]], [3]);
    await whole.setParams({ warmStart: true }).fit(X, y);
    expect(whole.nIter).toBe(4);
    await expect(whole.setParams({ quantiles: [0.2, 0.5, 0.9] }).fit(X, y)).rejects.toThrow(
      'the network to go on with is 2-8-3 relu/ascending pinball 0.1,0.5,0.9 f64, but parameters and data ask for ' +
        '2-8-3 relu/ascending pinball 0.2,0.5,0.9 f64',
    );
    expect(whole.quantiles).toEqual(quantiles); // those that were learnt
  });

  test('bytes and JSON keep it; other ends are refused', async () => {
    const model = await make().fit(X, y);
    const copies = [
      fromBytes<MLPRegressor<Matrix>>(toBytes(model), { engine }),
      MLPRegressor.fromJSON<Matrix>(JSON.stringify(model), { engine }),
    ];
    for (const copy of copies) {
      expectSameBits(copy.predict(X).data, model.predict(X).data);
      expect(copy.score(X, y)).toBe(model.score(X, y));
      expect(copy.getParams().quantiles).toEqual(quantiles);
      expect(copy.clone().getParams()).toEqual({ ...model.getParams(), engine });
    }
    await Promise.all([copies[0], model].map((each) => each.partialFit(X, y)));
    expectSameBits(copies[0].network.parameters, model.network.parameters);
    const { coefs, intercepts } = model;
    const from = MLPRegressor.from<Matrix>({ coefs, intercepts, loss: 'pinball', quantiles, engine });
    expectSameBits(from.predict(X).data, model.predict(X).data);
    expect(() => MLPRegressor.from({ coefs, intercepts, loss: 'pinball', quantiles: [0.1, 0.9], engine })).toThrow(
      '"coefs" ends in 3 outputs, but "quantiles" names 2',
    );
    const json = JSON.parse(JSON.stringify(model));
    json.network.options.layers[1].activation = 'exp';
    expect(() => MLPRegressor.fromJSON(json)).toThrow('the network ends in 3 exp with pinball');
  });

  test('earlyStopping watches the loss of the rows that are held out', async () => {
    const model = await make({ earlyStopping: true, maxIter: 400, nIterNoChange: 3 }).fit(X, y);
    expect(model.nIter).toBeLessThan(400);
    expect([model.validationScores, model.bestValidationScore, model.bestLoss]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(model.validationLoss).toHaveLength(model.nIter);
    const unseen = { X: X.slice(0, 30), y: y.slice(0, 30) };
    const given = await make({ earlyStopping: true, maxIter: 400, nIterNoChange: 3 }).fit(X, y, {
      validationData: unseen,
    });
    const best = Math.min(...(given.validationLoss as number[]));
    expect(Math.abs(best - meanPinballLoss(unseen.y, given.predict(unseen.X), { alpha: quantiles }))).toBeLessThan(
      1e-12,
    );
  });

  test('in pipelines, around transformed targets, searched', async () => {
    const pipeline = new Pipeline([new StandardScaler(), make()]);
    await pipeline.fit(X, y);
    expect(pipeline.predict(X).shape).toEqual([120, 3]);
    expect(pipeline.score(X, y)).toBe(getScorer('d2Pinball')(pipeline, X as never, y));
    const { testScore } = await crossValidate(pipeline, X, y, { cv: 3, scoring: 'negMeanPinballLoss' });
    expect(testScore.every((score) => score < 0)).toBe(true);
    const search = await gridSearch(pipeline, X, y, { 'estimator.quantiles': [[0.1, 0.9], [0.5]] }, { cv: 2 });
    expect(search.results.every(({ meanTestScore }) => Number.isFinite(meanTestScore))).toBe(true);

    const scaled = y.map((each) => 1000 * each);
    const model = new TransformedTargetRegressor({ regressor: make(), transformer: new StandardScaler() });
    await model.fit(X, scaled);
    const predicted = model.predict(X);
    expect(predicted.shape).toEqual([120, 3]);
    for (const [low, middle, high] of rows(predicted)) expect(low <= middle && middle <= high).toBe(true);
    expect(model.score(X, scaled)).toBe(d2PinballScore(scaled, predicted, { alpha: quantiles }));
    expect(model.score(X, scaled)).toBeGreaterThan(0.2);
    const outer = new Pipeline([new StandardScaler(), model]);
    await outer.fit(X, scaled);
    for (const copy of [
      fromBytes<typeof outer>(toBytes(outer)),
      Pipeline.fromJSON<typeof model>(JSON.stringify(outer)),
    ]) {
      expectSameBits((copy.predict(X) as never as Matrix).data, (outer.predict(X) as never as Matrix).data);
      expect(copy.score(X, scaled)).toBe(outer.score(X, scaled));
    }
    const falling = new TransformedTargetRegressor({ regressor: make(), func: (x) => -x, inverseFunc: (x) => -x });
    await expect(falling.fit(X, y)).rejects.toThrow('"func" falls as targets rise');
  });
});

test.each<[Partial<RegressorParameters>, string]>([
  [{ loss: 'quantile' as never }, 'got "quantile"; pinball is the one'],
  [{ quantiles: [0.5] }, '"quantiles" is of "loss" pinball, not of squaredError'],
  [{ loss: 'pinball', quantiles: [] }, '"quantiles" must be an array of numbers above 0 and below 1, ascending'],
  [
    { loss: 'pinball', quantiles: [0.9, 0.1] },
    '"quantiles"[1] must be numbers above 0 and below 1, ascending, got 0.1',
  ],
  [{ loss: 'pinball', quantiles: 0.5 as never }, '"quantiles" must be an array'],
  [{ loss: 'pinball', huberDelta: 1 }, '"huberDelta" is of "loss" huber, not of pinball'],
  [{ loss: 'huber', huberDelta: 0 }, '"huberDelta" must be a positive finite number, got 0'],
])('%j is refused', (parameters, message) => {
  expect(() => new MLPRegressor(parameters)).toThrow(message);
  expect(() => new MLPRegressor().setParams(parameters)).toThrow(message);
});

test.each(['mae', 'huber', 'logCosh'] as const)('%s: less is made of outliers', async (loss) => {
  const outliers = y.map((each, i) => (i % 10 === 0 ? each + 50 : each));
  const model = new MLPRegressor({ loss, hiddenLayerSizes: [8], learningRateInit: 0.02, background: false });
  const squared = new MLPRegressor({ hiddenLayerSizes: [8], learningRateInit: 0.02, background: false });
  await Promise.all([model, squared].map((each) => each.fit(X, outliers)));
  expect(model.score(X, y)).toBeGreaterThan(squared.score(X, y) + 0.3);
  const copy = MLPRegressor.fromJSON(JSON.stringify(model.setParams({ loss: 'squaredError' })));
  expectSameBits(copy.predict(X), model.predict(X));
});
