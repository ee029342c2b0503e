// Activations as functions: the bits of a network's layer, on both backends, wherever the numbers lie; PyTorch's numbers.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DisposedError, type Dtype, DtypeError, Matrix, ShapeError, ValueError } from '../../src/common.js';
import * as face from '../../src/functions/index.js';
import { ACTIVATIONS } from '../../src/layers/activations.js';
import type { DenseOptions } from '../../src/layers/dense.js';
import { createFunctions } from '../../src/layers/functions.js';
import type { ActivationFunctions } from '../../src/layers/functions-api.js';
import { activations } from '../../src/layers/index.js';
import type { TypedArray } from '../../src/matrix/operand.js';
import * as ts from '../../src/ts.js';
import * as wasm from '../../src/wasm.js';
import { arrayOf, dtypes, entries, expectSameBits } from '../support/backends.js';
import { MIXES, numbers } from '../support/values.js';

type Name = keyof typeof ACTIVATIONS;
type Elementwise = Exclude<Name, 'identity' | 'sigmoid' | 'logistic' | 'softmax'>;

/** What any function of one operand is called as. */
type Call = (x: unknown, ...more: unknown[]) => unknown;

const NAMES = (Object.keys(ACTIVATIONS) as Name[]).filter(
  (name): name is Elementwise => !['identity', 'sigmoid', 'logistic', 'softmax', 'ascending'].includes(name),
);
/** Whose derivative takes the input. */
const OF_INPUT = NAMES.filter((name) => ACTIVATIONS[name]?.apart);
/** With options other than the defaults, where there are any. */
const OPTIONS: Partial<Record<Name, object>> = { leakyRelu: { negativeSlope: 0.3 }, elu: { alpha: 0.7 } };

const FUNCTIONS = { wasm: createFunctions(wasm.engine), ts: createFunctions(ts.engine) };
const callOf = (functions: ActivationFunctions, name: string) => functions[name as keyof ActivationFunctions] as Call;

// biome-ignore lint/suspicious/noExplicitAny: what JavaScript callers may pass
const any = (value: unknown): any => value;

test('the entry has four of each activation but those that need none, and what makes them', () => {
  expect(NAMES.length).toBeGreaterThanOrEqual(14);
  expect(OF_INPUT).toContain('gelu');
  const wanted = [...NAMES, 'softmax'].flatMap((name) => [
    name,
    `${name}Into`,
    `${name}Derivative`,
    `${name}DerivativeInto`,
  ]);
  expect(Object.keys(face).toSorted()).toEqual([...wanted, 'createFunctions'].toSorted());
  expect(Object.keys(FUNCTIONS.ts).toSorted()).toEqual(wanted.toSorted());
  expect(face.relu([-1, 2])).toEqual(Float64Array.of(0, 2));
});

describe.each(entries)('on %s', (backend, { engine }) => {
  const functions = FUNCTIONS[backend as 'wasm' | 'ts'];

  describe.each(dtypes)('%s', (dtype) => {
    /** A layer of one unit of weight 1, which hands its activation what it is given: but -0, which is 0 in a product. */
    const layerOf = (activation: Name, given: object) =>
      engine.network({
        inputs: 1,
        layers: [{ units: 1, activation, weights: [[1]], bias: false, ...given } as DenseOptions],
        dtype,
      });

    test.each(NAMES)('%s and its derivative have the bits of a layer', (name) => {
      for (const given of [{}, ...(OPTIONS[name] ? [OPTIONS[name]] : [])]) {
        const net = layerOf(name, given);
        for (const mix of MIXES) {
          const x = numbers(dtype, 600, 5, mix).map((each) => each + 0);
          const column = new Matrix(600, 1, x);
          const h = callOf(functions, name)(x, given) as TypedArray;
          expectSameBits(h, net.forward(column).data);
          const of = OF_INPUT.includes(name) ? x : h;
          const slope = callOf(functions, `${name}Derivative`)(of, given) as TypedArray;
          // The Jacobian is a product, in which -0 is 0.
          expectSameBits(
            slope.map((each) => each + 0),
            net.jacobian(column).data,
          );
        }
        net.dispose();
      }
    });

    test('softmax and its derivative have the bits of a layer', () => {
      const cols = 5;
      const identity = Array.from({ length: cols }, (_, i) => Array.from({ length: cols }, (_, j) => Number(i === j)));
      const layers = [{ units: cols, activation: 'softmax', weights: identity, bias: false } as const];
      const net = engine.network({ inputs: cols, layers, loss: 'crossEntropy', dtype });
      const X = new Matrix(300, cols, numbers(dtype, 300 * cols, 4, 'ordinary'));
      const out = functions.softmax(X);
      expectSameBits(out.data, net.forward(X).data);
      const jacobian = net.jacobian(X);
      for (let i = 0; i < 300; i += 37) {
        const o = out.data.slice(i * cols, (i + 1) * cols);
        expectSameBits(functions.softmax(X.data.slice(i * cols, (i + 1) * cols)), o);
        for (let k = 0; k < cols; k++) {
          const row = i * cols + k;
          const wanted = jacobian.data.slice(row * cols, (row + 1) * cols);
          const got = functions.softmaxDerivative(o, arrayOf(dtype, identity[k]));
          expectSameBits(
            got.map((each) => each + 0),
            wanted,
          );
        }
      }
      net.dispose();
    });
  });

  test('numbers, vectors and matrices; none, and none in a row', () => {
    const { tanh, tanhDerivative, softmax, relu } = functions;
    expect(tanh(0.5)).toBe(0.46211715726000974);
    expect(tanhDerivative(tanh(0.5))).toBe(0.7864477329659274);
    expect(relu([-1, 2])).toEqual(Float64Array.of(0, 2));
    expect(relu([[-1, 2]])).toEqual(Matrix.from([[0, 2]]));
    expect(relu(Float32Array.of(-1, 2))).toEqual(Float32Array.of(0, 2));
    expect(relu({ rows: 1, cols: 2, data: Uint8Array.of(0, 2) }).toArray()).toEqual([[0, 2]]);
    for (const each of [relu, softmax] as Call[]) {
      expect(each([])).toEqual(new Float64Array(0));
      expect((each(Matrix.zeros(0, 3)) as Matrix).shape).toEqual([0, 3]);
      expect((each(Matrix.zeros(300, 0)) as Matrix).shape).toEqual([300, 0]);
    }
    expect(softmax([1000, 1000])).toEqual(Float64Array.of(0.5, 0.5));
    expect([-1, 2].map(relu as (x: number) => number)).toEqual([0, 2]);
  });

  test("plain numbers take the engine's dtype", () => {
    const single = createFunctions(
      engine === ts.engine ? ts.createEngine({ dtype: 'f32' }) : wasm.createEngine({ dtype: 'f32' }),
    );
    expect(single.mish([1])).toEqual(functions.mish(Float32Array.of(1)));
    expect(single.softmaxDerivative([0.5, 0.5], [1, 0])).toBeInstanceOf(Float32Array);
  });

  test('outputs: the same bits in an output of any kind, the operand itself too, and steady memory', () => {
    const x = numbers('f64', 11 * 2003, 9, 'special');
    for (const name of ['relu', 'gelu', 'mish', 'softplus', 'elu', 'softmax']) {
      const derivative = name === 'softmax' ? [] : [`${name}Derivative`];
      for (const each of [name, ...derivative]) {
        const plain = callOf(functions, each);
        const into = callOf(functions, `${each}Into`);
        const wanted = plain(x) as TypedArray;
        const out = new Float64Array(x.length);
        expect(into(x, out)).toBe(out);
        expectSameBits(out, wanted);
        const itself = x.slice();
        into(itself, itself);
        expectSameBits(itself, wanted);

        const matrix = new Matrix(x.length / 11, 11, x);
        const rows = (plain(matrix) as Matrix).data;
        const resident = engine.matrix(matrix);
        const target = engine.zeros(matrix.rows, matrix.cols);
        into(resident, target);
        expectSameBits(target.data, rows);
        expectSameBits(resident.data, x);
        into(matrix, target);
        expectSameBits(target.data, rows);
        into(resident, resident);
        expectSameBits(resident.data, rows);
        const other = (backend === 'ts' ? wasm : ts).engine.matrix(matrix);
        expectSameBits((plain(other) as Matrix).data, rows);
        for (const gone of [resident, target, other]) gone.dispose();
      }
    }
    const { memoryBytes } = engine.info();
    for (let i = 0; i < 20; i++) functions.mish(x);
    expect(engine.info().memoryBytes).toBe(memoryBytes);
  });

  test('softmaxDerivativeInto may write over the error, not over the output', () => {
    const output = functions.softmax([[1, 2, 3]]);
    const error = Matrix.from([[1, -1, 0.5]]);
    const wanted = functions.softmaxDerivative(output, error);
    const copy = Matrix.from(error);
    expect(functions.softmaxDerivativeInto(output, copy, copy)).toBe(copy);
    expectSameBits(copy.data, wanted.data);
    expect(() => functions.softmaxDerivativeInto(output, error, output)).toThrow('"out" shares memory with "output"');
  });
});

describe('the same bits of both backends', () => {
  test.each([...NAMES, 'softmax'])('%s', (name) => {
    for (const dtype of dtypes) {
      for (const mix of MIXES) {
        for (const n of [1, 31, 33, 257, 4097]) {
          const x = numbers(dtype, n, n, mix);
          const both = (call: string, ...more: unknown[]) =>
            Object.values(FUNCTIONS).map((functions) => callOf(functions, call)(x, ...more) as TypedArray);
          expectSameBits(...(both(name) as [TypedArray, TypedArray]));
          const error = name === 'softmax' ? [numbers(dtype, n, n + 1, 'ordinary')] : [];
          expectSameBits(...(both(`${name}Derivative`, ...error) as [TypedArray, TypedArray]));
        }
      }
    }
  });
});

/** Within 1e-12 of PyTorch's number, or of 1: the rule of network/oracles.test.ts; its hardSigmoid's slope has 1/6 in f32. */
test("PyTorch's values and slopes", () => {
  const cases: Record<string, { z: number[]; h: number[]; slope: number[] }> = JSON.parse(
    readFileSync(new URL('../fixtures/activations.json', import.meta.url), 'utf8'),
  );
  const near = (got: ArrayLike<number>, want: number[], what: string) => {
    for (const [i, each] of want.entries()) {
      const wanted = each === Math.fround(1 / 6) ? 1 / 6 : each;
      expect(Math.abs(got[i] - wanted), `${what} ${i}`).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(wanted)));
    }
  };
  expect(Object.keys(cases).length).toBe(activations.length + 1);
  for (const [name, { z, h, slope }] of Object.entries(cases).filter(([name]) => name in face)) {
    const values = callOf(face as never, name)(z) as TypedArray;
    near(values, h, name);
    const of = OF_INPUT.includes(name as Elementwise) ? z : values;
    near(callOf(face as never, `${name}Derivative`)(of) as TypedArray, slope, `${name}Derivative`);
  }
});

const { relu, leakyRelu, leakyReluInto, softmax, softmaxDerivative, tanhInto, geluInto } = FUNCTIONS.wasm;

test.each<[string, () => unknown, new (message: string) => Error, string]>([
  ['no operand', () => relu(any(undefined)), ValueError, '"x" must be a Matrix'],
  ['a string', () => relu(any('1')), ValueError, '"x" must be a Matrix'],
  ['a number for softmax', () => softmax(any(1)), ValueError, '"x" must be a Matrix'],
  ['an unknown option', () => leakyRelu(1, any({ slope: 1 })), ValueError, 'leakyRelu: unknown option "slope"'],
  ['no options', () => leakyRelu(1, any(1)), ValueError, 'leakyRelu: options must be an object, got 1'],
  [
    'no slope',
    () => leakyRelu(1, { negativeSlope: -1 }),
    ValueError,
    '"negativeSlope" must be a positive finite number',
  ],
  [
    'an unknown option beside an output',
    () => leakyReluInto([1], new Float64Array(1), any({ alpha: 1 })),
    ValueError,
    'leakyRelu: unknown option "alpha"; known options: negativeSlope',
  ],
  ['another dtype', () => tanhInto(Float64Array.of(1), Float32Array.of(1)), DtypeError, 'dtypes must be equal'],
  ['another shape', () => tanhInto([1, 2], new Float64Array(3)), ShapeError, '"out" is (3), but the result is (2)'],
  [
    'a vector for a matrix',
    () => tanhInto([[1]], any(new Float64Array(1))),
    ShapeError,
    '"out" is (1), but the result is 1x1',
  ],
  [
    'plain numbers as an output',
    () => tanhInto([1], any([1])),
    DtypeError,
    '"out" must hold f64 data in a typed array',
  ],
  ['no error', () => softmaxDerivative([1], any(undefined)), ValueError, '"error" must be a Matrix'],
  ['an error of another shape', () => softmaxDerivative([1, 2], [1]), ShapeError, '"output" is (2) and "error" is (1)'],
  ['no engine', () => createFunctions(any({})), ValueError, '"engine" must be an engine, got an object'],
  ['nothing', () => createFunctions(any(undefined)), ValueError, '"engine" must be an engine, got undefined'],
  [
    'an engine of another copy',
    () =>
      createFunctions({ dtype: 'f64', zeros: (rows: number, cols: number) => Matrix.zeros(rows, cols) as never }).relu(
        1,
      ),
    ValueError,
    '"engine" must be an engine of this copy of bitgrad',
  ],
])('%s is refused', (_, call, error, message) => {
  expect(call).toThrow(error);
  expect(call).toThrow(message);
  expect(relu(-1)).toBe(0);
});

test('an output that overlaps in part is refused, one that is disposed of too', () => {
  const data = Float64Array.of(1, 2, 3);
  expect(() => geluInto(data.subarray(0, 2), data.subarray(1))).toThrow('"out" shares memory with "x"');
  const gone = wasm.zeros(1, 1);
  gone.dispose();
  expect(() => relu(gone)).toThrow(DisposedError);
  expect(() => geluInto([[1]], gone)).toThrow(DisposedError);
  const x = wasm.matrix([[1]]);
  const options = {
    get negativeSlope() {
      x.dispose();
      return 0.5;
    },
  };
  expect(() => leakyRelu(x, options)).toThrow(DisposedError);
});

test('memory that grows between two calls changes nothing', () => {
  const dtype: Dtype = 'f64';
  const engine = wasm.createEngine();
  const { softplusInto } = createFunctions(engine);
  const x = engine.matrix(Matrix.from(numbers(dtype, 4000, 3, 'ordinary'), [2000, 2]));
  const out = engine.zeros(2000, 2);
  const wanted = FUNCTIONS.ts.softplus(Matrix.from(x)).data;
  for (let i = 0; i < 3; i++) {
    engine.zeros(1000, 500 * (i + 1));
    softplusInto(x, out);
    expectSameBits(Matrix.from(out).data, wanted);
  }
});
