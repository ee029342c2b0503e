// Source: scikit-learn 1.2.1, sklearn/impute/_base.py.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import { encodeNumber } from '../checks/json-number.js';
import { readOptions } from '../checks/read-options.js';
import { checkFlag, checkName, refuseValue } from '../checks/values.js';
import { Matrix } from '../matrix/matrix.js';
import { newArray } from '../matrix/operand.js';
import { type Cell, isGap, readTable, type Table, type TableInput } from '../matrix/table.js';
import { median } from '../numbers/percentile.js';
import { Fitted } from './fitted.js';
import { type Label, readCategories } from './labels.js';
import {
  type FittedFills,
  KINDS,
  type Kind,
  readImputerJSON,
  type SimpleImputerJSON,
  type SimpleImputerOptions,
  STRATEGIES,
} from './simple-imputer-json.js';

export type { SimpleImputerJSON, SimpleImputerOptions };

const KIND = 'SimpleImputer';
const OPTIONS = ['strategy', 'fillValue', 'addIndicator', 'keepEmptyFeatures'];
/** The most frequent one; of several the least. */
function mode(labels: readonly (Label | null)[], classes: readonly (Label | null)[]): Label | null {
  const counts = new Map<Label | null, number>();
  for (const label of labels) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  const greatest = Math.max(...counts.values());
  return classes.find((label) => label !== null && counts.get(label) === greatest) ?? null;
}

/** A column's numbers, true being 1; NaN for gaps. @throws {ValueError} naming what is none */
const numbersOf = (table: Table, j: number): Float64Array =>
  Float64Array.from(table.pick([j]).numbers('of texts "strategy" must be mostFrequent or constant'));

// Outside the class, as src/matrix/matrix.ts says.
const create = (options: SimpleImputerOptions): SimpleImputer => new SimpleImputer(options);

/**
 * Gaps (null, undefined, NaN) filled by a number, or text, of their column; scikit-learn's `SimpleImputer`. A column that had
 * nothing but gaps in fit is left out, unless the strategy is constant.
 *
 * @param options strategy (default `'mean'`), fillValue, addIndicator (default false), keepEmptyFeatures (default false)
 * @throws {ValueError} for an option that is none
 * @example
 * new SimpleImputer({ addIndicator: true }).fitTransform([[1], [null], [5]]).toArray(); // [[1, 0], [3, 1], [5, 0]]
 * new SimpleImputer({ strategy: 'mostFrequent' }).fitTransform([['a'], ['b'], [null], ['b']])[2]; // ['b']
 */
export class SimpleImputer extends Fitted<FittedFills> {
  readonly strategy: (typeof STRATEGIES)[number];
  readonly fillValue: Label | undefined;
  readonly addIndicator: boolean;
  readonly keepEmptyFeatures: boolean;

  constructor(options: SimpleImputerOptions = {}) {
    super(KIND);
    const given = readOptions(options, OPTIONS, KIND);
    const { strategy = 'mean', fillValue, addIndicator = false, keepEmptyFeatures = false } = given;
    this.strategy = checkName(strategy, STRATEGIES, 'strategy');
    if (fillValue !== undefined) {
      if (strategy !== 'constant') refuseValue('fillValue', 'left out unless "strategy" is constant', fillValue);
      const known = (KINDS as readonly string[]).includes(typeof fillValue);
      if (!known || (typeof fillValue === 'number' && !Number.isFinite(fillValue))) {
        refuseValue('fillValue', 'a string, a finite number or a boolean', fillValue);
      }
    }
    this.fillValue = fillValue === 0 ? 0 : fillValue; // not -0, which JSON has not
    this.addIndicator = checkFlag(addIndicator, 'addIndicator');
    this.keepEmptyFeatures = checkFlag(keepEmptyFeatures, 'keepEmptyFeatures');
  }

  /** @internal */
  protected override options(): SimpleImputerOptions {
    const { strategy, fillValue, addIndicator, keepEmptyFeatures } = this;
    return { strategy, fillValue, addIndicator, keepEmptyFeatures };
  }

  /** What each column's gaps become; null of one that is left out. @throws {NotFittedError} */
  get statistics(): (Label | null)[] {
    return [...this.learnt.statistics];
  }

  /**
   * Takes what gaps become; what was fitted before is forgotten.
   *
   * @param X rows x columns, one of each or more; with mean and median numbers and booleans (1 and 0), else of one kind a column
   * @throws {ShapeError|ValueError|DtypeError} naming the place or the column
   */
  fit(X: TableInput): this {
    const table = readTable(X, 'X');
    const found = table.columns.map((column, j) => {
      const [statistic, kind] = this.#find(table, j);
      const gaps = Array.prototype.some.call(column, isGap);
      return { statistic, kind, gaps };
    });
    const state = {
      statistics: found.map(({ statistic }) => statistic),
      kinds: found.map(({ kind }) => kind),
      indicated: this.addIndicator ? found.flatMap(({ gaps }, j) => (gaps ? [j] : [])) : [],
    };
    if (state.indicated.length === 0 && state.statistics.every((statistic) => statistic === null)) {
      throw new ShapeError(
        '"X" has nothing but gaps, so that no column is left: "keepEmptyFeatures" keeps them, as zeros',
      );
    }
    return this.keep(state, table);
  }

  /** What column j's gaps become, and of what kind it is. */
  #find(table: Table, j: number): [Label | null, Kind] {
    const { strategy, fillValue } = this;
    const empty = this.keepEmptyFeatures ? 0 : null;
    if (strategy === 'mean' || strategy === 'median') {
      const known = numbersOf(table, j).filter((x) => !Number.isNaN(x));
      if (known.length === 0) return [empty, 'number'];
      if (strategy === 'median') return [median(known.sort()), 'number'];
      return [known.reduce((sum, x) => sum + x, 0) / known.length, 'number'];
    }
    const { labels, classes, kind } = readCategories(table.columns[j], table.columnName(j));
    const none = labels.every((label) => label === null);
    if (strategy === 'mostFrequent') return none ? [empty, 'number'] : [mode(labels, classes), kind as Kind];
    const own = (none ? typeof (fillValue ?? 0) : kind) as Kind;
    const fill = fillValue ?? { number: 0, string: 'missing_value', boolean: undefined }[own];
    if (typeof fill === own) return [fill as Label, own];
    const wanted = `a ${own}, as "${table.columnName(j)}" holds`;
    return refuseValue('fillValue', wanted, fillValue);
  }

  /**
   * X without gaps: a Matrix if all columns are numbers, else rows of cells. Behind them the indicators.
   *
   * @throws {NotFittedError}; {ShapeError} unless X has the columns fitted; {ValueError} at what is of another kind
   */
  transform<R extends Matrix | Cell[][] = Matrix>(X: TableInput): R {
    const { statistics, kinds, indicated } = this.learnt;
    const table = this.table(X);
    const { rows, dtype } = table;
    const kept = statistics.flatMap((statistic, j) => (statistic === null ? [] : [j]));
    const filled = kept.map((j) => {
      if (this.strategy === 'mean' || this.strategy === 'median') {
        return numbersOf(table, j).map((x) => (Number.isNaN(x) ? (statistics[j] as number) : x));
      }
      return Array.from(table.columns[j], (cell, i) => {
        if (isGap(cell)) return statistics[j] as Label;
        if (typeof cell === kinds[j]) return cell;
        throw new ValueError(`${table.place(i, j)} is ${describe(cell)}, but fit saw ${kinds[j]}s there`);
      });
    });
    const gaps = indicated.map((j) => Array.from(table.columns[j], isGap));
    if (kept.some((j) => kinds[j] !== 'number')) {
      const cells = [...filled, ...gaps];
      return Array.from({ length: rows }, (_, i) => cells.map((column) => column[i])) as unknown as R;
    }
    const cols = filled.length + gaps.length;
    const data = newArray(dtype, rows * cols);
    [...filled, ...gaps].forEach((column, j) => {
      for (let i = 0; i < rows; i++) data[i * cols + j] = Number(column[i]);
    });
    return new Matrix(rows, cols, data) as R;
  }

  /** fit and transform. */
  fitTransform<R extends Matrix | Cell[][] = Matrix>(X: TableInput): R {
    return this.fit(X).transform<R>(X);
  }

  override get nFeaturesOut(): number {
    return this.getFeatureNamesOut().length;
  }

  /** The names of the columns that are kept; of indicators `missingindicator_` and the name. */
  override getFeatureNamesOut(features?: readonly string[]): string[] {
    const names = this.featureNames(features);
    const { statistics, indicated } = this.learnt;
    return [...names.filter((_, j) => statistics[j] !== null), ...indicated.map((j) => `missingindicator_${names[j]}`)];
  }

  /** An imputer with the same options that was not fitted. */
  clone(): SimpleImputer {
    return create(this.options());
  }

  /** Plain JSON, which fromJSON takes back with all its bits; before fit the options alone. */
  toJSON(): SimpleImputerJSON {
    const { strategy, fillValue, addIndicator, keepEmptyFeatures, maybeLearnt: state } = this;
    const encode = (label: Label | null) => (typeof label === 'number' ? encodeNumber(label) : label);
    const options = { kind: KIND, strategy, fillValue: fillValue ?? null, addIndicator, keepEmptyFeatures } as const;
    if (!state) return options;
    const { statistics, kinds, indicated } = state;
    return {
      ...options,
      statistics: statistics.map(encode),
      kinds: [...kinds],
      indicated: [...indicated],
      ...this.namesJSON,
    };
  }

  /** The imputer that toJSON wrote. @param json it or its text @throws {ValueError} if it is something else */
  static fromJSON(json: SimpleImputerJSON | string): SimpleImputer {
    const { options, state, names } = readImputerJSON(json);
    const imputer = create(options);
    return state ? imputer.keep(state, { cols: state.kinds.length, names }) : imputer;
  }
}
