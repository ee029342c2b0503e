// What the transcendental kernels and sigmoidDerivative make of zeros, infinities, NaN, subnormals and the edges of their range.

import { describe, expect, test } from 'vitest';
import type { Dtype } from '../../src/kernels/contract.js';
import { arrayOf, backends, dtypes, entries, expectSameBits, runKernel } from '../support/backends.js';
import { neighbour, numbers } from '../support/values.js';

type Table = (readonly [x: number, result: number])[];

const MAX = { f64: Number.MAX_VALUE, f32: 3.4028234663852886e38 };
const LEAST = { f64: 5e-324, f32: 1.401298464324817e-45 };
const BELOW_NORMAL = { f64: 2.225073858507201e-308, f32: 1.1754942106924411e-38 };

const common = (dtype: Dtype, atZero: number, atMax: number): Table => [
  [0, atZero],
  [-0, atZero],
  [LEAST[dtype], atZero],
  [-LEAST[dtype], atZero],
  [BELOW_NORMAL[dtype], atZero],
  [-BELOW_NORMAL[dtype], atZero],
  [MAX[dtype], atMax],
  [-MAX[dtype], 0],
  [Infinity, atMax],
  [-Infinity, 0],
  [NaN, NaN],
];

/** The least argument that overflows and the greatest whose result is 0, each with the neighbour on the other side. */
const EXP: Record<Dtype, Table> = {
  f64: [
    ...common('f64', 1, Infinity),
    [709.782712893384, 1.7976931348622732e308],
    [709.7827128933841, Infinity],
    [710, Infinity],
    [-708.396418532264, 2.2250738585075156e-308],
    [-708.3964185322642, 2.2250738585070097e-308],
    [-745.1332191019411, 5e-324],
    [-745.1332191019412, 0],
    [-746, 0],
  ],
  f32: [
    ...common('f32', 1, Infinity),
    [88.72283172607422, 3.402798519021476e38],
    [88.72283935546875, Infinity],
    [89, Infinity],
    [-87.33654022216797, 1.175499675756452e-38],
    [-87.33655548095703, 1.1754817391361086e-38],
    [-103.97207641601562, 1.401298464324817e-45],
    [-103.97208404541016, 0],
    [-104, 0],
  ],
};

const SIGMOID: Record<Dtype, Table> = {
  f64: [
    ...common('f64', 0.5, 1),
    [36.7368005696771, 0.9999999999999998],
    [36.73680056967711, 1],
    [709.7827128933841, 1],
    [-709.782712893384, 5.562684646268137e-309],
    // exp(709.7827128933841) is Infinity: 1 / (1 + exp(-x)) gives 0 from here down.
    [-709.7827128933841, 5.562684646267504e-309],
    [-740, 4.2e-322],
    [-745.1332191019411, 5e-324],
    [-745.1332191019412, 0],
  ],
  f32: [
    ...common('f32', 0.5, 1),
    [16.635530471801758, 0.9999998807907104],
    [16.63553237915039, 1],
    [88.72283935546875, 1],
    [-88.72283172607422, 2.938758297831148e-39],
    [-88.72283935546875, 2.938735877055719e-39],
    [-103.97207641601562, 1.401298464324817e-45],
    [-103.97208404541016, 0],
  ],
};

const derivative = (dtype: Dtype): Table => [
  [0, 0],
  [-0, -0],
  [1, 0],
  [-1, -2],
  [0.5, 0.25],
  [LEAST[dtype], LEAST[dtype]],
  [-LEAST[dtype], -LEAST[dtype]],
  [BELOW_NORMAL[dtype], BELOW_NORMAL[dtype]],
  [MAX[dtype], -Infinity],
  [-MAX[dtype], -Infinity],
  [Infinity, -Infinity],
  [-Infinity, -Infinity],
  [NaN, NaN],
];

/** x itself around zero: the result is the argument, its sign too. */
const likeIdentity = (dtype: Dtype): Table =>
  [0, -0, LEAST[dtype], -LEAST[dtype], BELOW_NORMAL[dtype], -BELOW_NORMAL[dtype]].map((x) => [x, x]);

const EXPM1 = (dtype: Dtype): Table => [
  ...likeIdentity(dtype),
  [MAX[dtype], Infinity],
  [-MAX[dtype], -1],
  [Infinity, Infinity],
  [-Infinity, -1],
  [NaN, NaN],
  [-745, -1],
];

const TANH = (dtype: Dtype): Table => [
  ...likeIdentity(dtype),
  [MAX[dtype], 1],
  [-MAX[dtype], -1],
  [Infinity, 1],
  [-Infinity, -1],
  [NaN, NaN],
  [22, 1],
  [-22, -1],
];

const LOG = (dtype: Dtype): Table => [
  [0, -Infinity],
  [-0, -Infinity],
  [1, 0],
  [-LEAST[dtype], NaN],
  [-1, NaN],
  [Infinity, Infinity],
  [-Infinity, NaN],
  [NaN, NaN],
  dtype === 'f64' ? [LEAST.f64, -744.4400719213812] : [LEAST.f32, -103.27893],
  dtype === 'f64' ? [MAX.f64, 709.782712893384] : [MAX.f32, 88.72284],
];

const LOG1P = (dtype: Dtype): Table => [
  ...likeIdentity(dtype),
  [-1, -Infinity],
  [-1.5, NaN],
  [-MAX[dtype], NaN],
  [Infinity, Infinity],
  [-Infinity, NaN],
  [NaN, NaN],
];

const TABLES = {
  exp: (dtype: Dtype) => EXP[dtype],
  expm1: EXPM1,
  tanh: TANH,
  log: LOG,
  log1p: LOG1P,
};

describe.each(backends)('on %s', (_, backend) => {
  describe.each(Object.keys(TABLES) as (keyof typeof TABLES)[])('%s', (name) => {
    test.each(dtypes)('%s', (dtype) => {
      const table = TABLES[name](dtype);
      const column = (i: 0 | 1) =>
        arrayOf(
          dtype,
          table.map((row) => row[i]),
        );
      const [x, expected] = [column(0), column(1)];
      // In place over the whole table and one by one: the ends of vectors have code of their own.
      const apply = (values: typeof x) =>
        runKernel(backend, dtype, [values], 0, (kernels, [at]) => kernels[name](values.length, at, at)).arrays[0];
      expectSameBits(apply(x), expected);
      for (let i = 0; i < x.length; i++) expectSameBits(apply(x.slice(i, i + 1)), expected.slice(i, i + 1));
    });
  });
});

describe.each(entries)('%s', (_, entry) => {
  describe.each(dtypes)('%s', (dtype) => {
    test.each([
      ['sigmoid', SIGMOID[dtype]],
      ['sigmoidDerivative', derivative(dtype)],
    ] as const)('%s', (name, table) => {
      const x = arrayOf(
        dtype,
        table.map(([from]) => from),
      );
      const expected = arrayOf(
        dtype,
        table.map(([, to]) => to),
      );
      expectSameBits(entry[name](x), expected);
      for (let i = 0; i < x.length; i++) expectSameBits(entry[name](x.slice(i, i + 1)), expected.slice(i, i + 1));
      if (dtype === 'f64') table.forEach(([from, to]) => void expect(entry[name](from)).toBe(to));
    });

    test('sigmoid stays within [0, 1] and is NaN for NaN alone', () => {
      const x = arrayOf(dtype, [...numbers(dtype, 5000, 8, 'wide'), ...numbers(dtype, 500, 9, 'special')]);
      entry.sigmoid(x).forEach((y, i) => {
        if (Number.isNaN(x[i]) ? !Number.isNaN(y) : !(y >= 0 && y <= 1)) expect.fail(`sigmoid(${x[i]}) is ${y}`);
      });
    });
  });
});

test('the edges in the tables are edges: their results change at the very next float', () => {
  for (const dtype of dtypes) {
    const edges = EXP[dtype].map(([x]) => x);
    const pairs = edges.filter((x) => Number.isFinite(x) && edges.includes(neighbour(dtype, x, 1)) && Math.abs(x) > 1);
    expect(pairs.length, `of ${dtype}`).toBeGreaterThanOrEqual(2);
  }
});
