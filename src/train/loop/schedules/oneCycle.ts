// One cycle (Smith and Topin 2018): up to the learning rate and down to almost nothing, in two phases as PyTorch's OneCycleLR.

import { belowOne, positive } from '../../../checks/readers.js';
import type { ScheduleKind } from '../schedule.js';
import { halfCosine } from './span.js';

/**
 * Rises from rate / `divisor` (25) to the rate over a part `rise` (0.3) of all epochs, then falls to rate / (`divisor`
 * `finalDivisor` (1e4)), both along half a cosine; set at every batch.
 */
export interface OneCycle {
  name: 'oneCycle';
  rise?: number;
  divisor?: number;
  finalDivisor?: number;
}

export const oneCycle: ScheduleKind<OneCycle> = {
  options: { rise: belowOne(0.3), divisor: positive(25), finalDivisor: positive(1e4) },
  moves: true,
  spans: true,
  rate({ initial, epoch, epochs, part }, { rise, divisor, finalDivisor }) {
    const done = (epoch + part) / epochs;
    const first = initial / divisor;
    const rises = done < rise;
    const from = rises ? first : initial;
    const to = rises ? initial : first / finalDivisor;
    return to + (from - to) * halfCosine(rises ? done / rise : Math.min(1, (done - rise) / (1 - rise)));
  },
};
