// SparseMatrix: what it is made of, what it refuses, what comes out of it.

import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { trainTestSplit } from '../../src/data/splits.js';
import { takeRows } from '../../src/matrix/copies.js';
import { Matrix } from '../../src/matrix/matrix.js';
import { SparseMatrix } from '../../src/matrix/sparse.js';
import { random } from '../../src/random/random.js';
import { engine } from '../../src/wasm.js';

const CSR = { rows: 3, cols: 4, indptr: [0, 2, 2, 4], indices: [0, 3, 1, 2], data: [1, 2, 3, 4] };
const DENSE = [
  [1, 0, 0, 2],
  [0, 0, 0, 0],
  [0, 3, 4, 0],
];

describe('what it is made of', () => {
  test('compressed rows, as scipy has them', () => {
    const X = new SparseMatrix(CSR);
    expect(X.toDense().toArray()).toEqual(DENSE);
    expect([X.rows, X.cols, X.nnz, X.dtype, X.shape, X.density]).toEqual([3, 4, 4, 'f64', [3, 4], 1 / 3]);
    expect([X.get(0, 3), X.get(1, 1), X.get(2, 1)]).toEqual([2, 0, 3]);
    const { indptr, indices, data } = X.toCSR();
    expect([indptr, indices, data]).toEqual([
      Int32Array.from(CSR.indptr),
      Int32Array.from(CSR.indices),
      Float64Array.from(CSR.data),
    ]);
    expect(new SparseMatrix({ ...CSR, data: Float32Array.from(CSR.data) }).dtype).toBe('f32');
    expect(new SparseMatrix({ ...CSR, indices: Uint16Array.from(CSR.indices) }, { dtype: 'f32' }).dtype).toBe('f32');
  });

  test('what becomes of the arrays afterwards changes nothing', () => {
    const given = { ...CSR, indices: Int32Array.from(CSR.indices), data: Float64Array.from(CSR.data) };
    const X = new SparseMatrix(given);
    given.indices.fill(99);
    given.data.fill(Number.NaN);
    const out = X.toCSR();
    out.indices.fill(7);
    out.data.fill(8);
    expect(X.toDense().toArray()).toEqual(DENSE);
    expect(() => Object.assign(X, { rows: 9 })).toThrow(TypeError);
  });

  test('a dense matrix, single numbers, compressed columns', () => {
    expect(SparseMatrix.fromDense(DENSE).toCSR()).toEqual(new SparseMatrix(CSR).toCSR());
    expect(SparseMatrix.fromDense(Matrix.from(DENSE, { dtype: 'f32' })).dtype).toBe('f32');
    const entries = [
      [2, 2, 4],
      [0, 3, 2],
      [2, 1, 3],
      [0, 0, 1],
    ] as const;
    expect(SparseMatrix.fromEntries(3, 4, entries).toCSR()).toEqual(new SparseMatrix(CSR).toCSR());
    const csc = { rows: 3, cols: 4, indptr: [0, 1, 2, 3, 4], indices: [0, 2, 2, 0], data: [1, 3, 4, 2] };
    expect(SparseMatrix.fromCSC(csc).toCSR()).toEqual(new SparseMatrix(CSR).toCSR());
    const nan = SparseMatrix.fromDense([[Number.NaN, -0, 0]]);
    expect([nan.nnz, nan.get(0, 0)]).toEqual([1, Number.NaN]);
  });

  test('rows whose columns do not ascend are sorted; numbers in one place are added in their order, or refused', () => {
    const shuffled = { rows: 1, cols: 9, indptr: [0, 5], indices: [5, 2, 5, 8, 5], data: [1e16, 7, 1, 3, -1e16] };
    expect(new SparseMatrix(shuffled).toCSR()).toEqual({
      rows: 1,
      cols: 9,
      indptr: Int32Array.of(0, 3),
      indices: Int32Array.of(2, 5, 8),
      data: Float64Array.of(7, 1e16 + 1 - 1e16, 3),
    });
    const refuse = { duplicates: 'refuse' } as const;
    expect(() => new SparseMatrix(shuffled, refuse)).toThrow('row 0 has two numbers in column 5');
    expect(new SparseMatrix(CSR, refuse).nnz).toBe(4);
    const twice = [
      [0, 1, 2],
      [0, 1, 3],
    ] as const;
    expect(SparseMatrix.fromEntries(1, 2, twice).toDense().toArray()).toEqual([[0, 5]]);
    expect(() => SparseMatrix.fromEntries(1, 2, twice, refuse)).toThrow('row 0 has two numbers in column 1');
  });

  test('random ones come back as they were', () => {
    const rng = random(1);
    for (let n = 0; n < 50; n++) {
      const [rows, cols] = [rng.rand(), rng.rand()].map((u) => 1 + Math.floor(8 * u));
      const dense = Array.from({ length: rows }, () =>
        Array.from({ length: cols }, () => (rng.rand() < 0.3 ? rng.rand() : 0)),
      );
      const X = SparseMatrix.fromDense(dense);
      expect(X.toDense().toArray()).toEqual(dense);
      const entries = dense.flatMap((row, i) => row.map((value, j) => [i, j, value] as const));
      const order = Array.from(rng.permutation(entries.length), (e) => entries[e]);
      expect(SparseMatrix.fromEntries(rows, cols, order).toDense().toArray()).toEqual(dense);
    }
  });

  test('nothing, and rows of nothing', () => {
    expect(new SparseMatrix({ rows: 0, cols: 3, indptr: [0], indices: [], data: [] }).toDense().shape).toEqual([0, 3]);
    expect(SparseMatrix.fromEntries(2, 3, []).toDense().toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });
});

describe('what comes out of it', () => {
  const X = new SparseMatrix(CSR);

  test('slice and take copy rows', () => {
    expect(X.slice(1).toDense().toArray()).toEqual(DENSE.slice(1));
    expect(X.slice(-1).toDense().toArray()).toEqual(DENSE.slice(-1));
    expect(X.slice(0, -2).toDense().toArray()).toEqual(DENSE.slice(0, -2));
    expect(X.slice(2, 1).shape).toEqual([0, 4]);
    expect(X.slice(1, Infinity).rows).toBe(2);
    expect(X.take([2, 0, 2]).toDense().toArray()).toEqual([DENSE[2], DENSE[0], DENSE[2]]);
    expect(() => X.take([3])).toThrow('"rows"[0] must be an integer from 0 to 2, got 3');
  });

  test('map changes what is stored', () => {
    const changed = X.map((value, row, col) => 100 * value + 10 * row + col);
    expect(changed.toDense().toArray()).toEqual([
      [100, 0, 0, 203],
      [0, 0, 0, 0],
      [0, 321, 422, 0],
    ]);
    expect(() => X.map(() => '' as never)).toThrow('"change" must return a number, got ""');
  });

  test('rows that splits and takeRows choose are sparse ones', () => {
    expect(takeRows(X, [2]).toDense().toArray()).toEqual([DENSE[2]]);
    const { XTrain, XTest } = trainTestSplit(X, [1, 2, 3], { testSize: 1, randomState: 1 });
    expect([XTrain, XTest].map((part) => [part instanceof SparseMatrix, part.rows])).toEqual([
      [true, 2],
      [true, 1],
    ]);
  });

  test('what console.log shows', () => {
    expect(inspect(X)).toBe('SparseMatrix(3x4, f64, 4 stored)');
  });

  test('JSON has what the constructor takes', () => {
    const single = new SparseMatrix(CSR, { dtype: 'f32' });
    const json = JSON.parse(JSON.stringify(single));
    expect(new SparseMatrix(json, { dtype: json.dtype }).toCSR()).toEqual(single.toCSR());
    const wild = JSON.parse(JSON.stringify(SparseMatrix.fromDense([[Number.NaN]])));
    expect(() => new SparseMatrix(wild)).toThrow('"data"[0] must be a number, got null');
  });

  test('few numbers of very many columns, in any order', () => {
    const cols = 2 ** 31 - 1;
    const wide = new SparseMatrix({
      rows: 2,
      cols,
      indptr: [0, 3, 3],
      indices: [cols - 1, 3, cols - 1],
      data: [1, 2, 3],
    });
    expect(wide.toCSR().indices).toEqual(Int32Array.of(3, cols - 1));
    expect([wide.get(0, 3), wide.get(0, cols - 1), wide.get(1, 3)]).toEqual([2, 4, 0]);
  });

  test('a clone is refused, which would have no numbers', () => {
    expect(() => structuredClone(X)).toThrow(/a SparseMatrix is not cloned: send toCSR\(\)/);
    expect(new SparseMatrix(structuredClone(X.toCSR())).toCSR()).toEqual(X.toCSR());
  });
});

const make = (change: object) => () => new SparseMatrix({ ...CSR, ...change } as never);

test.each([
  [make({ rows: -1 }), '"rows" must be a non-negative integer, got -1'],
  [make({ cols: 2 ** 31 }), '"cols" must be an integer from 0 to 2147483647, got 2147483648'],
  [make({ rows: 2 }), '"indptr" has 4 elements, but must have 3'],
  [make({ indptr: [1, 2, 2, 4] }), '"indptr"[0] must be 0, got 1'],
  [make({ indptr: [0, 3, 2, 4] }), '"indptr" must ascend, but [2] is 2 after 3'],
  [make({ indptr: [0, 2, 2, 3] }), '"indptr" ends with 3, but "indices" has 4 elements'],
  [make({ indptr: [0, 2, 2, 5] }), '"indptr" ends with 5, but "indices" has 4 elements'],
  [make({ indptr: 'no' }), '"indptr" must be an array of integers, got "no"'],
  [make({ indices: [0, 3, 4, 2] }), '"indices"[2] must be an integer from 0 to 3, got 4'],
  [make({ indices: [0, -1, 1, 2] }), '"indices"[1] must be an integer from 0 to 3, got -1'],
  [make({ indices: [0, 1.5, 1, 2] }), '"indices"[1] must be an integer from 0 to 3, got 1.5'],
  [make({ indices: [0, 3, 1] }), '"indices" has 3 elements and "data" 4: they must be as many'],
  [make({ data: [1, 2, 3, '4'] }), '"data"[3] must be a number, got "4"'],
  [make({ data: undefined }), '"data" must be an array of numbers, got undefined'],
  [make({ rows: 1, cols: 0, indptr: [0, 1], indices: [0], data: [5] }), '"indices"[0] must be empty'],
  [
    () => SparseMatrix.fromCSC({ rows: 0, cols: 1, indptr: [0, 1], indices: [0], data: [5] }),
    '"indices"[0] must be empty',
  ],
  [() => SparseMatrix.fromEntries(0, 5, []).take([0]), '"rows"[0] must be empty'],
  [() => new SparseMatrix(new SparseMatrix(CSR) as never), 'pass its toCSR()'],
  [() => new SparseMatrix(CSR).map(3 as never), '"change" must be a function, got 3'],
  [() => new SparseMatrix(null as never), '"csr" must be { rows, cols, indptr, indices, data }, got null'],
  [() => new SparseMatrix(CSR, { duplicate: 'sum' } as never), /duplicate/],
  [() => new SparseMatrix(CSR, { duplicates: 'last' as never }), '"duplicates" must be one of'],
  [() => new SparseMatrix(CSR, { dtype: 'f16' as never }), '"dtype" must be "f64" or "f32", got "f16"'],
  [() => SparseMatrix.fromEntries(1, 1, [[0, 1, 1]]), '"entries[0]"[1] must be an integer from 0 to 0, got 1'],
  [() => SparseMatrix.fromEntries(1, 1, [[0, 0]] as never), '"entries[0]" must be [row, column, number]'],
  [() => SparseMatrix.fromEntries(1, 1, 7 as never), '"entries" must be an iterable of entries, got 7'],
  [
    () => SparseMatrix.fromCSC({ ...CSR, indices: [0, 1, 2, 0], indptr: [0, 4] }),
    '"indptr" has 2 elements, but must have 5',
  ],
  [() => SparseMatrix.fromDense(new SparseMatrix(CSR) as never), /toDense\(\)/],
  [() => engine.matmul(new SparseMatrix(CSR) as never, DENSE), /"a".*pass its toDense\(\)/],
  [() => new SparseMatrix(CSR).get(3, 0), '"i" must be an integer from 0 to 2, got 3'],
])('refused: %s', (call, message) => {
  expect(call).toThrow(message);
});
