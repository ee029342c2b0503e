// The table of layers, by the kind that their options state.

import { own, readOptions } from '../checks/read-options.js';
import { checkName } from '../checks/values.js';
import { Dense } from './dense.js';
import type { Layer, LayerClass, LayerDefaults } from './layer.js';
import type { Loss } from './loss.js';

const LAYER_KINDS = { dense: Dense } satisfies Record<string, LayerClass>;

type Kind = keyof typeof LAYER_KINDS;

export type LayerOptions = ConstructorParameters<(typeof LAYER_KINDS)[Kind]>[0];

/**
 * Options as a layer; a number is the units of a dense one.
 *
 * @throws {ValueError} naming the option
 */
export function readLayer(
  options: unknown,
  where: string,
  inputs: number,
  at: number,
  defaults: LayerDefaults,
  loss: Loss | undefined,
): Layer {
  const given = (typeof options === 'number' ? { units: options } : options) as LayerOptions;
  const kind = own(Object(given) as LayerOptions, 'kind') ?? 'dense';
  const Layer: LayerClass = LAYER_KINDS[checkName(kind, Object.keys(LAYER_KINDS) as Kind[], `${where}.kind`)];
  // As each kind takes them: it checks them by itself.
  const read = readOptions(given, Layer.options, where) as never;
  return new Layer(read, where, inputs, at, defaults, loss);
}
