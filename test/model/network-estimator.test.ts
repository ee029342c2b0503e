// Networks as estimators: what they predict by their loss, and their place in pipelines and cross-validation.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  accuracyScore,
  crossValidate,
  NetworkEstimator,
  type NetworkFitOptions,
  Pipeline,
  r2Score,
  StandardScaler,
} from '../../src/model/index.js';
import type { NetworkOptions } from '../../src/network/plan.js';
import { entries, expectSameBits } from '../support/backends.js';
import { iris } from '../support/datasets.js';

const { X, y } = iris();
const binary = y.map((code) => Number(code > 0));
const several = y.map((code) => [Number(code > 0), Number(code > 1)]);
const sums = X.map((row) => row[0] - row[2]);
const pairs = X.map((row) => [row[0] - row[2], row[1]]);
const fitting: NetworkFitOptions = {
  epochs: 5,
  batchSize: 16,
  optimizer: { name: 'adam', learningRate: 0.02 },
  background: false,
};

describe.each(entries)('%s', (_, { engine }) => {
  const classes: NetworkOptions = {
    inputs: 4,
    layers: [6, { units: 3, activation: 'softmax' }],
    activation: 'tanh',
    loss: 'crossEntropy',
    seed: 1,
  };
  const yesOrNo = (units: number): NetworkOptions => ({
    inputs: 4,
    layers: [{ units, activation: 'sigmoid' }],
    loss: 'binaryCrossEntropy',
  });
  const numbers = (units: number): NetworkOptions => ({ inputs: 4, layers: [5, units], activation: 'tanh' });
  const make = (options: NetworkOptions = classes, more: NetworkFitOptions = {}) =>
    new NetworkEstimator(engine.network(options), { ...fitting, ...more });

  test('fit is that of the network, each time anew', async () => {
    const model = make();
    const twin = engine.network(classes);
    const history = await twin.fit(X, y, fitting);
    for (let i = 0; i < 2; i++) {
      expect(await model.fit(X, y)).toBe(model);
      expectSameBits(model.network.parameters, twin.parameters);
      expect(model.history?.loss).toEqual(history.loss);
    }
    expectSameBits((await model.clone().fit(X, y)).network.parameters, twin.parameters);
  });

  test.each([
    ['classes', classes, y],
    ['one of two', yesOrNo(1), binary],
    ['several labels', yesOrNo(2), several],
  ] as const)('predicts %s', async (_, options, targets) => {
    const model = await make(options).fit(X, targets as number[]);
    const outputs = model.network.forward(X).toArray();
    const codes = outputs.map((row) => {
      if (options === classes) return row.indexOf(Math.max(...row));
      const each = row.map((p) => Number(p > 0.5));
      return each.length === 1 ? each[0] : each;
    });
    expect(model.predict(X)).toEqual(codes);
    expect(await model.predictAsync(X)).toEqual(codes);
    const right = codes.map((code, i) => Number(JSON.stringify(code) === JSON.stringify(targets[i])));
    expect(model.score(X, targets as number[])).toBeCloseTo(right.reduce((a, b) => a + b) / 150, 14);
    const weights = X.map((_, i) => i % 4);
    const weighed = right.reduce((sum, hit, i) => sum + hit * weights[i], 0) / weights.reduce((a, b) => a + b);
    expect(model.score(X, targets as number[], { sampleWeight: weights })).toBeCloseTo(weighed, 14);
    const proba = model.predictProba(X);
    expect(proba.toArray()).toEqual(
      options.layers.length === 1 && outputs[0].length === 1 ? outputs.map(([p]) => [1 - p, p]) : outputs,
    );
    expectSameBits((await model.predictProbaAsync(X)).data, proba.data);
    expect(model.classifies).toBe(true);
  });

  test('the score of targets that are probabilities', async () => {
    const model = await make().fit(X, y);
    const oneHot = y.map((code) => [0, 1, 2].map((k) => (k === code ? 0.8 : 0.1)));
    expect(model.score(X, oneHot)).toBe(model.score(X, y));
    expect(model.score(X, Int32Array.from(y))).toBe(model.score(X, y));
    expect(() => model.score(X, several)).toThrow('"y" has 2 columns, but the network has 3 outputs');
    expect(() => model.score(X, [1])).toThrow('"X" has 150 rows and "y" has 1');
  });

  test('predicts numbers', async () => {
    const one = await make(numbers(1)).fit(X, sums);
    expectSameBits(one.predict(X) as Float64Array, one.network.forward(X).data as Float64Array);
    expect(one.score(X, sums)).toBe(r2Score(sums, one.predict(X) as Float64Array));
    const two = await make(numbers(2)).fit(X, pairs);
    expect(two.predict(X)).toEqual(two.network.forward(X));
    expect(await two.predictAsync(X)).toEqual(two.network.forward(X));
    expect(two.score(X, pairs)).toBe(r2Score(pairs, two.network.forward(X)));
    expect(() => two.predictProba(X)).toThrow('the network predicts numbers: its loss mse has no classes');
    expect(two.classifies).toBe(false);
  });

  test('ends a pipeline, and is cross-validated, of classes alike', async () => {
    const pipeline = new Pipeline([new StandardScaler(), make()]);
    const seen = { X: X.slice(0, 20), y: y.slice(0, 20) };
    await pipeline.fit(X, y, { validationData: seen });
    const { estimator } = pipeline;
    const scaled = pipeline.transform(seen.X);
    expect(estimator.history?.validationLoss.at(-1)).toBe(estimator.network.loss(scaled, seen.y));
    expect(pipeline.predict(X)).toEqual(estimator.predict(pipeline.transform(X)));
    expect(await pipeline.predictAsync(X)).toEqual(pipeline.predict(X));
    const before = estimator.network.parameters.slice();
    const { testScore } = await crossValidate(pipeline, X, y, { cv: 3 });
    // Sorted by class: folds of consecutive rows would have none of a third of them.
    expect(Math.min(...testScore)).toBeGreaterThan(0.6);
    expectSameBits(estimator.network.parameters, before);
    const scoring = (e: Pipeline<NetworkEstimator>, rows: unknown, of: number[]) =>
      accuracyScore(of, e.predict(rows as number[][]) as number[]);
    expect((await crossValidate(pipeline, X, y, { cv: 3, scoring })).testScore).toEqual(testScore);
    expect(
      (
        await crossValidate(
          make(yesOrNo(1)),
          X,
          binary.map((p) => 0.1 + p / 2),
          { cv: 3 },
        )
      ).testScore,
    ).toHaveLength(3);
  });

  test('a fit that fails leaves the network as it was; an aborted one after its last epoch', async () => {
    const model = await make().fit(X, y);
    const before = model.network.parameters.slice();
    await expect(model.fit(X, y.slice(1))).rejects.toThrow('"X" has 150 rows and "y" has 149');
    await expect(model.fit([[1, 2, 3, Number.NaN]], [0])).rejects.toThrow();
    const early = AbortSignal.abort(new Error('early'));
    await expect(model.fit(X, y, { signal: early })).rejects.toThrow('early');
    expectSameBits(model.network.parameters, before);
    const controller = new AbortController();
    const onEpoch = ({ epoch }: { epoch: number }) => {
      if (epoch === 2) controller.abort(new Error('enough'));
    };
    await expect(model.fit(X, y, { signal: controller.signal, onEpoch })).rejects.toThrow('enough');
    const twin = await make(classes, { epochs: 2 }).fit(X, y);
    expectSameBits(model.network.parameters, twin.network.parameters);
  });

  test('calls wait for one another, with what they were given', async () => {
    const [model, twin] = [make(), await make().fit(X, y)];
    const rows = X.map((row) => [...row]);
    const labels = [...y];
    const calls = [model.fit(X, y), model.fit(rows, labels)];
    const predicted = model.predictAsync(X);
    for (const row of rows) row.fill(0);
    labels.fill(0);
    expect(() => model.dispose()).toThrow('in use by a call that has not ended');
    await Promise.all(calls);
    expectSameBits(model.network.parameters, twin.network.parameters);
    expect(await predicted).toEqual(twin.predict(X));
    const inside = model.fit(X, y, { onEpoch: () => model.predictAsync(X) });
    await expect(inside).rejects.toThrow('this call would wait for the fit whose onEpoch makes it');
    model.dispose();
    expect(model.network.disposed).toBe(true);
    expect(() => model.predict(X)).toThrow('disposed');
    await expect(model.fit(X, y)).rejects.toThrow('disposed');
  });

  test('checkpoints', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bitgrad-'));
    const checkpoint = { path: join(folder, 'run') };
    await make().fit(X, y, { checkpoint, onEpoch: ({ epoch }) => epoch < 3 });
    const model = await make().fit(X, y, { checkpoint: { ...checkpoint, resume: true } });
    expectSameBits(model.network.parameters, (await make().fit(X, y)).network.parameters);
    expect(model.history?.epochs).toBe(5);
    await rm(folder, { recursive: true });
  });

  test('options', async () => {
    const model = make();
    expect(model.getParams()).toEqual(fitting);
    expect(model.setParams({ epochs: 2 }).getParams()).toEqual({ ...fitting, epochs: 2 });
    expect((await model.fit(X, y)).history?.epochs).toBe(2);
    expect(model.clone().getParams()).toEqual({ ...fitting, epochs: 2 });
    expect(() => make(classes, { sampleWeight: y } as never)).toThrow(
      '"sampleWeight" belongs to one fit: give it to fit(X, y, { sampleWeight })',
    );
    expect(() => make(classes, { callbacks: [] } as never)).toThrow('"callbacks" belongs to one fit');
    expect(() => model.setParams({ epoch: 2 } as never)).toThrow('fit: unknown option "epoch"; did you mean epochs?');
    expect(model.getParams()).toEqual({ ...fitting, epochs: 2 });
    await expect(model.fit(X, y, { epochs: 2 } as never)).rejects.toThrow('fit: unknown option "epochs"');
    await expect(make(classes, { epochs: -1 }).fit(X, y)).rejects.toThrow('"epochs" must be a positive integer');
    expect(() => new NetworkEstimator({} as never)).toThrow('"net" must be a Network');
    expect(() => structuredClone(model)).toThrow('toBytes(estimator.network)');
    expect(String(model)).toContain('NetworkEstimator({"epochs":2');
    expect(() => model.predict([[Number.NaN, 1, 2, 3]])).toThrow('the output for row 0 of "X" is NaN');
  });
});
