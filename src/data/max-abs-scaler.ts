// Source: scikit-learn 1.2.1, sklearn/preprocessing/_data.py.

import type { JSONNumber } from '../checks/json-number.js';
import { readOptions } from '../checks/read-options.js';
import { integer, text } from '../files/schema.js';
import { readNumbers } from '../matrix/copies.js';
import { checkDtype, type Dtype, dtypeOf, newArray, SPARSE, type TypedArray } from '../matrix/operand.js';
import type { SparseMatrix } from '../matrix/sparse.js';
import type { TableInput } from '../matrix/table.js';
import { checkColumns, Fitted, namesForm } from './fitted.js';
import { column, columnsOf, encodeNumbers, readJSON, readMembers } from './fitted-json.js';
import { scaleOfSpan } from './moments.js';
import { type Kept, readSparse } from './sparse-columns.js';

const KIND = 'MaxAbsScaler';

/** What {@link MaxAbsScaler} is as plain JSON. */
export interface MaxAbsScalerJSON {
  /** Tells it from what other classes write. */
  kind: typeof KIND;
  /** Before fit there is none of these. */
  dtype?: Dtype;
  maxAbs?: JSONNumber[];
  nSamplesSeen?: number;
  featureNamesIn?: string[];
}

interface FittedGreatest {
  readonly maxAbs: TypedArray;
  readonly rows: number;
}

/** Each column's greatest absolute value; NaN of none. */
function greatest(cols: number, data: TypedArray, columnOf: (at: number) => number): TypedArray {
  const maxAbs = newArray(dtypeOf(data) as Dtype, cols).fill(Number.NaN);
  for (let at = 0; at < data.length; at++) {
    const size = Math.abs(data[at]);
    const j = columnOf(at);
    if (size >= 0 && !(maxAbs[j] >= size)) maxAbs[j] = size;
  }
  return maxAbs;
}

/** The same: a column that has fewer numbers than rows has a zero. */
function greatestOfSparse(X: SparseMatrix): TypedArray {
  const { rows, cols } = X;
  const { indices, values } = X[SPARSE];
  const maxAbs = greatest(cols, values, (e) => indices[e]);
  const counts = new Int32Array(cols);
  for (const j of indices) counts[j]++;
  counts.forEach((count, j) => {
    if (count < rows && !(maxAbs[j] >= 0)) maxAbs[j] = 0;
  });
  return maxAbs;
}

// Outside the class, as src/matrix/matrix.ts says.
const create = (): MaxAbsScaler => new MaxAbsScaler();

/**
 * Columns divided by their greatest absolute value, so that they lie from -1 to 1 and zeros stay zeros; scikit-learn's
 * `MaxAbsScaler`. NaN is left out of fit and stays NaN; a column of zeros is divided by 1. Of a SparseMatrix it makes one, by what
 * the dense matrix would give.
 *
 * @throws {ValueError} for any option; at infinities
 * @example
 * new MaxAbsScaler().fitTransform([[1], [-4], [2]]).toArray(); // [[0.25], [-1], [0.5]]
 */
export class MaxAbsScaler extends Fitted<FittedGreatest> {
  constructor(options: Record<string, never> = {}) {
    super(KIND);
    readOptions(options, [], KIND);
  }

  /** @internal */
  protected override options(): Record<string, never> {
    return {};
  }

  /** Each column's greatest absolute value. @throws {NotFittedError} */
  get maxAbs(): TypedArray {
    return this.learnt.maxAbs;
  }

  /** What each column is divided by. @throws {NotFittedError} */
  get scale(): TypedArray {
    return this.learnt.maxAbs.map(scaleOfSpan(dtypeOf(this.maxAbs) as Dtype));
  }

  /** Rows seen. @throws {NotFittedError} */
  get nSamplesSeen(): number {
    return this.learnt.rows;
  }

  /**
   * Takes the columns' greatest absolute values; what was fitted before is forgotten.
   *
   * @param X rows x columns, one of each or more
   * @throws {ShapeError|ValueError|DtypeError} naming it
   */
  fit(X: TableInput): this {
    return this.#learn(X, undefined);
  }

  /**
   * The same of these rows and those that were fitted before, if any were.
   *
   * @throws as fit; {ShapeError} unless X has the columns fitted
   */
  partialFit(X: TableInput): this {
    return this.#learn(X, this.maybeLearnt);
  }

  #learn(X: TableInput, before: FittedGreatest | undefined): this {
    const sparse = readSparse(X, 'X');
    if (sparse && before) checkColumns(sparse, this.nFeaturesIn, 'X');
    const table = sparse ?? (before ? this.numbers(X) : readNumbers(X, 'X'));
    const { rows, cols } = table;
    const maxAbs = 'data' in table ? greatest(cols, table.data, (at) => at % cols) : greatestOfSparse(table);
    before?.maxAbs.forEach((size, j) => {
      if (size >= 0 && !(maxAbs[j] >= size)) maxAbs[j] = size;
    });
    const state = { maxAbs, rows: rows + (before?.rows ?? 0) };
    return this.keep(state, before ? { cols, names: this.featureNamesIn } : table);
  }

  /** X / scale. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  transform<X extends TableInput>(X: X): Kept<X> {
    const { scale } = this;
    return this.mapKept(X, (data, at, j) => {
      data[at] /= scale[j];
    });
  }

  /** fit and transform. */
  fitTransform<X extends TableInput>(X: X): Kept<X> {
    return this.fit(X).transform(X);
  }

  /** X scale. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  inverseTransform<X extends TableInput>(X: X): Kept<X> {
    const { scale } = this;
    return this.mapKept(X, (data, at, j) => {
      data[at] *= scale[j];
    });
  }

  /** A scaler that was not fitted. */
  clone(): MaxAbsScaler {
    return create();
  }

  /** Plain JSON, which fromJSON takes back with all its bits. */
  toJSON(): MaxAbsScalerJSON {
    const state = this.maybeLearnt;
    if (!state) return { kind: KIND };
    const { maxAbs, rows } = state;
    const dtype = dtypeOf(maxAbs) as Dtype;
    return { kind: KIND, dtype, maxAbs: encodeNumbers(maxAbs), nSamplesSeen: rows, ...this.namesJSON };
  }

  /** The scaler that toJSON wrote. @param json it or its text @throws {ValueError|DtypeError} if it is something else */
  static fromJSON(json: MaxAbsScalerJSON | string): MaxAbsScaler {
    const source = readJSON<MaxAbsScalerJSON>(json, KIND);
    if (!Object.hasOwn(source, 'maxAbs')) {
      readMembers(source, {});
      return create();
    }
    const cols = columnsOf(source, 'maxAbs');
    const { maxAbs, nSamplesSeen, featureNamesIn } = readMembers(source, {
      dtype: text,
      maxAbs: column(cols, checkDtype(source.dtype)),
      nSamplesSeen: integer(1),
      featureNamesIn: namesForm(cols),
    });
    return create().keep({ maxAbs, rows: nSamplesSeen }, { cols, names: featureNamesIn });
  }
}
