// Multiplied every so many epochs.

import { positive } from '../../../checks/readers.js';
import { everyEpochs, type ScheduleKind } from '../schedule.js';

/** Multiplied by `factor` (0.1) every `every` epochs. */
export interface Step {
  name: 'step';
  every: number;
  factor?: number;
}

export const step: ScheduleKind<Step> = {
  options: { every: everyEpochs, factor: positive(0.1) },
  rate({ initial, epoch }, { every, factor }) {
    let rate = initial;
    for (let i = every; i <= epoch; i += every) rate *= factor;
    return rate;
  },
};
