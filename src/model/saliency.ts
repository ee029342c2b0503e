// Input saliency: how much each input moves what is said of a row. Source: Simonyan, Vedaldi and Zisserman (2014), Deep inside
// convolutional networks, section 3.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkInteger, refuseValue } from '../checks/values.js';
import type { Label } from '../data/labels.js';
import { TILE } from '../kernels/contract.js';
import { readShape, sliceRows } from '../matrix/copies.js';
import { Matrix } from '../matrix/matrix.js';
import { newArray, type RowsInput } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { Network } from '../network/network.js';
import { argmax } from '../numbers/argmax.js';
import { classesIn, isOneChoice, logitNetwork, unwrap } from './logits.js';
import type { Estimator } from './pipeline.js';

/** Options of {@link inputSaliency}. */
export interface SaliencyOptions {
  /** The class whose logit is followed, for all rows. Default: of each row the class that is predicted. */
  label?: Label;
  /** Of a regressor or a network with several outputs, and of several labels at once: the output that is followed, from 0. */
  output?: number;
}

/** Which output of each row, and with which sign: of two classes the lesser's logit is the other's, turned round. */
type Choose = (outputs: Matrix, i: number) => { readonly output: number; readonly sign: 1 | -1 };

function choiceOf(
  outputs: number,
  classes: readonly Label[] | undefined,
  several: boolean,
  options: SaliencyOptions,
): Choose {
  const { label, output } = options;
  if (!classes || several) {
    if (label !== undefined) throw new ValueError('"label" is of classifiers with one label a row: use "output"');
    if (output === undefined && outputs > 1) refuseValue('output', `an integer from 0 to ${outputs - 1}`, output);
    const chosen = checkInteger(output ?? 0, 'output', 0, outputs - 1);
    return () => ({ output: chosen, sign: 1 });
  }
  if (output !== undefined)
    throw new ValueError('"output" is of regressors, or of several labels at once: use "label"');
  const place = label === undefined ? undefined : classes.indexOf(label);
  if (place !== undefined && place < 0) refuseValue('label', `one of ${classes.map(describe).join(', ')}`, label);
  if (outputs > 1) return ({ data, cols }, i) => ({ output: place ?? argmax(data, i * cols, cols), sign: 1 });
  return ({ data }, i) => ({ output: 0, sign: (place ?? (data[i] > 0 ? 1 : 0)) === 1 ? 1 : -1 });
}

/** The derivatives of each row's chosen output: rows x inputs. */
function derivatives(net: Network, X: RowsInput, choose: Choose): Matrix {
  const { rows, cols } = readShape(X, 'X');
  const { inputs, outputs, dtype } = net;
  if (cols !== inputs) throw new ShapeError(`"X" has ${cols} columns, but there are ${inputs} inputs`);
  const data = newArray(dtype, rows * inputs);
  for (let from = 0; from < rows; from += TILE) {
    const piece = sliceRows(X, cols, from, Math.min(rows, from + TILE));
    const said = net.forward(piece);
    const slopes = net.jacobian(piece).data;
    for (let i = 0; i < said.rows; i++) {
      const { output, sign } = choose(said, i);
      const at = (i * outputs + output) * inputs;
      for (let j = 0; j < inputs; j++) data[(from + i) * inputs + j] = sign * slopes[at + j];
    }
  }
  return new Matrix(rows, inputs, data);
}

/**
 * The derivative of what is said of each row with respect to each of its inputs: of a classifier of the logit of the class that is
 * predicted (or of `label`), of a regressor or a network of an output. Its size says how much an input counts there, its sign in
 * which direction.
 *
 * @param model a fitted estimator (a NetworkEstimator of classes is a classifier), or a pipeline: then the inputs are those that its
 * estimator sees, scaled; or a network
 * @param X rows x inputs
 * @param options label, output
 * @returns rows x inputs
 * @throws {ValueError|ShapeError|DtypeError} naming the argument; {NotFittedError} before fit
 * @example
 * const model = MLPRegressor.from({ coefs: [[[2], [-3]]], intercepts: [[1]] });
 * inputSaliency(model, [[10, 100]]).toArray(); // [[2, -3]]
 */
export function inputSaliency(model: Estimator | Network, X: TableInput, options: SaliencyOptions = {}): Matrix {
  const given = readOptions(options, ['label', 'output'], 'inputSaliency');
  if (model instanceof Network)
    return derivatives(model, X as RowsInput, choiceOf(model.outputs, undefined, false, given));
  const { end, rows } = unwrap(model, X);
  const net = end.network;
  const classes = classesIn(end);
  if (!classes) return derivatives(net, rows, choiceOf(net.outputs, undefined, false, given));
  const several = net.outputs > 1 && !isOneChoice(net);
  const choose = choiceOf(net.outputs, classes, several, given);
  const logits = logitNetwork(net);
  try {
    return derivatives(logits, rows, choose);
  } finally {
    logits.dispose();
  }
}
