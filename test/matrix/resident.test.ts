// Matrices in linear memory: used where they lie, valid across growth, freed and reused; streaming keeps memory small.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { DisposedError, Matrix, random } from '../../src/common.js';
import { Session } from '../../src/matrix/marshal.js';
import { PLACE } from '../../src/matrix/operand.js';
import * as tsApi from '../../src/ts.js';
import * as wasmApi from '../../src/wasm.js';

const KIB = 1024;
const rng = random(8);
const [X, y, W1, W2] = [rng.rand(40, 6), rng.rand(40, 2), rng.rand(6, 5), rng.rand(5, 2)];

describe.each([
  ['wasm', wasmApi],
  ['ts', tsApi],
] as [string, typeof wasmApi | typeof tsApi][])('%s', (_, api) => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const outputs = (make: (rows: number, cols: number) => Matrix, rows = 40, hidden = 5, outs = 2) => ({
    output: make(rows, outs),
    outputGradient: make(rows, outs),
    hiddenGradient: make(rows, hidden),
  });

  /** Every call with outputs, over operands that `place` puts somewhere; what they leave in their outputs. */
  function everything(place: (matrix: Matrix) => Matrix, zeros: (rows: number, cols: number) => Matrix): number[][][] {
    const [x, t, inner, outer] = [X, y, W1, W2].map(place);
    const out = outputs(zeros);
    const engine = api.engine;
    engine.forwardAndBackwardInto(x, t, inner, outer, out);
    const product = engine.matmulInto(x, out.hiddenGradient, zeros(6, 5), { transposeA: true });
    const moved = engine.axpy(0.5, product, place(W1));
    const squashed = engine.sigmoidInto(moved, zeros(6, 5));
    const slopes = engine.sigmoidDerivativeInto(squashed, squashed);
    return [out.output, out.outputGradient, out.hiddenGradient, product, moved, slopes].map((m) => m.toArray());
  }
  const ordinary = () => everything((matrix) => Matrix.from(matrix), Matrix.zeros);

  test('calls copy nothing in or out, and give what ordinary matrices give', () => {
    const expected = ordinary();
    const copies = [vi.spyOn(Session.prototype, 'copyIn'), vi.spyOn(Session.prototype, 'copyOut')];
    expect(everything((matrix) => api.matrix(matrix), api.zeros)).toEqual(expected);
    for (const copy of copies) expect(copy).not.toHaveBeenCalled();
    ordinary();
    for (const copy of copies) expect(copy).toHaveBeenCalled();
  });

  test("calls take no memory beside the product's packed blocks", () => {
    const engine = api.createEngine();
    const a = engine.zeros(1, 1);
    engine.matmulInto(a, a, engine.zeros(1, 1));
    const [x, out] = [engine.zeros(1000, 1000), engine.zeros(1000, 1000)];
    const before = engine.info().memoryBytes;
    engine.sigmoidInto(x, out);
    engine.axpy(1, x, out);
    engine.mseLoss(x, out);
    expect(engine.info().memoryBytes).toBe(before);
  });

  test('has what it was made of, and the dtype asked for', () => {
    const single = api.matrix([[0.1, 2]], { dtype: 'f32' });
    expect(single).toBeInstanceOf(api.ResidentMatrix);
    expect(single).toBeInstanceOf(Matrix);
    expect([single.dtype, single.toArray()]).toEqual(['f32', [[Math.fround(0.1), 2]]]);
    expect(api.matrix(Matrix.from([[1]], { dtype: 'f32' })).dtype).toBe('f32');
    expect(String(single)).toBe(`Matrix 1x2 f32 [\n  [${Math.fround(0.1)}, 2]\n]`);
    expect(api.zeros(0, 3).shape).toEqual([0, 3]);
    single.set(0, 1, 7);
    expect([...single].map((row) => [...row])).toEqual([[Math.fround(0.1), 7]]);
    expect(() => api.matrix([[1], [2, 3]])).toThrow('"source" is ragged');
  });

  test('zeros are zeros where memory was used before', () => {
    const engine = api.createEngine();
    const first = engine.matrix([[1, 2, 3]]);
    const { address } = first[PLACE];
    first.dispose();
    const second = engine.zeros(1, 3);
    expect(second[PLACE].address).toBe(address);
    expect(second.toArray()).toEqual([[0, 0, 0]]);
  });

  type Engine = typeof api.engine;
  const N = 9000; // 72 KB, more than the page that growth may leave over
  const ones = () => new Float64Array(N).fill(1);
  const column = Matrix.from(ones(), [N, 1]);
  const row = Matrix.from(ones(), [1, N]);

  /** Fails unless memory grew in the call. */
  function growing<T>(engine: Engine, call: () => T): T {
    const before = engine.info().memoryBytes;
    const result = call();
    expect(engine.info().memoryBytes).toBeGreaterThan(before);
    return result;
  }

  // The operand that is not resident needs scratch memory, and no view was handed out: memory moves.
  test.each<[string, number, (engine: Engine, resident: Matrix) => ArrayLike<number>]>([
    ['sigmoidInto', 0.5, (engine, out) => engine.sigmoidInto(Matrix.zeros(N, 1), out).data],
    ['axpy', 7, (engine, sum) => engine.axpy(6, column, sum).data],
    ['axpy from a resident matrix', 3, (engine, x) => engine.axpy(2, x, Matrix.from(column)).data],
    ['matmulInto', 3, (engine, out) => engine.matmulInto(column, [[3]], out).data],
    ['matmul', N, (engine, a) => engine.matmul(row, a).data],
    ['matmul with transpose', N, (engine, a) => engine.matmul(a, column, { transposeA: true }).data],
    ['mseLoss', 1, (engine, a) => [engine.mseLoss(a, Matrix.zeros(N, 1))]],
  ])('%s is right when memory grows in the middle of it', (_what, expected, call) => {
    const engine = api.createEngine();
    const resident = engine.matrix(column);
    const result = growing(engine, () => call(engine, resident));
    expect(Array.from(result).every((x) => x === expected)).toBe(true);
    expect(result.length).toBeGreaterThan(0);
  });

  test('the first product of an engine may grow memory too, for its packed blocks', () => {
    const engine = api.createEngine();
    const a = engine.matrix([
      [1, 2],
      [3, 4],
    ]);
    const out = engine.zeros(2, 2);
    const view = { rows: 2, cols: 2, data: out.data };
    engine.matmulInto(a, a, view);
    expect(out.toArray()).toEqual([
      [7, 10],
      [15, 22],
    ]);
    expect(engine.matmul(a, a).toArray()).toEqual(out.toArray());
  });

  test('so may its first forwardAndBackwardInto, with views that the user took', () => {
    const expected = api.forwardAndBackward(X, y, W1, W2);
    const engine = api.createEngine();
    const [inner, outer] = [engine.matrix(W1), engine.matrix(W2)];
    const out = outputs((rows, cols) => engine.zeros(rows, cols));
    const view = ({ rows, cols, data }: Matrix) => ({ rows, cols, data });
    const views = {
      output: view(out.output),
      outputGradient: view(out.outputGradient),
      hiddenGradient: view(out.hiddenGradient),
    };
    engine.forwardAndBackwardInto(X, y, view(inner), view(outer), views);
    expect(out.output.toArray()).toEqual(expected.output.toArray());
    expect(out.outputGradient.toArray()).toEqual(expected.outputGradient.toArray());
    expect(out.hiddenGradient.toArray()).toEqual(expected.hiddenGradient.toArray());
  });

  test('forwardAndBackwardInto is right when memory grows in the middle of it', () => {
    const expected = api.forwardAndBackward(X, y, W1, W2);
    const engine = api.createEngine();
    const times = 100; // the rows again and again: enough to grow, and each time the same gradients
    const repeat = ({ rows, cols, data }: Matrix) =>
      Matrix.from(Array.from({ length: times }, () => [...data]).flat(), [rows * times, cols]);
    const [inner, outer] = [engine.matrix(W1), engine.matrix(W2)];
    const out = outputs((rows, cols) => engine.zeros(rows, cols), 40 * times);
    growing(engine, () => engine.forwardAndBackwardInto(repeat(X), repeat(y), inner, outer, out));
    for (const key of ['output', 'outputGradient', 'hiddenGradient'] as const) {
      expect(out[key].data).toEqual(repeat(expected[key]).data);
    }
  });

  test('dispose refuses further use, and may be repeated', () => {
    const engine = api.createEngine();
    const matrix = engine.matrix([[1]]);
    expect(matrix.disposed).toBe(false);
    matrix.dispose();
    matrix.dispose();
    expect(matrix.disposed).toBe(true);
    expect(String(matrix)).toBe('Matrix 1x1 f64 (disposed)');
    const uses: (() => unknown)[] = [
      () => matrix.data,
      () => matrix.get(0, 0),
      () => matrix.toArray(),
      () => engine.sigmoid(matrix),
      () => engine.matmul([[1]], matrix),
      () => engine.sigmoidInto([[1]], matrix),
      () => engine.axpy(1, [[1]], matrix),
      () => api.engine.sigmoid(matrix),
    ];
    for (const use of uses) {
      expect(use).toThrow(DisposedError);
      expect(use).toThrow('this 1x1 matrix was disposed');
    }
  });

  test('Symbol.dispose disposes', () => {
    const matrix = api.zeros(1, 1);
    matrix[Symbol.dispose]();
    expect(matrix.disposed).toBe(true);
  });

  test('10,000 matrices made and disposed take the memory of the few that live at once', () => {
    const engine = api.createEngine();
    const alive: ReturnType<typeof engine.zeros>[] = [];
    for (let i = 0; i < 10_000; i++) {
      alive.push(engine.zeros(1 + (i % 7), 1 + (i % 50)));
      if (alive.length > 8) alive.splice(i % 8, 1)[0].dispose();
    }
    // 9 matrices of at most 7 x 50 doubles are 25 KB: with the holes between them they fit the first 64 KiB page.
    expect(engine.info().memoryBytes).toBe(64 * KIB);
  });

  test('a matrix that could not be filled gives its memory back', () => {
    const engine = api.createEngine();
    const bad = [[1, 'x' as unknown as number]];
    for (let i = 0; i < 2000; i++) expect(() => engine.matrix(bad)).toThrow('"source"[0][1] must be a number');
    expect(() => engine.zeros(-1, 5)).toThrow('"rows"');
    expect(engine.info().memoryBytes).toBe(64 * KIB);
  });

  test("another engine's matrix is an ordinary input and output", () => {
    const [here, there] = [api.createEngine(), api.createEngine()];
    const foreign = there.matrix(X);
    const decoy = here.zeros(40, 6); // at the address that foreign has over there
    expect(decoy.data.byteOffset).toBe(foreign.data.byteOffset);
    expect(here.sigmoid(foreign).toArray()).toEqual(there.sigmoid(X).toArray());
    expect(here.sigmoidInto(X, foreign)).toBe(foreign);
    expect(foreign.toArray()).toEqual(there.sigmoid(X).toArray());
    expect(decoy.data.every((x) => x === 0)).toBe(true);
  });

  test('100,000 rows stream through a few hundred KiB', () => {
    const engine = api.createEngine();
    const rows = 100_000;
    const source = random(1);
    const [x, t, inner, outer] = [source.rand(rows, 2), source.rand(rows, 1), source.rand(2, 3), source.rand(3, 1)];
    const { output, hiddenGradient } = engine.forwardAndBackward(x, t, inner, outer);
    // A tile of 256 KiB, the product's packed blocks (640 KiB in WebAssembly), and what the heap adds when it grows: a
    // quarter. X, y and the results are 6.4 MB.
    expect(engine.info().memoryBytes).toBeLessThanOrEqual(1.25 * (256 + 640 + 64) * KIB);
    // Row tiles change no bit: the last rows alone give the same.
    const from = rows - 5;
    const tail = (m: Matrix) => new Matrix(5, m.cols, m.data.slice(from * m.cols));
    const alone = engine.forwardAndBackward(tail(x), tail(t), inner, outer);
    expect(tail(output).toArray()).toEqual(alone.output.toArray());
    expect(tail(hiddenGradient).toArray()).toEqual(alone.hiddenGradient.toArray());
  });
});
