// Source: scikit-learn 1.2.1, sklearn/feature_extraction/text.py.

import { ValueError } from '../../checks/errors.js';
import type { JSONNumber } from '../../checks/json-number.js';
import { readOptions } from '../../checks/read-options.js';
import { checkFlag, checkName } from '../../checks/values.js';
import { flag, integer, oneOf, optional } from '../../files/schema.js';
import { type NumberTable, readNumbers } from '../../matrix/copies.js';
import { placeOf, SPARSE, type TypedArray } from '../../matrix/operand.js';
import { create as createSparse, SparseMatrix } from '../../matrix/sparse.js';
import type { TableInput } from '../../matrix/table.js';
import { log } from '../../numbers/precise-log.js';
import { checkColumns, Fitted, namesForm } from '../fitted.js';
import { column, encodeNumbers, readJSON, readMembers } from '../fitted-json.js';
import { readSparse } from '../sparse-columns.js';
import { NORMS, type Norm, normalizeRows } from './norms.js';
import { orNull } from './texts.js';

const KIND = 'TfidfTransformer';
export const TFIDF_OPTIONS = ['norm', 'useIdf', 'smoothIdf', 'sublinearTf'] as const;

/** Options of {@link TfidfTransformer}. */
export interface TfidfTransformerOptions {
  /** What each row is divided by. Default: `'l2'`. */
  norm?: Norm;
  /** Whether columns weigh more the fewer rows have them. Default: true. */
  useIdf?: boolean;
  /** Whether to count one more row, which has all columns: so that no weight is infinite. Default: true. */
  smoothIdf?: boolean;
  /** Whether counts become 1 + ln(count). Default: false. */
  sublinearTf?: boolean;
}

/** What {@link TfidfTransformer} is as plain JSON. */
export interface TfidfTransformerJSON {
  /** Tells it from what other classes write. */
  kind: typeof KIND;
  norm: Norm;
  useIdf: boolean;
  smoothIdf: boolean;
  sublinearTf: boolean;
  /** Before fit there is none of these; without useIdf no idf. */
  cols?: number;
  idf?: JSONNumber[];
  featureNamesIn?: string[];
}

interface FittedWeights {
  readonly idf: TypedArray | undefined;
}

/** What is not 0 of a matrix that was read. */
function storedOf({ rows, cols, data }: NumberTable): SparseMatrix {
  const gap = data.findIndex((x: number) => Number.isNaN(x));
  if (gap >= 0) throw new ValueError(`"X"${placeOf(gap, cols, false)} is NaN`);
  return SparseMatrix.fromDense({ rows, cols, data });
}

// Outside the class, as src/matrix/matrix.ts says.
const create = (options: TfidfTransformerOptions): TfidfTransformer => new TfidfTransformer(options);

/**
 * Counts of terms by how much they tell: each times its column's idf, ln((1 + n) / (1 + df)) + 1 of n rows, df of which have it, and each
 * row divided by its norm; scikit-learn's `TfidfTransformer`. It gives a SparseMatrix, whatever it takes.
 *
 * @param options norm (default `'l2'`), useIdf, smoothIdf (default true), sublinearTf (default false)
 * @throws {ValueError} naming the option
 * @example
 * const weights = new TfidfTransformer({ smoothIdf: false, norm: null });
 * weights.fitTransform([[1, 2], [0, 1]]).toDense().toArray()[1]; // [0, 1]
 * weights.idf.length; // 2
 */
export class TfidfTransformer extends Fitted<FittedWeights> {
  readonly norm: Norm;
  readonly useIdf: boolean;
  readonly smoothIdf: boolean;
  readonly sublinearTf: boolean;

  constructor(options: TfidfTransformerOptions = {}) {
    super(KIND);
    const given = readOptions(options, TFIDF_OPTIONS, KIND);
    const { norm = 'l2', useIdf = true, smoothIdf = true, sublinearTf = false } = given;
    this.norm = norm === null ? norm : checkName(norm, NORMS, 'norm', ', or null');
    this.useIdf = checkFlag(useIdf, 'useIdf');
    this.smoothIdf = checkFlag(smoothIdf, 'smoothIdf');
    this.sublinearTf = checkFlag(sublinearTf, 'sublinearTf');
  }

  /** @internal */
  protected override options() {
    const { norm, useIdf, smoothIdf, sublinearTf } = this;
    return { norm, useIdf, smoothIdf, sublinearTf };
  }

  /** Each column's weight; undefined without useIdf. @throws {NotFittedError} */
  get idf(): TypedArray | undefined {
    return this.learnt.idf;
  }

  /**
   * Counts in how many rows each column is not 0; what was fitted before is forgotten.
   *
   * @param X rows x columns, dense or sparse
   * @throws {ShapeError|ValueError|DtypeError} naming it, at NaN and infinities
   */
  fit(X: TableInput): this {
    const sparse = readSparse(X, 'X', false);
    const table = sparse ?? readNumbers(X, 'X');
    const stored = sparse ?? storedOf(table as NumberTable);
    return this.keep({ idf: this.useIdf ? this.#weights(stored) : undefined }, table);
  }

  #weights(X: SparseMatrix): TypedArray {
    const { indices, values } = X[SPARSE];
    const idf = new Float64Array(X.cols);
    for (let e = 0; e < indices.length; e++) if (values[e] !== 0) idf[indices[e]]++;
    const more = Number(this.smoothIdf);
    return idf.map((count) => (count + more === 0 ? Infinity : log((X.rows + more) / (count + more)) + 1));
  }

  /**
   * Rows that are weighted and divided by their norms.
   *
   * @throws {NotFittedError}; {ShapeError} unless X has the columns fitted; {ValueError} at NaN, infinities, counts below 0 with sublinearTf,
   * and a column without a weight
   */
  transform(X: TableInput): SparseMatrix {
    const { idf } = this.learnt;
    const sparse = readSparse(X, 'X', false);
    if (sparse) checkColumns(sparse, this.nFeaturesIn, 'X');
    const weighted = (sparse ?? storedOf(this.numbers(X))).map((count, i, j) => {
      if (count === 0) return count;
      if (this.sublinearTf && count < 0) {
        throw new ValueError(
          `"X"[${i}][${j}] is ${count}: sublinearTf is of counts above 0, as of alternateSign: false`,
        );
      }
      if (idf?.[j] === Infinity) {
        throw new ValueError(`"X"[${i}][${j}] is ${count}, but fit saw no such column: write smoothIdf: true`);
      }
      const part = this.sublinearTf ? log(count) + 1 : count;
      return idf ? part * idf[j] : part;
    });
    const { rows, cols } = weighted;
    const { data, ...places } = weighted.toCSR();
    const parts = { ...places, values: data };
    normalizeRows(parts, this.norm);
    return createSparse(rows, cols, parts);
  }

  /** fit and transform. */
  fitTransform(X: TableInput): SparseMatrix {
    return this.fit(X).transform(X);
  }

  /** One with the same options that was not fitted. */
  clone(): TfidfTransformer {
    return create(this.options());
  }

  /** Plain JSON, which fromJSON takes back with all its bits; before fit the options alone. */
  toJSON(): TfidfTransformerJSON {
    const { maybeLearnt: state } = this;
    return {
      kind: KIND,
      ...this.options(),
      ...(state && {
        cols: this.nFeaturesIn,
        ...(state.idf && { idf: encodeNumbers(state.idf) }),
        ...this.namesJSON,
      }),
    };
  }

  /** The transformer that toJSON wrote. @param json it or its text @throws {ValueError} if it is something else */
  static fromJSON(json: TfidfTransformerJSON | string): TfidfTransformer {
    const source = readJSON<TfidfTransformerJSON>(json, KIND);
    // An array's own length: nothing is allocated for a number that someone wrote.
    const length = Array.isArray(source.idf) ? source.idf.length : undefined;
    const { cols, idf, featureNamesIn, ...options } = readMembers(source, {
      norm: orNull(oneOf(...NORMS)),
      useIdf: flag,
      smoothIdf: flag,
      sublinearTf: flag,
      cols: optional(length === undefined ? integer(1) : integer(length, length)),
      idf: optional(column(length ?? 0)),
      featureNamesIn: (value, path) => (value === undefined ? value : namesForm(Number(source.cols))(value, path)),
    });
    const transformer = create(options);
    const half = (cols === undefined ? idf : !idf === options.useIdf) || idf?.some((x: number) => !(x > 0));
    if (half)
      throw new ValueError('"json.idf" must be one number above 0 a column, if there is one, with useIdf alone');
    return cols === undefined ? transformer : transformer.keep({ idf }, { cols, names: featureNamesIn });
  }
}
