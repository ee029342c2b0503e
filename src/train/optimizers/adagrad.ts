// Adagrad (Duchi, Hazan and Singer 2011).

import { fromZero, positive } from '../../checks/readers.js';
import type { Rate, Stepping } from './optimizer.js';

export interface AdagradOptions extends Rate {
  /** learningRate default 0.01. */
  name: 'adagrad';
  /** Default 1e-10. */
  epsilon?: number;
}

export const adagrad: Stepping<AdagradOptions> = {
  whole: false,
  options: { learningRate: positive(0.01), epsilon: fromZero(1e-10) },
  slots: () => 1,
  step({ kernels, size, rate, gradients, slots, parameters }, { epsilon }) {
    kernels.adagrad(size, rate, epsilon, gradients, slots[0], parameters);
  },
};
