// What a threshold on scores finds and mistakes as it falls. Source: scikit-learn 1.2.1, sklearn/metrics/_ranking.py.

import { describe } from '../../checks/describe.js';
import { ShapeError, ValueError } from '../../checks/errors.js';
import { readOptions } from '../../checks/read-options.js';
import { checkFlag, refuseValue } from '../../checks/values.js';
import { type NumberArray, readFinite, readWeights } from '../../matrix/copies.js';
import { checkSameRows, type MatrixInput, type TypedArray } from '../../matrix/operand.js';
import { range } from '../../numbers/range.js';
import { type Label, readLabels } from '../labels.js';
import type { WeightOptions } from './confusion.js';

/** Weights of the rows above each threshold, the thresholds falling, that are (hits) and are not (alarms) of the class. @internal */
export interface Thresholds {
  readonly hits: number[];
  readonly alarms: number[];
  readonly thresholds: number[];
}

/** Rows to rank: whether each is of the class, its score, its weight. @internal */
export interface Ranked {
  readonly n: number;
  readonly positive: (i: number) => boolean;
  readonly score: (i: number) => number;
  readonly weights: ArrayLike<number> | undefined;
}

/** A threshold for each score that occurs; rows without weight do not. @internal */
export function overThresholds({ n, positive, score, weights }: Ranked): Thresholds {
  // A typed array of its own: the comparison is what takes the time.
  const scores = Float64Array.from({ length: n }, (_, i) => score(i));
  const order = range(0, n)
    .filter((i) => weights?.[i] !== 0)
    .sort((a, b) => scores[b] - scores[a] || a - b);
  const curve: Thresholds = { hits: [], alarms: [], thresholds: [] };
  let hits = 0;
  let alarms = 0;
  for (let at = 0; at < order.length; ) {
    const threshold = scores[order[at]];
    for (; at < order.length && scores[order[at]] === threshold; at++) {
      const weight = weights ? weights[order[at]] : 1;
      if (positive(order[at])) hits += weight;
      else alarms += weight;
    }
    curve.hits.push(hits);
    curve.alarms.push(alarms);
    curve.thresholds.push(threshold);
  }
  return curve;
}

const lastOf = (numbers: readonly number[]) => numbers[numbers.length - 1] ?? 0;

/** The area under hits over alarms, as parts of all. @throws {ValueError} if there are none of either @internal */
export function rocArea(ranked: Ranked): number {
  const { hits, alarms } = overThresholds(ranked);
  let sum = 0;
  for (let k = 0; k < hits.length; k++) {
    sum += ((alarms[k] - (alarms[k - 1] ?? 0)) * (hits[k] + (hits[k - 1] ?? 0))) / 2;
  }
  const all = lastOf(hits) * lastOf(alarms);
  if (all > 0) return sum / all;
  throw new ValueError('the area is not defined: of a class all rows, or none, have weight');
}

/** Precision and recall as the threshold rises: the last are 1 and 0, and have none. */
function precisionsAndRecalls(ranked: Ranked) {
  const { hits, alarms, thresholds } = overThresholds(ranked);
  const all = lastOf(hits);
  const precision = hits.map((x, k) => x / (x + alarms[k]));
  const recall = hits.map((x) => (all === 0 ? 1 : x / all));
  return {
    precision: Float64Array.from([1, ...precision].reverse()),
    recall: Float64Array.from([0, ...recall].reverse()),
    thresholds: Float64Array.from(thresholds.reverse()),
  };
}

/** The sum of precision times what recall rises by. @internal */
export function averagePrecision(ranked: Ranked): number {
  const { precision, recall } = precisionsAndRecalls(ranked);
  let sum = 0;
  for (let k = 0; k + 1 < recall.length; k++) sum += (recall[k] - recall[k + 1]) * precision[k];
  return sum;
}

/** Options of {@link rocCurve} and {@link precisionRecallCurve}. */
export interface CurveOptions extends WeightOptions {
  /** The class to be found; all others are the rest. Default: of two classes the greater, else 1 or true. */
  posLabel?: Label;
}

function readRanked(yTrue: ArrayLike<Label>, yScore: MatrixInput | NumberArray, options: CurveOptions): Ranked {
  const { labels, classes, kind } = readLabels(yTrue, 'yTrue');
  const { posLabel } = options;
  const single = kind === 'number' ? 1 : kind === 'boolean' ? true : undefined;
  const positive = posLabel ?? (classes.length === 2 ? classes[1] : classes.length === 1 ? single : undefined);
  if (positive === undefined || typeof positive !== kind) {
    refuseValue('posLabel', `one of ${classes.slice(0, 5).map(describe).join(', ')}`, posLabel);
  }
  const { rows, cols, data } = readFinite(yScore, 'yScore');
  if (cols !== 1) throw new ShapeError(`"yScore" has ${cols} columns, but must be one score a row`);
  checkSameRows('yTrue', labels.length, 'yScore', rows);
  const weights: TypedArray | undefined = readWeights(options.sampleWeight, rows);
  return { n: rows, positive: (i) => labels[i] === positive, score: (i) => data[i], weights };
}

/** fpr and tpr of rows at or above each threshold. */
export interface RocCurve {
  /** The false positives' share of all negatives, rising from 0. */
  readonly fpr: Float64Array;
  /** The true positives' share of all positives, rising from 0. */
  readonly tpr: Float64Array;
  /** Falling; the first is the greatest score + 1, which nothing reaches. */
  readonly thresholds: Float64Array;
}

/**
 * The receiver operating characteristic; scikit-learn's `roc_curve`.
 *
 * @param yTrue one label a row
 * @param yScore one number a row, greater where the class is likelier
 * @param options posLabel, sampleWeight, dropIntermediate: whether to leave out points on a straight line between others
 * (default true)
 * @returns NaN for the shares of a class without rows
 * @throws {ShapeError|ValueError|DtypeError} naming the argument
 * @example
 * const { fpr, tpr } = rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 * fpr; // Float64Array [0, 0, 0.5, 0.5, 1]
 * tpr; // Float64Array [0, 0.5, 0.5, 1, 1]
 */
export function rocCurve(
  yTrue: ArrayLike<Label>,
  yScore: MatrixInput | NumberArray,
  options: CurveOptions & { dropIntermediate?: boolean } = {},
): RocCurve {
  const known = readOptions(options, ['posLabel', 'sampleWeight', 'dropIntermediate'], 'rocCurve');
  const { dropIntermediate = true } = known;
  checkFlag(dropIntermediate, 'dropIntermediate');
  const { hits, alarms, thresholds } = overThresholds(readRanked(yTrue, yScore, known));
  const last = hits.length - 1;
  const bends = (x: readonly number[], k: number) => x[k + 1] - x[k] - (x[k] - x[k - 1]) !== 0;
  const kept = range(0, last + 1).filter(
    (k) => !dropIntermediate || k === 0 || k === last || bends(hits, k) || bends(alarms, k),
  );
  const shares = (x: readonly number[]) => {
    const all = x[last];
    return Float64Array.from([0, ...Array.from(kept, (k) => x[k])], (value) => (all > 0 ? value / all : Number.NaN));
  };
  return {
    fpr: shares(alarms),
    tpr: shares(hits),
    thresholds: Float64Array.from([thresholds[0] + 1, ...Array.from(kept, (k) => thresholds[k])]),
  };
}

/** precision and recall of rows at or above each threshold. */
export interface PrecisionRecallCurve {
  /** The last is 1, and has no threshold. */
  readonly precision: Float64Array;
  /** Falling; the last is 0, and has no threshold. */
  readonly recall: Float64Array;
  /** Rising. */
  readonly thresholds: Float64Array;
}

/**
 * Precision and recall for each threshold; scikit-learn's `precision_recall_curve`. Arguments and errors are those of rocCurve.
 *
 * @returns recall 1 throughout if no row is of the class
 * @example
 * const { precision, recall } = precisionRecallCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 * precision; // Float64Array [0.5, 0.6666666666666666, 0.5, 1, 1]
 * recall; // Float64Array [1, 1, 0.5, 0.5, 0]
 */
export function precisionRecallCurve(
  yTrue: ArrayLike<Label>,
  yScore: MatrixInput | NumberArray,
  options: CurveOptions = {},
): PrecisionRecallCurve {
  const known = readOptions(options, ['posLabel', 'sampleWeight'], 'precisionRecallCurve');
  return precisionsAndRecalls(readRanked(yTrue, yScore, known));
}

/**
 * The area under a curve, by trapezoids; scikit-learn's `auc`.
 *
 * @param x two numbers or more, rising or falling throughout
 * @param y as many
 * @throws {ShapeError|ValueError|DtypeError} naming the argument
 * @example
 * auc([0, 0.5, 1], [0, 1, 1]); // 0.75
 */
export function auc(x: NumberArray, y: NumberArray): number {
  const { rows, data: xs } = readFinite(x, 'x');
  const { data: ys, ...other } = readFinite(y, 'y');
  checkSameRows('x', rows, 'y', other.rows);
  if (rows < 2) throw new ShapeError(`"x" has ${rows} element: an area needs two or more`);
  const steps = Array.from({ length: rows - 1 }, (_, k) => xs[k + 1] - xs[k]);
  const falls = steps.some((step) => step < 0);
  if (falls && steps.some((step) => step > 0)) throw new ValueError('"x" must rise or fall throughout');
  const sum = steps.reduce((area, step, k) => area + (step * (ys[k + 1] + ys[k])) / 2, 0);
  return falls ? -sum : sum;
}
