// A classifier's targets: from labels to the numbers that its network learns, and back.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { type Indicators, readIndicators } from '../data/indicators.js';
import { codesOf, type Label, readLabels, sameLabels } from '../data/labels.js';
import { isColumn, readColumn } from '../matrix/copies.js';
import { Matrix } from '../matrix/matrix.js';
import { isVector, type MatrixInput, type MatrixLike, newArray, readMatrix } from '../matrix/operand.js';
import { argmax } from '../numbers/argmax.js';
import { log } from '../numbers/precise-log.js';
import type { ClassifierParameters } from './estimator-options.js';
import type { End, LabelPlan, Task } from './task.js';

/** Labels, one for each row; or of several at once: rows x labels, each 0 or 1. */
export type LabelInput = readonly Label[] | ArrayLike<number> | MatrixInput;

/** What a classifier predicts for a row: a label, or, of several labels at once, 0 or 1 for each. */
export type Predicted = Label | number[];

/** The same of a classifier that has learnt such targets: labels of their type. Of rows of 0 and 1 one column is a label. */
export type PredictedOf<Y> = Y extends MatrixLike | readonly ArrayLike<number>[]
  ? number | number[]
  : Y extends ArrayLike<infer L extends Label>
    ? L
    : never;

/** What a classifier of labels L predicts once it has learnt such targets: of labels that were stated no more than they say. */
export type LearntOf<L extends Predicted, Y> = [L] extends [PredictedOf<Y>] ? L : PredictedOf<Y>;

/** For messages. */
export const labelsText = (labels: readonly Label[]): string =>
  `[${labels.map((label) => describe(label)).join(', ')}]`;

const isMultilabel = (y: unknown): y is MatrixInput => {
  if (isVector(y) || isColumn(y)) return false;
  const first: unknown = Array.isArray(y) ? y[0] : undefined;
  if (Array.isArray(first) && typeof first[0] === 'string') {
    throw new ValueError(
      `"y"[0] is an array of ${first.length} strings: give one label for each row, or, of several at once, rows of 0 and 1`,
    );
  }
  return readMatrix(y, 'y').cols > 1;
};

/** What a classifier is given, copied and checked. */
export type GivenLabels =
  | { readonly multilabel: true; readonly y: MatrixLike; readonly classes: number[] }
  | { readonly multilabel: false; readonly labels: readonly Label[]; readonly classes: Label[] };

/** @throws {ValueError|ShapeError} naming what is wrong with y */
export function readGivenLabels(y: unknown): GivenLabels {
  return isMultilabel(y)
    ? severalLabels(readIndicators(y, 'y'))
    : { multilabel: false, ...readLabels(readColumn(y, 'y'), 'y') };
}

const severalLabels = (y: Indicators): GivenLabels => ({ multilabel: true, y, classes: columnNumbers(y.cols) });

/** 0, 1, ...: the classes of several labels at once. */
export const columnNumbers = (count: number) => Array.from({ length: count }, (_, j) => j);

/** The classes to learn: those stated, those of the fit that goes on, or those of y. */
function readTargetClasses(
  found: Label[],
  before: LabelPlan | undefined,
  given: readonly Label[] | undefined,
  partial: boolean,
): readonly Label[] {
  if (partial && !before && !given) {
    throw new ValueError('the first call of partialFit needs "classes": all labels that later calls may bring');
  }
  if (before && given && !sameLabels(before.classes, given)) {
    throw new ValueError(`"classes" is ${labelsText(given)}, but earlier calls had ${labelsText(before.classes)}`);
  }
  const classes = before?.classes ?? given ?? found;
  const unseen = found.filter((label) => !classes.includes(label));
  if (unseen.length > 0 && partial) {
    throw new ValueError(`"y" has labels that are not among the classes ${labelsText(classes)}: ${labelsText(unseen)}`);
  }
  if (before && !partial && !sameLabels(classes, found)) {
    throw new ValueError(
      `warmStart: "y" has the classes ${labelsText(found)}, but the fit before had ${labelsText(classes)}`,
    );
  }
  if (classes.length > 1) return classes;
  throw new ValueError(`a classifier needs two classes or more, "y" has ${labelsText(classes)}`);
}

/** What a classifier's loss has for options. */
type Smoothing = Pick<ClassifierParameters, 'labelSmoothing'>;

/** The end of a network that gives these labels. */
export function endOf({ kind, classes }: LabelPlan, { labelSmoothing }: Smoothing): End {
  const lossOptions = labelSmoothing > 0 ? { labelSmoothing } : {};
  if (kind === 'multiclass') {
    return { outputs: classes.length, activation: 'softmax', loss: 'crossEntropy', lossOptions };
  }
  const outputs = kind === 'binary' ? 1 : classes.length;
  return { outputs, activation: 'logistic', loss: 'binaryCrossEntropy', lossOptions };
}

/** The plan of one label a row, or of several at once; there are two classes or more. */
export function planOf(classes: readonly Label[], multilabel: boolean): LabelPlan {
  return { kind: multilabel ? 'multilabel' : classes.length === 2 ? 'binary' : 'multiclass', classes };
}

/**
 * @param stated the classes that were stated with them
 * @throws {ValueError} if they do not go with what was learnt before
 */
export function labelTask(
  given: GivenLabels,
  before: LabelPlan | undefined,
  stated: readonly Label[] | undefined,
  partial: boolean,
  smoothing: Smoothing,
): Omit<Task, 'classWeight'> & { labels: LabelPlan } {
  checkKind(given.multilabel, before);
  if (given.multilabel) {
    const { y, classes } = given;
    if (before && classes.length !== before.classes.length) {
      throw new ValueError(`"y" has ${classes.length} labels, but the fit before had ${before.classes.length}`);
    }
    const labels = planOf(classes, true);
    return { y, ...endOf(labels, smoothing), labels };
  }
  const labels = planOf(readTargetClasses(given.classes, before, stated, partial), false);
  return { y: Float64Array.from(codesOf(given.labels, labels.classes)), ...endOf(labels, smoothing), labels };
}

function checkKind(multilabel: boolean, before: LabelPlan | undefined): void {
  if (!before || (before.kind === 'multilabel') === multilabel) return;
  const text = (several: boolean) => (several ? 'several labels for each row' : 'one label for each row');
  throw new ValueError(`"y" has ${text(multilabel)}, but the fit before had ${text(!multilabel)}`);
}

/** The probability of each class, rows x classes. */
export function probabilitiesFrom({ kind }: Pick<LabelPlan, 'kind'>, outputs: Matrix): Matrix {
  if (kind !== 'binary') return outputs;
  const data = newArray(outputs.dtype, 2 * outputs.rows);
  outputs.data.forEach((p, i) => {
    data[2 * i] = 1 - p;
    data[2 * i + 1] = p;
  });
  return new Matrix(outputs.rows, 2, data);
}

/** The natural logarithms of probabilities, in their place. */
export function logarithms(probabilities: Matrix): Matrix {
  const { data } = probabilities;
  for (let i = 0; i < data.length; i++) data[i] = log(data[i]);
  return probabilities;
}

/** The label of each row of outputs: of several at once an array of 0 and 1. */
export function labelsFrom({ kind, classes }: LabelPlan, { rows, cols, data }: Matrix): Predicted[] {
  const labels: Predicted[] = [];
  // Without a view of each row: a million of them keep the garbage collector busy for longer than all the rest takes.
  for (let i = 0, at = 0; i < rows; i++, at += cols) {
    if (kind === 'multilabel') {
      const row: number[] = [];
      for (let j = 0; j < cols; j++) row.push(data[at + j] > 0.5 ? 1 : 0);
      labels.push(row);
    } else if (kind === 'binary') labels.push(classes[data[at] > 0.5 ? 1 : 0]);
    else labels.push(classes[argmax(data, at, cols)]);
  }
  return labels;
}
