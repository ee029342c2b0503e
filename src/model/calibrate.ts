// Temperature scaling: probabilities that are as often right as they say. Source: Guo, Pleiss, Sun and Weinberger (2017), On
// calibration of modern neural networks, section 4.2.

import { expOf, powersOfTwo } from '../backend/ts/exp.js';
import { describe } from '../checks/describe.js';
import { NonFiniteError, ShapeError, ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { readIndicators } from '../data/indicators.js';
import { codesOf, type Label, readLabels } from '../data/labels.js';
import { type NumberArray, readColumn, readWeights } from '../matrix/copies.js';
import { checkSameRows, elementsOf, type RowsInput } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { checkIdle, PARTS } from '../network/calls.js';
import type { Network } from '../network/network.js';
import { log } from '../numbers/precise-log.js';
import { classesIn, isOneChoice, logitNetwork, unwrap } from './logits.js';
import type { Estimator, TargetsOf } from './pipeline.js';

/** What {@link calibrate} found. */
export interface Calibration {
  /** What the logits were divided by: above 1 where the network was too sure. */
  readonly temperature: number;
  /** The mean negative logarithm of the true labels' probabilities, before and after; of several labels at once of each label. */
  readonly lossBefore: number;
  /** The same with the temperature. */
  readonly lossAfter: number;
}

/** Temperatures are from 1 / LIMIT to LIMIT: rows that are all right, or all wrong, would have none. */
const LIMIT = 1024;
const MOST_STEPS = 200;

/** Choices between logits, row by row: where the true one stands, and their weight. */
interface Choices {
  readonly count: number;
  readonly width: number;
  readonly logits: Float64Array;
  readonly truth: Int32Array;
  readonly weights: ArrayLike<number> | undefined;
}

interface Slopes {
  /** The mean loss, and its first and second derivative with respect to the inverse temperature. */
  readonly loss: number;
  readonly first: number;
  readonly second: number;
}

/** At the inverse temperature `beta`: there the loss is convex. A row whose true label is masked counts for nothing. */
function slopesAt(beta: number, { count, width, logits, truth, weights }: Choices, powers: Float64Array): Slopes {
  let [loss, first, second, total] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const own = logits[i * width + truth[i]];
    const weight = weights ? weights[i] : 1;
    if (own === -Infinity || weight === 0) continue;
    let greatest = own;
    for (let j = 0; j < width; j++) greatest = Math.max(greatest, logits[i * width + j]);
    // Moments of the logits, counted from the greatest.
    let [sum, mean, square] = [0, 0, 0];
    for (let j = 0; j < width; j++) {
      const below = logits[i * width + j] - greatest;
      if (below === -Infinity) continue;
      const p = expOf(beta * below, powers);
      sum += p;
      mean += p * below;
      square += p * below * below;
    }
    mean /= sum;
    loss += weight * (log(sum) - beta * (own - greatest));
    first += weight * (mean - (own - greatest));
    second += weight * (square / sum - mean * mean);
    total += weight;
  }
  if (total === 0) throw new ValueError('no row has weight and a label whose probability is not masked');
  return { loss: loss / total, first: first / total, second: second / total };
}

/** Where the loss is least: Newton's steps, halving what they leave. */
function leastLoss(choices: Choices, powers: Float64Array): number {
  const slope = (beta: number) => slopesAt(beta, choices, powers);
  let [low, high] = [1 / LIMIT, LIMIT];
  if (slope(low).first >= 0) return low;
  if (slope(high).first <= 0) return high;
  let beta = 1;
  for (let step = 0; step < MOST_STEPS; step++) {
    const { first, second } = slope(beta);
    if (first === 0) return beta;
    if (first < 0) low = beta;
    else high = beta;
    const newton = beta - first / second;
    const next = newton > low && newton < high ? newton : Math.sqrt(low * high);
    if (Math.abs(next - beta) <= 1e-15 * beta || next <= low || next >= high) return next;
    beta = next;
  }
  return beta;
}

function readChoices(
  network: Network,
  classes: readonly Label[],
  X: RowsInput,
  y: unknown,
  sampleWeight: unknown,
): Choices {
  const net = logitNetwork(network);
  let outputs: ReturnType<typeof net.forward>;
  try {
    outputs = net.forward(X);
  } finally {
    net.dispose();
  }
  const { rows, cols } = outputs;
  const logits = Float64Array.from(outputs.data);
  const wrong = logits.findIndex((x) => Number.isNaN(x) || x === Infinity);
  if (wrong >= 0)
    throw new NonFiniteError(`the logits of row ${Math.floor(wrong / cols)} of "X" hold ${logits[wrong]}`);
  const weights = readWeights(sampleWeight, rows);
  if (isOneChoice(network)) {
    return { count: rows, width: cols, logits, truth: readCodes(y, classes, rows), weights };
  }
  // Each output for itself is a choice between 0 and its logit.
  const several = cols > 1;
  const labels = several ? readIndicators(y, 'y') : undefined;
  if (labels && labels.cols !== cols) throw new ShapeError(`"y" has ${labels.cols} labels, but ${cols} were learnt`);
  if (labels) checkSameRows('X', rows, 'y', labels.rows);
  const pairs = new Float64Array(2 * logits.length);
  logits.forEach((logit, i) => {
    pairs[2 * i + 1] = logit;
  });
  return {
    count: logits.length,
    width: 2,
    logits: pairs,
    truth: labels ? Int32Array.from(labels.data) : readCodes(y, classes, rows),
    weights: weights && Float64Array.from(logits, (_, i) => weights[Math.floor(i / cols)]),
  };
}

function readCodes(y: unknown, classes: readonly Label[], rows: number): Int32Array {
  const { labels } = readLabels(readColumn(y, 'y'), 'y');
  checkSameRows('X', rows, 'y', labels.length);
  const codes = codesOf(labels, classes);
  const unknown = codes.indexOf(-1);
  if (unknown < 0) return codes;
  throw new ValueError(`"y"[${unknown}] is ${describe(labels[unknown])}, which was not learnt`);
}

/**
 * Calibrates a fitted classifier on rows that it was not trained on: of the temperatures that its logits can be divided by it takes
 * the one of least log loss, and divides the last layer's weights and biases by that. What is predicted stays the same; how sure it
 * is changes.
 *
 * @param model a fitted MLPClassifier, a NetworkEstimator of classes, or a pipeline that ends in one; further training begins from the weights that this leaves
 * @param X rows that it was not trained on
 * @param y their labels
 * @param options sampleWeight
 * @throws {ValueError|ShapeError|DtypeError} naming the argument; while it is being trained; {NotFittedError} before fit
 * @example
 * const model = MLPClassifier.from({ coefs: [[[9]]], intercepts: [[0]], classes: ['no', 'yes'] });
 * const X = [[-1], [-1], [-1], [1], [1], [1]];
 * const y = ['no', 'no', 'yes', 'yes', 'yes', 'no']; // two of three are right
 * calibrate(model, X, y).temperature > 12; // true
 * Math.round(100 * model.predictProba([[1]]).data[1]); // 67
 */
export function calibrate<E extends Estimator>(
  model: E,
  X: TableInput,
  y: TargetsOf<E>,
  options: { sampleWeight?: NumberArray } = {},
): Calibration {
  const { sampleWeight } = readOptions(options, ['sampleWeight'], 'calibrate');
  const { end, rows } = unwrap(model, X);
  const classes = classesIn(end);
  if (!classes) throw new ValueError('"model" must be a classifier: a regressor has no probabilities');
  const net = end.network;
  checkIdle(net[PARTS]);
  const choices = readChoices(net, classes, rows, y, sampleWeight);
  const powers = powersOfTwo();
  const lossBefore = slopesAt(1, choices, powers).loss;
  const beta = leastLoss(choices, powers);
  const temperature = 1 / beta;
  const last = net.weights.length - 1;
  for (const parameters of [net.weights[last], net.biases[last]]) {
    const elements = parameters && elementsOf(parameters);
    for (let i = 0; elements && i < elements.length; i++) elements[i] /= temperature;
  }
  return { temperature, lossBefore, lossAfter: slopesAt(beta, choices, powers).loss };
}
