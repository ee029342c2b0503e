// MaxAbsScaler, RobustScaler, QuantileTransformer, PiecewiseLinearEncoder and partialFit against scikit-learn's.

import { describe, expect, test } from 'vitest';
import { NotFittedError, ShapeError, ValueError } from '../../src/checks/errors.js';
import {
  MaxAbsScaler,
  MinMaxScaler,
  PiecewiseLinearEncoder,
  QuantileTransformer,
  RobustScaler,
  StandardScaler,
} from '../../src/data/index.js';
import { Matrix } from '../../src/matrix/matrix.js';
import { normalProbability, normalQuantile } from '../../src/numbers/normal.js';
import { random } from '../../src/random/random.js';
import { expectClose, numbers, tableFixtures } from '../support/data-fixtures.js';

const { sets, scalers, partial, normal, piecewise } = tableFixtures;
const KINDS = { MaxAbsScaler, RobustScaler, QuantileTransformer, StandardScaler, MinMaxScaler, PiecewiseLinearEncoder };
type Kind = keyof typeof KINDS;
const nested = (arrays: readonly ArrayLike<number>[]) => arrays.map((each) => Array.from(each));
const make = (kind: Kind, options: object) => new KINDS[kind](options as never) as RobustScaler;

/** The normal distribution is SciPy's Cephes with another logarithm and exponential. */
const toleranceOf = (c: { kind: string; options: { outputDistribution?: string } }) =>
  c.options.outputDistribution === 'normal' ? 2e-14 : 0;

interface Case {
  kind: Kind;
  options: { outputDistribution?: string; unitVariance?: boolean };
  X: string;
  own: unknown;
  out: unknown;
  back: unknown;
  attributes: object;
  quantiles?: unknown;
}

const named = (scalers as Case[]).map((c, i): [string, Case] => [
  `${i}: ${c.kind} ${JSON.stringify(c.options)} ${c.X}`,
  c,
]);

describe.each(named)('%s', (_, c) => {
  const X = numbers(sets[c.X]);
  const scaler = make(c.kind, c.options).fit(X);

  test('attributes', () => {
    const unit = c.options.unitVariance ? 4e-16 : 0;
    for (const [name, value] of Object.entries(c.attributes)) {
      const ours = (scaler as unknown as Record<string, unknown>)[name];
      if (value === null) expect(ours).toBeUndefined();
      else expectClose(ours, value, unit);
    }
    if (c.quantiles) expectClose(nested((scaler as unknown as QuantileTransformer).quantiles), c.quantiles, 0);
  });

  test('transform and inverseTransform', () => {
    const tolerance = c.options.unitVariance ? 1e-15 : toleranceOf(c);
    expectClose(scaler.transform(X).data, c.own, tolerance, tolerance);
    const out = scaler.transform(numbers(sets.other));
    expectClose(out.data, c.out, tolerance, tolerance);
    expectClose(scaler.inverseTransform(numbers(c.out)).data, c.back, tolerance);
  });

  test('JSON keeps every bit, and clone nothing but the options', () => {
    const text = JSON.stringify(scaler);
    const read = (KINDS[c.kind] as unknown as typeof RobustScaler).fromJSON(text);
    expect(JSON.stringify(read)).toBe(text);
    expect(Array.from(read.transform(X).data)).toEqual(Array.from(scaler.transform(X).data));
    const bare = scaler.clone();
    expect(() => bare.transform(X)).toThrow(NotFittedError);
    const again = (KINDS[c.kind] as unknown as typeof RobustScaler).fromJSON(JSON.stringify(bare));
    expect(JSON.stringify(again)).toBe(JSON.stringify(bare));
    expect(Array.from(again.fit(X).transform(X).data)).toEqual(Array.from(scaler.transform(X).data));
  });

  test('f32 in, f32 out', () => {
    const single = make(c.kind, c.options).fit(Matrix.from(X, { dtype: 'f32' }));
    const out = single.transform(Matrix.from(numbers(sets.other), { dtype: 'f32' }));
    expect(out.dtype).toBe('f32');
    const gaps = (data: ArrayLike<number>) => Array.from(data, Number.isNaN);
    expect(gaps(out.data)).toEqual(gaps(scaler.transform(numbers(sets.other)).data));
  });
});

test.each<{ kind: Kind; options: object; weighted: boolean; attributes: object; out: unknown }>(partial.cases)(
  'partialFit: $kind $options, weights: $weighted',
  ({ kind, options, weighted, attributes, out }) => {
    const scaler = make(kind, options) as unknown as StandardScaler;
    numbers(partial.parts).forEach((part: number[][], i: number) => {
      scaler.partialFit(part, ...(weighted ? [{ sampleWeight: numbers(partial.weights[i]) }] : []));
    });
    for (const [name, value] of Object.entries(attributes)) {
      const ours = (scaler as unknown as Record<string, unknown>)[name];
      if (value === null) expect(ours).toBeUndefined();
      // The constant column is of 7s: what 12 roundings of those leave, squared.
      else expectClose(ours, value, 1e-13, (12 * 7 * Number.EPSILON) ** 2);
    }
    expectClose(
      scaler.transform(numbers(sets.other).map((row: number[]) => [row[0], row[1], row[3], row[4]])).data,
      out,
      1e-12,
    );
  },
);

describe('partialFit', () => {
  test('row by row, and in batches, is what fit of all rows is, but for rounding', () => {
    const rng = random(4);
    const X = Array.from({ length: 300 }, () => [rng.randn(), 1e6 + rng.randn(), rng.randn() * 1e-6]);
    for (const Scaler of [StandardScaler, MinMaxScaler, MaxAbsScaler]) {
      const all = new Scaler().fit(X);
      for (const size of [1, 7, 256]) {
        const scaler = new Scaler();
        for (let i = 0; i < X.length; i += size) scaler.partialFit(X.slice(i, i + size));
        // A variance near 1 beside a mean of 1e6 is known to 1e12 roundings.
        expectClose(scaler.transform(X).data, Array.from(all.transform(X).data), Scaler === StandardScaler ? 2e-4 : 0);
        expect(scaler.nSamplesSeen).toBe(300);
      }
    }
  });

  test('columns that begin with gaps are learnt when numbers come', () => {
    const scaler = new StandardScaler()
      .partialFit([[null, 1]])
      .partialFit([[2, null]])
      .partialFit([[4, 5]]);
    expect([scaler.mean, scaler.variance]).toEqual([Float64Array.of(3, 3), Float64Array.of(1, 4)]);
    expect(new MinMaxScaler().partialFit([[null]]).partialFit([[3]]).dataMax).toEqual(Float64Array.of(3));
  });

  test('other columns are refused, and fit begins anew', () => {
    for (const Scaler of [StandardScaler, MinMaxScaler, MaxAbsScaler]) {
      const scaler = new Scaler().partialFit([[1, 2]]);
      expect(() => scaler.partialFit([[1]])).toThrow(new ShapeError('"X" has 1 columns, but 2 were fitted'));
      expect(scaler.fit([[1], [2]]).nSamplesSeen).toBe(2);
    }
  });

  test('goes on after JSON, to the same bits', () => {
    for (const Scaler of [StandardScaler, MinMaxScaler, MaxAbsScaler]) {
      const [first, second] = [new Scaler().partialFit([[0.1, 3]]), new Scaler().partialFit([[0.1, 3]])];
      const read = (Scaler as typeof StandardScaler).fromJSON(JSON.stringify(first));
      expect(JSON.stringify(read.partialFit([[7, 1 / 3]]))).toBe(JSON.stringify(second.partialFit([[7, 1 / 3]])));
    }
  });
});

test('the normal distribution, as SciPy has it', () => {
  expectClose(normal.p.map(normalQuantile), normal.quantiles, 4e-15, 4e-16);
  expectClose(normal.x.map(normalProbability), normal.probabilities, 2e-14);
  expect([0, 1, -0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([-Infinity, Infinity, NaN, NaN, NaN]);
  expect([-Infinity, Infinity, Number.NaN, -40, 40].map(normalProbability)).toEqual([0, 1, NaN, 0, 1]);
});

describe('PiecewiseLinearEncoder', () => {
  const take = (rows: number[][]) => rows.map((row) => [row[0], row[1], row[4]]);

  test.each<{ nBins: number; edges: unknown; out: unknown }>(piecewise)("$nBins bins: the paper's equation", (c) => {
    const encoder = new PiecewiseLinearEncoder({ nBins: c.nBins }).fit(take(numbers(sets.X)));
    // NumPy's steps are t * (1 / n), ours t / n.
    expectClose(nested(encoder.edges), c.edges, 1e-14);
    expectClose(encoder.transform(take(numbers(sets.other))).data, c.out, 1e-13);
    const text = JSON.stringify(encoder);
    expect(JSON.stringify(PiecewiseLinearEncoder.fromJSON(text))).toBe(text);
  });

  test('a constant column has one bin, gaps stay gaps, names count the bins', () => {
    const encoder = new PiecewiseLinearEncoder({ nBins: 2 }).fit([
      [5, 0, null],
      [5, 1, null],
      [5, 2, null],
    ]);
    expect(encoder.transform([[6, null, 3]]).toArray()).toEqual([[1, NaN, NaN, 3]]);
    expect(encoder.getFeatureNamesOut()).toEqual(['x0_0', 'x1_0', 'x1_1', 'x2_0']);
    expect(
      new PiecewiseLinearEncoder()
        .fit([[1e300], [1e300]])
        .transform([[1e300]])
        .toArray(),
    ).toEqual([[0]]);
  });
});

test.each<[string, () => unknown, string]>([
  [
    'quantileRange',
    () => new RobustScaler({ quantileRange: [50, 50] }),
    '"quantileRange" must be two numbers from 0 to 100',
  ],
  ['unitVariance', () => new RobustScaler({ quantileRange: [0, 50], unitVariance: true }), 'above 0 and below 100'],
  ['an option', () => new MaxAbsScaler({ copy: true } as never), 'unknown option "copy"'],
  ['nQuantiles', () => new QuantileTransformer({ nQuantiles: 0 }), '"nQuantiles" must be a positive integer, got 0'],
  [
    'subsample',
    () => new QuantileTransformer({ subsample: 9 }),
    '"nQuantiles" must be at most "subsample", 9, got 1000',
  ],
  ['a distribution', () => new QuantileTransformer({ outputDistribution: 'norma' as never }), 'did you mean normal?'],
  ['nBins', () => new PiecewiseLinearEncoder({ nBins: 1.5 }), '"nBins" must be a positive integer, got 1.5'],
  ['infinity', () => new RobustScaler().fit([[1, Infinity]]), '"X"[0][1] is Infinity'],
  ['text', () => new MaxAbsScaler().fit([['1']]), '"X"[0][0] must be a number, got "1"'],
  [
    'a generator as JSON',
    () => new QuantileTransformer({ randomState: random(1) }).toJSON(),
    '"randomState" must be a seed',
  ],
  [
    'edges that do not ascend',
    () => PiecewiseLinearEncoder.fromJSON({ kind: 'PiecewiseLinearEncoder', nBins: 1, edges: [[1, 1]] }),
    '"json.edges[0]" must be two numbers or more that ascend',
  ],
  [
    'columns that are not there',
    () => RobustScaler.fromJSON({ ...new RobustScaler().fit([[1, 2]]).toJSON(), cols: 3 }),
    '"json.center" must be an array of 3',
  ],
  [
    'names that are too many',
    () => MaxAbsScaler.fromJSON({ ...new MaxAbsScaler().fit([[1]]).toJSON(), featureNamesIn: ['a', 'b'] }),
    '"json.featureNamesIn" must be an array of 1',
  ],
])('refused: %s', (_, use, message) => {
  expect(use).toThrow(ValueError);
  expect(use).toThrow(message);
});

test('100,000 rows: the subsample is drawn, the same each time', () => {
  const rng = random(1);
  const X = new Matrix(
    100_000,
    1,
    Float64Array.from({ length: 100_000 }, () => rng.randn()),
  );
  const [a, b] = [new QuantileTransformer().fit(X), new QuantileTransformer().fit(X)];
  expect(JSON.stringify(a)).toBe(JSON.stringify(b));
  const ranks = Array.from(a.transform(X).data);
  expect(Math.abs(ranks.reduce((sum, x) => sum + x, 0) / ranks.length - 0.5)).toBeLessThan(0.01);
});
