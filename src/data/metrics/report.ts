// Precision, recall and F1 of every class at a glance. Source: scikit-learn 1.2.1, classification_report in
// sklearn/metrics/_classification.py.

import { ValueError } from '../../checks/errors.js';
import { readOptions } from '../../checks/read-options.js';
import { checkInteger } from '../../checks/values.js';
import { INSPECT } from '../../matrix/matrix.js';
import type { LabelTargets } from '../indicators.js';
import type { Label } from '../labels.js';
import type { WeightOptions } from './confusion.js';
import { averaged, checkZeroDivision, type EachScore, f1, precisions, recalls } from './precision-recall.js';
import { type Average, type ScoreOptions, type Tally, tally } from './tally.js';

/** Options of {@link classificationReport}. */
export interface ReportOptions extends WeightOptions, Pick<ScoreOptions, 'labels' | 'zeroDivision'> {
  /** How classes are called in the text, in the order of the labels. Default: the labels. */
  targetNames?: readonly string[];
  /** Of the numbers in the text. Default: 2. */
  digits?: number;
}

/** What is measured of a class, or of an average of classes. */
export interface Scores {
  /** The part of the rows taken for the class that are of it. */
  readonly precision: number;
  /** The part of the class's rows that were found. */
  readonly recall: number;
  /** The harmonic mean of both. */
  readonly f1Score: number;
  /** How many rows are of the class, or their weight. */
  readonly support: number;
}

/** What {@link ClassificationReport} says of one class. */
export interface ClassReport extends Scores {
  /** The class. */
  readonly label: Label;
  /** As in the text. */
  readonly name: string;
}

/** x with so many digits, of two as near the even one, as Python has it. */
function fixed(x: number, digits: number): string {
  // Half way between two: then this is an odd integer.
  const halves = x * 2 ** (digits + 1);
  if (Math.abs(halves % 2) !== 1) return x.toFixed(digits);
  const below = Math.floor((halves * 5 ** digits) / 2);
  return ((below + Math.abs(below % 2)) / 10 ** digits).toFixed(digits);
}

/** What `classificationReport` returns: plain numbers, and as text (`String(report)`, a template) scikit-learn's table. */
export class ClassificationReport {
  /** In the order of the labels. */
  readonly classes: readonly ClassReport[];
  /** The share of right rows; undefined where it would not be the micro average, which then is there. */
  readonly accuracy: number | undefined;
  /** Of all classes' rows together; undefined where it would be the accuracy. */
  readonly microAvg: Scores | undefined;
  /** The plain mean over classes. */
  readonly macroAvg: Scores;
  /** The mean over classes, each weighed by its support. */
  readonly weightedAvg: Scores;
  /** Of several labels at once. */
  readonly samplesAvg: Scores | undefined;
  readonly #digits: number;
  readonly #weighted: boolean;

  /** @internal */
  constructor(counted: Tally, names: readonly string[], zeroDivision: number, digits: number) {
    const counts = counted.count('none');
    const [p, r, f] = [precisions, recalls, f1].map((each) => each(counts, zeroDivision));
    const support = counts.actual;
    this.classes = counted.labels.map((label, k) => {
      return { label, name: names[k], precision: p[k], recall: r[k], f1Score: f[k], support: support[k] };
    });
    const all = support.reduce((sum, x) => sum + x, 0);
    const mean = (kind: Average): Scores => {
      const of = (each: EachScore) => averaged(counted, kind, each, zeroDivision);
      return { precision: of(precisions), recall: of(recalls), f1Score: of(f1), support: all };
    };
    const micro = mean('micro');
    const isAccuracy = !counted.several && counted.complete;
    this.accuracy = isAccuracy ? micro.f1Score : undefined;
    this.microAvg = isAccuracy ? undefined : micro;
    this.macroAvg = mean('macro');
    this.weightedAvg = mean('weighted');
    this.samplesAvg = counted.several ? mean('samples') : undefined;
    this.#digits = digits;
    this.#weighted = counted.weights !== undefined;
  }

  /** scikit-learn's table. */
  toString(): string {
    const digits = this.#digits;
    const width = Math.max('weighted avg'.length, digits, ...this.classes.map(({ name }) => [...name].length));
    const cell = (text: string) => ` ${text.padStart(9)}`;
    const line = (name: string, ...cells: string[]) =>
      `${' '.repeat(Math.max(0, width - [...name].length))}${name} ${cells.map(cell).join('')}\n`;
    const count = (x: number) => (this.#weighted && Number.isInteger(x) ? x.toFixed(1) : String(x));
    const row = (name: string, { precision, recall, f1Score, support }: Scores) =>
      line(name, ...[precision, recall, f1Score].map((x) => fixed(x, digits)), count(support));
    const { accuracy, microAvg, macroAvg, weightedAvg, samplesAvg } = this;
    return [
      line('', 'precision', 'recall', 'f1-score', 'support'),
      ...this.classes.map((each) => row(each.name, each)),
      accuracy === undefined ? '' : line('accuracy', '', '', fixed(accuracy, digits), count(macroAvg.support)),
      microAvg ? row('micro avg', microAvg) : '',
      row('macro avg', macroAvg),
      row('weighted avg', weightedAvg),
      samplesAvg ? row('samples avg', samplesAvg) : '',
    ]
      .map((text, k) => (k === 0 || k === this.classes.length ? `${text}\n` : text))
      .join('');
  }

  [INSPECT](): string {
    return String(this);
  }
}

/**
 * Precision, recall, F1 and rows of each class, and their averages; scikit-learn's `classification_report`.
 *
 * @param yTrue one label a row; or rows x labels of 0 and 1, several at once
 * @param yPred as many, of the same kind
 * @param options labels, targetNames, digits (default 2), zeroDivision (default 0), sampleWeight
 * @returns numbers by their names; its text is a table
 * @throws {ShapeError|ValueError} naming the argument
 * @example
 * const report = classificationReport(['a', 'b', 'b', 'b'], ['a', 'a', 'b', 'b']);
 * report.accuracy; // 0.75
 * report.classes[1].recall; // 0.6666666666666666
 * String(report).split('\n')[2]; // '           a       0.50      1.00      0.67         1'
 */
export function classificationReport(
  yTrue: LabelTargets,
  yPred: LabelTargets,
  options: ReportOptions = {},
): ClassificationReport {
  const known = ['labels', 'targetNames', 'digits', 'zeroDivision', 'sampleWeight'];
  const given = readOptions(options, known, 'classificationReport');
  const { targetNames, digits = 2, zeroDivision = 0 } = given;
  checkInteger(digits, 'digits', 0, 15);
  const zero = checkZeroDivision(zeroDivision);
  const counted = tally(yTrue, yPred, Object.assign(given, { average: 'macro' as const }));
  const names = Array.from(targetNames ?? counted.labels, String);
  if (names.length !== counted.labels.length) {
    throw new ValueError(`"targetNames" has ${names.length} names, but there are ${counted.labels.length} labels`);
  }
  return new ClassificationReport(counted, names, zero, digits);
}
