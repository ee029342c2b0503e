// What precision, recall and their kin are computed from: how many rows of each class were found, said, and there.
// Source: scikit-learn 1.2.1, multilabel_confusion_matrix in sklearn/metrics/_classification.py.

import { describe } from '../../checks/describe.js';
import { ValueError } from '../../checks/errors.js';
import { isInteger, refuseValue } from '../../checks/values.js';
import { readWeights } from '../../matrix/copies.js';
import type { TypedArray } from '../../matrix/operand.js';
import { range } from '../../numbers/range.js';
import { areSeveral, type LabelTargets, readSeveral } from '../indicators.js';
import { codesOf, type Label } from '../labels.js';
import { type Pair, readPair, readReported, type WeightOptions } from './confusion.js';

/** How scores of classes become one, named as in scikit-learn; `'none'`: they stay a number each. */
export type Average = 'binary' | 'micro' | 'macro' | 'weighted' | 'samples' | 'none';

/** Options of {@link precisionScore}, {@link recallScore} and their kin. */
export interface ScoreOptions extends WeightOptions {
  /**
   * `'binary'`: the score of posLabel, of two classes; `'micro'`: of all classes' counts together; `'macro'`: the classes'
   * mean; `'weighted'`: that weighted by their rows; `'samples'`: the rows' mean, of several labels at once; `'none'`: one
   * score a class. Default: `'binary'`.
   */
  average?: Average;
  /** For `'binary'`. Default: 1, or true. */
  posLabel?: Label;
  /** The classes to score, in this order, unless `'binary'`. Default: all that occur, in order; of several at once all. */
  labels?: ArrayLike<Label>;
  /** A quotient by zero. Default: 0. */
  zeroDivision?: 0 | 1;
}

/** Weights of the rows of a class that were found, that were said to be of it, that are; a number a class, or a row. @internal */
export interface Counts {
  readonly hits: Float64Array;
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
}

/** @internal */
export interface Tally {
  readonly labels: readonly Label[];
  readonly several: boolean;
  /** Of the rows. */
  readonly weights: TypedArray | undefined;
  /** Whether all labels that occur are counted. */
  readonly complete: boolean;
  /** Of these labels; for `'micro'` of all together, for `'samples'` of each row. */
  count(average: Average): Counts;
}

const ONE_LABEL: readonly unknown[] = ['binary', 'micro', 'macro', 'weighted', 'none'];
const SEVERAL: readonly unknown[] = ['micro', 'macro', 'weighted', 'samples', 'none'];

function scoredLabels(pair: Pair, { average: kind, posLabel, labels }: ScoreOptions): Label[] {
  if (kind !== 'binary') return labels === undefined ? pair.classes : readReported(labels, pair);
  const { classes } = pair;
  if (classes.length > 2) {
    throw new ValueError(`"average" is "binary", but there are ${classes.length} classes: choose another average`);
  }
  const positive = posLabel ?? (pair.kind === 'boolean' ? true : 1);
  if (!classes.includes(positive) && classes.length === 2) {
    refuseValue('posLabel', classes.map(describe).join(' or '), positive);
  }
  return [positive];
}

const total = (numbers: Float64Array) => numbers.reduce((sum, x) => sum + x, 0);

const together = ({ hits, predicted, actual }: Counts): Counts => ({
  hits: Float64Array.of(total(hits)),
  predicted: Float64Array.of(total(predicted)),
  actual: Float64Array.of(total(actual)),
});

function tallyLabels(pair: Pair, options: ScoreOptions): Tally {
  const weights = readWeights(options.sampleWeight, pair.rows);
  const labels = scoredLabels(pair, options);
  const places = codesOf(labels, pair.classes);
  const { truth, predicted } = pair;
  const sum = (when: (i: number) => number) => {
    const sums = new Float64Array(pair.classes.length);
    for (let i = 0; i < pair.rows; i++) if (when(i) >= 0) sums[when(i)] += weights ? weights[i] : 1;
    return Float64Array.from(places, (place) => (place < 0 ? 0 : sums[place]));
  };
  const counts = {
    hits: sum((i) => (truth[i] === predicted[i] ? truth[i] : -1)),
    predicted: sum((i) => predicted[i]),
    actual: sum((i) => truth[i]),
  };
  const complete = labels.length === pair.classes.length && places.every((place) => place >= 0);
  return {
    labels,
    several: false,
    weights,
    complete,
    count: (average) => (average === 'micro' ? together(counts) : counts),
  };
}

function reportedColumns(labels: ArrayLike<Label> | undefined, cols: number): Int32Array {
  if (labels === undefined) return range(0, cols);
  const chosen = Array.from(labels);
  const wrong = chosen.findIndex((label) => !isInteger(label, 0, cols - 1));
  if (wrong >= 0) refuseValue('labels', `a column from 0 to ${cols - 1}`, chosen[wrong], `[${wrong}]`);
  if (new Set(chosen).size !== chosen.length) throw new ValueError('"labels" has a label twice');
  return Int32Array.from(chosen as number[]);
}

function tallySeveral(yTrue: unknown, yPred: unknown, options: ScoreOptions): Tally {
  const [truth, predicted] = readSeveral(yTrue, yPred);
  const { rows, cols } = truth;
  const weights = readWeights(options.sampleWeight, rows);
  const columns = reportedColumns(options.labels, cols);
  const count = (average: Average): Counts => {
    const samples = average === 'samples';
    const length = samples ? rows : columns.length;
    const counts = {
      hits: new Float64Array(length),
      predicted: new Float64Array(length),
      actual: new Float64Array(length),
    };
    for (let i = 0; i < rows; i++) {
      const weight = weights && !samples ? weights[i] : 1;
      for (let k = 0; k < columns.length; k++) {
        const at = i * cols + columns[k];
        const to = samples ? i : k;
        counts.hits[to] += weight * truth.data[at] * predicted.data[at];
        counts.predicted[to] += weight * predicted.data[at];
        counts.actual[to] += weight * truth.data[at];
      }
    }
    return average === 'micro' ? together(counts) : counts;
  };
  return { labels: Array.from(columns), several: true, weights, complete: columns.length === cols, count };
}

/** @throws {ShapeError|ValueError} naming the argument @internal */
export function tally(yTrue: LabelTargets, yPred: LabelTargets, options: ScoreOptions & { average: Average }): Tally {
  const several = areSeveral(yTrue);
  const averages = several ? SEVERAL : ONE_LABEL;
  const { average } = options;
  if (!averages.includes(average)) {
    const why = several ? ' (of several labels at once)' : '';
    refuseValue('average', `one of ${averages.map(describe).join(', ')}${why}`, average);
  }
  return several ? tallySeveral(yTrue, yPred, options) : tallyLabels(readPair(yTrue, yPred), options);
}
