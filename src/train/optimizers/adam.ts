// Adam (Kingma and Ba 2014), the learning rate with the corrections of bias in it, as scikit-learn has it.

import { belowOne, fromZero, positive } from '../../checks/readers.js';
import type { Rate, Stepping } from './optimizer.js';

/** What adam and its kin have. */
export interface Moments extends Rate {
  /** Of the running mean of gradients; default 0.9. */
  beta1?: number;
  /** Of the running mean of their squares; default 0.999. */
  beta2?: number;
  /** Default 1e-8. */
  epsilon?: number;
}

export const MOMENTS = { beta1: belowOne(0.9), beta2: belowOne(0.999), epsilon: fromZero(1e-8) };

export interface AdamOptions extends Moments {
  /** learningRate default 0.001. */
  name: 'adam';
}

export const adam: Stepping<AdamOptions> = {
  whole: false,
  options: { learningRate: positive(0.001), ...MOMENTS },
  slots: () => 2,
  step({ kernels, size, rate, powers, gradients, slots, parameters }, { beta1, beta2, epsilon }) {
    powers[0] *= beta1;
    powers[1] *= beta2;
    const corrected = (rate * Math.sqrt(1 - powers[1])) / (1 - powers[0]);
    kernels.adam(size, corrected, beta1, beta2, epsilon, gradients, slots[0], slots[1], parameters);
  },
};
