// Source: scikit-learn 1.2.1, sklearn/preprocessing/_encoders.py.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import { own, readOptions } from '../checks/read-options.js';
import { refuseCloning } from '../checks/uncloneable.js';
import { refuseValue } from '../checks/values.js';
import { checkForm } from '../files/schema.js';
import { readColumns, readFinite } from '../matrix/copies.js';
import { INSPECT, Matrix } from '../matrix/matrix.js';
import { checkDtype, type Dtype, type MatrixInput, newArray } from '../matrix/operand.js';
import { argmax } from '../numbers/argmax.js';
import { ADOPT, checkColumns, checkFitted, FITTED_ADVICE, show } from './fitted.js';
import { classList, readJSON } from './fitted-json.js';
import { codesOf, type Label, readLabels } from './labels.js';

const KIND = 'OneHotEncoder';

/** Rows of labels, each column of one kind; or a matrix of numbers. */
export type CategoryInput = readonly ArrayLike<Label>[] | MatrixInput;

export interface OneHotEncoderOptions {
  /** What transform does at a category that fit did not see: refuse it, or write zeros. Default: `'error'`. */
  handleUnknown?: 'error' | 'ignore';
  /** Which columns of the result to leave out: none, each first category's, or that of features with two. Default: none. */
  drop?: 'first' | 'ifBinary';
  /** Of what transform returns. Default: `'f64'`. */
  dtype?: Dtype;
}

export interface OneHotEncoderJSON {
  kind: typeof KIND;
  handleUnknown: 'error' | 'ignore';
  drop: 'first' | 'ifBinary' | null;
  dtype: Dtype;
  /** Of each column; none before fit. */
  categories?: Label[][];
}

// Outside the class, as src/matrix/matrix.ts says.
const create = (options: OneHotEncoderOptions): OneHotEncoder => new OneHotEncoder(options);

/**
 * Categories as columns of zeros and ones; scikit-learn's `OneHotEncoder`, dense.
 *
 * @param options handleUnknown (default `'error'`), drop (default: nothing), dtype (default `'f64'`)
 * @throws {ValueError} for an option that is none; {DtypeError}
 * @example
 * new OneHotEncoder().fitTransform([['red', 1], ['blue', 2]]).toArray(); // [[0, 1, 1, 0], [1, 0, 0, 1]]
 */
export class OneHotEncoder {
  readonly handleUnknown: 'error' | 'ignore';
  readonly drop: 'first' | 'ifBinary' | undefined;
  readonly dtype: Dtype;
  #categories: Label[][] | undefined;

  constructor(options: OneHotEncoderOptions = {}) {
    const known = readOptions(options, ['handleUnknown', 'drop', 'dtype'], KIND);
    const { handleUnknown = 'error', drop, dtype = 'f64' } = known;
    if (handleUnknown !== 'error' && handleUnknown !== 'ignore') {
      refuseValue('handleUnknown', '"error" or "ignore"', handleUnknown);
    }
    if (drop !== undefined && drop !== 'first' && drop !== 'ifBinary') {
      refuseValue('drop', '"first", "ifBinary" or undefined', drop);
    }
    this.handleUnknown = handleUnknown;
    this.drop = drop;
    this.dtype = checkDtype(dtype);
    refuseCloning(this, FITTED_ADVICE);
  }

  /** Each column's categories in order. @throws {NotFittedError} */
  get categories(): Label[][] {
    return checkFitted(this.#categories, KIND);
  }

  /** How many of a feature's categories are left out: its first, or none. */
  #dropped(categories: readonly Label[]): 0 | 1 {
    return this.drop === 'first' || (this.drop === 'ifBinary' && categories.length === 2) ? 1 : 0;
  }

  /**
   * Takes the categories of each column.
   *
   * @param X rows x features: strings, finite numbers or booleans, one kind a column
   * @throws {ShapeError|ValueError} naming the column
   */
  fit(X: CategoryInput): this {
    this.#categories = readColumns(X, 'X').map((column, j) => readLabels(column, `X column ${j}`, false).classes);
    return this;
  }

  /** A row of zeros and ones for each row. @throws {NotFittedError}; {ShapeError}; {ValueError} at an unknown category */
  transform(X: CategoryInput): Matrix {
    const { categories } = this;
    const columns = readColumns(X, 'X');
    const rows = columns[0].length;
    checkColumns({ cols: columns.length }, categories.length, 'X');
    const cols = categories.reduce((sum, names) => sum + names.length - this.#dropped(names), 0);
    const data = newArray(this.dtype, rows * cols);
    let at = 0;
    categories.forEach((names, j) => {
      const dropped = this.#dropped(names);
      codesOf(readLabels(columns[j], `X column ${j}`, false).labels, names).forEach((code, i) => {
        if (code >= dropped) data[i * cols + at + code - dropped] = 1;
        if (code >= 0 || this.handleUnknown === 'ignore') return;
        throw new ValueError(`"X"[${i}][${j}] is ${describe(columns[j][i])}, a category that fit did not see`);
      });
      at += names.length - dropped;
    });
    return new Matrix(rows, cols, data);
  }

  /** fit and transform. */
  fitTransform(X: CategoryInput): Matrix {
    return this.fit(X).transform(X);
  }

  /**
   * The categories of each row: those of the greatest elements. All zeros are the category left out, else null if unknown
   * ones are ignored.
   *
   * @param X rows x columns, as transform returns them
   * @throws {NotFittedError}; {ShapeError} if the columns do not fit; {ValueError} at zeros that stand for no category
   */
  inverseTransform(X: MatrixInput): (Label | null)[][] {
    const { categories } = this;
    const table = readFinite(X, 'X', true);
    checkColumns(table, this.getFeatureNamesOut().length, 'X');
    const { rows, cols, data } = table;
    return Array.from({ length: rows }, (_, i) => {
      let at = i * cols;
      return categories.map((names, j) => {
        const dropped = this.#dropped(names);
        const count = names.length - dropped;
        const from = at;
        at += count;
        if (data.subarray(from, at).some((x: number) => x !== 0)) return names[dropped + argmax(data, from, count)];
        if (dropped) return names[0];
        if (this.handleUnknown === 'ignore') return null;
        throw new ValueError(`"X"[${i}] has only zeros for feature ${j}, which is none of its categories`);
      });
    });
  }

  /**
   * A name for each column that transform returns: the feature's, an underscore and the category.
   *
   * @param features their names; default: x0, x1, ...
   * @throws {NotFittedError}; {ShapeError} unless there is one a feature
   */
  getFeatureNamesOut(features?: readonly string[]): string[] {
    const { categories } = this;
    const given = features ?? categories.map((_, j) => `x${j}`);
    if (given.length !== categories.length) {
      throw new ShapeError(`"features" has ${given.length} names, but ${categories.length} columns were fitted`);
    }
    return categories.flatMap((names, j) => names.slice(this.#dropped(names)).map((name) => `${given[j]}_${name}`));
  }

  /** An encoder with the same options that was not fitted. */
  clone(): OneHotEncoder {
    const { handleUnknown, drop, dtype } = this;
    return create({ handleUnknown, drop, dtype });
  }

  /** Takes what another one learnt. @internal */
  [ADOPT](other: OneHotEncoder): void {
    this.#categories = other.#categories;
  }

  [INSPECT](): string {
    const { handleUnknown, drop, dtype } = this;
    return show(KIND, { handleUnknown, ...(drop && { drop }), dtype }, this.#categories?.length);
  }

  /** Plain JSON, which fromJSON takes back; before fit the options alone. */
  toJSON(): OneHotEncoderJSON {
    const { handleUnknown, drop, dtype } = this;
    const categories = this.#categories?.map((names) => [...names]);
    return { kind: KIND, handleUnknown, drop: drop ?? null, dtype, ...(categories && { categories }) };
  }

  /** The encoder that toJSON wrote. @param json it or its text @throws {ValueError|DtypeError} if it is something else */
  static fromJSON(json: OneHotEncoderJSON | string): OneHotEncoder {
    const source = readJSON<OneHotEncoderJSON>(json, KIND);
    const { handleUnknown, drop, dtype } = source;
    const categories = own(source, 'categories');
    const encoder = create({ handleUnknown, drop: drop ?? undefined, dtype });
    if (categories === undefined) return encoder;
    if (!Array.isArray(categories) || categories.length === 0) {
      return refuseValue('json.categories', 'an array of one array a column', categories);
    }
    encoder.#categories = categories.map((names, j) =>
      checkForm(classList, names, `json.categories[${j}]`, ValueError),
    );
    return encoder;
  }
}
