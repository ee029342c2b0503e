// A classifier's targets: from labels to the numbers that its network learns, and back.

import { codesOf, type Label, readLabels } from '../data/labels.js';
import { describe, ValueError } from '../errors.js';
import type { Matrix } from '../matrix.js';
import { copyRows, isVector, type MatrixInput, newArray, readMatrix } from '../operand.js';
import type { Task } from './mlp.js';

/** Labels, one for each row; or of several at once: rows x labels, each 0 or 1. */
export type LabelInput = readonly Label[] | ArrayLike<number> | MatrixInput;

/** How outputs stand for labels. */
export interface LabelPlan {
  /** binary: one output, the second class's probability; multiclass: one for each; multilabel: one for each, 0 or 1. */
  readonly kind: 'binary' | 'multiclass' | 'multilabel';
  /** In order; of multilabel the columns' numbers. */
  readonly classes: readonly Label[];
}

const list = (labels: readonly Label[]): string => `[${labels.map((label) => describe(label)).join(', ')}]`;

export const isMultilabel = (y: unknown): y is MatrixInput => !isVector(y) && readMatrix(y, 'y').cols > 1;

/** A matrix of one column as an array; a column of anything but numbers is refused. */
export function columnOf(y: unknown): unknown {
  if (isVector(y)) return y;
  const operand = readMatrix(y, 'y');
  const column = newArray('f64', operand.rows);
  copyRows(operand, column, 0, 0, operand.rows);
  return column;
}

/** Rows x labels, each 0 or 1. */
function readIndicators(y: MatrixInput): { y: MatrixInput; classes: number[] } {
  const operand = readMatrix(y, 'y');
  const { rows, cols } = operand;
  const data = newArray('f64', rows * cols);
  copyRows(operand, data, 0, 0, rows);
  const wrong = data.findIndex((value) => value !== 0 && value !== 1);
  if (wrong >= 0) {
    const place = `"y"[${Math.floor(wrong / cols)}][${wrong % cols}]`;
    throw new ValueError(`${place} is ${data[wrong]}: of several labels at once each must be 0 or 1`);
  }
  return { y: { rows, cols, data }, classes: Array.from({ length: cols }, (_, j) => j) };
}

function same(a: readonly Label[], b: readonly Label[]): boolean {
  return a.length === b.length && a.every((label, i) => label === b[i]);
}

/** The classes to learn: those stated, those of the fit that goes on, or those of y. */
function readClasses(
  found: Label[],
  before: LabelPlan | undefined,
  stated: unknown,
  partial: boolean,
): readonly Label[] {
  const given = stated === undefined ? undefined : readLabels(stated, 'classes').classes;
  if (partial && !before && !given) {
    throw new ValueError('the first call of partialFit needs "classes": all labels that later calls may bring');
  }
  if (before && given && !same(before.classes, given)) {
    throw new ValueError(`"classes" is ${list(given)}, but earlier calls had ${list(before.classes)}`);
  }
  const classes = before?.classes ?? given ?? found;
  const unseen = found.filter((label) => !classes.includes(label));
  if (unseen.length > 0 && partial) {
    throw new ValueError(`"y" has labels that are not among the classes ${list(classes)}: ${list(unseen)}`);
  }
  if (before && !partial && !same(classes, found)) {
    throw new ValueError(`warmStart: "y" has the classes ${list(found)}, but the fit before had ${list(classes)}`);
  }
  if (classes.length > 1) return classes;
  throw new ValueError(`a classifier needs two classes or more, "y" has ${list(classes)}`);
}

/** @throws {ValueError|ShapeError} naming what is wrong with y or classes */
export function readLabelTask(y: unknown, before: LabelPlan | undefined, stated: unknown, partial: boolean): Task {
  if (isMultilabel(y)) {
    const { y: targets, classes } = readIndicators(y);
    const labels: LabelPlan = { kind: 'multilabel', classes };
    checkKind(labels, before);
    if (before && classes.length !== before.classes.length) {
      throw new ValueError(`"y" has ${classes.length} labels, but the fit before had ${before.classes.length}`);
    }
    return { y: targets, outputs: classes.length, activation: 'logistic', loss: 'binaryCrossEntropy', labels };
  }
  const { labels: given, classes: found } = readLabels(columnOf(y), 'y');
  if (before?.kind === 'multilabel') checkKind({ kind: 'multiclass', classes: [] }, before);
  const classes = readClasses(found, before, stated, partial);
  const codes = Float64Array.from(codesOf(given, classes));
  return classes.length === 2
    ? {
        y: codes,
        outputs: 1,
        activation: 'logistic',
        loss: 'binaryCrossEntropy',
        labels: { kind: 'binary', classes },
      }
    : {
        y: codes,
        outputs: classes.length,
        activation: 'softmax',
        loss: 'crossEntropy',
        labels: { kind: 'multiclass', classes },
      };
}

function checkKind({ kind }: LabelPlan, before: LabelPlan | undefined): void {
  if (!before || before.kind === kind) return;
  const text = (multilabel: boolean) => (multilabel ? 'several labels for each row' : 'one label for each row');
  throw new ValueError(
    `"y" has ${text(kind === 'multilabel')}, but the fit before had ${text(before.kind === 'multilabel')}`,
  );
}

/** The label of each row of outputs: of several at once an array of 0 and 1. */
export function labelsFrom({ kind, classes }: LabelPlan, { rows, cols, data }: Matrix): (Label | number[])[] {
  return Array.from({ length: rows }, (_, i) => {
    const row = data.subarray(i * cols, (i + 1) * cols);
    if (kind === 'multilabel') return Array.from(row, (p) => (p > 0.5 ? 1 : 0));
    if (kind === 'binary') return classes[row[0] > 0.5 ? 1 : 0];
    let best = 0;
    for (let j = 1; j < cols; j++) if (row[j] > row[best]) best = j;
    return classes[best];
  });
}
