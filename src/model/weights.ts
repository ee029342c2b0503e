// Estimators from weights that were learnt elsewhere.

import { ShapeError, ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkFlag, refuseValue } from '../checks/values.js';
import { readClasses } from '../data/fitted-json.js';
import { type Label, sameLabels } from '../data/labels.js';
import { copyMatrix, copyNumbers } from '../matrix/copies.js';
import type { Matrix } from '../matrix/matrix.js';
import {
  type Dtype,
  dtypeOf,
  isVector,
  type MatrixInput,
  type TypedArray,
  type VectorInput,
} from '../matrix/operand.js';
import { hiddenSizes, type MLPParameters } from './estimator-options.js';
import { columnNumbers } from './targets.js';

/** Weights in scikit-learn's layout, and any other parameter of the estimator. */
export type GivenWeights<P extends MLPParameters> = Partial<P> & {
  /** Each layer's weights, inputs x units. */
  coefs: readonly MatrixInput[];
  /** Each layer's biases, one for each unit. */
  intercepts: readonly (VectorInput | MatrixInput)[];
};

export interface LayerWeights {
  readonly inputs: number;
  readonly units: number;
  readonly weights: Matrix;
  readonly biases: TypedArray;
}

function checkList(value: unknown, name: string, what: string): asserts value is unknown[] {
  // A single matrix is an array, too: of rows, which are no matrices.
  if (Array.isArray(value) && value.length > 0 && !(name === 'coefs' && isVector(value[0]))) return;
  refuseValue(name, `an array of ${what}, one for each layer`, value);
}

function checkNoNaN(numbers: TypedArray, name: string): void {
  if (numbers.some(Number.isNaN)) throw new ValueError(`"${name}" holds NaN`);
}

function readLayerWeights(coef: unknown, intercept: unknown, i: number): LayerWeights {
  const weights = copyMatrix(coef as MatrixInput, `coefs[${i}]`);
  const given = copyNumbers(intercept, `intercepts[${i}]`);
  const biases = 'data' in given ? given.data : given;
  const { rows, cols } = weights;
  if (rows === 0 || cols === 0) throw new ShapeError(`"coefs[${i}]" is ${rows}x${cols}: a layer has inputs and units`);
  if (biases.length !== cols) {
    throw new ShapeError(
      `"intercepts[${i}]" has ${biases.length} numbers, but "coefs[${i}]" has ${cols} units (columns)`,
    );
  }
  checkNoNaN(weights.data, `coefs[${i}]`);
  checkNoNaN(biases, `intercepts[${i}]`);
  return { inputs: rows, units: cols, weights, biases };
}

/** f32 if that is what all were given in. */
function weightsDtype(layers: readonly LayerWeights[]): Dtype {
  return layers.every(({ weights, biases }) => weights.dtype === 'f32' && dtypeOf(biases) === 'f32') ? 'f32' : 'f64';
}

/**
 * Layers, parameters, and the rest of the options, all copied.
 *
 * @param further names of options that are neither
 * @throws {ValueError|ShapeError|DtypeError} naming the argument
 */
export function readAllWeights<P extends MLPParameters, W extends GivenWeights<P>>(
  given: W,
  defaults: Readonly<P>,
  further: readonly string[],
  where: string,
) {
  const known = ['coefs', 'intercepts', ...further, ...Object.keys(defaults)];
  const read = readOptions(given, known, where); // without a prototype, as a copy by ... would not be
  const { coefs, intercepts, hiddenLayerSizes: stated, dtype }: GivenWeights<MLPParameters> = read;
  checkList(coefs, 'coefs', 'matrices (inputs x units)');
  checkList(intercepts, 'intercepts', 'arrays of numbers');
  if (coefs.length !== intercepts.length) {
    throw new ShapeError(`"coefs" has ${coefs.length} layers and "intercepts" has ${intercepts.length}`);
  }
  const layers = Array.from(coefs, (coef, i) => readLayerWeights(coef, intercepts[i], i));
  layers.forEach(({ inputs }, i) => {
    if (i === 0 || inputs === layers[i - 1].units) return;
    throw new ShapeError(
      `"coefs[${i}]" has ${inputs} inputs (rows), but "coefs[${i - 1}]" has ${layers[i - 1].units} units (columns)`,
    );
  });
  const hiddenLayerSizes = layers.slice(0, -1).map(({ units }) => units);
  if (stated !== undefined && String(hiddenSizes({ hiddenLayerSizes: stated })) !== String(hiddenLayerSizes)) {
    throw new ValueError(
      `"hiddenLayerSizes" follows from "coefs" and need not be given: it is [${hiddenLayerSizes.join(', ')}]`,
    );
  }
  const others = ['coefs', 'intercepts', ...further];
  const own = Object.entries(read).filter(([name]) => !others.includes(name));
  const shape: Partial<MLPParameters> = { hiddenLayerSizes, dtype: dtype ?? weightsDtype(layers) };
  return { layers, parameters: { ...Object.fromEntries(own), ...shape } as Partial<P>, rest: read };
}

/** The classes of so many outputs. @throws {ValueError} */
export function classesOf(value: unknown, multilabel: unknown, outputs: number): Label[] {
  if (multilabel !== undefined) checkFlag(multilabel, 'multilabel');
  if (multilabel) {
    const classes = columnNumbers(outputs);
    if (outputs < 2) throw new ValueError('"multilabel" needs two outputs or more, "coefs" has 1');
    const given = value === undefined ? classes : readClasses(value, 'classes');
    if (sameLabels(given, classes)) return classes;
    throw new ValueError(`"classes" of several labels at once are 0 to ${outputs - 1}, and need not be given`);
  }
  if (value === undefined) {
    throw new ValueError(
      '"classes" must be given: the labels in order, one for each output, or two for a single output',
    );
  }
  const classes = readClasses(value, 'classes');
  const wanted = outputs === 1 ? 2 : outputs;
  if (classes.length === wanted && outputs !== 2) return classes;
  const cure =
    outputs === 2 && classes.length === 2
      ? '; of two classes there is one output, the logit of the second: the difference of both columns'
      : '';
  throw new ValueError(
    `"classes" has ${classes.length} labels, but "coefs" ends in ${outputs} output${outputs === 1 ? '' : 's'}, ` +
      `for ${outputs === 2 ? 'which there are no classes' : `${wanted} classes`}${cure}`,
  );
}
