// A call that fails has written nothing: overlapping or unfit outputs, faults in late rows, memory that cannot grow.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { DtypeError, Matrix, type MatrixInput, OutOfMemoryError, ShapeError, ValueError } from '../../src/common.js';
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

describe.each([
  ['wasm', wasmApi],
  ['ts', tsApi],
] as [string, Api][])('%s', (_, api) => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  describe('outputs', () => {
    const data = new Float64Array(8);
    const at = (offset: number, rows = 2, cols = 2) =>
      new Matrix(rows, cols, data.subarray(offset, offset + rows * cols));
    const other = (): Matrix => Matrix.zeros(2, 2);
    const gradients = (output = other(), outputGradient = other(), hiddenGradient = other()) => ({
      output,
      outputGradient,
      hiddenGradient,
    });
    const shares = (a: string, b: string) => `"${a}" shares memory with "${b}"`;
    const square = [
      [1, 2],
      [3, 4],
    ];

    const cases: Case[] = [
      ['matmulInto onto a', (api) => api.matmulInto(at(0), square, at(0)), ValueError, shares('out', 'a')],
      ['matmulInto onto part of b', (api) => api.matmulInto(square, at(0), at(2)), ValueError, shares('out', 'b')],
      ['sigmoidInto onto part of x', (api) => api.sigmoidInto(at(0), at(1)), ValueError, shares('out', 'x')],
      ['axpy onto part of x', (api) => api.axpy(1, at(0), at(3)), ValueError, shares('y', 'x')],
      [
        'forwardAndBackwardInto onto y',
        (api) => api.forwardAndBackwardInto(square, at(0), square, square, gradients(at(0))),
        ValueError,
        shares('out.output', 'y'),
      ],
      [
        'two outputs in one place',
        (api) => api.forwardAndBackwardInto(square, square, square, square, gradients(other(), at(0), at(2))),
        ValueError,
        shares('out.hiddenGradient', 'out.outputGradient'),
      ],
      [
        'no outputs',
        (api) => any(api.forwardAndBackwardInto)([[1]], [[1]], [[1]], [[1]]),
        ValueError,
        '"out" must be { output, outputGradient, hiddenGradient }',
      ],
      [
        'a missing output',
        (api) => api.forwardAndBackwardInto([[1]], [[1]], [[1]], [[1]], any({})),
        ValueError,
        '"out.output" must be a Matrix',
      ],
      [
        'an output of plain numbers',
        (api) => api.sigmoidInto([1], any([0])),
        DtypeError,
        '"out" must hold f64 data in a typed array',
      ],
      [
        'an output of the wrong shape',
        (api) => api.matmulInto(square, square, Matrix.zeros(2, 3)),
        ShapeError,
        '"out" is 2x3, but the result is 2x2',
      ],
      [
        'an output of another dtype',
        (api) => api.sigmoidInto(new Float64Array(1), any(new Float32Array(1))),
        DtypeError,
        '"x" is f64 and "out" is f32',
      ],
      [
        'a detached output',
        (api) => api.sigmoidInto(new Float64Array(4), detached()),
        ValueError,
        '"out" has a detached buffer',
      ],
    ];
    test.each(cases)('refuses %s and writes nothing', (_what, call, error, message) => {
      data.fill(7);
      expect(() => call(api)).toThrow(error);
      expect(() => call(api)).toThrow(message);
      expect(data).toEqual(new Float64Array(8).fill(7));
    });

    // Many row tiles, the fault in the last: checked before the first is written.
    const rows = 50_000;
    const faulty: number[][] = Array.from({ length: rows }, (_, i) => [i === rows - 1 ? any('1') : 1]);
    const good: MatrixInput = Matrix.zeros(rows, 1);
    test.each<[string, (x: MatrixInput, out: Matrix) => unknown]>([
      ['sigmoidInto', (x, out) => api.sigmoidInto(x, out)],
      ['sigmoidDerivativeInto', (x, out) => api.sigmoidDerivativeInto(x, out)],
      ['axpy', (x, out) => api.axpy(1, x, out)],
      ['matmulInto', (x, out) => api.matmulInto(x, [[1]], out)],
      ['forwardAndBackwardInto, X', (x, out) => api.forwardAndBackwardInto(x, good, [[1]], [[1]], into(out))],
      ['forwardAndBackwardInto, y', (x, out) => api.forwardAndBackwardInto(good, x, [[1]], [[1]], into(out))],
    ])('%s writes nothing where a late row is no number', (_what, call) => {
      for (const out of [Matrix.zeros(rows, 1), api.zeros(rows, 1)]) {
        out.data.fill(7);
        expect(() => call(faulty, out)).toThrow(`[${rows - 1}][0] must be a number, got "1"`);
        expect(out.data.every((x) => x === 7)).toBe(true);
      }
    });
    const into = (output: Matrix) => gradients(output, Matrix.zeros(rows, 1), Matrix.zeros(rows, 1));
  });

  describe('more than memory holds', () => {
    test('a matrix of 80 GB is an OutOfMemoryError that says so, and the engine goes on', () => {
      const engine = api.createEngine();
      const kept = engine.matrix([[1, 2]]);
      const before = engine.info().memoryBytes;
      expect(() => engine.zeros(100_000, 100_000)).toThrow(OutOfMemoryError);
      expect(() => engine.zeros(100_000, 100_000)).toThrow('80000000000 more bytes do not fit');
      expect(engine.info().memoryBytes).toBe(before);
      expect(engine.dot(kept, [3, 4])).toEqual(Float64Array.of(11));
      expect(() => Matrix.zeros(100_000, 100_000)).toThrow('cannot allocate an array of 10000000000 f64 elements');
    });

    test('a host that refuses to grow memory in a call: the output is unchanged, the engine goes on', () => {
      const engine = api.createEngine();
      const out = engine.zeros(1, 1);
      out.set(0, 0, 7);
      const n = 300_000;
      const ones = new Float64Array(n).fill(1);
      const row = { rows: 1, cols: n, data: ones };
      const column = { rows: n, cols: 1, data: ones };
      // WebAssembly asks its Memory, TypeScript the host for a buffer, or one that is shared to grow.
      vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
        throw new RangeError('refused');
      });
      vi.spyOn(SharedArrayBuffer.prototype, 'grow').mockImplementation(() => {
        throw new RangeError('refused');
      });
      vi.stubGlobal(
        'ArrayBuffer',
        class extends ArrayBuffer {
          constructor() {
            super(0);
            throw new RangeError('refused');
          }
        },
      );
      const refused = catching(() => engine.matmulInto(row, column, out));
      vi.restoreAllMocks();
      vi.unstubAllGlobals();
      expect(refused).toBeInstanceOf(OutOfMemoryError);
      expect(refused.message).toMatch(/linear memory cannot grow to \d+ bytes: refused/);
      expect(refused.cause).toBeInstanceOf(RangeError);
      expect(out.toArray()).toEqual([[7]]);
      expect(engine.matmulInto(row, column, out).toArray()).toEqual([[n]]);
    });
  });
});

function catching(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
