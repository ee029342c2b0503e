// The learning rate of a training as it goes on, and all that its schedule goes by.

import type { FitPlan } from '../options.js';
import type { Moment } from './schedule.js';
import { changesWithin, rateAt, type SchedulePlan } from './schedules.js';

export class LearningRate {
  readonly #schedule: SchedulePlan;
  /** Where training stands: written by who knows it. */
  readonly at: Moment;
  /** Whether the rate changes from batch to batch. */
  readonly moves: boolean;
  value = 0;

  constructor({ schedule, optimizer, epochs }: FitPlan) {
    this.#schedule = schedule;
    this.at = { initial: optimizer.learningRate, epoch: 0, epochs, part: 0, samplesSeen: 0, cuts: 0 };
    this.moves = changesWithin(schedule);
  }

  /** Sets the value to that of the moment. */
  update(): void {
    this.value = rateAt(this.#schedule, this.at);
  }
}
