// A search as it is written down: all that its table depends on. Two machines do parts of one if theirs say the same.

import type { TableTrainingOptions } from '../training-options.js';
import type { TuningSpace } from './space.js';

/** What trainings of all candidates have in common. */
export const SETTINGS = [
  'task',
  'missing',
  'scale',
  'drop',
  'categorical',
  'maxCategories',
  'epochs',
  'validation',
  'patience',
  'dtype',
  'seed',
] as const satisfies readonly (keyof TableTrainingOptions)[];

export type Settings = Pick<TableTrainingOptions, (typeof SETTINGS)[number]>;

export interface Search {
  readonly data: {
    /** The column that is predicted. */
    readonly target: string;
    readonly allRows: number;
    readonly rows: number;
    readonly inputs: number;
    /** How many were to be drawn, if not all. */
    readonly sample?: number;
    /** Of the rows as they were read, and of the schema. */
    readonly sha256: string;
  };
  readonly settings: Settings;
  readonly space: TuningSpace;
  readonly mode: 'random' | 'grid';
  /** Candidates that there are. */
  readonly trials: number;
  readonly metric: string;
  readonly cv: number;
  readonly version: string;
  readonly contractVersion: number;
}

/** Every value with the path to it; arrays of values are one. */
function leaves(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, each]) => leaves(each, path ? `${path}.${name}` : name));
}

const short = (text: string | undefined): string =>
  text === undefined ? 'nothing' : text.length > 40 ? `${text.slice(0, 37)}...` : text;

/** In what two searches differ: `seed: 1 there, 2 here`; empty if they are the same. */
export function differences(there: Search, here: Search): string[] {
  const [a, b] = [new Map(leaves(there)), new Map(leaves(here))];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => a.get(path) !== b.get(path))
    .map((path) => `${path.replace(/^settings\./, '')}: ${short(a.get(path))} there, ${short(b.get(path))} here`);
}
