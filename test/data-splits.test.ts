// Splits and folds have scikit-learn's indices; metrics its values.

import { describe, expect, test } from 'vitest';
import * as data from '../src/data/index.js';
import { random } from '../src/random.js';
import { expectClose, fixtures, numbers } from './data-fixtures.js';

const { splits, folds, classification, regression, probabilities } = fixtures;

test("trainTestSplit: scikit-learn's rows, stratified or not", () => {
  expect(splits.cases.length).toBeGreaterThan(100);
  for (const [name, seed, size, stratify, train, test] of splits.cases) {
    const y = splits.y[name];
    const X = y.map((_: unknown, i: number) => [i]);
    const options = { ...splits.sizes[size], randomState: seed, ...(stratify && { stratify: y }) };
    const split = data.trainTestSplit(X, y as (string | number)[], options);
    expect([...split.trainIndices], JSON.stringify([name, options])).toEqual(train);
    expect([...split.testIndices]).toEqual(test);
    expect([...split.XTest.data]).toEqual(test);
    expect(split.yTrain).toEqual(train.map((i: number) => y[i]));
  }
});

test('one generator goes on from split to split', () => {
  const rng = random(3);
  expect(splits.stream.length).toBeGreaterThan(4);
  for (const { y, stratify, train, test, rand } of splits.stream) {
    const labels = splits.y[y];
    const split = data.trainTestSplit(
      labels.map(() => [0]),
      labels,
      { randomState: rng, testSize: 0.2, ...(stratify && { stratify: labels }) },
    );
    expect([[...split.trainIndices], [...split.testIndices]]).toEqual([train, test]);
    expect(rng.rand()).toBe(rand);
  }
});

test("KFold and StratifiedKFold: scikit-learn's folds", () => {
  expect(folds.cases.length).toBeGreaterThan(50);
  for (const [kind, name, nSplits, seed, wanted] of folds.cases) {
    const y = splits.y[name];
    const X = y.map(() => [0]);
    const options = { nSplits, shuffle: seed !== null, ...(seed !== null && { randomState: seed }) };
    const made = kind === 'KFold' ? new data.KFold(options) : new data.StratifiedKFold(options);
    const found = new Array(y.length).fill('?');
    let fold = 0;
    for (const { train, test } of made.split(X, y)) {
      for (const i of test) found[i] = String(fold);
      expect(train.length + test.length).toBe(y.length);
      fold++;
    }
    expect(found.join(''), `${kind} ${name} ${JSON.stringify(options)}`).toBe(wanted);
  }
});

describe('metrics', () => {
  const weighted = (weights: number[] | null) => (weights ? { sampleWeight: weights } : {});

  test('accuracy, precision, recall, F1', () => {
    let compared = 0;
    for (const { yTrue, yPred, weights, scores } of classification.cases) {
      for (const { average, labels, posLabel, values } of scores) {
        const options = {
          average,
          ...(labels && { labels }),
          ...(posLabel !== null && posLabel !== undefined && { posLabel }),
          ...weighted(weights),
        };
        const ours = [data.precisionScore, data.recallScore, data.f1Score].map((score) => score(yTrue, yPred, options));
        ours.forEach((value, i) => expectClose(value, values[i]));
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(20);
    for (const { yTrue, yPred, labels, average, zeroDivision, values } of classification.zero) {
      const options = { average, zeroDivision, ...(labels && { labels }) };
      [data.precisionScore, data.recallScore, data.f1Score].forEach((score, i) =>
        expectClose(score(yTrue, yPred, options), values[i]),
      );
    }
  });

  test('log loss and the area under the curve', () => {
    for (const { yTrue, P, weights, logLoss } of probabilities.cases) {
      if (logLoss === undefined) continue;
      expectClose(data.logLoss(yTrue, numbers(P), weighted(weights)), logLoss);
    }
    const { yTrue, P, labels, logLoss } = probabilities.labels;
    expectClose(data.logLoss(yTrue, P, { labels }), logLoss);
    // Mann and Whitney's statistic: the part of pairs that stand in the right order.
    const rng = random(2);
    const y = Array.from({ length: 60 }, () => (rng.rand() < 0.4 ? 1 : 0));
    const scores = y.map((label) => Math.round(10 * (label + 2 * rng.rand())) / 10);
    let right = 0;
    let pairs = 0;
    for (let i = 0; i < 60; i++) {
      for (let j = 0; j < 60; j++) {
        if (y[i] !== 1 || y[j] !== 0) continue;
        pairs++;
        right += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
      }
    }
    expectClose(data.rocAucScore(y, scores), right / pairs);
  });

  test('R2, squared and absolute errors', () => {
    for (const { yTrue, yPred, weights, results } of regression) {
      for (const { multioutput, r2, mse, mae } of results) {
        const options = { multioutput, ...weighted(weights) };
        // With weights the mean of a constant target is off by a rounding error there, and R2 a quotient of such.
        if (r2 !== undefined && !(weights && Array.isArray(yTrue[0]) && yTrue[0].length > 1)) {
          expectClose(data.r2Score(yTrue, yPred, options), r2);
        }
        if (mse !== undefined) expectClose(data.meanSquaredError(yTrue, yPred, options), mse);
        if (mae !== undefined) expectClose(data.meanAbsoluteError(yTrue, yPred, options), mae);
      }
    }
  });

  test('the confusion matrix counts', () => {
    const matrix = data.confusionMatrix(['a', 'b', 'b', 'c', 'a'], ['a', 'b', 'c', 'c', 'b']);
    expect(matrix.toArray()).toEqual([
      [1, 1, 0],
      [0, 1, 1],
      [0, 0, 1],
    ]);
    expect(data.accuracyScore(['a', 'b', 'b', 'c', 'a'], ['a', 'b', 'c', 'c', 'b'])).toBe(0.6);
  });
});
