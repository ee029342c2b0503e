// Source: scikit-learn 1.2.1, sklearn/preprocessing/_data.py and sklearn/utils/extmath.py.

import type { JSONNumber } from '../checks/json-number.js';
import { readOptions } from '../checks/read-options.js';
import { checkFlag } from '../checks/values.js';
import { flag } from '../files/schema.js';
import { type NumberArray, readNumbers, readWeights } from '../matrix/copies.js';
import { isSparse, type TypedArray } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { checkColumns, Fitted, namesForm } from './fitted.js';
import { absent, column, columnsOf, encodeNumbers, readJSON, readMembers } from './fitted-json.js';
import { type Moments, merged, moments, scaleOf } from './moments.js';
import { type Kept, readSparse, refuseFilling } from './sparse-columns.js';
import { momentsOfSparse } from './sparse-moments.js';

const KIND = 'StandardScaler';

/** Options of {@link StandardScaler}. */
export interface StandardScalerOptions {
  /** Whether to subtract the mean. Default: true. */
  withMean?: boolean;
  /** Whether to divide by the standard deviation. Default: true. */
  withStd?: boolean;
}

/** What a scaler's fit may be given beside the rows. */
export interface ScalerFitOptions {
  /** One weight a row, 0 or more. Default: 1 each. */
  sampleWeight?: NumberArray;
}

/** What {@link StandardScaler} is as plain JSON. */
export interface StandardScalerJSON {
  /** Tells it from what other classes write. */
  kind: typeof KIND;
  withMean: boolean;
  withStd: boolean;
  /** One column each; null where scikit-learn has None. Before fit there is none of these. */
  mean?: JSONNumber[] | null;
  variance?: JSONNumber[] | null;
  scale?: JSONNumber[] | null;
  nSamplesSeen?: JSONNumber[];
  featureNamesIn?: string[];
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
 * column is divided by 1. Sums are in f64; f32 data gives f32 results. A SparseMatrix needs `withMean: false`, and gives one: what the
 * dense matrix would give.
 *
 * @param options withMean, withStd: both true by default
 * @throws {ValueError} for an option that is none; at infinities
 * @example
 * new StandardScaler().fitTransform([[1], [3]]).toArray(); // [[-1], [1]]
 */
export class StandardScaler extends Fitted<FittedMoments> {
  readonly withMean: boolean;
  readonly withStd: boolean;

  constructor(options: StandardScalerOptions = {}) {
    super(KIND);
    const { withMean = true, withStd = true } = readOptions(options, ['withMean', 'withStd'], KIND);
    checkFlag(withMean, 'withMean');
    checkFlag(withStd, 'withStd');
    this.withMean = withMean;
    this.withStd = withStd;
  }

  /** @internal */
  protected override options(): StandardScalerOptions {
    return { withMean: this.withMean, withStd: this.withStd };
  }

  /** Each column's mean; undefined if neither withMean nor withStd. @throws {NotFittedError} */
  get mean(): TypedArray | undefined {
    return this.learnt.mean;
  }

  /** Each column's variance, over n; undefined without withStd. @throws {NotFittedError} */
  get variance(): TypedArray | undefined {
    return this.learnt.variance;
  }

  /** What each column is divided by; undefined without withStd. @throws {NotFittedError} */
  get scale(): TypedArray | undefined {
    return this.learnt.scale;
  }

  /** Rows seen, or their weights' sum; one for each column if NaN makes them differ. @throws {NotFittedError} */
  get nSamplesSeen(): number | TypedArray {
    const { counts } = this.learnt;
    return counts.every((count) => count === counts[0]) ? counts[0] : counts;
  }

  /**
   * Takes means and variances of columns; what was fitted before is forgotten.
   *
   * @param X rows x columns, one of each or more
   * @throws {ShapeError|ValueError|DtypeError} naming the argument
   */
  fit(X: TableInput, options: ScalerFitOptions = {}): this {
    const { sampleWeight } = readOptions(options, ['sampleWeight'], `${KIND}.fit`);
    return this.#learn(X, sampleWeight, undefined);
  }

  /**
   * The same of more rows of what was fitted before, if anything was: batch after batch gives what fit gives of all rows, but for
   * rounding.
   *
   * @throws as fit; {ShapeError} unless X has the columns fitted
   */
  partialFit(X: TableInput, options: ScalerFitOptions = {}): this {
    const { sampleWeight } = readOptions(options, ['sampleWeight'], `${KIND}.partialFit`);
    return this.#learn(X, sampleWeight, this.maybeLearnt);
  }

  /** @throws {ValueError} if it is sparse, and to be filled */
  #checkSparse(X: unknown): void {
    if (this.withMean && isSparse(X)) refuseFilling('X', 'means', 'withMean');
  }

  #learn(X: TableInput, sampleWeight: unknown, before: FittedMoments | undefined): this {
    this.#checkSparse(X);
    const sparse = readSparse(X, 'X');
    if (sparse && before) checkColumns(sparse, this.nFeaturesIn, 'X');
    const table = sparse ?? (before ? this.numbers(X) : readNumbers(X, 'X'));
    const weights = readWeights(sampleWeight, table.rows);
    let found = 'data' in table ? moments(table, weights) : momentsOfSparse(table, weights);
    if (before) {
      const { counts, mean = found.mean.map(() => 0), variance = found.mean.map(() => 0) } = before;
      found = merged({ counts, mean, variance } as Moments, found);
    }
    const { counts, mean, variance } = found;
    const { withMean, withStd } = this;
    const state = {
      mean: withMean || withStd ? mean : undefined,
      variance: withStd ? variance : undefined,
      scale: withStd ? variance.map((v, j) => scaleOf(v, mean[j], counts[j])) : undefined,
      counts,
    };
    return this.keep(state, before ? { cols: table.cols, names: this.featureNamesIn } : table);
  }

  /** (X - mean) / scale. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  transform<X extends TableInput>(X: X): Kept<X> {
    const { mean, scale } = this.learnt;
    this.#checkSparse(X);
    return this.mapKept(X, (data, at, j) => {
      if (this.withMean && mean) data[at] -= mean[j];
      if (scale) data[at] /= scale[j];
    });
  }

  /** fit and transform. */
  fitTransform<X extends TableInput>(X: X, options: ScalerFitOptions = {}): Kept<X> {
    return this.fit(X, options).transform(X);
  }

  /** X scale + mean. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  inverseTransform<X extends TableInput>(X: X): Kept<X> {
    const { mean, scale } = this.learnt;
    this.#checkSparse(X);
    return this.mapKept(X, (data, at, j) => {
      if (scale) data[at] *= scale[j];
      if (this.withMean && mean) data[at] += mean[j];
    });
  }

  /** A scaler with the same options that was not fitted. */
  clone(): StandardScaler {
    return create(this.options());
  }

  /** Plain JSON, which fromJSON takes back with all its bits; before fit the options alone. */
  toJSON(): StandardScalerJSON {
    const { withMean, withStd, maybeLearnt: state } = this;
    const options = { kind: KIND, withMean, withStd } as const;
    if (!state) return options;
    const { mean, variance, scale, counts } = state;
    const column = (numbers: TypedArray | undefined) => (numbers ? encodeNumbers(numbers) : null);
    return {
      ...options,
      mean: column(mean),
      variance: column(variance),
      scale: column(scale),
      nSamplesSeen: encodeNumbers(counts),
      ...this.namesJSON,
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
    const cols = columnsOf(source, 'nSamplesSeen');
    const maybe = (present: boolean) => (present ? column(cols) : absent);
    const read = readMembers(source, {
      ...options,
      mean: maybe(withMean || withStd),
      variance: maybe(withStd),
      scale: maybe(withStd),
      nSamplesSeen: column(cols),
      featureNamesIn: namesForm(cols),
    });
    const { mean, variance, scale, nSamplesSeen: counts, featureNamesIn: names } = read;
    return scaler.keep({ mean, variance, scale, counts }, { cols, names });
  }
}
