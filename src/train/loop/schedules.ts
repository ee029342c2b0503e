// Learning rates over time. Only + - * / and functions of our own: Math.pow and Math.cos differ between engines.

import { expOf, powersOfTwo } from '../../backend/ts/exp.js';
import { describe } from '../../checks/describe.js';
import { ValueError } from '../../checks/errors.js';
import { readChoice } from '../../checks/read-options.js';
import { checkInteger, checkNumber, isWeight } from '../../checks/values.js';
import { log } from '../../numbers/precise-log.js';

/** The learning rate of an epoch, counted from 0; asked for every epoch before training begins. */
export type RateFunction = (epoch: number) => number;

export type ScheduleOptions =
  | { name: 'constant' }
  /** rate / (samples seen + 1)^power, set at the end of each epoch, as scikit-learn does; default power 0.5. */
  | { name: 'invscaling'; power?: number }
  /** Divided by `factor` (5) at each plateau (see earlyStopping) until it is below `minimum` (1e-6), as scikit-learn does. */
  | { name: 'adaptive'; factor?: number; minimum?: number }
  /** Multiplied by `factor` (0.1) every `every` epochs. */
  | { name: 'step'; every: number; factor?: number }
  /** Rises over the first `warmup` (0) epochs, then falls to `minimum` (0) along a half cosine; set at every batch. */
  | { name: 'cosine'; warmup?: number; minimum?: number };

export type ScheduleName = ScheduleOptions['name'];
export type Schedule = ScheduleName | ScheduleOptions | RateFunction;

/** Checked, and plain data: a function has become its values. */
export interface SchedulePlan {
  readonly name: ScheduleName | 'table';
  readonly power: number;
  readonly factor: number;
  readonly minimum: number;
  readonly every: number;
  readonly warmup: number;
  readonly rates: readonly number[];
}

const SCHEDULES: Record<ScheduleName, readonly string[]> = {
  constant: [],
  invscaling: ['power'],
  adaptive: ['factor', 'minimum'],
  step: ['every', 'factor'],
  cosine: ['warmup', 'minimum'],
};

const SCHEDULE_DEFAULTS = { power: 0.5, minimum: 0, every: 1, warmup: 0, rates: [] };

/** Rates that are asked for before training begins: more would hold up the event loop for long. */
const MOST_RATES = 1_000_000;

/** @throws {ValueError} naming the option */
export function readSchedule(value: unknown, epochs: number): SchedulePlan {
  if (typeof value === 'function') {
    if (epochs > MOST_RATES) {
      throw new ValueError(`"schedule" is a function, which is asked for at most ${MOST_RATES} epochs, got ${epochs}`);
    }
    const rates = Array.from({ length: epochs }, (_, epoch) => {
      const rate: unknown = value(epoch);
      if (isWeight(rate) && rate > 0) return rate;
      throw new ValueError(
        `"schedule" is called with the epoch alone and must return a positive finite number, got ${describe(rate)} for ` +
          `epoch ${epoch}`,
      );
    });
    return { ...SCHEDULE_DEFAULTS, name: 'table', factor: 1, rates };
  }
  const given = readChoice<ScheduleOptions>(value, SCHEDULES, 'schedule', (names) => `a function or ${names}`);
  const { name } = given;
  if (name === 'step' && !('every' in given))
    throw new ValueError('"schedule.every" must be given: a number of epochs');
  const read = (key: string, fallback: number, min: number, open: boolean) =>
    checkNumber((given as Record<string, unknown>)[key] ?? fallback, `schedule.${key}`, min, Infinity, open);
  return {
    name,
    power: read('power', SCHEDULE_DEFAULTS.power, 0, true),
    factor: read('factor', name === 'adaptive' ? 5 : 0.1, 0, true),
    minimum: read('minimum', name === 'adaptive' ? 1e-6 : 0, 0, false),
    every: checkInteger((given as { every?: number }).every ?? 1, 'schedule.every', 1),
    warmup: read('warmup', 0, 0, false),
    rates: [],
  };
}

/** x^power for x > 0. */
function raise(x: number, power: number): number {
  return power === 0.5 ? Math.sqrt(x) : expOf(power * log(x), powersOfTwo());
}

/** Where training stands. */
export interface Moment {
  /** The learning rate that the schedule starts from. */
  initial: number;
  /** From 0. */
  epoch: number;
  /** Epochs in all. */
  epochs: number;
  /** How much of this epoch is done, from 0 to below 1. */
  part: number;
  /** Rows seen in all epochs that ended, of this and earlier trainings. */
  samplesSeen: number;
  /** How often adaptive has divided. */
  cuts: number;
}

/** Whether the rate changes within an epoch. */
export const changesWithin = (schedule: SchedulePlan): boolean => schedule.name === 'cosine';

/** Half a turn of a cosine after the warm-up. */
function cosineAt({ warmup, minimum }: SchedulePlan, { initial, epoch, epochs, part }: Moment): number {
  const at = epoch + part;
  // Never 0: the first batch of a warm-up counts too.
  if (at < warmup) return (initial * Math.max(at, 0.1)) / warmup;
  const done = epochs > warmup ? Math.min(1, (at - warmup) / (epochs - warmup)) : 1;
  // cos(pi done) by its Taylor series around 1/2, where it is odd.
  const t = Math.PI * (0.5 - done);
  let term = t;
  let cosine = t;
  for (let n = 2; n < 26; n += 2) {
    term *= -(t * t) / (n * (n + 1));
    cosine += term;
  }
  return minimum + (initial - minimum) * (0.5 * (1 + cosine));
}

/** Takes its numbers in objects, because V8 allocates for each that it hands to a function. */
export function rateAt(schedule: SchedulePlan, moment: Moment): number {
  const { name, factor } = schedule;
  const { initial, epoch } = moment;
  if (name === 'table') return schedule.rates[Math.min(epoch, schedule.rates.length - 1)] ?? initial;
  if (name === 'invscaling') {
    return moment.samplesSeen === 0 ? initial : initial / raise(moment.samplesSeen + 1, schedule.power);
  }
  let rate = initial;
  if (name === 'adaptive') for (let i = 0; i < moment.cuts; i++) rate /= factor;
  if (name === 'step') for (let i = schedule.every; i <= epoch; i += schedule.every) rate *= factor;
  if (name === 'cosine') return cosineAt(schedule, moment);
  return rate;
}
