// Multiplied at every epoch.

import { ValueError } from '../../../checks/errors.js';
import { checkPositive } from '../../../checks/values.js';
import type { ScheduleKind } from '../schedule.js';
import { wholePower } from './powers.js';

/** rate * factor^epoch. */
export interface Exponential {
  name: 'exponential';
  factor: number;
}

export const exponential: ScheduleKind<Exponential> = {
  options: {
    factor(value, name) {
      if (value === undefined) throw new ValueError(`"${name}" must be given: what an epoch multiplies the rate by`);
      return checkPositive(value, name);
    },
  },
  rate: ({ initial, epoch }, { factor }) => initial * wholePower(factor, epoch),
};
