// Activations: how each comes out of the logits z, and how an error goes back through it.

import type { DtypeKernels } from '../kernels/core.js';

export const ACTIVATION_NAMES = [
  'identity',
  'sigmoid',
  'logistic',
  'tanh',
  'relu',
  'leakyRelu',
  'elu',
  'gelu',
  'silu',
  'softplus',
  'exp',
  'softmax',
] as const;

/** `'logistic'` is another name of `'sigmoid'`. */
export type ActivationName = (typeof ACTIVATION_NAMES)[number];

/** An activation over a tile of `rows` x `units`; addresses. */
export interface Activation {
  /**
   * Whether h and z need buffers of their own: because z holds the slope h'(z) after a forward pass that is to be followed
   * by a backward one, or, of softmax, the shifted logits. The others give their slope from h, and h may be z.
   */
  readonly apart: boolean;
  /** h = f(z). `scratch` has the tile's size; softmax leaves the sums of its rows there. */
  forward(k: DtypeKernels, rows: number, units: number, z: number, h: number, scratch: number, training: boolean): void;
  /** d = e f'(z) from the error e at h, in place if d is e. */
  backward(k: DtypeKernels, rows: number, units: number, e: number, h: number, z: number, d: number): void;
}

/** For those whose z holds the slope. */
const byTheSlope: Activation['backward'] = (k, rows, units, e, _h, slope, d) => k.multiply(rows * units, e, slope, d);

const identity: Activation = { apart: false, forward() {}, backward() {} };

const sigmoid: Activation = {
  apart: false,
  forward: (k, rows, units, z, h) => k.sigmoid(rows * units, z, h),
  backward: (k, rows, units, e, h, _z, d) => k.hidden_delta(rows * units, e, h, d),
};

const tanh: Activation = {
  apart: false,
  forward: (k, rows, units, z, h) => k.tanh(rows * units, z, h),
  backward: (k, rows, units, e, h, _z, d) => k.tanh_delta(rows * units, e, h, d),
};

const relu: Activation = {
  apart: false,
  forward: (k, rows, units, z, h) => k.relu(rows * units, z, h),
  backward: (k, rows, units, e, h, _z, d) => k.relu_delta(rows * units, e, h, d),
};

const leakyRelu = (slope: number): Activation => ({
  apart: false,
  forward: (k, rows, units, z, h) => k.leaky_relu(rows * units, slope, z, h),
  backward: (k, rows, units, e, h, _z, d) => k.leaky_relu_delta(rows * units, slope, e, h, d),
});

const elu = (alpha: number): Activation => ({
  apart: false,
  forward(k, rows, units, z, h, scratch) {
    k.expm1(rows * units, z, scratch);
    k.elu(rows * units, alpha, 1, z, scratch, h);
  },
  backward: (k, rows, units, e, h, _z, d) => k.elu_delta(rows * units, alpha, 1, e, h, d),
});

const gelu: Activation = {
  apart: true,
  forward(k, rows, units, z, h, scratch, training) {
    const n = rows * units;
    k.gelu_argument(n, z, scratch);
    k.sigmoid(n, scratch, scratch);
    k.multiply(n, z, scratch, h);
    if (training) k.gelu_slope(n, z, scratch, h, z);
  },
  backward: byTheSlope,
};

const silu: Activation = {
  apart: true,
  forward(k, rows, units, z, h, scratch, training) {
    const n = rows * units;
    k.sigmoid(n, z, scratch);
    k.multiply(n, z, scratch, h);
    if (training) k.silu_slope(n, scratch, h, z);
  },
  backward: byTheSlope,
};

const softplus: Activation = {
  apart: true,
  forward(k, rows, units, z, h, scratch, training) {
    const n = rows * units;
    k.minus_abs(n, z, scratch);
    k.exp(n, scratch, scratch);
    k.log1p(n, scratch, scratch);
    k.softplus(n, z, scratch, h);
    if (training) k.sigmoid(n, z, z);
  },
  backward: byTheSlope,
};

const exp: Activation = {
  apart: false,
  forward: (k, rows, units, z, h) => k.exp(rows * units, z, h),
  backward: (k, rows, units, e, h, _z, d) => k.multiply(rows * units, e, h, d),
};

const softmax: Activation = {
  apart: true,
  forward(k, rows, units, z, h, scratch) {
    k.row_shift(rows, units, z, z);
    k.exp(rows * units, z, h);
    k.row_normalize(rows, units, h, h, scratch);
  },
  backward: (k, rows, units, e, h, _z, d) => k.softmax_delta(rows, units, h, e, d),
};

const FIXED = { identity, sigmoid, logistic: sigmoid, tanh, relu, gelu, silu, softplus, exp, softmax };

/** The activation of that name; `negativeSlope` is leakyRelu's, `alpha` elu's. */
export function activationOf(name: ActivationName, negativeSlope: number, alpha: number): Activation {
  if (name === 'leakyRelu') return leakyRelu(negativeSlope);
  if (name === 'elu') return elu(alpha);
  return FIXED[name];
}
