// The kernels' derivatives are those of the functions they are meant for: against textbook formulas and differences in f64.

import { describe, expect, test } from 'vitest';
import type { Backend } from '../../src/backend/backend.js';
import { apply, applyToOne, backends } from '../support/backends.js';
import type { KernelName } from '../support/operands.js';

const POINTS = [-6, -2.5, -0.7, -0.1, 0.3, 1.1, 1.9, 5];

/** Central difference. */
const slope = (f: (x: number) => number, x: number) => (f(x + 1e-5) - f(x - 1e-5)) / 2e-5;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

type One = (name: KernelName, ...x: number[]) => number[];

/** The function as textbooks have it, and from the kernels its value and slope. */
const ACTIVATIONS: [string, (z: number) => number, (one: One, z: number) => [value: number, slope: number]][] = [
  [
    'relu',
    (z) => Math.max(z, 0),
    (one, z) => {
      const [h] = one('relu', z);
      return [h, one('relu_delta', 1, h)[0]];
    },
  ],
  [
    'leaky relu',
    (z) => Math.max(z, 0.1 * z),
    (one, z) => {
      const [h] = one('leaky_relu', 0.1, z);
      return [h, one('leaky_relu_delta', 0.1, 1, h)[0]];
    },
  ],
  [
    'elu',
    (z) => (z > 0 ? z : 1.3 * Math.expm1(z)),
    (one, z) => {
      const [h] = one('elu', 1.3, 1, z, ...one('expm1', z));
      return [h, one('elu_delta', 1.3, 1, 1, h)[0]];
    },
  ],
  [
    'tanh',
    Math.tanh,
    (one, z) => {
      const [h] = one('tanh', z);
      return [h, one('tanh_delta', 1, h)[0]];
    },
  ],
  [
    'softplus',
    (z) => Math.log(1 + Math.exp(z)),
    (one, z) => {
      const [h] = one('softplus', z, ...one('log1p', ...one('exp', ...one('minus_abs', z))));
      return [h, one('sigmoid', z)[0]];
    },
  ],
  [
    'gelu',
    (z) => 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3))),
    (one, z) => {
      const [g] = one('sigmoid', ...one('gelu_argument', z));
      const [h] = one('multiply', z, g);
      return [h, one('gelu_slope', z, g, h)[0]];
    },
  ],
  [
    'silu',
    (z) => z * sigmoid(z),
    (one, z) => {
      const [g] = one('sigmoid', z);
      const [h] = one('multiply', z, g);
      return [h, one('silu_slope', g, h)[0]];
    },
  ],
];

/** Targets, the loss as textbooks have it of the output (or logit, or log rate) x, and from the kernels slope and loss. */
const LOSSES: [string, number[], (y: number, x: number) => number, (one: One, y: number, x: number) => number[]][] = [
  ['squared', [-1, 0.4], (y, x) => (x - y) ** 2, (one, y, x) => one('squared_loss', 2, y, x)],
  ['absolute', [-1, 0.4], (y, x) => Math.abs(x - y), (one, y, x) => one('absolute_loss', 1, y, x)],
  [
    'huber',
    [-1, 0.4],
    (y, x) => (Math.abs(x - y) < 0.8 ? 0.5 * (x - y) ** 2 : 0.8 * (Math.abs(x - y) - 0.4)),
    (one, y, x) => one('huber_loss', 0.8, 1, y, x),
  ],
  [
    'logistic',
    [0, 0.3, 1],
    (y, x) => -y * Math.log(sigmoid(x)) - (1 - y) * Math.log(sigmoid(-x)),
    (one, y, x) => {
      const [s] = one('log1p', ...one('exp', ...one('minus_abs', x)));
      return one('logistic_loss', y, x, ...one('sigmoid', x), s);
    },
  ],
  [
    'poisson of a log rate',
    [0, 3],
    (y, x) => Math.exp(x) - y * x,
    (one, y, x) => one('poisson_loss', y, x, ...one('exp', x)),
  ],
  [
    'poisson of a rate',
    [0, 3],
    (y, x) => Math.abs(x) - y * Math.log(Math.abs(x)),
    (one, y, x) => {
      const rate = Math.abs(x);
      const [d, t] = one('poisson_rate_loss', y, ...one('log', rate), rate);
      return [Math.sign(x) * d, t];
    },
  ],
];

const LOGITS = [0.5, -1.2, 3, 0.1];
const TARGETS = [0.2, 0, 0.7, 0.4]; // a sum other than 1
const ERRORS = [1.5, -0.3, 0.8, -2];

const logSum = (z: number[]) => Math.log(z.reduce((sum, x) => sum + Math.exp(x), 0));
const softmax = (z: number[]) => z.map((x) => Math.exp(x - logSum(z)));
const dot = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * y[i], 0);
const gradient = (f: (z: number[]) => number, z: number[]) => z.map((at, j) => slope((x) => f(z.with(j, x)), at));

/** Shifted logits, softmax, log of the row's sum. */
function softmaxOf(backend: Backend, z: number[]) {
  const n = z.length;
  const [s] = apply(backend, 'f64', 'row_shift', { rows: 1, cols: n }, [], [z]);
  const [powers] = apply(backend, 'f64', 'exp', { n }, [], [s]);
  const [o, sums] = apply(backend, 'f64', 'row_normalize', { rows: 1, cols: n }, [], [powers]);
  return { s, o, q: apply(backend, 'f64', 'log', { n: 1 }, [], [sums])[0] };
}

const expectClose = (got: ArrayLike<number>, expected: readonly number[]) => {
  expected.forEach((value, i) => void expect(got[i]).toBeCloseTo(value, 6));
};

describe.each(backends)('on %s', (_, backend) => {
  const one: One = (name, ...x) => applyToOne(backend, 'f64', name, x);

  test.each(ACTIVATIONS)('%s', (_, f, kernels) => {
    for (const z of POINTS) expectClose(kernels(one, z), [f(z), slope(f, z)]);
  });

  test.each(LOSSES)('%s loss', (_, targets, f, kernels) => {
    for (const y of targets) {
      for (const x of POINTS) expectClose(kernels(one, y, x), [slope((at) => f(y, at), x), f(y, x)]);
    }
  });

  test('cross entropy of softmax', () => {
    const loss = (z: number[]) =>
      dot(
        TARGETS,
        z.map((x) => logSum(z) - x),
      );
    const { s, o, q } = softmaxOf(backend, LOGITS);
    expectClose(o, softmax(LOGITS));
    const [d, l] = apply(backend, 'f64', 'cross_entropy', { rows: 1, cols: 4 }, [], [TARGETS, s, o, q]);
    expectClose(l, [loss(LOGITS)]);
    expectClose(d, gradient(loss, LOGITS));
  });

  test('softmax_delta', () => {
    const { o } = softmaxOf(backend, LOGITS);
    const [d] = apply(backend, 'f64', 'softmax_delta', { rows: 1, cols: 4 }, [], [o, ERRORS]);
    expectClose(
      d,
      gradient((z) => dot(ERRORS, softmax(z)), LOGITS),
    );
  });
});
