// Muon (Jordan 2024) as PyTorch has it from 2.9 on, with the scale of Liu et al. 2025, so that one learning rate serves
// matrices and, by AdamW, all else.

import { belowOne, fromZero, positive, trueOrFalse } from '../../checks/readers.js';
import { MOMENTS, type Moments } from './adam.js';
import type { PlanOf, Stepping, Steps, Stretch } from './optimizer.js';

/** Options of muon (Jordan 2024). */
export interface MuonOptions extends Moments {
  /** learningRate default 0.001, weightDecay default 0.1; beta1, beta2 and epsilon are those of what is no matrix. */
  name: 'muon';
  /** Of a matrix; default 0.95. */
  momentum?: number;
  /** Nesterov's momentum; default true. */
  nesterov?: boolean;
}

/** Rounds of the Newton-Schulz iteration, and its polynomial a x + b x^3 + c x^5, which is steepest at 0: Jordan's. */
const ROUNDS = 5;
const [A, B, C] = [3.4445, -4.775, 2.0315];
/** Norms are taken for this at least. */
const LEAST = 1e-7;

type Shape = Pick<Stretch, 'rows' | 'cols'>;

const isMatrix = ({ rows, cols }: Shape) => rows > 1 && cols > 1;

/** AdamW's steps have a root mean square of about 0.2 (Liu et al.), those of an orthogonal matrix 1 / sqrt(the larger size). */
const scaleOf = ({ rows, cols }: Shape) => 0.2 * Math.sqrt(Math.max(rows, cols));

/** Numbers of X, of its product, of G and of its square. */
const roomOf = ({ rows, cols }: Shape) => 2 * rows * cols + 2 * Math.min(rows, cols) ** 2;

const productsOf = ({ rows, cols }: Shape) =>
  ROUNDS * Math.min(rows, cols) ** 2 * (2 * Math.max(rows, cols) + Math.min(rows, cols));

/**
 * The matrix at `from` made nearly orthogonal, to scratch: X = a X + (b G + c G^2) X, where G = X X^T, or on the other side
 * where X has fewer columns than rows. Its products are those of dense layers, which others may have their turn in.
 */
function orthogonalize({ core, kernels, scratch, work }: Steps, { n, rows, cols }: Stretch, from: number): void {
  const { bytes } = core;
  const k = Math.min(rows, cols);
  const x = scratch;
  const y = x + n * bytes;
  const g = y + n * bytes;
  const h = g + k * k * bytes;
  core.row_squares(rows, cols, from, y);
  core.row_total(rows, 0, y, g);
  kernels.over_norm(n, LEAST, g, from, x);
  for (let round = 0; round < ROUNDS; round++) {
    if (rows > cols) core.dense_backward(rows, cols, cols, x, x, g, 0, work);
    else core.dense_input(rows, rows, cols, x, x, g, work);
    core.dense_forward(k, k, k, g, g, 0, h, work);
    kernels.waxpby(k * k, B, C, g, h, h);
    if (rows > cols) core.dense_forward(rows, cols, cols, x, h, 0, y, work);
    else core.dense_forward(rows, rows, cols, h, x, 0, y, work);
    kernels.waxpby(n, A, 1, x, y, x);
  }
}

function stepMatrix(steps: Steps, stretch: Stretch, { momentum, nesterov, weightDecay }: PlanOf<MuonOptions>): void {
  const { kernels, rate, gradients, slots, parameters, scratch } = steps;
  const { n, at, decays } = stretch;
  const [g, m, p] = [gradients + at, slots[0] + at, parameters + at];
  kernels.waxpby(n, 1 - momentum, momentum, g, m, m);
  if (nesterov) kernels.waxpby(n, 1 - momentum, momentum, g, m, scratch);
  orthogonalize(steps, stretch, nesterov ? scratch : m);
  kernels.waxpby(n, decays ? 1 - rate * weightDecay : 1, -rate * scaleOf(stretch), p, scratch, p);
}

export const muon: Stepping<MuonOptions> = {
  whole: false,
  options: {
    learningRate: positive(0.001),
    momentum: belowOne(0.95),
    nesterov: trueOrFalse(true),
    ...MOMENTS,
    weightDecay: fromZero(0.1),
  },
  slots: () => 2,
  matrices: true,
  room: (stretches) => Math.max(0, ...stretches.filter(isMatrix).map(roomOf)),
  products: (layers) =>
    layers
      .flatMap(({ parameters }) => parameters)
      .filter(isMatrix)
      .reduce((sum, shape) => sum + productsOf(shape), 0),
  step(steps, plan) {
    const { kernels, rate, powers, gradients, slots, parameters, stretches } = steps;
    const { beta1, beta2, epsilon, weightDecay } = plan;
    powers[0] *= beta1;
    powers[1] *= beta2;
    const corrected = rate / (1 - powers[0]);
    const root = Math.sqrt(1 - powers[1]);
    const kept = 1 - rate * weightDecay;
    for (let i = 0; i < stretches.length; i++) {
      const { n, at, decays } = stretches[i];
      if (isMatrix(stretches[i])) stepMatrix(steps, stretches[i], plan);
      else {
        const [g, m, v, p] = [gradients + at, slots[0] + at, slots[1] + at, parameters + at];
        kernels.adamw(n, corrected, beta1, beta2, epsilon, root, decays ? kept : 1, g, m, v, p);
      }
    }
  },
};
