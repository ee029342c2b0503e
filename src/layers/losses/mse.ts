// mse: the mean over a row's outputs of (o - y)^2.

import type { Loss } from '../loss.js';

export const mse: Loss = {
  evaluation: {
    evaluate(k, rows, cols, y, _z, o, d, t, l) {
      k.squared_loss(rows * cols, 2 / cols, y, o, d, t);
      k.row_sums(rows, cols, 1 / cols, t, l);
    },
  },
};
