// Lion (Chen et al. 2023): steps of one length, by the sign of a momentum; half of adam's memory.

import { belowOne, positive } from '../../checks/readers.js';
import { DECAY, type Decay } from './decay.js';
import type { Rate, Stepping } from './optimizer.js';

/** Options of lion (Chen et al. 2023). */
export interface LionOptions extends Rate, Decay {
  /** learningRate default 0.0001. */
  name: 'lion';
  /** Of the momentum in the step; default 0.9. */
  beta1?: number;
  /** Of the momentum that is kept; default 0.99. */
  beta2?: number;
}

export const lion: Stepping<LionOptions> = {
  whole: false,
  options: { learningRate: positive(1e-4), beta1: belowOne(0.9), beta2: belowOne(0.99), ...DECAY },
  slots: () => 1,
  step({ kernels, rate, gradients: g, slots, parameters: p, stretches }, { beta1, beta2, weightDecay }) {
    const kept = 1 - rate * weightDecay;
    const m = slots[0];
    for (let i = 0; i < stretches.length; i++) {
      const { n, at, decays } = stretches[i];
      kernels.lion(n, rate, beta1, beta2, decays ? kept : 1, g + at, m + at, p + at);
    }
  },
};
