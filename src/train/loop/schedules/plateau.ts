// Reduced at each plateau of a curve of its own, as PyTorch's ReduceLROnPlateau.

import { atLeastOne, belowOne, fromZero } from '../../../checks/readers.js';
import { refuseValue } from '../../../checks/values.js';
import type { ScheduleKind } from '../schedule.js';

/** Multiplied by `factor` (0.1), but not below `minimum` (0), after `patience` (10) epochs in a row without improvement. */
export interface PlateauSchedule {
  name: 'plateau';
  factor?: number;
  patience?: number;
  /** Improvement is at least so much; default 1e-4. */
  minDelta?: number;
  minimum?: number;
  /** The curve that is watched: default validationLoss if there is a validation set, else loss. */
  monitor?: string;
}

export const plateau: ScheduleKind<PlateauSchedule> = {
  options: {
    factor: belowOne(0.1),
    patience: atLeastOne(10),
    minDelta: fromZero(1e-4),
    minimum: fromZero(0),
    // Which curves there are only the training knows.
    monitor: (value = '', name) =>
      typeof value === 'string' ? value : refuseValue(name, 'the name of a curve', value),
  },
  rate({ initial, cuts }, { factor, minimum }) {
    let rate = initial;
    for (let i = 0; i < cuts && rate > minimum; i++) rate = Math.max(rate * factor, minimum);
    return rate;
  },
};
