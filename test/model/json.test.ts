// Estimators, pipelines and scalers as JSON: the same bits come back, and what JSON cannot hold is said.

import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../src/common.js';
import {
  LabelBinarizer,
  LabelEncoder,
  MinMaxScaler,
  MLPClassifier,
  MLPRegressor,
  NotFittedError,
  OneHotEncoder,
  Pipeline,
  StandardScaler,
} from '../../src/model/index.js';
import { random } from '../../src/random/random.js';
import { dtypes, entries, expectSameBits } from '../support/backends.js';

const X = random(3).randn(40, 3);
const HERE = { background: false, maxIter: 15, hiddenLayerSizes: [4], nIterNoChange: Infinity } as const;
const sign = Array.from(X, (row) => (row[0] > 0 ? 'up' : 'down'));
const third = Array.from(X, (_, i) => i % 3);
const several = Array.from(X, ([a, b]) => [a > 0 ? 1 : 0, b > 0 ? 1 : 0]);
const sums = Array.from(X, ([a, b]) => a - b);

describe.each(entries)('%s', (_, { engine }) => {
  test.each(dtypes)('a classifier predicts the same bits after a round trip, and learns on (%s)', async (dtype) => {
    for (const y of [sign, third, several]) {
      const model = await new MLPClassifier({ ...HERE, engine, dtype }).fit(X, y);
      const text = JSON.stringify(model);
      for (const back of [
        MLPClassifier.fromJSON(text, { engine }),
        MLPClassifier.fromJSON(model.toJSON(), { engine }),
      ]) {
        expectSameBits(back.predictProba(X).data, model.predictProba(X).data);
        expect(back.predict(X)).toEqual(model.predict(X));
        expect(back.classes).toEqual(model.classes);
        expect(back.getParams()).toEqual(model.getParams());
        expect(JSON.stringify(back)).toBe(text);
        await back.partialFit(X, y);
        expect(back.nIter).toBe(1);
        back.dispose();
      }
      model.dispose();
    }
  });

  test.each(dtypes)('a regressor, of squares and of counts (%s)', async (dtype) => {
    for (const loss of ['squaredError', 'poisson'] as const) {
      const y = loss === 'poisson' ? sums.map((value) => Math.round(Math.exp(value))) : sums;
      const model = await new MLPRegressor({ ...HERE, engine, dtype, loss }).fit(X, y);
      const back = MLPRegressor.fromJSON(JSON.stringify(model), { engine });
      expectSameBits(back.predict(X), model.predict(X));
      expect(back.getParams()).toEqual(model.getParams());
    }
  });

  test('a pipeline', async () => {
    const steps = [new StandardScaler(), new MinMaxScaler({ featureRange: [-1, 1], clip: true })] as const;
    const model = await new Pipeline([...steps, new MLPClassifier({ ...HERE, engine })]).fit(X, sign);
    const text = JSON.stringify({ note: 'in something else', model });
    const back = Pipeline.fromJSON(JSON.parse(text).model, { engine });
    expectSameBits(back.predictProba(X).data, model.predictProba(X).data);
    expect(back.steps.map((step) => step.constructor)).toEqual(model.steps.map((step) => step.constructor));
    const numbers = await new Pipeline([new StandardScaler(), new MLPRegressor({ ...HERE, engine })]).fit(X, sums);
    const restored = Pipeline.fromJSON<MLPRegressor>(JSON.stringify(numbers), { engine });
    expectSameBits(restored.predict(X), numbers.predict(X));
  });
});

test('before fit: the parameters alone', () => {
  const model = new MLPRegressor({ alpha: 1, nIterNoChange: Infinity, hiddenLayerSizes: [] });
  expect(JSON.parse(JSON.stringify(model))).toEqual({
    kind: 'MLPRegressor',
    parameters: { alpha: 1, nIterNoChange: 'Infinity', hiddenLayerSizes: [] },
  });
  const back = MLPRegressor.fromJSON(JSON.stringify(model));
  expect(back.getParams()).toEqual(model.getParams());
  expect(() => back.predict([[1]])).toThrow(NotFittedError);
  const pipeline = new Pipeline([new StandardScaler({ withMean: false }), new MLPClassifier()]);
  const same = Pipeline.fromJSON(JSON.stringify(pipeline));
  expect(same.transformers[0]).toMatchObject({ withMean: false });
  expect(() => same.predict([[1]])).toThrow(NotFittedError);
});

test('parameters that are no matter for text', () => {
  const zeros = (count: number) => new Array(count).fill(0);
  const coefs = [[zeros(1_000_001)], zeros(1_000_001).map(() => [0])];
  const model = MLPRegressor.from({ coefs, intercepts: [zeros(1_000_001), [0]] });
  expect(() => JSON.stringify(model)).toThrow(/too many for JSON .* use save\(model, path\) or toBytes\(model\)/);
  model.dispose();
});

const classifier = MLPClassifier.from({ coefs: [[[1, 2, 3]]], intercepts: [[0, 0, 0]], classes: ['a', 'b', 'c'] });
const json = () => JSON.parse(JSON.stringify(classifier));
const network = (change: object) => ({ ...json(), network: { ...json().network, ...change } });

test.each<[string, () => unknown, string]>([
  ['no JSON', () => MLPClassifier.fromJSON('{'), '"json" is no JSON'],
  ['another kind', () => MLPRegressor.fromJSON(json()), '"json" must have kind "MLPRegressor", got "MLPClassifier"'],
  [
    'no parameters',
    () => MLPClassifier.fromJSON({ kind: 'MLPClassifier' } as never),
    '"json.parameters" must be an object',
  ],
  [
    'a parameter that is not known',
    () => MLPClassifier.fromJSON({ kind: 'MLPClassifier', parameters: { max_iter: 3 } }),
    'did you mean maxIter?',
  ],
  ['no labels', () => MLPClassifier.fromJSON({ ...json(), labels: undefined }), 'both "network" and "labels"'],
  [
    'labels of another form',
    () => MLPClassifier.fromJSON({ ...json(), labels: ['a'] }),
    '"json.labels" must be { multilabel',
  ],
  [
    'too few labels',
    () => MLPClassifier.fromJSON({ ...json(), labels: { multilabel: false, classes: ['a', 'b'] } }),
    'the network ends in 3 softmax with crossEntropy, but this estimator in 1 logistic with binaryCrossEntropy',
  ],
  [
    'labels out of order',
    () => MLPClassifier.fromJSON({ ...json(), labels: { multilabel: false, classes: ['b', 'a', 'c'] } }),
    '"json.labels.classes" must be sorted',
  ],
  ['another contract', () => MLPClassifier.fromJSON(network({ contractVersion: 0 })), 'contract version 0'],
  ['no options', () => MLPClassifier.fromJSON(network({ options: null })), '"json.options.layers" must be an array'],
  [
    'an option',
    () => MLPClassifier.fromJSON(json(), { engin: 1 } as never),
    'unknown option "engin"; did you mean engine?',
  ],
  [
    'no steps',
    () => Pipeline.fromJSON({ kind: 'Pipeline' } as never),
    '"json.steps" must be an array of one step or more',
  ],
  [
    'an unknown step',
    () => Pipeline.fromJSON({ kind: 'Pipeline', steps: [{ kind: 'constructor' }, json()] }),
    '"json.steps"[0].kind must be one of StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler, QuantileTransformer, PiecewiseLinearEncoder, OneHotEncoder, OrdinalEncoder, SimpleImputer, HashingVectorizer, CountVectorizer, TfidfTransformer, TfidfVectorizer, ColumnTransformer, got "constructor"',
  ],
  [
    'a scaler at the end',
    () => Pipeline.fromJSON({ kind: 'Pipeline', steps: [{ kind: 'StandardScaler' }] }),
    '"json.steps"[0].kind must be one of MLPClassifier, MLPRegressor',
  ],
])('refused: %s', (_, read, message) => {
  expect(read).toThrow(message);
  expect(MLPClassifier.fromJSON(json()).predict([[1]])).toEqual(['c']);
});

test('a step of your own has no JSON', () => {
  class Doubling {
    fit() {}
    transform = (rows: never) => rows;
  }
  const pipeline = new Pipeline([new Doubling(), new MLPClassifier()]);
  expect(() => JSON.stringify(pipeline)).toThrow('"steps"[0] is a Doubling: scalers and estimators of bitgrad');
});

describe('structuredClone and postMessage', () => {
  const instances = [
    classifier,
    new MLPRegressor(),
    new Pipeline([new StandardScaler(), new MLPRegressor()]),
    new StandardScaler().fit(X),
    new MinMaxScaler(),
    new OneHotEncoder().fit([['a']]),
    new LabelEncoder(),
    new LabelBinarizer(),
  ];

  test.each(instances.map((each) => [each.constructor.name, each] as const))(
    'of %s are refused, with advice',
    (name, each) => {
      const { port1, port2 } = new MessageChannel();
      for (const clone of [
        () => structuredClone(each),
        () => port1.postMessage([each]),
        () => structuredClone({ each }),
      ]) {
        expect(clone).toThrow(/^Symbol\(use .*toJSON\(\) and fromJSON.*\) could not be cloned/);
      }
      port1.close();
      port2.close();
      // It is seen by nobody else.
      expect(inspect(each)).not.toContain('Symbol');
      expect(inspect(each)).toContain(name);
      expect(JSON.stringify(each)).not.toContain('clon');
    },
  );

  test('what is compared or cloned is as before', () => {
    expect(new StandardScaler()).toEqual(new StandardScaler());
    expect(new StandardScaler()).not.toEqual(new StandardScaler({ withStd: false }));
    expect(new StandardScaler({ withStd: false }).clone()).toEqual(new StandardScaler({ withStd: false }));
    expect(classifier.clone().getParams()).toEqual(classifier.getParams());
    expect(new OneHotEncoder({ drop: 'first' }).clone()).toEqual(new OneHotEncoder({ drop: 'first' }));
    // A scaler without clone() is made of its fields.
    class Scale {
      readonly by: number;
      constructor(options: { by?: number } = {}) {
        if (Object.keys(options).join() !== 'by') throw new Error(Object.keys(options).join());
        this.by = options.by ?? 1;
      }
      fit() {}
      transform(rows: Matrix) {
        return rows;
      }
    }
    const pipeline = new Pipeline([new Scale({ by: 3 }), new StandardScaler(), new MLPClassifier()]);
    expect(pipeline.clone().transformers[0]).toEqual(new Scale({ by: 3 }));
  });
});
