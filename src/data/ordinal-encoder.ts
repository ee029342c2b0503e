// Source: scikit-learn 1.2.1, sklearn/preprocessing/_encoders.py.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { encodeNumber, type JSONNumber } from '../checks/json-number.js';
import { readOptions } from '../checks/read-options.js';
import { checkName, refuseValue } from '../checks/values.js';
import { type Check, list, text } from '../files/schema.js';
import { readFinite } from '../matrix/copies.js';
import { Matrix } from '../matrix/matrix.js';
import { checkDtype, type Dtype, type MatrixInput, newArray } from '../matrix/operand.js';
import { readTable, type TableInput } from '../matrix/table.js';
import {
  categoryList,
  codesOfColumn,
  fitCategories,
  type GivenCategories,
  readGivenCategories,
  refuseUnknown,
} from './categories.js';
import { checkColumns, Fitted, namesForm } from './fitted.js';
import { column, columnsOf, readJSON, readMembers } from './fitted-json.js';
import type { Category } from './labels.js';

const KIND = 'OrdinalEncoder';
const OPTIONS = ['categories', 'handleUnknown', 'unknownValue', 'encodedMissingValue', 'dtype'];
const UNKNOWN = ['error', 'useEncodedValue'] as const;

/** Options of {@link OrdinalEncoder}. */
export interface OrdinalEncoderOptions {
  /** Each column's categories in the order of their numbers; default `'auto'`: those that fit sees, sorted. */
  categories?: GivenCategories | undefined;
  /** What transform does at a category that is none of them: refuse it, or write `unknownValue`. Default: `'error'`. */
  handleUnknown?: (typeof UNKNOWN)[number];
  /** An integer that is no category's number, or NaN; needed with `'useEncodedValue'`, and only then. */
  unknownValue?: number | undefined;
  /** What gaps become: an integer that is no category's number, or NaN. Default: NaN. */
  encodedMissingValue?: number;
  /** Of what transform returns. Default: `'f64'`. */
  dtype?: Dtype;
}

/** What {@link OrdinalEncoder} is as plain JSON. */
export interface OrdinalEncoderJSON {
  /** Tells it from what other classes write. */
  kind: typeof KIND;
  /** The option `categories`; null: `'auto'`. */
  given: Category[][] | null;
  handleUnknown: (typeof UNKNOWN)[number];
  unknownValue: JSONNumber | null;
  encodedMissingValue: JSONNumber;
  dtype: Dtype;
  /** Of each column; none before fit. */
  categories?: Category[][];
  featureNamesIn?: string[];
}

const isCode = (value: unknown): boolean => Number.isSafeInteger(value) || Number.isNaN(value);

// Outside the class, as src/matrix/matrix.ts says.
const create = (options: OrdinalEncoderOptions): OrdinalEncoder => new OrdinalEncoder(options);

/**
 * Categories as integers from 0, a column for a column; scikit-learn's `OrdinalEncoder`. Gaps (null, undefined, NaN) become
 * encodedMissingValue.
 *
 * @param options categories, handleUnknown (default `'error'`), unknownValue, encodedMissingValue (default NaN), dtype
 * @throws {ValueError} for an option that is none; {DtypeError}
 * @example
 * const sizes = new OrdinalEncoder({ categories: [['small', 'medium', 'large']] });
 * sizes.fitTransform([['large'], ['small']]).toArray(); // [[2], [0]]
 */
export class OrdinalEncoder extends Fitted<{ readonly categories: Category[][] }> {
  readonly handleUnknown: (typeof UNKNOWN)[number];
  readonly unknownValue: number | undefined;
  readonly encodedMissingValue: number;
  readonly dtype: Dtype;
  readonly #given: 'auto' | Category[][];

  constructor(options: OrdinalEncoderOptions = {}) {
    super(KIND);
    const given = readOptions(options, OPTIONS, KIND);
    const { categories = 'auto', handleUnknown = 'error', unknownValue, encodedMissingValue = Number.NaN } = given;
    this.#given = readGivenCategories(categories);
    this.handleUnknown = checkName(handleUnknown, UNKNOWN, 'handleUnknown');
    if (handleUnknown === 'error' ? unknownValue !== undefined : !isCode(unknownValue)) {
      const wanted =
        handleUnknown === 'error' ? 'left out unless "handleUnknown" is useEncodedValue' : 'an integer or NaN';
      refuseValue('unknownValue', wanted, unknownValue);
    }
    if (!isCode(encodedMissingValue)) refuseValue('encodedMissingValue', 'an integer or NaN', encodedMissingValue);
    this.unknownValue = unknownValue;
    this.encodedMissingValue = encodedMissingValue;
    this.dtype = checkDtype(given.dtype ?? 'f64');
  }

  /** @internal */
  protected override options(): OrdinalEncoderOptions {
    const { handleUnknown, unknownValue, encodedMissingValue, dtype } = this;
    return { categories: this.#given, handleUnknown, unknownValue, encodedMissingValue, dtype };
  }

  /** Each column's categories in the order of their numbers; null stands for gaps. @throws {NotFittedError} */
  get categories(): Category[][] {
    return this.learnt.categories.map((each) => [...each]);
  }

  /**
   * Takes the categories of each column.
   *
   * @param X rows x features: strings, finite numbers, booleans and gaps, one kind a column
   * @throws {ShapeError|ValueError} naming the column
   */
  fit(X: TableInput): this {
    const table = readTable(X, 'X');
    const categories = fitCategories(table, this.#given, this.handleUnknown === 'error');
    categories.forEach((each, j) => {
      this.#checkFree('unknownValue', each, table.columnName(j));
      if (each.includes(null)) this.#checkFree('encodedMissingValue', each, table.columnName(j));
    });
    return this.keep({ categories }, table);
  }

  #checkFree(name: 'unknownValue' | 'encodedMissingValue', categories: readonly Category[], where: string): void {
    const value = this[name] ?? -1;
    if (!(value >= 0 && value < categories.length)) return;
    throw new ValueError(
      `"${name}" is ${value}, the number of a category of "${where}": ${describe(categories[value])}`,
    );
  }

  /** A number for each cell. @throws {NotFittedError}; {ShapeError}; {ValueError} at an unknown category */
  transform(X: TableInput): Matrix {
    const { categories } = this.learnt;
    const table = this.table(X);
    const { rows, cols } = table;
    const data = newArray(this.dtype, rows * cols);
    categories.forEach((each, j) => {
      codesOfColumn(table, j, each).forEach((code, i) => {
        if (code < 0 && this.handleUnknown === 'error') refuseUnknown(table, i, j, 'fit did not see');
        data[i * cols + j] =
          code < 0 ? (this.unknownValue as number) : each[code] === null ? this.encodedMissingValue : code;
      });
    });
    return new Matrix(rows, cols, data);
  }

  /** fit and transform. */
  fitTransform(X: TableInput): Matrix {
    return this.fit(X).transform(X);
  }

  /** The categories of these numbers; null of gaps and unknown ones. @throws {NotFittedError}; {ShapeError}; {ValueError} */
  inverseTransform(X: MatrixInput): Category[][] {
    const { categories } = this.learnt;
    const table = readFinite(X, 'X', true, true);
    checkColumns(table, categories.length, 'X');
    const { rows, cols, data } = table;
    const missing = Object.is(this.encodedMissingValue, -0) ? 0 : this.encodedMissingValue;
    return Array.from({ length: rows }, (_, i) =>
      categories.map((each, j) => {
        const code = data[i * cols + j];
        if (each.includes(null) && (Object.is(code, missing) || code === missing)) return null;
        if (this.handleUnknown !== 'error' && (Object.is(code, this.unknownValue) || code === this.unknownValue))
          return null;
        const found = each[code];
        if (found !== undefined) return found;
        throw new ValueError(`"X"[${i}][${j}] is ${code}, the number of no category`);
      }),
    );
  }

  /** An encoder with the same options that was not fitted. */
  clone(): OrdinalEncoder {
    return create(this.options());
  }

  /** Plain JSON, which fromJSON takes back; before fit the options alone. */
  toJSON(): OrdinalEncoderJSON {
    const { handleUnknown, unknownValue, encodedMissingValue, dtype } = this;
    const given = this.#given;
    return {
      kind: KIND,
      given: given === 'auto' ? null : given.map((each) => [...each]),
      handleUnknown,
      unknownValue: unknownValue === undefined ? null : encodeNumber(unknownValue),
      encodedMissingValue: encodeNumber(encodedMissingValue),
      dtype,
      ...(this.maybeLearnt && { categories: this.categories, ...this.namesJSON }),
    };
  }

  /** The encoder that toJSON wrote. @param json it or its text @throws {ValueError|DtypeError} if it is something else */
  static fromJSON(json: OrdinalEncoderJSON | string): OrdinalEncoder {
    const source = readJSON<OrdinalEncoderJSON>(json, KIND);
    const number: Check<number> = (value, path) => column(1)([value], path)[0];
    const options = {
      given: (value: unknown, path: string) => (value === null ? undefined : list(categoryList)(value, path)),
      handleUnknown: text as Check<(typeof UNKNOWN)[number]>,
      unknownValue: (value: unknown, path: string) => (value === null ? undefined : number(value, path)),
      encodedMissingValue: number,
      dtype: text as Check<Dtype>,
    };
    if (!Object.hasOwn(source, 'categories')) {
      const { given, ...rest } = readMembers(source, options);
      return create({ categories: given, ...rest });
    }
    const cols = columnsOf(source, 'categories');
    const { given, categories, featureNamesIn, ...rest } = readMembers(source, {
      ...options,
      categories: list(categoryList, cols),
      featureNamesIn: namesForm(cols),
    });
    return create({ categories: given, ...rest }).keep({ categories }, { cols, names: featureNamesIn });
  }
}
