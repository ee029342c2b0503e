// Gradient descent, with momentum as scikit-learn has it.

import { ValueError } from '../../checks/errors.js';
import { belowOne, positive, trueOrFalse } from '../../checks/readers.js';
import type { Rate, Stepping } from './optimizer.js';

export interface SgdOptions extends Rate {
  /** learningRate default 0.01. */
  name: 'sgd';
  /** From 0 (default) to below 1. */
  momentum?: number;
  /** Nesterov's momentum; default false. */
  nesterov?: boolean;
}

export const sgd: Stepping<SgdOptions> = {
  whole: false,
  options: { learningRate: positive(0.01), momentum: belowOne(0), nesterov: trueOrFalse(false) },
  check({ nesterov, momentum }) {
    if (nesterov && momentum === 0) throw new ValueError('"optimizer.nesterov" needs a momentum above 0');
  },
  slots: ({ momentum }) => (momentum > 0 ? 1 : 0),
  step({ core, kernels, size, rate, gradients, slots, parameters }, { momentum, nesterov }) {
    if (momentum === 0) core.axpy(size, -rate, gradients, parameters);
    else if (nesterov) kernels.nesterov(size, rate, momentum, gradients, slots[0], parameters);
    else kernels.momentum(size, rate, momentum, gradients, slots[0], parameters);
  },
};
