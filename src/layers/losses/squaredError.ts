// squaredError: half the sum over a row's outputs of (o - y)^2.

import type { Loss } from '../loss.js';

export const squaredError: Loss = {
  evaluation: {
    evaluate(k, rows, cols, y, _z, o, d, t, l) {
      k.squared_loss(rows * cols, 1, y, o, d, t);
      k.row_sums(rows, cols, 0.5, t, l);
    },
  },
};
