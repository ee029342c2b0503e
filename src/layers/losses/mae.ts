// mae: the mean over a row's outputs of |o - y|.

import type { Loss } from '../loss.js';

export const mae: Loss = {
  evaluation: {
    evaluate(k, rows, cols, y, _z, o, d, t, l) {
      k.absolute_loss(rows * cols, 1 / cols, y, o, d, t);
      k.row_sums(rows, cols, 1 / cols, t, l);
    },
  },
};
