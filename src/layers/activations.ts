// The table of activations: from it come their names, their type, and the options that layers take for them.

import { own } from '../checks/read-options.js';
import type { Readers } from '../checks/readers.js';
import { checkName } from '../checks/values.js';
import type { Activation } from './activation.js';
import { elu } from './activations/elu.js';
import { exp } from './activations/exp.js';
import { gelu } from './activations/gelu.js';
import { identity } from './activations/identity.js';
import { leakyRelu } from './activations/leakyRelu.js';
import { relu } from './activations/relu.js';
import { selu } from './activations/selu.js';
import { sigmoid } from './activations/sigmoid.js';
import { silu } from './activations/silu.js';
import { softmax } from './activations/softmax.js';
import { softplus } from './activations/softplus.js';
import { tanh } from './activations/tanh.js';
import { lineOf, type Together } from './kinds.js';
import type { MORE_ACTIVATIONS, MoreActivationName } from './more-activations.js';

const TABLE = {
  identity,
  sigmoid,
  logistic: sigmoid,
  tanh,
  relu,
  leakyRelu,
  elu,
  selu,
  gelu,
  silu,
  softplus,
  exp,
  softmax,
};

/** `'logistic'` is another name of `'sigmoid'`. Those of the second table are known where `bitgrad/layers` is imported. */
export type ActivationName = keyof typeof TABLE | MoreActivationName;

export const ACTIVATIONS: Partial<Record<ActivationName, Activation>> = TABLE as Record<string, Activation>;
export const ACTIVATION_NAMES = /* @__PURE__ */ Object.keys(TABLE) as ActivationName[];
/** What an error says of names and options that are not known. */
let hint = '; import bitgrad/layers for more';

export const more = (): string => hint;

/** The lines of both tables. */
export type Activations = typeof TABLE & typeof MORE_ACTIVATIONS;

/** What the activations of both tables have for options. */
export type ActivationOptions = Together<OptionsOf<Activations[ActivationName]>>;

export type OptionsOf<Line> = Line extends Activation<infer Options> ? Options : never;

let options: Readers<ActivationOptions> | undefined;

/** The readers of all lines' options. Not made at import. */
export function activationOptions(): Readers<ActivationOptions> {
  options ??= Object.assign({}, ...Object.values(ACTIVATIONS).map((line) => own(line, 'options')));
  return options as Readers<ActivationOptions>;
}

/** Further ones, by their names. */
export function addActivations(further: Partial<Record<ActivationName, Activation>>): void {
  hint = '';
  options = undefined;
  // Object.prototype may have a setter of that name, or none.
  Object.assign(Object.setPrototypeOf(ACTIVATIONS, null), further);
  ACTIVATION_NAMES.splice(0, Infinity, ...(Object.keys(ACTIVATIONS) as ActivationName[]));
}

/** A name of a table that bitgrad/layers adds to. @throws {ValueError} listing those that are known */
export const checkKnown = <Name extends string>(value: unknown, known: readonly Name[], name: string): Name =>
  checkName(value, known, name, hint);

/** @throws {ValueError} listing those that are known */
export function activationOf(value: unknown, name: string): Activation {
  return lineOf(ACTIVATIONS, checkKnown(value, ACTIVATION_NAMES, name));
}
