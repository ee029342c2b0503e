// Source: scikit-learn 1.2.1, sklearn/preprocessing/_data.py.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import type { JSONNumber } from '../checks/json-number.js';
import { readOptions } from '../checks/read-options.js';
import { checkFlag } from '../checks/values.js';
import { flag, integer, text } from '../files/schema.js';
import { columnOf, type NumberTable, readNumbers } from '../matrix/copies.js';
import { checkDtype, type Dtype, isSparse, newArray, type TypedArray } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { normalQuantile } from '../numbers/normal.js';
import { median, quantileOf, sortedNumbers } from '../numbers/percentile.js';
import { Fitted, namesForm } from './fitted.js';
import { absent, column, encodeNumbers, readJSON, readMembers } from './fitted-json.js';
import { scaleOfSpan } from './moments.js';
import { columnsOf, type Kept, readSparse, refuseFilling } from './sparse-columns.js';

const KIND = 'RobustScaler';
const OPTIONS = ['withCentering', 'withScaling', 'quantileRange', 'unitVariance'];

/** Options of {@link RobustScaler}. */
export interface RobustScalerOptions {
  /** Whether to subtract the median. Default: true. */
  withCentering?: boolean;
  /** Whether to divide by the range between the quantiles. Default: true. */
  withScaling?: boolean;
  /** Two percentages, the first below the second. Default: [25, 75]. */
  quantileRange?: readonly [number, number];
  /** Whether to divide so that normal columns have variance 1. Default: false. */
  unitVariance?: boolean;
}

/** What {@link RobustScaler} is as plain JSON. */
export interface RobustScalerJSON {
  /** Tells it from what other classes write. */
  kind: typeof KIND;
  withCentering: boolean;
  withScaling: boolean;
  quantileRange: JSONNumber[];
  unitVariance: boolean;
  /** Before fit there is none of these. */
  dtype?: Dtype;
  /** How many columns it was fitted to. */
  cols?: number;
  center?: JSONNumber[] | null;
  scale?: JSONNumber[] | null;
  featureNamesIn?: string[];
}

interface FittedRanges {
  readonly dtype: Dtype;
  readonly center: TypedArray | undefined;
  readonly scale: TypedArray | undefined;
}

/** Sorted numbers and so many zeros among them. */
function withZeros(sorted: Float64Array, zeros: number): (i: number) => number {
  let below = 0;
  while (zeros > 0 && sorted[below] < 0) below++;
  return (i) => (i < below ? sorted[i] : i < below + zeros ? 0 : sorted[i - zeros]);
}

// Outside the class, as src/matrix/matrix.ts says.
const create = (options: RobustScalerOptions): RobustScaler => new RobustScaler(options);

/**
 * Columns less their medians, divided by the range between two quantiles, which outliers do not move; scikit-learn's
 * `RobustScaler`. NaN is left out of fit and stays NaN; a column whose range is 0 is divided by 1. A SparseMatrix needs
 * `withCentering: false`, and gives one: what the dense matrix would give.
 *
 * @param options withCentering, withScaling (default true), quantileRange (default [25, 75]), unitVariance (default false)
 * @throws {ValueError} for an option that is none; at infinities
 * @example
 * new RobustScaler().fitTransform([[1], [2], [3], [4], [1000]]).toArray(); // [[-1], [-0.5], [0], [0.5], [498.5]]
 */
export class RobustScaler extends Fitted<FittedRanges> {
  readonly withCentering: boolean;
  readonly withScaling: boolean;
  readonly quantileRange: readonly [number, number];
  readonly unitVariance: boolean;

  constructor(options: RobustScalerOptions = {}) {
    super(KIND);
    const given = readOptions(options, OPTIONS, KIND);
    const { withCentering = true, withScaling = true, quantileRange = [25, 75], unitVariance = false } = given;
    this.withCentering = checkFlag(withCentering, 'withCentering');
    this.withScaling = checkFlag(withScaling, 'withScaling');
    this.unitVariance = checkFlag(unitVariance, 'unitVariance');
    const pair = Array.isArray(quantileRange) && quantileRange.length === 2;
    const [low, high]: number[] = pair ? [quantileRange[0], quantileRange[1]] : [];
    // Of 0 and 100 the normal distribution's are infinite.
    if (!(low >= 0 && low < high && high <= 100) || (unitVariance && (low === 0 || high === 100))) {
      const got = pair ? `[${low}, ${high}]` : describe(quantileRange);
      const bounds = unitVariance ? 'above 0 and below 100' : 'from 0 to 100';
      throw new ValueError(`"quantileRange" must be two numbers ${bounds}, the first below the second, got ${got}`);
    }
    this.quantileRange = [low, high];
  }

  /** @internal */
  protected override options(): RobustScalerOptions {
    const { withCentering, withScaling, quantileRange, unitVariance } = this;
    return { withCentering, withScaling, quantileRange, unitVariance };
  }

  /** Each column's median; undefined without withCentering. @throws {NotFittedError} */
  get center(): TypedArray | undefined {
    return this.learnt.center;
  }

  /** What each column is divided by; undefined without withScaling. @throws {NotFittedError} */
  get scale(): TypedArray | undefined {
    return this.learnt.scale;
  }

  /**
   * Takes the columns' medians and ranges; what was fitted before is forgotten.
   *
   * @param X rows x columns, one of each or more
   * @throws {ShapeError|ValueError|DtypeError} naming it
   */
  fit(X: TableInput): this {
    this.#checkSparse(X);
    const sparse = readSparse(X, 'X');
    const table = sparse ?? readNumbers(X, 'X');
    const { rows, cols, dtype } = table;
    const valuesOf = sparse ? columnsOf(sparse) : (j: number) => ({ values: columnOf(table as NumberTable, j) });
    const [low, high] = this.quantileRange.map((percentage) => percentage / 100);
    const unit = this.unitVariance ? normalQuantile(high) - normalQuantile(low) : 1;
    const [center, scale] = [newArray(dtype, cols), newArray(dtype, cols)];
    for (let j = 0; j < cols; j++) {
      const { values } = valuesOf(j);
      const sorted = sortedNumbers(values);
      const zeros = rows - values.length;
      const at = withZeros(sorted, zeros);
      const of = (q: number) => quantileOf(sorted.length + zeros, at, q);
      center[j] = median(sorted);
      scale[j] = scaleOfSpan(dtype)(of(high) - of(low)) / unit;
    }
    const { withCentering, withScaling } = this;
    return this.keep(
      { dtype, center: withCentering ? center : undefined, scale: withScaling ? scale : undefined },
      table,
    );
  }

  /** @throws {ValueError} if it is sparse, and to be filled */
  #checkSparse(X: unknown): void {
    if (this.withCentering && isSparse(X)) refuseFilling('X', 'medians', 'withCentering');
  }

  /** (X - center) / scale. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  transform<X extends TableInput>(X: X): Kept<X> {
    const { center, scale } = this.learnt;
    this.#checkSparse(X);
    return this.mapKept(X, (data, at, j) => {
      if (center) data[at] -= center[j];
      if (scale) data[at] /= scale[j];
    });
  }

  /** fit and transform. */
  fitTransform<X extends TableInput>(X: X): Kept<X> {
    return this.fit(X).transform(X);
  }

  /** X scale + center. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  inverseTransform<X extends TableInput>(X: X): Kept<X> {
    const { center, scale } = this.learnt;
    this.#checkSparse(X);
    return this.mapKept(X, (data, at, j) => {
      if (scale) data[at] *= scale[j];
      if (center) data[at] += center[j];
    });
  }

  /** A scaler with the same options that was not fitted. */
  clone(): RobustScaler {
    return create(this.options());
  }

  /** Plain JSON, which fromJSON takes back with all its bits; before fit the options alone. */
  toJSON(): RobustScalerJSON {
    const { withCentering, withScaling, unitVariance, maybeLearnt: state } = this;
    const quantileRange = encodeNumbers(Float64Array.from(this.quantileRange));
    const options = { kind: KIND, withCentering, withScaling, quantileRange, unitVariance } as const;
    if (!state) return options;
    const { dtype, center, scale } = state;
    const column = (numbers: TypedArray | undefined) => (numbers ? encodeNumbers(numbers) : null);
    return {
      ...options,
      dtype,
      cols: this.nFeaturesIn,
      center: column(center),
      scale: column(scale),
      ...this.namesJSON,
    };
  }

  /** The scaler that toJSON wrote. @param json it or its text @throws {ValueError|DtypeError} if it is something else */
  static fromJSON(json: RobustScalerJSON | string): RobustScaler {
    const source = readJSON<RobustScalerJSON>(json, KIND);
    const options = { withCentering: flag, withScaling: flag, quantileRange: column(2), unitVariance: flag };
    const make = ({ quantileRange: [low, high], ...rest }: { quantileRange: TypedArray }) =>
      create({ ...rest, quantileRange: [low, high] });
    if (!Object.hasOwn(source, 'cols')) return make(readMembers(source, options));
    const { cols: given, dtype: kind } = source;
    const dtype = checkDtype(kind);
    const form = (present: unknown) =>
      present ? (value: unknown, path: string) => column(integer(1)(given, 'json.cols'), dtype)(value, path) : absent;
    const {
      center,
      scale,
      cols,
      featureNamesIn,
      dtype: _,
      ...rest
    } = readMembers(source, {
      ...options,
      dtype: text,
      cols: integer(1),
      center: form(source.withCentering),
      scale: form(source.withScaling),
      featureNamesIn: (value: unknown, path: string) => namesForm(Number(given))(value, path),
    });
    return make(rest).keep({ dtype, center, scale }, { cols, names: featureNamesIn });
  }
}
