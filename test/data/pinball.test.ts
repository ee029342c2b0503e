// Pinball loss and D2 against scikit-learn's.

import { expect, test } from 'vitest';
import { ShapeError, ValueError } from '../../src/checks/errors.js';
import { d2PinballScore, meanPinballLoss } from '../../src/data/index.js';
import { evaluation, expectClose, numbers } from '../support/data-fixtures.js';

// biome-ignore lint/suspicious/noExplicitAny: fixtures of many shapes
type Any = any;

test.each<Any>(evaluation.pinball)('case %#', ({ yTrue, yPred, weights, alpha, results }) => {
  const options = { alpha, ...(weights && { sampleWeight: weights }) };
  for (const { multioutput, loss, d2 } of results) {
    expectClose(meanPinballLoss(numbers(yTrue), numbers(yPred), { ...options, multioutput }), loss);
    expectClose(d2PinballScore(numbers(yTrue), numbers(yPred), { ...options, multioutput }), d2, 1e-12, 1e-14);
  }
});

test('several quantiles are columns of one target', () => {
  const y = [3, 1, 4, 1, 5, 9, 2, 6];
  const columns = [0.1, 0.5, 0.9].map((alpha, q) => ({ alpha, yPred: y.map((each, i) => each + Math.sin(3 * i + q)) }));
  const yPred = y.map((_, i) => columns.map((column) => column.yPred[i]));
  const alpha = columns.map((column) => column.alpha);
  for (const sampleWeight of [undefined, [1, 2, 0, 1, 3, 1, 1, 2]]) {
    for (const score of [meanPinballLoss, d2PinballScore]) {
      const each = columns.map(({ alpha, yPred }) => score(y, yPred, { alpha, sampleWeight }));
      expect(Array.from(score(y, yPred, { alpha, sampleWeight, multioutput: 'rawValues' }))).toEqual(each);
      expect(score(y, yPred, { alpha, sampleWeight })).toBe((each[0] + each[1] + each[2]) / 3);
      expectClose(score(y, yPred, { alpha, sampleWeight, multioutput: [1, 0, 1] }), (each[0] + each[2]) / 2);
    }
  }
  // A vector is one column.
  expect(d2PinballScore(y, columns[0].yPred, { alpha: [0.1] })).toBe(
    d2PinballScore(y, columns[0].yPred, { alpha: 0.1 }),
  );
});

test('a single row has no D2', () => {
  expect(d2PinballScore([1], [2])).toBeNaN();
  expect(meanPinballLoss([1], [2])).toBe(0.5);
});

test.each<[string, () => unknown, new () => Error, string]>([
  ['alpha', () => d2PinballScore([1, 2], [1, 2], { alpha: 1.1 }), ValueError, '"alpha" must be a number from 0 to 1'],
  ['alpha NaN', () => meanPinballLoss([1], [1], { alpha: Number.NaN }), ValueError, 'got NaN'],
  ['no alpha', () => meanPinballLoss([1], [1], { alpha: [] }), ValueError, '"alpha" must be'],
  ['one of them', () => meanPinballLoss([1], [[1, 2]], { alpha: [0.1, 2] }), ValueError, '"alpha"[1] must be'],
  ['columns', () => d2PinballScore([1, 2], [1, 2], { alpha: [0.1, 0.2] }), ShapeError, '"yPred" has 1 columns, but'],
  ['targets', () => d2PinballScore([[1, 2]], [[1, 2]], { alpha: [0.1, 0.2] }), ShapeError, '"yTrue" has 2 columns'],
  ['rows', () => meanPinballLoss([1, 2], [[1, 2]], { alpha: [0.1, 0.2] }), ShapeError, '"yPred"'],
  ['NaN', () => meanPinballLoss([Number.NaN], [1]), ValueError, '"yTrue"[0] is NaN'],
  ['option', () => meanPinballLoss([1], [1], { quantile: 0.1 } as never), ValueError, 'unknown option "quantile"'],
])('refused: %s', (_, run, kind, text) => {
  expect(run).toThrow(kind);
  expect(run).toThrow(text);
});
