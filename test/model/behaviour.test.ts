// How the estimators behave: what scikit-learn's own suite expects of its MLPs, in our words.

import { describe, expect, test } from 'vitest';
import type { MLPParameters } from '../../src/model/estimator-options.js';
import { MLPClassifier, MLPRegressor } from '../../src/model/index.js';
import { STATE } from '../../src/model/mlp.js';
import { random } from '../../src/random/random.js';
import { dtypes, entries } from '../support/backends.js';
import { digits, iris } from '../support/datasets.js';

const ACTIVATIONS = ['identity', 'logistic', 'tanh', 'relu'] as const;

const three = digits(3);
const few = { X: three.X.slice(0, 150), y: three.y.slice(0, 150) };
const two = digits(2);
const pair = { X: two.X.slice(0, 200), y: two.y.slice(0, 200) };

const size = (model: MLPClassifier) => Math.hypot(...model.coefs.flatMap(({ data }) => Array.from(data)));

/** Numbers that two inputs give, with noise. */
function slopes(rows: number) {
  const rng = random(4);
  const X = Array.from({ length: rows }, () => [rng.randn(), rng.randn()]);
  return { X, y: X.map(([a, b]) => 2 * a - b + 0.1 * rng.randn()) };
}

describe.each(entries)('%s', (_, api) => {
  const here = { engine: api.engine, background: false } as const;
  const classifier = (parameters: Partial<MLPParameters>) => new MLPClassifier({ ...here, ...parameters });
  const regressor = (parameters: ConstructorParameters<typeof MLPRegressor>[0]) =>
    new MLPRegressor({ ...here, ...parameters });

  test('more alpha gives smaller weights', async () => {
    const sizes: number[] = [];
    for (const alpha of [1e-3, 1e-1, 10, 1000]) {
      const model = classifier({ alpha, hiddenLayerSizes: [8], maxIter: 40, learningRateInit: 0.01, randomState: 1 });
      sizes.push(size(await model.fit(few.X, few.y)));
      model.dispose();
    }
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes[3]).toBeLessThan(sizes[0] / 2);
  });

  test.each(ACTIVATIONS)('gradients are those of the loss: %s', async (activation) => {
    const X = few.X.slice(0, 6).map((row) => row.slice(18, 28));
    const model = classifier({ activation, hiddenLayerSizes: [7], maxIter: 1, alpha: 1e-5, batchSize: 3 });
    await model.fit(X, [0, 1, 2, 0, 1, 2]);
    const penalty = 'scikitLearn' as const;
    const { relative } = model.network.checkGradients(X, [0, 1, 2, 0, 1, 2], { epsilon: 1e-5, l2: 1e-5, penalty });
    expect(relative).toBeLessThan(1.5e-7);
    model.dispose();
  });

  test.each(ACTIVATIONS)('lbfgs learns three digits, and two: %s', async (activation) => {
    for (const { X, y } of [few, { X: pair.X.slice(0, 150), y: pair.y.slice(0, 150) }]) {
      const model = classifier({ activation, solver: 'lbfgs', hiddenLayerSizes: 50, maxIter: 150, randomState: 1 });
      await model.fit(X, y);
      expect(model.score(X, y)).toBeGreaterThan(0.95);
      expect(model.predictProba(X).shape).toEqual([150, model.classes.length]);
      expect(model.nIter).toBe(model.lossCurve.length);
      model.dispose();
    }
  });

  test.each(ACTIVATIONS)('lbfgs learns numbers: %s', async (activation) => {
    const { X, y } = slopes(80);
    const model = regressor({ activation, solver: 'lbfgs', hiddenLayerSizes: 20, maxIter: 200, randomState: 1 });
    expect((await model.fit(X, y)).score(X, y)).toBeGreaterThan(0.95);
    model.dispose();
  });

  test('lbfgs ends at maxFun evaluations', async () => {
    const model = classifier({ solver: 'lbfgs', maxFun: 10, maxIter: 500, tol: 0, randomState: 1 });
    await model.fit(few.X, few.y);
    expect(model.nIter).toBeLessThanOrEqual(10);
    expect(model.converged).toBe(false);
    model.dispose();
  });

  test.each([few, pair])('100 calls of partialFit predict as fit with maxIter 100 does', async ({ X, y }) => {
    const parameters = { solver: 'sgd' as const, randomState: 1, alpha: 1e-5, learningRateInit: 0.2, tol: 0 };
    const whole = await classifier({ ...parameters, maxIter: 100, nIterNoChange: Infinity }).fit(X, y);
    const step = classifier(parameters);
    for (let i = 0; i < 100; i++) await step.partialFit(X, y, { classes: [...new Set(y)] });
    expect(step.predict(X)).toEqual(whole.predict(X));
    expect(step.score(X, y)).toBeGreaterThan(0.95);
    expect(step.nIter).toBe(100);
    whole.dispose();
    step.dispose();
  });

  test.each(['sgd', 'adam'] as const)(
    'without shuffling, partialFit is fit cut in epochs, to the bit: %s',
    async (solver) => {
      const { X, y } = slopes(50);
      for (const learningRate of ['constant', 'invscaling', 'adaptive'] as const) {
        const parameters = { solver, learningRate, shuffle: false, batchSize: 16, tol: 0.01, nIterNoChange: 2 };
        const rate = { learningRateInit: 0.05, hiddenLayerSizes: 4, maxIter: 40 };
        // adam stops at its plateau, where single epochs cannot.
        const patience = solver === 'adam' ? { nIterNoChange: Infinity } : {};
        const whole = await regressor({ ...parameters, ...rate, ...patience }).fit(X, y);
        const step = regressor({ ...parameters, ...rate, ...patience });
        for (let i = 0; i < whole.nIter; i++) await step.partialFit(X, y);
        expect(step.lossCurve).toEqual(whole.lossCurve);
        expect(step.learningRates).toEqual(whole.learningRates);
        expect(step.coefs).toEqual(whole.coefs);
        if (solver === 'sgd' && learningRate !== 'constant')
          expect(new Set(whole.learningRates).size).toBeGreaterThan(2);
      }
    },
  );

  test('the same randomState gives equal weights, another gives others', async () => {
    const begin = (randomState: number) =>
      classifier({ randomState, maxIter: 3, hiddenLayerSizes: 5 }).fit(few.X, few.y);
    const [a, b, c] = [await begin(3), await begin(3), await begin(4)];
    expect(a.coefs).toEqual(b.coefs);
    expect(a.intercepts).toEqual(b.intercepts);
    expect(a.coefs).not.toEqual(c.coefs);
    await a.fit(few.X, few.y); // anew, from the same seed
    expect(a.coefs).toEqual(b.coefs);
    expect(a.nIter).toBe(3);
  });

  test('the learning rate after a warm start', async () => {
    const X = [
      [3, 2],
      [1, 6],
      [5, 6],
      [-2, -4],
    ];
    const y = [1, 1, 1, 0];
    for (const learningRate of ['constant', 'invscaling'] as const) {
      const model = classifier({
        solver: 'sgd',
        hiddenLayerSizes: 4,
        learningRate,
        maxIter: 1,
        powerT: 0.25,
        warmStart: true,
      });
      for (let i = 0; i < 3; i++) await model.fit(X, y);
      expect(model.nIter).toBe(3);
      // 8 rows were seen before the third epoch.
      const rates = learningRate === 'constant' ? [1e-3, 1e-3, 1e-3] : [1e-3, 1e-3 / 5 ** 0.25, 1e-3 / 9 ** 0.25];
      model.learningRates.forEach((rate, i) => {
        expect(rate).toBeCloseTo(rates[i], 15);
      });
    }
  });

  test.each(['sgd', 'adam'] as const)(
    'early stopping ends before maxIter, and keeps the best epoch: %s',
    async (solver) => {
      const parameters = {
        tol: 0.2,
        randomState: 0,
        solver,
        earlyStopping: true,
        maxIter: 100,
        learningRateInit: 0.02,
      };
      const model = await classifier(parameters).fit(few.X, few.y);
      const scores = model.validationScores as number[];
      expect(model.nIter).toBeLessThan(100);
      expect(model.converged).toBe(true);
      expect(scores).toHaveLength(model.nIter);
      expect(model.bestValidationScore).toBe(Math.max(...scores));
      expect(model.bestLoss).toBeUndefined();
      // The epoch that was best first is where a shorter training ends.
      const best = scores.indexOf(Math.max(...scores)) + 1;
      const shorter = await classifier({ ...parameters, maxIter: best }).fit(few.X, few.y);
      expect(shorter.coefs).toEqual(model.coefs);
      const plain = await classifier({ maxIter: 2 }).fit(few.X, few.y);
      expect([plain.validationScores, plain.bestValidationScore]).toEqual([undefined, undefined]);
      expect(plain.bestLoss).toBe(Math.min(...plain.lossCurve));
      expect(plain.loss).toBe(plain.lossCurve[1]);
      expect(plain.converged).toBe(false);
    },
  );

  test('early stopping of a regressor watches R2', async () => {
    const { X, y } = slopes(60);
    const model = await regressor({ earlyStopping: true, maxIter: 300, learningRateInit: 0.05 }).fit(X, y);
    expect(model.nIter).toBeLessThan(300);
    expect(model.bestValidationScore).toBeGreaterThan(0.9);
  });

  test('adaptive ends below 1e-6', async () => {
    const X = [
      [3, 2],
      [1, 6],
      [5, 6],
      [-2, -4],
    ];
    const model = classifier({ tol: 0.5, solver: 'sgd', learningRate: 'adaptive', maxIter: 2000, randomState: 1 });
    await model.fit(X, [1, 1, 1, 0]);
    expect(model.nIter).toBeLessThan(2000);
    expect(model.learningRates[model.nIter - 1]).toBeLessThan(1e-6);
    expect(model.converged).toBe(true);
  });

  test('a plateau ends training after nIterNoChange + 1 epochs, or never', async () => {
    for (const nIterNoChange of [2, 5, 10]) {
      // No epoch but the first improves on the one before by so much.
      const model = await classifier({ tol: 1e8, nIterNoChange, maxIter: 100 }).fit(few.X, few.y);
      expect(model.nIter).toBe(1 + nIterNoChange + 1);
    }
    const model = await classifier({ tol: 1e8, nIterNoChange: Infinity, maxIter: 30 }).fit(few.X, few.y);
    expect(model.nIter).toBe(30);
    expect(model.converged).toBe(false);
  });

  test.each(['sgd', 'adam', 'lbfgs'] as const)(
    'inputs as large as can be raise the error of what is not finite: %s',
    async (solver) => {
      const rng = random(0);
      const X = Array.from({ length: 20 }, () => Array.from({ length: 10 }, () => (rng.rand() * 2 - 1) * 1.797e308));
      const y = X.map(() => rng.rand());
      const model = regressor({ solver, hiddenLayerSizes: [5, 5], learningRateInit: 0.5, maxIter: 50 });
      await expect(model.fit(X, y)).rejects.toThrow(api.NonFiniteError);
      expect(model.isFitted).toBe(false);
      // One that was fitted keeps what it had.
      const { X: rows, y: values } = slopes(20);
      const fitted = await regressor({ solver, maxIter: 2 }).fit(rows, values);
      const before = fitted.coefs;
      await expect(fitted.fit(X, y)).rejects.toThrow(api.NonFiniteError);
      expect(fitted.coefs).toEqual(before);
      // The second batch is one too many: what the first taught is forgotten.
      fitted.setParams({ warmStart: true, batchSize: 4, shuffle: false });
      const late = X.map((row, i) => (i < 4 ? rows[i] : row.slice(0, 2)));
      await expect(fitted.fit(late, y)).rejects.toThrow(api.NonFiniteError);
      expect(fitted.coefs).toEqual(before);
      fitted.setParams({ warmStart: false });
      await expect(fitted.fit([[1, Number.NaN]], [1])).rejects.toThrow(api.NonFiniteError);
    },
  );

  test.each([few, pair])('the most probable class is the one predicted, by logarithms too', async ({ X, y }) => {
    const model = await classifier({ hiddenLayerSizes: 5, maxIter: 20, activation: 'logistic' }).fit(X, y);
    const [p, logs] = [model.predictProba(X), model.predictLogProba(X)];
    const most = (row: ArrayLike<number>) => Array.from(row).indexOf(Math.max(...Array.from(row)));
    const classes = Array.from(p, most);
    expect(Array.from(logs, most)).toEqual(classes);
    expect(model.predict(X)).toEqual(classes.map((i) => model.classes[i]));
    for (const row of p) expect(Array.from(row).reduce((a, b) => a + b)).toBeCloseTo(1, 14);
    logs.data.forEach((x, i) => {
      expect(Math.exp(x)).toBeCloseTo(p.data[i], 14);
    });
  });

  test('f32 and f64 give equal labels and like probabilities; the dtype follows X', async () => {
    const models = await Promise.all(
      dtypes.map((dtype) => {
        const X = api.Matrix.from(few.X, { dtype });
        const model = classifier({
          maxIter: 50,
          learningRateInit: 0.01,
          batchSize: 32,
          alpha: 1e-5,
          hiddenLayerSizes: 20,
        });
        return model.fit(X, few.y);
      }),
    );
    const [wide, narrow] = models;
    expect(models.map(({ network }) => network.dtype)).toEqual(dtypes);
    expect(narrow.coefs[0].dtype).toBe('f32');
    expect(narrow.predict(few.X)).toEqual(wide.predict(few.X));
    const [p, q] = models.map((model) => model.predictProba(few.X));
    expect(q.dtype).toBe('f32');
    p.data.forEach((x, i) => {
      expect(Math.abs(x - q.data[i])).toBeLessThan(1e-2);
    });
    const told = await classifier({ maxIter: 1, dtype: 'f32' }).fit(few.X, few.y);
    expect(told.network.dtype).toBe('f32');
  });

  test('a warm start goes on from the parameters, and refuses other classes', async () => {
    const { X, y } = iris();
    const model = classifier({ warmStart: true, solver: 'lbfgs', maxIter: 5, hiddenLayerSizes: 4 });
    await model.fit(X, y);
    const { loss } = model;
    await model.fit(X, y);
    expect(model.loss).toBeLessThan(loss);
    expect(model.nIter).toBe(10);
    const three = '[0, 1, 2]';
    for (const [labels, found] of [
      [y.map((label) => (label === 2 ? 1 : label)), '[0, 1]'],
      [y.map((label) => (label === 0 ? 4 : label)), '[1, 2, 4]'],
      [y.map((label, i) => (i % 5 === 0 ? 3 : label)), '[0, 1, 2, 3]'],
    ] as const) {
      await expect(model.fit(X, labels)).rejects.toThrow(
        `warmStart: "y" has the classes ${found}, but the fit before had ${three}`,
      );
    }
    await model.fit(X, y.toReversed());
    await expect(
      model.fit(
        X,
        X.map(([a]) => [a > 5 ? 1 : 0, 1]),
      ),
    ).rejects.toThrow('several labels for each row');
    await expect(
      model.fit(
        X.map(([a]) => [a]),
        y,
      ),
    ).rejects.toThrow('"X" has 1 columns, but the network to go on with has 4');
    model.setParams({ hiddenLayerSizes: [5] });
    await expect(model.fit(X, y)).rejects.toThrow('the network to go on with is 4-4-3 relu/softmax crossEntropy f64');
  });

  describe.each(['lbfgs', 'adam', 'sgd'] as const)('weights of rows, all in one batch: %s', (solver) => {
    const rng = random(9);
    const X = Array.from({ length: 30 }, () => [rng.randn(), rng.randn(), rng.randn()]);
    const sums = X.map(([a, b, c]) => a + b * c);
    const y = sums.map((sum) => (sum > 0.2 ? 'up' : 'down'));
    const weights = X.map((_, i) => i % 4);
    const repeated = weights.flatMap((weight, i) => new Array<number>(weight).fill(i));
    const parameters = { solver, batchSize: 100, hiddenLayerSizes: 4, maxIter: 12, shuffle: false, alpha: 0.1, tol: 0 };
    if (solver === 'lbfgs') parameters.batchSize = 1; // of no use

    const expectLike = (a: MLPClassifier | MLPRegressor, b: MLPClassifier | MLPRegressor) => {
      a.coefs.forEach(({ data }, i) => {
        data.forEach((x, j) => {
          expect(x).toBeCloseTo(b.coefs[i].data[j], 8);
        });
      });
      expect(a.loss).toBeCloseTo(b.loss, 10);
    };

    test('integers are rows repeated, 0 is a row dropped', async () => {
      const weighted = await classifier(parameters).fit(X, y, { sampleWeight: weights });
      const plain = await classifier(parameters).fit(
        repeated.map((i) => X[i]),
        repeated.map((i) => y[i]),
      );
      expectLike(weighted, plain);
      const numbers = await regressor(parameters).fit(X, sums, { sampleWeight: weights });
      const many = await regressor(parameters).fit(
        repeated.map((i) => X[i]),
        repeated.map((i) => sums[i]),
      );
      expectLike(numbers, many);
      const score = plain.score(
        repeated.map((i) => X[i]),
        repeated.map((i) => y[i]),
      );
      expect(weighted.score(X, y, { sampleWeight: weights })).toBeCloseTo(score, 12);
    });

    test('twice all weights are as good as once', async () => {
      const once = await regressor({ ...parameters, alpha: 0 }).fit(X, sums, { sampleWeight: weights });
      const twice = await regressor({ ...parameters, alpha: 0 }).fit(X, sums, {
        sampleWeight: weights.map((w) => 2 * w),
      });
      expectLike(once, twice);
    });
  });

  test('what was taken out of one and set in another learns on as the one does', async () => {
    const parameters = { hiddenLayerSizes: 5, learningRateInit: 0.01, randomState: 2 };
    const first = await classifier({ ...parameters, maxIter: 5 }).fit(few.X, few.y);
    const second = classifier({ ...parameters, maxIter: 5 });
    second[STATE] = structuredClone(first[STATE]);
    expect(second.predictProba(few.X)).toEqual(first.predictProba(few.X));
    const { loss } = second;
    for (let i = 0; i < 10; i++) {
      await first.partialFit(few.X, few.y);
      await second.partialFit(few.X, few.y);
    }
    expect(second.coefs).toEqual(first.coefs);
    expect(second.lossCurve).toEqual(first.lossCurve);
    expect(second.loss).toBeLessThan(loss);
  });

  test('rows that cannot be held out are refused in words', async () => {
    const model = classifier({ earlyStopping: true });
    const X = [
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
    ];
    await expect(model.fit(X, ['a', 'a', 'a', 'b'])).rejects.toThrow(
      /"earlyStopping" cannot hold out .* 0\.1: .*one member of class "b"/,
    );
    const rows = Array.from({ length: 9 }, (_, i) => [i]);
    await expect(
      model.fit(
        rows,
        rows.map((_, i) => i % 3),
      ),
    ).rejects.toThrow(/the test set has 1 rows, fewer than the 3 classes/);
    await expect(regressor({ earlyStopping: true }).fit(rows, rows.flat())).rejects.toThrow(
      /the score of 1 row says nothing, 2 are needed/,
    );
    await expect(regressor({ earlyStopping: true }).fit([[1]], [1])).rejects.toThrow(/"earlyStopping" cannot hold out/);
  });

  test('what partialFit refuses', async () => {
    const { X, y } = iris();
    const model = classifier({ solver: 'sgd' });
    await expect(model.partialFit(X, y)).rejects.toThrow('the first call of partialFit needs "classes"');
    await expect(model.partialFit(X, y, { classes: [0, 1] })).rejects.toThrow('not among the classes [0, 1]: [2]');
    await model.partialFit(X.slice(0, 60), y.slice(0, 60), { classes: [2, 1, 0] });
    expect(model.classes).toEqual([0, 1, 2]);
    await model.partialFit(X, y);
    await expect(
      model.partialFit(
        X,
        y.map((label) => label + 1),
      ),
    ).rejects.toThrow('not among the classes [0, 1, 2]: [3]');
    await expect(model.partialFit(X, y, { classes: [0, 1, 3] })).rejects.toThrow(
      '"classes" is [0, 1, 3], but earlier calls had [0, 1, 2]',
    );
    await expect(classifier({ solver: 'lbfgs' }).partialFit(X, y, { classes: [0, 1, 2] })).rejects.toThrow('lbfgs');
    const early = await classifier({ earlyStopping: true, maxIter: 2 }).fit(X, y);
    await expect(early.partialFit(X, y)).rejects.toThrow('partialFit does not go with "earlyStopping"');
  });
});
