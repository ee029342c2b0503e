// Source: scikit-learn 1.2.1, sklearn/preprocessing/_encoders.py.

import { ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkFlag, checkInteger, refuseValue } from '../checks/values.js';
import { readFinite } from '../matrix/copies.js';
import { Matrix } from '../matrix/matrix.js';
import { checkDtype, type Dtype, newArray, type RowsInput, SPARSE } from '../matrix/operand.js';
import { create as createSparse, type SparseMatrix } from '../matrix/sparse.js';
import { SparseBuilder } from '../matrix/sparse-builder.js';
import { readTable, type TableInput } from '../matrix/table.js';
import { argmax } from '../numbers/argmax.js';
import { codesOfColumn, fitCategories, readGivenCategories, refuseUnknown } from './categories.js';
import { checkColumns, Fitted } from './fitted.js';
import { findInfrequent, type OneHotColumn, oneHotColumn } from './infrequent.js';
import type { Category } from './labels.js';
import {
  type FittedCategories,
  type OneHotEncoderJSON,
  type OneHotEncoderOptions,
  readOneHotJSON,
  UNKNOWN,
} from './one-hot-json.js';
import { readSparse } from './sparse-columns.js';

const KIND = 'OneHotEncoder';
const OPTIONS = ['categories', 'handleUnknown', 'drop', 'minFrequency', 'maxCategories', 'dtype', 'sparse'];

/** Rows of categories, each column of one kind, with gaps or without; or a matrix of numbers. */
export type CategoryInput = TableInput;

// Outside the class, as src/matrix/matrix.ts says.
const create = <S extends boolean>(options: OneHotEncoderOptions<S>): OneHotEncoder<S> => new OneHotEncoder(options);

/** What transform gives, by the option `sparse`. */
export type OneHot<S extends boolean> = S extends true ? SparseMatrix : Matrix;

/**
 * Categories as columns of zeros and ones; scikit-learn's `OneHotEncoder`, dense unless `sparse` is true. Gaps (null, undefined, NaN) are a category of
 * their own, the last.
 *
 * @param options categories, handleUnknown (default `'error'`), drop, minFrequency, maxCategories, dtype (default `'f64'`), sparse (default
 * false)
 * @throws {ValueError} for an option that is none; {DtypeError}
 * @example
 * new OneHotEncoder().fitTransform([['red', 1], ['blue', 2]]).toArray(); // [[0, 1, 1, 0], [1, 0, 0, 1]]
 */
export class OneHotEncoder<S extends boolean = false> extends Fitted<FittedCategories> {
  readonly handleUnknown: (typeof UNKNOWN)[number];
  readonly drop: 'first' | 'ifBinary' | undefined;
  readonly minFrequency: number | undefined;
  readonly maxCategories: number | undefined;
  readonly dtype: Dtype;
  readonly sparse: S;
  readonly #given: 'auto' | Category[][];

  constructor(options: OneHotEncoderOptions<S> = {}) {
    super(KIND);
    const known = readOptions(options, OPTIONS, KIND);
    const { categories = 'auto', handleUnknown = 'error', drop, minFrequency, maxCategories, dtype = 'f64' } = known;
    this.#given = readGivenCategories(categories);
    if (!UNKNOWN.includes(handleUnknown)) {
      refuseValue('handleUnknown', UNKNOWN.map((each) => `"${each}"`).join(' or '), handleUnknown);
    }
    if (drop !== undefined && drop !== 'first' && drop !== 'ifBinary') {
      refuseValue('drop', '"first", "ifBinary" or undefined', drop);
    }
    if (minFrequency !== undefined && !(minFrequency > 0 && (minFrequency < 1 || Number.isSafeInteger(minFrequency)))) {
      refuseValue('minFrequency', 'a positive integer or a part above 0 and below 1', minFrequency);
    }
    if (maxCategories !== undefined) checkInteger(maxCategories, 'maxCategories', 1);
    this.handleUnknown = handleUnknown;
    this.drop = drop;
    this.minFrequency = minFrequency;
    this.maxCategories = maxCategories;
    this.dtype = checkDtype(dtype);
    this.sparse = checkFlag(known.sparse ?? false, 'sparse') as S;
  }

  /** @internal */
  protected override options(): OneHotEncoderOptions<S> {
    const { handleUnknown, drop, minFrequency, maxCategories, dtype, sparse } = this;
    return { categories: this.#given, handleUnknown, drop, minFrequency, maxCategories, dtype, sparse };
  }

  /** Each column's categories in order; null stands for gaps. @throws {NotFittedError} */
  get categories(): Category[][] {
    return this.learnt.categories.map((each) => [...each]);
  }

  /** Each column's infrequent categories in order. @throws {NotFittedError} */
  get infrequentCategories(): Category[][] {
    const { categories, infrequent } = this.learnt;
    return infrequent.map((codes, j) => codes.map((code) => categories[j][code]));
  }

  get #columns(): OneHotColumn[] {
    const { categories, infrequent } = this.learnt;
    return categories.map((each, j) => oneHotColumn(each, infrequent[j], this.drop));
  }

  /**
   * Takes the categories of each column.
   *
   * @param X rows x features: strings, finite numbers, booleans and gaps, one kind a column
   * @throws {ShapeError|ValueError} naming the column
   */
  fit(X: CategoryInput): this {
    const table = readTable(X, 'X');
    const categories = fitCategories(table, this.#given, this.handleUnknown === 'error');
    const infrequent = categories.map((each, j) => findInfrequent(codesOfColumn(table, j, each), each.length, this));
    return this.keep({ categories, infrequent }, table);
  }

  /** A row of zeros and ones for each row. @throws {NotFittedError}; {ShapeError}; {ValueError} at an unknown category */
  transform(X: CategoryInput): OneHot<S> {
    const { categories } = this.learnt;
    const table = this.table(X);
    let cols = 0;
    // Of each feature the rows' columns, -1 of none.
    const ones = this.#columns.map(({ outputs, places, unknown }, j) => {
      const start = cols;
      cols += outputs.length;
      return codesOfColumn(table, j, categories[j]).map((code, i) => {
        if (code < 0 && this.handleUnknown === 'error') refuseUnknown(table, i, j, 'fit did not see');
        const place = code >= 0 ? places[code] : this.handleUnknown === 'infrequentIfExist' ? unknown : -1;
        return place < 0 ? -1 : start + place;
      });
    });
    const { rows } = table;
    return (this.sparse ? this.#sparse(rows, cols, ones) : this.#dense(rows, cols, ones)) as OneHot<S>;
  }

  #dense(rows: number, cols: number, ones: readonly Int32Array[]): Matrix {
    const data = newArray(this.dtype, rows * cols);
    for (const columns of ones) for (let i = 0; i < rows; i++) if (columns[i] >= 0) data[i * cols + columns[i]] = 1;
    return new Matrix(rows, cols, data);
  }

  #sparse(rows: number, cols: number, ones: readonly Int32Array[]): SparseMatrix {
    const builder = new SparseBuilder(rows, this.dtype);
    for (let i = 0; i < rows; i++) {
      for (const columns of ones) if (columns[i] >= 0) builder.add(columns[i], 1);
      builder.endRow();
    }
    return createSparse(rows, cols, builder.finish());
  }

  /** fit and transform. */
  fitTransform(X: CategoryInput): OneHot<S> {
    return this.fit(X).transform(X);
  }

  /**
   * The categories of each row: those of the greatest elements, `'infrequent_sklearn'` for any infrequent one. All zeros are the
   * category left out, else null if unknown ones are not refused.
   *
   * @param X rows x columns, dense or sparse, as transform returns them
   * @throws {NotFittedError}; {ShapeError} if the columns do not fit; {ValueError} at zeros that stand for no category
   */
  inverseTransform(X: RowsInput): Category[][] {
    const columns = this.#columns;
    const sparse = readSparse(X, 'X', false);
    const table = sparse ?? readFinite(X, 'X', true);
    checkColumns(table, this.getFeatureNamesOut().length, 'X');
    const { rows, cols } = table;
    // Of what is sparse one row at a time.
    const data = 'data' in table ? table.data : newArray(table.dtype, cols);
    return Array.from({ length: rows }, (_, i) => {
      sparse?.[SPARSE].copyTo(data, 0, i, 1);
      let at = sparse ? 0 : i * cols;
      return columns.map(({ outputs, dropped }, j) => {
        const from = at;
        at += outputs.length;
        if (data.subarray(from, at).some((x: number) => x !== 0)) return outputs[argmax(data, from, outputs.length)];
        if (dropped !== undefined) return dropped;
        if (this.handleUnknown !== 'error') return null;
        throw new ValueError(`"X"[${i}] has only zeros for feature ${j}, which is none of its categories`);
      });
    });
  }

  override get nFeaturesOut(): number {
    return this.getFeatureNamesOut().length;
  }

  /**
   * A name for each column that transform returns: the feature's, an underscore and the category.
   *
   * @param features their names; default: their own, or x0, x1, ...
   * @throws {NotFittedError}; {ShapeError} unless there is one a feature
   */
  override getFeatureNamesOut(features?: readonly string[]): string[] {
    const names = this.featureNames(features);
    return this.#columns.flatMap(({ outputs }, j) => outputs.map((category) => `${names[j]}_${category}`));
  }

  /** An encoder with the same options that was not fitted. */
  clone(): OneHotEncoder<S> {
    return create(this.options());
  }

  /** Plain JSON, which fromJSON takes back; before fit the options alone. */
  toJSON(): OneHotEncoderJSON {
    const { handleUnknown, drop, minFrequency, maxCategories, dtype, sparse, maybeLearnt: state } = this;
    const given = this.#given;
    return {
      kind: KIND,
      handleUnknown,
      drop: drop ?? null,
      dtype,
      ...(sparse && { sparse }),
      ...(given !== 'auto' && { given: given.map((each) => [...each]) }),
      ...(minFrequency !== undefined && { minFrequency }),
      ...(maxCategories !== undefined && { maxCategories }),
      ...(state && { categories: this.categories }),
      ...(state?.infrequent.some((each) => each.length > 0) && {
        infrequent: state.infrequent.map((each) => [...each]),
      }),
      ...this.namesJSON,
    };
  }

  /** The encoder that toJSON wrote. @param json it or its text @throws {ValueError|DtypeError} if it is something else */
  static fromJSON<S extends boolean = false>(json: OneHotEncoderJSON | string): OneHotEncoder<S> {
    const { options, state, names } = readOneHotJSON(json);
    const encoder = create(options as OneHotEncoderOptions<S>);
    return state ? encoder.keep(state, { cols: state.categories.length, names }) : encoder;
  }
}
