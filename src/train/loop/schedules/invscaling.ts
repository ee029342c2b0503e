// Inverse scaling, as scikit-learn has it.

import { positive } from '../../../checks/readers.js';
import type { ScheduleKind } from '../schedule.js';
import { raise } from './powers.js';

/** rate / (samples seen + 1)^power, set at the end of each epoch; default power 0.5. */
export interface Invscaling {
  name: 'invscaling';
  power?: number;
}

export const invscaling: ScheduleKind<Invscaling> = {
  options: { power: positive(0.5) },
  rate: ({ initial, samplesSeen }, { power }) =>
    samplesSeen === 0 ? initial : initial / raise(samplesSeen + 1, power),
};
