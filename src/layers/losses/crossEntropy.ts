// crossEntropy: the sum over a row's outputs of -y log o.

import type { Loss } from '../loss.js';

export const crossEntropy: Loss = {
  after: ['softmax'],
  fused: ['softmax'],
  range: [0, 1, 'from 0 to 1'],
  classes: 'exclusive',
  evaluation: {
    /** -log o = log(sum of exp(s)) - s, s the shifted logits. */
    evaluate(k, rows, cols, y, z, o, d, t, l) {
      k.log(rows, t, t);
      k.cross_entropy(rows, cols, y, z, o, t, d, l);
    },
  },
};
