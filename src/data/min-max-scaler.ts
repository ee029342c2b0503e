// Source: scikit-learn 1.2.1, sklearn/preprocessing/_data.py.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import type { JSONNumber } from '../checks/json-number.js';
import { readOptions } from '../checks/read-options.js';
import { refuseCloning } from '../checks/uncloneable.js';
import { checkFlag } from '../checks/values.js';
import { flag, integer, text } from '../files/schema.js';
import { readFinite } from '../matrix/copies.js';
import { INSPECT, type Matrix } from '../matrix/matrix.js';
import { checkDtype, type Dtype, dtypeOf, type MatrixInput, newArray, type TypedArray } from '../matrix/operand.js';
import { ADOPT, checkFitted, FITTED_ADVICE, mapColumns, show } from './fitted.js';
import { column, columnsOf, encodeNumbers, readJSON, readMembers } from './fitted-json.js';

const KIND = 'MinMaxScaler';
const ATTRIBUTES = ['dataMin', 'dataMax', 'dataRange', 'min', 'scale'] as const;

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
  kind: typeof KIND;
  featureRange: JSONNumber[];
  clip: boolean;
  dtype?: Dtype;
  nSamplesSeen?: number;
}

/** 10 times the spacing at 1: a range below it is that of a constant column. */
const CONSTANT = { f64: 10 * 2 ** -52, f32: 10 * 2 ** -23 };

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
export class MinMaxScaler {
  readonly featureRange: readonly [number, number];
  readonly clip: boolean;
  #fitted: FittedRanges | undefined;

  constructor(options: MinMaxScalerOptions = {}) {
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
    refuseCloning(this, FITTED_ADVICE);
  }

  get #state(): FittedRanges {
    return checkFitted(this.#fitted, KIND);
  }

  /** Each column's least element. @throws {NotFittedError} */
  get dataMin(): TypedArray {
    return this.#state.dataMin;
  }

  /** Each column's greatest element. @throws {NotFittedError} */
  get dataMax(): TypedArray {
    return this.#state.dataMax;
  }

  /** dataMax - dataMin. @throws {NotFittedError} */
  get dataRange(): TypedArray {
    return this.#state.dataRange;
  }

  /** What is added to each column, once it is scaled. @throws {NotFittedError} */
  get min(): TypedArray {
    return this.#state.min;
  }

  /** What each column is multiplied by. @throws {NotFittedError} */
  get scale(): TypedArray {
    return this.#state.scale;
  }

  /** Rows seen. @throws {NotFittedError} */
  get nSamplesSeen(): number {
    return this.#state.rows;
  }

  /**
   * Takes the columns' ranges; what was fitted before is forgotten.
   *
   * @param X rows x columns, one of each or more
   * @throws {ShapeError|ValueError|DtypeError} naming it
   */
  fit(X: MatrixInput): this {
    const { rows, cols, data, dtype } = readFinite(X, 'X', true, true);
    const dataMin = newArray(dtype, cols).fill(Number.NaN);
    const dataMax = newArray(dtype, cols).fill(Number.NaN);
    for (let at = 0; at < data.length; at++) {
      const j = at % cols;
      if (Number.isNaN(data[at])) continue;
      if (!(dataMin[j] <= data[at])) dataMin[j] = data[at];
      if (!(dataMax[j] >= data[at])) dataMax[j] = data[at];
    }
    const round = dtype === 'f32' ? Math.fround : (x: number) => x;
    const [low, high] = this.featureRange;
    const dataRange = dataMax.map((x, j) => x - dataMin[j]);
    const scale = dataRange.map((span) => round(high - low) / (span < CONSTANT[dtype] ? 1 : span));
    const min = dataMin.map((x, j) => round(low) - round(x * scale[j]));
    this.#fitted = { dataMin, dataMax, dataRange, min, scale, rows };
    return this;
  }

  /** X scale + min, clipped if so told. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  transform(X: MatrixInput): Matrix {
    const { min, scale } = this.#state;
    const { clip, featureRange } = this;
    const [low, high] = featureRange;
    return mapColumns(X, scale.length, (data, at, j) => {
      data[at] *= scale[j];
      data[at] += min[j];
      if (clip && data[at] < low) data[at] = low;
      if (clip && data[at] > high) data[at] = high;
    });
  }

  /** fit and transform. */
  fitTransform(X: MatrixInput): Matrix {
    return this.fit(X).transform(X);
  }

  /** (X - min) / scale. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  inverseTransform(X: MatrixInput): Matrix {
    const { min, scale } = this.#state;
    return mapColumns(X, scale.length, (data, at, j) => {
      data[at] -= min[j];
      data[at] /= scale[j];
    });
  }

  /** A scaler with the same options that was not fitted. */
  clone(): MinMaxScaler {
    return create({ featureRange: this.featureRange, clip: this.clip });
  }

  /** Takes what another one learnt. @internal */
  [ADOPT](other: MinMaxScaler): void {
    this.#fitted = other.#fitted;
  }

  [INSPECT](): string {
    const { featureRange, clip } = this;
    return show(KIND, { featureRange, clip }, this.#fitted?.scale.length);
  }

  /** Plain JSON, which fromJSON takes back with all its bits; before fit the options alone. */
  toJSON(): MinMaxScalerJSON {
    const featureRange = encodeNumbers(Float64Array.from(this.featureRange));
    const options = { kind: KIND, featureRange, clip: this.clip } as const;
    const state = this.#fitted;
    if (!state) return options;
    const columns = Object.fromEntries(ATTRIBUTES.map((name) => [name, encodeNumbers(state[name])]));
    return {
      ...options,
      dtype: dtypeOf(state.scale) as Dtype,
      ...(columns as Record<(typeof ATTRIBUTES)[number], JSONNumber[]>),
      nSamplesSeen: state.rows,
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
    });
    const scaler = create({ featureRange: [low, high], clip });
    scaler.#fitted = { ...columns, rows: nSamplesSeen };
    return scaler;
  }
}
