// Weights as PyTorch keeps them: the state dict of an nn.Sequential of Linear layers.

import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { countOf, type Tensor, tensorShape } from '../files/tensor.js';
import { elementsOf, newArray, type TypedArray } from '../matrix/operand.js';
import { checkIdle, PARTS } from '../network/calls.js';
import { elementsOfNetwork, Network } from '../network/network.js';
import type { NetworkOptions } from '../network/options.js';

export interface StateDictOptions {
  /**
   * What stands before `.weight` and `.bias`, for each layer. Default: the places in an nn.Sequential that has a module for
   * each Linear layer and one for each activation that is not identity.
   */
  names?: readonly string[];
}

/** What is needed of a network's options: they are those of `net.options`, in which nothing is left to a default. */
export interface Form extends Pick<NetworkOptions, 'inputs'> {
  readonly layers: readonly { readonly units: number; readonly activation: string; readonly bias: boolean }[];
}

const formOf = (net: Network): Form => net.options as NetworkOptions & Form;

function readNames({ layers }: Form, options: StateDictOptions): readonly string[] {
  const { names } = readOptions(options, ['names'], 'state dict');
  if (names === undefined) {
    let place = 0;
    return layers.map(({ activation }) => {
      const name = String(place);
      place += activation === 'identity' ? 1 : 2;
      return name;
    });
  }
  const given: unknown[] = Array.isArray(names) ? [...names] : [];
  const apart = new Set(given).size === layers.length;
  if (given.length === layers.length && apart && given.every((name) => typeof name === 'string')) {
    return given as string[];
  }
  throw new ValueError(
    `"names" must be ${layers.length} different strings, one for each layer, got ${describe(names)}`,
  );
}

function checkNetwork(net: unknown): void {
  if (net instanceof Network) return;
  throw new ValueError(
    `"net" must be a Network, got ${describe(net)}: of an estimator pass its network, of a pipeline its estimator.network`,
  );
}

/** Of each layer: its name, and how many inputs and units it has. */
function layersOf(form: Form, options: StateDictOptions) {
  const names = readNames(form, options);
  return form.layers.map(({ units, bias }, i) => ({
    weight: `${names[i]}.weight`,
    bias: bias ? `${names[i]}.bias` : undefined,
    inputs: i === 0 ? form.inputs : form.layers[i - 1].units,
    units,
  }));
}

/** How many parameters there are. */
export const parametersOf = (form: Form): number =>
  layersOf(form, {}).reduce((sum, { inputs, units, bias }) => sum + inputs * units + (bias ? units : 0), 0);

/** The names of a network's tensors, and their shapes. */
export function shapesOf(form: Form, options: StateDictOptions = {}): Map<string, readonly number[]> {
  return new Map(
    layersOf(form, options).flatMap(({ weight, bias, inputs, units }) => {
      const shapes: [string, readonly number[]][] = [[weight, [units, inputs]]];
      return bias === undefined ? shapes : [...shapes, [bias, [units]]];
    }),
  );
}

/**
 * A network's weights and biases as tensors: `0.weight` (units x inputs: transposed), `0.bias`, `2.weight`, ...
 *
 * @example
 * const net = network({ inputs: 2, layers: [{ units: 3, activation: 'relu' }, 1] });
 * [...toStateDict(net).keys()]; // ['0.weight', '0.bias', '2.weight', '2.bias']
 */
export function toStateDict(net: Network, options: StateDictOptions = {}): Map<string, Tensor> {
  checkNetwork(net);
  elementsOfNetwork(net); // refuses a disposed network
  const dtype = net.dtype === 'f64' ? 'F64' : 'F32';
  const tensors = new Map<string, Tensor>();
  readNames(formOf(net), options).forEach((name, layer) => {
    const { rows, cols } = net.weights[layer];
    const data = elementsOf(net.weights[layer]);
    const transposed = newArray(net.dtype, rows * cols);
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) transposed[j * rows + i] = data[i * cols + j];
    tensors.set(`${name}.weight`, { dtype, shape: [cols, rows], data: transposed });
    const biases = net.biases[layer];
    if (biases) tensors.set(`${name}.bias`, { dtype, shape: [biases.cols], data: elementsOf(biases).slice() });
  });
  return tensors;
}

/** At most so many names are listed in a message. */
const LISTED = 6;

function list(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length > LISTED ? `, and ${names.length - LISTED} more` : '';
  return (
    names
      .slice(0, LISTED)
      .map((name) => name.slice(0, 30))
      .join(', ') + more
  );
}

/** The numbers of each tensor, each of which is read once. */
function numbersOf(
  form: Form,
  tensors: ReadonlyMap<string, Tensor>,
  options: StateDictOptions,
): Map<string, TypedArray> {
  const found = new Map<string, TypedArray>();
  const wanted = shapesOf(form, options);
  const missing = [...wanted.keys()].filter((name) => !tensors.has(name));
  const surplus = [...tensors.keys()].filter((name) => !wanted.has(name));
  if (missing.length || surplus.length) {
    throw new ValueError(`the state dict does not fit: missing ${list(missing)}; not expected ${list(surplus)}`);
  }
  for (const [name, shape] of wanted) {
    const { dtype, shape: given, data } = Object(tensors.get(name)) as Tensor;
    const kind = { F64: 'Float64Array', F32: 'Float32Array' }[dtype as string];
    if (kind === undefined) throw new ValueError(`${describe(name)} is ${describe(dtype)}: F64 or F32 are needed`);
    if (!Array.isArray(given) || given.join() !== shape.join()) {
      const is = Array.isArray(given) ? tensorShape(given) : describe(given);
      throw new ShapeError(`${describe(name)} is ${is}, but the network has ${tensorShape(shape)}`);
    }
    if (!ArrayBuffer.isView(data) || data[Symbol.toStringTag] !== kind || data.length !== countOf(shape)) {
      throw new ValueError(`${describe(name)} must have ${countOf(shape)} numbers in a ${kind}, got ${describe(data)}`);
    }
    found.set(name, data as TypedArray);
  }
  return found;
}

/**
 * Copies a state dict to where a network's parameters lie, in their order: layer by layer the weights, inputs x units, then
 * the biases.
 *
 * @throws {ValueError|ShapeError} naming the tensors that do not fit; nothing then was copied
 */
export function readStateDict(
  form: Form,
  tensors: ReadonlyMap<string, Tensor>,
  to: TypedArray,
  options: StateDictOptions = {},
): void {
  const numbers = numbersOf(form, tensors, options);
  let at = 0;
  for (const { weight, bias, inputs, units } of layersOf(form, options)) {
    const weights = numbers.get(weight) as TypedArray;
    for (let i = 0; i < inputs; i++) for (let j = 0; j < units; j++) to[at + i * units + j] = weights[j * inputs + i];
    at += inputs * units;
    if (bias === undefined) continue;
    to.set(numbers.get(bias) as TypedArray, at);
    at += units;
  }
}

/**
 * Copies a state dict into a network, rounding to its dtype.
 *
 * @param tensors F64 or F32, none missing and none too many
 * @throws {ValueError|ShapeError} naming the tensors that do not fit; nothing then was copied
 */
export function fromStateDict(
  net: Network,
  tensors: ReadonlyMap<string, Tensor>,
  options: StateDictOptions = {},
): void {
  checkNetwork(net);
  if (Object.prototype.toString.call(tensors) !== '[object Map]') {
    throw new ValueError(`"tensors" must be a Map, as decodeSafetensors(bytes).tensors is, got ${describe(tensors)}`);
  }
  checkIdle(net[PARTS]);
  readStateDict(formOf(net), tensors, elementsOfNetwork(net), options);
}
