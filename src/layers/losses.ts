// Losses: the loss of each row, and its derivative.

import type { DtypeKernels } from '../kernels/core.js';
import type { ActivationName } from './activations.js';

export const LOSS_NAMES = [
  'mse',
  'squaredError',
  'mae',
  'huber',
  'binaryCrossEntropy',
  'crossEntropy',
  'poisson',
] as const;

export type LossName = (typeof LOSS_NAMES)[number];

/** The last activations that each loss is defined for; undefined: all. */
export const LEGAL: Readonly<Record<LossName, readonly ActivationName[] | undefined>> = {
  mse: undefined,
  squaredError: undefined,
  mae: undefined,
  huber: undefined,
  binaryCrossEntropy: ['sigmoid', 'logistic'],
  crossEntropy: ['softmax'],
  poisson: ['exp', 'softplus'],
};

/** A loss over a tile of `rows` x `cols`; addresses. */
export interface Loss {
  /** Whether d is the derivative with respect to the logits z, so that it does not go back through the activation. */
  readonly fused: boolean;
  /**
   * l = each row's loss; d = its derivative with respect to the logits z if fused, else to the output o.
   *
   * @param y target, rows x cols
   * @param z what the activation left beside o, if fused
   * @param t scratch of the tile's size; of softmax it holds the sums of the rows
   */
  evaluate(
    k: DtypeKernels,
    rows: number,
    cols: number,
    y: number,
    z: number,
    o: number,
    d: number,
    t: number,
    l: number,
  ): void;
}

const mse: Loss = {
  fused: false,
  evaluate(k, rows, cols, y, _z, o, d, t, l) {
    k.squared_loss(rows * cols, 2 / cols, y, o, d, t);
    k.row_sums(rows, cols, 1 / cols, t, l);
  },
};

const squaredError: Loss = {
  fused: false,
  evaluate(k, rows, cols, y, _z, o, d, t, l) {
    k.squared_loss(rows * cols, 1, y, o, d, t);
    k.row_sums(rows, cols, 0.5, t, l);
  },
};

const mae: Loss = {
  fused: false,
  evaluate(k, rows, cols, y, _z, o, d, t, l) {
    k.absolute_loss(rows * cols, 1 / cols, y, o, d, t);
    k.row_sums(rows, cols, 1 / cols, t, l);
  },
};

const huber = (delta: number): Loss => ({
  fused: false,
  evaluate(k, rows, cols, y, _z, o, d, t, l) {
    k.huber_loss(rows * cols, delta, 1 / cols, y, o, d, t);
    k.row_sums(rows, cols, 1 / cols, t, l);
  },
});

/** With sigmoid: -log(1 - o) = softplus(z) and -log o = softplus(z) - z, which neither overflow nor cancel. */
const binaryCrossEntropy: Loss = {
  fused: true,
  evaluate(k, rows, cols, y, z, o, d, t, l) {
    const n = rows * cols;
    k.minus_abs(n, z, t);
    k.exp(n, t, t);
    k.log1p(n, t, t);
    k.logistic_loss(n, y, z, o, t, d, t);
    k.row_sums(rows, cols, 1, t, l);
  },
};

/** With softmax: -log o = log(sum of exp(s)) - s, s the shifted logits. */
const crossEntropy: Loss = {
  fused: true,
  evaluate(k, rows, cols, y, z, o, d, t, l) {
    k.log(rows, t, t);
    k.cross_entropy(rows, cols, y, z, o, t, d, l);
  },
};

/** With exp: log o = z. */
const poissonOfLog: Loss = {
  fused: true,
  evaluate(k, rows, cols, y, z, o, d, t, l) {
    k.poisson_loss(rows * cols, y, z, o, d, t);
    k.row_sums(rows, cols, 1, t, l);
  },
};

const poissonOfRate: Loss = {
  fused: false,
  evaluate(k, rows, cols, y, _z, o, d, t, l) {
    const n = rows * cols;
    k.log(n, o, t);
    k.poisson_rate_loss(n, y, t, o, d, t);
    k.row_sums(rows, cols, 1, t, l);
  },
};

/** The loss of that name after a legal last activation. */
export function lossOf(name: LossName, activation: ActivationName, huberDelta: number): Loss {
  if (name === 'huber') return huber(huberDelta);
  if (name === 'poisson') return activation === 'exp' ? poissonOfLog : poissonOfRate;
  return { mse, squaredError, mae, binaryCrossEntropy, crossEntropy }[name];
}
