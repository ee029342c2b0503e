// The kernels of layers, activations, losses and rows do what src/kernels/core.ts says, restated here for one element or row.

import { describe, expect, test } from 'vitest';
import * as c from '../../src/kernels/constants.js';
import type { Operand } from '../../src/kernels/signature.js';
import type { TypedArray } from '../../src/matrix/operand.js';
import {
  apply,
  applyToOne,
  arrayOf,
  backends,
  dtypes,
  expectSameBits,
  rounding,
  runKernel,
} from '../support/backends.js';
import { type KernelName, SIGNATURES } from '../support/operands.js';
import { MIXES, numbers } from '../support/values.js';

type Round = (x: number) => number;

const within = (x: number, limit: number) => (x > limit ? limit : x < -limit ? -limit : x);
const positive = (z: number) => (z <= 0 ? 0 : z);

/** An element's outputs from its scalars and inputs, which are rounded already. */
const ELEMENTS: Partial<Record<KernelName, (f: Round, ...x: number[]) => number[]>> = {
  multiply: (f, x, y) => [f(x * y)],
  relu: (_, z) => [positive(z)],
  relu_delta: (_, e, h) => [h <= 0 ? 0 : e],
  leaky_relu: (f, alpha, z) => [z <= 0 ? f(alpha * z) : z],
  leaky_relu_delta: (f, alpha, e, h) => [h <= 0 ? f(alpha * e) : e],
  elu: (f, alpha, scale, z, t) => [f(z <= 0 ? alpha * t : scale * z)],
  elu_delta: (f, alpha, scale, e, h) => [f((h <= 0 ? f(h + alpha) : scale) * e)],
  tanh_delta: (f, e, h) => [f(e * f(1 - f(h * h)))],
  minus_abs: (_, z) => [-Math.abs(z)],
  softplus: (f, z, t) => [f(positive(z) + t)],
  gelu_argument: (f, z) => {
    const x = within(z, 100);
    return [f(x * f(f(c.GELU_LINEAR) + f(f(c.GELU_CUBIC) * f(x * x))))];
  },
  gelu_slope: (f, z, g, h) => {
    const x = within(z, 100);
    const slope = f(f(c.GELU_LINEAR) + f(f(c.GELU_SLOPE) * f(x * x)));
    return [f(g + f(f(h * f(1 - g)) * slope))];
  },
  silu_slope: (f, g, h) => [f(g + f(h * f(1 - g)))],
  squared_loss: (f, factor, y, o) => {
    const r = f(o - y);
    return [f(factor * r), f(r * r)];
  },
  absolute_loss: (f, factor, y, o) => {
    const r = f(o - y);
    return [r < 0 ? -factor : r > 0 ? factor : r, Math.abs(r)];
  },
  huber_loss: (f, delta, factor, y, o) => {
    const r = f(o - y);
    const near = f(f(0.5 * r) * r);
    const far = f(delta * f(Math.abs(r) - f(0.5 * delta)));
    return [f(factor * within(r, delta)), Math.abs(r) <= delta ? near : far];
  },
  logistic_loss: (f, y, z, o, s) => [f(o - y), f(f(positive(z) - f(y * z)) + s)],
  poisson_loss: (f, y, z, o) => [f(o - y), f(o - (y === 0 ? 0 : f(y * z)))],
  poisson_rate_loss: (f, y, z, o) => [f(1 - (y === 0 ? 0 : f(y / o))), f(o - (y === 0 ? 0 : f(y * z)))],
  affine: (f, scale, offset, x) => [f(f(scale * x) + offset)],
  hinge_loss(f, factor, y, o) {
    const m = f(1 - f(y * o));
    return [m <= 0 ? 0 : f(factor * y), positive(m)];
  },
  squared_hinge_loss(f, factor, y, o) {
    const m = positive(f(1 - f(y * o)));
    return [f(factor * f(y * m)), f(m * m)];
  },
  log_cosh_argument(f, y, o, h) {
    const size = Math.abs(h);
    return [Math.abs(f(o - y)) <= 1 ? -f(h * h) : f(f(1 - size) / f(1 + size))];
  },
  log_cosh_loss(f, factor, y, o, h, u) {
    const size = Math.abs(f(o - y));
    return [f(factor * h), size <= 1 ? f(-0.5 * u) : f(f(size - f(c.LN2)) + u)];
  },
  focal_exponent: (f, gamma, y, z, s) => [f(-gamma * f(f(positive(z) - f(f(1 - y) * z)) + s))],
  focal_loss(f, gamma, zero, more, y, z, o, s, p) {
    const a = f(f(zero + f(more * y)) * p);
    const b = f(f(positive(z) - f(y * z)) + s);
    return [f(a * f(f(o - y) - f(f(gamma * b) * f(f(o + y) - 1)))), f(a * b)];
  },
  poisson_deviance: (f, y, z, o, v) => [f(2 * f(o - y)), f(f(o - y) + (y === 0 ? 0 : f(y * f(v - z))))],
  poisson_rate_deviance: (f, y, z, o, v) => [
    f(2 * f(1 - (y === 0 ? 0 : f(y / o)))),
    f(f(o - y) + (y === 0 ? 0 : f(y * f(v - z)))),
  ],
};

/** One accumulator from +0, in order. */
const sum = (f: Round, terms: readonly number[]): number => terms.reduce((total, term) => f(total + term), 0);

/** A row's outputs from its scalars and inputs, each an array, of one number where a row has one. */
const ROW: Partial<Record<KernelName, (f: Round, ...x: number[][]) => number[][]>> = {
  row_sums: (f, [factor], x) => [[f(factor * sum(f, x))]],
  row_squares(f, x) {
    const squares = x.map((value) => f(value * value));
    return [[sum(f, squares)]];
  },
  row_shift(f, x) {
    const greatest = x.reduce((m, value) => (value > m ? value : m), -Infinity);
    return [x.map((value) => f(value - greatest))];
  },
  row_normalize: (f, x) => [x.map((value) => f(value / sum(f, x))), [sum(f, x)]],
  scale_rows: (f, [w], x) => [x.map((value) => f(w * value))],
  cross_entropy(f, y, s, o, [q]) {
    const losses = y.map((value, j) => (value === 0 ? 0 : f(value * f(q - s[j]))));
    return [y.map((value, j) => f(f(o[j] * sum(f, y)) - value)), [sum(f, losses)]];
  },
  kl_divergence(f, y, v, s, o, [q]) {
    const losses = y.map((value, j) => (value === 0 ? 0 : f(value * f(f(q - s[j]) + v[j]))));
    return [y.map((value, j) => f(f(o[j] * sum(f, y)) - value)), [sum(f, losses)]];
  },
  cosine_loss(f, y, o) {
    const dot = (a: number[], b: number[]) =>
      sum(
        f,
        a.map((value, j) => f(value * b[j])),
      );
    const [a, b] = [dot(o, o), dot(y, y)];
    const p = f(f(Math.sqrt(a)) * f(Math.sqrt(b)));
    const s = f(dot(y, o) / p);
    const d = y.map((value, j) => (p === 0 ? 0 : f(f(s * f(o[j] / a)) - f(value / p))));
    return [d, [p === 0 ? 1 : f(1 - s)]];
  },
  ascend(f, z, t) {
    let last = 0;
    return [z.map((x, j) => (last = j === 0 ? x : f(last + f(positive(x) + t[j]))))];
  },
  ascend_delta: (f, e, s) => [
    e.map((_, j) => {
      const above = sum(f, e.slice(j).toReversed());
      return j === 0 ? above : f(s[j] * above);
    }),
  ],
  softmax_delta(f, o, e) {
    const products = e.map((value, j) => f(value * o[j]));
    return [o.map((value, j) => f(value * f(e[j] - sum(f, products))))];
  },
};

const SHAPES = [
  [0, 3],
  [3, 0],
  [1, 1],
  [5, 2],
  [2, 37],
];

/** Arguments (scalars, then inputs) and outputs. */
const SPECIAL: [name: KernelName, x: number[], outputs: number[]][] = [
  ['relu', [NaN], [NaN]],
  ['relu', [-0], [0]],
  ['relu', [-Infinity], [0]],
  ['relu', [Infinity], [Infinity]],
  ['relu_delta', [NaN, -0], [0]],
  ['relu_delta', [Infinity, 0], [0]],
  ['relu_delta', [-0, 1], [-0]],
  ['relu_delta', [5, NaN], [5]],
  ['leaky_relu', [0.5, -0], [-0]],
  ['leaky_relu', [0.5, NaN], [NaN]],
  ['leaky_relu', [0.5, -Infinity], [-Infinity]],
  ['leaky_relu', [0, -1], [-0]],
  ['leaky_relu', [-1, 0], [-0]],
  ['leaky_relu_delta', [0.5, 4, -0], [2]],
  ['leaky_relu_delta', [0.5, -0, -1], [-0]],
  ['leaky_relu_delta', [0.5, 4, NaN], [4]],
  ['elu', [1, 1, -0, -0], [-0]],
  ['elu', [2, 1, -Infinity, -1], [-2]],
  ['elu', [1, 1, Infinity, Infinity], [Infinity]],
  ['elu', [1, 1, NaN, NaN], [NaN]],
  ['elu_delta', [1, 1, 3, -1], [0]],
  ['elu_delta', [2, 1, 3, -0], [6]],
  ['elu_delta', [1, 1, 3, NaN], [3]],
  ['tanh_delta', [3, -1], [0]],
  ['tanh_delta', [-3, 1], [-0]],
  ['tanh_delta', [3, NaN], [NaN]],
  ['minus_abs', [0], [-0]],
  ['minus_abs', [-0], [-0]],
  ['minus_abs', [Infinity], [-Infinity]],
  ['minus_abs', [NaN], [NaN]],
  ['softplus', [-Infinity, 0], [0]],
  ['softplus', [-0, -0], [0]],
  ['softplus', [Infinity, 0], [Infinity]],
  ['softplus', [NaN, 0], [NaN]],
  ['gelu_argument', [-0], [-0]],
  ['gelu_argument', [0], [0]],
  ['gelu_argument', [NaN], [NaN]],
  ['gelu_slope', [0, 0.5, 0], [0.5]],
  ['gelu_slope', [1e30, 1, 1e30], [1]],
  ['gelu_slope', [-1e30, 0, -0], [0]],
  ['gelu_slope', [NaN, 0.5, 1], [NaN]],
  ['silu_slope', [0.5, -0], [0.5]],
  ['silu_slope', [1, 1e30], [1]],
  ['silu_slope', [0, -0], [0]],
  ['silu_slope', [NaN, 1], [NaN]],
  ['squared_loss', [2, 0, -0], [-0, 0]],
  ['squared_loss', [2, -0, -0], [0, 0]],
  ['squared_loss', [1, Infinity, Infinity], [NaN, NaN]],
  ['absolute_loss', [2, 0, -0], [-0, 0]],
  ['absolute_loss', [2, 3, 1], [-2, 2]],
  ['absolute_loss', [2, -Infinity, 1], [2, Infinity]],
  ['absolute_loss', [2, 1, NaN], [NaN, NaN]],
  ['huber_loss', [1, 3, 0, 1], [3, 0.5]],
  ['huber_loss', [1, 3, 0, -2], [-3, 1.5]],
  ['huber_loss', [1, 3, 0, -0], [-0, 0]],
  ['huber_loss', [1, 3, 0, -Infinity], [-3, Infinity]],
  ['huber_loss', [Infinity, 1, 0, 3], [3, 4.5]],
  ['huber_loss', [Infinity, 1, 0, Infinity], [Infinity, Infinity]],
  ['huber_loss', [1, 3, NaN, 0], [NaN, NaN]],
  ['logistic_loss', [0, -0, 0.5, 0.75], [0.5, 0.75]],
  ['logistic_loss', [-1, -0, 0.5, -0], [1.5, 0]],
  ['logistic_loss', [1, -Infinity, 0, 0], [-1, Infinity]],
  ['poisson_loss', [-0, -Infinity, 0], [0, 0]],
  ['poisson_loss', [0, Infinity, 2], [2, 2]],
  ['poisson_loss', [1, -Infinity, 0], [-1, Infinity]],
  ['poisson_rate_loss', [0, -Infinity, 0], [1, 0]],
  ['poisson_rate_loss', [-0, NaN, 2], [1, 2]],
  ['poisson_rate_loss', [1, -Infinity, 0], [-Infinity, Infinity]],
  ['affine', [0.5, 0.25, -0], [0.25]],
  ['affine', [0.5, 0.25, Infinity], [Infinity]],
  ['affine', [0.5, 0.25, NaN], [NaN]],
  ['hinge_loss', [-1, 1, 1], [0, 0]],
  ['hinge_loss', [-1, 1, 0.5], [-1, 0.5]],
  ['hinge_loss', [-1, -1, 0.5], [1, 1.5]],
  ['hinge_loss', [-1, 0, -3], [-0, 1]],
  ['hinge_loss', [-1, 1, Infinity], [0, 0]],
  ['hinge_loss', [-1, 1, -Infinity], [-1, Infinity]],
  ['hinge_loss', [-1, 1, NaN], [-1, NaN]],
  ['squared_hinge_loss', [-2, 1, 2], [-0, 0]],
  ['squared_hinge_loss', [-2, 1, -1], [-4, 4]],
  ['squared_hinge_loss', [-2, -1, -Infinity], [0, 0]],
  ['squared_hinge_loss', [-2, 1, NaN], [NaN, NaN]],
  ['log_cosh_argument', [0, -0, -0], [-0]],
  ['log_cosh_argument', [0, 1, 0.5], [-0.25]],
  ['log_cosh_argument', [0, 3, -0], [1]],
  ['log_cosh_argument', [0, Infinity, 1], [0]],
  ['log_cosh_argument', [NaN, 0, NaN], [NaN]],
  ['log_cosh_loss', [0.5, 0, -0, -0, -0], [-0, 0]],
  ['log_cosh_loss', [0.5, 0, Infinity, 1, 0], [0.5, Infinity]],
  ['log_cosh_loss', [0.5, 0, -Infinity, -1, 0], [-0.5, Infinity]],
  ['log_cosh_loss', [0.5, 0, NaN, NaN, NaN], [NaN, NaN]],
  ['focal_exponent', [2, 1, -3, 0.25], [-0.5]],
  ['focal_exponent', [2, 0, -3, 0.25], [-6.5]],
  ['focal_exponent', [0, 1, -Infinity, 0], [NaN]],
  ['focal_exponent', [2, 1, NaN, 0], [NaN]],
  ['focal_loss', [0, 1, 0, 0, -0, 0.5, 0.75, 1], [0.5, 0.75]],
  ['focal_loss', [2, 1, 0, 1, -8, 0, 0, 1], [-1, 8]],
  ['focal_loss', [2, 0.75, -0.5, 1, 8, 1, 0, 0], [0, 0]],
  ['focal_loss', [2, 1, 0, NaN, 0, 0.5, 0.75, 1], [NaN, NaN]],
  ['poisson_deviance', [-0, -Infinity, 0, -Infinity], [0, 0]],
  ['poisson_deviance', [2, 1, 2, 1], [0, 0]],
  ['poisson_deviance', [1, -Infinity, 0, 0], [-2, Infinity]],
  ['poisson_deviance', [NaN, 0, 1, NaN], [NaN, NaN]],
  ['poisson_rate_deviance', [0, 1, 3, -Infinity], [2, 3]],
  ['poisson_rate_deviance', [1, -Infinity, 0, 0], [-Infinity, Infinity]],
  ['poisson_rate_deviance', [1, NaN, NaN, 0], [NaN, NaN]],
];

describe.each(backends)('on %s', (_, backend) => {
  describe.each(dtypes)('%s', (dtype) => {
    const f = rounding(dtype);

    test.each(Object.keys(ELEMENTS) as KernelName[])('%s is its formula', (name) => {
      const { scalars: taken, inputs } = SIGNATURES[name];
      const n = 333;
      const scalars = [0.1, 0.7, 0.3].slice(0, taken.length);
      for (const [seed, mix] of MIXES.entries()) {
        const given = inputs.map((_, i) => numbers(dtype, n, 10 * seed + i + 1, mix));
        const results = apply(backend, dtype, name, { n }, scalars, given);
        const expected = results.map(() => arrayOf(dtype, n));
        for (let i = 0; i < n; i++) {
          const element = ELEMENTS[name]?.(f, ...scalars.map(f), ...given.map((input) => input[i]));
          element?.forEach((value, k) => {
            expected[k][i] = value;
          });
        }
        results.forEach((result, k) => void expectSameBits(result, expected[k]));
      }
    });

    test.each(SPECIAL)('%s of %o is %o', (name, x, outputs) => {
      expect(applyToOne(backend, dtype, name, x)).toEqual(outputs);
    });

    test('gelu_argument is that of 100 beyond', () => {
      const at = (z: number) => applyToOne(backend, dtype, 'gelu_argument', [z])[0];
      expect(at(100)).toBeGreaterThan(70000);
      for (const z of [101, 1e30, Infinity]) expect([at(z), at(-z)]).toEqual([at(100), -at(100)]);
    });

    test('rscl multiplies by the reciprocal, which is taken in f64', () => {
      const x = numbers(dtype, 333, 1, 'ordinary');
      for (const total of [7, 1.1]) {
        const factor = f(1 / total);
        expectSameBits(
          apply(backend, dtype, 'rscl', { n: 333 }, [total], [x])[0],
          x.map((value) => factor * value) as TypedArray,
        );
      }
    });

    test('rscl says whether all results are finite', () => {
      const large = dtype === 'f64' ? Number.MAX_VALUE : 2 ** 127;
      const says = (x: TypedArray, total: number) =>
        runKernel(backend, dtype, [x], 1, (kernels, [at]) => kernels.rscl(x.length, total, at, at)).value;
      for (const n of [0, 1, 2, 3, 4, 5, 8, 15]) {
        const x = arrayOf(dtype, n).fill(large);
        expect(says(x, 2)).toBe(1);
        for (let at = 0; at < n; at++) {
          for (const wrong of [NaN, Infinity, -Infinity]) {
            const y = x.slice();
            y[at] = wrong;
            expect(says(y, 2)).toBe(0);
          }
          // Finite, but its result is not.
          expect(
            says(
              arrayOf(dtype, n)
                .fill(1)
                .fill(large, at, at + 1),
              0.25,
            ),
          ).toBe(0);
        }
      }
    });

    test('axpy_sign is its formula', () => {
      const x = arrayOf(dtype, [-3, -1e-30, -0, 0, 2, NaN, Infinity, -Infinity, 1, -1]);
      const y = arrayOf(dtype, [0.1, 5, -0, -0, 0.3, 4, 1, 1, NaN, -0.1]);
      const by = f(0.1);
      const expected = [y[0] - by, 5 - by, -0, -0, y[4] + by, 4, 1 + by, 1 - by, NaN, y[9] - by];
      const { arrays } = runKernel(backend, dtype, [x, y], 1, (kernels, [from, to]) =>
        kernels.axpy_sign(x.length, 0.1, from, to),
      );
      expectSameBits(arrays[1], arrayOf(dtype, expected));
    });

    test.each(Object.keys(ROW) as KernelName[])('%s is its formula', (name) => {
      const { scalars: taken, inputs, outputs } = SIGNATURES[name];
      const scalars = [0.1].slice(0, taken.length);
      for (const [seed, mix] of MIXES.entries()) {
        for (const [rows, cols] of SHAPES) {
          const width = ({ shape }: Operand) => (shape.length === 2 ? cols : 1);
          const row = (i: number, array: TypedArray, operand: Operand) =>
            array.slice(i * width(operand), (i + 1) * width(operand));
          const given = inputs.map((each, k) => numbers(dtype, rows * width(each), 10 * seed + k + 1, mix));
          const results = apply(backend, dtype, name, { rows, cols }, scalars, given);
          for (let i = 0; i < rows; i++) {
            const operands = given.map((array, k) => [...row(i, array, inputs[k])]);
            const expected = ROW[name]?.(f, ...scalars.map((x) => [f(x)]), ...operands) as number[][];
            results.forEach((result, k) => {
              expectSameBits(row(i, result, outputs[k]), arrayOf(dtype, expected[k]));
            });
          }
        }
      }
    });

    test('row_shift of zeros, infinities and NaN', () => {
      const shift = (...x: number[]) => [
        ...apply(backend, dtype, 'row_shift', { rows: 1, cols: x.length }, [], [x])[0],
      ];
      // The greatest of -0 and +0 is the one that comes first.
      expect(shift(-0, 0)).toEqual([0, 0]);
      expect(shift(0, -0)).toEqual([0, -0]);
      expect(shift(NaN, 3, 5)).toEqual([NaN, -2, 0]);
      expect(shift(3, -Infinity, NaN)).toEqual([0, -Infinity, NaN]);
      expect(shift(-Infinity, -Infinity)).toEqual([NaN, NaN]);
      expect(shift(Infinity, 1)).toEqual([NaN, -Infinity]);
      expect(shift(NaN)).toEqual([NaN]);
    });

    test('pinball_loss goes down one column', () => {
      const [rows, cols] = [3, 2];
      const run = (at: number, y: number[], o: number[]) =>
        runKernel(
          backend,
          dtype,
          [arrayOf(dtype, y), arrayOf(dtype, o), arrayOf(dtype, 6).fill(7), arrayOf(dtype, 6).fill(9)],
          0,
          (kernels, [a, b, d, t]) => kernels.pinball_loss(rows, cols, at, 0.25, 0.5, a, b, d, t),
        ).arrays.slice(2);
      expectSameBits(run(1, [0, 0, 0], [1, 4, 1, -4, 1, 0])[0], arrayOf(dtype, [7, 0.375, 7, -0.125, 7, 0]));
      expectSameBits(run(1, [0, 0, 0], [1, 4, 1, -4, 1, 0])[1], arrayOf(dtype, [9, 3, 9, 1, 9, -0]));
      const [d, t] = run(0, [NaN, Infinity, -Infinity], [1, 0, 1, 0, 1, 0]);
      expectSameBits(d, arrayOf(dtype, [NaN, 7, -0.125, 7, 0.375, 7]));
      expectSameBits(t, arrayOf(dtype, [NaN, 9, Infinity, 9, Infinity, 9]));
      for (const array of run(2, [1, 2, 3], [1, 2, 3, 4, 5, 6])) expect(new Set(array).size).toBe(1);
    });

    test('cosine_loss and kl_divergence of zeros, infinities and NaN', () => {
      const cosine = (y: number[], o: number[]) =>
        apply(backend, dtype, 'cosine_loss', { rows: 1, cols: y.length }, [], [y, o]).map((array) => [...array]);
      expect(cosine([1, 2], [0, -0])).toEqual([[0, 0], [1]]);
      expect(cosine([-0, 0], [3, 4])).toEqual([[0, 0], [1]]);
      expect(cosine([3, 4], [3, 4])[1]).toEqual([0]);
      expect(cosine([4, -3], [3, 4])[1]).toEqual([1]);
      expect(cosine([NaN, 0], [3, 4])[1]).toEqual([NaN]);
      expect(cosine([1, 0], [Infinity, 4])[1]).toEqual([NaN]);
      const divergence = (y: number[], v: number[], s: number[], o: number[]) =>
        apply(backend, dtype, 'kl_divergence', { rows: 1, cols: 2 }, [], [y, v, s, o, [0]]).map((array) => [...array]);
      // A class that is masked, with target 0, is left out.
      expect(divergence([0, 1], [-Infinity, 0], [-Infinity, 0], [0, 1])).toEqual([[0, 0], [0]]);
      expect(divergence([1, 0], [0, -Infinity], [-Infinity, 0], [0, 1])).toEqual([[-1, 1], [Infinity]]);
      expect(divergence([NaN, 0], [NaN, 0], [0, 0], [0.5, 0.5])[1]).toEqual([NaN]);
    });

    test('sums of -0 along a row are +0', () => {
      expect(apply(backend, dtype, 'row_sums', { rows: 1, cols: 2 }, [1], [[-0, -0]])[0][0]).toBe(0);
      expect(apply(backend, dtype, 'row_normalize', { rows: 1, cols: 1 }, [], [[-0]]).map(([x]) => x)).toEqual([
        NaN,
        0,
      ]);
      expect(apply(backend, dtype, 'softmax_delta', { rows: 1, cols: 1 }, [], [[1], [-0]])[0][0]).toBe(-0);
    });

    test.each([true, false])('row_total is one accumulator, weighted: %s', (weighted) => {
      for (const rows of [0, 1, 2, 300]) {
        const w = numbers(dtype, rows, 1, 'ordinary');
        const l = numbers(dtype, rows, 2, 'ordinary');
        const { arrays } = runKernel(backend, dtype, [w, l, arrayOf(dtype, 1)], 1, (kernels, [wAt, lAt, to]) =>
          kernels.row_total(rows, weighted ? wAt : 0, lAt, to),
        );
        const terms = Array.from(l, (value, i) => (weighted ? f(w[i] * value) : value));
        expect(arrays[2][0]).toBe(sum(f, terms));
      }
    });
  });
});
