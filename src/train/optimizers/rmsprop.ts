// RMSprop (Hinton's lecture 6e), with momentum as PyTorch has it.

import { belowOne, fromZero, positive } from '../../checks/readers.js';
import type { Rate, Stepping } from './optimizer.js';

export interface RmspropOptions extends Rate {
  /** learningRate default 0.001. */
  name: 'rmsprop';
  /** Of the running mean of squares; default 0.9. */
  rho?: number;
  /** Default 0. */
  momentum?: number;
  /** Default 1e-8. */
  epsilon?: number;
}

export const rmsprop: Stepping<RmspropOptions> = {
  whole: false,
  options: { learningRate: positive(0.001), rho: belowOne(0.9), momentum: belowOne(0), epsilon: fromZero(1e-8) },
  slots: ({ momentum }) => (momentum > 0 ? 2 : 1),
  step({ kernels, size, rate, gradients, slots, parameters }, { rho, momentum, epsilon }) {
    if (momentum === 0) kernels.rmsprop(size, rate, rho, epsilon, gradients, slots[0], parameters);
    else kernels.rmsprop_momentum(size, rate, rho, momentum, epsilon, gradients, slots[0], slots[1], parameters);
  },
};
