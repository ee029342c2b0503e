// Every public function gives the same bits from bitgrad/wasm and bitgrad/ts, wherever its operands lie.

import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { Dtype } from '../../src/kernels/contract.js';
import { Matrix } from '../../src/matrix/matrix.js';
import type { TypedArray } from '../../src/matrix/operand.js';
import * as ts from '../../src/ts.js';
import * as wasm from '../../src/wasm.js';
import { dtypes, expectSameBits } from '../support/backends.js';
import { property } from '../support/long.js';
import { mixes, numbers, seeds } from '../support/values.js';

type Entry = typeof wasm | typeof ts;
type Result = number | TypedArray | Matrix;

function dataOf(result: Result, dtype: Dtype): TypedArray {
  if (typeof result === 'number') return Float64Array.of(result);
  const data = result instanceof Matrix ? result.data : result;
  expect(data).toBeInstanceOf(dtype === 'f64' ? Float64Array : Float32Array);
  return data;
}

/** Calls a function of both entries and compares all its results. */
function compare(dtype: Dtype, call: (entry: Entry, place: Place) => Result[]): void {
  const [first, second] = [wasm, ts].map((entry) => {
    const resident: { dispose(): void }[] = [];
    const place: Place = (matrix, where) => {
      if (where === 'copied') return matrix;
      const placed = entry.matrix(matrix);
      resident.push(placed);
      return placed;
    };
    const results = call(entry, place).map((result) => dataOf(result, dtype).slice());
    for (const each of resident) each.dispose();
    return results;
  });
  expect(first.length).toBeGreaterThan(0);
  expect(first.length).toBe(second.length);
  for (const [i, data] of first.entries()) expectSameBits(data, second[i]);
}

/** A matrix as the caller has it, or in the engine's own memory. */
type Place = (matrix: Matrix, where: 'copied' | 'resident') => Matrix;
const wheres = fc.constantFrom('copied' as const, 'resident' as const);

const small = fc.nat(70);
/** Vectors over several blocks of 4,096, and over the row tiles of marshal.ts. */
const long = fc.oneof(
  { weight: 9, arbitrary: small },
  { weight: 1, arbitrary: fc.constantFrom(4095, 4096, 4097, 8193, 16384, 3 * 16384 + 5, 100001) },
);
const rows = fc.oneof({ weight: 12, arbitrary: small }, { weight: 1, arbitrary: fc.constantFrom(255, 256, 257, 700) });
const base = { mix: mixes, seed: seeds };

describe.each(dtypes)('%s', (dtype) => {
  const matrix = (rows: number, cols: number, seed: number, mix: Parameters<typeof numbers>[3]) =>
    new Matrix(rows, cols, numbers(dtype, rows * cols, seed, mix));

  for (const name of ['sigmoid', 'sigmoidDerivative'] as const) {
    const cases = fc.record({ n: long, cols: fc.nat(9), where: wheres, ...base });
    property(`${name} of a vector, a matrix and a number`, 0.02, cases, ({ n, cols, where, mix, seed }) => {
      const x = numbers(dtype, n, seed, mix);
      const wide = matrix(Math.min(n, 700), cols, seed, mix);
      compare(dtype, (entry, place) => [entry[name](x), entry[name](place(wide, where))]);
      compare('f64', (entry) => [entry[name](x[0] ?? -0)]);
    });
  }

  const pairs = fc.record({ n: long, cols: fc.nat(9), whereA: wheres, whereB: wheres, ...base });
  property('mseLoss and dot of vectors', 0.04, pairs, ({ n, seed, mix }) => {
    const x = numbers(dtype, n, seed, mix);
    const y = numbers(dtype, n, seed + 1, mix);
    compare(dtype, ({ dot, mseLoss }) => [dot(x, y), mseLoss(x, y)]);
  });
  property('mseLoss and axpy of matrices', 0.04, pairs, ({ n, cols, whereA, whereB, seed, mix }) => {
    const x = matrix(n, cols, seed, mix);
    const y = matrix(n, cols, seed + 1, mix);
    const [alpha] = numbers('f64', 1, seed + 2, mix);
    compare(dtype, (entry, place) => {
      const sum = place(Matrix.from(y), whereB);
      return [entry.mseLoss(place(x, whereA), sum), entry.axpy(alpha, place(x, whereA), sum)];
    });
  });

  const products = fc.record({ m: rows, n: small, k: small, whereA: wheres, whereB: wheres, ...base });
  property('dot with a matrix', 0.05, products, ({ m, n, k, whereA, whereB, seed, mix }) => {
    const a = matrix(m, k, seed, mix);
    const b = matrix(k, n, seed + 1, mix);
    const x = numbers(dtype, k, seed + 2, mix);
    compare(dtype, ({ dot }, place) => [
      dot(place(a, whereA), x),
      dot(x, place(b, whereB)),
      dot(place(a, whereA), place(b, whereB)),
    ]);
  });
  const transposed = fc.tuple(products, fc.boolean(), fc.boolean());
  property('matmul', 0.06, transposed, ([{ m, n, k, whereA, whereB, seed, mix }, transposeA, transposeB]) => {
    const a = transposeA ? matrix(k, m, seed, mix) : matrix(m, k, seed, mix);
    const b = transposeB ? matrix(n, k, seed + 1, mix) : matrix(k, n, seed + 1, mix);
    compare(dtype, ({ matmul }, place) => [matmul(place(a, whereA), place(b, whereB), { transposeA, transposeB })]);
  });

  const networks = fc.record({
    n: rows,
    sizes: fc.tuple(small, small, small),
    whereX: wheres,
    whereW: wheres,
    ...base,
  });
  property('forwardAndBackward', 0.08, networks, ({ n, sizes, whereX, whereW, seed, mix }) => {
    const [inputs, hidden, outputs] = sizes;
    const X = matrix(n, inputs, seed, mix);
    const y = matrix(n, outputs, seed + 1, mix);
    const W1 = matrix(inputs, hidden, seed + 2, 'ordinary');
    const W2 = matrix(hidden, outputs, seed + 3, mix);
    compare(dtype, (entry, place) => {
      const result = entry.forwardAndBackward(place(X, whereX), place(y, whereX), place(W1, whereW), place(W2, whereW));
      return [result.output, result.outputGradient, result.hiddenGradient];
    });
  });
});
