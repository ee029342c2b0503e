// logCosh: the mean over a row's outputs of log cosh(o - y), which is square near 0 and linear far from it.

import { layers } from '../../backend/layers.js';
import type { Loss } from '../loss.js';

export const logCosh: Loss = {
  evaluation: {
    pack: layers,
    /** d is the residual, then its tanh; t the argument of log1p, then the loss. */
    evaluate(k, rows, cols, y, _z, o, d, t, l) {
      const n = rows * cols;
      k.squared_loss(n, 1, y, o, d, t);
      k.tanh(n, d, d);
      k.log_cosh_argument(n, y, o, d, t);
      k.log1p(n, t, t);
      k.log_cosh_loss(n, 1 / cols, y, o, d, t, d, t);
      k.row_sums(rows, cols, 1 / cols, t, l);
    },
  },
};
