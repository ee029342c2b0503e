// Adam (Kingma and Ba 2014), the learning rate with the corrections of bias in it, as scikit-learn has it.

import { belowOne, fromZero, positive, trueOrFalse } from '../../checks/readers.js';
import { DECAY, type Decay, decayed, roomToDecay } from './decay.js';
import type { Rate, Stepping } from './optimizer.js';

/** What adam and its kin have. */
export interface Moments extends Rate, Decay {
  /** Of the running mean of gradients; default 0.9. */
  beta1?: number;
  /** Of the running mean of their squares; default 0.999. */
  beta2?: number;
  /** Default 1e-8. */
  epsilon?: number;
}

export const MOMENTS = { beta1: belowOne(0.9), beta2: belowOne(0.999), epsilon: fromZero(1e-8), ...DECAY };

export interface Amsgrad {
  /** Whether the step goes by the largest mean of squares so far (Reddi, Kale and Kumar 2018); default false. */
  amsgrad?: boolean;
}

export const AMSGRAD = { amsgrad: trueOrFalse(false) };

/** Options of adam (Kingma and Ba 2014). */
export interface AdamOptions extends Moments, Amsgrad {
  /** learningRate default 0.001. */
  name: 'adam';
}

export const adam: Stepping<AdamOptions> = {
  whole: false,
  options: { learningRate: positive(0.001), ...MOMENTS, ...AMSGRAD },
  slots: ({ amsgrad }) => (amsgrad ? 3 : 2),
  room: roomToDecay,
  step(steps, plan) {
    const { kernels, rate, powers, slots, parameters, stretches } = steps;
    const { beta1, beta2, epsilon, amsgrad } = plan;
    powers[0] *= beta1;
    powers[1] *= beta2;
    const corrected = (rate * Math.sqrt(1 - powers[1])) / (1 - powers[0]);
    for (let i = 0; i < stretches.length; i++) {
      const { n, at } = stretches[i];
      const g = decayed(steps, stretches[i], plan);
      const [m, v, p] = [slots[0] + at, slots[1] + at, parameters + at];
      if (amsgrad) kernels.adam_amsgrad(n, corrected, beta1, beta2, epsilon, g, m, v, slots[2] + at, p);
      else kernels.adam(n, corrected, beta1, beta2, epsilon, g, m, v, p);
    }
  },
};
