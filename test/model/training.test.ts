// What estimators have of fit beyond scikit-learn's parameters: its optimizers and schedules, validation data, checkpoints; an
// activation for each layer, weights of classes.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as built from 'bitgrad/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ClassifierParameters,
  fromBytes,
  MLPClassifier,
  MLPRegressor,
  Pipeline,
  type RegressorParameters,
  StandardScaler,
  toBytes,
} from '../../src/model/index.js';
import { optimizers } from '../../src/train/index.js';
import { entries, expectSameBits } from '../support/backends.js';
import { iris } from '../support/datasets.js';

const { X, y: codes } = iris();
const NAMES = ['setosa', 'versicolor', 'virginica'];
const y = codes.map((code) => NAMES[code]);
const sums = X.map((row) => row[0] - row[2]);
const odd = <T>(rows: readonly T[]) => rows.filter((_, i) => i % 2 === 1);
const even = <T>(rows: readonly T[]) => rows.filter((_, i) => i % 2 === 0);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bitgrad-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(entries)('%s', (_, { engine }) => {
  const quick = { background: false, hiddenLayerSizes: [5, 3], maxIter: 6, engine } as const;
  const classifier = (parameters: Partial<ClassifierParameters> = {}) => new MLPClassifier({ ...quick, ...parameters });
  const regressor = (parameters: Partial<RegressorParameters> = {}) => new MLPRegressor({ ...quick, ...parameters });
  const weightsOf = (model: MLPClassifier | MLPRegressor) => model.network.parameters.slice();
  /** A network as the regressor begins, and what all have for options. */
  const byHand = (activations: readonly ['tanh' | 'relu', 'tanh' | 'relu'] = ['relu', 'relu']) => {
    const [first, second] = activations;
    const layers = [{ units: 5, activation: first }, { units: 3, activation: second }, 1];
    return engine.network({ inputs: 4, layers, loss: 'squaredError', initializer: 'scikitLearn' });
  };
  const fitted = {
    epochs: 6,
    l2: 1e-4,
    penalty: 'scikitLearn',
    shuffle: false,
    batchSize: 32,
    background: false,
  } as const;
  const alike = { shuffle: false, batchSize: 32 } as const;

  describe('an activation for each layer', () => {
    test('is that of the network', async () => {
      const model = regressor({ ...alike, activation: ['tanh', 'relu'], learningRateInit: 0.01 });
      await model.fit(X, sums);
      const net = byHand(['tanh', 'relu']);
      await net.fit(X, sums, { ...fitted, optimizer: { name: 'adam', learningRate: 0.01 } });
      expectSameBits(weightsOf(model), net.parameters);
      expect(String(model)).toContain('activation: ["tanh","relu"]');
      for (const copy of [MLPRegressor.fromJSON(JSON.stringify(model)), fromBytes<MLPRegressor>(toBytes(model))]) {
        expect(copy.getParams().activation).toEqual(['tanh', 'relu']);
        expectSameBits(copy.predict(X), model.predict(X));
      }
      expect(model.clone().getParams().activation).toEqual(['tanh', 'relu']);
    });

    test('is a copy, one for each layer, and stays that of the network', async () => {
      const given: ('tanh' | 'relu')[] = ['tanh', 'relu'];
      const model = classifier({ activation: given, warmStart: true });
      given[0] = 'relu';
      expect(model.getParams().activation).toEqual(['tanh', 'relu']);
      await model.fit(X, y);
      await model.fit(X, y);
      await expect(model.setParams({ activation: ['relu', 'tanh'] }).fit(X, y)).rejects.toThrow(
        'the network to go on with is 4-5-3-3 tanh/relu/softmax crossEntropy f64, but parameters and data ask for ' +
          '4-5-3-3 relu/tanh/softmax',
      );
      expect(() => classifier({ activation: ['tanh'] })).toThrow('"activation" has 1 names for 2 hidden layers');
      expect(() => classifier({ activation: ['tanh', 'softmax'] })).toThrow('"activation[1]" must be one of');
      const coefs = [[[1, 1]], [[1], [1]]];
      const intercepts = [[0, 0], [0]];
      expect(() => MLPRegressor.from({ coefs, intercepts, activation: ['tanh', 'relu'] })).toThrow(
        '"activation" has 2',
      );
      expect(MLPRegressor.from({ coefs, intercepts, activation: ['tanh'] }).predict([[0]])).toEqual(Float64Array.of(0));
    });
  });

  describe('solvers', () => {
    test.each(optimizers.filter((name) => !['lbfgs', 'sgd', 'adam'].includes(name)))('%s', async (name) => {
      const model = regressor({ ...alike, solver: name, learningRateInit: 0.002 });
      await model.fit(X, sums);
      const net = byHand();
      await net.fit(X, sums, { ...fitted, optimizer: { name, learningRate: 0.002 } });
      expectSameBits(weightsOf(model), net.parameters);
      await model.partialFit(X, sums);
      expect(model.nIter).toBe(7);
    });

    test('with options, which stand above the parameters', async () => {
      const solver = { name: 'adamw', weightDecay: 0.3 } as const;
      const model = regressor({ ...alike, solver, beta1: 0.5 });
      await model.fit(X, sums);
      const net = byHand();
      await net.fit(X, sums, { ...fitted, optimizer: { ...solver, learningRate: 1e-3 } });
      expectSameBits(weightsOf(model), net.parameters);
      for (const copy of [MLPRegressor.fromJSON(JSON.stringify(model)), fromBytes<MLPRegressor>(toBytes(model))]) {
        expect(copy.getParams().solver).toEqual(solver);
        await copy.setParams({ warmStart: true }).fit(X, sums);
      }
      const [sgd, twin] = [
        regressor({ ...alike, solver: { name: 'sgd', momentum: 0.5 } }),
        regressor({ ...alike, solver: 'sgd', momentum: 0.5 }),
      ];
      expect(() => regressor({ solver: { name: 'sgd', momentum: 0 } })).not.toThrow();
      await sgd.fit(X, sums);
      await twin.fit(X, sums);
      expectSameBits(weightsOf(sgd), weightsOf(twin));
      const lbfgs = await regressor({ solver: { name: 'lbfgs', memory: 3 } }).fit(X, sums);
      expect(lbfgs.nIter).toBe(6);
    });

    test.each([
      [
        { solver: { name: 'adamw', weightDecy: 1 } },
        'solver adamw: unknown option "weightDecy"; did you mean weightDecay?',
      ],
      [
        { solver: { name: 'adamw', weightDecay: -1 } },
        '"solver.weightDecay" must be a finite number, 0 or more, got -1',
      ],
      [{ solver: { name: 'adam', learningRate: 1 } }, '"solver.learningRate" is "learningRateInit" of an estimator'],
      [{ solver: { weightDecay: 1 } }, '"solver" must be one of sgd'],
      [{ solver: null }, '"solver" must be one of sgd'],
      [{ solver: 5 }, '"solver" must be one of sgd'],
      [{ learningRate: { name: 'step' } }, '"learningRate.every" must be given'],
      [{ learningRate: { name: 'cosine', warm: 1 } }, 'learningRate cosine: unknown option "warm"'],
      [{ learningRate: 5 }, '"learningRate" must be a schedule: its name, options or a function of the epoch, got 5'],
      [{ learningRate: null }, '"learningRate" must be a schedule'],
      [{ classWeight: 'equal' }, '"classWeight" must be \'balanced\' or an object { label: weight }, got "equal"'],
      [{ classWeight: {} }, '"classWeight" must be'],
      [{ classWeight: [1, 2] }, '"classWeight" must be'],
      [{ classWeight: { a: -1 } }, '"classWeight".a must be finite numbers, 0 or more, got -1'],
      [{ classWeight: { a: Number.NaN } }, '"classWeight".a must be'],
    ])('%j is refused', (parameters, message) => {
      expect(() => classifier(parameters as never)).toThrow(message);
    });
  });

  describe('learning rates', () => {
    const SCHEDULES = [
      'cosine',
      { name: 'cosine', warmup: 2 },
      { name: 'step', every: 2 },
      { name: 'invscaling', power: 0.25 },
      { name: 'plateau', patience: 1, minDelta: 10 },
      'polynomial',
      'oneCycle',
      (epoch: number) => 0.1 / (epoch + 1),
    ] as const;
    test.each(SCHEDULES)('%j, whatever the solver', async (learningRate) => {
      for (const solver of ['adam', 'sgd', 'adamw'] as const) {
        const model = regressor({ ...alike, learningRate, solver, learningRateInit: 0.01 });
        await model.fit(X, sums);
        const net = byHand();
        const own = solver === 'sgd' ? { momentum: 0.9, nesterov: true } : {};
        const optimizer = { name: solver, learningRate: 0.01, ...own } as const;
        const history = await net.fit(X, sums, { ...fitted, optimizer, schedule: learningRate });
        expect(model.learningRates).toEqual(history.learningRate);
        expect(new Set(model.learningRates).size).toBeGreaterThan(2);
        expectSameBits(weightsOf(model), net.parameters);
        await expect(model.partialFit(X, sums)).rejects.toThrow(
          'partialFit needs "learningRate" constant, invscaling, adaptive',
        );
      }
    });

    test("scikit-learn's are no matter to adam, and are for others than sgd", async () => {
      for (const learningRate of ['invscaling', 'adaptive'] as const) {
        const adam = await regressor({ learningRate }).fit(X, sums);
        expect(new Set(adam.learningRates)).toEqual(new Set([1e-3]));
      }
      const adamw = await regressor({ learningRate: 'invscaling', solver: 'adamw' }).fit(X, sums);
      expect(new Set(adamw.learningRates).size).toBe(6);
      const adaptive = regressor({
        learningRate: 'adaptive',
        solver: 'adagrad',
        tol: 100,
        nIterNoChange: 1,
        maxIter: 9,
      });
      await adaptive.fit(X, sums);
      expect(new Set(adaptive.learningRates).size).toBeGreaterThan(2);
      for (let i = 0; i < 6; i++) await adaptive.partialFit(X, sums);
      expect(new Set(adaptive.learningRates.slice(-6)).size).toBeGreaterThan(1);
    });

    test('a function cannot be written down, and must give a rate', async () => {
      const model = await classifier({ learningRate: () => 0.01 }).fit(X, y);
      for (const write of [() => toBytes(model), () => JSON.stringify(model)]) {
        expect(write).toThrow('"learningRate" is a function, which cannot be written down');
      }
      toBytes(model.setParams({ learningRate: 'constant' }));
      await expect(classifier({ learningRate: (epoch) => 2 - epoch }).fit(X, y)).rejects.toThrow(
        '"learningRate" must return a positive finite number for each epoch, got 0 for epoch 2',
      );
      const options = { name: 'step' as const, every: 2 };
      const stepped = classifier({ learningRate: options });
      options.every = 1;
      expect(stepped.getParams().learningRate).toEqual({ name: 'step', every: 2 });
      for (const copy of [
        MLPClassifier.fromJSON(JSON.stringify(stepped)),
        fromBytes<MLPClassifier>(toBytes(await stepped.fit(X, y))),
      ]) {
        expect(copy.getParams().learningRate).toEqual({ name: 'step', every: 2 });
      }
    });
  });

  describe('classWeight', () => {
    const sameAs = async (
      parameters: Partial<ClassifierParameters>,
      labels: (string | number | boolean)[],
      weigh: (label: unknown) => number,
      sampleWeight?: number[],
    ) => {
      const model = await classifier(parameters).fit(X, labels, { sampleWeight });
      const twin = await classifier().fit(X, labels, {
        sampleWeight: labels.map((label, i) => weigh(label) * (sampleWeight?.[i] ?? 1)),
      });
      expectSameBits(weightsOf(model), weightsOf(twin));
      expect(model.lossCurve).toEqual(twin.lossCurve);
      return model;
    };
    const few = y.map((label, i) => (i < 20 ? 'virginica' : label));

    test('is a weight for each row', async () => {
      const model = await sameAs(
        { classWeight: { setosa: 3, virginica: 0.5 } },
        y,
        (label) => ({ setosa: 3, virginica: 0.5 })[label as string] ?? 1,
      );
      for (const copy of [MLPClassifier.fromJSON(JSON.stringify(model)), fromBytes<MLPClassifier>(toBytes(model))]) {
        expect(copy.getParams().classWeight).toEqual({ setosa: 3, virginica: 0.5 });
      }
      await sameAs(
        { classWeight: { 0: 5 } },
        codes,
        (label) => (label === 0 ? 5 : 1),
        codes.map((_, i) => 1 + (i % 3)),
      );
      await sameAs(
        { classWeight: { true: 5 } },
        codes.map((code) => code > 1),
        (label) => (label ? 5 : 1),
      );
      expect(model.setParams({ classWeight: undefined }).getParams().classWeight).toBeUndefined();
    });

    test('balanced, as compute_class_weight of scikit-learn has it', async () => {
      const count = (label: unknown) => few.filter((each) => each === label).length;
      await sameAs({ classWeight: 'balanced' }, few, (label) => 150 / (3 * count(label)));
    });

    test('of partialFit too, but for balanced', async () => {
      const options = { classes: NAMES };
      const model = classifier({ classWeight: { setosa: 3 } });
      const twin = classifier();
      for (const rows of [even, odd]) {
        await model.partialFit(rows(X), rows(y), options);
        await twin.partialFit(rows(X), rows(y), {
          ...options,
          sampleWeight: rows(y).map((label) => (label === 'setosa' ? 3 : 1)),
        });
      }
      expectSameBits(weightsOf(model), weightsOf(twin));
      await expect(classifier({ classWeight: 'balanced' }).partialFit(X, y, options)).rejects.toThrow(
        '"classWeight" balanced counts all rows, which partialFit does not see',
      );
    });

    test('names classes that there are, of one label a row', async () => {
      await expect(classifier({ classWeight: { tulip: 2 } }).fit(X, y)).rejects.toThrow(
        '"classWeight" has a weight for "tulip", which is no class; classes are "setosa", "versicolor", "virginica"',
      );
      const several = codes.map((code) => [code > 0 ? 1 : 0, code > 1 ? 1 : 0]);
      await expect(classifier({ classWeight: 'balanced' }).fit(X, several)).rejects.toThrow(
        '"classWeight" needs one label for each row',
      );
      expect(() => regressor({ classWeight: 'balanced' } as never)).toThrow('unknown option "classWeight"');
    });
  });

  describe('validation data', () => {
    const unseen = { X: odd(X), y: odd(y) };

    test('their loss after each epoch; the training is the same', async () => {
      const losses: number[] = [];
      const model = classifier();
      const onEpoch = () => void losses.push(0);
      await model.fit(even(X), even(y), { validationData: unseen, onEpoch });
      const plain = await classifier().fit(even(X), even(y));
      expectSameBits(weightsOf(model), weightsOf(plain));
      expect(model.validationLoss).toHaveLength(losses.length);
      const last = model.network.loss(odd(X), odd(codes));
      expect(model.validationLoss?.at(-1)).toBe(last);
      expect([plain.validationLoss, model.validationScores]).toEqual([undefined, undefined]);
      expect(model.bestLoss).toBe(Math.min(...model.lossCurve));
      const copy = fromBytes<MLPClassifier>(toBytes(model));
      expect(copy.validationLoss).toEqual(model.validationLoss);
      const several = await classifier().fit(
        even(X),
        even(codes).map((code) => [code % 2, 1 - (code % 2)]),
        {
          validationData: { X: odd(X), y: odd(codes).map((code) => [code % 2, 1 - (code % 2)]) },
        },
      );
      expect(several.validationLoss).toHaveLength(6);
    });

    test('of lbfgs and of weighed rows; of a held-out part too', async () => {
      const sampleWeight = odd(X).map((_, i) => i % 3);
      const model = regressor({ solver: 'lbfgs', tol: 0 });
      await model.fit(even(X), even(sums), { validationData: { X: odd(X), y: odd(sums), sampleWeight } });
      expect(model.validationLoss).toHaveLength(model.nIter);
      expect(model.validationLoss?.at(-1)).toBe(model.network.loss(odd(X), odd(sums), { sampleWeight }));
      const held = await regressor({ earlyStopping: true }).fit(X, sums);
      expect(held.validationLoss).toHaveLength(6);
    });

    test('earlyStopping watches their score, and holds out none', async () => {
      const model = classifier({
        earlyStopping: true,
        nIterNoChange: 3,
        maxIter: 60,
        learningRateInit: 0.02,
        solver: 'adamw',
      });
      await model.fit(even(X), even(y), { validationData: unseen });
      expect(model.validationScores).toHaveLength(model.nIter);
      expect(model.score(odd(X), odd(y))).toBe(model.bestValidationScore);
      expect(model.bestLoss).toBeUndefined();
      // Two rows, of which none could be held out.
      const two = classifier({ earlyStopping: true });
      await two.fit([X[0], X[149]], [y[0], y[149]], { validationData: { X: [X[1], X[148]], y: [y[1], y[148]] } });
      expect(two.validationScores).toHaveLength(two.nIter);
      await expect(two.fit([X[0], X[149]], [y[0], y[149]])).rejects.toThrow('"earlyStopping" cannot hold out');
    });

    test('of some fits of several', async () => {
      const model = classifier({ warmStart: true, maxIter: 2 });
      await model.fit(X, y);
      await model.fit(X, y, { validationData: unseen });
      await model.partialFit(X, y);
      expect(model.validationLoss?.map(Number.isNaN)).toEqual([true, true, false, false, true]);
      expect(fromBytes<MLPClassifier>(toBytes(model)).validationLoss).toEqual(model.validationLoss);
    });

    test('go through the scalers of a pipeline', async () => {
      const pipeline = new Pipeline([new StandardScaler(), classifier({ earlyStopping: true })]);
      const given = { X: odd(X), y: odd(y) };
      const fitting = pipeline.fit(even(X), even(y), { validationData: given });
      given.X = [[1]];
      given.y.length = 0;
      await fitting;
      const { estimator } = pipeline;
      const scaled = pipeline.transform(odd(X));
      expect(estimator.validationScores).toHaveLength(estimator.nIter);
      expect(pipeline.score(odd(X), odd(y))).toBe(estimator.bestValidationScore);
      const whole = pipeline.estimator.network.loss(scaled, odd(codes));
      expect(estimator.validationLoss).toContain(whole);
    });

    test('are read when fit is called, though it waits', async () => {
      const wanted = await classifier().partialFit(X, y, { classes: NAMES });
      await wanted.setParams({ warmStart: true }).fit(X, y, { validationData: unseen });
      const model = classifier({ warmStart: true });
      const rows = odd(X).map((row) => [...row]);
      const labels = odd(y);
      const first = model.partialFit(X, y, { classes: NAMES });
      const second = model.fit(X, y, { validationData: { X: rows, y: labels } });
      for (const row of rows) row.fill(9);
      labels.fill('setosa');
      await Promise.all([first, second]);
      expect(model.validationLoss).toEqual(wanted.validationLoss);
    });

    test.each([
      [{ X: [[1, 2, 3]], y: ['setosa'] }, '"validationData.X"'],
      [{ X: [[1, 2, 3, 4]], y: ['setosa', 'setosa'] }, '"validationData.X" has 1 rows and "validationData.y" has 2'],
      [{ X: [[1, 2, 3, 4]], y: ['tulip'] }, '"validationData.y" has labels that are not among the classes'],
      [{ X: [[1, 2, 3, 4]], y: [[0, 1]] }, '"validationData.y" has several labels for each row'],
      [{ X: [[1, 2, 3, Number.NaN]], y: ['setosa'] }, 'validationData'],
      [{ X: [[1, 2, 3, 4]] }, '"validationData" must be { X, y }'],
      [{ X: [[1, 2, 3, 4]], y: ['setosa'], weight: 1 }, 'validationData: unknown option "weight"'],
      [null, '"validationData" must be { X, y }, got null'],
    ])('%j is refused, and the estimator is as it was', async (validationData, message) => {
      const model = classifier();
      await expect(model.fit(X, y, { validationData } as never)).rejects.toThrow(message);
      expect(model.isFitted).toBe(false);
      const pipeline = new Pipeline([new StandardScaler(), classifier()]);
      await expect(pipeline.fit(X, y, { validationData } as never)).rejects.toThrow(message);
    });
  });

  describe('checkpoints', () => {
    const pathOf = (name: string) => join(folder, `${_}-${name}`);

    test.each(['adam', 'sgd', 'nadam', 'lbfgs'] as const)(
      '%s, stopped and resumed: as if it had never stopped',
      async (solver) => {
        const learningRate = solver === 'lbfgs' ? 'constant' : 'adaptive';
        const parameters = { solver, earlyStopping: solver === 'sgd', learningRate, tol: 0 } as const;
        const whole = await classifier(parameters).fit(X, y, {
          validationData: solver === 'adam' ? { X, y } : undefined,
        });
        const path = pathOf(solver);
        const options = { validationData: solver === 'adam' ? { X, y } : undefined };
        await classifier(parameters).fit(X, y, { ...options, checkpoint: { path }, onEpoch: ({ epoch }) => epoch < 3 });
        const model = classifier(parameters);
        await model.fit(X, y, { ...options, checkpoint: { path, resume: true } });
        expectSameBits(weightsOf(model), weightsOf(whole));
        const curves = ({
          nIter,
          lossCurve,
          validationLoss,
          validationScores,
          learningRates,
          bestLoss,
        }: MLPClassifier) => ({
          nIter,
          lossCurve,
          validationLoss,
          validationScores,
          learningRates,
          bestLoss,
        });
        expect(curves(model)).toEqual(curves(whole));
        await Promise.all([model, whole].map((each) => each.setParams({ warmStart: true }).fit(X, y)));
        expectSameBits(weightsOf(model), weightsOf(whole));
        await expect(
          classifier({ ...parameters, alpha: 1 }).fit(X, y, { ...options, checkpoint: { path, resume: true } }),
        ).rejects.toThrow('is of another training');
      },
    );

    test('of a pipeline, aborted', async () => {
      const make = () => new Pipeline([new StandardScaler(), regressor()]);
      const whole = await make().fit(X, sums);
      const checkpoint = { path: pathOf('pipeline') };
      const controller = new AbortController();
      const onEpoch = ({ epoch }: { epoch: number }) => {
        if (epoch === 2) controller.abort(new Error('enough'));
      };
      await expect(make().fit(X, sums, { checkpoint, onEpoch, signal: controller.signal })).rejects.toThrow('enough');
      const resumed = await make().fit(X, sums, { checkpoint: { ...checkpoint, resume: true } });
      expectSameBits(resumed.predict(X), whole.predict(X));
    });

    test('options are read when fit is called', async () => {
      const model = classifier();
      await expect(model.fit(X, y, { checkpoint: { path: 5 } } as never)).rejects.toThrow('"checkpoint.path" must be');
      await expect(model.fit(X, y, { checkpoint: { path: 'x', every: 2 } } as never)).rejects.toThrow(
        'checkpoint: unknown option "every"',
      );
      expect(model.isFitted).toBe(false);
    });
  });
});

test('in a worker: validation data, weights, checkpoints, and the same bits', async () => {
  const parameters = {
    hiddenLayerSizes: [5, 3],
    activation: ['tanh', 'relu'],
    maxIter: 6,
    classWeight: 'balanced',
  } as const;
  const make = (background: boolean) =>
    new built.MLPClassifier({
      ...parameters,
      solver: { name: 'adamw', weightDecay: 0.1 },
      learningRate: 'cosine',
      background,
    });
  const options = { validationData: { X: odd(X), y: odd(y) } };
  const whole = await make(false).fit(even(X), even(y), options);
  const path = join(folder, 'worker');
  const model = make(true);
  await model.fit(even(X), even(y), { ...options, checkpoint: { path }, onEpoch: ({ epoch }) => epoch < 2 });
  await model.fit(even(X), even(y), { ...options, checkpoint: { path, resume: true } });
  expectSameBits(model.network.parameters, whole.network.parameters);
  expect(model.validationLoss).toEqual(whole.validationLoss);
});
