// AdamW (Loshchilov and Hutter 2017) as PyTorch has it, but that biases do not decay.

import { fromZero, positive } from '../../checks/readers.js';
import { AMSGRAD, type Amsgrad, MOMENTS, type Moments } from './adam.js';
import type { Stepping } from './optimizer.js';

/** Options of adamw (Loshchilov and Hutter 2017). */
export interface AdamwOptions extends Moments, Amsgrad {
  /** learningRate default 0.001, weightDecay default 0.01. */
  name: 'adamw';
}

export const adamw: Stepping<AdamwOptions> = {
  whole: false,
  options: { learningRate: positive(0.001), ...MOMENTS, weightDecay: fromZero(0.01), ...AMSGRAD },
  slots: ({ amsgrad }) => (amsgrad ? 3 : 2),
  step({ kernels, rate, powers, gradients, slots, parameters, stretches }, plan) {
    const { beta1, beta2, epsilon, weightDecay, amsgrad } = plan;
    powers[0] *= beta1;
    powers[1] *= beta2;
    const corrected = rate / (1 - powers[0]);
    const root = Math.sqrt(1 - powers[1]);
    const kept = 1 - rate * weightDecay;
    for (let i = 0; i < stretches.length; i++) {
      const { n, at, decays } = stretches[i];
      const keep = decays ? kept : 1;
      const [g, m, v, p] = [gradients + at, slots[0] + at, slots[1] + at, parameters + at];
      if (amsgrad) kernels.adamw_amsgrad(n, corrected, beta1, beta2, epsilon, root, keep, g, m, v, slots[2] + at, p);
      else kernels.adamw(n, corrected, beta1, beta2, epsilon, root, keep, g, m, v, p);
    }
  },
};
