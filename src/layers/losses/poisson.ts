// poisson: the sum over a row's outputs of o - y log o, o the rate.

import type { Evaluation, Loss } from '../loss.js';

/** With exp: log o = z. */
const ofLog: Evaluation = {
  evaluate(k, rows, cols, y, z, o, d, t, l) {
    k.poisson_loss(rows * cols, y, z, o, d, t);
    k.row_sums(rows, cols, 1, t, l);
  },
};

const ofRate: Evaluation = {
  evaluate(k, rows, cols, y, _z, o, d, t, l) {
    const n = rows * cols;
    k.log(n, o, t);
    k.poisson_rate_loss(n, y, t, o, d, t);
    k.row_sums(rows, cols, 1, t, l);
  },
};

export const poisson: Loss = {
  after: ['exp', 'softplus'],
  fused: ['exp'],
  range: [0, Infinity, '0 or more'],
  evaluation: ({ activation }) => (activation === 'exp' ? ofLog : ofRate),
};
