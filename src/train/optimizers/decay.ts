// Weight decay: which parameters decay, and the gradients of those whose decay is coupled to them.

import { fromZero, trueOrFalse } from '../../checks/readers.js';
import type { Plan } from '../../network/plan.js';
import type { PlanOf, Steps, Stretch } from './optimizer.js';

/** What every optimizer has that steps. */
export interface Decay {
  /** Default 0, of some optimizers more. */
  weightDecay?: number;
  /** Whether biases decay too, and whatever else its layer spares; default false. */
  decayBiases?: boolean;
}

export const DECAY = { weightDecay: fromZero(0), decayBiases: trueOrFalse(false) };

/**
 * @param bytes of a number
 * @param matrices whether each parameter stands by itself, however alike they are treated
 */
export function stretchesOf(
  { layers }: Plan,
  bytes: number,
  { weightDecay, decayBiases }: PlanOf<Decay>,
  matrices = false,
): Stretch[] {
  const all: Stretch[] = [];
  for (const { size, rows, cols, offset, decays: own } of layers.flatMap(({ parameters }) => parameters)) {
    const decays = weightDecay > 0 && (own || decayBiases);
    const last = all[all.length - 1];
    if (last && !matrices && last.decays === decays && last.at + last.n * bytes === offset * bytes) {
      const n = last.n + size;
      all[all.length - 1] = { ...last, n, rows: 1, cols: n };
    } else all.push({ n: size, at: offset * bytes, decays, rows, cols });
  }
  return all;
}

/** How many numbers a coupled decay needs room for. */
export const roomToDecay = (stretches: readonly Stretch[]): number =>
  stretches.reduce((most, { n, decays }) => (decays ? Math.max(most, n) : most), 0);

/** The address of a stretch's gradients, g + weightDecay p of those that decay. It takes a plan, because V8 allocates for a number. */
export function decayed(
  { kernels, gradients, parameters, scratch }: Steps,
  { n, at, decays }: Stretch,
  { weightDecay }: PlanOf<Decay>,
): number {
  if (!decays || weightDecay === 0) return gradients + at;
  kernels.waxpby(n, 1, weightDecay, gradients + at, parameters + at, scratch);
  return scratch;
}
