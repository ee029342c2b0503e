// What bitgrad/model gives to networks: the core has no bytes for it.

import type { RowsInput } from '../matrix/operand.js';
import type { Targets } from '../network/calls.js';
import { Network } from '../network/network.js';
import { predictionOf, scoreNetwork } from './network-predictions.js';
import type { ScoringOptions } from './scoring.js';

export const NETWORK_METHODS = {
  predict(this: Network, X: RowsInput) {
    return predictionOf(this, X);
  },

  score(this: Network, X: RowsInput, y: Targets, options: ScoringOptions<never, never> = {}) {
    return scoreNetwork(this, this, X, y, options);
  },
};

/** Harmless when repeated. */
export function giveToNetworks(): void {
  for (const [name, value] of Object.entries(NETWORK_METHODS)) {
    const method: PropertyDescriptor = { value, writable: true, configurable: true };
    Object.defineProperty(Network.prototype, name, Object.assign(Object.create(null), method));
  }
}
