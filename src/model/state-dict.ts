// Weights as PyTorch keeps them: the state dict of an nn.Sequential of Linear layers.

import { arrayName } from '../checks/array-name.js';
import { describe } from '../checks/describe.js';
import { ShapeError, ValueError } from '../checks/errors.js';
import { own, readOptions } from '../checks/read-options.js';
import { refuseValue } from '../checks/values.js';
import { countOf, type Tensor, tensorShape } from '../files/tensor.js';
import type { Parameter } from '../layers/layer.js';
import { checkLeast } from '../layers/parameters.js';
import { newArray, type TypedArray } from '../matrix/operand.js';
import { checkIdle, PARTS } from '../network/calls.js';
import { checkNetwork, elementsOfNetwork, type Network } from '../network/network.js';
import type { Plan } from '../network/plan.js';

/** Options of {@link toStateDict} and {@link fromStateDict}. */
export interface StateDictOptions {
  /**
   * What stands before `.weight` and `.bias`, for each layer. Default: the places in an nn.Sequential that has a module for
   * each layer and one for each activation that is not identity; what is between `skip` and `add` is a Sequential in it.
   */
  names?: readonly string[];
}

function readNames({ layers }: Plan, options: StateDictOptions): readonly string[] {
  const { names } = readOptions(options, ['names'], 'state dict');
  if (names === undefined) {
    /** Of the module that comes next, in each nn.Sequential that is open. */
    const places = [0];
    return layers.map((layer) => {
      const nests = own(layer, 'nests');
      const name = places.join('.');
      if (nests === 1) places.push(0);
      if (nests === -1) places.pop();
      places[places.length - 1] += nests === -1 ? 1 : layer.modules;
      return name;
    });
  }
  const given: unknown[] = Array.isArray(names) ? [...names] : [];
  const apart = new Set(given).size === layers.length;
  if (given.length === layers.length && apart && given.every((name) => typeof name === 'string')) {
    return given as string[];
  }
  return refuseValue('names', `${layers.length} different strings, one for each layer`, names);
}

const ITS_NETWORK = ': of an estimator pass its network, of a pipeline its estimator.network';

/** A parameter as a tensor: its name, its shape, and what it is. */
interface NamedParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly parameter: Parameter;
}

/** Of all parameters in their order. A matrix is transposed, unless it is straight. */
function namedParameters(plan: Plan, options: StateDictOptions): NamedParameter[] {
  const names = readNames(plan, options);
  return plan.layers.flatMap(({ parameters }, i) =>
    parameters.map((parameter) => {
      const { tensor, vector, rows, cols } = parameter;
      return {
        name: `${names[i]}.${tensor}`,
        shape: vector ? [cols] : isStraight(parameter) ? [rows, cols] : [cols, rows],
        parameter,
      };
    }),
  );
}

const isStraight = (parameter: Parameter) => own(parameter, 'straight') === true;

/** What is to be transposed: of what lies straight one row, which transposing leaves as it is. */
function asMatrix(parameter: Parameter) {
  const { rows, cols, size, offset } = parameter;
  return isStraight(parameter) ? { rows: 1, cols: size, offset } : { rows, cols, offset };
}

/** The names of a network's tensors. */
export const namesOf = (plan: Plan): Set<string> => new Set(namedParameters(plan, {}).map(({ name }) => name));

/**
 * A network's weights and biases as tensors: `0.weight` (units x inputs: transposed), `0.bias`, `2.weight`, ...
 *
 * @example
 * const net = network({ inputs: 2, layers: [{ units: 3, activation: 'relu' }, 1] });
 * [...toStateDict(net).keys()]; // ['0.weight', '0.bias', '2.weight', '2.bias']
 */
export function toStateDict(net: Network, options: StateDictOptions = {}): Map<string, Tensor> {
  checkNetwork(net, ITS_NETWORK);
  const all = elementsOfNetwork(net);
  const dtype = net.dtype === 'f64' ? 'F64' : 'F32';
  const tensors = new Map<string, Tensor>();
  for (const { name, shape, parameter } of namedParameters(net[PARTS].plan, options)) {
    const data = newArray(net.dtype, parameter.size);
    const { rows, cols, offset } = asMatrix(parameter);
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) data[j * rows + i] = all[offset + i * cols + j];
    tensors.set(name, { dtype, shape: [...shape], data });
  }
  return tensors;
}

/** At most so many names are listed in a message. */
const LISTED = 6;

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length > LISTED ? `, and ${names.length - LISTED} more` : '';
  return (
    names
      .slice(0, LISTED)
      .map((name) => name.slice(0, 30))
      .join(', ') + more
  );
}

/** PyTorch keeps with running moments how many batches they are of, which nothing depends on unless its momentum is None. */
const isCount = (name: string, wanted: readonly string[]) =>
  name.endsWith('.num_batches_tracked') && wanted.includes(name.replace(/num_batches_tracked$/, 'running_mean'));

/** The numbers of each tensor, each of which is read once. */
function readTensors(named: readonly NamedParameter[], tensors: ReadonlyMap<string, Tensor>): TypedArray[] {
  const wanted = named.map(({ name }) => name);
  const missing = wanted.filter((name) => !tensors.has(name));
  const surplus = [...tensors.keys()].filter((name) => !wanted.includes(name) && !isCount(name, wanted));
  if (missing.length || surplus.length) {
    throw new ValueError(`the state dict does not fit: missing ${listed(missing)}; not expected ${listed(surplus)}`);
  }
  return named.map(({ name, shape, parameter }) => {
    const { dtype, shape: given, data } = Object(tensors.get(name)) as Tensor;
    const kind = { F64: 'Float64Array', F32: 'Float32Array' }[dtype as string];
    if (kind === undefined) throw new ValueError(`${describe(name)} is ${describe(dtype)}: F64 or F32 are needed`);
    if (!Array.isArray(given) || given.join() !== shape.join()) {
      const is = Array.isArray(given) ? tensorShape(given) : describe(given);
      throw new ShapeError(`${describe(name)} is ${is}, but the network has ${tensorShape(shape)}`);
    }
    if (arrayName(data) !== kind || data.length !== countOf(shape)) {
      throw new ValueError(`${describe(name)} must have ${countOf(shape)} numbers in a ${kind}, got ${describe(data)}`);
    }
    checkLeast(parameter, data as TypedArray, name);
    return data as TypedArray;
  });
}

/**
 * Copies a state dict to where a network's parameters lie, in their order.
 *
 * @throws {ValueError|ShapeError} naming the tensors that do not fit; nothing then was copied
 */
export function readStateDict(
  plan: Plan,
  tensors: ReadonlyMap<string, Tensor>,
  to: TypedArray,
  options: StateDictOptions = {},
): void {
  const named = namedParameters(plan, options);
  const numbers = readTensors(named, tensors);
  for (const [index, { parameter }] of named.entries()) {
    const { rows, cols, offset } = asMatrix(parameter);
    const from = numbers[index];
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) to[offset + i * cols + j] = from[j * rows + i];
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
  checkNetwork(net, ITS_NETWORK);
  if (Object.prototype.toString.call(tensors) !== '[object Map]') {
    refuseValue('tensors', 'a Map, as decodeSafetensors(bytes).tensors is', tensors);
  }
  checkIdle(net[PARTS]);
  readStateDict(net[PARTS].plan, tensors, elementsOfNetwork(net), options);
}
