// Calls on one estimator at once: each has the rows that it was given, in the order of the calls, and none is lost.

import { describe, expect, test } from 'vitest';
import {
  MinMaxScaler,
  MLPClassifier,
  MLPRegressor,
  Pipeline,
  StandardScaler,
  type Transformer,
} from '../../src/model/index.js';
import { random } from '../../src/random/random.js';
import { entries, expectSameBits } from '../support/backends.js';
import { FACTOR } from '../support/long.js';

const HERE = { background: false, hiddenLayerSizes: 3, randomState: 4 } as const;
const rows = (seed: number, count = 20) => random(seed).randn(count, 2).toArray();
const labels = (X: number[][]): string[] => X.map(([a]) => (a > 0 ? 'up' : 'down'));
const classes = ['down', 'up'];

describe.each(entries)('%s', (_, { engine }) => {
  test('partialFit calls that are not awaited end as if each had been', async () => {
    const days = [1, 2, 3, 4, 5, 6, 7].map((seed) => rows(seed));
    const awaited = new MLPClassifier({ ...HERE, engine });
    for (const X of days)
      await awaited.partialFit(X, labels(X), { classes, sampleWeight: X.map(([a]) => Math.abs(a)) });
    const queued = new MLPClassifier({ ...HERE, engine });
    const ended: number[] = [];
    const calls = days.map((X, i) => {
      const [mine, y, sampleWeight] = [X.map((row) => [...row]), labels(X), X.map(([a]) => Math.abs(a))];
      const call = queued.partialFit(mine, y, { classes, sampleWeight }).then(() => ended.push(i));
      // What the caller does with them afterwards is the caller's.
      for (const row of mine) row.fill(Number.NaN);
      y.fill('neither');
      sampleWeight.fill(-1);
      return call;
    });
    queued.setParams({ learningRateInit: 99 });
    await Promise.all(calls);
    expect(ended).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expectSameBits(queued.network.parameters, awaited.network.parameters);
    expect(queued.lossCurve).toEqual(awaited.lossCurve);
  });

  test('typed rows and matrices too', async () => {
    const X = random(1).randn(300, 2);
    const y = Float64Array.from(X.data.subarray(0, 300));
    const awaited = new MLPRegressor({ ...HERE, engine });
    const queued = new MLPRegressor({ ...HERE, engine });
    for (let i = 0; i < 3; i++) await awaited.partialFit(X, y);
    const [mine, targets] = [engine.matrix(X), y.slice()];
    const calls = [
      queued.partialFit(mine, targets),
      queued.partialFit(mine, targets),
      queued.partialFit(mine, targets),
    ];
    mine.data.fill(Number.NaN);
    mine.dispose();
    targets.fill(Number.NaN);
    await Promise.all(calls);
    expectSameBits(queued.network.parameters, awaited.network.parameters);
  });

  test('one that fails leaves the others as they are', async () => {
    const X = rows(1);
    const model = new MLPClassifier({ ...HERE, engine });
    const results = await Promise.allSettled([
      model.partialFit(X, labels(X)), // no classes yet
      model.partialFit(X, labels(X), { classes }),
      model.partialFit(
        X,
        X.map(() => 'neither'),
      ),
      model.partialFit(
        X.map(([a]) => [a]),
        labels(X),
      ),
      model.partialFit([[1, 'x']] as never, ['up']),
      model.partialFit(X, labels(X)),
    ]);
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([false, true, false, false, false, true]);
    expect(model.nIter).toBe(2);
  });

  test('a fit waits for the partialFits before it, with the rows it was given; those after it wait for the fit', async () => {
    const [X, other] = [rows(1), rows(2)];
    const parameters = { ...HERE, engine, maxIter: 5, warmStart: true };
    const awaited = new MLPClassifier(parameters);
    await awaited.partialFit(X, labels(X), { classes });
    await awaited.fit(other, labels(other), { sampleWeight: other.map(() => 2) });
    await awaited.partialFit(X, labels(X));
    const model = new MLPClassifier(parameters);
    const [mine, sampleWeight] = [other.map((row) => [...row]), other.map(() => 2)];
    const calls = [
      model.partialFit(X, labels(X), { classes }),
      model.fit(mine, labels(other), { sampleWeight }),
      model.partialFit(X, labels(X)),
    ];
    for (const row of mine) row.fill(7);
    sampleWeight.fill(0);
    await expect(model.fit(X, labels(X))).rejects.toThrow('this MLPClassifier is being fitted: await that first');
    await Promise.all(calls);
    expectSameBits(model.network.parameters, awaited.network.parameters);
    expect(model.nIter).toBe(7);
    await model.fit(X, labels(X));
  });

  test('dispose while something is under way is refused, and afterwards is not', async () => {
    const X = rows(1);
    const model = new MLPClassifier({ ...HERE, engine, maxIter: 3 });
    for (const call of [
      () => model.fit(X, labels(X)),
      () => model.partialFit(X, labels(X)),
      () => model.predictAsync(X),
    ]) {
      const running = call();
      expect(() => model.dispose()).toThrow(/in use by a call that has not ended .*abort its signal, before dispose/);
      await running;
      expect(model.isFitted).toBe(true);
    }
    const failing = model.partialFit(X, ['x'] as never);
    await expect(failing).rejects.toThrow();
    model.dispose();
    expect(model.isFitted).toBe(false);
    const pipeline = new Pipeline([new StandardScaler(), new MLPClassifier({ ...HERE, engine, maxIter: 3 })]);
    const fitting = pipeline.fit(X, labels(X));
    expect(() => pipeline.dispose()).toThrow('this pipeline is in use');
    await expect(pipeline.fit(X, labels(X))).rejects.toThrow('this pipeline is being fitted');
    await fitting;
    pipeline.dispose();
  });

  test('a call that waits is aborted at once; what it waited for goes on, and what waits for it', async () => {
    const X = random(1).randn(20_000, 2);
    const y = X.data.subarray(0, 20_000);
    const model = new MLPRegressor({ ...HERE, engine, maxIter: 20 });
    const control = new AbortController();
    const first = model.partialFit(X, y).then(() => 'first');
    const second = model.partialFit(X, y).then(() => 'second');
    const waiting = model.predictAsync(X, { signal: control.signal });
    const last = model.partialFit(X, y).then(() => 'last');
    control.abort(new Error('enough'));
    await expect(Promise.race([waiting, first, second])).rejects.toThrow('enough');
    expect(await Promise.race([last, first])).toBe('first');
    await last;
    expect(model.nIter).toBe(3);
    await expect(model.fit(X, y, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
    await expect(model.fit(X, y, { signal: {} as never })).rejects.toThrow(
      '"signal" must be an AbortSignal, got an object',
    );
  });

  test('a callback that would wait for itself is told', async () => {
    const X = rows(1);
    const model = new MLPClassifier({ ...HERE, engine, maxIter: 3 });
    const message = 'this call would wait for the fit whose onEpoch makes it';
    for (const call of [
      () => model.partialFit(X, labels(X)),
      () => model.predictAsync(X),
      () => model.fit(X, labels(X)),
    ]) {
      await expect(model.fit(X, labels(X), { onEpoch: call })).rejects.toThrow(
        /would wait for the fit|is being fitted/,
      );
    }
    const pipeline = new Pipeline([new StandardScaler(), new MLPClassifier({ ...HERE, engine, maxIter: 3 })]);
    await expect(pipeline.fit(X, labels(X), { onEpoch: () => pipeline.predictAsync(X) })).rejects.toThrow(message);
    await pipeline.fit(X, labels(X), { onEpoch: () => void model.isFitted });
  });

  test("a pipeline's scalers learn what the estimator learns from, whatever becomes of X meanwhile", async () => {
    const X = rows(1);
    const y = labels(X);
    const parameters = { ...HERE, engine, maxIter: 5 };
    const expected = await new Pipeline([new StandardScaler(), new MLPClassifier(parameters)]).fit(X, y);
    const mine = X.map((row) => [...row]);
    const pipeline = new Pipeline([new StandardScaler(), new MLPClassifier(parameters)]);
    const fitting = pipeline.fit(mine, y);
    for (const row of mine) row.fill(1000);
    await fitting;
    expect(pipeline.predictProba(X)).toEqual(expected.predictProba(X));

    // One of the user's own, which takes its time, and which is fitted a second time at the end.
    class Slow implements Transformer {
      readonly scaler = new MinMaxScaler();
      async fit(rows: never) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        this.scaler.fit(rows);
      }
      transform(rows: never) {
        return this.scaler.transform(rows);
      }
      clone() {
        return new Slow();
      }
    }
    const other = await new Pipeline([new MinMaxScaler(), new MLPClassifier(parameters)]).fit(X, y);
    const again = X.map((row) => [...row]);
    const targets = [...y];
    const slow = new Pipeline([new Slow(), new MLPClassifier(parameters)]);
    const slowly = slow.fit(again, targets);
    for (const row of again) row.fill(1000);
    targets.fill('up');
    await slowly;
    expect(slow.predictProba(X)).toEqual(other.predictProba(X));
  });
});

const CALLS = 17_000 * FACTOR;

test(`curves of ${CALLS} calls stay within bounds, and a call costs the same`, async () => {
  const create = () => new MLPRegressor({ hiddenLayerSizes: [], solver: 'sgd', learningRateInit: 1e-6, momentum: 0 });
  const model = create();
  let least = Infinity;
  /** Milliseconds of so many calls. */
  const time = async (of: MLPRegressor, count: number) => {
    const start = performance.now();
    for (let i = 0; i < count; i++) {
      await of.partialFit([[1]], [3]);
      if (of === model) least = Math.min(least, model.loss);
    }
    return performance.now() - start;
  };
  const ROUNDS = 8;
  await time(model, CALLS - 250 * ROUNDS);
  // By turns with one that is new, and the least of each: others use the machine too.
  const young = create();
  let [old, fresh] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    old = Math.min(old, await time(model, 250));
    fresh = Math.min(fresh, await time(young, 250));
  }
  expect(old).toBeLessThan(1.5 * fresh);
  expect(model.nIter).toBe(CALLS);
  const { lossCurve, learningRates } = model;
  expect(lossCurve.length).toBeLessThanOrEqual(16_384);
  expect(lossCurve.length).toBeGreaterThan(8192);
  expect(learningRates.length).toBe(lossCurve.length);
  expect(lossCurve[lossCurve.length - 1]).toBe(model.loss);
  expect(model.bestLoss).toBe(least);
});
