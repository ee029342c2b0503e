// Source: scikit-learn 1.2.1, log_loss in sklearn/metrics/_classification.py, sklearn/metrics/_ranking.py.

import { describe } from '../../checks/describe.js';
import { ShapeError, ValueError } from '../../checks/errors.js';
import { readOptions } from '../../checks/read-options.js';
import { checkFlag, refuseValue } from '../../checks/values.js';
import { type NumberArray, readFinite, readWeights } from '../../matrix/copies.js';
import { checkSameRows, type MatrixInput, type TypedArray } from '../../matrix/operand.js';
import { log } from '../../numbers/precise-log.js';
import { range } from '../../numbers/range.js';
import { checkSameKind, codesOf, type Label, readLabels, sameLabels } from '../labels.js';
import { average } from './average.js';
import type { WeightOptions } from './confusion.js';

interface LabelsOption {
  /** All classes, sorted, one a column. Default: those of yTrue. */
  labels?: ArrayLike<Label>;
}

export interface LogLossOptions extends WeightOptions, LabelsOption {
  /** Whether to return the mean over rows; else the sum. Default: true. */
  normalize?: boolean;
}

export interface RocAucOptions extends WeightOptions, LabelsOption {
  /** Of three classes or more: their mean, weighted by their rows or not, or one a class. Default: `'macro'`. */
  average?: 'macro' | 'weighted' | 'none';
}

/** yTrue as places among the classes. */
function readTruth(yTrue: unknown, labels: unknown): { classes: Label[]; codes: Int32Array; fewClasses: string } {
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

/** The area under the curve of true over false positives as the threshold falls, by trapezoids. */
function area(
  scores: (i: number) => number,
  positive: (i: number) => boolean,
  weights: TypedArray | undefined,
  n: number,
) {
  const order = range(0, n).sort((a, b) => scores(b) - scores(a) || a - b);
  let hits = 0;
  let alarms = 0;
  let sum = 0;
  for (let at = 0; at < n; ) {
    const score = scores(order[at]);
    const hitsBefore = hits;
    const alarmsBefore = alarms;
    for (; at < n && scores(order[at]) === score; at++) {
      const weight = weights ? weights[order[at]] : 1;
      if (positive(order[at])) hits += weight;
      else alarms += weight;
    }
    sum += ((alarms - alarmsBefore) * (hits + hitsBefore)) / 2;
  }
  if (hits > 0 && alarms > 0) return sum / (hits * alarms);
  throw new ValueError('the area is not defined: of a class all rows, or none, have weight');
}

/**
 * The area under the receiver operating characteristic; scikit-learn's `roc_auc_score`, of more than two classes each
 * against the rest (`multi_class='ovr'`).
 *
 * @param yTrue one label a row
 * @param yScore of two classes one score a row, greater for the greater class; else rows x classes, each row's sum 1
 * @param options average (default `'macro'`), labels, sampleWeight
 * @returns a number; for average `'none'` of three classes or more one a class
 * @throws {ShapeError|ValueError|DtypeError} naming the argument; if a class has no row
 * @example
 * rocAucScore([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.75
 */
export function rocAucScore(
  yTrue: ArrayLike<Label>,
  yScore: MatrixInput | NumberArray,
  options?: RocAucOptions & { average?: 'macro' | 'weighted' },
): number;
export function rocAucScore(
  yTrue: ArrayLike<Label>,
  yScore: MatrixInput | NumberArray,
  options: RocAucOptions & { average: 'none' },
): number | Float64Array;
export function rocAucScore(
  yTrue: ArrayLike<Label>,
  yScore: MatrixInput | NumberArray,
  options: RocAucOptions = {},
): number | Float64Array {
  const known = readOptions(options, ['average', 'labels', 'sampleWeight'], 'rocAucScore');
  const { average: kind = 'macro' } = known;
  if (kind !== 'macro' && kind !== 'weighted' && kind !== 'none') {
    return refuseValue('average', '"macro", "weighted" or "none"', kind);
  }
  const { classes, codes } = readTruth(yTrue, known.labels);
  const { rows, cols, data } = readFinite(yScore, 'yScore');
  checkSameRows('yTrue', codes.length, 'yScore', rows);
  const binary = classes.length <= 2;
  if (cols !== (binary ? 1 : classes.length)) {
    const wanted = binary
      ? 'of two classes it must be one column, the greater class'
      : `there are ${classes.length} classes`;
    throw new ShapeError(`"yScore" has ${cols} columns, but ${wanted}`);
  }
  const weights = readWeights(known.sampleWeight, rows);
  const present = new Set(codes);
  const missing = classes.findIndex((_, k) => !present.has(k));
  if (missing >= 0 || classes.length < 2) {
    const what = missing >= 0 ? `no row of class ${describe(classes[missing])}` : 'one class only';
    throw new ValueError(`"yTrue" has ${what}: the area is not defined`);
  }
  if (binary)
    return area(
      (i) => data[i],
      (i) => codes[i] === 1,
      weights,
      rows,
    );
  for (let i = 0; i < rows; i++) {
    const sum = Array.from(data.subarray(i * cols, (i + 1) * cols)).reduce((total, p) => total + p, 0);
    // numpy.allclose(1, sum)
    if (!(Math.abs(1 - sum) <= 1e-8 + 1e-5 * Math.abs(sum))) {
      throw new ValueError(`"yScore" must hold probabilities, but row ${i} adds up to ${sum}`);
    }
  }
  const areas = Float64Array.from(classes, (_, k) =>
    area(
      (i) => data[i * cols + k],
      (i) => codes[i] === k,
      weights,
      rows,
    ),
  );
  if (kind === 'none') return areas;
  const counts = new Float64Array(classes.length);
  codes.forEach((code, i) => {
    counts[code] += weights ? weights[i] : 1;
  });
  return average(areas.length, (k) => areas[k], kind === 'weighted' ? counts : undefined);
}
