// Estimators of weights that were learnt elsewhere: scikit-learn's, and some worked out by hand.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/common.js';
import { type ClassifierWeights, MLPClassifier, MLPRegressor } from '../../src/model/index.js';
import { entries, expectSameBits } from '../support/backends.js';

const { sets, cases } = JSON.parse(readFileSync(new URL('../fixtures/mlp.json', import.meta.url), 'utf8'));

// biome-ignore lint/suspicious/noExplicitAny: JSON as it is
const classifiers = cases.filter((each: any) => each.kind === 'MLPClassifier' && each.course.proba);
// biome-ignore lint/suspicious/noExplicitAny: JSON as it is
const regressors = cases.filter((each: any) => each.kind === 'MLPRegressor' && each.course.predicted);

describe.each(entries)('%s', (_, { engine }) => {
  test("scikit-learn's weights give scikit-learn's predictions", () => {
    expect(classifiers.length).toBeGreaterThan(4);
    expect(regressors.length).toBeGreaterThan(4);
    for (const { name, data, options, course } of classifiers) {
      const { X, y } = sets[data];
      const { coefs, intercepts } = course;
      const labels = Array.isArray(y[0])
        ? { multilabel: true }
        : { classes: [...new Set<number>(y)].sort((a, b) => a - b) };
      const model = MLPClassifier.from({ ...options, coefs, intercepts, ...labels, engine });
      const got = model.predictProba(X.slice(0, 5)).toArray().flat();
      course.proba.flat().forEach((want: number, i: number) => {
        expect(Math.abs(got[i] - want), name).toBeLessThan(1e-12);
      });
      model.dispose();
    }
    for (const { name, data, options, course } of regressors) {
      const { coefs, intercepts } = course;
      const model = MLPRegressor.from<Float64Array | Matrix>({ ...options, coefs, intercepts, engine });
      const rows = model.predict(sets[data].X.slice(0, 5));
      const got = rows instanceof Matrix ? rows.data : rows;
      course.predicted.flat().forEach((want: number, i: number) => {
        expect(Math.abs(got[i] - want), name).toBeLessThan(1e-12 * Math.max(1, Math.abs(want)));
      });
      model.dispose();
    }
  });

  test('what it has: layers, classes, no course yet', () => {
    const coefs = [[[1, -1]], [[1], [2]]];
    const model = MLPClassifier.from({
      coefs,
      intercepts: [[0, 0.5], [-1]],
      classes: ['no', 'yes'],
      alpha: 0.5,
      engine,
    });
    expect(model.getParams()).toMatchObject({ hiddenLayerSizes: [2], activation: 'relu', alpha: 0.5, dtype: 'f64' });
    expect([model.classes, model.nFeaturesIn, model.nIter]).toEqual([['no', 'yes'], 1, 0]);
    expect([model.lossCurve, model.bestLoss, model.validationScores, model.loss]).toEqual([
      [],
      undefined,
      undefined,
      Number.NaN,
    ]);
    // relu(3, -2.5) = (3, 0): 3 - 1 = 2; relu(-1, 1.5) = (0, 1.5): 3 - 1 = 2; relu(0, 0.5): 1 - 1 = 0, no more than half
    expect(
      model
        .predictProba([[3], [-1], [0]])
        .toArray()
        .map(([, p]) => p),
    ).toEqual([1 / (1 + Math.exp(-2)), 1 / (1 + Math.exp(-2)), 0.5]);
    expect(model.predict([[3], [-1], [0]])).toEqual(['yes', 'yes', 'no']);
    expect(model.coefs.map((each) => each.toArray())).toEqual(coefs);
  });

  test('three classes, several labels at once, counts', () => {
    const three = MLPClassifier.from({ coefs: [[[1, 2, 3]]], intercepts: [[0, 0, -10]], classes: [5, 6, 7], engine });
    expect(three.predict([[1], [20], [-1]])).toEqual([6, 7, 5]);
    const several = MLPClassifier.from({ coefs: [[[1, -1]]], intercepts: [[0, 3]], multilabel: true, engine });
    expect(several.predict([[1], [5], [-1]])).toEqual([
      [1, 1],
      [1, 0],
      [0, 1],
    ]);
    expect(several.classes).toEqual([0, 1]);
    const rate = MLPRegressor.from({ coefs: [[[2]]], intercepts: [[1]], loss: 'poisson', engine });
    expect(rate.predict([[0.5]])[0]).toBeCloseTo(Math.exp(2), 12);
    const masked = MLPClassifier.from({
      coefs: [[[1, 1, 1]]],
      intercepts: [[0, 0, Number.NEGATIVE_INFINITY]],
      classes: ['a', 'b', 'c'],
      engine,
    });
    expect(masked.predictProba([[1]]).toArray()).toEqual([[0.5, 0.5, 0]]);
  });

  test("partialFit and a warm start go on from there; the arrays stay the caller's", async () => {
    const weights = Float64Array.of(1, -1);
    const given = { coefs: [new Matrix(1, 2, weights), [[1], [2]]], intercepts: [[0, 0], [0]], engine };
    const model = MLPRegressor.from({
      ...given,
      solver: 'sgd',
      momentum: 0,
      learningRateInit: 0.5,
      alpha: 0,
      shuffle: false,
    });
    // One row, x = 1, y = 2: hidden (1, 0), output 1, error -1: gradients of the last layer (-1, 0), -1; of the first -1, 0.
    await model.partialFit([[1]], [2]);
    expect(model.coefs.map((each) => each.toArray())).toEqual([[[1.5, -1]], [[1.5], [2]]]);
    expect(model.intercepts.map((each) => [...each])).toEqual([[0.5, 0], [0.5]]);
    expect([...weights]).toEqual([1, -1]);
    expect([model.nIter, model.lossCurve, model.bestLoss]).toEqual([1, [0.5], 0.5]);
    const warm = MLPRegressor.from({ ...given, warmStart: true, maxIter: 3, background: false });
    await warm.fit([[1]], [2]);
    expect(warm.nIter).toBe(3);
    const labels = { coefs: [[[1, 0, 0]]], intercepts: [[0, 0, 0]], classes: ['a', 'b', 'c'], engine };
    const classifier = MLPClassifier.from(labels);
    await classifier.partialFit([[1]], ['b']);
    await expect(classifier.partialFit([[1]], ['d'])).rejects.toThrow('labels that are not among the classes');
    await expect(classifier.partialFit([[1, 2]], ['a'])).rejects.toThrow('"X" has 2 columns');
    // A class that is masked stays masked, and the rest learns.
    const masked = MLPClassifier.from({ ...labels, intercepts: [[0, 0, Number.NEGATIVE_INFINITY]] });
    await masked.partialFit([[1], [2]], ['a', 'b']);
    expect(masked.intercepts[0][2]).toBe(Number.NEGATIVE_INFINITY);
  });

  test('dtypes: as they were given, or as they are asked for', () => {
    const single = { coefs: [new Matrix(1, 1, Float32Array.of(0.1))], intercepts: [Float32Array.of(0.2)], engine };
    expect(MLPRegressor.from(single).network.dtype).toBe('f32');
    expect(MLPRegressor.from({ ...single, intercepts: [[0.2]] }).network.dtype).toBe('f64');
    const rounded = MLPRegressor.from({ ...single, coefs: [[[0.1]]], dtype: 'f32' });
    expectSameBits(rounded.coefs[0].data, Float32Array.of(0.1));
    expect(rounded.predict([[1]])).toBeInstanceOf(Float32Array);
  });
});

const fine = { coefs: [[[1, 2]], [[1], [2]]], intercepts: [[0, 0], [0]], classes: ['a', 'b'] };

test.each<[string, Partial<Record<keyof ClassifierWeights, unknown>>, string]>([
  [
    'no coefs',
    { coefs: undefined },
    '"coefs" must be an array of matrices (inputs x units), one for each layer, got undefined',
  ],
  ['a single matrix', { coefs: [[1, 2]] }, '"coefs" must be an array of matrices (inputs x units)'],
  ['none', { coefs: [], intercepts: [] }, '"coefs" must be an array of matrices'],
  ['too few intercepts', { intercepts: [[0, 0]] }, '"coefs" has 2 layers and "intercepts" has 1'],
  [
    'a chain that breaks',
    { coefs: [[[1, 2]], [[1]]] },
    '"coefs[1]" has 1 inputs (rows), but "coefs[0]" has 2 units (columns)',
  ],
  [
    'biases that do not fit',
    { intercepts: [[0], [0]] },
    '"intercepts[0]" has 1 numbers, but "coefs[0]" has 2 units (columns)',
  ],
  ['text', { coefs: [[['1', 2]], [[1], [2]]] }, '"coefs[0]"[0][0] must be a number, got "1"'],
  ['NaN', { intercepts: [[0, Number.NaN], [0]] }, '"intercepts[0]" holds NaN'],
  ['no classes', { classes: undefined }, '"classes" must be given: the labels in order'],
  [
    'too many classes',
    { classes: ['a', 'b', 'c'] },
    '"classes" has 3 labels, but "coefs" ends in 1 output, for 2 classes',
  ],
  ['classes out of order', { classes: ['b', 'a'] }, '"classes" must be sorted, each label once'],
  [
    'two outputs for two classes',
    { coefs: [[[1, 2]]], intercepts: [[0, 0]] },
    'of two classes there is one output, the logit of the second',
  ],
  [
    'other classes of several labels',
    { coefs: [[[1, 2]]], intercepts: [[0, 0]], multilabel: true },
    '"classes" of several labels at once are 0 to 1',
  ],
  ['multilabel as text', { multilabel: 'yes' }, '"multilabel" must be true or false, got "yes"'],
  [
    'other layers',
    { hiddenLayerSizes: [3] },
    '"hiddenLayerSizes" follows from "coefs" and need not be given: it is [2]',
  ],
  ['a parameter that is wrong', { alpha: -1 } as never, '"alpha"'],
  ['one that is not known', { coef: 1 } as never, 'MLPClassifier.from: unknown option "coef"; did you mean coefs?'],
])('refused: %s', (_, change, message) => {
  expect(() => MLPClassifier.from({ ...fine, ...change } as never)).toThrow(message);
  expect(MLPClassifier.from(fine).predict([[1]])).toEqual(['b']);
});

test('the same layers may be stated', () => {
  expect(MLPClassifier.from({ ...fine, hiddenLayerSizes: 2 }).getParams().hiddenLayerSizes).toEqual([2]);
});
