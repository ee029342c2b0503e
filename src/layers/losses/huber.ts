// huber: the mean over a row's outputs of what is square near 0 and linear beyond huberDelta.

import { positive } from '../../checks/readers.js';
import type { Loss } from '../loss.js';

export interface HuberOptions {
  /** Where huber's loss turns from square to linear; default 1. */
  huberDelta?: number;
}

export const huber: Loss<HuberOptions> = {
  options: { huberDelta: positive(1) },
  evaluation: ({ huberDelta }) => ({
    evaluate(k, rows, cols, y, _z, o, d, t, l) {
      k.huber_loss(rows * cols, huberDelta, 1 / cols, y, o, d, t);
      k.row_sums(rows, cols, 1 / cols, t, l);
    },
  }),
};
