// Weights as PyTorch keeps them: the state dict of an nn.Sequential of Linear layers.

import { describe, ShapeError, ValueError } from '../errors.js';
import type { Tensor } from '../files/safetensors.js';
import { Network } from '../network/network.js';
import { newArray } from '../operand.js';

export interface StateDictOptions {
  /**
   * What stands before `.weight` and `.bias`, for each layer. Default: the places in an nn.Sequential that has a module for
   * each Linear layer and one for each activation that is not identity.
   */
  names?: readonly string[];
}

function readNames(net: Network, { names }: StateDictOptions): readonly string[] {
  const { layers } = net.options;
  if (names === undefined) {
    let place = 0;
    return layers.map((layer) => {
      const name = String(place);
      place += (layer as { activation: string }).activation === 'identity' ? 1 : 2;
      return name;
    });
  }
  if (names.length === layers.length && names.every((name) => typeof name === 'string')) return names;
  throw new ValueError(`"names" must be ${layers.length} strings, one for each layer, got ${describe(names)}`);
}

function checkNetwork(net: unknown): void {
  if (net instanceof Network) return;
  throw new ValueError(
    `"net" must be a Network, got ${describe(net)}: of an estimator pass its network, of a pipeline its estimator.network`,
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
  const dtype = net.dtype === 'f64' ? 'F64' : 'F32';
  const tensors = new Map<string, Tensor>();
  readNames(net, options).forEach((name, layer) => {
    const { rows, cols, data } = net.weights[layer];
    const transposed = newArray(net.dtype, rows * cols);
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) transposed[j * rows + i] = data[i * cols + j];
    tensors.set(`${name}.weight`, { dtype, shape: [cols, rows], data: transposed });
    const biases = net.biases[layer];
    if (biases) tensors.set(`${name}.bias`, { dtype, shape: [biases.cols], data: biases.data.slice() });
  });
  return tensors;
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
  const wanted = toStateDict(net, options);
  if (!(tensors instanceof Map)) {
    throw new ValueError(`"tensors" must be a Map, as decodeSafetensors(bytes).tensors is, got ${describe(tensors)}`);
  }
  const missing = [...wanted.keys()].filter((name) => !tensors.has(name));
  const surplus = [...tensors.keys()].filter((name) => !wanted.has(name));
  if (missing.length || surplus.length) {
    const list = (names: string[]) => (names.length ? names.join(', ') : 'none');
    throw new ValueError(`the state dict does not fit: missing ${list(missing)}; not expected ${list(surplus)}`);
  }
  for (const [name, { shape }] of wanted) {
    const given = tensors.get(name) as Tensor;
    if (given.dtype !== 'F64' && given.dtype !== 'F32') {
      throw new ValueError(`${describe(name)} is ${given.dtype}: F64 or F32 are needed`);
    }
    if (given.shape.join() !== shape.join()) {
      throw new ShapeError(`${describe(name)} is [${given.shape}], but the network has [${shape}]`);
    }
  }
  readNames(net, options).forEach((name, layer) => {
    const { rows, cols, data } = net.weights[layer];
    const weights = (tensors.get(`${name}.weight`) as Tensor).data;
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) data[i * cols + j] = Number(weights[j * rows + i]);
    net.biases[layer]?.data.set((tensors.get(`${name}.bias`) as Tensor).data as Float64Array);
  });
}
