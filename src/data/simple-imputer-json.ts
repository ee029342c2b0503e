// SimpleImputer's options, what it learns, and both as JSON, every member of which is checked before it is used.

import { describe } from '../checks/describe.js';
import { decodeNumber } from '../checks/json-number.js';
import { refuseValue } from '../checks/values.js';
import { type Check, flag, integer, list, mismatch, oneOf } from '../files/schema.js';
import { namesForm } from './fitted.js';
import { columnsOf, readJSON, readMembers } from './fitted-json.js';
import type { Label } from './labels.js';

export const STRATEGIES = ['mean', 'median', 'mostFrequent', 'constant'] as const;
export const KINDS = ['number', 'string', 'boolean'] as const;
export type Kind = (typeof KINDS)[number];

/** Options of {@link SimpleImputer}. */
export interface SimpleImputerOptions {
  /** What a column's gaps become. Default: `'mean'`. */
  strategy?: (typeof STRATEGIES)[number];
  /** Of strategy `'constant'`. Default: 0 in columns of numbers, `'missing_value'` in columns of strings. */
  fillValue?: Label | undefined;
  /** Whether to add a column for each that had gaps in fit: 1 where there is one, else 0. Default: false. */
  addIndicator?: boolean;
  /** Whether columns that had nothing but gaps in fit are kept, as zeros; else they are left out. Default: false. */
  keepEmptyFeatures?: boolean;
}

/** What {@link SimpleImputer} is as plain JSON. */
export interface SimpleImputerJSON {
  /** Tells it from what other classes write. */
  kind: 'SimpleImputer';
  strategy: (typeof STRATEGIES)[number];
  fillValue: Label | null;
  addIndicator: boolean;
  keepEmptyFeatures: boolean;
  /** Of each column; null: it is left out. Before fit there is none of these. */
  statistics?: (Label | null)[];
  /** Of each column, what its cells are. */
  kinds?: Kind[];
  /** The columns whose gaps have a column of their own. */
  indicated?: number[];
  featureNamesIn?: string[];
}

/** What it learns. */
export interface FittedFills {
  /** What each column's gaps become; null: the column is left out. */
  readonly statistics: readonly (Label | null)[];
  readonly kinds: readonly Kind[];
  /** The columns that had gaps. */
  readonly indicated: readonly number[];
}

const label: Check<Label | null> = (value, path) => {
  const plain = value === null || (KINDS as readonly string[]).includes(typeof value);
  return plain ? (value as Label | null) : mismatch(path, `must be a label or null, got ${describe(value)}`);
};

/** What toJSON wrote. @throws {ValueError} naming what is wrong with it @internal */
export function readImputerJSON(json: unknown): {
  readonly options: SimpleImputerOptions;
  readonly state: FittedFills | undefined;
  readonly names: string[] | undefined;
} {
  const source = readJSON<SimpleImputerJSON>(json, 'SimpleImputer');
  const form = { strategy: oneOf(...STRATEGIES), fillValue: label, addIndicator: flag, keepEmptyFeatures: flag };
  if (!Object.hasOwn(source, 'statistics')) {
    const { fillValue, ...rest } = readMembers(source, form);
    return { options: { ...rest, fillValue: fillValue ?? undefined }, state: undefined, names: undefined };
  }
  const cols = columnsOf(source, 'statistics');
  const read = readMembers(source, {
    ...form,
    statistics: list(label, cols),
    kinds: list(oneOf(...KINDS), cols),
    indicated: list(integer(0, cols - 1)),
    featureNamesIn: namesForm(cols),
  });
  const { fillValue, statistics, kinds, indicated, featureNamesIn: names, ...rest } = read;
  const values = statistics.map((value, j) => {
    const own = kinds[j] === 'number' && value !== null ? decodeNumber(value) : value;
    if (own === null || typeof own === kinds[j]) return own as Label;
    return refuseValue('json.statistics', `a ${kinds[j]} or null`, value, `[${j}]`);
  });
  const options = { ...rest, fillValue: fillValue ?? undefined };
  return { options, state: { statistics: values, kinds, indicated }, names };
}
