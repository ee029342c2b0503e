// What a user hands in to train on: checked and laid out flat, so that it can be copied into linear memory here or in a
// worker.

import { describe, ShapeError, ValueError } from '../errors.js';
import type { LossName } from '../network/losses.js';
import type { Plan } from '../network/options.js';
import { copyRows, isVector, newArray, type Operand, readOperand, shapeText, type TypedArray } from '../operand.js';
import { ResidentMatrix } from '../resident.js';
import type { TrainingSet } from './options.js';

/** Rows of a training or validation set: X is rows x inputs, y rows x outputs, w a weight for each row. */
export interface Rows {
  readonly rows: number;
  readonly X: Column;
  readonly y: Column;
  readonly w: Column | undefined;
}

/** Numbers in the network's dtype; a resident matrix where the user gave one, which need not be copied. */
export type Column = TypedArray | ResidentMatrix;

export const dataOf = (column: Column): TypedArray => (column instanceof ResidentMatrix ? column.data : column);

function flatten(operand: Operand, plan: Plan, value: unknown): Column {
  if (value instanceof ResidentMatrix && value.dtype === plan.dtype) return value;
  const { flat, dtype, rows, cols } = operand;
  // A typed array is used as it is, unless it is a view of linear memory, which growing detaches.
  if (flat && dtype === plan.dtype && !operand.place && (flat as TypedArray).byteOffset === 0)
    return flat as TypedArray;
  const copy = newArray(plan.dtype, rows * cols);
  copyRows(operand, copy, 0, 0, rows);
  return copy;
}

function readColumns(value: unknown, name: string, cols: number, plan: Plan): { rows: number; numbers: Column } {
  const operand = readOperand(value, name);
  if (operand.cols !== cols) {
    throw new ShapeError(`"${name}" is ${shapeText(operand)}, but must have ${cols} columns`);
  }
  return { rows: operand.rows, numbers: flatten(operand, plan, value) };
}

/** One row for each label: 1 at its class, 0 elsewhere. */
function oneHot(labels: ArrayLike<number>, name: string, plan: Plan): { rows: number; numbers: Column } {
  const { outputs } = plan;
  const numbers = newArray(plan.dtype, labels.length * outputs);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!(Number.isInteger(label) && label >= 0 && label < outputs)) {
      throw new ValueError(`"${name}"[${i}] is ${describe(label)}: labels must be integers from 0 to ${outputs - 1}`);
    }
    numbers[i * outputs + label] = 1;
  }
  return { rows: labels.length, numbers };
}

function readTargets(y: unknown, name: string, plan: Plan): { rows: number; numbers: Column } {
  const labelled = plan.lossName === 'crossEntropy' && plan.outputs > 1;
  if (labelled && isVector(y)) return oneHot(y, name, plan);
  if (!isVector(y)) {
    const operand = readOperand(y, name);
    if (labelled && operand.cols === 1) {
      const labels = newArray('f64', operand.rows);
      copyRows(operand, labels, 0, 0, operand.rows);
      return oneHot(labels, name, plan);
    }
  } else if (ArrayBuffer.isView(y) && !(y instanceof Float64Array) && !(y instanceof Float32Array)) {
    // Integer arrays hold labels, of two classes as well.
    return readColumns(Array.from(y as ArrayLike<number>), name, plan.outputs, plan);
  }
  return readColumns(y, name, plan.outputs, plan);
}

/** What a loss takes as targets: the least, the greatest, and what to say else. */
const RANGES: Partial<Record<LossName, [number, number, string]>> = {
  binaryCrossEntropy: [0, 1, 'from 0 to 1; for more classes than two use softmax with crossEntropy'],
  crossEntropy: [0, 1, 'from 0 to 1'],
  poisson: [0, Infinity, '0 or more'],
};

function checkRange(numbers: Column, cols: number, name: string, { lossName }: Plan): void {
  const range = RANGES[lossName];
  if (!range) return;
  const [least, greatest, wanted] = range;
  const values = dataOf(numbers);
  for (let i = 0; i < values.length; i++) {
    if (values[i] >= least && values[i] <= greatest) continue;
    const at = cols === 1 ? `[${i}]` : `[${Math.floor(i / cols)}][${i % cols}]`;
    throw new ValueError(`"${name}"${at} is ${values[i]}: targets of ${lossName} must be ${wanted}`);
  }
}

function readWeights(value: unknown, name: string, rows: number, plan: Plan): Column {
  const { rows: given, numbers } = readColumns(value, name, 1, plan);
  if (given !== rows) throw new ShapeError(`"${name}" has ${given} weights, but there are ${rows} rows`);
  const weights = dataOf(numbers);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    if (!(weights[i] >= 0 && weights[i] < Infinity)) {
      throw new ValueError(`"${name}"[${i}] must be a finite number, 0 or more, got ${describe(weights[i])}`);
    }
    total += weights[i];
  }
  if (total > 0 && total < Infinity) return numbers;
  throw new ValueError(`"${name}" must not be all 0, nor too large to add up: its sum is ${total}`);
}

/** The class of row i: its greatest target, or whether the only one is above 0.5. */
export function classOf(y: TypedArray, i: number, outputs: number): number {
  if (outputs === 1) return y[i] > 0.5 ? 1 : 0;
  let best = 0;
  for (let j = 1; j < outputs; j++) if (y[i * outputs + j] > y[i * outputs + best]) best = j;
  return best;
}

/** Whether a network's targets are classes, one for each row. */
export function classifies({ lossName, outputs }: Plan): boolean {
  return lossName === 'crossEntropy' || (lossName === 'binaryCrossEntropy' && outputs === 1);
}

/** @throws {ValueError} unless it fits the network */
export function checkClassWeight(value: unknown, plan: Plan): void {
  if (value === undefined) return;
  if (!classifies(plan)) {
    throw new ValueError('"classWeight" needs classes: crossEntropy, or binaryCrossEntropy with one output');
  }
  if (value === 'balanced') return;
  const classes = Math.max(2, plan.outputs);
  if (
    Array.isArray(value) &&
    value.length === classes &&
    value.every((x) => typeof x === 'number' && x >= 0 && x < Infinity)
  ) {
    return;
  }
  throw new ValueError(`"classWeight" must be 'balanced' or ${classes} numbers, 0 or more, got ${describe(value)}`);
}

/** Multiplies each row's weight by its class's. */
function weighClasses(
  classWeight: 'balanced' | readonly number[],
  rows: number,
  y: Column,
  w: Column | undefined,
  plan: Plan,
) {
  const targets = dataOf(y);
  const given = w && dataOf(w);
  let weights = classWeight;
  if (weights === 'balanced') {
    const counts = new Array(Math.max(2, plan.outputs)).fill(0);
    for (let i = 0; i < rows; i++) counts[classOf(targets, i, plan.outputs)]++;
    const present = counts.filter((count) => count > 0).length;
    weights = counts.map((count) => (count > 0 ? rows / (present * count) : 0));
  }
  const result = newArray(plan.dtype, rows);
  for (let i = 0; i < rows; i++) result[i] = weights[classOf(targets, i, plan.outputs)] * (given ? given[i] : 1);
  return readWeights(result, 'classWeight', rows, plan);
}

/**
 * Checks a set.
 *
 * @param prefix of the arguments' names
 * @throws {ShapeError|ValueError|DtypeError|DisposedError} naming the argument
 */
export function readRows(
  { X, y, sampleWeight }: TrainingSet,
  plan: Plan,
  prefix = '',
  classWeight?: 'balanced' | readonly number[],
): Rows {
  const inputs = readColumns(X, `${prefix}X`, plan.inputs, plan);
  const targets = readTargets(y, `${prefix}y`, plan);
  checkRange(targets.numbers, plan.outputs, `${prefix}y`, plan);
  const { rows } = inputs;
  if (rows === 0) throw new ShapeError(`"${prefix}X" has no rows`);
  if (targets.rows !== rows) {
    throw new ShapeError(
      `"${prefix}X" has ${rows} rows and "${prefix}y" has ${targets.rows}: the numbers of rows must be equal`,
    );
  }
  let w = sampleWeight === undefined ? undefined : readWeights(sampleWeight, `${prefix}sampleWeight`, rows, plan);
  if (classWeight) w = weighClasses(classWeight, rows, targets.numbers, w, plan);
  return { rows, X: inputs.numbers, y: targets.numbers, w };
}
