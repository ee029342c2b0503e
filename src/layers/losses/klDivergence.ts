// klDivergence: the sum over a row's outputs of y log(y / o).

import { layers } from '../../backend/layers.js';
import type { Loss } from '../loss.js';

export const klDivergence: Loss = {
  after: ['softmax'],
  fused: ['softmax'],
  range: [0, 1, 'from 0 to 1'],
  classes: 'exclusive',
  evaluation: {
    pack: layers,
    /** As crossEntropy, log o = s - log(sum of exp(s)). */
    evaluate(k, rows, cols, y, z, o, d, t, l) {
      k.log(rows, t, t);
      k.log(rows * cols, y, d);
      k.kl_divergence(rows, cols, y, d, z, o, t, d, l);
    },
  },
};
