// What a network predicts, by its loss: classes, or numbers; and how that is scored.

import { ShapeError, ValueError } from '../checks/errors.js';
import { accuracyScore } from '../data/metrics/confusion.js';
import { type NumberArray, readFinite } from '../matrix/copies.js';
import type { Matrix } from '../matrix/matrix.js';
import { checkSameRows, type MatrixInput, type RowsInput, type TypedArray } from '../matrix/operand.js';
import { PARTS, type Targets } from '../network/calls.js';
import type { Network } from '../network/network.js';
import { argmax } from '../numbers/argmax.js';
import { checkOutputs } from './outputs.js';
import { quantilesOf } from './regressor-losses.js';
import { scoreNumbers } from './score-numbers.js';
import { type ScoringOptions, scoreBy } from './scoring.js';
import { columnNumbers, labelsFrom, planOf, probabilitiesFrom } from './targets.js';
import type { LabelPlan } from './task.js';

/** Numbers, or the number of a class; of several at once a row. */
export type NetworkPrediction = TypedArray | Matrix | number[] | number[][];

/** The classes that the outputs stand for; undefined if they are numbers. */
export function labelsOf(net: Network): LabelPlan | undefined {
  const { loss, outputs } = net[PARTS].plan;
  // Outputs that are signs, of the hinge losses, are numbers like others.
  if (!loss.classes || loss.signs) return undefined;
  if (loss.classes === 'exclusive') return { kind: 'multiclass', classes: columnNumbers(outputs) };
  return planOf(outputs === 1 ? [0, 1] : columnNumbers(outputs), outputs > 1);
}

/** What outputs say. */
export function predictionFrom(net: Network, outputs: Matrix): NetworkPrediction {
  const labels = labelsOf(net);
  if (labels) return labelsFrom(labels, outputs) as number[] | number[][];
  return outputs.cols === 1 ? outputs.data : outputs;
}

export const predictionOf = (net: Network, X: RowsInput): NetworkPrediction =>
  predictionFrom(net, checkOutputs(net.forward(X)));

/** @throws {ValueError} if it predicts numbers */
export function probabilitiesOf(net: Network, outputs: Matrix): Matrix {
  const labels = labelsOf(net);
  if (labels) return probabilitiesFrom(labels, outputs);
  throw new ValueError(`the network predicts numbers: its loss ${net[PARTS].plan.loss.name} has no classes`);
}

/** Of classes their accuracy, of several at once the part of rows where all are right; of numbers R2, of quantiles D2. */
function ownScore(net: Network, X: RowsInput, y: Targets, sampleWeight: NumberArray | undefined): number {
  const labels = labelsOf(net);
  const predicted: unknown = predictionOf(net, X);
  if (!labels) return scoreNumbers(quantilesOf(net), y as MatrixInput, predicted as TypedArray, sampleWeight);
  const { rows, cols, data } = readFinite(y, 'y');
  const codes = predicted as (number | number[])[];
  checkSameRows('X', codes.length, 'y', rows);
  const { outputs } = net;
  if (cols !== outputs && (cols !== 1 || labels.kind !== 'multiclass')) {
    throw new ShapeError(`"y" has ${cols} columns, but the network has ${outputs} outputs`);
  }
  const right = codes.map((code, i) => {
    if (Array.isArray(code)) return code.every((each, j) => each === Number(data[i * cols + j] > 0.5));
    if (labels.kind === 'binary') return code === Number(data[i] > 0.5);
    return code === (cols === 1 ? data[i] : argmax(data, i * cols, cols));
  });
  return accuracyScore(new Array<boolean>(rows).fill(true), right, { sampleWeight });
}

/** @param model what a function that scores is called with: the network, or what stands around it */
export function scoreNetwork(
  net: Network,
  model: object,
  X: RowsInput,
  y: Targets,
  options: ScoringOptions<never, never>,
): number {
  const asked = {
    classes: labelsOf(net)?.classes,
    quantiles: quantilesOf(net),
    predict: (X: RowsInput) => predictionOf(net, X),
    predictProba: (X: RowsInput) => probabilitiesOf(net, checkOutputs(net.forward(X))),
  };
  const byFunction = typeof Object(options).scoring === 'function';
  return scoreBy(byFunction ? model : asked, X, y, options, (weights) => ownScore(net, X, y, weights));
}
