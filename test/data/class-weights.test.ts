// Weights of classes as weights of rows, with the numbers of scikit-learn 1.2.1's compute_sample_weight.

import { describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../../src/checks/errors.js';
import { balancedWeights, statedWeights } from '../../src/data/class-weights.js';
import { computeSampleWeight } from '../../src/data/index.js';
import { entries } from '../support/backends.js';

// biome-ignore lint/suspicious/noExplicitAny: what JavaScript callers may pass
type Any = any;

const LETTERS = ['b', 'a', 'b', 'b', 'c', 'b', 'a'];

test('balanced, as scikit-learn has it', () => {
  const [a, b, c] = [1.1666666666666667, 0.5833333333333334, 2.3333333333333335];
  expect(Array.from(computeSampleWeight('balanced', LETTERS))).toEqual([b, a, b, b, c, b, a]);
  const numbers = [0, 0, 1, 0, 2, 2, 0, 0, 0, 0, 7];
  const of: Record<number, number> = { 0: 0.39285714285714285, 1: 2.75, 2: 1.375, 7: 2.75 };
  for (const y of [numbers, Uint8Array.from(numbers), Float32Array.from(numbers)]) {
    expect(Array.from(computeSampleWeight('balanced', y))).toEqual(numbers.map((label) => of[label]));
  }
});

test('by label: what is not named weighs 1', () => {
  expect(Array.from(computeSampleWeight({ a: 2.5, c: 0 }, LETTERS))).toEqual([1, 2.5, 1, 1, 0, 1, 2.5]);
  expect(Array.from(computeSampleWeight({ 0: 3, 7: 0.5 }, [0, 0, 1, 7]))).toEqual([3, 3, 1, 0.5]);
  expect(Array.from(computeSampleWeight({ '-1': 3 }, [-1, 1]))).toEqual([3, 1]);
  expect(Array.from(computeSampleWeight({ true: 3 } as Any, [true, false]))).toEqual([3, 1]);
  const bare = Object.assign(Object.create(null), { yes: 2, __proto__: 3 });
  expect(Array.from(computeSampleWeight(bare, ['yes', 'no']))).toEqual([2, 1]);
});

test('a label that does not occur may weigh something if all that do are named, as in scikit-learn', () => {
  expect(Array.from(computeSampleWeight({ a: 2.5, b: 1, c: 0, d: 9 }, LETTERS))).toEqual([1, 2.5, 1, 1, 0, 1, 2.5]);
  expect(() => computeSampleWeight({ a: 2.5, d: 9 }, LETTERS)).toThrow(
    '"classWeight" has a weight for "d", which is no class; classes are "a", "b", "c"',
  );
});

test.each<[string, unknown, unknown]>([
  [`"classWeight" must be 'balanced' or an object of weights by label, got "balance"`, 'balance', LETTERS],
  [`"classWeight" must be 'balanced' or an object`, new Map([['a', 2]]), LETTERS],
  [`"classWeight" must be 'balanced' or an object`, [1, 2, 3], LETTERS],
  [`"classWeight" must be 'balanced' or an object`, Float64Array.of(1, 2, 3), LETTERS],
  [`"classWeight" must be 'balanced' or an object`, null, LETTERS],
  [`"classWeight" must be 'balanced' or an object`, undefined, LETTERS],
  ['"classWeight"["a"] must be a finite number, 0 or more, got -1', { a: -1 }, LETTERS],
  ['"classWeight"["a"] must be a finite number, 0 or more, got NaN', { a: NaN }, LETTERS],
  ['"classWeight"["a"] must be a finite number, 0 or more, got "2"', { a: '2' }, LETTERS],
  ['"classWeight"["a"] must be a finite number, 0 or more, got Infinity', { a: Infinity }, LETTERS],
  ['"y" is empty', 'balanced', []],
  ['"y"[1] is 0.5: numbers that name classes must be integers', 'balanced', [0, 0.5]],
  ['"y" mixes kinds', 'balanced', [0, '1']],
])('refused: %s', (message, weights, y) => {
  expect(() => computeSampleWeight(weights as Any, y as Any)).toThrow(message);
  expect(() => computeSampleWeight(weights as Any, y as Any)).toThrow(
    message.includes('empty') ? ShapeError : ValueError,
  );
});

test('what is on Object.prototype is no weight', () => {
  Object.defineProperty(Object.prototype, 'a', { value: 5, configurable: true, enumerable: true, writable: true });
  try {
    expect(Array.from(computeSampleWeight({ c: 2 }, LETTERS))).toEqual([1, 1, 1, 1, 2, 1, 1]);
  } finally {
    delete (Object.prototype as Any).a;
  }
});

test('what is said of all classes: their numbers in a network, or the labels of an estimator', () => {
  expect(statedWeights({ no: 2 }, ['no', 'yes'], 'classWeight')).toEqual([2, 1]);
  expect(() => statedWeights({ no: 2, maybe: 1, yes: 1 }, ['no', 'yes'], 'classWeight')).toThrow('weight for "maybe"');
  // A class without rows weighs nothing, and does not count.
  expect(balancedWeights([2, 2, 0], 4)).toEqual([1, 1, 0]);
});

describe.each(entries)('%s', (_, { network }) => {
  test('a class that weighs 2 counts as if its rows stood there twice', () => {
    const net = network({ inputs: 1, layers: [{ units: 2, activation: 'softmax' }], loss: 'crossEntropy', seed: 1 });
    const [X, y] = [
      [[1], [2], [4]],
      [0, 1, 1],
    ];
    const sampleWeight = computeSampleWeight({ 1: 2 }, y);
    const twice = net.gradients([[1], [2], [2], [4], [4]], [0, 1, 1, 1, 1]);
    const weighted = net.gradients(X, y, { sampleWeight });
    expect(weighted.loss).toBeCloseTo(twice.loss, 14);
    expect(net.loss(X, y, { sampleWeight })).toBe(weighted.loss);
    weighted.weights[0].data.forEach((g, i) => void expect(g).toBeCloseTo(twice.weights[0].data[i], 14));
    net.dispose();
  });
});
