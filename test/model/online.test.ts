// partialFit of few rows goes on where it was, with nothing made anew: the bits of a training of one epoch, which weights of 1 ask for.

import { describe, expect, test } from 'vitest';
import { fromBytes, MLPClassifier, MLPRegressor, toBytes } from '../../src/model/index.js';
import { random } from '../../src/random/random.js';
import { entries } from '../support/backends.js';

const FEATURES = 3;
const CLASSES = ['a', 'b', 'c'];

/** What is called, with or without weights of 1: rows, targets, or something else in between. */
interface Kind {
  make(parameters: object): MLPClassifier | MLPRegressor;
  targets(rows: number, seed: number): unknown;
  options: object;
}

const draw = (rows: number, seed: number) => random(seed).rand(rows);
const labels = (rows: number, seed: number, count: number) =>
  Array.from(draw(rows, seed), (x) => CLASSES[Math.floor(count * x)]);

const KINDS: Record<string, Kind> = {
  regressor: { make: (p) => new MLPRegressor(p), targets: (n, seed) => draw(n, seed), options: {} },
  'two outputs': {
    make: (p) => new MLPRegressor(p),
    targets: (n, seed) => random(seed).rand(n, 2),
    options: {},
  },
  poisson: {
    make: (p) => new MLPRegressor({ loss: 'poisson', ...p }),
    targets: (n, seed) => draw(n, seed).map((x) => Math.floor(4 * x)),
    options: {},
  },
  'two classes': {
    make: (p) => new MLPClassifier(p),
    targets: (n, seed) => labels(n, seed, 2),
    options: { classes: ['a', 'b'] },
  },
  'three classes': {
    make: (p) => new MLPClassifier(p),
    targets: (n, seed) => labels(n, seed, 3),
    options: { classes: CLASSES },
  },
  'several labels': {
    make: (p) => new MLPClassifier(p),
    targets: (n, seed) => Array.from(draw(n, seed), (x, i) => [i % 2, Math.floor(2 * x)]),
    options: {},
  },
};

const PARAMETERS: object[] = [
  {},
  { solver: 'sgd', nesterovsMomentum: false },
  { solver: 'sgd', learningRate: 'invscaling', momentum: 0 },
  { solver: 'sgd', learningRate: 'adaptive', learningRateInit: 0.1, tol: 10, nIterNoChange: 1 },
  { shuffle: false, batchSize: 4, alpha: 0, dtype: 'f32' },
];

/** More than a batch of 200, and more than is done at once. */
const SIZES = [1, 1, 1, 5, 1, 250, 1, 7000, 1, 3];

describe.each(entries)('%s', (_, { engine }) => {
  const common = { hiddenLayerSizes: [6], randomState: 5, engine };

  async function partialFit(
    model: MLPClassifier | MLPRegressor,
    kind: Kind,
    rows: number,
    seed: number,
    weighted: boolean,
  ) {
    const X = random(seed).rand(rows, FEATURES);
    const options = { ...kind.options, ...(weighted && { sampleWeight: new Float64Array(rows).fill(1) }) };
    await model.partialFit(X, kind.targets(rows, seed + 1) as never, options);
  }

  describe.each(Object.entries(KINDS))('%s', (_, kind) => {
    test.each(PARAMETERS)('%j', async (parameters) => {
      const [model, twin] = [0, 1].map(() => kind.make({ ...common, ...parameters }));
      for (const [i, rows] of SIZES.entries()) {
        await partialFit(model, kind, rows, 10 * i, false);
        await partialFit(twin, kind, rows, 10 * i, true);
        // Reading the state must not be what makes them alike.
        if (i % 3 === 2) expect(toBytes(model)).toEqual(toBytes(twin));
      }
      expect(toBytes(model)).toEqual(toBytes(twin));
      expect(model.nIter).toBe(SIZES.length);
      for (const each of [model, twin]) each.dispose();
    });
  });

  const kind = KINDS.regressor;
  const both = () => [0, 1].map(() => kind.make(common) as MLPRegressor);
  const step = async ([model, twin]: MLPRegressor[], rows: number, seed: number) => {
    await partialFit(model, kind, rows, seed, false);
    await partialFit(twin, kind, rows, seed, true);
  };
  const same = ([model, twin]: MLPRegressor[]) => {
    expect(toBytes(model)).toEqual(toBytes(twin));
    for (const each of [model, twin]) each.dispose();
  };

  test('saved and loaded, given other parameters, fitted on, written to: it goes on from there', async () => {
    let models = both();
    for (let i = 0; i < 3; i++) await step(models, 4, i);
    models = models.map((model) => fromBytes(toBytes(model), { engine }) as MLPRegressor);
    for (let i = 0; i < 3; i++) await step(models, 4, 10 + i);
    for (const model of models) model.setParams({ learningRateInit: 0.1 });
    for (let i = 0; i < 3; i++) await step(models, 4, 20 + i);
    for (const model of models) model.network.parameters.fill(0.1);
    for (let i = 0; i < 3; i++) await step(models, 4, 30 + i);
    for (const model of models) {
      model.setParams({ warmStart: true, maxIter: 2 });
      await model.fit(random(1).rand(20, FEATURES), draw(20, 2));
    }
    for (let i = 0; i < 3; i++) await step(models, 4, 40 + i);
    for (const model of models) {
      model.setParams({ warmStart: false });
      await model.fit(random(1).rand(20, FEATURES), draw(20, 2));
    }
    for (let i = 0; i < 3; i++) await step(models, 4, 50 + i);
    same(models);
  });

  test.each([
    ['an input', [[1, 2, Number.NaN]], [1], '"X" holds NaN in row 0, column 2'],
    ['a target', [[1, 2, 3]], [Number.NaN], '"y" holds NaN in row 0, column 0'],
    [
      'the second batch',
      [...Array(203)].map((_, i) => [1, 2, i === 201 ? Infinity : 3]),
      [...Array(203)].map(() => 1),
      'holds Infinity',
    ],
  ])('%s that is not finite: the error of a training, and the state before', async (_, X, y, message) => {
    const models = both();
    for (let i = 0; i < 3; i++) await step(models, 4, i);
    const [model, twin] = models;
    const failed = await model.partialFit(X, y).catch((error: Error) => error.message);
    expect(failed).toContain(message);
    const expected = await twin
      .partialFit(X, y, { sampleWeight: y.map(() => 1) })
      .catch((error: Error) => error.message);
    expect(failed).toBe(expected);
    await step(models, 4, 9);
    same(models);
  });

  test('steps that lead out of the finite are refused, too', async () => {
    const models = [0, 1].map(() => new MLPRegressor({ ...common, solver: 'sgd', learningRateInit: 1e300 }));
    const errors: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      for (const [j, model] of models.entries()) {
        await partialFit(model, kind, 4, i, j > 0).catch((error: Error) => errors.push(error.message));
      }
    }
    expect(errors.length).toBeGreaterThan(1);
    for (let i = 0; i < errors.length; i += 2) expect(errors[i]).toBe(errors[i + 1]);
  });

  test('other widths, labels and uses of the network are refused as ever', async () => {
    const model = new MLPClassifier(common);
    const classes = ['a', 'b'];
    for (let i = 0; i < 3; i++) await model.partialFit([[1, 2, 3]], ['a'], { classes });
    await expect(model.partialFit([[1, 2]], ['a'])).rejects.toThrow(
      '"X" has 2 columns, but the network to go on with has 3',
    );
    await expect(model.partialFit([[1, 2, 3]], ['c'])).rejects.toThrow('"y" has labels that are not among the classes');
    await expect(
      model.partialFit(
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
        ['a'],
      ),
    ).rejects.toThrow('"X" has 2 rows and "y" has 1');
    model.setParams({ hiddenLayerSizes: [7] });
    await expect(model.partialFit([[1, 2, 3]], ['a'])).rejects.toThrow('the network to go on with is 3-6-1');
    model.setParams({ hiddenLayerSizes: [6] });
    const running = model.network as unknown as { fit(X: unknown, y: unknown, options: object): Promise<unknown> };
    const training = running.fit([[1, 2, 3]], [1], { epochs: 5, background: false });
    await expect(model.partialFit([[1, 2, 3]], ['a'])).rejects.toThrow('is being trained');
    await training;
    await model.partialFit([[1, 2, 3]], ['a']);
    model.network.dispose();
    await expect(model.partialFit([[1, 2, 3]], ['a'])).rejects.toThrow('disposed');
  });

  test('rows that change after the call, and calls that are not awaited', async () => {
    const models = both();
    await step(models, 4, 0);
    const [model, twin] = models;
    const rows = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const targets = [1, 2];
    const calls = [model.partialFit(rows, targets), model.partialFit(rows, targets)];
    rows[0][0] = 9;
    targets[0] = 9;
    await Promise.all(calls);
    for (let i = 0; i < 2; i++)
      await twin.partialFit(
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [1, 2],
        { sampleWeight: [1, 1] },
      );
    same(models);
  });

  test('memory does not grow', async () => {
    const model = new MLPRegressor(common);
    for (let i = 0; i < 50; i++) await partialFit(model, kind, 4, i, false);
    const { memoryBytes } = engine.info();
    for (let i = 0; i < 3000; i++) await model.partialFit([[1, 2, 3]], [i % 2]);
    expect(engine.info().memoryBytes).toBe(memoryBytes);
    model.dispose();
  });
});
