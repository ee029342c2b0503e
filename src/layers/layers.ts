// The table of layers, by the kind that their options state.

import { own, readOptions } from '../checks/read-options.js';
import { checkName } from '../checks/values.js';
import { Dense, type DenseOptions } from './dense.js';
import type { Layer, LayerDefaults } from './layer.js';
import type { Loss } from './loss.js';

const LAYER_KINDS = { dense: Dense };

export type LayerOptions = DenseOptions;

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
  const Kind = LAYER_KINDS[checkName(kind, Object.keys(LAYER_KINDS) as 'dense'[], `${where}.kind`)];
  return new Kind(readOptions(given, [...Kind.options, 'kind'], where), where, inputs, at, defaults, loss);
}
