// A fall to the last epoch that is a power of what is left.

import { fromZero, positive } from '../../../checks/readers.js';
import type { ScheduleKind } from '../schedule.js';
import { raise } from './powers.js';
import { doneOf, warming } from './span.js';

/** Rises over the first `warmup` (0) epochs, then falls to `minimum` (0) by the power `power` (1); set at every batch. */
export interface Polynomial {
  name: 'polynomial';
  power?: number;
  warmup?: number;
  minimum?: number;
}

export const polynomial: ScheduleKind<Polynomial> = {
  options: { power: positive(1), warmup: fromZero(0), minimum: fromZero(0) },
  moves: true,
  spans: true,
  rate(moment, plan) {
    if (moment.epoch + moment.part < plan.warmup) return warming(moment, plan);
    const left = 1 - doneOf(moment, plan);
    const { power, minimum } = plan;
    return minimum + (moment.initial - minimum) * (power === 1 || left === 0 ? left : raise(left, power));
  },
};
