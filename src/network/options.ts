// A network's options, read and checked once into a plan.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import { own, readOptions } from '../checks/read-options.js';
import { checkFlag, checkInteger, checkName, checkPositive } from '../checks/values.js';
import type { Dtype } from '../kernels/contract.js';
import { ACTIVATION_NAMES, type Activation, type ActivationName, activationOf } from '../layers/activations.js';
import { defaultInitializer, INITIALIZER_NAMES, type Initializer } from '../layers/initializers.js';
import { LEGAL, LOSS_NAMES, type Loss, type LossName, lossOf } from '../layers/losses.js';
import {
  checkDtype,
  copyRows,
  isVector,
  type MatrixInput,
  newArray,
  readMatrix,
  type TypedArray,
  type VectorInput,
} from '../matrix/operand.js';

export interface LayerOptions {
  /** Number of outputs, 1 or more. */
  units: number;
  /** Default: the network's. */
  activation?: ActivationName;
  /** Default: the network's. */
  bias?: boolean;
  /** Default: the network's. */
  initializer?: Initializer;
  /** What the weights begin with, inputs x units, instead of an initializer. */
  weights?: MatrixInput;
  /** What the biases begin with: `units` numbers, or 1 x units. */
  biases?: VectorInput | MatrixInput;
  /** leakyRelu's slope below 0; default 0.01. */
  negativeSlope?: number;
  /** elu's limit, -alpha; default 1. */
  alpha?: number;
}

export interface NetworkOptions {
  /** Number of inputs, 1 or more. */
  inputs: number;
  /** From the first hidden layer to the output; a number is `{ units }`. */
  layers: readonly (number | LayerOptions)[];
  /** Default `'mse'`. */
  loss?: LossName;
  /** Where huber's loss turns from square to linear; default 1. */
  huberDelta?: number;
  /** Of layers that state none; default `'identity'`. */
  activation?: ActivationName;
  /** Whether layers have biases; default true. */
  bias?: boolean;
  /** Of layers that state none; default heUniform for relu, leakyRelu, elu, gelu and silu, glorotUniform for the others. */
  initializer?: Initializer;
  /** Of parameters and of all that is computed; default: the engine's. */
  dtype?: Dtype;
  /** Of the initial weights, 0 to 2^32 - 1; default 0. */
  seed?: number;
  /** `'mean'` (default) divides the sum over rows by their number, or by the sum of their weights; `'sum'` does not. */
  reduction?: 'mean' | 'sum';
  /** What a result that is not finite does: `'propagate'` (default) returns it, `'throw'` throws a NonFiniteError. */
  onNonFinite?: 'throw' | 'propagate';
}

/** One layer as it was checked. Addresses and offsets count elements of the parameter vector. */
export interface LayerPlan {
  readonly inputs: number;
  readonly units: number;
  readonly name: ActivationName;
  readonly activation: Activation;
  readonly initializer: Initializer;
  readonly negativeSlope: number;
  readonly alpha: number;
  /** Where its weights begin. */
  readonly weightsAt: number;
  /** Where its biases begin, behind the weights; -1 without. */
  readonly biasesAt: number;
}

/** A layer's parameters as they were given: copies, because memory may grow and detach its views before they are used. */
export interface GivenParameters {
  readonly weights: TypedArray | undefined;
  readonly biases: TypedArray | undefined;
}

export interface Plan {
  readonly inputs: number;
  readonly outputs: number;
  readonly layers: readonly LayerPlan[];
  readonly lossName: LossName;
  readonly loss: Loss;
  readonly huberDelta: number;
  readonly dtype: Dtype;
  readonly seed: number;
  readonly reduction: 'mean' | 'sum';
  readonly onNonFinite: 'throw' | 'propagate';
  /** Number of parameters. */
  readonly size: number;
}

const NETWORK_OPTIONS = [
  'inputs',
  'layers',
  'loss',
  'huberDelta',
  'activation',
  'bias',
  'initializer',
  'dtype',
  'seed',
  'reduction',
  'onNonFinite',
];
const LAYER_OPTIONS = ['units', 'activation', 'bias', 'initializer', 'weights', 'biases', 'negativeSlope', 'alpha'];

function readGiven(value: unknown, name: string, rows: number, cols: number): TypedArray | undefined {
  if (value === undefined) return undefined;
  const given = isVector(value) && rows === 1 ? [value] : value;
  const operand = readMatrix(given, name);
  const { rows: m, cols: n } = operand;
  if (m !== rows || n !== cols)
    throw new ShapeError(`"${name}" is ${m}x${n}, but the layer has ${rows}x${cols} ${name.split('.')[1]}`);
  const copy = newArray('f64', rows * cols);
  copyRows(operand, copy, 0, 0, rows);
  return copy;
}

/** What the layers' options gave for their parameters. */
export function readParameters(options: NetworkOptions, { layers }: Plan): GivenParameters[] {
  return layers.map(({ inputs, units, biasesAt }, i) => {
    const layer: LayerOptions = Object(options.layers[i]); // a number has neither
    const biases = own(layer, 'biases');
    if (biasesAt < 0 && biases !== undefined) {
      throw new ValueError(`"layers[${i}]" has biases, but "bias" is false`);
    }
    return {
      weights: readGiven(own(layer, 'weights'), `layers[${i}].weights`, inputs, units),
      biases: readGiven(biases, `layers[${i}].biases`, 1, units),
    };
  });
}

function readLayer(given: unknown, index: number, inputs: number, at: number, options: NetworkOptions): LayerPlan {
  const name = `layers[${index}]`;
  const layer = readOptions(
    (typeof given === 'number' ? { units: given } : given) as LayerOptions,
    LAYER_OPTIONS,
    name,
  );
  const units = checkInteger(layer.units, `${name}.units`, 1);
  const activation = checkName(
    layer.activation ?? options.activation ?? 'identity',
    ACTIVATION_NAMES,
    layer.activation === undefined ? 'activation' : `${name}.activation`,
  );
  const bias = checkFlag(layer.bias ?? options.bias ?? true, layer.bias === undefined ? 'bias' : `${name}.bias`);
  const initializer = layer.initializer ?? options.initializer ?? defaultInitializer(activation);
  const negativeSlope = checkPositive(layer.negativeSlope ?? 0.01, `${name}.negativeSlope`);
  const alpha = checkPositive(layer.alpha ?? 1, `${name}.alpha`);
  return {
    inputs,
    units,
    name: activation,
    activation: activationOf(activation, negativeSlope, alpha),
    initializer: checkName(
      initializer,
      INITIALIZER_NAMES,
      layer.initializer === undefined ? 'initializer' : `${name}.initializer`,
    ),
    negativeSlope,
    alpha,
    weightsAt: at,
    biasesAt: bias ? at + inputs * units : -1,
  };
}

/** @throws {ValueError|ShapeError|DtypeError} naming the option */
export function readPlan(given: NetworkOptions, fallback: Dtype): Plan {
  const options = readOptions(given, NETWORK_OPTIONS, 'network');
  const inputs = checkInteger(options.inputs, 'inputs', 1);
  if (!Array.isArray(options.layers) || options.layers.length === 0) {
    throw new ValueError(`"layers" must be an array of one layer or more, got ${describe(options.layers)}`);
  }
  const layers: LayerPlan[] = [];
  let size = 0;
  let outputs = inputs;
  for (const [index, given] of options.layers.entries()) {
    const layer = readLayer(given, index, outputs, size, options);
    if (layer.name === 'softmax' && index < options.layers.length - 1) {
      throw new ValueError(`"layers[${index}].activation" is softmax, which only the last layer can have`);
    }
    layers.push(layer);
    outputs = layer.units;
    size += layer.inputs * outputs + (layer.biasesAt < 0 ? 0 : outputs);
  }
  const lossName = checkName(options.loss ?? 'mse', LOSS_NAMES, 'loss');
  const { name } = layers[layers.length - 1];
  const legal = LEGAL[lossName];
  if (legal && !legal.includes(name)) {
    const pairs = LOSS_NAMES.map((loss) => `${loss} with ${LEGAL[loss]?.join(' or ') ?? 'any'}`).join(', ');
    throw new ValueError(`"loss" ${lossName} does not go with a last activation ${name}; legal are ${pairs}`);
  }
  const huberDelta = checkPositive(options.huberDelta ?? 1, 'huberDelta');
  return {
    inputs,
    outputs,
    layers,
    lossName,
    loss: lossOf(lossName, name, huberDelta),
    huberDelta,
    dtype: checkDtype(options.dtype ?? fallback),
    seed: options.seed ?? 0,
    reduction: checkName(options.reduction ?? 'mean', ['mean', 'sum'], 'reduction'),
    onNonFinite: checkName(options.onNonFinite ?? 'propagate', ['throw', 'propagate'], 'onNonFinite'),
    size,
  };
}

/** Options that make a network of the same plan, without parameters. */
export function optionsOf({ inputs, layers, lossName, huberDelta, dtype, seed, reduction, onNonFinite }: Plan) {
  return {
    inputs,
    layers: layers.map(({ units, name, initializer, negativeSlope, alpha, biasesAt }) => ({
      units,
      activation: name,
      initializer,
      ...(name === 'leakyRelu' && { negativeSlope }),
      ...(name === 'elu' && { alpha }),
      bias: biasesAt >= 0,
    })),
    loss: lossName,
    huberDelta,
    dtype,
    seed,
    reduction,
    onNonFinite,
  };
}
