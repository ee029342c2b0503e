// Transformers of sparse rows: the dense matrix's bits, scikit-learn's numbers, and what they refuse.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../../src/checks/errors.js';
import {
  ColumnTransformer,
  MaxAbsScaler,
  OneHotEncoder,
  RobustScaler,
  SparseMatrix,
  StandardScaler,
} from '../../src/data/index.js';
import { COLUMN_TRANSFORMERS } from '../../src/data/transformers.js';
import { Matrix } from '../../src/matrix/matrix.js';
import { random } from '../../src/random/random.js';
import { expectClose, numbers } from '../support/data-fixtures.js';

const fixtures = JSON.parse(readFileSync(new URL('../fixtures/texts.json', import.meta.url), 'utf8'));

const SCALERS: [string, () => MaxAbsScaler | StandardScaler | RobustScaler][] = [
  ['MaxAbsScaler', () => new MaxAbsScaler()],
  ['StandardScaler', () => new StandardScaler({ withMean: false })],
  ['StandardScaler without std', () => new StandardScaler({ withMean: false, withStd: false })],
  ['RobustScaler', () => new RobustScaler({ withCentering: false })],
  [
    'RobustScaler 5 to 99',
    () => new RobustScaler({ withCentering: false, quantileRange: [5, 99], unitVariance: true }),
  ],
];

/** Rows of which some numbers are not 0; columns are empty, full, constant, negative, with gaps, with zeros and -0 that are stored. */
function rowsOf(rows: number, seed: number, gaps = true): Matrix {
  const rng = random(seed);
  const make = [
    () => 0,
    () => rng.rand(),
    () => 2.5,
    () => (rng.rand() < 0.2 ? -rng.rand() : 0),
    () => (rng.rand() < 0.1 ? 1e3 * (rng.rand() - 0.5) : 0),
    () => (rng.rand() < 0.05 ? 1 : 0),
    () => (rng.rand() < 0.6 ? rng.rand() - 0.5 : gaps && rng.rand() < 0.2 ? Number.NaN : 0),
    () => (rng.rand() < 0.01 ? 1e-160 : 0),
    () => (gaps ? Number.NaN : 0),
    () => (rng.rand() < 0.02 ? 7 : -0),
  ];
  return Matrix.from(Array.from({ length: rows }, () => make.map((each) => each())));
}

/** With some zeros stored, too. */
function sparseOf(X: Matrix, dtype: 'f64' | 'f32'): SparseMatrix {
  const entries: [number, number, number][] = [];
  for (let i = 0; i < X.rows; i++) {
    for (let j = 0; j < X.cols; j++) if (X.get(i, j) !== 0 || (i * j) % 5 === 1) entries.push([i, j, X.get(i, j)]);
  }
  return SparseMatrix.fromEntries(X.rows, X.cols, entries, { dtype });
}

const bits = (X: ArrayLike<number> | undefined) => X && Array.from(X, (x) => (x === 0 ? 0 : x));
const attributes = (scaler: object) =>
  ['scale', 'maxAbs', 'mean', 'variance'].map((name) => bits((scaler as Record<string, ArrayLike<number>>)[name]));
const dense = (X: SparseMatrix) => bits(X.toDense().data);

describe.each(SCALERS)('%s', (_, make) => {
  test.each([
    [1, 'f64'],
    [2, 'f64'],
    [40, 'f64'],
    [1300, 'f64'],
    [1300, 'f32'],
  ] as const)('%i rows of %s: attributes and rows have the bits of the dense matrix', (rows, dtype) => {
    for (const seed of [1, 2, 3]) {
      const X = Matrix.from(rowsOf(rows, seed), { dtype });
      const S = sparseOf(X, dtype);
      const [scaler, wanted] = [make().fit(S), make().fit(X)];
      expect(attributes(scaler)).toEqual(attributes(wanted));
      expect(JSON.stringify(scaler)).toBe(JSON.stringify(wanted));
      const [out, of] = [scaler.transform(S), wanted.transform(X)];
      expect([out.dtype, out.nnz]).toEqual([dtype, S.nnz]);
      // Of a column of gaps alone the scale is NaN, by which zeros become NaN only where they are stored.
      expect(dense(out)).toEqual(bits(of.data));
      expect(dense(scaler.inverseTransform(out))).toEqual(bits(wanted.inverseTransform(of).data));
      expect(make().fitTransform(S).toCSR()).toEqual(out.toCSR());
    }
  });

  test('what is wrong is named', () => {
    const scaler = make();
    const before = make().fit([[1, 2]]);
    const X = SparseMatrix.fromEntries(3, 2, [[1, 1, Infinity]]);
    expect(() => scaler.fit(X)).toThrow(new ValueError('"X"[1][1] is Infinity'));
    expect(() => before.transform(X)).toThrow(new ValueError('"X"[1][1] is Infinity'));
    expect(() => scaler.fit(SparseMatrix.fromEntries(0, 2, []))).toThrow(new ShapeError('"X" has no rows'));
    expect(() => scaler.fit(SparseMatrix.fromEntries(2, 0, []))).toThrow(new ShapeError('"X" has no columns'));
    const narrow = SparseMatrix.fromEntries(2, 1, []);
    expect(() => before.transform(narrow)).toThrow(new ShapeError('"X" has 1 columns, but 2 were fitted'));
    expect(() => before.inverseTransform(narrow)).toThrow(ShapeError);
    if ('partialFit' in before) expect(() => before.partialFit(narrow)).toThrow(ShapeError);
  });
});

test('weights and batches have the bits of the dense matrix', () => {
  const X = rowsOf(500, 7);
  const S = sparseOf(X, 'f64');
  const sampleWeight = random(4)
    .rand(500)
    .map((w) => (w < 0.1 ? 0 : w));
  const make = () => new StandardScaler({ withMean: false });
  expect(attributes(make().fit(S, { sampleWeight }))).toEqual(attributes(make().fit(X, { sampleWeight })));
  expect(make().fit(S, { sampleWeight }).nSamplesSeen).toEqual(make().fit(X, { sampleWeight }).nSamplesSeen);
  for (const cut of [1, 100, 499]) {
    for (const scaler of [make, () => new MaxAbsScaler()]) {
      const pieces = (of: (from: number, end: number) => never) =>
        scaler().partialFit(of(0, cut)).partialFit(of(cut, 500));
      const rows = X.toArray();
      const [ours, theirs] = [pieces((i, j) => S.slice(i, j) as never), pieces((i, j) => rows.slice(i, j) as never)];
      expect(attributes(ours)).toEqual(attributes(theirs));
      // Dense batches and sparse ones in turn.
      expect(attributes(scaler().partialFit(S.slice(0, cut)).partialFit(rows.slice(cut)))).toEqual(attributes(theirs));
    }
  }
});

interface Case {
  kind: 'MaxAbsScaler' | 'StandardScaler' | 'RobustScaler';
  options: object;
  X: 'dense' | 'gaps';
  scale: unknown;
  out: [number, number, number[], number[], unknown];
  back: [number, number, number[], number[], unknown];
  variance?: unknown;
  weighted?: unknown;
  batches?: unknown;
}

/** scikit-learn adds what zeros give to a sum of squares in one product, we row by row as of dense rows: 23 of them. */
const SUMS = 23 * 2 ** -52;

test.each(
  (fixtures.scalers as Case[]).map((c): [string, Case] => [`${c.kind} ${JSON.stringify(c.options)} ${c.X}`, c]),
)('scikit-learn: %s', (_, c) => {
  const X = SparseMatrix.fromDense(numbers(fixtures[c.X]));
  const make = () => new ({ MaxAbsScaler, StandardScaler, RobustScaler })[c.kind](c.options as never) as StandardScaler;
  const scaler = make().fit(X);
  if (c.scale === null) expect(scaler.scale).toBeUndefined();
  else expectClose(scaler.scale, c.scale, SUMS);
  if (c.variance) expectClose(scaler.variance, c.variance, SUMS);
  const out = scaler.transform(X);
  expect(Array.from(out.toCSR().indices)).toEqual(c.out[3]);
  expectClose(out.toCSR().data, c.out[4], SUMS);
  expectClose(scaler.inverseTransform(out).toCSR().data, c.back[4], SUMS);
  if (!c.weighted) return;
  const plain = new StandardScaler({ withMean: false });
  expectClose(plain.fit(X, { sampleWeight: fixtures.weights }).scale, c.weighted, SUMS);
  const batches = plain.clone().partialFit(X.slice(0, 9)).partialFit(X.slice(9));
  expectClose(batches.scale, c.batches, SUMS);
});

test('what would fill sparse rows says what to do', () => {
  const X = SparseMatrix.fromDense([
    [1, 0],
    [0, 2],
  ]);
  const filled = 'would fill it: write withMean: false, or give X.toDense()';
  for (const call of ['fit', 'partialFit', 'fitTransform'] as const) {
    expect(() => new StandardScaler()[call](X)).toThrow(
      new ValueError(`"X" is sparse, and to subtract means ${filled}`),
    );
  }
  const standard = new StandardScaler().fit(X.toDense());
  for (const call of ['transform', 'inverseTransform'] as const) expect(() => standard[call](X)).toThrow(filled);
  const robust = new RobustScaler().fit(X.toDense());
  const centred =
    '"X" is sparse, and to subtract medians would fill it: write withCentering: false, or give X.toDense()';
  for (const call of ['fit', 'transform', 'inverseTransform'] as const) {
    expect(() => robust[call](X)).toThrow(new ValueError(centred));
  }
  // The others read cells or matrices.
  const others = Object.entries(COLUMN_TRANSFORMERS).filter(([name]) => !/^(MaxAbs|Standard|Robust)/.test(name));
  expect(others.length).toBeGreaterThan(5);
  const made = [
    ...others.map(([, Kind]) => new Kind()),
    new ColumnTransformer([['a', 'passthrough', [0]]]),
  ] as StandardScaler[];
  for (const each of made) {
    expect(() => each.fit(X)).toThrow(
      new ValueError(
        '"X" must be a Matrix, an array of rows or { rows, cols, data }, got a SparseMatrix; pass its toDense()',
      ),
    );
    expect(() => each.fit(X.toDense()).transform(X)).toThrow(/"X" must be .*; pass its toDense\(\)/);
  }
});

test('OneHotEncoder gives sparse rows, and takes them back', () => {
  const { X, out, drop } = fixtures.oneHot;
  const encoder = new OneHotEncoder({ sparse: true }).fit(X);
  const rows: SparseMatrix = encoder.transform(X);
  const csr = ({ indptr, indices, data }: { [name in 'indptr' | 'indices' | 'data']: ArrayLike<number> }) =>
    [indptr, indices, data].map((each) => Array.from(each));
  expect(csr(rows.toCSR())).toEqual(out.slice(2));
  expect(csr(new OneHotEncoder({ sparse: true, drop: 'first' }).fitTransform(X).toCSR())).toEqual(drop.slice(2));
  expect(encoder.inverseTransform(rows)).toEqual(X);
  expect(encoder.inverseTransform(rows.toDense())).toEqual(X);
  const plain = new OneHotEncoder().fit(X);
  expect(rows.toDense()).toEqual(plain.transform(X));
  expect(plain.inverseTransform(rows)).toEqual(X);
  expect(new OneHotEncoder({ sparse: true, dtype: 'f32' }).fitTransform(X).dtype).toBe('f32');
  const read = OneHotEncoder.fromJSON<true>(JSON.stringify(encoder));
  expect(read.transform(X).toCSR()).toEqual(rows.toCSR());
  expect(encoder.clone().sparse).toBe(true);
  expect(JSON.stringify(plain)).not.toContain('sparse');
  expect(() => new OneHotEncoder({ sparse: 1 as never })).toThrow(
    new ValueError('"sparse" must be true or false, got 1'),
  );
  expect(() => encoder.inverseTransform(SparseMatrix.fromEntries(1, 5, []))).toThrow('"X" has 5 columns');
  expect(() => encoder.inverseTransform(SparseMatrix.fromEntries(1, 6, [[0, 0, Number.NaN]]))).toThrow(
    '"X"[0][0] is NaN',
  );
  expect(() => encoder.inverseTransform(SparseMatrix.fromEntries(1, 6, []))).toThrow('"X"[0] has only zeros');
});

test.each(
  (fixtures.columns as { threshold: number; X: number[][]; sparse: boolean; out: number[][] }[]).map(
    (c) => [c.threshold, c] as const,
  ),
)('ColumnTransformer with sparseThreshold %d', (sparseThreshold, { X, sparse, out }) => {
  const columns = new ColumnTransformer<Matrix | SparseMatrix>(
    [
      ['hot', new OneHotEncoder({ sparse: true }), [0, 1]],
      ['as is', 'passthrough', [2, 3]],
    ],
    { sparseThreshold },
  );
  const result = columns.fitTransform(X);
  expect(result instanceof SparseMatrix).toBe(sparse);
  const rows = (each: Matrix | SparseMatrix) => (each instanceof SparseMatrix ? each.toDense() : each).toArray();
  expect(rows(result)).toEqual(out);
  // What fit decided stays, whatever rows come, and in JSON.
  for (const each of [columns, ColumnTransformer.fromJSON<Matrix | SparseMatrix>(JSON.stringify(columns))]) {
    const alone = each.transform(X.slice(0, 1));
    expect(alone instanceof SparseMatrix).toBe(sparse);
    expect(rows(alone)).toEqual(out.slice(0, 1));
  }
  expect(columns.clone().sparseThreshold).toBe(sparseThreshold);
});

test('a chain within a ColumnTransformer hands sparse rows on', () => {
  const X = [['a'], ['b'], ['a'], ['c']];
  const hot = new OneHotEncoder({ sparse: true });
  const columns = new ColumnTransformer<SparseMatrix>([['x', [hot, new StandardScaler({ withMean: false })], [0]]], {
    sparseThreshold: 1,
  });
  const wanted = new StandardScaler({ withMean: false }).fitTransform(new OneHotEncoder().fitTransform(X));
  expect(columns.fitTransform(X).toDense()).toEqual(wanted);
  expect(columns.getFeatureNamesOut()).toEqual(['x__x0_a', 'x__x0_b', 'x__x0_c']);
  expect(() => new ColumnTransformer([['x', [hot, new StandardScaler()], [0]]]).fit(X)).toThrow('withMean: false');
  for (const sparseThreshold of [-1, 2, Number.NaN, '1', null]) {
    expect(() => new ColumnTransformer([['x', hot, [0]]], { sparseThreshold: sparseThreshold as never })).toThrow(
      /"sparseThreshold" must be a number from 0 to 1/,
    );
  }
});
