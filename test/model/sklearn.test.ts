// The estimators next to scikit-learn's: the same seeds give the same courses, loss by loss and weight by weight.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Matrix, type TypedArray } from '../../src/common.js';
import { MLPClassifier } from '../../src/model/classifier.js';
import type { MLPParameters } from '../../src/model/estimator-options.js';
import { MLPRegressor } from '../../src/model/regressor.js';
import { entries } from '../support/backends.js';

interface Course {
  nIter: number;
  coefs: number[][][];
  intercepts: number[][];
  loss: number;
  lossCurve?: number[];
  validationScores?: number[];
  proba?: number[][];
  predicted?: number[] | number[][];
}

interface Case {
  name: string;
  kind: 'MLPClassifier' | 'MLPRegressor';
  data: string;
  options: Partial<MLPParameters>;
  /** Of partialFit; 0: one of fit. */
  calls: number;
  course: Course;
}

const { sets, cases } = JSON.parse(readFileSync(new URL('../fixtures/mlp.json', import.meta.url), 'utf8')) as {
  sets: Record<string, { X: number[][]; y: number[] }>;
  cases: Case[];
};

/** Rounding differs by a few units in the last place a step; hundreds of steps carry it on. */
const RELATIVE = 1e-9;

function expectClose(got: ArrayLike<number>, wanted: readonly number[], what: string, relative = RELATIVE) {
  expect(got.length, what).toBe(wanted.length);
  const size = Math.max(...wanted.map(Math.abs), 1e-3);
  for (const [i, value] of wanted.entries()) {
    expect(Math.abs(got[i] - value), `${what}[${i}]: ${got[i]}, ${value}`).toBeLessThanOrEqual(relative * size);
  }
}

describe.each(entries)('%s', (_, api) => {
  const followed = cases.filter(({ options }) => options.solver !== 'lbfgs');

  test.each(followed)('$name', async ({ kind, data, options, calls, course }) => {
    const { X, y } = sets[data];
    const parameters = { ...options, engine: api.engine, background: false };
    const classifies = kind === 'MLPClassifier';
    const model = classifies ? new MLPClassifier(parameters) : new MLPRegressor(parameters);
    if (calls === 0) await model.fit(X, y);
    const classes = [...new Set(y)];
    for (let i = 0; i < calls; i++) await model.partialFit(X, y, model instanceof MLPClassifier ? { classes } : {});
    expect(model.nIter).toBe(course.nIter);
    // With several outputs scikit-learn reports the mean over them, while its gradients are those of the sum.
    const outputs = classifies ? 1 : model.network.outputs;
    expectClose(
      model.lossCurve,
      (course.lossCurve as number[]).map((loss) => loss * outputs),
      'lossCurve',
    );
    if (course.validationScores)
      expectClose(model.validationScores as number[], course.validationScores, 'validationScores');
    model.coefs.forEach((coef, i) => {
      expectClose(coef.data, course.coefs[i].flat(), `coefs[${i}]`);
    });
    model.intercepts.forEach((intercept, i) => {
      expectClose(intercept, course.intercepts[i], `intercepts[${i}]`);
    });
    const first = X.slice(0, 5);
    if (model instanceof MLPClassifier) {
      expectClose(model.predictProba(first).data, (course.proba as number[][]).flat(), 'predictProba');
    } else {
      const predicted = model.predict(first) as TypedArray | Matrix;
      const values = predicted instanceof Matrix ? predicted.data : predicted;
      expectClose(values, (course.predicted as number[]).flat(), 'predict');
    }
    model.dispose();
  });

  test('lbfgs ends in the same minimum', async () => {
    const { data, options, course } = cases.find(({ name }) => name === 'lbfgs') as Case;
    const { X, y } = sets[data];
    const model = new MLPClassifier({ ...options, maxIter: 2000, tol: 1e-9, engine: api.engine, background: false });
    await model.fit(X, y);
    expect(model.loss).toBeLessThanOrEqual(course.loss * (1 + 1e-6));
    model.dispose();
  });

  test('all were followed', () => {
    expect(followed.length).toBe(cases.length - 1);
    expect(cases.length).toBe(19);
  });
});
