// Every optimizer by its name, and the reading of a user's choice.

import { readChoice } from '../../checks/read-options.js';
import { readEach } from '../../checks/readers.js';
import { adadelta } from './adadelta.js';
import { adagrad } from './adagrad.js';
import { adam } from './adam.js';
import { adamax } from './adamax.js';
import { adamw } from './adamw.js';
import { lbfgs } from './lbfgs.js';
import { lion } from './lion.js';
import { muon } from './muon.js';
import { nadam } from './nadam.js';
import type { Kind, PlanOf, Stepping, Whole } from './optimizer.js';
import { rmsprop } from './rmsprop.js';
import { sgd } from './sgd.js';

const OPTIMIZERS = {
  sgd,
  adagrad,
  rmsprop,
  adadelta,
  adam,
  adamax,
  adamw,
  nadam,
  lion,
  muon,
  lbfgs,
};

type OptionsOf<Of> = Of extends Stepping<infer Options> ? Options : Of extends Whole<infer Options> ? Options : never;

/** A name of {@link optimizers}. */
export type OptimizerName = keyof typeof OPTIMIZERS;

/** An optimizer by its name, with its options. */
export type OptimizerOptions = OptionsOf<(typeof OPTIMIZERS)[OptimizerName]>;

type PlanOfEach<Options> = Options extends unknown ? PlanOf<Options> : never;

/** Checked, every default filled in. */
export type OptimizerPlan = PlanOfEach<OptimizerOptions>;

/** Their names. */
export const optimizers: readonly OptimizerName[] = Object.freeze(Object.keys(OPTIMIZERS) as OptimizerName[]);

const OPTIONS = Object.fromEntries(
  Object.entries(OPTIMIZERS).map(([name, { options }]) => [name, Object.keys(options)]),
) as Record<OptimizerName, string[]>;

/** What its file says of an optimizer. */
export function kindOf({ name }: { readonly name: OptimizerName }): Kind<OptimizerOptions> {
  return OPTIMIZERS[name];
}

/** Vectors that any of them keeps at most: with all that may be switched on. */
export function mostSlots(): number {
  const on = (value: unknown) => (typeof value === 'boolean' ? true : value === 0 ? 1 : value);
  const slots = optimizers.map((name) => {
    const kind = kindOf({ name });
    const all = Object.entries(readOptimizer(name)).map(([option, value]) => [option, on(value)]);
    return kind.whole ? 0 : kind.slots(Object.fromEntries(all));
  });
  return Math.max(...slots);
}

/** Whether an optimizer of this name has such an option; of names that are none: whatever they are asked. */
export function hasOption(name: unknown, option: string): boolean {
  return !Object.hasOwn(OPTIONS, name as string) || OPTIONS[name as OptimizerName].includes(option);
}

/** The options of an optimizer that a file may leave out, which is older than they are: those that do nothing unless given. */
export function lateOptions(name: unknown): Partial<Record<string, unknown>> {
  if (!Object.hasOwn(OPTIONS, name as string)) return {};
  const off = Object.entries(readOptimizer(name)).filter(([, value]) => value === 0 || value === false);
  return Object.fromEntries(off);
}

/** @param value a name or options @throws {ValueError} naming the option */
export function readOptimizer(value: unknown): OptimizerPlan {
  const given = readChoice<OptimizerOptions>(value, OPTIONS, 'optimizer', (names) => `${names}, by name or in options`);
  const kind = kindOf(given);
  const plan = { name: given.name, ...readEach(kind.options, given, 'optimizer.') } as OptimizerPlan;
  kind.check?.(plan);
  return plan;
}
