// Source: scikit-learn 1.2.1, sklearn/compose/_column_transformer.py.

import { ShapeError, ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkFlag, checkName, refuseValue } from '../checks/values.js';
import { beside, besideSparse, densityOf } from '../matrix/beside.js';
import { INSPECT, type Matrix } from '../matrix/matrix.js';
import type { SparseMatrix } from '../matrix/sparse.js';
import { readTable, Table, type TableInput } from '../matrix/table.js';
import {
  type ColumnPart,
  type ColumnTransformerJSON,
  chainNames,
  columnsJSON,
  type FittedPart,
  inputNames,
  type Part,
  readColumnsJSON,
  readHeader,
  readParts,
} from './column-parts.js';
import { checkColumns, checkNamed, Fitted, show } from './fitted.js';
import type { Transformer } from './transformer.js';
import { applyChain, fitChain } from './transformers.js';

const KIND = 'ColumnTransformer';
const OPTIONS = ['remainder', 'header', 'verboseFeatureNamesOut', 'sparseThreshold'];
const REMAINDERS = ['drop', 'passthrough'] as const;

export type { ColumnPart, ColumnTransformerJSON };

/** Options of {@link ColumnTransformer}. */
export interface ColumnTransformerOptions {
  /** What becomes of columns that no part names: left out, or put behind the others as they are. Default: `'drop'`. */
  remainder?: (typeof REMAINDERS)[number];
  /** Names of the columns, where rows are arrays. Default: none. */
  header?: readonly string[] | undefined;
  /** Whether names of columns begin with their part's: `cities__city_Oslo`. Default: true. */
  verboseFeatureNamesOut?: boolean;
  /**
   * Where a part is sparse, and less than this of all numbers is stored in the rows that are fitted, the result is a SparseMatrix, else
   * dense. Default: 0.3.
   */
  sparseThreshold?: number;
}

// Outside the class, as src/matrix/matrix.ts says.
const create = <R extends Matrix | SparseMatrix>(
  parts: readonly ColumnPart[],
  options: ColumnTransformerOptions,
): ColumnTransformer<R> => new ColumnTransformer(parts, options);

/** What it learnt. */
interface FittedColumns {
  readonly parts: readonly FittedPart[];
  /** Whether it gives a SparseMatrix. */
  readonly sparse: boolean;
}

const THRESHOLD = 0.3;

// Apart from fit, whose variables would stay: rows among them.
const kept = (names: readonly string[]) => () => names;
const later = (chain: readonly Transformer[], inputs: readonly string[], cols: number) => () => {
  const names = chainNames(chain, inputs);
  return names.length === cols ? names : Array.from({ length: cols }, (_, j) => `x${j}`);
};

/**
 * Some transformers for some columns, others for others, and what they give side by side, as numbers; scikit-learn's
 * `ColumnTransformer`.
 *
 * @param transformers parts: a name, a transformer (or several, one after the other, or `'passthrough'`, or `'drop'`), and the
 * columns that it is for, by their places or, of rows that are objects or with a header, by their names
 * @param options remainder (default `'drop'`), header, verboseFeatureNamesOut (default true), sparseThreshold (default 0.3)
 * @typeParam R what it gives: Matrix; `Matrix | SparseMatrix` where a part is sparse, as vectorizers of texts are
 * @throws {ValueError} naming the part
 * @example
 * const table = [{ city: 'Oslo', age: 20 }, { city: 'Rome', age: null }, { city: 'Oslo', age: 30 }];
 * const columns = new ColumnTransformer([
 *   ['ages', [new SimpleImputer(), new StandardScaler({ withStd: false })], 'age'],
 *   ['cities', new OneHotEncoder(), ['city']],
 * ]);
 * columns.fitTransform(table).toArray(); // [[-5, 1, 0], [0, 0, 1], [5, 1, 0]]
 * columns.getFeatureNamesOut(); // ['ages__age', 'cities__city_Oslo', 'cities__city_Rome']
 */
export class ColumnTransformer<R extends Matrix | SparseMatrix = Matrix> extends Fitted<FittedColumns> {
  readonly remainder: (typeof REMAINDERS)[number];
  readonly header: readonly string[] | undefined;
  readonly verboseFeatureNamesOut: boolean;
  readonly sparseThreshold: number;
  readonly #parts: readonly Part[];

  constructor(transformers: readonly ColumnPart[], options: ColumnTransformerOptions = {}) {
    super(KIND);
    const given = readOptions(options, OPTIONS, KIND);
    const { remainder = 'drop', header, verboseFeatureNamesOut = true, sparseThreshold = THRESHOLD } = given;
    if (!(typeof sparseThreshold === 'number' && sparseThreshold >= 0 && sparseThreshold <= 1)) {
      refuseValue('sparseThreshold', 'a number from 0 to 1', sparseThreshold);
    }
    this.#parts = readParts(transformers);
    this.remainder = checkName(remainder, REMAINDERS, 'remainder');
    this.header = header === undefined ? undefined : readHeader(header);
    this.verboseFeatureNamesOut = checkFlag(verboseFeatureNamesOut, 'verboseFeatureNamesOut');
    this.sparseThreshold = sparseThreshold;
  }

  /** @internal */
  protected override options(): ColumnTransformerOptions {
    const { remainder, header, verboseFeatureNamesOut, sparseThreshold } = this;
    return { remainder, header, verboseFeatureNamesOut, sparseThreshold };
  }

  override [INSPECT](): string {
    const parts = this.#parts.map(({ name }) => name);
    return show(KIND, { transformers: parts, ...this.options() }, this.maybeLearnt && this.nFeaturesIn);
  }

  /** The parts, as they were given. */
  get transformers(): ColumnPart[] {
    return this.#parts.map(({ name, step, columns }) => [name, step, [...columns]]);
  }

  /** The fitted transformers by their parts' names, one after the other. @throws {NotFittedError} */
  get namedTransformers(): Record<string, readonly Transformer[]> {
    return Object.fromEntries(this.learnt.parts.map(({ name, chain }) => [name, [...chain]]));
  }

  /** With the header, if there is one and X has no names. */
  #read(X: TableInput): Table {
    const table = readTable(X, 'X');
    const { header } = this;
    if (!header || table.names) return table;
    if (header.length === table.cols) return new Table('X', table.rows, table.columns, header);
    throw new ShapeError(`"X" has ${table.cols} columns, but "header" has ${header.length} names`);
  }

  /** The place of a column that a part names. */
  #find(table: Table, part: Part, column: string | number): number {
    const where = `"transformers"[${part.index}] (${part.name})`;
    if (typeof column === 'number') {
      if (column < table.cols) return column;
      throw new ShapeError(`${where} is for column ${column}, but "X" has ${table.cols} columns, counted from 0`);
    }
    if (!table.names) {
      throw new ValueError(
        `${where} is for a column by its name, "${column}": give rows that are objects, or the option "header"`,
      );
    }
    try {
      return table.indexOf(column);
    } catch (error) {
      (error as Error).message = `${where}: ${(error as Error).message}`;
      throw error;
    }
  }

  /**
   * Fits a clone of each transformer to its columns; what was fitted before is forgotten.
   *
   * @param X rows of cells, objects with a member for each column, or a matrix
   * @throws what the transformers throw, naming the column as it is in X; {ShapeError|ValueError} at a column that is not there
   */
  fit(X: TableInput): this {
    this.fitTransform(X);
    return this;
  }

  /** The same, and what transform gives. */
  fitTransform(X: TableInput): R {
    const table = this.#read(X);
    const used = new Set<number>();
    const found = this.#parts.map((part) => {
      const columns = part.columns.map((column) => this.#find(table, part, column));
      for (const column of columns) used.add(column);
      return { name: part.name, step: part.step, columns };
    });
    const rest = table.labels.map((_, j) => j).filter((j) => !used.has(j));
    if (this.remainder === 'passthrough' && rest.length > 0) {
      found.push({ name: 'remainder', step: 'passthrough', columns: rest });
    }
    const parts: FittedPart[] = [];
    const results: (Table | SparseMatrix)[] = [];
    for (const { name, step, columns } of found) {
      if (step === 'drop' || columns.length === 0) continue;
      const chain = step === 'passthrough' ? [] : [step].flat();
      const start = table.pick(columns);
      const inputs = inputNames(columns, table.names);
      const {
        fitted,
        names,
        table: result,
      } = fitChain(chain as Transformer[], { table: start, names: () => inputs }, name);
      parts.push({
        name,
        chain: fitted,
        columns,
        names: result instanceof Table ? kept(names()) : later(fitted, inputs, result.cols),
      });
      results.push(result);
    }
    if (results.length === 0) throw new ShapeError('no column is left: all parts are for none, or drop theirs');
    const { rows } = table;
    const sparse = results.some((part) => !(part instanceof Table)) && densityOf(results, rows) < this.sparseThreshold;
    const matrix = sparse ? besideSparse(rows, results) : beside(rows, results);
    this.#checkApart(parts);
    this.keep({ parts, sparse }, table);
    return matrix as R;
  }

  #checkApart(parts: readonly FittedPart[]): void {
    if (this.verboseFeatureNamesOut) return;
    const seen = new Set<string>();
    const twice = this.#names(parts).find((name) => seen.size === seen.add(name).size);
    if (twice === undefined) return;
    throw new ValueError(`two columns would be named ${JSON.stringify(twice)}: leave "verboseFeatureNamesOut" true`);
  }

  /** What the parts give, side by side. @throws {NotFittedError}; {ShapeError|ValueError} naming the column */
  transform(X: TableInput): R {
    const { parts, sparse } = this.learnt;
    const { nFeaturesIn, featureNamesIn } = this;
    const table = this.#read(X);
    checkNamed(table, featureNamesIn);
    const byName = featureNamesIn && table.names ? featureNamesIn : undefined;
    if (!byName) checkColumns(table, nFeaturesIn, 'X');
    const results = parts.map(({ name, chain, columns }) => {
      const start = table.pick(byName ? columns.map((j) => table.indexOf(byName[j])) : columns);
      return applyChain(chain, { table: start, names: () => inputNames(columns, featureNamesIn) }, name).table;
    });
    return (sparse ? besideSparse(table.rows, results) : beside(table.rows, results)) as R;
  }

  #names(parts: readonly FittedPart[]): string[] {
    return parts.flatMap(({ name, names }) =>
      names().map((each) => (this.verboseFeatureNamesOut ? `${name}__${each}` : each)),
    );
  }

  override get nFeaturesOut(): number {
    return this.getFeatureNamesOut().length;
  }

  /** A name for each column that transform returns: the part's, two underscores and the transformer's. @throws {NotFittedError} */
  override getFeatureNamesOut(features?: readonly string[]): string[] {
    const { parts } = this.learnt;
    if (features === undefined) return this.#names(parts);
    const given = this.featureNames(features);
    return this.#names(
      parts.map((part) => ({ ...part, names: () => chainNames(part.chain, inputNames(part.columns, given)) })),
    );
  }

  /** A transformer of the same parts that was not fitted. */
  clone(): ColumnTransformer<R> {
    return create(this.transformers, this.options());
  }

  /**
   * Plain JSON, which fromJSON takes back with all its bits; before fit the options and the parts alone.
   *
   * @throws {ValueError} naming a transformer that is not of this package
   */
  toJSON(): ColumnTransformerJSON {
    const { remainder, header, verboseFeatureNamesOut, sparseThreshold, maybeLearnt: state } = this;
    return {
      kind: KIND,
      remainder,
      header: header ? [...header] : null,
      verboseFeatureNamesOut,
      ...(sparseThreshold !== THRESHOLD && { sparseThreshold }),
      ...columnsJSON(this.#parts, state?.parts),
      ...(state && { nFeaturesIn: this.nFeaturesIn, ...this.namesJSON, ...(state.sparse && { sparse: true }) }),
    };
  }

  /** The transformer that toJSON wrote. @param json it or its text @throws {ValueError} if it is something else */
  static fromJSON<R extends Matrix | SparseMatrix = Matrix>(
    json: ColumnTransformerJSON | string,
  ): ColumnTransformer<R> {
    const { parts, options, learnt } = readColumnsJSON(json);
    const transformer = create<R>(parts, options);
    return learnt ? transformer.keep({ parts: learnt.parts, sparse: learnt.sparse }, learnt.source) : transformer;
  }
}
