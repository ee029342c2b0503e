// Source: scikit-learn 1.2.1, sklearn/preprocessing/_data.py and sklearn/utils/extmath.py.

import type { JSONNumber } from '../checks/json-number.js';
import { readOptions } from '../checks/read-options.js';
import { refuseCloning } from '../checks/uncloneable.js';
import { checkFlag } from '../checks/values.js';
import { flag } from '../files/schema.js';
import { type NumberArray, readFinite, readWeights } from '../matrix/copies.js';
import { INSPECT, type Matrix } from '../matrix/matrix.js';
import type { MatrixInput, TypedArray } from '../matrix/operand.js';
import { ADOPT, checkFitted, FITTED_ADVICE, mapColumns, show } from './fitted.js';
import { absent, column, columnsOf, encodeNumbers, readJSON, readMembers } from './fitted-json.js';
import { moments, scaleOf } from './moments.js';

const KIND = 'StandardScaler';

export interface StandardScalerOptions {
  /** Whether to subtract the mean. Default: true. */
  withMean?: boolean;
  /** Whether to divide by the standard deviation. Default: true. */
  withStd?: boolean;
}

export interface ScalerFitOptions {
  /** One weight a row, 0 or more. Default: 1 each. */
  sampleWeight?: NumberArray;
}

export interface StandardScalerJSON {
  kind: typeof KIND;
  withMean: boolean;
  withStd: boolean;
  /** One column each; null where scikit-learn has None. Before fit there is none of these. */
  mean?: JSONNumber[] | null;
  variance?: JSONNumber[] | null;
  scale?: JSONNumber[] | null;
  nSamplesSeen?: JSONNumber[];
}

interface FittedMoments {
  readonly mean: TypedArray | undefined;
  readonly variance: TypedArray | undefined;
  readonly scale: TypedArray | undefined;
  readonly counts: TypedArray;
}

// Outside the class, as src/matrix/matrix.ts says.
const create = (options: StandardScalerOptions): StandardScaler => new StandardScaler(options);

/**
 * Columns of mean 0 and variance 1; scikit-learn's `StandardScaler`. NaN is left out of fit and stays NaN; a constant
 * column is divided by 1. Sums are in f64; f32 data gives f32 results.
 *
 * @param options withMean, withStd: both true by default
 * @throws {ValueError} for an option that is none; at infinities
 * @example
 * new StandardScaler().fitTransform([[1], [3]]).toArray(); // [[-1], [1]]
 */
export class StandardScaler {
  readonly withMean: boolean;
  readonly withStd: boolean;
  #fitted: FittedMoments | undefined;

  constructor(options: StandardScalerOptions = {}) {
    const { withMean = true, withStd = true } = readOptions(options, ['withMean', 'withStd'], KIND);
    checkFlag(withMean, 'withMean');
    checkFlag(withStd, 'withStd');
    this.withMean = withMean;
    this.withStd = withStd;
    refuseCloning(this, FITTED_ADVICE);
  }

  get #state(): FittedMoments {
    return checkFitted(this.#fitted, KIND);
  }

  /** Each column's mean; undefined if neither withMean nor withStd. @throws {NotFittedError} */
  get mean(): TypedArray | undefined {
    return this.#state.mean;
  }

  /** Each column's variance, over n; undefined without withStd. @throws {NotFittedError} */
  get variance(): TypedArray | undefined {
    return this.#state.variance;
  }

  /** What each column is divided by; undefined without withStd. @throws {NotFittedError} */
  get scale(): TypedArray | undefined {
    return this.#state.scale;
  }

  /** Rows seen, or their weights' sum; one for each column if NaN makes them differ. @throws {NotFittedError} */
  get nSamplesSeen(): number | TypedArray {
    const { counts } = this.#state;
    return counts.every((count) => count === counts[0]) ? counts[0] : counts;
  }

  /**
   * Takes means and variances of columns; what was fitted before is forgotten.
   *
   * @param X rows x columns, one of each or more
   * @throws {ShapeError|ValueError|DtypeError} naming the argument
   */
  fit(X: MatrixInput, options: ScalerFitOptions = {}): this {
    const { sampleWeight } = readOptions(options, ['sampleWeight'], `${KIND}.fit`);
    const table = readFinite(X, 'X', true, true);
    const { counts, mean, variance } = moments(table, readWeights(sampleWeight, table.rows));
    const { withMean, withStd } = this;
    this.#fitted = {
      mean: withMean || withStd ? mean : undefined,
      variance: withStd ? variance : undefined,
      scale: withStd ? variance.map((v, j) => scaleOf(v, mean[j], counts[j])) : undefined,
      counts,
    };
    return this;
  }

  /** (X - mean) / scale. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  transform(X: MatrixInput): Matrix {
    const { mean, scale } = this.#state;
    return mapColumns(X, this.#state.counts.length, (data, at, j) => {
      if (this.withMean && mean) data[at] -= mean[j];
      if (scale) data[at] /= scale[j];
    });
  }

  /** fit and transform. */
  fitTransform(X: MatrixInput, options: ScalerFitOptions = {}): Matrix {
    return this.fit(X, options).transform(X);
  }

  /** X scale + mean. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  inverseTransform(X: MatrixInput): Matrix {
    const { mean, scale } = this.#state;
    return mapColumns(X, this.#state.counts.length, (data, at, j) => {
      if (scale) data[at] *= scale[j];
      if (this.withMean && mean) data[at] += mean[j];
    });
  }

  /** A scaler with the same options that was not fitted. */
  clone(): StandardScaler {
    return create({ withMean: this.withMean, withStd: this.withStd });
  }

  /** Takes what another one learnt. @internal */
  [ADOPT](other: StandardScaler): void {
    this.#fitted = other.#fitted;
  }

  [INSPECT](): string {
    const { withMean, withStd } = this;
    return show(KIND, { withMean, withStd }, this.#fitted?.counts.length);
  }

  /** Plain JSON, which fromJSON takes back with all its bits; before fit the options alone. */
  toJSON(): StandardScalerJSON {
    const { withMean, withStd } = this;
    const options = { kind: KIND, withMean, withStd } as const;
    if (!this.#fitted) return options;
    const { mean, variance, scale, counts } = this.#fitted;
    const column = (numbers: TypedArray | undefined) => (numbers ? encodeNumbers(numbers) : null);
    return {
      ...options,
      mean: column(mean),
      variance: column(variance),
      scale: column(scale),
      nSamplesSeen: encodeNumbers(counts),
    };
  }

  /** The scaler that toJSON wrote. @param json it or its text @throws {ValueError} if it is something else */
  static fromJSON(json: StandardScalerJSON | string): StandardScaler {
    const source = readJSON<StandardScalerJSON>(json, KIND);
    const options = { withMean: flag, withStd: flag };
    if (!Object.hasOwn(source, 'nSamplesSeen')) {
      const { withMean, withStd } = readMembers(source, options);
      return create({ withMean, withStd });
    }
    const scaler = create({ withMean: source.withMean, withStd: source.withStd });
    const { withMean, withStd } = scaler;
    const n = columnsOf(source, 'nSamplesSeen');
    const maybe = (present: boolean) => (present ? column(n) : absent);
    const { mean, variance, scale, nSamplesSeen } = readMembers(source, {
      ...options,
      mean: maybe(withMean || withStd),
      variance: maybe(withStd),
      scale: maybe(withStd),
      nSamplesSeen: column(n),
    });
    scaler.#fitted = { mean, variance, scale, counts: nSamplesSeen };
    return scaler;
  }
}
