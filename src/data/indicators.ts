// Several labels at once: rows x labels of 0 and 1.

import { ShapeError, ValueError } from '../checks/errors.js';
import { isColumn } from '../matrix/copies.js';
import {
  checkSameRows,
  copyOf,
  isVector,
  type MatrixInput,
  placeOf,
  readMatrix,
  type TypedArray,
} from '../matrix/operand.js';
import type { Label } from './labels.js';

/** One label a row; or several at once: rows x labels of 0 and 1. */
export type LabelTargets = ArrayLike<Label | readonly number[]> | MatrixInput;

/** Labels that were checked and copied, row by row. @internal */
export interface Indicators {
  readonly rows: number;
  readonly cols: number;
  readonly data: TypedArray;
}

/** @throws {ShapeError|ValueError} naming it and the element that is neither 0 nor 1 @internal */
export function readIndicators(value: unknown, name: string): Indicators {
  const operand = readMatrix(value, name);
  const { rows, cols } = operand;
  const data = copyOf(operand, 'f64');
  const wrong = data.findIndex((value: number) => value !== 0 && value !== 1);
  if (wrong < 0) return { rows, cols, data };
  throw new ValueError(
    `"${name}"${placeOf(wrong, cols)} is ${data[wrong]}: of several labels at once each must be 0 or 1`,
  );
}

/** Whether it has more than one column, so that it must be several labels at once. @internal */
export const areSeveral = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !isVector(value) && !isColumn(value);

/** Both, of one shape. @throws {ShapeError|ValueError} naming the argument @internal */
export function readSeveral(yTrue: unknown, yPred: unknown): [truth: Indicators, predicted: Indicators] {
  const truth = readIndicators(yTrue, 'yTrue');
  const predicted = readIndicators(yPred, 'yPred');
  checkSameRows('yTrue', truth.rows, 'yPred', predicted.rows);
  if (truth.rows === 0 || truth.cols === 0) throw new ShapeError('"yTrue" is empty');
  if (truth.cols === predicted.cols) return [truth, predicted];
  throw new ShapeError(
    `"yTrue" has ${truth.cols} labels and "yPred" has ${predicted.cols}: their numbers must be equal`,
  );
}
