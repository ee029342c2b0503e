// Areas of several classes as one. Source: scikit-learn 1.2.1, sklearn/metrics/_base.py.

import type { NumberTable } from '../../matrix/copies.js';
import type { TypedArray } from '../../matrix/operand.js';
import { average } from './average.js';
import { type Ranked, rocArea } from './curves.js';

/** How the areas of several classes become one. */
export type AreaAverage = 'micro' | 'macro' | 'weighted' | 'samples' | 'none';

/** Rows x classes: whether each row is of each class, and its score. @internal */
export interface ScoreTable {
  readonly rows: number;
  readonly cols: number;
  readonly positive: (i: number, j: number) => boolean;
  readonly scores: TypedArray;
  readonly weights: TypedArray | undefined;
}

/** @internal */
export type Area = (ranked: Ranked) => number;

/** The area of each class, row, or of all together, and their mean. @internal */
export function areaOf(kind: AreaAverage, area: Area, table: ScoreTable): number | Float64Array {
  const { rows, cols, positive, scores, weights } = table;
  if (kind === 'micro') {
    return area({
      n: rows * cols,
      positive: (at) => positive(Math.floor(at / cols), at % cols),
      score: (at) => scores[at],
      weights: weights && Float64Array.from({ length: rows * cols }, (_, at) => weights[Math.floor(at / cols)]),
    });
  }
  if (kind === 'samples') {
    const ofRow = (i: number) =>
      area({ n: cols, positive: (j) => positive(i, j), score: (j) => scores[i * cols + j], weights: undefined });
    return average(rows, (i) => (weights?.[i] === 0 ? 0 : ofRow(i)), weights);
  }
  const sizes = Float64Array.from({ length: cols }, (_, j) => {
    let size = 0;
    for (let i = 0; i < rows; i++) if (positive(i, j)) size += weights ? weights[i] : 1;
    return size;
  });
  const weighted = kind === 'weighted';
  const areas = sizes.map((size, j) =>
    weighted && size === 0
      ? 0
      : area({ n: rows, positive: (i) => positive(i, j), score: (i) => scores[i * cols + j], weights }),
  );
  if (kind === 'none') return areas;
  if (weighted && sizes.every((size) => size === 0)) return 0;
  return average(cols, (j) => areas[j], weighted ? sizes : undefined);
}

/** Each class against each other, Hand and Till's: the mean over pairs. @internal */
export function areaOfPairs(
  weighted: boolean,
  classes: number,
  codes: Int32Array,
  { cols, data }: NumberTable,
): number {
  const areas: number[] = [];
  const sizes: number[] = [];
  for (let a = 0; a < classes; a++) {
    for (let b = a + 1; b < classes; b++) {
      const members = codes.reduce<number[]>((all, code, i) => {
        if (code === a || code === b) all.push(i);
        return all;
      }, []);
      const against = (j: number) =>
        rocArea({
          n: members.length,
          positive: (i) => codes[members[i]] === j,
          score: (i) => data[members[i] * cols + j],
          weights: undefined,
        });
      areas.push((against(a) + against(b)) / 2);
      sizes.push(members.length / codes.length);
    }
  }
  return average(areas.length, (k) => areas[k], weighted ? sizes : undefined);
}
