// AdamW (Loshchilov and Hutter 2017) as PyTorch has it, but that biases do not decay.

import { fromZero, positive } from '../../checks/readers.js';
import { MOMENTS, type Moments } from './adam.js';
import type { Stepping } from './optimizer.js';

export interface AdamwOptions extends Moments {
  /** learningRate default 0.001. */
  name: 'adamw';
  /** Of weights, not of biases; default 0.01. */
  weightDecay?: number;
}

export const adamw: Stepping<AdamwOptions> = {
  whole: false,
  options: { learningRate: positive(0.001), ...MOMENTS, weightDecay: fromZero(0.01) },
  slots: () => 2,
  step({ kernels, rate, powers, gradients: g, slots, parameters: p, stretches }, plan) {
    const { beta1, beta2, epsilon, weightDecay } = plan;
    powers[0] *= beta1;
    powers[1] *= beta2;
    const corrected = rate / (1 - powers[0]);
    const root = Math.sqrt(1 - powers[1]);
    const kept = 1 - rate * weightDecay;
    const [m, v] = [slots[0], slots[1]];
    for (let i = 0; i < stretches.length; i++) {
      const { n, at, decays } = stretches[i];
      const keep = decays ? kept : 1;
      kernels.adamw(n, corrected, beta1, beta2, epsilon, root, keep, g + at, m + at, v + at, p + at);
    }
  },
};
