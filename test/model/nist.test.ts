// NIST's linear regressions: how many digits of the certified coefficients MLPRegressor reaches with lbfgs.

import { readFileSync } from 'node:fs';
import { Decimal } from 'decimal.js';
import { expect, test } from 'vitest';
import { MLPRegressor } from '../../src/model/index.js';

interface Regression {
  x: number[][];
  y: number[];
  /** Of the polynomial in x; null: the columns as they are. */
  degree: number | null;
  beta: number[];
  intercept: boolean;
}

const { sets } = JSON.parse(readFileSync(new URL('../fixtures/nist.json', import.meta.url), 'utf8')) as {
  sets: Record<string, Regression>;
};

const Exact = Decimal.clone({ precision: 60 });

function standardize(column: number[]): { mean: number; scale: number; values: number[] } {
  const mean = column.reduce((a, b) => a + b) / column.length;
  const scale = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length);
  return { mean, scale, values: column.map((x) => (x - mean) / scale) };
}

/** The log relative error of the coefficient that has the greatest; 15 where all certified digits are met. */
async function digitsOf({ x, y, degree, beta, intercept }: Regression, tol: number): Promise<number> {
  const rows = degree ? x.map(([value]) => Array.from({ length: degree }, (_, k) => value ** (k + 1))) : x;
  // Estimators have an intercept: through the mirrored rows it is 0.
  const through = intercept ? rows : [...rows, ...rows.map((row) => row.map((value) => -value))];
  const columns = rows[0].map((_, j) => standardize(through.map((row) => row[j])));
  const targets = standardize(intercept ? y : [...y, ...y.map((value) => -value)]);
  const model = new MLPRegressor({
    hiddenLayerSizes: [],
    alpha: 0,
    solver: 'lbfgs',
    tol,
    maxIter: 5000,
    background: false,
  });
  await model.fit(
    through.map((_, i) => columns.map(({ values }) => values[i])),
    targets.values,
  );
  // Back to the columns' own units without rounding, which would cost Norris a digit.
  const slopes = columns.map(({ scale }, j) => new Exact(model.coefs[0].get(j, 0)).mul(targets.scale).div(scale));
  const shift = columns.reduce((sum, { mean }, j) => sum.add(slopes[j].mul(mean)), new Exact(0));
  const constant = new Exact(model.intercepts[0][0]).mul(targets.scale).add(targets.mean).sub(shift);
  const found = intercept ? [constant, ...slopes] : slopes;
  expect(found.length).toBe(beta.length);
  const digits = found.map((value, i) => {
    const error = value.sub(beta[i]).div(beta[i]).abs();
    return error.isZero() ? 15 : Math.min(15, -error.log(10).toNumber());
  });
  model.dispose();
  return Math.min(...digits);
}

/** What tol 1e-12 reaches; scikit-learn's lbfgs has 13.3 digits of Norris and 4.1 of Pontius. */
test.each([
  ['norris', 13.2],
  ['pontius', 6.2],
  ['noint1', 14.6],
  ['noint2', 15],
  ['longley', 6.5],
  ['wampler1', 3.1],
  ['wampler2', 6],
  ['wampler3', 3.4],
  ['wampler4', 2.9],
  ['wampler5', 0.6],
])('%s: %f digits and more', async (name, wanted) => {
  expect(await digitsOf(sets[name], 1e-12)).toBeGreaterThan(wanted - 1e-9);
});

test('what is out of reach: ten powers of one column, whose gradients show nothing of it; more than tol asks for', async () => {
  expect(Object.keys(sets)).toHaveLength(11);
  expect(await digitsOf(sets.filip, 1e-12)).toBeLessThan(0.5);
  expect(await digitsOf(sets.pontius, 1e-4)).toBeLessThan(2);
});
