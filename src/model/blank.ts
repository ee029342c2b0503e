// Networks whose parameters come from elsewhere: none are drawn first.

import type { Engine } from '../engine.js';
import { BLANK } from '../network/calls.js';
import type { Network } from '../network/network.js';
import type { NetworkOptions } from '../network/plan.js';

/** A network of these options whose parameters are zeros: drawing a million takes longer than reading them. */
export function blankNetwork(engine: Engine, options: NetworkOptions): Network {
  const EngineNetwork = engine.Network as unknown as new (options: NetworkOptions, blank: typeof BLANK) => Network;
  return new EngineNetwork(options, BLANK);
}
