// Source: scikit-learn 1.2.1, log_loss in sklearn/metrics/_classification.py, top_k_accuracy_score in _ranking.py.

import { describe } from '../../checks/describe.js';
import { ShapeError, ValueError } from '../../checks/errors.js';
import { readOptions } from '../../checks/read-options.js';
import { checkFlag, checkInteger } from '../../checks/values.js';
import { type NumberArray, readFinite, readWeights } from '../../matrix/copies.js';
import { checkSameRows, type MatrixInput } from '../../matrix/operand.js';
import { log } from '../../numbers/precise-log.js';
import { checkSameKind, codesOf, type Label, readLabels, sameLabels } from '../labels.js';
import { average } from './average.js';
import type { WeightOptions } from './confusion.js';

export interface LabelsOption {
  /** All classes, sorted, one a column. Default: those of yTrue. */
  labels?: ArrayLike<Label>;
}

/** Options of {@link logLoss}. */
export interface LogLossOptions extends WeightOptions, LabelsOption {
  /** Whether to return the mean over rows; else the sum. Default: true. */
  normalize?: boolean;
}

/** yTrue as places among the classes. @throws {ShapeError|ValueError} naming the argument @internal */
export function readTruth(
  yTrue: unknown,
  labels: unknown,
): { classes: Label[]; codes: Int32Array; fewClasses: string } {
  const truth = readLabels(yTrue, 'yTrue');
  const given = labels === undefined ? truth : readLabels(labels, 'labels');
  checkSameKind(truth, 'yTrue', given, 'labels');
  const { classes } = given;
  if (labels !== undefined && !sameLabels(classes, given.labels)) {
    throw new ValueError('"labels" must be sorted, each label once');
  }
  const codes = codesOf(truth.labels, classes);
  const unknown = codes.indexOf(-1);
  if (unknown >= 0) {
    throw new ValueError(`"yTrue"[${unknown}] is ${describe(truth.labels[unknown])}, which is not one of "labels"`);
  }
  const fewClasses =
    labels === undefined ? '"yTrue" has one class only: give all of them as "labels"' : '"labels" has one class only';
  return { classes, codes, fewClasses };
}

/**
 * The mean of -ln p, where p is the probability that the row's true class was given; scikit-learn's `log_loss`. Each p is
 * kept from 0 and 1 by the dtype's spacing at 1, and each row is divided by its sum.
 *
 * @param yTrue one label a row
 * @param yPred rows x classes, probabilities in the order of the sorted classes; of two classes also the greater's alone
 * @param options labels, normalize (default true), sampleWeight
 * @throws {ShapeError|ValueError|DtypeError} naming the argument; if there is one class only
 * @example
 * logLoss([0, 1], [0.5, 0.5]); // 0.6931471805599453
 */
export function logLoss(
  yTrue: ArrayLike<Label>,
  yPred: MatrixInput | NumberArray,
  options: LogLossOptions = {},
): number {
  const {
    normalize = true,
    labels,
    sampleWeight,
  } = readOptions(options, ['labels', 'normalize', 'sampleWeight'], 'logLoss');
  checkFlag(normalize, 'normalize');
  const { classes, codes, fewClasses } = readTruth(yTrue, labels);
  if (classes.length < 2) throw new ValueError(fewClasses);
  const { rows, cols, data, dtype } = readFinite(yPred, 'yPred');
  checkSameRows('yTrue', codes.length, 'yPred', rows);
  if (Math.max(cols, 2) !== classes.length) {
    throw new ShapeError(`"yPred" has ${cols} columns, but there are ${classes.length} classes`);
  }
  const weights = readWeights(sampleWeight, rows);
  const spacing = dtype === 'f32' ? 2 ** -23 : 2 ** -52;
  const clip = (p: number) => Math.min(Math.max(p, spacing), 1 - spacing);
  const loss = (i: number) => {
    const row = Array.from(data.subarray(i * cols, (i + 1) * cols), clip);
    if (cols === 1) row.unshift(1 - row[0]);
    return -log(row[codes[i]] / row.reduce((sum, p) => sum + p, 0));
  };
  if (normalize) return average(rows, loss, weights);
  return codes.reduce((sum, _, i) => sum + (weights ? weights[i] : 1) * loss(i), 0);
}

/** Options of {@link topKAccuracyScore}. */
export interface TopKOptions extends WeightOptions, LabelsOption {
  /** How many of the highest scores may hold the true class. Default: 2. */
  k?: number;
  /** Whether to return the share of rows; else their number, or weight. Default: true. */
  normalize?: boolean;
}

/**
 * The share of rows whose true class has one of the k highest scores; scikit-learn's `top_k_accuracy_score`. Of equal scores the
 * later class's counts as higher.
 *
 * @param yTrue one label a row
 * @param yScore rows x classes, in the order of the sorted classes; of two classes one number a row, greater for the greater
 * class: for k 1 it is said from above 0.5 on if all are from 0 to 1, else from above 0 on
 * @param options k (default 2), labels, normalize (default true), sampleWeight
 * @throws {ShapeError|ValueError|DtypeError} naming the argument
 * @example
 * topKAccuracyScore([0, 1, 2], [[0.5, 0.2, 0.3], [0.1, 0.4, 0.5], [0.5, 0.3, 0.2]]); // 0.6666666666666666
 */
export function topKAccuracyScore(
  yTrue: ArrayLike<Label>,
  yScore: MatrixInput | NumberArray,
  options: TopKOptions = {},
): number {
  const known = readOptions(options, ['k', 'labels', 'normalize', 'sampleWeight'], 'topKAccuracyScore');
  const { k = 2, normalize = true } = known;
  checkInteger(k, 'k', 1);
  checkFlag(normalize, 'normalize');
  const { classes, codes, fewClasses } = readTruth(yTrue, known.labels);
  if (classes.length < 2) throw new ValueError(fewClasses);
  const { rows, cols, data } = readFinite(yScore, 'yScore');
  checkSameRows('yTrue', codes.length, 'yScore', rows);
  const binary = classes.length === 2;
  if (cols !== (binary ? 1 : classes.length)) {
    const wanted = binary
      ? 'of two classes it must be one column, the greater class'
      : `there are ${classes.length} classes`;
    throw new ShapeError(`"yScore" has ${cols} columns, but ${wanted}`);
  }
  const weights = readWeights(known.sampleWeight, rows);
  const threshold = data.every((x) => x >= 0 && x <= 1) ? 0.5 : 0;
  /** How many classes are before the true one. */
  const rank = (i: number) => {
    if (binary) return (data[i] > threshold ? 1 : 0) === codes[i] ? 0 : 1;
    const own = data[i * cols + codes[i]];
    let before = 0;
    for (let j = 0; j < cols; j++) {
      const other = data[i * cols + j];
      if (other > own || (other === own && j > codes[i])) before++;
    }
    return before;
  };
  const hit = (i: number) => (rank(i) < k ? 1 : 0);
  if (normalize) return average(rows, hit, weights);
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += hit(i) * (weights ? weights[i] : 1);
  return sum;
}
