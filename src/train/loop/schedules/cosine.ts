// Half a turn of a cosine to the last epoch, after a warm-up.

import { fromZero } from '../../../checks/readers.js';
import type { ScheduleKind } from '../schedule.js';
import { doneOf, halfCosine, warming } from './span.js';

/** Rises over the first `warmup` (0) epochs, then falls to `minimum` (0) along a half cosine; set at every batch. */
export interface Cosine {
  name: 'cosine';
  warmup?: number;
  minimum?: number;
}

export const cosine: ScheduleKind<Cosine> = {
  options: { warmup: fromZero(0), minimum: fromZero(0) },
  moves: true,
  spans: true,
  rate(moment, plan) {
    if (moment.epoch + moment.part < plan.warmup) return warming(moment, plan);
    return plan.minimum + (moment.initial - plan.minimum) * Math.max(0, halfCosine(doneOf(moment, plan)));
  },
};
