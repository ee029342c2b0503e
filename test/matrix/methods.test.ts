// What bitgrad/methods gives to Matrix: NumPy's arithmetic to the bit, and sums in the contract's orders.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DisposedError, type Dtype, DtypeError, Matrix, ShapeError, ValueError } from '../../src/common.js';
import '../../src/methods.js';
import type { MatrixMethods } from '../../src/matrix/methods-api.js';
import type { TypedArray } from '../../src/matrix/operand.js';
import * as ts from '../../src/ts.js';
import { arrayOf, dtypes, entries, expectSameBits, rounding } from '../support/backends.js';
import { numbers } from '../support/values.js';

const OPERATIONS = ['add', 'sub', 'multiply', 'divide'] as const;
type Operation = (typeof OPERATIONS)[number];

interface Fixture {
  elementwise: ({
    dtype: 'f8' | 'f4';
    aShape: [number, number];
    a: number[];
    bShape: number[];
    b: number[];
    shape: [number, number];
  } & Record<Operation, number[]>)[];
  argmax: ({ rows: (string | null)[][]; all: number } & Record<'over rows' | 'over columns', number[]>)[];
}

const fixture: Fixture = JSON.parse(readFileSync(new URL('../fixtures/matrix.json', import.meta.url), 'utf8'));

const rows = [
  [1, 2, 3],
  [4, 5, 6],
];
const matrix = () => Matrix.from(rows);
/** A matrix in linear memory, and the one that it is a copy of. */
const kinds = [
  ['plain', (from: Matrix) => from],
  ['resident', (from: Matrix) => ts.matrix(from)],
] as const;

// biome-ignore lint/suspicious/noExplicitAny: what JavaScript callers may pass
const any = (value: unknown): any => value;

test('methods are methods like any: not enumerable, inherited by resident matrices', () => {
  expect(Object.keys(Matrix.prototype)).toEqual([]);
  for (const name in matrix()) expect(['rows', 'cols', 'dtype', 'data']).toContain(name);
  expect(ts.zeros(1, 2).add(1)).toBeInstanceOf(Matrix);
  expect(structuredClone(matrix())).toEqual({
    rows: 2,
    cols: 3,
    dtype: 'f64',
    data: Float64Array.of(1, 2, 3, 4, 5, 6),
  });
});

describe.each(kinds)('%s', (_, place) => {
  test('row is a live view, col and slice are copies', () => {
    const m = place(matrix());
    const row = m.row(1);
    const col = m.col(1);
    const part = m.slice(1);
    m.set(1, 1, 50);
    expect(row).toEqual(Float64Array.of(4, 50, 6));
    expect(col).toEqual(Float64Array.of(2, 5));
    expect(part.toArray()).toEqual([[4, 5, 6]]);
    expect(Array.from(m, (each) => each[0])).toEqual([1, 4]);
  });

  test('slice is that of arrays', () => {
    const m = place(Matrix.from(Array.from({ length: 5 }, (_, i) => [i])));
    const all = [0, 1, 2, 3, 4];
    for (const [from, end] of [[], [2], [1, 3], [-2], [-3, -1], [0, 9], [4, 2], [9, 9], [-9, 1]]) {
      expect(Array.from(m.slice(from, end).data)).toEqual(all.slice(from, end));
    }
    expect(Matrix.zeros(3, 0).slice(1).shape).toEqual([2, 0]);
  });

  test('map sees value and place, over a copy', () => {
    const m = place(matrix());
    const seen: number[][] = [];
    const result = m.map((value, i, j) => {
      seen.push([value, i, j]);
      m.set(1, 2, -1);
      return value + 10 * i;
    });
    expect(result.toArray()).toEqual([
      [1, 2, 3],
      [14, 15, 16],
    ]);
    expect(seen.at(-1)).toEqual([6, 1, 2]);
    expect(m.get(1, 2)).toBe(-1);
  });

  test('concat puts rows below, columns beside', () => {
    const m = place(matrix());
    expect(m.concat([[7, 8, 9]]).toArray()).toEqual([...rows, [7, 8, 9]]);
    expect(m.concat([7, 8, 9]).toArray()).toEqual([...rows, [7, 8, 9]]);
    expect(m.concat(Uint8Array.of(7, 8) as never, 1).toArray()).toEqual([
      [1, 2, 3, 7],
      [4, 5, 6, 8],
    ]);
    expect(m.concat(m, 1).row(0)).toEqual(Float64Array.of(1, 2, 3, 1, 2, 3));
    expect(m.concat({ rows: 0, cols: 3, data: [] }).toArray()).toEqual(rows);
    expect(Matrix.zeros(0, 3).concat(m).toArray()).toEqual(rows);
    expect(m.concat({ rows: 2, cols: 0, data: [] }, 1).toArray()).toEqual(rows);
  });
});

describe('element by element, NumPy to the bit', () => {
  test.each(fixture.elementwise)('$dtype $aShape with $bShape', (each) => {
    const dtype: Dtype = each.dtype === 'f8' ? 'f64' : 'f32';
    const a = new Matrix(...each.aShape, arrayOf(dtype, each.a));
    const data = arrayOf(dtype, each.b);
    const [first, second] = each.bShape;
    const b = second === undefined ? data : new Matrix(first, second, data);
    for (const name of OPERATIONS) {
      const result = a[name](b);
      expect([result.shape, result.dtype]).toEqual([each.shape, dtype]);
      expectSameBits(result.data, arrayOf(dtype, each[name]));
      // Plain numbers are rounded to the matrix's dtype first; it is the same where they lie in memory.
      const plain = second === undefined ? each.b : { rows: first, cols: second, data: each.b };
      expectSameBits(a[name](plain).data, result.data);
      expectSameBits(ts.matrix(a)[name](b instanceof Matrix ? ts.matrix(b) : b).data, result.data);
    }
  });

  test.each(dtypes)('%s: special values, each operation rounded', (dtype) => {
    const round = rounding(dtype);
    const x = numbers(dtype, 400, 1, 'special');
    const y = numbers(dtype, 400, 2, 'wide');
    const [a, b] = [x, y].map((data) => new Matrix(20, 20, data));
    const formulas: Record<Operation, (x: number, y: number) => number> = {
      add: (x, y) => x + y,
      sub: (x, y) => x - y,
      multiply: (x, y) => x * y,
      divide: (x, y) => x / y,
    };
    for (const name of OPERATIONS) {
      expectSameBits(
        a[name](b).data,
        x.map((each, i) => formulas[name](each, y[i])),
      );
      expectSameBits(
        a[name](0.1).data,
        x.map((each) => formulas[name](each, round(0.1))),
      );
    }
    expectSameBits(a.scale(0.1).data, a.multiply(0.1).data);
  });
});

/** By the contract's text: the tree splits n leaves at the largest power of two below n. */
function tree(leaves: number[], round: (x: number) => number): number {
  if (leaves.length < 2) return leaves[0] ?? 0;
  let left = 1;
  while (left * 2 < leaves.length) left *= 2;
  return round(tree(leaves.slice(0, left), round) + tree(leaves.slice(left), round));
}

describe.each(dtypes)('sums in %s', (dtype) => {
  const round = rounding(dtype);

  test.each([0, 1, 15, 16, 17, 4095, 4096, 4097, 3 * 4096 + 5, 100_001])(
    'of %i elements: rule 4, as dot has it',
    (n) => {
      const data = numbers(dtype, n, n + 1, 'ordinary');
      const ones = arrayOf(dtype, n).fill(1);
      const m = new Matrix(n, 1, data);
      for (const [, { dot }] of entries) expect(m.sum()).toBe(dot(data, ones));
      expect(m.mean()).toBe(round(m.sum() / n));
    },
  );

  test.each([0, 1, 2, 255, 256, 257, 512, 5 * 256 + 3, 20_000])(
    'of the columns of %i rows: rule 3, as biases have it',
    (n) => {
      const cols = 3;
      const data = numbers(dtype, n * cols, n + 2, 'ordinary');
      const m = new Matrix(n, cols, data);
      const sums = m.sum(0);
      const wanted = arrayOf(dtype, cols).map((_, j) => {
        const tiles: number[] = [];
        for (let from = 0; from < n; from += 256) {
          let sum = 0;
          for (let i = from; i < Math.min(n, from + 256); i++) sum = round(sum + data[i * cols + j]);
          tiles.push(sum);
        }
        return tree(tiles, round);
      });
      expectSameBits(sums, wanted);
      if (n > 0) {
        // Its output is 0 and its target -X, so that what goes into the biases' gradients is X.
        const layers = [{ units: cols, weights: [[0, 0, 0]] }];
        const options = { inputs: 1, layers, loss: 'squaredError', reduction: 'sum', dtype } as const;
        for (const [, { engine }] of entries) {
          const net = engine.network(options);
          const { biases } = net.gradients(Matrix.zeros(n, 1, { dtype }), m.scale(-1));
          expectSameBits(biases[0]?.data as TypedArray, sums);
          net.dispose();
        }
      }
      expectSameBits(
        m.mean(0),
        sums.map((sum) => sum / n),
      );
    },
  );

  test.each([0, 1, 7, 5000])('of rows of %i: one accumulator', (n) => {
    const m = new Matrix(3, n, numbers(dtype, 3 * n, n + 3, 'ordinary'));
    const wanted = Array.from({ length: 3 }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < n; j++) sum = round(sum + m.data[i * n + j]);
      return sum;
    });
    expectSameBits(m.sum(1), arrayOf(dtype, wanted));
    expectSameBits(
      m.mean(1),
      arrayOf(dtype, wanted).map((sum) => sum / n),
    );
  });

  test('NaN and infinities go through', () => {
    const m = Matrix.from([
      [Number.NaN, 1],
      [2, Infinity],
    ]);
    expect([m.sum(), m.mean()]).toEqual([Number.NaN, Number.NaN]);
    expect(m.sum(0)).toEqual(Float64Array.of(Number.NaN, Infinity));
    expect(m.mean(1)).toEqual(Float64Array.of(Number.NaN, Infinity));
  });
});

test.each(fixture.argmax)('argmax as NumPy has it (%#)', ({ rows, all, ...along }) => {
  const m = Matrix.from(
    rows.map((row) => row.map((x) => (x === null ? Number.NaN : Number(x.replace('inf', 'Infinity'))))),
  );
  expect(m.argmax()).toBe(all);
  expect(m.argmax(0)).toEqual(Int32Array.from(along['over rows']));
  expect(m.argmax(1)).toEqual(Int32Array.from(along['over columns']));
  expect(ts.matrix(m).argmax(1)).toEqual(m.argmax(1));
});

test.each<[string, (m: Matrix) => unknown, new (message: string) => Error, string]>([
  ['row', (m) => m.row(2), ValueError, '"i" is 2, which is outside a 2x3 matrix'],
  ['col', (m) => m.col(-1), ValueError, '"j" is -1, which is outside a 2x3 matrix'],
  ['row', (m) => m.row(any('0')), ValueError, '"i" is "0", which is outside'],
  ['slice', (m) => m.slice(0.5), ValueError, '"from" must be an integer, got 0.5'],
  ['slice', (m) => m.slice(0, any('2')), ValueError, '"end" must be an integer, got "2"'],
  ['map', (m) => m.map(any(2)), ValueError, '"f" must be a function, got 2'],
  ['map', (m) => m.map(any(() => '1')), ValueError, '"f" must be a function that returns numbers, got "1" at [0][0]'],
  ['add', (m) => m.add(any('1')), ValueError, '"other" must be a Matrix'],
  ['add', (m) => m.add(any(undefined)), ValueError, '"other" must be a Matrix'],
  ['add', (m) => m.add([1, 2]), ShapeError, '"this" is 2x3 and "other" is 1x2: sizes must be equal, or 1'],
  ['sub', (m) => m.sub([[1], [2], [3]]), ShapeError, '"this" is 2x3 and "other" is 3x1: sizes must be equal, or 1'],
  ['multiply', (m) => m.multiply(Float32Array.of(1, 2, 3)), DtypeError, '"this" is f64 and "other" is f32'],
  ['scale', (m) => m.scale(any([[1]])), ValueError, '"alpha" must be a number, got an array of 1'],
  ['concat', (m) => m.concat([[1, 2]]), ShapeError, '"this" is 2x3 and "other" is 1x2: their numbers of columns'],
  ['concat', (m) => m.concat([1, 2, 3], 1), ShapeError, '"this" is 2x3 and "other" is (3): their numbers of rows'],
  [
    'concat',
    (m) => m.concat([[1]], any(2)),
    ValueError,
    '"axis" must be 0 (over the rows) or 1 (over the columns), got 2',
  ],
  ['concat', (m) => m.concat(new Float32Array(3)), DtypeError, 'dtypes must be equal'],
  ['sum', (m) => m.sum(any('0')), ValueError, '"axis" must be 0'],
  ['mean', (m) => m.mean(any(-1)), ValueError, '"axis" must be 0'],
  ['argmax', (m) => m.argmax(any(null)), ValueError, '"axis" must be 0'],
  ['argmax', () => Matrix.zeros(0, 2).argmax(), ValueError, 'a 0x2 matrix has no greatest element'],
  ['argmax', () => Matrix.zeros(0, 2).argmax(0), ValueError, 'a 0x2 matrix has no greatest element'],
  ['argmax', () => Matrix.zeros(2, 0).argmax(1), ValueError, 'a 2x0 matrix has no greatest element'],
])('%s refuses (%#)', (_, call, error, message) => {
  expect(() => call(matrix())).toThrow(error);
  expect(() => call(matrix())).toThrow(message);
  expect(Matrix.zeros(0, 2).argmax(1)).toEqual(new Int32Array(0));
});

/** Every method, with arguments that do. */
const CALLS: { [Name in keyof MatrixMethods]: (m: Matrix) => unknown } = {
  row: (m) => m.row(0),
  col: (m) => m.col(0),
  slice: (m) => m.slice(),
  map: (m) => m.map((x) => x),
  add: (m) => m.add(1),
  sub: (m) => m.sub(1),
  multiply: (m) => m.multiply(1),
  divide: (m) => m.divide(1),
  scale: (m) => m.scale(1),
  concat: (m) => m.concat([1, 2, 3]),
  sum: (m) => m.sum(),
  mean: (m) => m.mean(1),
  argmax: (m) => m.argmax(),
};

test.each(Object.entries(CALLS))('%s of what is disposed of, or detached, says so', (name, call) => {
  const resident = ts.matrix(matrix());
  call(resident);
  resident.dispose();
  expect(() => call(resident)).toThrow(DisposedError);
  const gone = matrix();
  structuredClone(gone.data, { transfer: [gone.data.buffer as ArrayBuffer] });
  if (name !== 'row') expect(() => call(gone)).toThrow('has a detached buffer');
});

test('what disposes of the matrix while arguments are read is seen', () => {
  const resident = ts.matrix(matrix());
  const other = {
    rows: 2,
    cols: 3,
    get data() {
      resident.dispose();
      return [1, 2, 3, 4, 5, 6];
    },
  };
  expect(() => resident.add(other)).toThrow(DisposedError);
});
