// Networks as JSON: their own options, with the parameters in place of an initializer.

import { describe, own, ValueError } from '../checks/errors.js';
import { CONTRACT_VERSION } from '../kernels/contract.js';
import type { Matrix } from '../matrix/matrix.js';
import { elementsOf } from '../matrix/operand.js';
import { type LayerOptions, type NetworkOptions, optionsOf, type Plan } from './options.js';

const FORMAT = 'bitgrad network';
const VERSION = 1;

/** A number, or its name where JSON has none for it: `"-0"`, `"NaN"`, `"Infinity"`, `"-Infinity"`. */
export type JSONNumber = number | string;

export interface NetworkJSON {
  format: typeof FORMAT;
  version: number;
  contractVersion: number;
  options: Omit<NetworkOptions, 'layers'> & {
    layers: (Omit<LayerOptions, 'weights' | 'biases'> & { weights: JSONNumber[][]; biases?: JSONNumber[] })[];
  };
}

const encode = (x: number): JSONNumber => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x));

const NAMES: Record<string, number> = { '-0': -0, NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity };

function decode(x: unknown, name: string): number {
  if (typeof x === 'number') return x;
  if (typeof x === 'string' && Object.hasOwn(NAMES, x)) return NAMES[x];
  throw new ValueError(`"${name}" must hold numbers, or "-0", "NaN", "Infinity" and "-Infinity", got ${describe(x)}`);
}

function decodeRow(row: unknown, name: string): number[] {
  if (!Array.isArray(row)) throw new ValueError(`"${name}" must be an array, got ${describe(row)}`);
  return row.map((x) => decode(x, name));
}

export function toJSON(plan: Plan, weights: readonly Matrix[], biases: readonly (Matrix | undefined)[]): NetworkJSON {
  const options = optionsOf(plan);
  const layers = options.layers.map((layer, i) => {
    const b = biases[i];
    return {
      ...layer,
      weights: weights[i].toArray().map((row) => row.map(encode)),
      ...(b && { biases: Array.from(elementsOf(b), encode) }),
    };
  });
  return { format: FORMAT, version: VERSION, contractVersion: CONTRACT_VERSION, options: { ...options, layers } };
}

/** The options that make the same network. @throws {ValueError} unless toJSON wrote it */
export function fromJSON(source: unknown): NetworkOptions {
  let json = source as NetworkJSON;
  if (typeof source === 'string') {
    try {
      json = JSON.parse(source);
    } catch (cause) {
      throw new ValueError(`"json" is no JSON: ${(cause as Error).message}`, { cause });
    }
  }
  if (json?.format !== FORMAT)
    throw new ValueError(`"json" must have format "${FORMAT}", got ${describe(json?.format)}`);
  if (json.version !== VERSION)
    throw new ValueError(`"json" has version ${describe(json.version)}, known is ${VERSION}`);
  if (json.contractVersion !== CONTRACT_VERSION) {
    throw new ValueError(
      `"json" was written under contract version ${describe(json.contractVersion)}, this is ${CONTRACT_VERSION}: ` +
        'the same parameters would give other bits; to take them all the same, change it',
    );
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
