// Parameters by their paths: of what a TransformedTargetRegressor and a ColumnTransformer hold; and searches without a best.

import { describe, expect, test } from 'vitest';
import { ValueError } from '../../src/checks/errors.js';
import type { Matrix } from '../../src/matrix/matrix.js';
import {
  ColumnTransformer,
  gridSearch,
  LeaveOneOut,
  MinMaxScaler,
  MLPRegressor,
  OneHotEncoder,
  Pipeline,
  randomSearch,
  SimpleImputer,
  StandardScaler,
  TransformedTargetRegressor,
} from '../../src/model/index.js';

const X = Array.from({ length: 40 }, (_, i) => [i / 10, (i * 7) % 5]);
const y = X.map(([a, b]) => 1000 * a - 300 * b);
const options = { hiddenLayerSizes: [3], solver: 'lbfgs', maxIter: 20, background: false } as const;
const regressor = () => new MLPRegressor(options);
const model = () => new TransformedTargetRegressor({ regressor: regressor(), transformer: new StandardScaler() });

describe('TransformedTargetRegressor', () => {
  test('getParams and setParams: its own, and those of what it holds', async () => {
    const scaler = new StandardScaler();
    const inner = regressor();
    const transformed = new TransformedTargetRegressor({ regressor: inner, transformer: scaler });
    expect(transformed.getParams()).toEqual({
      regressor: inner,
      transformer: scaler,
      func: undefined,
      inverseFunc: undefined,
      checkInverse: true,
    });
    await transformed.fit(X, y);
    const before = transformed.predict(X);
    expect(transformed.setParams({ 'regressor.alpha': 5, 'transformer.withMean': false, checkInverse: false })).toBe(
      transformed,
    );
    expect(inner.getParams().alpha).toBe(5);
    expect(transformed.getParams().transformer).toMatchObject({ withMean: false, withStd: true });
    expect([scaler.withMean, transformed.checkInverse]).toEqual([true, false]);
    expect(transformed.predict(X)).toEqual(before); // for later fits
    await transformed.fit(X, y);
    expect(transformed.transformer).toMatchObject({ withMean: false });
    const other = new TransformedTargetRegressor({
      regressor: new MLPRegressor({ ...options, alpha: 5 }),
      transformer: new StandardScaler({ withMean: false }),
    });
    await other.fit(X, y);
    expect(transformed.predict(X)).toEqual(other.predict(X));
    transformed.setParams({ transformer: undefined, func: Math.sqrt, inverseFunc: (x: number) => x * x });
    await transformed.fit(X, y.map(Math.abs));
    transformed.setParams({ regressor: regressor() });
    expect(() => transformed.predict(X)).toThrow('TransformedTargetRegressor is not fitted');
    expect(transformed.clone().getParams().func).toBe(Math.sqrt);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ alpha: 1 }, '"alpha" is no parameter of a TransformedTargetRegressor: it has regressor, transformer, func'],
    [{ 'regressor.alfa': 1 }, 'MLPRegressor: unknown option "alfa"'],
    [{ 'regressor.alpha': -1 }, '"alpha" must be'],
    [{ 'transformer.with': 1 }, '"transformer.with" is no parameter of a StandardScaler: it has withMean, withStd'],
    [{ 'transformer.withMean': 1 }, '"withMean" must be true or false'],
    [{ transformer: undefined }, 'needs either "transformer" or both'],
    [{ func: Math.sqrt, inverseFunc: Math.sqrt }, 'needs either "transformer" or both'],
    [{ checkInverse: 1 }, '"checkInverse" must be true or false'],
    [{ regressor: {} }, '"regressor" must be a regressor'],
    [JSON.parse('{ "__proto__": 1 }'), '"__proto__" is no parameter of a TransformedTargetRegressor'],
    [{ 'regressor.alpha': 1, checkInverse: 'no' }, '"checkInverse" must be'],
  ])('%j is refused, and nothing has changed', async (parameters, message) => {
    const transformed = model();
    const before = [transformed.getParams(), transformed.regressor.getParams()];
    expect(() => transformed.setParams(parameters)).toThrow(ValueError);
    expect(() => transformed.setParams(parameters)).toThrow(message);
    expect([transformed.getParams(), transformed.regressor.getParams()]).toEqual(before);
    const values = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]]));
    await expect(gridSearch(transformed, X, y, values)).rejects.toThrow(message);
  });

  test('where functions transform, or a pipeline learns', async () => {
    const inverseFunc = (x: number) => x;
    const functions = new TransformedTargetRegressor({ regressor: regressor(), func: inverseFunc, inverseFunc });
    expect(() => functions.setParams({ 'transformer.withMean': false })).toThrow(
      '"transformer.withMean" is no parameter where functions transform',
    );
    const pipeline = new Pipeline([new StandardScaler(), regressor()]);
    const around = new TransformedTargetRegressor({ regressor: pipeline, func: inverseFunc, inverseFunc });
    expect(() => around.setParams({ 'regressor.estimator.alpha': 1 })).toThrow('"regressor" is a Pipeline');
    // A search makes copies, and goes all the way.
    const { bestEstimator, results } = await gridSearch(
      around,
      X,
      y,
      { 'regressor.estimator.alpha': [1e-4, 10], 'regressor.transformers.0.withMean': [true] },
      { cv: 2 },
    );
    expect(results.map(({ parameters }) => parameters['regressor.estimator.alpha'])).toEqual([1e-4, 10]);
    expect([1e-4, 10]).toContain(bestEstimator.regressor.estimator.getParams().alpha);
    expect(pipeline.estimator.getParams().alpha).toBe(1e-4);
  });

  test('a search through a pipeline, with whole parts, draws, halving', async () => {
    const pipeline = new Pipeline([new StandardScaler(), model()]);
    const grid = {
      'estimator.transformer': [new StandardScaler(), new MinMaxScaler()],
      'estimator.regressor.alpha': [1e-4, 1],
    };
    const { bestEstimator, results, bestParameters } = await gridSearch(pipeline, X, y, grid, { cv: 3 });
    expect(results).toHaveLength(4);
    expect(bestEstimator.estimator.regressor.getParams().alpha).toBe(bestParameters['estimator.regressor.alpha']);
    const random = await randomSearch(
      model(),
      X,
      y,
      { 'regressor.alpha': { logUniform: [1e-6, 1] } },
      { nIter: 3, cv: 2 },
    );
    expect(random.results).toHaveLength(3);
    const halving = { resource: 'regressor.maxIter', maxResources: 20 };
    const halved = await gridSearch(model(), X, y, { 'regressor.alpha': [1e-4, 1e-3, 0.1, 1] }, { cv: 2, halving });
    expect(halved.results.at(-1)?.parameters['regressor.maxIter']).toBeGreaterThan(1);
  });

  test('errors are of the targets', async () => {
    const other = {
      fit: () => other,
      transform: () => new StandardScaler().fit([['a']] as never),
      inverseTransform: () => [[1]],
    };
    const transformed = new TransformedTargetRegressor({ regressor: regressor(), transformer: other as never });
    await expect(transformed.fit(X, y)).rejects.toThrow('"y"[0]');
    const unseen = { X, y: y.map((each) => [each, each]) };
    await expect(model().fit(X, y, { validationData: unseen as never })).rejects.toThrow(
      '"validationData.y" has 2 columns',
    );
  });
});

describe('ColumnTransformer', () => {
  const people = Array.from({ length: 40 }, (_, i) => ({
    city: ['Oslo', 'Rome', null][i % 3],
    age: i % 7 ? i : null,
    'a.b': i,
  }));
  const columns = () =>
    new ColumnTransformer(
      [
        ['cities', [new SimpleImputer({ strategy: 'mostFrequent' }), new OneHotEncoder()], ['city']],
        ['ages', new SimpleImputer(), ['age']],
        ['a', 'drop', []],
        ['a.b', new StandardScaler(), ['a.b']],
      ],
      { remainder: 'drop' },
    );
  const pipeline = () => new Pipeline([columns(), regressor()]);

  test('options of parts, one transformer or several; whole parts; its own', async () => {
    const given = pipeline();
    const { results } = await gridSearch(
      given,
      people,
      y,
      {
        'transformers.0.ages.strategy': ['mean', 'median'],
        'transformers.0.cities.1.drop': ['first'],
        'transformers.0.cities.0': [new SimpleImputer({ strategy: 'constant' })],
        'transformers.0.a.b.withMean': [false],
        'transformers.0.verboseFeatureNamesOut': [true],
        'estimator.alpha': [0.1],
      },
      { cv: 2, refit: false },
    );
    expect(results).toHaveLength(2);
    const best = await gridSearch(given, people, y, { 'transformers.0.ages': ['drop'] }, { cv: 2 });
    expect((best.bestEstimator.transform(people) as Matrix).cols).toBe(3);
    const one = await gridSearch(
      given,
      people,
      y,
      { 'transformers.0.cities.1.drop': ['first'], 'transformers.0.remainder': ['passthrough'] },
      { cv: 2 },
    );
    const parts = (one.bestEstimator.transformers[0] as ColumnTransformer).transformers;
    expect((parts[0][1] as unknown as [unknown, OneHotEncoder])[1].drop).toBe('first');
    expect((given.transformers[0] as ColumnTransformer).remainder).toBe('drop');
    expect(given.estimator.isFitted).toBe(false);
  });

  test.each<[string, unknown, string]>([
    [
      'transformers.0.age.strategy',
      'mean',
      '"transformers.0.age.strategy" is no parameter of a ColumnTransformer: it has remainder',
    ],
    ['transformers.0.ages.fill', 1, '"transformers.0.ages.fill" is no parameter of a SimpleImputer: it has'],
    [
      'transformers.0.cities.strategy',
      'mean',
      '"transformers.0.cities.strategy" is no parameter: transformers.0.cities has 2',
    ],
    ['transformers.0.cities.2', null, '"transformers.0.cities.2" is no parameter: transformers.0.cities has 2'],
    ['transformers.0.cities.0', 'drop', '"transformers.0.cities.0" must be a transformer, got "drop"'],
    ['transformers.0.ages.strategy', 'most', '"strategy" must be one of'],
    ['transformers.0.ages', 7, '"transformers"[1][1] must be a transformer'],
    ['transformers.0.remainder', 'keep', '"remainder" must be one of'],
  ])('%s is refused', async (path, value, message) => {
    await expect(gridSearch(pipeline(), people, y, { [path]: [value] })).rejects.toThrow(message);
  });
});

describe('no score, no best', () => {
  test('all are NaN', async () => {
    await expect(gridSearch(regressor(), X, y, { alpha: [1e-4, 1] }, { cv: new LeaveOneOut() })).rejects.toThrow(
      'no candidate is the best: the mean score of each is NaN, as R2 of a single row is: look at "cv" and "scoring"',
    );
    const scoring = () => Number.NaN;
    await expect(gridSearch(regressor(), X, y, { alpha: [1] }, { scoring, refit: false })).rejects.toThrow(
      'no candidate is the best',
    );
    const halving = { resource: 'maxIter', maxResources: 9 };
    await expect(gridSearch(regressor(), X, y, { alpha: [1, 2, 3] }, { scoring, halving })).rejects.toThrow(
      'no candidate is the best',
    );
    let calls = 0;
    const once = () => (calls++ ? 1 : Number.NaN);
    const { bestIndex, results } = await gridSearch(regressor(), X, y, { alpha: [1, 2] }, { cv: 2, scoring: once });
    expect([bestIndex, results.map(({ rank }) => rank)]).toEqual([1, [2, 1]]);
  });

  test('some failed in each', async () => {
    let calls = 0;
    const scoring = () => {
      if (calls++ % 2) throw new Error('no luck');
      return 1;
    };
    await expect(gridSearch(regressor(), X, y, { alpha: [1, 2] }, { cv: 2, scoring })).rejects.toThrow(
      'no candidate is the best: the mean score of each is NaN, the first for: no luck',
    );
  });
});
