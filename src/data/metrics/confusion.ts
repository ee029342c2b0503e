// Source: scikit-learn 1.2.1, sklearn/metrics/_classification.py. Sums of all metrics are in f64, in order, so the bits are the
// same everywhere.

import { ValueError } from '../../checks/errors.js';
import { readOptions } from '../../checks/read-options.js';
import { checkFlag, refuseValue } from '../../checks/values.js';
import { type NumberArray, readWeights } from '../../matrix/copies.js';
import { Matrix } from '../../matrix/matrix.js';
import { checkSameRows, type TypedArray } from '../../matrix/operand.js';
import { areSeveral, type LabelTargets, readSeveral } from '../indicators.js';
import { checkSameKind, codesOf, type Label, readLabels } from '../labels.js';
import { average } from './average.js';

/** What metrics may be told of their rows. */
export interface WeightOptions {
  /** One weight a row, 0 or more. Default: 1 each. */
  sampleWeight?: NumberArray;
}

/** Labels that were checked, and each row's class among those of both. @internal */
export interface Pair {
  readonly rows: number;
  readonly kind: string;
  readonly classes: Label[];
  readonly truth: Int32Array;
  readonly predicted: Int32Array;
}

/** @throws {ShapeError|ValueError} naming the argument @internal */
export function readPair(yTrue: unknown, yPred: unknown): Pair {
  const truth = readLabels(yTrue, 'yTrue');
  const predicted = readLabels(yPred, 'yPred');
  const rows = truth.labels.length;
  checkSameRows('yTrue', rows, 'yPred', predicted.labels.length, 'their numbers');
  checkSameKind(truth, 'yTrue', predicted, 'yPred');
  const { classes } = readLabels([...truth.classes, ...predicted.classes], 'y');
  return {
    rows,
    kind: truth.kind,
    classes,
    truth: codesOf(truth.labels, classes),
    predicted: codesOf(predicted.labels, classes),
  };
}

/** Labels to report on, each once, of the pair's kind. @throws {ShapeError|ValueError} @internal */
export function readReported(labels: unknown, pair: Pair): Label[] {
  const read = readLabels(labels, 'labels');
  checkSameKind(pair, 'yTrue', read, 'labels');
  if (read.classes.length !== read.labels.length) throw new ValueError('"labels" has a label twice');
  return Array.from(read.labels);
}

/** Whether each row is right; of several labels at once, whether all of its labels are. */
function rightRows(yTrue: LabelTargets, yPred: LabelTargets): { rows: number; right: (i: number) => boolean } {
  if (!areSeveral(yTrue)) {
    const { rows, truth, predicted } = readPair(yTrue, yPred);
    return { rows, right: (i) => truth[i] === predicted[i] };
  }
  const [truth, predicted] = readSeveral(yTrue, yPred);
  const { rows, cols } = truth;
  const right = (i: number) => {
    for (let at = i * cols; at < (i + 1) * cols; at++) if (truth.data[at] !== predicted.data[at]) return false;
    return true;
  };
  return { rows, right };
}

/**
 * The share of rows whose label is right, or all of whose labels are; scikit-learn's `accuracy_score`.
 *
 * @param yTrue one label a row; or rows x labels of 0 and 1, several at once
 * @param yPred as many, of the same kind
 * @param options normalize: false for the number of right rows, or their weight (default true); sampleWeight
 * @throws {ShapeError|ValueError} naming the argument
 * @example
 * accuracyScore(['a', 'b', 'b', 'a'], ['a', 'b', 'a', 'a']); // 0.75
 */
export function accuracyScore(
  yTrue: LabelTargets,
  yPred: LabelTargets,
  options: WeightOptions & { normalize?: boolean } = {},
): number {
  const { normalize = true, sampleWeight } = readOptions(options, ['normalize', 'sampleWeight'], 'accuracyScore');
  checkFlag(normalize, 'normalize');
  const { rows, right } = rightRows(yTrue, yPred);
  const weights = readWeights(sampleWeight, rows);
  const hit = (i: number) => (right(i) ? 1 : 0);
  if (normalize) return average(rows, hit, weights);
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += hit(i) * (weights ? weights[i] : 1);
  return sum;
}

/** Options of {@link confusionMatrix}. */
export interface ConfusionOptions extends WeightOptions {
  /** The classes to count, in this order; others are left out. Default: all that occur, in order. */
  labels?: ArrayLike<Label>;
  /** What elements are divided by: the sum of their row, of their column, or of all. Default: nothing. */
  normalize?: 'true' | 'pred' | 'all';
}

const NORMALIZE: unknown[] = ['true', 'pred', 'all', undefined];

function normalized(counts: Float64Array, n: number, by: ConfusionOptions['normalize']): Float64Array {
  if (by === undefined) return counts;
  const group = (at: number) => (by === 'true' ? Math.floor(at / n) : by === 'pred' ? at % n : 0);
  const sums = new Float64Array(n);
  counts.forEach((count, at) => {
    sums[group(at)] += count;
  });
  return counts.map((count, at) => count / (sums[group(at)] || 1));
}

/** How many rows, or which weight, of each class got each label. @internal */
export function countPairs({ rows, classes, truth, predicted }: Pair, weights: TypedArray | undefined): Float64Array {
  const counts = new Float64Array(classes.length * classes.length);
  for (let i = 0; i < rows; i++) counts[truth[i] * classes.length + predicted[i]] += weights ? weights[i] : 1;
  return counts;
}

/**
 * How many rows, or which weight, of each class (the row) got each label (the column); scikit-learn's `confusion_matrix`.
 *
 * @param yTrue one label a row
 * @param yPred as many, of the same kind
 * @param options labels, normalize, sampleWeight
 * @returns classes x classes, f64
 * @throws {ShapeError|ValueError} naming the argument; if none of `labels` is in yTrue
 * @example
 * confusionMatrix([0, 1, 1], [0, 0, 1]).toArray(); // [[1, 0], [1, 1]]
 */
export function confusionMatrix(
  yTrue: ArrayLike<Label>,
  yPred: ArrayLike<Label>,
  options: ConfusionOptions = {},
): Matrix {
  const known = readOptions(options, ['labels', 'normalize', 'sampleWeight'], 'confusionMatrix');
  const { normalize } = known;
  if (!NORMALIZE.includes(normalize)) {
    refuseValue('normalize', '"true", "pred", "all" or undefined', normalize);
  }
  const pair = readPair(yTrue, yPred);
  const all = countPairs(pair, readWeights(known.sampleWeight, pair.rows));
  if (known.labels === undefined) {
    const n = pair.classes.length;
    return new Matrix(n, n, normalized(all, n, normalize));
  }
  const labels = readReported(known.labels, pair);
  const places = codesOf(labels, pair.classes);
  if (!places.some((place) => place >= 0 && pair.truth.includes(place))) {
    throw new ValueError('none of "labels" is in "yTrue"');
  }
  const n = labels.length;
  const counts = Float64Array.from({ length: n * n }, (_, at) => {
    const i = places[Math.floor(at / n)];
    const j = places[at % n];
    return i < 0 || j < 0 ? 0 : all[i * pair.classes.length + j];
  });
  return new Matrix(n, n, normalized(counts, n, normalize));
}
