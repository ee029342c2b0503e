// Calibration, permutation importance, input saliency.

import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/matrix/matrix.js';
import {
  calibrate,
  inputSaliency,
  MLPClassifier,
  MLPRegressor,
  NotFittedError,
  Pipeline,
  permutationImportance,
  StandardScaler,
} from '../../src/model/index.js';
import { random } from '../../src/random/random.js';
import { dtypes, entries, expectSameBits } from '../support/backends.js';
import { evaluation, expectClose } from '../support/data-fixtures.js';

// biome-ignore lint/suspicious/noExplicitAny: fixtures of many shapes
type Any = any;

describe.each(entries)('%s', (_, { engine }) => {
  const here = { engine, background: false } as const;
  const linear = ({ W, b, y }: Any, more: object = {}) => {
    const classes = [...new Set<number>(y)].sort();
    return MLPClassifier.from({ ...here, coefs: [W], intercepts: [b], classes, ...more });
  };

  describe('calibrate', () => {
    test.each<Any>(evaluation.calibration)('the temperature is SciPy’s: case %#', (c) => {
      const model = linear(c);
      const before = model.predict(c.X);
      const { temperature, lossBefore, lossAfter } = calibrate(model, c.X, c.y);
      expectClose(temperature, c.temperature, 1e-6); // SciPy sees the loss alone, which is flat there
      expectClose(lossBefore, c.before);
      expectClose(lossAfter, c.after);
      expect(model.predict(c.X)).toEqual(before);
      expectClose(model.network.loss(c.X, codes(c)), c.after);
      model.coefs[0].toArray().forEach((row, i) =>
        expectClose(
          row,
          c.W[i].map((w: number) => w / temperature),
          1e-14,
        ),
      );
      // Where it is least, it is least.
      expect(calibrate(model, c.X, c.y).temperature).toBeCloseTo(1, 12);
    });

    const codes = ({ y }: Any) => y;

    test('weights are rows, and words are labels', () => {
      const [c] = evaluation.calibration;
      const words = c.y.map((label: number) => (label ? 'yes' : 'no'));
      const sampleWeight = c.y.map((_: number, i: number) => i % 3);
      const repeated = sampleWeight.flatMap((times: number, i: number) => new Array(times).fill(i));
      const weighted = linear(c, { classes: ['no', 'yes'] });
      const plain = linear(c);
      const a = calibrate(
        weighted,
        c.X,
        words.map((word: string) => [word]),
        { sampleWeight },
      );
      const b = calibrate(
        plain,
        repeated.map((i: number) => c.X[i]),
        repeated.map((i: number) => c.y[i]),
      );
      expectClose(a.temperature, b.temperature, 1e-10);
    });

    test('several labels at once: each label of each row is a choice', () => {
      const rng = random(3);
      const X = rng.randn(80, 2);
      const y = Matrix.from(Array.from(X, ([a, b]) => [Number(a + rng.randn() > 0), Number(b + rng.randn() > 0)]));
      const model = MLPClassifier.from({
        ...here,
        coefs: [
          Matrix.from([
            [9, 0],
            [0, 9],
          ]),
        ],
        intercepts: [[0, 0]],
        multilabel: true,
      });
      const { temperature, lossBefore, lossAfter } = calibrate(model, X, y);
      expect(temperature).toBeGreaterThan(3);
      expect(lossAfter).toBeLessThan(lossBefore);
      // Central differences of the network's own loss by the weights' scale: 0.
      const at = (factor: number) => {
        const own = model.network.parameters.map((w) => w * factor);
        const net = engine.network(model.network.options);
        net.parameters = own;
        return net.loss(X, y);
      };
      expect(Math.abs(at(1 + 1e-4) - at(1 - 1e-4))).toBeLessThan(1e-10);
    });

    test('a pipeline, f32, a masked class', async () => {
      const rng = random(4);
      const X = rng.randn(200, 3);
      const y = Array.from(X, ([a, b]) => (a + b + rng.randn() > 0 ? 'up' : 'down'));
      const inner = new MLPClassifier({ ...here, dtype: 'f32', solver: 'lbfgs', alpha: 0, hiddenLayerSizes: 40 });
      const model = await new Pipeline([new StandardScaler(), inner]).fit(X, y);
      const fresh = rng.randn(200, 3);
      const labels = Array.from(fresh, ([a, b]) => (a + b + rng.randn() > 0 ? 'up' : 'down'));
      const { temperature, lossBefore, lossAfter } = calibrate(model, fresh, labels);
      expect(temperature).toBeGreaterThan(1.5);
      expect(lossAfter).toBeLessThan(lossBefore);
      expect(lossAfter).toBeLessThan(0.7);
      const copy = Pipeline.fromJSON(JSON.stringify(model), { engine });
      expectSameBits(copy.predictProba(fresh).data, model.predictProba(fresh).data);
      const masked = MLPClassifier.from({
        ...here,
        coefs: [[[1, 2, 3]]],
        intercepts: [[0, 0, -Infinity]],
        classes: ['a', 'b', 'c'],
      });
      const found = calibrate(masked, [[3], [2], [-1], [1], [5]], ['b', 'a', 'a', 'b', 'c']);
      expect(found.temperature).toBeGreaterThan(0);
      expect(masked.predictProba([[1]]).data[2]).toBe(0);
      expect(() => calibrate(masked, [[3]], ['c'])).toThrow('no row has weight and a label');
    });

    test('rows that are all right, or all wrong, end at the bounds', () => {
      const model = () => MLPClassifier.from({ ...here, coefs: [[[1]]], intercepts: [[0]], classes: [0, 1] });
      expect(calibrate(model(), [[-1], [1]], [0, 1]).temperature).toBe(1 / 1024);
      expect(calibrate(model(), [[-1], [1]], [1, 0]).temperature).toBe(1024);
      expect(calibrate(model(), [[0]], [1]).lossAfter).toBeCloseTo(Math.LN2, 15);
    });

    test('refused', async () => {
      const [c] = evaluation.calibration;
      const model = linear(c);
      expect(() => calibrate(model, c.X, c.y.slice(1))).toThrow('"X" has 60 rows and "y" has 59');
      expect(() => calibrate(model, [[1, 2]], [0])).toThrow('"X" is 1x2, but must have 3 columns');
      expect(() => calibrate(model, [c.X[0]], [7])).toThrow('"y"[0] is 7, which was not learnt');
      expect(() => calibrate(new MLPClassifier(here), c.X, c.y)).toThrow(NotFittedError);
      expect(() => calibrate(new MLPRegressor(here) as Any, c.X, c.y)).toThrow('"model" must be a classifier');
      expect(() => calibrate({} as Any, c.X, c.y)).toThrow('"model" must be an MLPClassifier');
      expect(() => calibrate(model, c.X, c.y, { cv: 2 } as Any)).toThrow('unknown option "cv"');
      expect(() => calibrate(model, [[Number.NaN, 1, 1]], [0])).toThrow('the logits of row 0 of "X" hold NaN');
      const warm = new MLPClassifier({ ...here, warmStart: true, maxIter: 50, hiddenLayerSizes: 4 });
      await warm.fit(c.X, c.y);
      const fitting = warm.fit(c.X, c.y);
      expect(() => calibrate(warm, c.X, c.y)).toThrow('this network is being trained');
      await fitting;
    });
  });

  describe('permutationImportance', () => {
    const { X, y, coef, intercept, cases } = evaluation.inspection;
    const model = MLPRegressor.from({ ...here, coefs: [coef.map((w: number) => [w])], intercepts: [[intercept]] });

    test.each<Any>(cases)('is scikit-learn’s: $options', async ({ options, importances, mean, std }) => {
      const found = await permutationImportance(model, X, y, options);
      expectClose(found.importances.data, importances.flat(), 1e-11, 1e-14);
      expectClose(found.importancesMean, mean, 1e-11, 1e-14);
      expectClose(found.importancesStd, std, 1e-11, 1e-14);
      expect(found.importances.shape).toEqual([4, importances[0].length]);
    });

    test('rows in any form, and some of them', async () => {
      const wanted = await permutationImportance(model, X, y);
      for (const form of [Matrix.from(X), X.map((row: number[]) => Float64Array.from(row)), engine.matrix(X)]) {
        expectSameBits((await permutationImportance(model, form, y)).importances.data, wanted.importances.data);
      }
      const part = await permutationImportance(model, X, y, { maxSamples: 0.5 });
      expect(part.importances.shape).toEqual([4, 5]);
      expect(part.score).toBe(wanted.score);
      const weights = { maxSamples: 12, sampleWeight: X.map((_: Any, i: number) => 1 + (i % 2)) };
      expect((await permutationImportance(model, X, y, weights)).importancesMean.every(Number.isFinite)).toBe(true);
    });

    test('what was handed in stays, and may change meanwhile', async () => {
      const wanted = await permutationImportance(model, X, y);
      const [rows, targets] = [X.map((row: number[]) => [...row]), [...y]];
      const running = permutationImportance(model, rows, targets);
      expect(rows).toEqual(X);
      rows[0].fill(1e9);
      targets.fill(0);
      expectSameBits((await running).importances.data, wanted.importances.data);
    });

    test('refused, aborted', async () => {
      const controller = new AbortController();
      const running = permutationImportance(model, X, y, { signal: controller.signal });
      controller.abort(new Error('enough'));
      await expect(running).rejects.toThrow('enough');
      await expect(permutationImportance(model, X, [1])).rejects.toThrow('"X" has 40 rows and "y" has 1');
      await expect(permutationImportance(model, X, y, { nRepeats: 0 })).rejects.toThrow(
        '"nRepeats" must be a positive',
      );
      await expect(permutationImportance(model, X, y, { maxSamples: 41 })).rejects.toThrow('"maxSamples" must be');
      await expect(permutationImportance(model, X, y, { repeats: 1 } as Any)).rejects.toThrow(
        'unknown option "repeats"',
      );
      await expect(permutationImportance(new MLPRegressor(here), X, y)).rejects.toThrow(NotFittedError);
    });
  });

  describe('inputSaliency', () => {
    const rng = random(9);
    const X = rng.randn(300, 3);
    const step = 1e-6;
    const moved = (row: ArrayLike<number>, j: number, by: number) => Array.from(row, (x, k) => (k === j ? x + by : x));

    test.each(dtypes)('of classes: differences of the logit of the class that is predicted, %s', async (dtype) => {
      const given = Matrix.from(X.toArray(), { dtype });
      const y = Array.from(X, ([a, b, c]) => (a > b ? 'a' : b > c ? 'b' : 'c'));
      const model = await new MLPClassifier({ ...here, activation: 'tanh', maxIter: 20, hiddenLayerSizes: 6 }).fit(
        given,
        y,
      );
      const slopes = inputSaliency(model, given);
      expect([slopes.shape, slopes.dtype]).toEqual([[300, 3], dtype]);
      if (dtype === 'f32') return;
      const own = inputSaliency(model, X, { label: 'b' });
      const logits = (row: number[]) => model.predictLogProba([row]).data;
      for (const i of [0, 7, 255, 256, 299]) {
        const row = Array.from(X.data.subarray(i * 3, i * 3 + 3));
        const best = model.classes.indexOf(model.predict([row])[0]);
        for (let j = 0; j < 3; j++) {
          const [up, down] = [logits(moved(row, j, step)), logits(moved(row, j, -step))];
          // Logits are known up to what all of them share: their differences are held against those of log probabilities.
          const change = (up[best] - up[1] - (down[best] - down[1])) / (2 * step);
          const ours = slopes.data[i * 3 + j] - own.data[i * 3 + j];
          expect(Math.abs(ours - change)).toBeLessThan(1e-7);
        }
      }
      expect(() => inputSaliency(model, X, { label: 'd' })).toThrow('"label" must be one of "a", "b", "c", got "d"');
      expect(() => inputSaliency(model, X, { output: 1 })).toThrow('use "label"');
    });

    test('of two classes the lesser’s slopes are the greater’s, turned round', () => {
      const model = MLPClassifier.from({ ...here, coefs: [[[2], [-3]]], intercepts: [[0]], classes: ['no', 'yes'] });
      expect(
        inputSaliency(model, [
          [1, 0],
          [0, 1],
        ]).toArray(),
      ).toEqual([
        [2, -3],
        [-2, 3],
      ]);
      expect(inputSaliency(model, [[0, 1]], { label: 'yes' }).toArray()).toEqual([[2, -3]]);
    });

    test('of numbers, several outputs, several labels, pipelines, networks', async () => {
      const weights = Matrix.from([
        [1, 2],
        [3, 4],
        [5, 6],
      ]);
      const two = MLPRegressor.from({ ...here, coefs: [weights], intercepts: [[0, 0]] });
      expect(inputSaliency(two, [[0, 0, 0]], { output: 1 }).toArray()).toEqual([[2, 4, 6]]);
      expect(() => inputSaliency(two, X)).toThrow('"output" must be an integer from 0 to 1, got undefined');
      expect(() => inputSaliency(two, X, { output: 2 })).toThrow('"output" must be an integer from 0 to 1, got 2');
      expect(() => inputSaliency(two, X, { label: 1 })).toThrow('use "output"');
      const several = MLPClassifier.from({ ...here, coefs: [weights], intercepts: [[0, 0]], multilabel: true });
      expect(inputSaliency(several, [[1, 1, 1]], { output: 0 }).toArray()).toEqual([[1, 3, 5]]);
      const net = engine.network({ inputs: 3, layers: [{ units: 2, activation: 'tanh' }], seed: 1 });
      expectSameBits(inputSaliency(net, X, { output: 1 }).data.slice(0, 3), net.jacobian(X).data.slice(3, 6));
      const poisson = MLPRegressor.from({ ...here, coefs: [[[1], [0], [0]]], intercepts: [[0]], loss: 'poisson' });
      expect(inputSaliency(poisson, [[0, 0, 0]]).toArray()).toEqual([[1, 0, 0]]);
      const scaled = await new Pipeline([
        new StandardScaler(),
        new MLPRegressor({ ...here, solver: 'lbfgs', alpha: 0, tol: 1e-10, hiddenLayerSizes: [] }),
      ]).fit([[0], [10], [20]], [0, 1, 2]);
      // In units of the scaled input: 0.1 times its deviation.
      expect(inputSaliency(scaled, [[5]]).data[0]).toBeCloseTo(0.1 * Math.sqrt(200 / 3), 6);
      expect(() => inputSaliency(two, [[1, 2]], { output: 0 })).toThrow('"X" has 2 columns, but there are 3 inputs');
      expect(() => inputSaliency(new MLPRegressor(here), X)).toThrow(NotFittedError);
      expect(() => inputSaliency({} as Any, X)).toThrow('"model" must be');
    });
  });
});

test('both backends calibrate to the same bits', () => {
  for (const c of evaluation.calibration as Any[]) {
    const [a, b] = entries.map(([, { engine }]) => {
      const classes = [...new Set<number>(c.y)].sort();
      const model = MLPClassifier.from({ engine, coefs: [c.W], intercepts: [c.b], classes });
      return [calibrate(model, c.X, c.y), model.network.parameters.slice()] as const;
    });
    expect(a[0]).toEqual(b[0]);
    expectSameBits(a[1], b[1]);
  }
});
