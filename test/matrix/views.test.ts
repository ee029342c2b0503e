// Copies, spreads and rows of resident matrices: right or refused, however linear memory grows.

import { describe, expect, test } from 'vitest';
import * as tsApi from '../../src/ts.js';
import * as wasmApi from '../../src/wasm.js';

describe.each([
  ['wasm', wasmApi],
  ['ts', tsApi],
] as [string, typeof wasmApi | typeof tsApi][])('%s', (_, { createEngine, DtypeError }) => {
  test('a copy of a resident matrix is right when its allocation grows memory', () => {
    const engine = createEngine();
    const source = engine.matrix([
      [1, 2],
      [3, 4],
    ]);
    for (let i = 0; i < 200; i++) {
      const copies = [engine.matrix(source), engine.matrix({ rows: 2, cols: 2, data: source.data })];
      for (const copy of copies)
        expect(copy.toArray()).toEqual([
          [1, 2],
          [3, 4],
        ]);
      engine.zeros(50 + i, 50);
    }
    expect(engine.matrix(source, { dtype: 'f32' }).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test("a spread copy has no place in memory: its own data counts, and no neighbour's is written", () => {
    const engine = createEngine();
    const m = engine.zeros(2, 2);
    const neighbour = engine.matrix([[7, 7]]);
    const copy = { ...m, rows: 2, cols: 2, data: Float64Array.of(0, 0, 0, 1000) };
    expect(engine.sigmoid(copy).toArray()).toEqual([
      [0.5, 0.5],
      [0.5, 1],
    ]);
    const large = { ...m, rows: 8, cols: 8, data: new Float64Array(64) };
    engine.sigmoidInto(engine.zeros(8, 8), large);
    expect([...large.data]).toEqual(Array(64).fill(0.5));
    expect(neighbour.toArray()).toEqual([[7, 7]]);
  });

  test('rows of a resident matrix are operands like others, and stay so', () => {
    const engine = createEngine();
    const X = engine.matrix(Array.from({ length: 64 }, (_, i) => [i, 1]));
    const rows = [...X];
    const shuffled = [3, 1, 2].map((i) => rows[i]);
    expect(engine.matmul(shuffled, [[1], [10]]).toArray()).toEqual([[13], [11], [12]]);
    engine.zeros(1000, 1000);
    expect(engine.matmul(shuffled, [[1], [10]]).toArray()).toEqual([[13], [11], [12]]);
    const single = [Float32Array.of(0), Float32Array.of(1)];
    expect(engine.sigmoid(single).dtype).toBe('f32');
    expect(() => engine.sigmoid([Float32Array.of(0), Float64Array.of(1)])).toThrow(DtypeError);
  });
});
