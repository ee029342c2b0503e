// What a search may vary, and the values that it takes.

import { type ActivationName, ValueError } from '../../index.js';
import type { OptimizerName } from '../../train/index.js';
import { readTrainingOptions, type TableTrainingOptions } from '../training-options.js';

/** What trainTable is given of one candidate. */
export interface Candidate {
  readonly hidden?: readonly number[];
  readonly activation?: ActivationName;
  readonly solver?: OptimizerName;
  readonly learningRate?: number;
  readonly l2?: number;
  readonly batchSize?: number;
  readonly epochs?: number;
}

export type Tunable = keyof Candidate;

/** From low to high, both included: evenly, evenly in their logarithms, or integers. Numbers are drawn to three digits. */
export type Range =
  | { readonly uniform: readonly [low: number, high: number] }
  | { readonly logUniform: readonly [low: number, high: number] }
  | { readonly integers: readonly [low: number, high: number] };

/** Of each parameter the values to choose from; of numbers it may be a range. */
export interface TuningSpace {
  readonly hidden?: readonly (readonly number[])[];
  readonly activation?: readonly ActivationName[];
  readonly solver?: readonly OptimizerName[];
  readonly learningRate?: readonly number[] | Range;
  readonly l2?: readonly number[] | Range;
  readonly batchSize?: readonly number[] | Range;
  readonly epochs?: readonly number[] | Range;
}

/** In the order of the table's columns; of numbers what ranges of them are made of. */
export const TUNABLES: Readonly<Record<Tunable, { readonly numbers?: 'real' | 'integer' }>> = {
  hidden: {},
  activation: {},
  solver: {},
  learningRate: { numbers: 'real' },
  l2: { numbers: 'real' },
  batchSize: { numbers: 'integer' },
  epochs: { numbers: 'integer' },
};

export const TUNABLE_NAMES = Object.keys(TUNABLES) as Tunable[];

const HIDDEN = [[32], [64], [128], [64, 32], [128, 64]];

/** What is searched if nobody says what: drawn at random, or all of it. */
export const DEFAULT_SPACES: Readonly<Record<'random' | 'grid', TuningSpace>> = {
  random: {
    hidden: HIDDEN,
    activation: ['relu', 'tanh', 'gelu'],
    learningRate: { logUniform: [3e-4, 3e-2] },
    l2: [0, 1e-5, 1e-4, 1e-3],
  },
  grid: { hidden: [[32], [64, 32], [128, 64]], learningRate: [1e-3, 3e-3, 1e-2], l2: [0, 1e-4] },
};

const KINDS = ['uniform', 'logUniform', 'integers'] as const;

/** One range's kind and bounds; undefined of a list. */
export function rangeOf(
  values: unknown,
): readonly [kind: (typeof KINDS)[number], low: number, high: number] | undefined {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return undefined;
  const kind = KINDS.find((each) => Object.hasOwn(values, each));
  const bounds = kind && (values as Record<string, unknown>)[kind];
  if (!kind || Object.keys(values).length !== 1 || !Array.isArray(bounds) || bounds.length !== 2) return undefined;
  return [kind, bounds[0], bounds[1]];
}

/** One value, as a training reads it. @throws {ValueError} */
function checkValue(name: Tunable, value: unknown): void {
  try {
    if (name === 'activation' && typeof value !== 'string') throw new ValueError('"activation" must be a text');
    readTrainingOptions({ [name]: value } as TableTrainingOptions);
  } catch (error) {
    throw new ValueError(`"space": ${(error as Error).message}`);
  }
}

function checkRange(name: Tunable, values: unknown): void {
  const range = rangeOf(values);
  const { numbers } = TUNABLES[name];
  const wanted = numbers === 'integer' ? '{ integers: [low, high] }' : '{ uniform or logUniform: [low, high] }';
  if (!range || !numbers || (range[0] === 'integers') !== (numbers === 'integer')) {
    const or = numbers ? `, or ${wanted}` : '';
    throw new ValueError(`"space": "${name}" must be an array of values${or}, got ${JSON.stringify(values)}`);
  }
  const [kind, low, high] = range;
  checkValue(name, low);
  checkValue(name, high);
  if (!(low < high)) throw new ValueError(`"space": "${name}" must go from low to high, got ${low} to ${high}`);
  if (kind === 'logUniform' && low < 1e-300) {
    throw new ValueError(`"space": "${name}" must begin above 0, where logarithms end, got ${low}`);
  }
  if (kind === 'integers' && high - low >= 2 ** 31) {
    throw new ValueError(`"space": "${name}" must have fewer than 2^31 integers, got ${low} to ${high}`);
  }
}

/** A copy, its names in the order of the table. @throws {ValueError} naming the parameter */
export function readSpace(given: unknown): TuningSpace {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ValueError(`"space" must be an object of arrays and ranges, got ${JSON.stringify(given)}`);
  }
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(TUNABLES, name));
  if (unknown !== undefined) {
    throw new ValueError(`"space": unknown parameter "${unknown}"; known are ${TUNABLE_NAMES.join(', ')}`);
  }
  const entries = TUNABLE_NAMES.flatMap((name): [Tunable, unknown][] => {
    const values = (given as TuningSpace)[name];
    if (values === undefined) return [];
    if (!Array.isArray(values)) checkRange(name, values);
    else if (values.length === 0) throw new ValueError(`"space": "${name}" must have a value at least`);
    else for (const value of values) checkValue(name, value);
    return [[name, values]];
  });
  return structuredClone(Object.fromEntries(entries));
}

/** Whether there is something to choose. */
export const varies = (space: TuningSpace): boolean =>
  Object.values(space).some((values) => !Array.isArray(values) || values.length > 1);

/** What is given; if that leaves nothing to choose, the default for all that is not given. */
export const spaceOf = (given: TuningSpace, mode: 'random' | 'grid'): TuningSpace =>
  readSpace(varies(given) ? given : { ...DEFAULT_SPACES[mode], ...given });
