// Every optimizer by its name, and the reading of a user's choice.

import { describe } from '../../checks/describe.js';
import { ValueError } from '../../checks/errors.js';
import { checkOptions } from '../../checks/read-options.js';
import { adagrad } from './adagrad.js';
import { adam } from './adam.js';
import { adamw } from './adamw.js';
import type { Kind, Option, PlanOf, Stepping, Whole } from './contract.js';
import { lbfgs } from './lbfgs.js';
import { lion } from './lion.js';
import { nadam } from './nadam.js';
import { rmsprop } from './rmsprop.js';
import { sgd } from './sgd.js';

const OPTIMIZERS = {
  sgd,
  adagrad,
  rmsprop,
  adam,
  adamw,
  nadam,
  lion,
  lbfgs,
};

type OptionsOf<Of> = Of extends Stepping<infer Options> ? Options : Of extends Whole<infer Options> ? Options : never;

export type OptimizerName = keyof typeof OPTIMIZERS;

export type OptimizerOptions = OptionsOf<(typeof OPTIMIZERS)[OptimizerName]>;

type PlanOfEach<Options> = Options extends unknown ? PlanOf<Options> : never;

/** Checked, every default filled in. */
export type OptimizerPlan = PlanOfEach<OptimizerOptions>;

/** Their names. */
export const optimizers: readonly OptimizerName[] = Object.freeze(Object.keys(OPTIMIZERS) as OptimizerName[]);

/** What its file says of an optimizer. */
export function kindOf({ name }: { readonly name: OptimizerName }): Kind<OptimizerOptions> {
  return OPTIMIZERS[name];
}

/** Whether an optimizer of this name has such an option; of names that are none: whatever they are asked. */
export function hasOption(name: unknown, option: string): boolean {
  const known = optimizers.find((each) => each === name);
  return !known || Object.hasOwn(kindOf({ name: known }).options, option);
}

/** @param value a name or options @throws {ValueError} naming the option */
export function readOptimizer(value: unknown): OptimizerPlan {
  const isName = typeof value === 'string';
  // A copy: every option is read once.
  const given: OptimizerOptions = Object.assign(Object.create(null), isName ? { name: value } : value);
  const { name } = given;
  if (!optimizers.includes(name)) {
    const got = describe(typeof value === 'object' && value !== null ? name : value);
    throw new ValueError(`"optimizer" must be one of ${optimizers.join(', ')}, by name or in options, got ${got}`);
  }
  const kind = kindOf({ name });
  const options: Readonly<Record<string, Option<unknown>>> = kind.options;
  checkOptions(given, ['name', ...Object.keys(options)], `optimizer ${name}`);
  const plan: Record<string, unknown> = { name };
  for (const [key, { initial, check }] of Object.entries(options)) {
    const each = given[key as keyof OptimizerOptions] as unknown;
    if (each !== undefined) check(each, `optimizer.${key}`);
    plan[key] = each === undefined ? initial : each;
  }
  kind.check?.(plan as unknown as OptimizerPlan);
  return plan as unknown as OptimizerPlan;
}
