// Source: scikit-learn 1.2.1, sklearn/preprocessing/_data.py.

import type { JSONNumber } from '../checks/json-number.js';
import { readOptions } from '../checks/read-options.js';
import { integer, text } from '../files/schema.js';
import { type NumberTable, readNumbers } from '../matrix/copies.js';
import type { Matrix } from '../matrix/matrix.js';
import { checkDtype, type Dtype, dtypeOf, newArray, type TypedArray } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { Fitted, namesForm } from './fitted.js';
import { column, columnsOf, encodeNumbers, readJSON, readMembers } from './fitted-json.js';
import { scaleOfSpan } from './moments.js';

const KIND = 'MaxAbsScaler';

export interface MaxAbsScalerJSON {
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

// Outside the class, as src/matrix/matrix.ts says.
const create = (): MaxAbsScaler => new MaxAbsScaler();

/**
 * Columns divided by their greatest absolute value, so that they lie from -1 to 1 and zeros stay zeros; scikit-learn's
 * `MaxAbsScaler`. NaN is left out of fit and stays NaN; a column of zeros is divided by 1.
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
    return this.#learn(readNumbers(X, 'X'), undefined);
  }

  /**
   * The same of these rows and those that were fitted before, if any were.
   *
   * @throws as fit; {ShapeError} unless X has the columns fitted
   */
  partialFit(X: TableInput): this {
    const before = this.maybeLearnt;
    return this.#learn(before ? this.numbers(X) : readNumbers(X, 'X'), before);
  }

  #learn(table: NumberTable, before: FittedGreatest | undefined): this {
    const { rows, cols, data, dtype } = table;
    const maxAbs = newArray(dtype, cols).fill(Number.NaN);
    maxAbs.set(before?.maxAbs ?? []);
    for (let at = 0; at < data.length; ) {
      for (let j = 0; j < cols; j++) {
        const size = Math.abs(data[at++]);
        if (size >= 0 && !(maxAbs[j] >= size)) maxAbs[j] = size;
      }
    }
    const state = { maxAbs, rows: rows + (before?.rows ?? 0) };
    return this.keep(state, before ? { cols, names: this.featureNamesIn } : table);
  }

  /** X / scale. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  transform(X: TableInput): Matrix {
    const { scale } = this;
    return this.map(X, (data, at, j) => {
      data[at] /= scale[j];
    });
  }

  /** fit and transform. */
  fitTransform(X: TableInput): Matrix {
    return this.fit(X).transform(X);
  }

  /** X scale. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  inverseTransform(X: TableInput): Matrix {
    const { scale } = this;
    return this.map(X, (data, at, j) => {
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
