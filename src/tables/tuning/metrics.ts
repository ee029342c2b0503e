// What candidates are compared by: names of an evaluation's metrics, and which way is up.

import { ValueError } from '../../index.js';
import type { Schema } from '../schema.js';

const GREATER: Readonly<Record<Schema['task'], Readonly<Record<string, boolean>>>> = {
  classify: {
    accuracy: true,
    balancedAccuracy: true,
    f1Macro: true,
    logLoss: false,
    rocAuc: true,
    matthewsCorrcoef: true,
  },
  regress: {
    r2: true,
    rootMeanSquaredError: false,
    meanAbsoluteError: false,
    meanAbsolutePercentageError: false,
  },
};

/** Of every task. */
export const METRICS: readonly string[] = Object.values(GREATER).flatMap((each) => Object.keys(each));

/** What is taken unless somebody says: accuracy, r2. @throws {ValueError} of a metric that the task has not */
export function metricOf(task: Schema['task'], given: string | undefined): string {
  const known = Object.keys(GREATER[task]);
  if (given === undefined) return known[0];
  if (known.includes(given)) return given;
  const what = task === 'classify' ? 'classes' : 'numbers';
  throw new ValueError(`"metric" must be one of ${known.join(', ')}, as the target is ${what}; got "${given}"`);
}

/** Whether more of it is better. */
export const isGreaterBetter = (metric: string): boolean =>
  Object.values(GREATER).some((each) => Object.hasOwn(each, metric) && each[metric]);
