// Source: scikit-learn 1.2.1, sklearn/preprocessing/_data.py.

import type { JSONNumber } from '../checks/json-number.js';
import { readOptions } from '../checks/read-options.js';
import { checkInteger, checkName, refuseValue } from '../checks/values.js';
import { integer, list, text } from '../files/schema.js';
import { columnOf, readNumbers } from '../matrix/copies.js';
import type { Matrix } from '../matrix/matrix.js';
import type { TypedArray } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { interpolate } from '../numbers/interpolate.js';
import { normalProbability, normalQuantile } from '../numbers/normal.js';
import { quantile, sortedNumbers } from '../numbers/percentile.js';
import type { RandomState } from '../random/random.js';
import { Fitted, namesForm } from './fitted.js';
import { column, columnsOf, encodeNumbers, readJSON, readMembers } from './fitted-json.js';
import { generatorOf } from './splits.js';

const KIND = 'QuantileTransformer';
const OPTIONS = ['nQuantiles', 'outputDistribution', 'subsample', 'randomState'];
const DISTRIBUTIONS = ['uniform', 'normal'] as const;

/** Options of {@link QuantileTransformer}. */
export interface QuantileTransformerOptions {
  /** How many quantiles to learn, at most as many as there are rows. Default: 1000. */
  nQuantiles?: number;
  /** `'uniform'`, from 0 to 1, or `'normal'`. Default: `'uniform'`. */
  outputDistribution?: (typeof DISTRIBUTIONS)[number];
  /** Of more rows than this, so many are drawn for each column. Default: 10,000. */
  subsample?: number;
  /** Seed or generator that draws them. Default: 0. */
  randomState?: number | RandomState;
}

/** What {@link QuantileTransformer} is as plain JSON. */
export interface QuantileTransformerJSON {
  /** Tells it from what other classes write. */
  kind: typeof KIND;
  nQuantiles: number;
  outputDistribution: (typeof DISTRIBUTIONS)[number];
  subsample: number;
  randomState: number;
  /** An array for each column; none before fit. */
  quantiles?: JSONNumber[][];
  featureNamesIn?: string[];
}

interface FittedQuantiles {
  /** Of each column, ascending. */
  readonly quantiles: readonly TypedArray[];
  /** From 0 to 1, as many. */
  readonly references: Float64Array;
}

/** What lies so near to a bound is the bound; of the normal distribution nothing lies further out. */
const THRESHOLD = 1e-7;
const SPACING = 2 ** -52;

/** numpy.linspace(0, 1, n). */
function linspace(n: number): Float64Array {
  const step = 1 / (n - 1);
  return Float64Array.from({ length: n }, (_, i) => (i > 0 && i === n - 1 ? 1 : i * step || 0));
}

const negated = (numbers: TypedArray): Float64Array => Float64Array.from(numbers, (x) => -x).reverse();

// Outside the class, as src/matrix/matrix.ts says.
const create = (options: QuantileTransformerOptions): QuantileTransformer => new QuantileTransformer(options);

/**
 * Columns of a uniform or a normal distribution, by the ranks of their values; scikit-learn's `QuantileTransformer`. Values
 * beyond those seen go to the ends. NaN is left out of fit and stays NaN.
 *
 * @param options nQuantiles (default 1000), outputDistribution (default `'uniform'`), subsample (default 10,000), randomState
 * @throws {ValueError} for an option that is none; at infinities
 * @example
 * new QuantileTransformer().fitTransform([[1], [2], [1000]]).toArray(); // [[0], [0.5], [1]]
 */
export class QuantileTransformer extends Fitted<FittedQuantiles> {
  readonly nQuantiles: number;
  readonly outputDistribution: (typeof DISTRIBUTIONS)[number];
  readonly subsample: number;
  readonly randomState: number | RandomState;

  constructor(options: QuantileTransformerOptions = {}) {
    super(KIND);
    const given = readOptions(options, OPTIONS, KIND);
    const { nQuantiles = 1000, outputDistribution = 'uniform', subsample = 10_000, randomState = 0 } = given;
    this.nQuantiles = checkInteger(nQuantiles, 'nQuantiles', 1);
    this.outputDistribution = checkName(outputDistribution, DISTRIBUTIONS, 'outputDistribution');
    this.subsample = checkInteger(subsample, 'subsample', 1);
    if (nQuantiles > subsample) refuseValue('nQuantiles', `at most "subsample", ${subsample}`, nQuantiles);
    generatorOf(randomState);
    this.randomState = randomState;
  }

  /** @internal */
  protected override options(): QuantileTransformerOptions {
    const { nQuantiles, outputDistribution, subsample, randomState } = this;
    return { nQuantiles, outputDistribution, subsample, randomState };
  }

  /** Each column's quantiles, ascending: copies. @throws {NotFittedError} */
  get quantiles(): TypedArray[] {
    return this.learnt.quantiles.map((each) => each.slice());
  }

  /**
   * Takes the columns' quantiles; what was fitted before is forgotten.
   *
   * @param X rows x columns, one of each or more
   * @throws {ShapeError|ValueError|DtypeError} naming it
   */
  fit(X: TableInput): this {
    const table = readNumbers(X, 'X');
    const { rows, cols } = table;
    const references = linspace(Math.min(this.nQuantiles, rows));
    const rng = generatorOf(this.randomState);
    const quantiles = Array.from({ length: cols }, (_, j) => {
      const numbers = columnOf(table, j);
      const drawn = this.subsample < rows ? rng.permutation(rows).subarray(0, this.subsample) : undefined;
      const sorted = sortedNumbers(drawn ? Float64Array.from(drawn, (i) => numbers[i]) : numbers);
      // As percentages and back, as there. Rounding may make one less than that before it.
      let greatest = -Infinity;
      return references.map((q) => {
        const found = quantile(sorted, (q * 100) / 100);
        greatest = found < greatest ? greatest : found;
        return greatest;
      });
    });
    return this.keep({ quantiles, references }, table);
  }

  /** Ranks from 0 to 1, or the normal distribution's quantiles there. @throws {NotFittedError}; {ShapeError} */
  transform(X: TableInput): Matrix {
    const { quantiles, references } = this.learnt;
    const normal = this.outputDistribution === 'normal';
    const [least, greatest] = [THRESHOLD - SPACING, 1 - (THRESHOLD - SPACING)].map(normalQuantile);
    const backwards = quantiles.map(negated);
    const falling = negated(references);
    const last = references.length - 1;
    const rankOf = (x: number, from: TypedArray, back: TypedArray): number => {
      if (Number.isNaN(x) || Number.isNaN(from[0])) return Number.NaN;
      if (normal ? x - THRESHOLD < from[0] : x === from[0]) return 0;
      if (normal ? x + THRESHOLD > from[last] : x === from[last]) return 1;
      // Of equal quantiles one way finds the first, the other the last: the mean of both.
      return 0.5 * (interpolate(x, from, references) - interpolate(-x, back, falling));
    };
    return this.map(X, (data, at, j) => {
      const rank = rankOf(data[at], quantiles[j], backwards[j]);
      data[at] = normal ? Math.min(greatest, Math.max(least, normalQuantile(rank))) : rank;
    });
  }

  /** fit and transform. */
  fitTransform(X: TableInput): Matrix {
    return this.fit(X).transform(X);
  }

  /** The values at these ranks. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  inverseTransform(X: TableInput): Matrix {
    const { quantiles, references } = this.learnt;
    const normal = this.outputDistribution === 'normal';
    return this.map(X, (data, at, j) => {
      const rank = normal ? normalProbability(data[at]) : data[at];
      if (Number.isNaN(rank)) return;
      const margin = normal ? THRESHOLD : 0;
      if (rank - margin < 0) data[at] = quantiles[j][0];
      else if (rank + margin > 1) data[at] = quantiles[j][references.length - 1];
      else data[at] = interpolate(rank, references, quantiles[j]);
    });
  }

  /** A transformer with the same options that was not fitted. */
  clone(): QuantileTransformer {
    return create(this.options());
  }

  /** Plain JSON, which fromJSON takes back with all its bits; before fit the options alone. @throws {ValueError} with a generator */
  toJSON(): QuantileTransformerJSON {
    const { nQuantiles, outputDistribution, subsample, randomState, maybeLearnt: state } = this;
    if (typeof randomState !== 'number') refuseValue('randomState', 'a seed, to be written as JSON', randomState);
    const options = { kind: KIND, nQuantiles, outputDistribution, subsample, randomState } as const;
    return { ...options, ...(state && { quantiles: state.quantiles.map(encodeNumbers), ...this.namesJSON }) };
  }

  /** The transformer that toJSON wrote. @param json it or its text @throws {ValueError} if it is something else */
  static fromJSON(json: QuantileTransformerJSON | string): QuantileTransformer {
    const source = readJSON<QuantileTransformerJSON>(json, KIND);
    const options = {
      nQuantiles: integer(1),
      outputDistribution: text as (value: unknown, path: string) => (typeof DISTRIBUTIONS)[number],
      subsample: integer(1),
      randomState: integer(0),
    };
    if (!Object.hasOwn(source, 'quantiles')) return create(readMembers(source, options));
    const cols = columnsOf(source, 'quantiles');
    const count = Array.isArray(source.quantiles?.[0]) ? source.quantiles[0].length : 0;
    const { quantiles, featureNamesIn, ...rest } = readMembers(source, {
      ...options,
      quantiles: list(column(Math.max(1, count)), cols),
      featureNamesIn: namesForm(cols),
    });
    return create(rest).keep({ quantiles, references: linspace(count) }, { cols, names: featureNamesIn });
  }
}
