// Gradient descent, with momentum as scikit-learn has it.

import { ValueError } from '../../checks/errors.js';
import { belowOne, positive, trueOrFalse } from '../../checks/readers.js';
import { DECAY, type Decay, decayed, roomToDecay } from './decay.js';
import type { Rate, Stepping } from './optimizer.js';

/** Options of sgd: plain steps, or with momentum. */
export interface SgdOptions extends Rate, Decay {
  /** learningRate default 0.01. */
  name: 'sgd';
  /** From 0 (default) to below 1. */
  momentum?: number;
  /** Nesterov's momentum; default false. */
  nesterov?: boolean;
}

export const sgd: Stepping<SgdOptions> = {
  whole: false,
  options: { learningRate: positive(0.01), momentum: belowOne(0), nesterov: trueOrFalse(false), ...DECAY },
  check({ nesterov, momentum }) {
    if (nesterov && momentum === 0) throw new ValueError('"optimizer.nesterov" needs a momentum above 0');
  },
  still: ({ momentum, weightDecay }) => momentum === 0 && weightDecay === 0,
  slots: ({ momentum }) => (momentum > 0 ? 1 : 0),
  room: roomToDecay,
  step(steps, plan) {
    const { core, kernels, rate, slots, parameters: p, stretches } = steps;
    const { momentum, nesterov } = plan;
    for (let i = 0; i < stretches.length; i++) {
      const { n, at } = stretches[i];
      const g = decayed(steps, stretches[i], plan);
      if (momentum === 0) core.axpy(n, -rate, g, p + at);
      else if (nesterov) kernels.nesterov(n, rate, momentum, g, slots[0] + at, p + at);
      else kernels.momentum(n, rate, momentum, g, slots[0] + at, p + at);
    }
  },
};
