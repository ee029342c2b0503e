// Adadelta (Zeiler 2012) as PyTorch has it.

import { belowOne, fromZero, positive } from '../../checks/readers.js';
import { DECAY, type Decay, decayed, roomToDecay } from './decay.js';
import type { Rate, Stepping } from './optimizer.js';

/** Options of adadelta (Zeiler 2012). */
export interface AdadeltaOptions extends Rate, Decay {
  /** learningRate, by which the paper's step is multiplied, default 1. */
  name: 'adadelta';
  /** Of the running means of squares; default 0.9. */
  rho?: number;
  /** Default 1e-6. */
  epsilon?: number;
}

export const adadelta: Stepping<AdadeltaOptions> = {
  whole: false,
  options: { learningRate: positive(1), rho: belowOne(0.9), epsilon: fromZero(1e-6), ...DECAY },
  slots: () => 2,
  room: roomToDecay,
  step(steps, plan) {
    const { kernels, rate, slots, parameters, stretches } = steps;
    const { rho, epsilon } = plan;
    for (let i = 0; i < stretches.length; i++) {
      const { n, at } = stretches[i];
      const g = decayed(steps, stretches[i], plan);
      kernels.adadelta(n, rate, rho, epsilon, g, slots[0] + at, slots[1] + at, parameters + at);
    }
  },
};
