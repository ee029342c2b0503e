// Arguments that are refused: by which error and in which words.

import { describe, expect, test } from 'vitest';
import { DtypeError, Matrix, ShapeError, ValueError } from '../../src/common.js';
import * as tsApi from '../../src/ts.js';
import * as wasmApi from '../../src/wasm.js';

type Api = typeof wasmApi | typeof tsApi;
type Case = [what: string, call: (api: Api) => unknown, error: new (message: string) => Error, message: string];

/** Runtime values that the types refuse. */
// biome-ignore lint/suspicious/noExplicitAny: what JavaScript callers may pass
const any = (value: unknown): any => value;

function detached(array = new Float64Array(4)): Float64Array {
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

function shared(...numbers: number[]): Float64Array {
  const array = new Float64Array(new SharedArrayBuffer(numbers.length * 8));
  array.set(numbers);
  return array;
}

const holed: number[][] = [[1], [2], [3]];
delete holed[1];

const arguments_: Case[] = [
  [
    'undefined',
    (api) => api.sigmoid(any(undefined)),
    ValueError,
    '"x" must be a Matrix, an array of rows or { rows, co',
  ],
  ['null', (api) => api.dot(any(null), [1]), ValueError, '"a" must be a Matrix'],
  ['a missing argument', (api) => any(api.mseLoss)([1]), ValueError, '"yPred" must be a Matrix'],
  ['a string', (api) => api.sigmoid(any('0.5')), ValueError, 'got "0.5"'],
  ['a BigInt', (api) => api.sigmoid(any(1n)), ValueError, 'got 1n (a BigInt)'],
  ['an object', (api) => api.sigmoid(any({ rows: 1, cols: 1 })), ValueError, 'got an object'],
  [
    'no rows at all',
    (api) => api.matmul([], [[1]]),
    ShapeError,
    '"a" must be 2-D (an array of rows), got a 1-D array of 0',
  ],
  ['a vector for a matrix', (api) => api.matmul([[1]], any([1])), ShapeError, '"b" must be 2-D'],
  [
    'a typed vector for a matrix',
    (api) => api.matmul([[1]], any(Float64Array.of(1))),
    ShapeError,
    'got a Float64Array',
  ],
  ['ragged rows', (api) => api.sigmoid([[1, 2], [3]]), ShapeError, '"x" is ragged: row 0 has 2 elements, row 1 has 1'],
  ['a hole among rows', (api) => api.sigmoid(holed), ValueError, '"x"[1] must be an array of numbers, got undefined'],
  [
    'a hole among numbers',
    (api) => api.sigmoid(new Array<number>(2)),
    ValueError,
    '"x"[0] must be a number, got undefined',
  ],
  ['a string among numbers', (api) => api.sigmoid([[1, any('2')]]), ValueError, '"x"[0][1] must be a number, got "2"'],
  [
    'a BigInt among numbers',
    (api) => api.dot([1, any(2n)], [1, 1]),
    ValueError,
    '"a"[1] must be a number, got 2n (a BigInt)',
  ],
  ['null among numbers', (api) => api.sigmoid(any([null])), ValueError, '"x"[0] must be a number, got null'],
  ['a number among rows', (api) => api.sigmoid(any([[1], 2])), ValueError, '"x"[1] must be an array of numbers, got 2'],
  ['NaN rows', () => Matrix.zeros(NaN, 1), ValueError, '"rows" must be a non-negative integer, got NaN'],
  ['half a column', (api) => api.zeros(1, 0.5), ValueError, '"cols" must be a non-negative integer, got 0.5'],
  ['NaN resident rows', (api) => api.zeros(NaN, 2), ValueError, '"rows" must be a non-negative integer, got NaN'],
  ['rows as a string', (api) => api.zeros(any('2'), 2), ValueError, '"rows" must be a non-negative integer, got "2"'],
  [
    'negative rows',
    (api) => api.sigmoid({ rows: -1, cols: 1, data: [] }),
    ValueError,
    '"x.rows" must be a non-negative',
  ],
  [
    'too few elements',
    () => new Matrix(2, 2, new Float64Array(3)),
    ShapeError,
    '"data" has 3 elements, but 2x2 needs 4',
  ],
  ['an element outside', () => Matrix.zeros(2, 2).get(2, 0), ValueError, '[2, 0] is outside a 2x2 matrix'],
  ['setting no number', () => Matrix.zeros(1, 1).set(0, 0, any('1')), ValueError, '"value" must be a number, got "1"'],
  [
    'alpha no number',
    (api) => api.axpy(any('1'), [[1]], Matrix.zeros(1, 1)),
    ValueError,
    '"alpha" must be a number, got "1"',
  ],
  [
    'an Int32Array',
    (api) => api.sigmoid(any(Int32Array.of(1))),
    DtypeError,
    '"x" must hold Float64Array, Float32Array, Uint8Array or Uint8ClampedArray data, got a Int32Array',
  ],
  [
    'a DataView',
    (api) => api.sigmoid({ rows: 1, cols: 1, data: any(new DataView(new ArrayBuffer(8))) }),
    DtypeError,
    'got a DataView',
  ],
  ['an Int32Array to wrap', () => new Matrix(1, 1, any(Int32Array.of(1))), DtypeError, 'got a Int32Array'],
  [
    'an unknown dtype',
    () => Matrix.zeros(1, 1, { dtype: any('f16') }),
    DtypeError,
    '"dtype" must be "f64" or "f32", got "f16"',
  ],
  ['two dtypes', (api) => api.dot(Float64Array.of(1), Float32Array.of(1)), DtypeError, '"a" is f64 and "b" is f32'],
  ['unequal vectors', (api) => api.dot([1, 2], [1, 2, 3]), ShapeError, '"a" is (2) and "b" is (3)'],
  [
    'inner sizes',
    (api) => api.matmul([[1, 2]], [[1, 2]]),
    ShapeError,
    '"a" is 1x2 and "b" is 1x2: inner sizes 2 and 1 must be',
  ],
  ['a vector and a column', (api) => api.mseLoss([1], [[1]]), ShapeError, '"yTrue" is (1) and "yPred" is 1x1'],
  [
    'transposed inner sizes',
    (api) => api.matmul([[1, 2]], [[1, 2]], { transposeA: true, transposeB: true }),
    ShapeError,
    '"a" is 1x2 (transposed) and "b" is 1x2 (transposed): inner sizes 1 and 2 must be equal',
  ],
  [
    'inputs against W1',
    (api) => api.forwardAndBackward([[1, 2]], [[1]], [[1]], [[1]]),
    ShapeError,
    '"X" is 1x2 and "weightsInputHidden" is 1x1: the numbers of inputs, 2 and 1, must be equal',
  ],
  [
    'W1 against W2',
    (api) => api.forwardAndBackward([[1]], [[1]], [[1, 2]], [[1]]),
    ShapeError,
    '"weightsInputHidden" is 1x2 and "weightsHiddenOutput" is 1x1: the sizes of the hidden layer, 2 and 1',
  ],
  [
    'X against y',
    (api) => api.forwardAndBackward([[1]], [[1], [2]], [[1]], [[1]]),
    ShapeError,
    '"X" is 1x1 and "y" is 2x1',
  ],
  [
    'W2 against y',
    (api) => api.forwardAndBackward([[1]], [[1, 2]], [[1]], [[1]]),
    ShapeError,
    '"weightsHiddenOutput" is 1x1',
  ],
  ['a detached vector', (api) => api.sigmoid(detached()), ValueError, '"x" has a detached buffer'],
  [
    'a detached matrix',
    (api) => api.sigmoid({ rows: 2, cols: 2, data: detached() }),
    ValueError,
    '"x" has a detached buffer',
  ],
  [
    'an unknown option of matmul',
    (api) => api.matmul([[1]], [[1]], any({ transA: true })),
    ValueError,
    'matmul: unknown option "transA"; known options: transposeA, transposeB',
  ],
  [
    'an unknown option of zeros',
    (api) => api.zeros(1, 1, any({ type: 'f32' })),
    ValueError,
    'unknown option "type"; did you mean dtype? known options: dtype',
  ],
  ['an unknown option of matrix', (api) => api.matrix([[1]], any({ type: 'f32' })), ValueError, 'known options: dtype'],
  [
    'an unknown option of from',
    () => Matrix.from([[1]], any({ type: 'f32' })),
    ValueError,
    'Matrix.from: unknown option "type"',
  ],
  [
    'an unknown option of an engine',
    (api) => api.createEngine(any({ simd: true })),
    ValueError,
    'known options: backend, module, dtype',
  ],
  [
    'null for options',
    (api) => api.createEngine(any(null)),
    ValueError,
    'createEngine: options must be an object, got null',
  ],
  [
    'an unknown backend',
    (api) => api.createEngine(any({ backend: 'gpu' })),
    ValueError,
    '"backend" must be one of auto, wasm, ts, got "gpu"',
  ],
];

describe.each([
  ['wasm', wasmApi],
  ['ts', tsApi],
] as [string, Api][])('%s', (_, api) => {
  test.each(arguments_)('refuses %s', (_what, call, error, message) => {
    expect(() => call(api)).toThrow(error);
    expect(() => call(api)).toThrow(message);
    expect(api.sigmoid(0)).toBe(0.5);
  });

  test('NaN and Infinity are numbers', () => {
    expect(api.sigmoid([NaN, Infinity, -Infinity])).toEqual(Float64Array.of(NaN, 1, 0));
  });

  test('arrays over a SharedArrayBuffer work, as inputs and as outputs', () => {
    const out = shared(0, 0);
    expect(api.sigmoidInto(shared(0, -Infinity), out)).toBe(out);
    expect([...out]).toEqual([0.5, 0]);
    expect(api.dot(shared(1, 2), shared(3, 4))).toBe(11);
    const many = shared(...new Array<number>(100).fill(1));
    expect(api.matmul({ rows: 100, cols: 1, data: many }, [[1]]).toArray()).toEqual(new Array(100).fill([1]));
  });
});
