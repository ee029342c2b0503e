// focal: binaryCrossEntropy times (1 - p)^focalGamma, p the probability that the outputs give to the target (Lin et al. 2017).

import { layers } from '../../backend/layers.js';
import { fromZero } from '../../checks/readers.js';
import { checkNumber } from '../../checks/values.js';
import type { Loss } from '../loss.js';

export interface FocalOptions {
  /** How much less focal minds what is right already; default 2, and 0 is binaryCrossEntropy. */
  focalGamma?: number;
  /** focal's weight of targets of 1, above 0 and below 1; those of 0 weigh 1 - focalAlpha. Default: both weigh 1. */
  focalAlpha?: number | undefined;
}

export const focal: Loss<FocalOptions> = {
  after: ['sigmoid', 'logistic'],
  fused: ['sigmoid', 'logistic'],
  range: [0, 1, 'from 0 to 1'],
  classes: 'independent',
  options: {
    focalGamma: fromZero(2),
    focalAlpha: (value, name) => (value === undefined ? value : checkNumber(value, name, 0, 1, true)) as number,
  },
  evaluation: ({ focalGamma, focalAlpha }) => {
    const [one, zero] = focalAlpha === undefined ? [1, 1] : [focalAlpha, 1 - focalAlpha];
    return {
      pack: layers,
      /** t is log1p(exp(-|z|)), from which the logs of both probabilities come; d the log of (1 - p)^focalGamma, then that. */
      evaluate(k, rows, cols, y, z, o, d, t, l) {
        const n = rows * cols;
        k.minus_abs(n, z, t);
        k.exp(n, t, t);
        k.log1p(n, t, t);
        k.focal_exponent(n, focalGamma, y, z, t, d);
        k.exp(n, d, d);
        k.focal_loss(n, focalGamma, zero, one - zero, y, z, o, t, d, d, t);
        k.row_sums(rows, cols, 1, t, l);
      },
    };
  },
};
