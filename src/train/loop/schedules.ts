// Learning rates over time: every schedule by its name, and the reading of a user's choice.

import { describe } from '../../checks/describe.js';
import { ValueError } from '../../checks/errors.js';
import { readChoice } from '../../checks/read-options.js';
import { readEach } from '../../checks/readers.js';
import { isWeight } from '../../checks/values.js';
import type { PlanOf } from '../optimizers/optimizer.js';
import type { Moment, ScheduleKind } from './schedule.js';
import { adaptive } from './schedules/adaptive.js';
import { constant } from './schedules/constant.js';
import { cosine } from './schedules/cosine.js';
import { cosineRestarts } from './schedules/cosineRestarts.js';
import { exponential } from './schedules/exponential.js';
import { invscaling } from './schedules/invscaling.js';
import { oneCycle } from './schedules/oneCycle.js';
import { plateau } from './schedules/plateau.js';
import { polynomial } from './schedules/polynomial.js';
import { step } from './schedules/step.js';

const SCHEDULES = {
  constant,
  invscaling,
  adaptive,
  plateau,
  step,
  exponential,
  polynomial,
  cosine,
  cosineRestarts,
  oneCycle,
};

type OptionsOf<Of> = Of extends ScheduleKind<infer Options> ? Options : never;

/** The learning rate of an epoch, counted from 0; asked for every epoch before training begins. */
export type RateFunction = (epoch: number) => number;

/** A name of {@link schedules}. */
export type ScheduleName = keyof typeof SCHEDULES;
/** A schedule by its name, with its options. */
export type ScheduleOptions = OptionsOf<(typeof SCHEDULES)[ScheduleName]>;
/** A schedule: its name, its name with options, or a function of the moment. */
export type Schedule = ScheduleName | ScheduleOptions | RateFunction;

type PlanOfEach<Options> = Options extends unknown ? PlanOf<Options> : never;

/** Checked, and plain data: a function has become its values. */
export type SchedulePlan = (PlanOfEach<ScheduleOptions> | { readonly name: 'table' }) & {
  readonly rates: readonly number[];
};

/** Their names. */
export const schedules: readonly ScheduleName[] = Object.freeze(Object.keys(SCHEDULES) as ScheduleName[]);

const OPTIONS = Object.fromEntries(
  Object.entries(SCHEDULES).map(([name, { options }]) => [name, Object.keys(options)]),
) as Record<ScheduleName, string[]>;

/** The options of a schedule, of a name that is none no options. */
export const optionsOfSchedule = (name: unknown): readonly string[] =>
  Object.hasOwn(OPTIONS, name as string) ? OPTIONS[name as ScheduleName] : [];

/** What its file says of it; of a function nothing. */
const kindOf = ({ name }: SchedulePlan): ScheduleKind<unknown> | undefined =>
  name === 'table' ? undefined : (SCHEDULES[name] as ScheduleKind<unknown>);

/** Rates that are asked for before training begins: more would hold up the event loop for long. */
const MOST_RATES = 1_000_000;

function readRates(rateOf: RateFunction, epochs: number): number[] {
  if (epochs > MOST_RATES) {
    throw new ValueError(`"schedule" is a function, which is asked for at most ${MOST_RATES} epochs, got ${epochs}`);
  }
  return Array.from({ length: epochs }, (_, epoch) => {
    const rate: unknown = rateOf(epoch);
    if (isWeight(rate) && rate > 0) return rate;
    throw new ValueError(
      `"schedule" is called with the epoch alone and must return a positive finite number, got ${describe(rate)} for ` +
        `epoch ${epoch}`,
    );
  });
}

/** @throws {ValueError} naming the option */
export function readSchedule(value: unknown, epochs: number): SchedulePlan {
  if (typeof value === 'function') return { name: 'table', rates: readRates(value as RateFunction, epochs) };
  const given = readChoice<ScheduleOptions>(value, OPTIONS, 'schedule', (names) => `a function or ${names}`);
  const { options } = SCHEDULES[given.name] as ScheduleKind<object>;
  return { name: given.name, ...readEach(options, given, 'schedule.'), rates: [] } as unknown as SchedulePlan;
}

/** Whether the rate changes within an epoch. */
export const changesWithin = (schedule: SchedulePlan): boolean => kindOf(schedule)?.moves === true;

/** Whether every rate follows from the number of epochs. */
export const spansEpochs = (schedule: SchedulePlan): boolean => kindOf(schedule)?.spans === true;

/** Takes its numbers in objects, because V8 allocates for each that it hands to a function. */
export function rateAt(schedule: SchedulePlan, moment: Moment): number {
  const kind = kindOf(schedule);
  if (kind) return kind.rate(moment, schedule as never);
  const { rates } = schedule;
  return rates[Math.min(moment.epoch, rates.length - 1)] ?? moment.initial;
}
