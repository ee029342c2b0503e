// AdaMax (Kingma and Ba 2014, section 7.1) as PyTorch has it: Adam by the infinity norm.

import { positive } from '../../checks/readers.js';
import { MOMENTS, type Moments } from './adam.js';
import { decayed, roomToDecay } from './decay.js';
import type { Stepping } from './optimizer.js';

/** Options of adamax (Kingma and Ba 2014, section 7.1). */
export interface AdamaxOptions extends Moments {
  /** learningRate default 0.002; beta2 is that of the decaying maximum. */
  name: 'adamax';
}

export const adamax: Stepping<AdamaxOptions> = {
  whole: false,
  options: { learningRate: positive(0.002), ...MOMENTS },
  slots: () => 2,
  room: roomToDecay,
  step(steps, plan) {
    const { kernels, rate, powers, slots, parameters, stretches } = steps;
    const { beta1, beta2, epsilon } = plan;
    powers[0] *= beta1;
    const corrected = rate / (1 - powers[0]);
    for (let i = 0; i < stretches.length; i++) {
      const { n, at } = stretches[i];
      const g = decayed(steps, stretches[i], plan);
      kernels.adamax(n, corrected, beta1, beta2, epsilon, g, slots[0] + at, slots[1] + at, parameters + at);
    }
  },
};
