// Metrics against scikit-learn's.

import { describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../../src/checks/errors.js';
import {
  accuracyScore,
  confusionMatrix,
  f1Score,
  logLoss,
  meanAbsoluteError,
  meanSquaredError,
  precisionScore,
  r2Score,
  recallScore,
  rocAucScore,
} from '../../src/data/index.js';
import { Matrix } from '../../src/matrix/matrix.js';
import { expectClose, fixtures } from '../support/data-fixtures.js';

// biome-ignore lint/suspicious/noExplicitAny: fixtures of many shapes
type Any = any;
const optional = (options: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null && value !== undefined));
const SCORES = [precisionScore, recallScore, f1Score] as ((...args: Any[]) => number | Float64Array)[];

describe('classification', () => {
  test.each<Any>(fixtures.classification.cases)('case %#', ({ yTrue, yPred, weights, ...theirs }) => {
    const w = optional({ sampleWeight: weights });
    expectClose(accuracyScore(yTrue, yPred, w), theirs.accuracy);
    expectClose(accuracyScore(yTrue, yPred, { normalize: false, ...w }), theirs.right);
    for (const { normalize, labels, matrix } of theirs.confusion) {
      const ours = confusionMatrix(yTrue, yPred, { ...w, ...optional({ normalize, labels }) });
      expectClose(ours.data, matrix);
      if (!weights) expect(ours.toArray()).toEqual(matrix);
    }
    for (const { average, labels, posLabel, values } of theirs.scores) {
      const options = { ...w, ...optional({ average, labels, posLabel }) };
      SCORES.forEach((score, k) => expectClose(score(yTrue, yPred, options), values[k]));
    }
  });

  test.each<Any>(fixtures.classification.zero)('nothing to divide by: case %#', (c) => {
    const { yTrue, yPred, labels, average, zeroDivision, values } = c;
    const options = optional({ labels, average, zeroDivision });
    SCORES.forEach((score, k) => expectClose(score(yTrue, yPred, options), values[k]));
  });

  test('the positive class is 1, or true', () => {
    expect(precisionScore([true, false], [true, true])).toBe(0.5);
    expect(recallScore([0, 1], [0, 1])).toBe(1);
  });
});

describe('probabilities', () => {
  test.each<Any>(fixtures.probabilities.cases)('case %#', ({ yTrue, P, weights, ...theirs }) => {
    const w = optional({ sampleWeight: weights });
    expectClose(logLoss(yTrue, P, w), theirs.logLoss);
    expectClose(logLoss(yTrue, P, { ...w, normalize: false }), theirs.sum);
    const half = P.map((row: number[]) => row.map((p) => p / 2));
    expectClose(logLoss(yTrue, half, w), theirs.half);
    // scikit-learn divides rows by their sums in f32, we in f64.
    expectClose(logLoss(yTrue, Matrix.from(P, { dtype: 'f32' }), w), theirs.f32, 1e-6);
    const greater = P.map((row: number[]) => row[1]);
    if (theirs.logLoss1 !== undefined) expectClose(logLoss(yTrue, greater, w), theirs.logLoss1);
    expectClose(rocAucScore(yTrue, theirs.aucEach ? P : greater, w), theirs.auc);
    if (!theirs.aucEach) return;
    expectClose(rocAucScore(yTrue, P, { ...w, average: 'weighted' }), theirs.aucWeighted);
    expectClose(rocAucScore(yTrue, P, { ...w, average: 'none' }), theirs.aucEach);
  });

  test('classes that yTrue lacks', () => {
    const { yTrue, P, labels, logLoss: theirs } = fixtures.probabilities.labels;
    expectClose(logLoss(yTrue, P, { labels }), theirs);
  });
});

describe('regression', () => {
  test.each<Any>(fixtures.regression)('case %#', ({ yTrue, yPred, weights, results, infinite }) => {
    const w = optional({ sampleWeight: weights });
    for (const { multioutput, r2, mse, mae } of results) {
      expectClose(r2Score(yTrue, yPred, { ...w, multioutput }), r2);
      if (mse !== undefined) expectClose(meanSquaredError(yTrue, yPred, { ...w, multioutput }), mse);
      if (mae !== undefined) expectClose(meanAbsoluteError(yTrue, yPred, { ...w, multioutput }), mae);
    }
    expectClose(r2Score(yTrue, yPred, { ...w, multioutput: 'rawValues', forceFinite: false }), infinite);
  });

  test('a constant has no spread, though its mean is rounded', () => {
    const tenths = new Array(10).fill(0.1); // their sum is 0.9999999999999999
    expect(r2Score(tenths, tenths)).toBe(1);
    expect(r2Score(tenths, new Array(10).fill(0.2))).toBe(0);
  });

  test('a vector, a column and integers are the same numbers', () => {
    expect(meanSquaredError(Int32Array.of(1, 2), [[1], [4]])).toBe(2);
    expect(r2Score([1], [1])).toBeNaN();
  });
});

const P3 = [
  [0.5, 0.2, 0.3],
  [0.1, 0.1, 0.8],
  [0.2, 0.6, 0.2],
];
test.each<[string, () => unknown, new () => Error, string]>([
  [
    'lengths',
    () => accuracyScore([1, 2], [1]),
    ShapeError,
    '"yTrue" has 2 rows and "yPred" has 1: their numbers must be equal',
  ],
  ['empty', () => accuracyScore([], []), ShapeError, '"yTrue" is empty'],
  [
    'kinds',
    () => accuracyScore([1], ['1']),
    ValueError,
    '"yTrue" holds numbers and "yPred" strings: compare like with like',
  ],
  [
    'fractions',
    () => accuracyScore([1], [0.5]),
    ValueError,
    '"yPred"[0] is 0.5: numbers that name classes must be integers',
  ],
  [
    'weights',
    () => accuracyScore([1], [1], { sampleWeight: [0] }),
    ValueError,
    '"sampleWeight" must have a positive, finite sum',
  ],
  ['option', () => accuracyScore([1], [1], { weights: [1] } as never), ValueError, 'unknown option "weights"'],
  [
    'normalize',
    () => confusionMatrix([1], [1], { normalize: 'rows' as never }),
    ValueError,
    '"normalize" must be "true", "pred", "all" or undefined, got "rows"',
  ],
  ['labels', () => confusionMatrix([1], [1], { labels: [2] }), ValueError, 'none of "labels" is in "yTrue"'],
  ['labels', () => confusionMatrix([1], [1], { labels: [1, 1] }), ValueError, '"labels" has a label twice'],
  [
    'labels',
    () => confusionMatrix([1], [1], { labels: ['1'] }),
    ValueError,
    '"yTrue" holds numbers and "labels" strings',
  ],
  [
    'binary',
    () => precisionScore([0, 1, 2], [0, 1, 2]),
    ValueError,
    '"average" is "binary", but there are 3 classes: choose another average',
  ],
  ['posLabel', () => f1Score(['a', 'b'], ['a', 'b']), ValueError, '"posLabel" must be "a" or "b", got 1'],
  [
    'average',
    () => recallScore([1], [1], { average: 'mean' as never }),
    ValueError,
    '"average" must be one of "binary", "micro", "macro", "weighted", "none", got "mean"',
  ],
  [
    'zeroDivision',
    () => recallScore([1], [1], { zeroDivision: 2 as never }),
    ValueError,
    '"zeroDivision" must be 0 or 1, got 2',
  ],
  [
    'one class',
    () => logLoss([1, 1], [0.5, 0.5]),
    ValueError,
    '"yTrue" has one class only: give all of them as "labels"',
  ],
  ['one class', () => logLoss([1], [0.5], { labels: [1] }), ValueError, '"labels" has one class only'],
  ['order', () => logLoss([1], [0.5], { labels: [1, 0] }), ValueError, '"labels" must be sorted, each label once'],
  [
    'unknown',
    () => logLoss([2], [0.5], { labels: [0, 1] }),
    ValueError,
    '"yTrue"[0] is 2, which is not one of "labels"',
  ],
  [
    'columns',
    () =>
      logLoss(
        [0, 1, 2],
        P3.map((row) => row.slice(1)),
      ),
    ShapeError,
    '"yPred" has 2 columns, but there are 3 classes',
  ],
  ['NaN', () => logLoss([0, 1], [0.5, Number.NaN]), ValueError, '"yPred"[1] is NaN: NaN and infinities are refused'],
  [
    'one class',
    () => rocAucScore([1, 1], [0.5, 0.5]),
    ValueError,
    '"yTrue" has one class only: the area is not defined',
  ],
  [
    'two columns',
    () =>
      rocAucScore(
        [0, 1],
        [
          [0.5, 0.5],
          [0.2, 0.8],
        ],
      ),
    ShapeError,
    '"yScore" has 2 columns, but of two classes it must be one column',
  ],
  [
    'absent class',
    () => rocAucScore([0, 1, 1], P3, { labels: [0, 1, 2] }),
    ValueError,
    '"yTrue" has no row of class 2',
  ],
  [
    'sums',
    () =>
      rocAucScore(
        [0, 1, 2],
        P3.map((row) => row.map((p) => 2 * p)),
      ),
    ValueError,
    '"yScore" must hold probabilities, but row 0 adds up to 2',
  ],
  ['weights', () => rocAucScore([0, 1], [0, 1], { sampleWeight: [1, 0] }), ValueError, 'the area is not defined'],
  ['columns', () => r2Score([[1, 2]], [[1]]), ShapeError, '"yTrue" has 2 columns and "yPred" has 1'],
  [
    'NaN',
    () => meanSquaredError([[1, Number.NaN]], [[1, 2]]),
    ValueError,
    '"yTrue"[0][1] is NaN: NaN and infinities are refused',
  ],
  [
    'multioutput',
    () => meanSquaredError([1], [1], { multioutput: 'raw_values' as never }),
    ValueError,
    '"multioutput" must be "uniformAverage", "rawValues" or 1 weights, 0 or more, got "raw_values"',
  ],
  [
    'multioutput',
    () => meanAbsoluteError([1], [1], { multioutput: 'varianceWeighted' as never }),
    ValueError,
    'got "varianceWeighted"',
  ],
])('refused: %s', (_, use, Type, message) => {
  expect(use).toThrow(Type);
  expect(use).toThrow(message);
});
