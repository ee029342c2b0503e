// What a user hands in to train on: checked, each number read once, and laid out flat where the training can use it.

import { ValueError } from '../checks/errors.js';
import { own } from '../checks/read-options.js';
import { isWeight, refuseValue } from '../checks/values.js';
import { balancedWeights, isByLabel, statedWeights } from '../data/class-weights.js';
import { checkSameRows, nonFiniteAt, placeOf, plainNumbers, type TypedArray } from '../matrix/operand.js';
import { ResidentMatrix } from '../matrix/resident.js';
import { type ParsedRows, Rows } from '../matrix/rows.js';
import { checkSampleWeights, checkWeightCount, SAMPLE_WEIGHT } from '../matrix/sample-weights.js';
import type { CompressedRows } from '../matrix/sparse-tiles.js';
import type { Parts } from '../network/calls.js';
import type { Plan } from '../network/plan.js';
import { argmax } from '../numbers/argmax.js';
import { type Column, numbersOf, type ReadSet, type Room } from './dataset.js';
import type { FitPlan, TrainingSet } from './options.js';

function checkRange(numbers: Column, cols: number, name: string, { loss }: Plan): void {
  if (!loss.range) return;
  const [least, greatest, wanted] = loss.range;
  const values = numbersOf(numbers);
  for (let i = 0; i < values.length; i++) {
    // Of signs there is nothing in between.
    if (loss.signs ? Math.abs(values[i]) === 1 : values[i] >= least && values[i] <= greatest) continue;
    throw new ValueError(`"${name}"${placeOf(i, cols)} is ${values[i]}: targets of ${loss.name} must be ${wanted}`);
  }
}

/** The class of row i: its greatest target, or whether the only one is above 0.5, which lies between 0 or -1 and 1. */
export function classOf(y: TypedArray, i: number, outputs: number): number {
  if (outputs === 1) return y[i] > 0.5 ? 1 : 0;
  return argmax(y, i * outputs, outputs);
}

/** Whether a network's targets are classes, one for each row. */
export function classifies({ loss, outputs }: Plan): boolean {
  return loss.classes === 'exclusive' || (loss.classes === 'independent' && outputs === 1);
}

/** A weight for each class. @throws {ValueError} unless it fits the network */
export function readClassWeight(value: unknown, plan: Plan): FitPlan['classWeight'] {
  if (value === undefined) return undefined;
  if (!classifies(plan)) {
    throw new ValueError(
      '"classWeight" needs classes, one for each row: crossEntropy, klDivergence, or binaryCrossEntropy, focal and hinge with one output',
    );
  }
  if (value === 'balanced') return value;
  const { outputs, loss } = plan;
  const labels = outputs === 1 && loss.range ? loss.range.slice(0, 2) : [...Array(outputs).keys()];
  if (isByLabel(value)) return statedWeights(value, labels as number[], 'classWeight');
  const classes = labels.length;
  if (!Array.isArray(value) || value.length !== classes) {
    refuseValue('classWeight', `'balanced' or ${classes} numbers, 0 or more`, value);
  }
  const wrong = value.findIndex((weight) => !isWeight(weight));
  return wrong < 0 ? value : refuseValue('classWeight', 'a finite number, 0 or more', value[wrong], `[${wrong}]`);
}

/** @param signed whether they may be below 0, and add up to anything @throws {ValueError} */
function checkWeights(weights: TypedArray, name: string, signed: boolean): void {
  const wrong = signed ? nonFiniteAt(weights) : -1;
  if (wrong >= 0) refuseValue(name, 'a finite number', weights[wrong], `[${wrong}]`);
  if (!signed) checkSampleWeights(weights, name);
}

/** Each row's weight times its class's. */
function weighClasses(
  classWeight: NonNullable<FitPlan['classWeight']>,
  rows: number,
  y: Column,
  w: Column | undefined,
  plan: Plan,
  room: Room,
  signed: boolean,
): Column {
  const targets = numbersOf(y);
  let weights = classWeight;
  if (weights === 'balanced') {
    const counts = new Array(Math.max(2, plan.outputs)).fill(0);
    for (let i = 0; i < rows; i++) counts[classOf(targets, i, plan.outputs)]++;
    weights = balancedWeights(counts, rows);
  }
  const column = room.column(rows, 1);
  const result = numbersOf(column);
  const given = w && numbersOf(w);
  const classes = numbersOf(y);
  for (let i = 0; i < rows; i++) result[i] = weights[classOf(classes, i, plan.outputs)] * (given ? given[i] : 1);
  checkWeights(result, 'classWeight', signed);
  return column;
}

const isSparse = (rows: ParsedRows): rows is CompressedRows => 'tiles' in rows;

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
  { session, plan }: Parts,
  set: TrainingSet,
  roomFor: (rows: number) => Room,
  prefix = '',
  classWeight?: FitPlan['classWeight'],
  signed = false,
): ReadSet {
  const { dtype, inputs, loss } = plan;
  const X = new Rows(session, dtype, `${prefix}X`, inputs);
  const y = new Rows(session, dtype, `${prefix}y`, loss.targets, loss.classes === 'exclusive');
  const weightName = prefix + SAMPLE_WEIGHT;
  const w = new Rows(session, dtype, weightName, 1);
  const parsedX = X.parse(own(set, 'X'));
  const parsedY = y.parse(plainNumbers(own(set, 'y')));
  const sampleWeight = own(set, SAMPLE_WEIGHT);
  const parsedW = sampleWeight === undefined ? undefined : w.parse(sampleWeight);
  // No code of the caller's runs from here on.
  X.use(parsedX);
  y.use(parsedY);
  const { rows } = X;
  checkSameRows(`${prefix}X`, rows, `${prefix}y`, y.rows);
  if (parsedW) {
    w.use(parsedW);
    checkWeightCount(weightName, w.rows, rows, 'there are');
  }
  const room = roomFor(rows);
  const place = (parsed: ParsedRows, from: Rows): Column => {
    if (parsed instanceof ResidentMatrix && room.keep(parsed)) return parsed;
    const column = room.column(rows, from.cols);
    from.copyTo(numbersOf(column), 0, 0, rows);
    return column;
  };
  const targets = place(parsedY, y);
  checkRange(targets, loss.targets, `${prefix}y`, plan);
  let weights = parsedW && place(parsedW, w);
  if (weights) checkWeights(numbersOf(weights), weightName, signed);
  if (classWeight) weights = weighClasses(classWeight, rows, targets, weights, plan, room, signed);
  return { rows, X: isSparse(parsedX) ? room.sparse(parsedX) : place(parsedX, X), y: targets, w: weights };
}
