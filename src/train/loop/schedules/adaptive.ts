// Divided at each plateau of early stopping, as scikit-learn has it.

import { fromZero, positive } from '../../../checks/readers.js';
import type { ScheduleKind } from '../schedule.js';

/** Divided by `factor` (5) at each plateau (see earlyStopping) until it is below `minimum` (1e-6). */
export interface Adaptive {
  name: 'adaptive';
  factor?: number;
  minimum?: number;
}

export const adaptive: ScheduleKind<Adaptive> = {
  options: { factor: positive(5), minimum: fromZero(1e-6) },
  rate({ initial, cuts }, { factor }) {
    let rate = initial;
    for (let i = 0; i < cuts; i++) rate /= factor;
    return rate;
  },
};
