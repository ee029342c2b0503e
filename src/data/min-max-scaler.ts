// Source: scikit-learn 1.2.1, sklearn/preprocessing/_data.py.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import type { JSONNumber } from '../checks/json-number.js';
import { readOptions } from '../checks/read-options.js';
import { checkFlag } from '../checks/values.js';
import { flag, integer, text } from '../files/schema.js';
import { type NumberTable, readNumbers } from '../matrix/copies.js';
import type { Matrix } from '../matrix/matrix.js';
import { checkDtype, type Dtype, dtypeOf, newArray, type TypedArray } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { Fitted, namesForm } from './fitted.js';
import { column, columnsOf, encodeNumbers, readJSON, readMembers } from './fitted-json.js';
import { scaleOfSpan } from './moments.js';

const KIND = 'MinMaxScaler';
const ATTRIBUTES = ['dataMin', 'dataMax', 'dataRange', 'min', 'scale'] as const;

/** Options of {@link MinMaxScaler}. */
export interface MinMaxScalerOptions {
  /** Where each column's least and greatest element go. Default: [0, 1]. */
  featureRange?: readonly [number, number];
  /** Whether transform keeps what fit did not see inside featureRange. Default: false. */
  clip?: boolean;
}

type Attributes = Record<(typeof ATTRIBUTES)[number], TypedArray>;

interface FittedRanges extends Attributes {
  readonly rows: number;
}

/** Before fit the options alone. */
export interface MinMaxScalerJSON extends Partial<Record<(typeof ATTRIBUTES)[number], JSONNumber[]>> {
  /** Tells it from what other classes write. */
  kind: typeof KIND;
  featureRange: JSONNumber[];
  clip: boolean;
  /** Of what transform returns. */
  dtype?: Dtype;
  nSamplesSeen?: number;
  featureNamesIn?: string[];
}

// Outside the class, as src/matrix/matrix.ts says.
const create = (options: MinMaxScalerOptions): MinMaxScaler => new MinMaxScaler(options);

/**
 * Columns in a range; scikit-learn's `MinMaxScaler`. NaN is left out of fit and stays NaN; a constant column goes to the
 * range's start. f32 data gives f32 attributes and results.
 *
 * @param options featureRange (default [0, 1]), clip (default false)
 * @throws {ValueError} for an option that is none, or a range that does not ascend; at infinities
 * @example
 * new MinMaxScaler().fitTransform([[1], [2], [5]]).toArray(); // [[0], [0.25], [1]]
 */
export class MinMaxScaler extends Fitted<FittedRanges> {
  readonly featureRange: readonly [number, number];
  readonly clip: boolean;

  constructor(options: MinMaxScalerOptions = {}) {
    super(KIND);
    const { featureRange = [0, 1], clip = false } = readOptions(options, ['featureRange', 'clip'], KIND);
    const pair = Array.isArray(featureRange) && featureRange.length === 2;
    const [low, high]: number[] = pair ? [featureRange[0], featureRange[1]] : [];
    const finite = Number.isFinite(low) && Number.isFinite(high);
    if (!finite || low >= high) {
      const got = finite ? `[${low}, ${high}]` : describe(featureRange);
      throw new ValueError(`"featureRange" must be two finite numbers, the first below the second, got ${got}`);
    }
    checkFlag(clip, 'clip');
    this.featureRange = [low, high];
    this.clip = clip;
  }

  /** @internal */
  protected override options(): MinMaxScalerOptions {
    return { featureRange: this.featureRange, clip: this.clip };
  }

  /** Each column's least element. @throws {NotFittedError} */
  get dataMin(): TypedArray {
    return this.learnt.dataMin;
  }

  /** Each column's greatest element. @throws {NotFittedError} */
  get dataMax(): TypedArray {
    return this.learnt.dataMax;
  }

  /** dataMax - dataMin. @throws {NotFittedError} */
  get dataRange(): TypedArray {
    return this.learnt.dataRange;
  }

  /** What is added to each column, once it is scaled. @throws {NotFittedError} */
  get min(): TypedArray {
    return this.learnt.min;
  }

  /** What each column is multiplied by. @throws {NotFittedError} */
  get scale(): TypedArray {
    return this.learnt.scale;
  }

  /** Rows seen. @throws {NotFittedError} */
  get nSamplesSeen(): number {
    return this.learnt.rows;
  }

  /**
   * Takes the columns' ranges; what was fitted before is forgotten.
   *
   * @param X rows x columns, one of each or more
   * @throws {ShapeError|ValueError|DtypeError} naming it
   */
  fit(X: TableInput): this {
    return this.#learn(readNumbers(X, 'X'), undefined);
  }

  /**
   * The same of these rows and those that were fitted before, if any were: batch after batch gives what fit gives of all rows.
   *
   * @throws as fit; {ShapeError} unless X has the columns fitted
   */
  partialFit(X: TableInput): this {
    const before = this.maybeLearnt;
    return this.#learn(before ? this.numbers(X) : readNumbers(X, 'X'), before);
  }

  #learn(table: NumberTable, before: FittedRanges | undefined): this {
    const { rows, cols, data, dtype } = table;
    const [dataMin, dataMax] = [newArray(dtype, cols).fill(Number.NaN), newArray(dtype, cols).fill(Number.NaN)];
    dataMin.set(before?.dataMin ?? []);
    dataMax.set(before?.dataMax ?? []);
    for (let at = 0; at < data.length; ) {
      for (let j = 0; j < cols; j++) {
        const x = data[at++];
        if (Number.isNaN(x)) continue;
        if (!(dataMin[j] <= x)) dataMin[j] = x;
        if (!(dataMax[j] >= x)) dataMax[j] = x;
      }
    }
    const round = dtype === 'f32' ? Math.fround : (x: number) => x;
    const [low, high] = this.featureRange;
    const dataRange = dataMax.map((x, j) => x - dataMin[j]);
    const scale = dataRange.map((span) => round(high - low) / scaleOfSpan(dtype)(span));
    const min = dataMin.map((x, j) => round(low) - round(x * scale[j]));
    const state = { dataMin, dataMax, dataRange, min, scale, rows: rows + (before?.rows ?? 0) };
    return this.keep(state, before ? { cols, names: this.featureNamesIn } : table);
  }

  /** X scale + min, clipped if so told. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  transform(X: TableInput): Matrix {
    const { min, scale } = this.learnt;
    const { clip, featureRange } = this;
    const [low, high] = featureRange;
    return this.map(X, (data, at, j) => {
      data[at] *= scale[j];
      data[at] += min[j];
      if (clip && data[at] < low) data[at] = low;
      if (clip && data[at] > high) data[at] = high;
    });
  }

  /** fit and transform. */
  fitTransform(X: TableInput): Matrix {
    return this.fit(X).transform(X);
  }

  /** (X - min) / scale. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  inverseTransform(X: TableInput): Matrix {
    const { min, scale } = this.learnt;
    return this.map(X, (data, at, j) => {
      data[at] -= min[j];
      data[at] /= scale[j];
    });
  }

  /** A scaler with the same options that was not fitted. */
  clone(): MinMaxScaler {
    return create(this.options());
  }

  /** Plain JSON, which fromJSON takes back with all its bits; before fit the options alone. */
  toJSON(): MinMaxScalerJSON {
    const featureRange = encodeNumbers(Float64Array.from(this.featureRange));
    const options = { kind: KIND, featureRange, clip: this.clip } as const;
    const state = this.maybeLearnt;
    if (!state) return options;
    const columns = Object.fromEntries(ATTRIBUTES.map((name) => [name, encodeNumbers(state[name])]));
    return {
      ...options,
      dtype: dtypeOf(state.scale) as Dtype,
      ...(columns as Record<(typeof ATTRIBUTES)[number], JSONNumber[]>),
      nSamplesSeen: state.rows,
      ...this.namesJSON,
    };
  }

  /** The scaler that toJSON wrote. @param json it or its text @throws {ValueError|DtypeError} if it is something else */
  static fromJSON(json: MinMaxScalerJSON | string): MinMaxScaler {
    const source = readJSON<MinMaxScalerJSON>(json, KIND);
    const options = { featureRange: column(2), clip: flag };
    if (!Object.hasOwn(source, 'scale') && !Object.hasOwn(source, 'nSamplesSeen')) {
      const { featureRange, clip } = readMembers(source, options);
      return create({ featureRange: [featureRange[0], featureRange[1]], clip });
    }
    const dtype = checkDtype(source.dtype);
    const n = columnsOf(source, 'scale');
    const {
      featureRange: [low, high],
      clip,
      nSamplesSeen,
      dtype: _,
      featureNamesIn: names,
      ...columns
    } = readMembers(source, {
      ...options,
      dtype: text,
      dataMin: column(n, dtype),
      dataMax: column(n, dtype),
      dataRange: column(n, dtype),
      min: column(n, dtype),
      scale: column(n, dtype),
      nSamplesSeen: integer(1),
      featureNamesIn: namesForm(n),
    });
    const scaler = create({ featureRange: [low, high], clip });
    return scaler.keep({ ...columns, rows: nSamplesSeen }, { cols: n, names });
  }
}
