// The table of layers, by the kind that their options state.

import { own, readOptions } from '../checks/read-options.js';
import { checkKnown } from './activations.js';
import { Dense } from './dense.js';
import type { Layer, LayerClass, LayerDefaults } from './layer.js';
import type { Loss } from './loss.js';
import type { MORE_LAYERS } from './more-layers.js';

type Kinds = { dense: typeof Dense } & typeof MORE_LAYERS;

/** Those of the second table are known where `bitgrad/layers` is imported. */
export type LayerOptions = ConstructorParameters<Kinds[keyof Kinds]>[0];

const LAYER_KINDS: Record<string, LayerClass> = { dense: Dense };

/** Further ones, by their kinds. */
export function addLayers(further: Record<string, LayerClass>): void {
  Object.assign(LAYER_KINDS, further);
}

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
  before: readonly Layer[],
): Layer {
  const given = (typeof options === 'number' ? { units: options } : options) as LayerOptions;
  const kind = own(Object(given) as LayerOptions, 'kind') ?? 'dense';
  const Layer = LAYER_KINDS[checkKnown(kind, Object.keys(LAYER_KINDS), `${where}.kind`)];
  // As each kind takes them: it checks them by itself.
  const read = readOptions(given, Layer.options, where) as never;
  return new Layer(read, where, inputs, at, defaults, loss, before);
}
