// Networks as JSON: their own options, with the parameters in place of an initializer.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { decodeNumber, encodeNumber, JSON_NUMBERS, type JSONNumber, parseJSON } from '../checks/json-number.js';
import { own } from '../checks/read-options.js';
import { CONTRACT_VERSION } from '../kernels/contract.js';
import { otherContract } from '../kernels/other-contract.js';
import type { Matrix } from '../matrix/matrix.js';
import { elementsOf } from '../matrix/operand.js';
import { type LayerOptions, type NetworkOptions, optionsOf, type Plan } from './options.js';

const FORMAT = 'bitgrad network';
const VERSION = 1;

export interface NetworkJSON {
  format: typeof FORMAT;
  version: number;
  contractVersion: number;
  options: Omit<NetworkOptions, 'layers'> & {
    layers: (Omit<LayerOptions, 'weights' | 'biases'> & { weights: JSONNumber[][]; biases?: JSONNumber[] })[];
  };
}

function refuse(name: string, x: unknown): never {
  throw new ValueError(`"${name}" must hold ${JSON_NUMBERS}, got ${describe(x)}`);
}

function decodeRow(row: unknown, name: string): number[] {
  if (!Array.isArray(row)) throw new ValueError(`"${name}" must be an array, got ${describe(row)}`);
  return row.map((x) => decodeNumber(x) ?? refuse(name, x));
}

export function toJSON(plan: Plan, weights: readonly Matrix[], biases: readonly (Matrix | undefined)[]): NetworkJSON {
  const options = optionsOf(plan);
  const layers = options.layers.map((layer, i) => {
    const b = biases[i];
    return {
      ...layer,
      weights: weights[i].toArray().map((row) => row.map(encodeNumber)),
      ...(b && { biases: Array.from(elementsOf(b), encodeNumber) }),
    };
  });
  return { format: FORMAT, version: VERSION, contractVersion: CONTRACT_VERSION, options: { ...options, layers } };
}

/** The options that make the same network. @throws {ValueError} unless toJSON wrote it */
export function fromJSON(source: unknown): NetworkOptions {
  const json = parseJSON(source) as NetworkJSON;
  if (json?.format !== FORMAT)
    throw new ValueError(`"json" must have format "${FORMAT}", got ${describe(json?.format)}`);
  if (json.version !== VERSION)
    throw new ValueError(`"json" has version ${describe(json.version)}, known is ${VERSION}`);
  const other = otherContract('"json"', json.contractVersion);
  if (other) {
    throw new ValueError(`${other}: the same parameters would give other bits; to take them all the same, change it`);
  }
  const { options } = json;
  if (typeof options !== 'object' || options === null || !Array.isArray(options.layers)) {
    throw new ValueError(`"json.options.layers" must be an array, got ${describe(options?.layers)}`);
  }
  const layers = options.layers.map((layer, i): LayerOptions => {
    const name = `layers[${i}]`;
    if (typeof layer !== 'object' || layer === null || !Array.isArray(layer.weights)) {
      throw new ValueError(`"${name}.weights" must be an array of rows, got ${describe(layer?.weights)}`);
    }
    const weights = layer.weights.map((row) => decodeRow(row, `${name}.weights`));
    const biases = own(layer, 'biases');
    const { biases: _, ...rest } = { ...layer, weights };
    if (own(layer, 'bias') === false && biases === undefined) return rest;
    return { ...rest, biases: decodeRow(biases, `${name}.biases`) };
  });
  return { ...options, layers };
}
