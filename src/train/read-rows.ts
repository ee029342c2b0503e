// What a user hands in to train on: checked, each number read once, and laid out flat where the training can use it.

import { describe, quote } from '../checks/describe.js';
import { BitgradError, ShapeError, ValueError } from '../checks/errors.js';
import { own } from '../checks/options.js';
import { refuseWeight } from '../checks/values.js';
import {
  dtypeOf,
  elementsOf,
  isVector,
  type Operand,
  readOperand,
  shapeText,
  type TypedArray,
} from '../matrix/operand.js';
import { ResidentMatrix } from '../matrix/resident.js';
import type { Plan } from '../network/options.js';
import type { Column, Room, Rows } from './dataset.js';
import type { TrainingSet } from './options.js';

const dataOf = (column: Column): TypedArray => (column instanceof ResidentMatrix ? elementsOf(column) : column);

/** An argument whose shape is known, its numbers not yet read. */
interface Given {
  readonly value: unknown;
  readonly operand: Operand;
  /** Class labels, one for each row. */
  readonly labels: boolean;
}

/** What reading comes to; an accessor or a proxy that fails, or changes what it is, is met by an error that names it. */
function named<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof BitgradError) throw cause;
    throw new ValueError(`"${name}" cannot be read: ${quote(String((cause as Error)?.message ?? cause))}`, { cause });
  }
}

function readGiven(value: unknown, name: string, cols: number): Given {
  const operand = named(name, () => readOperand(value, name));
  if (operand.cols !== cols) {
    throw new ShapeError(`"${name}" is ${shapeText(operand)}, but must have ${cols} columns`);
  }
  return { value, operand, labels: false };
}

function readTargets(value: unknown, name: string, plan: Plan): Given {
  const { outputs, loss } = plan;
  // Arrays of integers hold labels, of two classes as well.
  const integers = ArrayBuffer.isView(value) && dtypeOf(value) === undefined;
  const y = integers ? Array.from(value as unknown as ArrayLike<number>) : value;
  if (loss.classes !== 'exclusive' || outputs === 1) return readGiven(y, name, outputs);
  const operand = named(name, () => readOperand(y, name));
  if (!isVector(y) && operand.cols !== 1) return readGiven(y, name, outputs);
  return { value: y, operand, labels: true };
}

/** One row for each label: 1 at its class, 0 elsewhere. */
function oneHot({ flat, rows, name }: Operand, outputs: number, room: Room): Column {
  const column = room.column(rows, outputs);
  const numbers = dataOf(column);
  for (let i = 0; i < rows; i++) {
    const label: unknown = flat[i];
    if (!(Number.isInteger(label) && (label as number) >= 0 && (label as number) < outputs)) {
      throw new ValueError(`"${name}"[${i}] is ${describe(label)}: labels must be integers from 0 to ${outputs - 1}`);
    }
    numbers[i * outputs + (label as number)] = 1;
  }
  return column;
}

/** Reads an argument's numbers. */
function columnOf({ value, operand, labels }: Given, outputs: number, room: Room): Column {
  return named(operand.name, () => {
    if (labels) return oneHot(operand, outputs, room);
    return value instanceof ResidentMatrix && room.keep(value) ? value : room.copy(operand);
  });
}

function checkRange(numbers: Column, cols: number, name: string, { loss }: Plan): void {
  if (!loss.range) return;
  const [least, greatest, wanted] = loss.range;
  const values = dataOf(numbers);
  for (let i = 0; i < values.length; i++) {
    if (values[i] >= least && values[i] <= greatest) continue;
    const at = cols === 1 ? `[${i}]` : `[${Math.floor(i / cols)}][${i % cols}]`;
    throw new ValueError(`"${name}"${at} is ${values[i]}: targets of ${loss.name} must be ${wanted}`);
  }
}

function checkWeights(column: Column, name: string, rows: number): void {
  const weights = dataOf(column);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    if (!(weights[i] >= 0 && weights[i] < Infinity)) {
      refuseWeight(name, i, weights[i]);
    }
    total += weights[i];
  }
  if (total > 0 && total < Infinity) return;
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
export function classifies({ loss, outputs }: Plan): boolean {
  return loss.classes === 'exclusive' || (loss.classes === 'independent' && outputs === 1);
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

/** Each row's weight times its class's. */
function weighClasses(
  classWeight: 'balanced' | readonly number[],
  rows: number,
  y: Column,
  w: Column | undefined,
  plan: Plan,
  room: Room,
): Column {
  const targets = dataOf(y);
  let weights = classWeight;
  if (weights === 'balanced') {
    const counts = new Array(Math.max(2, plan.outputs)).fill(0);
    for (let i = 0; i < rows; i++) counts[classOf(targets, i, plan.outputs)]++;
    const present = counts.filter((count) => count > 0).length;
    weights = counts.map((count) => (count > 0 ? rows / (present * count) : 0));
  }
  const column = room.column(rows, 1);
  const result = dataOf(column);
  const given = w && dataOf(w);
  const classes = dataOf(y);
  for (let i = 0; i < rows; i++) result[i] = weights[classOf(classes, i, plan.outputs)] * (given ? given[i] : 1);
  checkWeights(column, 'classWeight', rows);
  return column;
}

/** Whether something is { X, y }. */
export function isSet(data: unknown): data is TrainingSet {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, 'X') && Object.hasOwn(data, 'y');
}

/**
 * Checks and reads a set.
 *
 * @param roomFor told how many rows there are, says where they are to be read to
 * @param prefix of the arguments' names
 * @throws {ShapeError|ValueError|DtypeError|DisposedError} naming the argument
 */
export function readRows(
  set: TrainingSet,
  plan: Plan,
  roomFor: (rows: number) => Room,
  prefix = '',
  classWeight?: 'balanced' | readonly number[],
): Rows {
  const X = readGiven(own(set, 'X'), `${prefix}X`, plan.inputs);
  const y = readTargets(own(set, 'y'), `${prefix}y`, plan);
  const sampleWeight = own(set, 'sampleWeight');
  const w = sampleWeight === undefined ? undefined : readGiven(sampleWeight, `${prefix}sampleWeight`, 1);
  const { rows } = X.operand;
  if (rows === 0) throw new ShapeError(`"${prefix}X" has no rows`);
  if (y.operand.rows !== rows) {
    throw new ShapeError(
      `"${prefix}X" has ${rows} rows and "${prefix}y" has ${y.operand.rows}: the numbers of rows must be equal`,
    );
  }
  if (w && w.operand.rows !== rows) {
    throw new ShapeError(`"${prefix}sampleWeight" has ${w.operand.rows} weights, but there are ${rows} rows`);
  }
  const room = roomFor(rows);
  const targets = columnOf(y, plan.outputs, room);
  checkRange(targets, plan.outputs, `${prefix}y`, plan);
  let weights = w && columnOf(w, 1, room);
  if (weights) checkWeights(weights, `${prefix}sampleWeight`, rows);
  if (classWeight) weights = weighClasses(classWeight, rows, targets, weights, plan, room);
  return { rows, X: columnOf(X, plan.inputs, room), y: targets, w: weights };
}
