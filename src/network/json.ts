// Networks as JSON: their own options, with the parameters in place of an initializer.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { decodeNumber, encodeNumber, JSON_NUMBERS, type JSONNumber, parseJSON } from '../checks/json-number.js';
import { own } from '../checks/read-options.js';
import { refuseValue } from '../checks/values.js';
import { CONTRACT_VERSION } from '../kernels/contract.js';
import { otherContract } from '../kernels/other-contract.js';
import type { LayerOptions } from '../layers/layers.js';
import type { LossName } from '../layers/losses.js';
import type { TypedArray } from '../matrix/operand.js';
import { type NetworkOptions, optionsOf, type Plan, readPlan } from './plan.js';

const FORMAT = 'bitgrad network';
const VERSION = 1;

/** What a network is as plain JSON. */
export interface NetworkJSON {
  /** Tells it from other JSON. */
  format: typeof FORMAT;
  /** Of the format. */
  version: number;
  /** Of the numeric contract under which it was written. */
  contractVersion: number;
  /** What makes the same network, its parameters among the layers. */
  options: Omit<NetworkOptions, 'layers' | 'loss'> & {
    loss?: LossName;
    layers: (Omit<LayerOptions, 'weights' | 'biases'> & { weights: JSONNumber[][]; biases?: JSONNumber[] })[];
  };
}

function refuseNumber(name: string, x: unknown): never {
  throw new ValueError(`"${name}" must hold ${JSON_NUMBERS}, got ${describe(x)}`);
}

function decodeRow(row: unknown, name: string): number[] {
  if (!Array.isArray(row)) return refuseValue(name, 'an array', row);
  return row.map((x) => decodeNumber(x) ?? refuseNumber(name, x));
}

/** @param all the parameters */
export function toJSON(plan: Plan, all: TypedArray): NetworkJSON {
  const options = optionsOf(plan);
  if (typeof options.loss === 'function') refuseValue('loss', 'a name', options.loss);
  const layers = plan.layers.map(({ options, parameters }) => {
    const given = parameters.map(({ name, vector, rows, cols, size, offset }) => {
      const numbers = Array.from(all.subarray(offset, offset + size), encodeNumber);
      return [name, vector ? numbers : Array.from({ length: rows }, (_, i) => numbers.slice(i * cols, (i + 1) * cols))];
    });
    return { ...options, ...Object.fromEntries(given) };
  });
  return {
    format: FORMAT,
    version: VERSION,
    contractVersion: CONTRACT_VERSION,
    options: { ...options, layers } as NetworkJSON['options'],
  };
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
  if (!Array.isArray(options?.layers)) refuseValue('json.options.layers', 'an array', options?.layers);
  // What is no object has no parameters either, which is said below.
  const objects = options.layers.map((layer) => (Object(layer) === layer ? layer : 1));
  const plan = readPlan({ ...options, layers: objects } as NetworkOptions, 'f64');
  const layers = plan.layers.map(({ parameters }, i) => {
    const layer: Record<string, unknown> = { ...options.layers[i] };
    for (const { name, vector } of parameters) {
      const [where, value] = [`layers[${i}].${name}`, own(layer, name)];
      if (!vector && !Array.isArray(value)) refuseValue(where, 'an array of rows', value);
      layer[name] = vector ? decodeRow(value, where) : (value as unknown[]).map((row) => decodeRow(row, where));
    }
    return layer;
  });
  return { ...options, layers: layers as unknown as LayerOptions[] };
}
