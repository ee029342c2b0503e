// huber: the mean over a row's outputs of what is square near 0 and linear beyond huberDelta.

import { positive, type Readers } from '../../checks/readers.js';
import type { Loss } from '../loss.js';

export interface HuberOptions {
  /** Where huber's loss turns from square to linear; default 1. */
  huberDelta?: number;
}

export const HUBER_OPTIONS: Readers<HuberOptions> = { huberDelta: /* @__PURE__ */ positive(1) };

export const huber: Loss<HuberOptions> = {
  options: HUBER_OPTIONS,
  evaluation: ({ huberDelta }) => ({
    evaluate(k, rows, cols, y, _z, o, d, t, l) {
      k.huber_loss(rows * cols, huberDelta, 1 / cols, y, o, d, t);
      k.row_sums(rows, cols, 1 / cols, t, l);
    },
  }),
};
