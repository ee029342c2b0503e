// Source: Gorishniy, Rubachev and Babenko, "On Embeddings for Numerical Features in Tabular Deep Learning", NeurIPS 2022,
// equations 1 and 2, with bins between quantiles (section 3.2.1).

import type { JSONNumber } from '../checks/json-number.js';
import { readOptions } from '../checks/read-options.js';
import { checkInteger } from '../checks/values.js';
import { type Check, integer, list, mismatch } from '../files/schema.js';
import { columnOf, readNumbers } from '../matrix/copies.js';
import { Matrix } from '../matrix/matrix.js';
import { newArray, type TypedArray } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { quantile, sortedNumbers } from '../numbers/percentile.js';
import { Fitted, namesForm } from './fitted.js';
import { column, columnsOf, encodeNumbers, readJSON, readMembers } from './fitted-json.js';

const KIND = 'PiecewiseLinearEncoder';

/** Options of {@link PiecewiseLinearEncoder}. */
export interface PiecewiseLinearEncoderOptions {
  /** The most bins of a column; equal quantiles make fewer. Default: 48. */
  nBins?: number;
}

/** What {@link PiecewiseLinearEncoder} is as plain JSON. */
export interface PiecewiseLinearEncoderJSON {
  /** Tells it from what other classes write. */
  kind: typeof KIND;
  nBins: number;
  /** An array for each column; none before fit. */
  edges?: JSONNumber[][];
  featureNamesIn?: string[];
}

interface FittedEdges {
  readonly edges: readonly TypedArray[];
}

/** Those of equal parts of the column, each once. A constant column, or one of gaps, has one bin of width 1. */
function edgesOf(sorted: Float64Array, nBins: number): Float64Array {
  const all = Float64Array.from({ length: nBins + 1 }, (_, t) => quantile(sorted, t / nBins));
  const edges = all.filter((edge, t) => t === 0 || edge > all[t - 1]);
  if (edges.length > 1) return edges;
  const start = edges[0] || 0;
  return Float64Array.of(start, start + Math.max(1, Math.abs(start) * 2 ** -50));
}

// Outside the class, as src/matrix/matrix.ts says.
const create = (options: PiecewiseLinearEncoderOptions): PiecewiseLinearEncoder => new PiecewiseLinearEncoder(options);

/**
 * A number as how far it has got through each of some bins: 1 in those below it, a fraction in its own, 0 in those above. The
 * first and the last bin go on beyond their ends. So a network may treat each part of a column's range by itself. NaN is left
 * out of fit, and is NaN in all the column's bins.
 *
 * @param options nBins (default 48)
 * @throws {ValueError} for an option that is none; at infinities
 * @example
 * const encoder = new PiecewiseLinearEncoder({ nBins: 2 }).fit([[0], [1], [2], [3], [4]]);
 * encoder.transform([[1], [3], [6]]).toArray(); // [[0.5, 0], [1, 0.5], [1, 2]]
 */
export class PiecewiseLinearEncoder extends Fitted<FittedEdges> {
  readonly nBins: number;

  constructor(options: PiecewiseLinearEncoderOptions = {}) {
    super(KIND);
    const { nBins = 48 } = readOptions(options, ['nBins'], KIND);
    this.nBins = checkInteger(nBins, 'nBins', 1);
  }

  /** @internal */
  protected override options(): PiecewiseLinearEncoderOptions {
    return { nBins: this.nBins };
  }

  /** Each column's edges, ascending, one more than bins: copies. @throws {NotFittedError} */
  get edges(): TypedArray[] {
    return this.learnt.edges.map((each) => each.slice());
  }

  /**
   * Takes the quantiles of the columns; what was fitted before is forgotten.
   *
   * @param X rows x columns, one of each or more
   * @throws {ShapeError|ValueError|DtypeError} naming it
   */
  fit(X: TableInput): this {
    const table = readNumbers(X, 'X');
    const edges = Array.from({ length: table.cols }, (_, j) => edgesOf(sortedNumbers(columnOf(table, j)), this.nBins));
    return this.keep({ edges }, table);
  }

  /** Rows x bins of all columns. @throws {NotFittedError}; {ShapeError} unless X has the columns fitted */
  transform(X: TableInput): Matrix {
    const { edges } = this.learnt;
    const { rows, cols, data, dtype } = this.numbers(X);
    const width = edges.reduce((sum, each) => sum + each.length - 1, 0);
    const encoded = newArray(dtype, rows * width);
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) {
        const x = data[i * cols + j];
        const bins = edges[j].length - 1;
        for (let t = 0; t < bins; t++, at++) {
          const part = (x - edges[j][t]) / (edges[j][t + 1] - edges[j][t]);
          encoded[at] = part < 0 && t > 0 ? 0 : part > 1 && t < bins - 1 ? 1 : part;
        }
      }
    }
    return new Matrix(rows, width, encoded);
  }

  /** fit and transform. */
  fitTransform(X: TableInput): Matrix {
    return this.fit(X).transform(X);
  }

  override get nFeaturesOut(): number {
    return this.getFeatureNamesOut().length;
  }

  /** The column's name, an underscore and the bin's number, from 0. */
  override getFeatureNamesOut(features?: readonly string[]): string[] {
    const names = this.featureNames(features);
    return this.learnt.edges.flatMap((each, j) =>
      Array.from({ length: each.length - 1 }, (_, t) => `${names[j]}_${t}`),
    );
  }

  /** An encoder with the same options that was not fitted. */
  clone(): PiecewiseLinearEncoder {
    return create(this.options());
  }

  /** Plain JSON, which fromJSON takes back with all its bits; before fit the options alone. */
  toJSON(): PiecewiseLinearEncoderJSON {
    const { nBins, maybeLearnt: state } = this;
    return { kind: KIND, nBins, ...(state && { edges: state.edges.map(encodeNumbers), ...this.namesJSON }) };
  }

  /** The encoder that toJSON wrote. @param json it or its text @throws {ValueError} if it is something else */
  static fromJSON(json: PiecewiseLinearEncoderJSON | string): PiecewiseLinearEncoder {
    const source = readJSON<PiecewiseLinearEncoderJSON>(json, KIND);
    if (!Object.hasOwn(source, 'edges')) return create(readMembers(source, { nBins: integer(1) }));
    const cols = columnsOf(source, 'edges');
    const ascending: Check<TypedArray> = (value, path) => {
      const edges = column(Array.isArray(value) ? value.length : 0)(value, path);
      if (edges.length > 1 && edges.every((edge, t) => t === 0 || edge > edges[t - 1])) return edges;
      return mismatch(path, 'must be two numbers or more that ascend');
    };
    const { edges, featureNamesIn, nBins } = readMembers(source, {
      nBins: integer(1),
      edges: list(ascending, cols),
      featureNamesIn: namesForm(cols),
    });
    return create({ nBins }).keep({ edges }, { cols, names: featureNamesIn });
  }
}
