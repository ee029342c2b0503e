// OneHotEncoder's options, what it learns, and both as JSON, every member of which is checked before it is used.

import { ValueError } from '../checks/errors.js';
import { type Check, checkForm, flag, integer, list, number, oneOf, optional, text } from '../files/schema.js';
import type { Dtype } from '../matrix/operand.js';
import { categoryList, type GivenCategories } from './categories.js';
import { namesForm } from './fitted.js';
import { columnsOf, readJSON, readMembers } from './fitted-json.js';
import type { Category } from './labels.js';

export const UNKNOWN = ['error', 'ignore', 'infrequentIfExist'] as const;

/** Options of {@link OneHotEncoder}. */
export interface OneHotEncoderOptions<S extends boolean = boolean> {
  /** Each column's categories in the order of their columns; default `'auto'`: those that fit sees, sorted. */
  categories?: GivenCategories | undefined;
  /**
   * What transform does at a category that is none of them: refuse it, write zeros, or count it among the infrequent ones (zeros
   * where there are none). Default: `'error'`.
   */
  handleUnknown?: (typeof UNKNOWN)[number];
  /** Which columns of the result to leave out: none, each first category's, or that of features with two. Default: none. */
  drop?: 'first' | 'ifBinary' | undefined;
  /** Categories in fewer rows, or below 1 in a smaller part of them, share one last column. Default: none do. */
  minFrequency?: number | undefined;
  /** The most columns of a feature, that of infrequent ones among them. Default: no limit. */
  maxCategories?: number | undefined;
  /** Of what transform returns. Default: `'f64'`. */
  dtype?: Dtype;
  /** Whether transform gives a SparseMatrix. Default: false. */
  sparse?: S;
}

/** What {@link OneHotEncoder} is as plain JSON. */
export interface OneHotEncoderJSON {
  /** Tells it from what other classes write. */
  kind: 'OneHotEncoder';
  handleUnknown: (typeof UNKNOWN)[number];
  drop: 'first' | 'ifBinary' | null;
  dtype: Dtype;
  /** If it is true. */
  sparse?: boolean;
  /** The option `categories`, if it is not `'auto'`. */
  given?: Category[][];
  minFrequency?: number;
  maxCategories?: number;
  /** Of each column; none before fit. */
  categories?: Category[][];
  /** Of each column the numbers of its infrequent categories; none if no column has any. */
  infrequent?: number[][];
  featureNamesIn?: string[];
}

/** What it learns. */
export interface FittedCategories {
  readonly categories: Category[][];
  /** Of each column the numbers of its infrequent categories, ascending. */
  readonly infrequent: number[][];
}

/** What toJSON wrote. @throws {ValueError} naming what is wrong with it @internal */
export function readOneHotJSON(json: unknown): {
  readonly options: OneHotEncoderOptions;
  readonly state: FittedCategories | undefined;
  readonly names: string[] | undefined;
} {
  const source = readJSON<OneHotEncoderJSON>(json, 'OneHotEncoder');
  const fitted = Object.hasOwn(source, 'categories');
  const cols = fitted ? columnsOf(source, 'categories') : 0;
  const { drop, given, categories, infrequent, featureNamesIn, ...others } = readMembers(source, {
    handleUnknown: oneOf(...UNKNOWN),
    drop: ((value, path) => (value === null ? undefined : oneOf('first', 'ifBinary')(value, path))) as Check<
      'first' | 'ifBinary' | undefined
    >,
    dtype: text as Check<Dtype>,
    sparse: optional(flag),
    given: optional(list(categoryList)),
    minFrequency: optional(number),
    maxCategories: optional(integer(1)),
    categories: optional(list(categoryList, cols)),
    infrequent: optional(list(list(integer(0)), cols)),
    featureNamesIn: namesForm(cols),
  });
  const { handleUnknown, dtype, sparse = false, minFrequency, maxCategories } = others;
  const options = { handleUnknown, drop, dtype, sparse, categories: given, minFrequency, maxCategories };
  if (!categories) return { options, state: undefined, names: undefined };
  for (const [j, codes] of (infrequent ?? []).entries()) {
    codes.forEach((code, i) => {
      const least = i === 0 ? 0 : codes[i - 1] + 1;
      checkForm(integer(least, categories[j].length - 1), code, `json.infrequent[${j}][${i}]`, ValueError);
    });
  }
  return { options, state: { categories, infrequent: infrequent ?? categories.map(() => []) }, names: featureNamesIn };
}
