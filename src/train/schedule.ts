// Schedules as functions, for loops of one's own.

import { own, readOptions } from '../checks/read-options.js';
import { checkInteger, checkNumber, checkPositive } from '../checks/values.js';
import { rateAt, readSchedule, type Schedule } from './loop/schedules.js';

/** Where a training stands, as far as a schedule asks. */
export interface ScheduleMoment {
  /** Epochs done; a part of one counts, where the rate moves within an epoch. */
  epoch: number;
  /** Of invscaling: rows seen in all epochs that ended; default 0. */
  samplesSeen?: number;
  /** Of adaptive: how many plateaus there were; default 0. */
  cuts?: number;
}

/**
 * The learning rates of `fit` as a function: of the epochs done, or of more where the schedule goes by more.
 *
 * @param schedule as fit takes it
 * @param options `learningRate` that it begins with, `epochs` in all
 * @throws {ValueError} naming the option
 * @example
 * const rate = scheduleOf({ name: 'cosine', warmup: 1 }, { learningRate: 0.1, epochs: 11 });
 * rate(0.5); // 0.05
 * rate(1); // 0.1
 * rate(6); // 0.05
 */
export function scheduleOf(
  schedule: Schedule,
  options: { learningRate: number; epochs: number },
): (moment: number | ScheduleMoment) => number {
  const { learningRate, epochs } = readOptions(options, ['learningRate', 'epochs'], 'scheduleOf');
  const initial = checkPositive(learningRate, 'learningRate');
  const plan = readSchedule(schedule, checkInteger(epochs, 'epochs', 1));
  return (moment) => {
    const isNumber = typeof moment === 'number';
    const given = isNumber ? undefined : readOptions(moment, ['epoch', 'samplesSeen', 'cuts'], 'moment');
    const at = checkNumber(isNumber ? moment : given?.epoch, 'epoch', 0);
    const epoch = Math.floor(at);
    return rateAt(plan, {
      initial,
      epoch,
      epochs,
      part: at - epoch,
      samplesSeen: checkInteger((given && own(given, 'samplesSeen')) ?? 0, 'samplesSeen', 0),
      cuts: checkInteger((given && own(given, 'cuts')) ?? 0, 'cuts', 0),
    });
  };
}
