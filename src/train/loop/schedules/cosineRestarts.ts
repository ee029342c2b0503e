// Half turns of a cosine, one after the other (Loshchilov and Hutter 2016), as PyTorch's CosineAnnealingWarmRestarts.

import { fromZero } from '../../../checks/readers.js';
import { refuseValue } from '../../../checks/values.js';
import { everyEpochs, type ScheduleKind } from '../schedule.js';
import { halfCosine } from './span.js';

/**
 * Falls to `minimum` (0) along a half cosine over `every` epochs, then begins anew, each time over `growth` (1) times as many
 * epochs; set at every batch.
 */
export interface CosineRestarts {
  name: 'cosineRestarts';
  every: number;
  growth?: number;
  minimum?: number;
}

export const cosineRestarts: ScheduleKind<CosineRestarts> = {
  options: {
    every: everyEpochs,
    growth(value = 1, name) {
      return typeof value === 'number' && value >= 1 && value < Infinity
        ? value
        : refuseValue(name, 'a finite number, 1 or more', value);
    },
    minimum: fromZero(0),
  },
  moves: true,
  rate({ initial, epoch, part }, { every, growth, minimum }) {
    let at = epoch + part;
    let length = every;
    if (growth === 1) at -= every * Math.floor(at / every);
    else {
      while (at >= length) {
        at -= length;
        length *= growth;
      }
    }
    return minimum + (initial - minimum) * halfCosine(at / length);
  },
};
