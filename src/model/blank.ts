// Networks whose parameters come from a file: none are drawn first.

import type { Engine } from '../engine.js';
import { defaultInitializer } from '../network/initializers.js';
import { type Network, PARTS } from '../network/network.js';
import type { LayerOptions, NetworkOptions } from '../network/options.js';

/** A network of these options whose parameters are zeros: drawing a million takes longer than reading them. */
export function blankNetwork(engine: Engine, options: NetworkOptions): Network {
  const layers = options.layers.map((layer): LayerOptions => (typeof layer === 'number' ? { units: layer } : layer));
  const net = engine.network({ ...options, layers: layers.map((layer) => ({ ...layer, initializer: 'zeros' })) });
  // The network keeps what its options say, so that its copies and reports do not change.
  net[PARTS].plan.layers.forEach((plan, i) => {
    const initializer = layers[i].initializer ?? options.initializer ?? defaultInitializer(plan.name);
    Object.assign(plan, { initializer });
  });
  return net;
}
