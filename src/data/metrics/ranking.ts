// Areas of scores, of two classes or of each of several. Source: scikit-learn 1.2.1, sklearn/metrics/_ranking.py, _base.py.

import { describe } from '../../checks/describe.js';
import { ShapeError, ValueError } from '../../checks/errors.js';
import { readOptions } from '../../checks/read-options.js';
import { refuseValue } from '../../checks/values.js';
import { type NumberArray, type NumberTable, readFinite, readWeights } from '../../matrix/copies.js';
import { checkSameRows, type MatrixInput } from '../../matrix/operand.js';
import { areSeveral, type LabelTargets, readIndicators } from '../indicators.js';
import type { Label } from '../labels.js';
import { type Area, type AreaAverage, areaOf, areaOfPairs, type ScoreTable } from './areas.js';
import type { WeightOptions } from './confusion.js';
import { averagePrecision, rocArea } from './curves.js';
import { type LabelsOption, readTruth } from './probabilities.js';

/** Options of {@link averagePrecisionScore}. */
export interface AreaOptions extends WeightOptions, LabelsOption {
  /**
   * Of three classes or more, or several labels at once: their mean, weighted by their rows or not, all together, the rows' mean
   * (of several labels at once), or one each. Default: `'macro'`.
   */
  average?: AreaAverage;
}

/** Options of {@link rocAucScore}. */
export interface RocAucOptions extends AreaOptions {
  /** Of three classes or more: each against the rest, or each against each other (Hand and Till 2001). Default: `'ovr'`. */
  multiClass?: 'ovr' | 'ovo';
}

const AVERAGES: readonly unknown[] = ['micro', 'macro', 'weighted', 'samples', 'none'];

function checkAverage({ average: kind = 'macro' }: AreaOptions, several: boolean): AreaAverage {
  if (AVERAGES.includes(kind) && (several || kind !== 'samples')) return kind;
  const names = AVERAGES.filter((name) => several || name !== 'samples');
  return refuseValue('average', `one of ${names.map(describe).join(', ')}`, kind);
}

/** Scores of several labels at once, a column for each. */
function readSeveralScores(yTrue: unknown, yScore: unknown, sampleWeight: unknown): ScoreTable {
  const truth = readIndicators(yTrue, 'yTrue');
  const { rows, cols, data } = readFinite(yScore, 'yScore');
  checkSameRows('yTrue', truth.rows, 'yScore', rows);
  if (truth.cols !== cols) throw new ShapeError(`"yTrue" has ${truth.cols} labels and "yScore" has ${cols} columns`);
  const positive = (i: number, j: number) => truth.data[i * cols + j] === 1;
  return { rows, cols, positive, scores: data, weights: readWeights(sampleWeight, rows) };
}

/** Scores of classes: one column of two, the greater's; else one for each. */
function readClassScores(yTrue: unknown, yScore: unknown, labels: unknown) {
  const { classes, codes } = readTruth(yTrue, labels);
  const scores = readFinite(yScore, 'yScore');
  checkSameRows('yTrue', codes.length, 'yScore', scores.rows);
  const binary = classes.length <= 2;
  if (scores.cols !== (binary ? 1 : classes.length)) {
    const wanted = binary
      ? 'of two classes it must be one column, the greater class'
      : `there are ${classes.length} classes`;
    throw new ShapeError(`"yScore" has ${scores.cols} columns, but ${wanted}`);
  }
  return { classes, codes, scores, binary };
}

/** @param positive of two classes the one to be found */
function classArea(kind: AreaAverage, area: Area, read: ReturnType<typeof readClassScores>, w: unknown, positive = 1) {
  const { codes, scores, binary } = read;
  const { rows, cols, data } = scores;
  const weights = readWeights(w, rows);
  if (binary) return area({ n: rows, positive: (i) => codes[i] === positive, score: (i) => data[i], weights });
  return areaOf(kind, area, { rows, cols, positive: (i, j) => codes[i] === j, scores: data, weights });
}

function checkAllPresent(classes: readonly Label[], codes: Int32Array): void {
  const present = new Set(codes);
  const missing = classes.findIndex((_, k) => !present.has(k));
  if (missing < 0 && classes.length > 1) return;
  const what = missing >= 0 ? `no row of class ${describe(classes[missing])}` : 'one class only';
  throw new ValueError(`"yTrue" has ${what}: the area is not defined`);
}

function checkSums({ rows, cols, data }: NumberTable): void {
  for (let i = 0; i < rows; i++) {
    const sum = Array.from(data.subarray(i * cols, (i + 1) * cols)).reduce((total, p) => total + p, 0);
    // numpy.allclose(1, sum)
    if (Math.abs(1 - sum) <= 1e-8 + 1e-5 * Math.abs(sum)) continue;
    throw new ValueError(`"yScore" must hold probabilities, but row ${i} adds up to ${sum}`);
  }
}

type Each<O> = O & { average: 'none' };
type One<O extends AreaOptions> = O & { average?: Exclude<O['average'], 'none'> };

/**
 * The area under the receiver operating characteristic; scikit-learn's `roc_auc_score`. Of more than two classes each against the
 * rest, or with `multiClass: 'ovo'` each against each other, without regard to their sizes.
 *
 * @param yTrue one label a row; or rows x labels of 0 and 1, several at once
 * @param yScore of two classes one score a row, greater for the greater class; of more rows x classes, each row's sum 1; of
 * several labels at once rows x labels
 * @param options average (default `'macro'`), multiClass (default `'ovr'`), labels, sampleWeight (not of ovo)
 * @returns a number; for average `'none'` of three classes or more, or of several labels at once, one each
 * @throws {ShapeError|ValueError|DtypeError} naming the argument; if a class has no row
 * @example
 * rocAucScore([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.75
 */
export function rocAucScore(
  yTrue: LabelTargets,
  yScore: MatrixInput | NumberArray,
  options?: One<RocAucOptions>,
): number;
export function rocAucScore(
  yTrue: LabelTargets,
  yScore: MatrixInput | NumberArray,
  options: Each<RocAucOptions>,
): number | Float64Array;
export function rocAucScore(
  yTrue: LabelTargets,
  yScore: MatrixInput | NumberArray,
  options: RocAucOptions = {},
): number | Float64Array {
  const known = readOptions(options, ['average', 'multiClass', 'labels', 'sampleWeight'], 'rocAucScore');
  const { multiClass = 'ovr', sampleWeight } = known;
  if (multiClass !== 'ovr' && multiClass !== 'ovo') return refuseValue('multiClass', '"ovr" or "ovo"', multiClass);
  const several = areSeveral(yTrue);
  const kind = checkAverage(known, several);
  if (several) return areaOf(kind, rocArea, readSeveralScores(yTrue, yScore, sampleWeight));
  const read = readClassScores(yTrue, yScore, known.labels);
  checkAllPresent(read.classes, read.codes);
  if (!read.binary) checkSums(read.scores);
  if (multiClass === 'ovr' || read.binary) return classArea(kind, rocArea, read, sampleWeight);
  if (sampleWeight !== undefined) throw new ValueError('"sampleWeight" does not go with "multiClass": "ovo"');
  if (kind !== 'macro' && kind !== 'weighted') {
    return refuseValue('average', '"macro" or "weighted" with "multiClass": "ovo"', kind);
  }
  return areaOfPairs(kind === 'weighted', read.classes.length, read.codes, read.scores);
}

/**
 * The sum over the thresholds of precision times what recall rises by; scikit-learn's `average_precision_score`. Of more than two
 * classes each against the rest, as scikit-learn has it since 1.3. Of one class alone it is 1 if that is 1 or true, and 0 of other
 * numbers and false: nothing was to be found, of which scikit-learn warns.
 *
 * @param yTrue one label a row; or rows x labels of 0 and 1, several at once
 * @param yScore as rocAucScore has it; rows need not add up to 1
 * @param options average (default `'macro'`), labels, sampleWeight
 * @returns a number; for average `'none'` of three classes or more, or of several labels at once, one each
 * @throws {ShapeError|ValueError|DtypeError} naming the argument; if all rows are of one class that is a text
 * @example
 * averagePrecisionScore([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.8333333333333333
 */
export function averagePrecisionScore(
  yTrue: LabelTargets,
  yScore: MatrixInput | NumberArray,
  options?: One<AreaOptions>,
): number;
export function averagePrecisionScore(
  yTrue: LabelTargets,
  yScore: MatrixInput | NumberArray,
  options: Each<AreaOptions>,
): number | Float64Array;
export function averagePrecisionScore(
  yTrue: LabelTargets,
  yScore: MatrixInput | NumberArray,
  options: AreaOptions = {},
): number | Float64Array {
  const known = readOptions(options, ['average', 'labels', 'sampleWeight'], 'averagePrecisionScore');
  const several = areSeveral(yTrue);
  const kind = checkAverage(known, several);
  const { sampleWeight } = known;
  if (several) return areaOf(kind, averagePrecision, readSeveralScores(yTrue, yScore, sampleWeight));
  const read = readClassScores(yTrue, yScore, known.labels);
  const [only] = read.classes;
  if (read.classes.length > 1) return classArea(kind, averagePrecision, read, sampleWeight);
  // Nobody knows which of two texts is found.
  if (typeof only === 'string') checkAllPresent(read.classes, read.codes);
  return classArea(kind, averagePrecision, read, sampleWeight, only === 1 || only === true ? 0 : 1);
}
