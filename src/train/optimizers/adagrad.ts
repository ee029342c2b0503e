// Adagrad (Duchi, Hazan and Singer 2011).

import { fromZero, positive } from '../../checks/readers.js';
import { DECAY, type Decay, decayed, roomToDecay } from './decay.js';
import type { Rate, Stepping } from './optimizer.js';

/** Options of adagrad (Duchi, Hazan and Singer 2011). */
export interface AdagradOptions extends Rate, Decay {
  /** learningRate default 0.01. */
  name: 'adagrad';
  /** Default 1e-10. */
  epsilon?: number;
  /** What the sums of squares begin at; default 0. */
  initialAccumulator?: number;
}

export const adagrad: Stepping<AdagradOptions> = {
  whole: false,
  options: { learningRate: positive(0.01), epsilon: fromZero(1e-10), initialAccumulator: fromZero(0), ...DECAY },
  // Unless it is divided by 0.
  still: ({ epsilon, weightDecay }) => Math.fround(epsilon) > 0 && weightDecay === 0,
  slots: () => 1,
  initial: ({ initialAccumulator }) => initialAccumulator,
  room: roomToDecay,
  step(steps, plan) {
    const { kernels, rate, slots, parameters: p, stretches } = steps;
    for (let i = 0; i < stretches.length; i++) {
      const { n, at } = stretches[i];
      kernels.adagrad(n, rate, plan.epsilon, decayed(steps, stretches[i], plan), slots[0] + at, p + at);
    }
  },
};
