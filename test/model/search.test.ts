// Searches, scores by name and predictions of unseen rows, next to scikit-learn's with the same folds and seeds.

import * as built from 'bitgrad/model';
import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/matrix/matrix.js';
import {
  accuracyScore,
  type CandidateReport,
  ColumnTransformer,
  crossValidate,
  crossValPredict,
  GroupKFold,
  getScorer,
  gridSearch,
  KFold,
  MinMaxScaler,
  MLPClassifier,
  type MLPParameters,
  MLPRegressor,
  OneHotEncoder,
  type ParameterGrid,
  Pipeline,
  permutationImportance,
  RepeatedKFold,
  randomSearch,
  ShuffleSplit,
  SimpleImputer,
  StandardScaler,
  StratifiedKFold,
  scorers,
} from '../../src/model/index.js';
import { drawParameters } from '../../src/model/search/draws.js';
import { Grids, readSpaces, readValues, withParameters } from '../../src/model/search/parameters.js';
import { random } from '../../src/random/random.js';
import { evaluation, expectClose } from '../support/data-fixtures.js';

// biome-ignore lint/suspicious/noExplicitAny: fixtures of many shapes
type Any = any;
const { X, y, ...theirs } = evaluation.searches;
const HERE = { solver: 'sgd', learningRateInit: 0.05, batchSize: 32, background: false } as const;
const GRID = { alpha: [1e-4, 1], hiddenLayerSizes: [[4], [8]], activation: ['tanh', 'relu'] };
const cv = new StratifiedKFold({ nSplits: 3, shuffle: true, randomState: 1 });
const model = (options: Partial<MLPParameters> = {}) => new MLPClassifier({ ...HERE, ...options });

/** Without what depends on the clock. */
const timeless = (results: readonly object[]) =>
  results.map((each) => ({ ...each, fitSeconds: 0, scoreSeconds: 0, seconds: 0, etaSeconds: 0 }));

function expectTable(found: Awaited<ReturnType<typeof gridSearch>>, table: Any, names: (path: string) => string): void {
  const named = found.results.map(({ parameters }) =>
    Object.fromEntries(Object.entries(parameters).map(([path, value]) => [names(path), value])),
  );
  expect(named).toEqual(table.params);
  expectClose(
    found.results.map(({ meanTestScore }) => meanTestScore),
    table.mean,
    1e-9,
  );
  expectClose(
    found.results.map(({ stdTestScore }) => stdTestScore),
    table.std,
    1e-8,
    1e-12,
  );
  expectClose(
    found.results.map(({ testScores }) => testScores),
    table.splits,
    1e-9,
  );
  expect(found.results.map(({ rank }) => rank)).toEqual(table.rank);
  expect(found.bestIndex).toBe(table.bestIndex);
  expectClose(found.bestScore, table.bestScore, 1e-9);
}

const same = (name: string) => name;

describe('gridSearch', () => {
  test('scores, ranks and the best are those of scikit-learn', async () => {
    const found = await gridSearch(model({ maxIter: 30 }), X, y, GRID, { cv });
    expectTable(found, theirs.grid, same);
    expect(found.bestEstimator.score(X, y)).toBeGreaterThan(0.9);
    expect(found.bestEstimator.getParams()).toMatchObject(found.bestParameters);
    expect(found.bestParameters).toEqual(found.results[found.bestIndex].parameters);
    found.bestEstimator.dispose();
  });

  test('by log loss', async () => {
    const options = { cv, scoring: 'negLogLoss', refit: false } as const;
    const found = await gridSearch(model({ maxIter: 30 }), X, y, { alpha: [1e-4, 1, 10] }, options);
    expectTable(found as Any, theirs.byLogLoss, same);
    expect([found.bestEstimator, found.refitSeconds]).toEqual([undefined, undefined]);
  });

  test('of a pipeline, by paths', async () => {
    const pipeline = new Pipeline([new StandardScaler(), model({ maxIter: 20 })]);
    const shifted = X.map((row: number[]) => row.map((x) => x * 3 + 1));
    const parameters = { 'estimator.alpha': [1e-4, 3], 'transformers.0.withMean': [true, false] };
    const found = await gridSearch(pipeline, shifted, y, parameters, { cv });
    // scikit-learn's names end alike.
    const table = theirs.piped;
    expectTable(
      found,
      { ...table, params: table.params.map(({ alpha, with_mean }: Any) => ({ alpha, withMean: with_mean })) },
      (path) => path.split('.').at(-1) as string,
    );
    expect(found.bestEstimator.predict(shifted).length).toBe(150);
    expect(() => pipeline.predict(shifted)).toThrow('not fitted');
  });

  test.each([1, 2, 5])('results do not depend on jobs: %d', async (jobs) => {
    const reports: CandidateReport[] = [];
    const options = { cv, returnTrainScore: true, onCandidate: (report: CandidateReport) => reports.push(report) };
    const search = (jobs: number) => gridSearch(model({ maxIter: 5 }), X, y, GRID, { ...options, jobs });
    const one = await search(1);
    const first = timeless(reports.splice(0));
    const many = await search(jobs);
    expect(timeless(many.results)).toEqual(timeless(one.results));
    expect(timeless(reports)).toEqual(first);
    expect(many.bestEstimator.network.parameters).toEqual(one.bestEstimator.network.parameters);
    expect(reports.map(({ candidate }) => candidate)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(reports.at(-1)).toMatchObject({ candidates: 8, bestScore: many.bestScore, etaSeconds: 0 });
  });

  // As built: what runs in the worker is.
  test('in workers, two at once, the bits are the same', async () => {
    const grid = { alpha: [1e-4, 1] };
    const here = await gridSearch(model({ maxIter: 5 }), X, y, grid, { cv });
    const background = new built.MLPClassifier({ ...HERE, maxIter: 5, background: true });
    const there = await built.gridSearch(background, X, y, grid, { cv: cv as never, jobs: 2 });
    expect(timeless(there.results)).toEqual(timeless(here.results));
    expect(there.bestEstimator.network.parameters).toEqual(here.bestEstimator.network.parameters);
  });

  test.each([1, 3])('a callback that says false, and break, end it with the best so far: %d jobs', async (jobs) => {
    const options = { cv, jobs };
    const whole = await gridSearch(model({ maxIter: 5 }), X, y, GRID, options);
    const cut = await gridSearch(model({ maxIter: 5 }), X, y, GRID, {
      ...options,
      onCandidate: async ({ candidate }: CandidateReport) => candidate < 2,
    });
    expect(timeless(cut.results.map(({ rank: _, ...each }) => each))).toEqual(
      timeless(whole.results.slice(0, 3).map(({ rank: _, ...each }) => each)),
    );
    expect(cut.bestEstimator.isFitted).toBe(true);
    const search = gridSearch(model({ maxIter: 5 }), X, y, GRID, options);
    for await (const { candidate } of search) if (candidate === 2) break;
    expect(timeless((await search).results)).toEqual(timeless(cut.results));
    await expect(async () => {
      for await (const _ of search);
    }).rejects.toThrow('this search has begun already');
  });

  test('for await gives every report, and the result', async () => {
    const search = gridSearch(model({ maxIter: 3 }), X, y, GRID, { cv });
    const seen: number[] = [];
    for await (const { meanTestScore } of search) seen.push(meanTestScore);
    expect(seen).toEqual((await search).results.map(({ meanTestScore }) => meanTestScore));
  });

  test.each([1, 3])('a signal ends it: %d jobs', async (jobs) => {
    const controller = new AbortController();
    const options = {
      cv,
      jobs,
      signal: controller.signal,
      onCandidate: () => controller.abort(new Error('enough')),
    };
    await expect(gridSearch(model({ maxIter: 5 }), X, y, GRID, options)).rejects.toThrow('enough');
    await expect(gridSearch(model({ maxIter: 5 }), X, y, GRID, options)).rejects.toThrow('enough');
  });

  test('what was handed in may change meanwhile, the estimator too', async () => {
    const wanted = await gridSearch(model({ maxIter: 5 }), X, y, { alpha: [1, 2] }, { cv, refit: false });
    const [rows, labels] = [X.map((row: number[]) => [...row]), [...y]];
    const weights = new Array(150).fill(1);
    const estimator = model({ maxIter: 5 });
    const parameters = { alpha: [1, 2] };
    const running = gridSearch(estimator, rows, labels, parameters, { cv, refit: false, sampleWeight: weights }).then();
    rows.forEach((row: number[]) => row.fill(7));
    labels.fill(0);
    weights.fill(0);
    parameters.alpha.fill(100);
    estimator.setParams({ maxIter: 1 });
    expect(timeless((await running).results)).toEqual(timeless(wanted.results));
  });

  test('a training that fails has the score NaN, or another, or ends it', async () => {
    const bad = { learningRateInit: [1e300, 0.05] };
    const found = await gridSearch(model({ maxIter: 3 }), X, y, bad, { cv });
    expect(found.results[0].testScores).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(found.results[0].error).toMatchObject({ name: 'NonFiniteError' });
    expect(found.results.map(({ rank }) => rank)).toEqual([2, 1]);
    expect(found.bestIndex).toBe(1);
    const scored = await gridSearch(model({ maxIter: 3 }), X, y, bad, { cv, errorScore: -1 });
    expect(scored.results[0].meanTestScore).toBe(-1);
    for (const jobs of [1, 4]) {
      const raising = gridSearch(model({ maxIter: 3 }), X, y, bad, { cv, errorScore: 'raise', jobs });
      await expect(raising).rejects.toMatchObject({ name: 'NonFiniteError' });
    }
    await expect(gridSearch(model(), X, y, { learningRateInit: [1e300] }, { cv })).rejects.toThrow(
      'all trainings failed, the first with: ',
    );
  });

  test('weights and groups reach training, scores and splitters', async () => {
    const sampleWeight = y.map((label: number) => (label === 0 ? 1 : 1e-3));
    const found = await gridSearch(model({ maxIter: 5 }), X, y, { alpha: [1] }, { cv, sampleWeight });
    const checked = await crossValidate(model({ maxIter: 5, alpha: 1 }), X, y, { cv, sampleWeight });
    expect(found.results[0].testScores).toEqual(checked.testScore);
    const groups = y.map((_: number, i: number) => i % 5);
    const grouped = await crossValidate(model({ maxIter: 5 }), X, y, { cv: new GroupKFold(), groups });
    expect(grouped.testScore.length).toBe(5);
    await expect(crossValidate(model(), X, y, { cv: new GroupKFold() })).rejects.toThrow('"groups" is missing');
    await expect(crossValidate(model(), X, y, { cv, groups: [1] })).rejects.toThrow('"groups" has 1');
  });

  test('whole steps of a pipeline', async () => {
    const pipeline = new Pipeline([new StandardScaler(), model({ maxIter: 3 })]);
    const scalers = [new StandardScaler(), new MinMaxScaler()];
    const parameters = { 'transformers.0': scalers, estimator: [model({ maxIter: 3 }), model({ maxIter: 4 })] };
    const found = await gridSearch(pipeline, X, y, parameters, { cv, jobs: 2 });
    expect(found.results.length).toBe(4);
    expect(() => scalers[0].transform(X)).toThrow('not fitted');
    const inner = withParameters(new Pipeline([new MinMaxScaler(), pipeline]), {
      'transformers.0.featureRange': [-1, 1],
      'estimator.estimator.alpha': 7,
    });
    expect((inner.estimator as Pipeline).estimator.getParams().alpha).toBe(7);
    expect((inner.transformers[0] as MinMaxScaler).featureRange).toEqual([-1, 1]);
  });

  const refused: [string, Any, Any, string | RegExp][] = [
    ['unknown parameter', { alfa: [1] }, {}, 'unknown option "alfa"'],
    ['value', { alpha: [1, -1] }, {}, '"alpha" must be a finite number, 0 or more, got -1'],
    ['no list', { alpha: 1 }, {}, '"parameters.alpha" must be an array of values to try, got 1'],
    ['text', { activation: 'relu' }, {}, '"parameters.activation" must be an array of values to try'],
    ['empty', { alpha: [] }, {}, '"parameters.alpha" must be an array'],
    ['no object', 5, {}, '"parameters" must be an object of parameters, got 5'],
    ['no objects', [], {}, '"parameters" must be an object of parameters, or an array'],
    ['no names', {}, {}, '"parameters" must be an object that names a parameter or more'],
    ['a map', new Map([['alpha', [1]]]), {}, '"parameters" must be an object that names a parameter or more'],
    [
      'too many',
      Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`p${i}`, new Array(10).fill(0)])),
      {},
      '"parameters" has 10000000 combinations, too many to try: use randomSearch',
    ],
    ['option', GRID, { n_jobs: 2 }, 'unknown option "n_jobs"'],
    ['jobs', GRID, { jobs: 0 }, '"jobs" must be a positive integer, got 0'],
    ['refit', GRID, { refit: 'accuracy' }, '"refit" must be true or false'],
    ['errorScore', GRID, { errorScore: 'ignore' }, '"errorScore" must be a number or "raise", got "ignore"'],
    ['onCandidate', GRID, { onCandidate: 1 }, '"onCandidate" must be a function, got 1'],
    ['scoring', GRID, { scoring: 'roc_auc' }, /"scoring" must be one of .*did you mean rocAuc/],
    ['signal', GRID, { signal: 1 }, '"signal" must be an AbortSignal'],
    ['halving', GRID, { halving: 3 }, 'halving: options must be an object'],
    ['splits', GRID, { cv: { split: () => [] } }, '"cv" has no splits'],
  ];
  test.each(refused)('refused: %s', async (_, parameters, options, message) => {
    await expect(gridSearch(model(), X, y, parameters, options)).rejects.toThrow(message);
  });

  test.each<[Any, string]>([
    [{ alpha: 1 }, '"alpha" is no parameter of a pipeline: write estimator.<name> or transformers.0.<name>'],
    [{ 'transformers.1.withMean': 1 }, '"transformers.1.withMean" is no parameter of a pipeline'],
    [
      { 'transformers.0.mean': 1 },
      '"transformers.0.mean" is no parameter of a StandardScaler: it has withMean, withStd',
    ],
    [{ 'transformers.0.withMean': 1 }, '"withMean" must be true or false'],
    [{ 'transformers.0': 5 }, '"transformers.0" must be a scaler, got 5'],
    [{ estimator: 5 }, '"estimator" must be an estimator or a pipeline, got 5'],
    [{ 'estimator.beta': 5 }, 'unknown option "beta"'],
  ])('refused of a pipeline: %o', (parameters, message) => {
    const pipeline = new Pipeline([new StandardScaler(), model()]);
    expect(() => withParameters(pipeline, parameters)).toThrow(message);
  });

  test('an estimator of the user’s own', async () => {
    class Constant {
      value = 0;
      setParams({ value }: { value: number }) {
        this.value = value;
      }
      clone(): Constant {
        return Object.assign(new Constant(), this);
      }
      async fit() {}
      predict(rows: Any) {
        return Float64Array.from({ length: rows.rows }, () => this.value);
      }
      score() {
        return -Math.abs(this.value - 3);
      }
      dispose() {}
    }
    const found = await gridSearch(new Constant() as Any, X, y, { value: [1, 2, 3, 4] }, { cv: 2, jobs: 3 });
    expect(found.bestParameters).toEqual({ value: 3 });
    const byName = await gridSearch(
      new Constant() as Any,
      X,
      y,
      { value: [1, 0] },
      { scoring: 'negMeanAbsoluteError' },
    );
    expect(byName.bestScore).toBeCloseTo(-2 / 3, 12);
    const nothing = gridSearch(new Constant() as Any, X, y, { value: [1] }, { scoring: (() => '1') as Any });
    await expect(nothing).rejects.toThrow('"scoring" must be a function that returns a number, got "1"');
    const named = gridSearch(new Constant() as Any, X, y, { value: [1] }, { scoring: 'rocAuc' });
    await expect(named).rejects.toThrow('"scoring" rocAuc needs probabilities: a Constant has no method predictProba');
  });
});

describe('halving', () => {
  test.each<Any>(theirs.halving)('$resource, $options', async ({ options, resource, ...table }) => {
    const of = resource === 'maxIter' ? {} : { maxIter: 20 };
    const halving = { resource, randomState: 5, ...options };
    for (const jobs of [1, 3]) {
      const found = await gridSearch(model(of), X, y, GRID, { cv, halving, jobs });
      expectTable(found, table, same);
      expect(found.results.map(({ iteration }) => iteration)).toEqual(table.iter);
      expect(found.results.map(({ resources }) => resources)).toEqual(table.n_resources);
    }
  });

  test('of random draws, stopped in its second round', async () => {
    const space = { alpha: { logUniform: [1e-5, 1] as const } };
    const options = { cv, nIter: 9, halving: { resource: 'maxIter', maxResources: 9 } };
    const found = await randomSearch(model(), X, y, space, options);
    expect(found.results.map(({ resources }) => resources)).toEqual([...new Array(9).fill(1), 3, 3, 3, 9]);
    expect(found.bestIndex).toBe(12);
    const cut = await randomSearch(model(), X, y, space, {
      ...options,
      onCandidate: ({ candidate }) => candidate < 10,
    });
    expect(cut.results.length).toBe(11);
    expect(cut.bestIndex).toBeGreaterThan(8);
  });

  test.each<[Any, string]>([
    [{ resource: 'maxIter' }, '"halving.maxResources" must be given: the most that maxIter may be'],
    [{ resource: 'alpha', maxResources: 9 }, '"halving.resource" is alpha, which is among the parameters to try'],
    [{ resource: 'epochs', maxResources: 9 }, 'unknown option "epochs"'],
    [{ factor: 1 }, '"halving.factor" must be an integer, 2 or more, got 1'],
    [{ minResources: 200 }, '"halving.minResources" is 200, more than the 150 that there may be of nSamples'],
    [{ maxResources: 151 }, '"halving.maxResources" must be an integer from 1 to 150, got 151'],
    [{ ratio: 2 }, 'unknown option "ratio"'],
  ])('refused: %o', async (halving, message) => {
    await expect(gridSearch(model(), X, y, GRID, { cv, halving })).rejects.toThrow(message);
  });
});

describe('parameters', () => {
  test('grids in scikit-learn’s order', () => {
    const grids = new Grids(readSpaces([{ b: [1, 2], a: ['x', 'y', 'z'] }, { c: [0] }], readValues));
    const { grid } = evaluation.samplers;
    expect(Array.from({ length: grids.length }, (_, i) => grids.at(i))).toEqual(grid);
  });

  test.each<Any>(evaluation.samplers.cases)('draws from lists: case %#', ({ space, n, params }) => {
    const drawn = drawParameters(space, n, random(11)).slice(0, 40);
    expect(drawn).toEqual(params.map((entries: [string, unknown][]) => Object.fromEntries(entries)));
  });

  test('draws from distributions', () => {
    const space = {
      rate: { logUniform: [1e-5, 1e-1] },
      part: { uniform: [0.5, 2] },
      units: { integers: [3, 19] },
      kind: ['a', 'b', 'c'],
    };
    const drawn = drawParameters(space, 12, random(11)) as Any[];
    for (const [i, { rate, part, ...rest }] of evaluation.samplers.drawn.entries()) {
      expect(drawn[i]).toMatchObject(rest);
      expectClose([drawn[i].rate, drawn[i].part], [rate, part], 1e-14);
    }
    const [{ own }] = drawParameters({ own: (rng: Any) => rng.randn() }, 1, random(3));
    const rng = random(3);
    expect(own).toBe(rng.randn());
  });

  test.each<[Any, string]>([
    [{ a: { uniform: [1, 0] } }, '"parameters.a.uniform" must be [low, high], finite numbers, low below high'],
    [{ a: { uniform: 5 } }, '"parameters.a.uniform" must be [low, high]'],
    [
      { a: { logUniform: [0, 1] } },
      '"parameters.a.logUniform" must be [low, high], from 1e-300 to 1e300, low below high',
    ],
    [{ a: { integers: [0.5, 1] } }, '"parameters.a.integers" must be [low, high], integers'],
    [{ a: { normal: [0, 1] } }, '"parameters.a" must be an array, a function, or one of { uniform'],
    [{ a: {} }, '"parameters.a" must be an array, a function, or one of'],
    [{ a: { toString: [0, 1] } }, '"parameters.a" must be an array, a function, or one of'],
    [{ a: 'text' }, '"parameters.a" must be an array of values to try'],
  ])('refused: %o', (space, message) => {
    expect(() => drawParameters(space, 1, random(0))).toThrow(message);
  });

  test('randomSearch: as many as there are, a seed gives the same, a generator moves on', async () => {
    const search = (randomState: Any, nIter = 3) =>
      randomSearch(model({ maxIter: 1 }), X, y, GRID, { cv, nIter, randomState, refit: false });
    const parameters = async (randomState: Any) => (await search(randomState)).results.map((each) => each.parameters);
    expect(await parameters(4)).toEqual(await parameters(random(4)));
    const rng = random(4);
    expect(await parameters(rng)).not.toEqual(await parameters(rng));
    expect((await search(0, 100)).results.length).toBe(8);
    await expect(search(0, 0)).rejects.toThrow('"nIter" must be a positive integer, got 0');
  });
});

describe('scores by name', () => {
  test('are scikit-learn’s', async () => {
    const fitted = await model({ maxIter: 10 }).fit(X, y);
    const two = await model({ maxIter: 10 }).fit(
      X,
      y.map((label: number) => (label === 2 ? 1 : 0)),
    );
    const camel = (name: string) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
    for (const [name, value] of Object.entries(theirs.scorers) as [string, number][]) {
      const [bare, rest] = name.split(' of ');
      const own = bare === 'matthews_corrcoef' ? 'matthewsCorrcoef' : camel(bare);
      expect(scorers).toContain(own);
      const labels = rest ? y.map((label: number) => (label === 2 ? 1 : 0)) : y;
      expectClose(getScorer(own as Any)(rest ? two : fitted, X, labels), value, 1e-9);
    }
  });

  test('each of them scores something', async () => {
    const several = Matrix.from(
      y.map((label: number) => [Number(label > 0), Number(label > 1), 1 - Number(label > 1)]),
    );
    const many = await model({ maxIter: 2 }).fit(X, several);
    const words = await model({ maxIter: 2 }).fit(
      X,
      y.map((label: number) => (label > 0 ? 'yes' : 'no')),
    );
    const numbers = await new MLPRegressor({ maxIter: 2, background: false }).fit(X, y);
    const tried = scorers.map((name) => {
      const scorer = getScorer(name);
      const labels = y.map((label: number) => (label > 0 ? 'yes' : 'no'));
      if (/^r2|Error$|Pinball/.test(name)) {
        const positive = { predict: (rows: Any) => numbers.predict(rows).map(Math.abs) };
        return scorer(positive, X, y);
      }
      if (name.endsWith('Samples')) return scorer(many, X, several);
      return scorer(words, X, labels);
    });
    expect(tried.every(Number.isFinite)).toBe(true);
    expect(tried.length).toBe(34);
    // Columns are targets too.
    const column = y.map((label: number) => [label]);
    expect(getScorer('negMeanAbsoluteError')(numbers, X, column)).toBe(
      getScorer('negMeanAbsoluteError')(numbers, X, y),
    );
    expect(
      getScorer('f1')(
        words,
        X,
        y.map((label: number) => [label > 0 ? 'yes' : 'no']),
      ),
    ).toBeGreaterThan(0);
    expect(() => getScorer('f1')(many, X, several)).toThrow(
      '"scoring" f1 is of two classes, but each row has several labels',
    );
  });

  test('what a name is not for', async () => {
    const fitted = await model({ maxIter: 2 }).fit(X, y);
    expect(() => getScorer('f1')(fitted, X, y)).toThrow(
      '"scoring" f1 is of two classes, but there are 3: use one of f1Macro, f1Micro, f1Weighted',
    );
    expect(() => getScorer('toString' as Any)).toThrow('"name" must be one of');
  });
});

describe('crossValPredict', () => {
  test('is scikit-learn’s', async () => {
    const labels = await crossValPredict(model({ maxIter: 20 }), X, y, { cv });
    expect(labels).toEqual(theirs.predicted.labels);
    for (const jobs of [1, 4]) {
      const P = await crossValPredict(model({ maxIter: 20 }), X, y, { cv, jobs, method: 'predictProba' });
      expectClose(
        P.toArray().filter((_: unknown, i: number) => i % 10 === 0),
        theirs.predicted.proba,
        1e-9,
      );
    }
  });

  test('numbers, several outputs, several labels, words', async () => {
    const regressor = new MLPRegressor({ maxIter: 2, background: false });
    const numbers = await crossValPredict(regressor, X, y, { cv: 3 });
    expect(numbers).toBeInstanceOf(Float64Array);
    const f32 = Matrix.from(X, { dtype: 'f32' });
    expect(await crossValPredict(regressor, f32, y, { cv: 3 })).toBeInstanceOf(Float32Array);
    const two = y.map((value: number) => [value, -value]);
    const pairs = (await crossValPredict(regressor, X, two, { cv: 3 })) as unknown as Matrix;
    expect(pairs.shape).toEqual([150, 2]);
    const marks = y.map((value: number) => [Number(value > 0), Number(value > 1)]);
    const several = await crossValPredict(model({ maxIter: 2 }), X, marks, { cv: 3 });
    expect([several.length, (several[0] as Any).length]).toEqual([150, 2]);
    // By hand.
    const [{ train, test }] = new KFold({ nSplits: 3 }).split(X);
    const pick = (rows: Any, indices: Int32Array) => Array.from(indices, (i) => rows[i]);
    const fitted = await regressor.fit(pick(X, train), pick(y, train));
    expect(numbers.slice(0, 50)).toEqual(fitted.predict(pick(X, test)));
  });

  test('a class that a fold did not see', async () => {
    const words = y.map((label: number) => 'abc'[label]);
    // Iris is sorted: consecutive thirds are the classes.
    const P = await crossValPredict(model({ maxIter: 2 }), X, words, {
      cv: new KFold({ nSplits: 3 }),
      method: 'predictProba',
    });
    expect(P.shape).toEqual([150, 3]);
    expect(
      P.toArray()
        .slice(0, 50)
        .every(([a]: number[]) => a === 0),
    ).toBe(true);
    expect(
      P.toArray()
        .slice(50, 100)
        .every(([, b]: number[]) => b === 0),
    ).toBe(true);
    const logs = await crossValPredict(model({ maxIter: 2 }), X, words, {
      cv: new KFold({ nSplits: 3 }),
      method: 'predictLogProba',
    });
    expect(logs.data[0]).toBe(-Number.MAX_VALUE);
  });

  test('refused', async () => {
    const twice = '"cv" must have each row in one test set, but row 0 is in';
    await expect(crossValPredict(model(), X, y, { cv: new RepeatedKFold() })).rejects.toThrow(twice);
    await expect(crossValPredict(model(), X, y, { cv: new ShuffleSplit() })).rejects.toThrow('"cv" must have each row');
    await expect(crossValPredict(model(), X, y, { method: 'decide' as Any })).rejects.toThrow(
      '"method" must be one of',
    );
    await expect(crossValPredict(new MLPRegressor(), X, y, { method: 'predictProba' as Any })).rejects.toThrow(
      'this estimator has no predictProba',
    );
    await expect(crossValPredict(model(), X, y, { scoring: 'r2' } as Any)).rejects.toThrow('unknown option "scoring"');
  });
});

test.each([1, 4])('crossValidate does not depend on jobs: %d', async (jobs) => {
  const options = { cv, returnTrainScore: true, scoring: 'f1Macro' } as const;
  const one = await crossValidate(model({ maxIter: 5 }), X, y, options);
  const many = await crossValidate(model({ maxIter: 5 }), X, y, { ...options, jobs });
  expect([many.testScore, many.trainScore]).toEqual([one.testScore, one.trainScore]);
});

test('parameters that were added to every object are none', async () => {
  const prototype = Object.prototype as Record<string, unknown>;
  prototype.alpha = [9];
  prototype.halving = { factor: 1 };
  prototype.uniform = [0, 1];
  try {
    const grid: ParameterGrid = { hiddenLayerSizes: [[2]] };
    const found = await gridSearch(model({ maxIter: 1 }), X, y, grid, { cv, refit: false });
    expect(found.results.map(({ parameters }) => Object.keys(parameters))).toEqual([['hiddenLayerSizes']]);
  } finally {
    for (const name of ['alpha', 'halving', 'uniform']) delete prototype[name];
  }
});

test('a score of one’s own knows its types', async () => {
  const { testScore } = await crossValidate(model({ maxIter: 5 }), X, y as number[], {
    cv,
    scoring: (fitted, rows, labels) => accuracyScore(labels, fitted.predict(rows)),
  });
  expect(testScore).toEqual((await crossValidate(model({ maxIter: 5 }), X, y, { cv, scoring: 'accuracy' })).testScore);
});

test('tables: searched, predicted and inspected row by row', async () => {
  const people = Array.from({ length: 60 }, (_, i) => ({
    city: ['Oslo', 'Rome', 'Bonn'][i % 3],
    age: i % 7 ? 18 + ((i * 37) % 50) : null,
    data: i % 2,
  }));
  const answers = people.map(({ city }) => (city === 'Oslo' ? 'yes' : 'no'));
  const columns = new ColumnTransformer([
    ['cities', [new SimpleImputer({ strategy: 'mostFrequent' }), new OneHotEncoder()], ['city']],
    ['ages', [new SimpleImputer(), new StandardScaler()], ['age', 'data']],
  ]);
  const pipeline = new Pipeline([columns, model({ solver: 'lbfgs', hiddenLayerSizes: 3 })]);
  const found = await gridSearch(pipeline, people, answers, { 'estimator.alpha': [1e-3, 1e3] }, { cv: 3, jobs: 2 });
  expect(found.bestParameters).toEqual({ 'estimator.alpha': 1e-3 });
  expect(found.bestScore).toBe(1);
  expect(await crossValPredict(pipeline, people, answers, { cv: 3 })).toEqual(answers);
  const before = structuredClone(people);
  const { importancesMean } = await permutationImportance(found.bestEstimator, people, answers as never);
  expect(people).toEqual(before);
  expect(importancesMean[0]).toBeGreaterThan(0.2);
  expect(Array.from(importancesMean.slice(1))).toEqual([0, 0]);
});
