// RMSprop (Hinton's lecture 6e), with momentum and centred as PyTorch has it.

import { belowOne, fromZero, positive, trueOrFalse } from '../../checks/readers.js';
import { DECAY, type Decay, decayed, roomToDecay } from './decay.js';
import type { Rate, Stepping } from './optimizer.js';

/** Options of rmsprop (Hinton's lecture 6e). */
export interface RmspropOptions extends Rate, Decay {
  /** learningRate default 0.001. */
  name: 'rmsprop';
  /** Of the running mean of squares; default 0.9. */
  rho?: number;
  /** Default 0. */
  momentum?: number;
  /** Default 1e-8. */
  epsilon?: number;
  /** Whether the step goes by the variance of gradients, not by the mean of their squares (Graves 2013); default false. */
  centered?: boolean;
}

export const rmsprop: Stepping<RmspropOptions> = {
  whole: false,
  options: {
    learningRate: positive(0.001),
    rho: belowOne(0.9),
    momentum: belowOne(0),
    epsilon: fromZero(1e-8),
    centered: trueOrFalse(false),
    ...DECAY,
  },
  slots: ({ momentum, centered }) => 1 + Number(momentum > 0) + Number(centered),
  room: roomToDecay,
  step(steps, plan) {
    const { kernels, rate, slots, parameters, stretches } = steps;
    const { rho, momentum, epsilon, centered } = plan;
    for (let i = 0; i < stretches.length; i++) {
      const { n, at } = stretches[i];
      const g = decayed(steps, stretches[i], plan);
      const p = parameters + at;
      const v = slots[0] + at;
      if (momentum === 0) {
        if (centered) kernels.rmsprop_centered(n, rate, rho, epsilon, g, v, slots[1] + at, p);
        else kernels.rmsprop(n, rate, rho, epsilon, g, v, p);
      } else {
        const b = slots[1] + at;
        if (centered) kernels.rmsprop_centered_momentum(n, rate, rho, momentum, epsilon, g, v, b, slots[2] + at, p);
        else kernels.rmsprop_momentum(n, rate, rho, momentum, epsilon, g, v, b, p);
      }
    }
  },
};
