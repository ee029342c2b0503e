// Matrices and the shapes and dtypes that functions take and give: NumPy's rules, over both backends.

import { inspect } from 'node:util';
import { Matrix as MlMatrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { type Dtype, Matrix } from '../../src/common.js';
import * as tsApi from '../../src/ts.js';
import * as wasmApi from '../../src/wasm.js';

const rowsOf = (value: unknown): number[][] => (value as Matrix).toArray();

describe('Matrix', () => {
  test('the constructor wraps, from copies', () => {
    const data = Float64Array.of(1, 2, 3, 4, 5, 6);
    const wrapped = new Matrix(2, 3, data);
    const copied = Matrix.from(wrapped);
    data[4] = 50;
    expect(wrapped.data).toBe(data);
    expect(wrapped.get(1, 1)).toBe(50);
    expect(copied.get(1, 1)).toBe(5);
    wrapped.set(0, 0, -0).set(0, 1, NaN);
    expect(data.subarray(0, 2)).toEqual(Float64Array.of(-0, NaN));
  });

  test('from takes rows, a flat array with a shape, and { rows, cols, data }', () => {
    const rows = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const flat = [1, 2, 3, 4, 5, 6];
    const all = [
      Matrix.from(rows),
      Matrix.from(rows.map((row) => Float64Array.from(row))),
      Matrix.from(flat, [2, 3]),
      Matrix.from(Float64Array.from(flat), [2, 3]),
      Matrix.from({ rows: 2, cols: 3, data: flat }),
      Matrix.from({ rows: 2, cols: 3, data: Float64Array.from(flat) }),
    ];
    for (const matrix of all) {
      expect(matrix).toBeInstanceOf(Matrix);
      expect([matrix.rows, matrix.cols, matrix.shape, matrix.dtype]).toEqual([2, 3, [2, 3], 'f64']);
      expect(matrix.toArray()).toEqual(rows);
    }
  });

  test("dtype: the option's, else the data's, else f64", () => {
    const single = Float32Array.of(0.1, 0.2);
    expect(Matrix.from(single, [1, 2]).dtype).toBe('f32');
    expect(Matrix.from(single, [1, 2], { dtype: 'f64' }).toArray()).toEqual([[Math.fround(0.1), Math.fround(0.2)]]);
    expect(Matrix.from([[0.1]], { dtype: 'f32' }).toArray()).toEqual([[Math.fround(0.1)]]);
    expect(Matrix.zeros(2, 2, { dtype: 'f32' }).data).toEqual(new Float32Array(4));
    expect(Matrix.zeros(1, 3).data).toEqual(new Float64Array(3));
  });

  test('toArray and transpose copy; iteration gives live rows', () => {
    const matrix = Matrix.from([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const transposed = matrix.transpose();
    const [, second] = matrix;
    second[0] = 40;
    expect(matrix.get(1, 0)).toBe(40);
    expect(transposed.toArray()).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(transposed.transpose().shape).toEqual([2, 3]);
    expect(Matrix.zeros(0, 3).transpose().shape).toEqual([3, 0]);
  });

  test('prints itself readably, and large ones in part', () => {
    const small = Matrix.from([
      [1, -0.5],
      [NaN, 3],
    ]);
    expect(inspect(small)).toBe('Matrix 2x2 f64 [\n  [1, -0.5]\n  [NaN, 3]\n]');
    expect(String(small)).toBe(inspect(small));
    const lines = inspect(Matrix.zeros(1000, 1000, { dtype: 'f32' })).split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[0]).toBe('Matrix 1000x1000 f32 [');
    expect(lines[1]).toBe('  [0, 0, 0, 0, 0, 0, 0, 0, ...]');
    expect(lines[9]).toBe('  ...');
    expect(inspect(Matrix.zeros(0, 3))).toBe('Matrix 0x3 f64 [\n]');
  });
});

describe.each([
  ['wasm', wasmApi],
  ['ts', tsApi],
])('%s', (_, api) => {
  const { dot, matmul, sigmoid } = api;
  const A = [
    [1, 2, 3],
    [4, 5, 6],
  ];

  test('dot: ranks as in NumPy', () => {
    expect(dot([1, 2, 3], [4, 5, 6])).toBe(32);
    expect(dot(A, [1, 0, 2])).toEqual(Float64Array.of(7, 16));
    expect(dot([1, 2], A)).toEqual(Float64Array.of(9, 12, 15));
    expect(rowsOf(dot(A, [[1], [0], [2]]))).toEqual([[7], [16]]);
    expect(rowsOf(dot([[1, 2]], A))).toEqual([[9, 12, 15]]);
  });

  test('matmul: all four transposes', () => {
    const a = Matrix.from(A);
    const b = Matrix.from([
      [7, 8],
      [9, 10],
      [11, 12],
    ]);
    const product = [
      [58, 64],
      [139, 154],
    ];
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const left = transposeA ? a.transpose() : a;
        const right = transposeB ? b.transpose() : b;
        expect(matmul(left, right, { transposeA, transposeB }).toArray()).toEqual(product);
        const out = Matrix.zeros(2, 2);
        expect(api.matmulInto(left, right, out, { transposeA, transposeB })).toBe(out);
        expect(out.toArray()).toEqual(product);
      }
    }
  });

  test("plain numbers adopt the dtype beside them, and the engine's among themselves", () => {
    const single = Float32Array.of(0.1, 0.7);
    const column = { rows: 2, cols: 1, data: single };
    expect((dot([[0.3, 0.5]], column) as Matrix).dtype).toBe('f32');
    expect(dot([[0.3, 0.5]], single)).toBeInstanceOf(Float32Array);
    expect(dot([0.3, 0.5], Float64Array.of(1, 1))).toBe(0.8);
    expect(dot([0.3, 0.5], Float32Array.of(1, 1))).toBe(Math.fround(Math.fround(0.3) + 0.5));
    expect(sigmoid([[0.1]]).dtype).toBe('f64');

    const engine = api.createEngine({ dtype: 'f32' });
    expect(engine.dtype).toBe('f32');
    expect(engine.sigmoid([[0.1]]).dtype).toBe('f32');
    expect(engine.sigmoid([0.1])).toBeInstanceOf(Float32Array);
    expect(engine.sigmoid(0.1)).toBe(Math.fround(engine.sigmoid(0.1)));
    expect(engine.zeros(1, 1).dtype).toBe('f32');
    expect(engine.matrix([[1]]).dtype).toBe('f32');
    expect(engine.sigmoid(Float64Array.of(0.1))).toBeInstanceOf(Float64Array);
    expect(engine.forwardAndBackward([[1]], [[1]], [[1]], [[1]]).hiddenGradient.dtype).toBe('f32');
    const out = { output: zeros('f64', 1, 1), outputGradient: zeros('f64', 1, 1), hiddenGradient: zeros('f64', 1, 1) };
    engine.forwardAndBackwardInto([[1]], [[1]], [[1]], [[1]], out);
    expect(out.output.get(0, 0)).not.toBe(Math.fround(out.output.get(0, 0)));
  });

  test('a vector in gives a vector of the same type, a number a number, a matrix a Matrix', () => {
    for (const x of [Float64Array.of(0, 0), Float32Array.of(0, 0)]) {
      const result = sigmoid(x);
      expect(result).toEqual((x.constructor as Float64ArrayConstructor).of(0.5, 0.5));
      expect(result).not.toBe(x);
      expect(api.sigmoidDerivative(result)).toEqual((x.constructor as Float64ArrayConstructor).of(0.25, 0.25));
    }
    expect(sigmoid(0)).toBe(0.5);
    expect(sigmoid([0])).toEqual(Float64Array.of(0.5));
    expect(sigmoid([[0]])).toBeInstanceOf(Matrix);
  });

  test('sigmoidInto works in place and elsewhere, and returns out', () => {
    const x = Float64Array.of(0, 1);
    const expected = sigmoid(x);
    const elsewhere = new Float64Array(2);
    expect(api.sigmoidInto(x, elsewhere)).toBe(elsewhere);
    expect(elsewhere).toEqual(expected);
    expect(api.sigmoidInto(x, x)).toBe(x);
    expect(x).toEqual(expected);
    const matrix = Matrix.from([[0.25, 0.5]]);
    expect(api.sigmoidDerivativeInto(matrix, matrix)).toBe(matrix);
    expect(matrix.toArray()).toEqual([[0.1875, 0.25]]);
    const y = Matrix.from([[1, 2]]);
    expect(api.axpy(10, [[3, 4]], y)).toBe(y);
    expect(y.toArray()).toEqual([[31, 42]]);
    const out = { rows: 1, cols: 1, data: new Float32Array(1) };
    expect(api.dotInto([[2]], [[3]], out)).toBe(out);
    expect(out.data[0]).toBe(6);
  });

  test("takes other libraries' matrices by their fields", () => {
    const m = new MlMatrix(A);
    expect(sigmoid({ rows: m.rows, cols: m.columns, data: m.to1DArray() }).toArray()).toEqual(sigmoid(A).toArray());
    const nd = { shape: [2, 3], stride: [3, 1], offset: 0, data: Float32Array.from(A.flat()) };
    const result = matmul({ rows: nd.shape[0], cols: nd.shape[1], data: nd.data }, [[1], [1], [1]]);
    expect(result.dtype).toBe('f32');
    expect(result.toArray()).toEqual([[6], [15]]);
  });

  test('sizes of 0, as NumPy defines them', () => {
    const of = (rows: number, cols: number) => Matrix.zeros(rows, cols);
    expect(rowsOf(matmul(of(2, 0), of(0, 3)))).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(matmul(of(0, 2), of(2, 3)).shape).toEqual([0, 3]);
    expect(matmul(of(3, 2), of(2, 0)).shape).toEqual([3, 0]);
    expect(matmul(of(0, 3), of(0, 2), { transposeA: true }).toArray()).toEqual(of(3, 2).toArray());
    expect(dot([], [])).toBe(0);
    expect(dot(of(2, 0), [])).toEqual(Float64Array.of(0, 0));
    expect(dot([], of(0, 2))).toEqual(Float64Array.of(0, 0));
    expect(api.mseLoss([], [])).toBeNaN();
    expect(api.mseLoss(of(0, 3), of(0, 3))).toBeNaN();
    expect(sigmoid(of(0, 3)).shape).toEqual([0, 3]);
    expect(sigmoid(of(3, 0)).shape).toEqual([3, 0]);
    expect(sigmoid([])).toEqual(new Float64Array(0));
    expect(api.sigmoidDerivative(of(0, 0)).shape).toEqual([0, 0]);
    expect(api.axpy(1, of(0, 3), of(0, 3)).shape).toEqual([0, 3]);
    const out = of(2, 2);
    out.data.fill(7);
    expect(api.matmulInto(of(2, 0), of(0, 2), out).toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  const network = (rows: number, inputs: number, hidden: number, outputs: number) =>
    [
      zeros('f64', rows, inputs),
      zeros('f64', rows, outputs),
      zeros('f64', inputs, hidden),
      zeros('f64', hidden, outputs),
    ] as const;

  test.each([
    ['rows', [0, 2, 3, 1]],
    ['inputs', [4, 0, 3, 1]],
    ['hidden units', [4, 2, 0, 1]],
    ['outputs', [4, 2, 3, 0]],
  ] as const)('forwardAndBackward without %s', (_what, [rows, inputs, hidden, outputs]) => {
    const { output, outputGradient, hiddenGradient } = api.forwardAndBackward(
      ...network(rows, inputs, hidden, outputs),
    );
    // All weights are 0, so what there is of the output is sigmoid(0), of its gradient (0 - 1/2) / 4.
    expect(output.toArray()).toEqual(filled(rows, outputs, 0.5));
    expect(outputGradient.toArray()).toEqual(filled(rows, outputs, -0.125));
    expect(hiddenGradient.toArray().flat().map(Math.abs)).toEqual(new Array(rows * hidden).fill(0));
    expect(hiddenGradient.shape).toEqual([rows, hidden]);
    const out = {
      output: zeros('f64', rows, outputs),
      outputGradient: zeros('f64', rows, outputs),
      hiddenGradient: zeros('f64', rows, hidden),
    };
    expect(api.forwardAndBackwardInto(...network(rows, inputs, hidden, outputs), out)).toBe(out);
    expect(out.outputGradient.toArray()).toEqual(filled(rows, outputs, -0.125));
  });
});

function zeros(dtype: Dtype, rows: number, cols: number): Matrix {
  return Matrix.zeros(rows, cols, { dtype });
}

function filled(rows: number, cols: number, value: number): number[][] {
  return Array.from({ length: rows }, () => new Array<number>(cols).fill(value));
}
