// Scalers against scikit-learn's: the same bits but with weights, whose sums BLAS takes in another order.

import { describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../../src/checks/errors.js';
import { MinMaxScaler, NotFittedError, StandardScaler } from '../../src/data/index.js';
import { type DtypeOption, Matrix } from '../../src/matrix/matrix.js';
import { expectClose, fixtures, numbers } from '../support/data-fixtures.js';

const { sets, cases } = fixtures.scalers;
const ATTRIBUTES: Record<string, string> = {
  mean_: 'mean',
  var_: 'variance',
  scale_: 'scale',
  n_samples_seen_: 'nSamplesSeen',
  data_min_: 'dataMin',
  data_max_: 'dataMax',
  data_range_: 'dataRange',
  min_: 'min',
};

const bits = (x: Matrix) => [x.dtype, x.shape, Array.from(x.data)];

describe.each(
  // biome-ignore lint/suspicious/noExplicitAny: a fixture
  (cases as any[]).map((c, i): [string, any] => [`${i}: ${c.kind} ${c.dtype} ${c.X}`, c]),
)('%s', (_, c) => {
  const dtype: DtypeOption = { dtype: c.dtype };
  const X = Matrix.from(numbers(sets[c.X]), dtype);
  const other = c.other ? Matrix.from(numbers(sets[c.other]), dtype) : X;
  const make = () => {
    const options = Object.fromEntries(Object.entries(c.options));
    if (c.kind === 'MinMaxScaler') return new MinMaxScaler(options).fit(X);
    return new StandardScaler(options).fit(X, c.weights ? { sampleWeight: c.weights } : {});
  };
  const scaler = make();
  const tolerance = c.weights ? 1e-12 : 0;

  test('attributes', () => {
    for (const [name, value] of Object.entries(c.attributes)) {
      const ours = (scaler as unknown as Record<string, unknown>)[ATTRIBUTES[name]];
      if (value === null) expect(ours).toBeUndefined();
      else expectClose(ours, value, tolerance);
    }
  });

  test('transform and inverseTransform', () => {
    const out = scaler.transform(other);
    const back = scaler.inverseTransform(out);
    expect([out.dtype, back.dtype]).toEqual([c.dtype, c.dtype]);
    expectClose(out.data, c.out, tolerance);
    expectClose(back.data, c.back, tolerance);
  });

  test('JSON keeps every bit', () => {
    const text = JSON.stringify(scaler);
    const read = scaler instanceof MinMaxScaler ? MinMaxScaler.fromJSON(text) : StandardScaler.fromJSON(text);
    expect(JSON.stringify(read)).toBe(text);
    expect(bits(read.transform(other))).toEqual(bits(scaler.transform(other)));
    expect(bits(read.inverseTransform(other))).toEqual(bits(scaler.inverseTransform(other)));
  });
});

test('an integer array of weights, and f32 weights, are those numbers', () => {
  const X = [
    [1, 2],
    [3, 5],
    [4, 9],
  ];
  const one = new StandardScaler().fit(X, { sampleWeight: [1, 2, 0] });
  for (const sampleWeight of [Int8Array.of(1, 2, 0), Float32Array.of(1, 2, 0)]) {
    expect(new StandardScaler().fit(X, { sampleWeight }).toJSON()).toEqual(one.toJSON());
  }
});

test('the argument is left as it was', () => {
  const data = Float32Array.of(1, 5);
  new StandardScaler().fitTransform(new Matrix(2, 1, data));
  new MinMaxScaler().fitTransform(new Matrix(2, 1, data));
  expect(Array.from(data)).toEqual([1, 5]);
});

test('JSON keeps -0, NaN and the dtype', () => {
  const scaler = new MinMaxScaler({ featureRange: [-0, 1] }).fit([Float32Array.of(-0, Number.NaN)]);
  const json = scaler.toJSON();
  expect([json.dataMin, json.featureRange, json.dtype]).toEqual([['-0', 'NaN'], ['-0', 1], 'f32']);
  const read = MinMaxScaler.fromJSON(JSON.parse(JSON.stringify(json)));
  expect(read.dataMin).toEqual(Float32Array.of(-0, Number.NaN));
  expect(Object.is(read.featureRange[0], -0)).toBe(true);
});

test.each([StandardScaler, MinMaxScaler])('before fit, %o refuses', (Scaler) => {
  const uses = [
    () => new Scaler().transform([[1]]),
    () => new Scaler().inverseTransform([[1]]),
    () => new Scaler().scale,
    () => new Scaler().nSamplesSeen,
  ];
  for (const use of uses) {
    expect(use).toThrow(NotFittedError);
    expect(use).toThrow(`this ${Scaler.name} is not fitted yet: call fit() first`);
  }
});

const fitted = new StandardScaler().fit([[1, 2]]);
test.each<[string, () => unknown, new () => Error, string]>([
  ['no rows', () => new StandardScaler().fit(Matrix.zeros(0, 2)), ShapeError, '"X" has no rows'],
  ['no columns', () => new MinMaxScaler().fit([[]]), ShapeError, '"X" has no columns'],
  ['a vector', () => new MinMaxScaler().fit([1, 2] as never), ShapeError, '"X" must be 2-D'],
  ['other columns', () => fitted.transform([[1]]), ShapeError, '"X" has 1 columns, but 2 were fitted'],
  ['infinity', () => new MinMaxScaler().fit([[1], [Infinity]]), ValueError, '"X"[1][0] is Infinity'],
  ['text', () => new MinMaxScaler().fit([['1']] as never), ValueError, '"X"[0][0] must be a number, got "1"'],
  ['option', () => new StandardScaler({ mean: 1 } as never), ValueError, 'unknown option "mean"'],
  ['flag', () => new StandardScaler({ withMean: 0 as never }), ValueError, '"withMean" must be true or false, got 0'],
  ['range', () => new MinMaxScaler({ featureRange: [1, 1] }), ValueError, 'the first below the second, got [1, 1]'],
  ['range', () => new MinMaxScaler({ featureRange: [0] as never }), ValueError, 'got an array of 1'],
  [
    'weights',
    () => fitted.fit([[1]], { sampleWeight: [1, 2] }),
    ShapeError,
    '"sampleWeight" has 2 weights, but there are 1 rows',
  ],
  [
    'weight',
    () => fitted.fit([[1]], { sampleWeight: [-1] }),
    ValueError,
    '"sampleWeight"[0] must be 0 or more, got -1',
  ],
  [
    'weight',
    () => fitted.fit([[1]], { sampleWeight: [0] }),
    ValueError,
    '"sampleWeight" must have a positive, finite sum, got 0',
  ],
  [
    'weight',
    () => fitted.fit([[1]], { sampleWeight: [Number.NaN] }),
    ValueError,
    '"sampleWeight"[0] is NaN: NaN and infinities are refused',
  ],
  ['text', () => StandardScaler.fromJSON('{'), ValueError, '"json" is no JSON'],
  [
    'kind',
    () => StandardScaler.fromJSON({ kind: 'MinMaxScaler' } as never),
    ValueError,
    '"json" must have kind "StandardScaler", got "MinMaxScaler"',
  ],
  [
    'kind',
    () => MinMaxScaler.fromJSON(null as never),
    ValueError,
    '"json" must have kind "MinMaxScaler", got undefined',
  ],
  [
    'mean',
    () => StandardScaler.fromJSON({ ...fitted.toJSON(), mean: [1] }),
    ValueError,
    '"json.mean" must be an array of 2',
  ],
  [
    'mean',
    () => StandardScaler.fromJSON({ ...fitted.toJSON(), mean: [1, 'x'] }),
    ValueError,
    '"json.mean" must hold numbers',
  ],
])('refused: %s', (_, use, Type, message) => {
  expect(use).toThrow(Type);
  expect(use).toThrow(message);
});

test('a failed fit leaves what was fitted', () => {
  const scaler = new StandardScaler().fit([[1], [3]]);
  expect(() => scaler.fit([[Infinity]])).toThrow(ValueError);
  expect(scaler.transform([[3]]).get(0, 0)).toBe(1);
});

test('JSON before fit: the options, and nothing that was not learnt', () => {
  const standard = StandardScaler.fromJSON(JSON.stringify(new StandardScaler({ withMean: false })));
  expect([standard.withMean, standard.withStd]).toEqual([false, true]);
  expect(() => standard.scale).toThrow(NotFittedError);
  const range = MinMaxScaler.fromJSON(JSON.stringify(new MinMaxScaler({ featureRange: [-1, 2], clip: true })));
  expect([range.featureRange, range.clip]).toEqual([[-1, 2], true]);
  expect(() => range.scale).toThrow(NotFittedError);
});
