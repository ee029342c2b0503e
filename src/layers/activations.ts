// The table of activations: from it come their names, their type, and the options that layers take for them.

import type { Activation } from './activation.js';
import { type EluOptions, elu } from './activations/elu.js';
import { exp } from './activations/exp.js';
import { gelu } from './activations/gelu.js';
import { identity } from './activations/identity.js';
import { type LeakyReluOptions, leakyRelu } from './activations/leakyRelu.js';
import { relu } from './activations/relu.js';
import { sigmoid } from './activations/sigmoid.js';
import { silu } from './activations/silu.js';
import { softmax } from './activations/softmax.js';
import { softplus } from './activations/softplus.js';
import { tanh } from './activations/tanh.js';
import type { Readers } from './options.js';

const TABLE = {
  identity,
  sigmoid,
  logistic: sigmoid,
  tanh,
  relu,
  leakyRelu,
  elu,
  gelu,
  silu,
  softplus,
  exp,
  softmax,
};

/** `'logistic'` is another name of `'sigmoid'`. */
export type ActivationName = keyof typeof TABLE;

export const ACTIVATIONS: Readonly<Record<ActivationName, Activation>> = TABLE;
export const ACTIVATION_NAMES = Object.keys(TABLE) as ActivationName[];

/** What the activations have for options. */
export interface ActivationOptions extends LeakyReluOptions, EluOptions {}

export const ACTIVATION_OPTIONS: Readers<ActivationOptions> = Object.assign(
  {},
  ...Object.values(ACTIVATIONS).map(({ options }) => options),
);
