// What two threads are to reach, and whether this run reached it.

import { keyOf, type Result } from '../result.js';
import { check, type Spec, speed, type Target } from '../targets.js';
import { threadsCases } from './cases.js';
import { named } from './machine.js';

export const FORK = 'fork and join of nothing, hot';

const SPECS: Spec[] = [
  ...threadsCases.flatMap(({ name, task: { dtype }, wanted }) =>
    wanted ? [speed(keyOf({ name, dtype, mode: '' }), named(2), named(1), wanted)] : [],
  ),
  {
    key: FORK,
    take: ({ ms }) => ms[named(2)],
    bound: 5e-3,
    below: true,
    show: (ms) => `${(1000 * ms).toFixed(1)} us`,
    of: `by ${named(2)}`,
  },
];

export const targets = (results: ReadonlyMap<string, Result>): Target[] => SPECS.map((spec) => check(spec, results));
