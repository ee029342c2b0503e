// binaryCrossEntropy: the sum over a row's outputs of -y log o - (1 - y) log(1 - o).

import type { Loss } from '../loss.js';

export const binaryCrossEntropy: Loss = {
  after: ['sigmoid', 'logistic'],
  fused: ['sigmoid', 'logistic'],
  range: [0, 1, 'from 0 to 1; for more classes than two use softmax with crossEntropy'],
  classes: 'independent',
  evaluation: {
    /** -log(1 - o) = softplus(z) and -log o = softplus(z) - z, which neither overflow nor cancel. */
    evaluate(k, rows, cols, y, z, o, d, t, l) {
      const n = rows * cols;
      k.minus_abs(n, z, t);
      k.exp(n, t, t);
      k.log1p(n, t, t);
      k.logistic_loss(n, y, z, o, t, d, t);
      k.row_sums(rows, cols, 1, t, l);
    },
  },
};
