// What trainings are to reach.

import { keyOf, type Result } from '../result.js';
import { check, percent, type Spec, speed, type Target } from '../targets.js';
import { TRAININGS } from './tasks.js';

export const LONG = 'MNIST 784-128-10, 10 epochs';
export const FIT = 'fit 64x784-128-10, sgd';
export const SPAM = '6,046 mails, 8192-32-1, 10 epochs';
export const ZEROS = 'fit MNIST 784-128-10, 100 steps of adam';
export const ADAM = 'a step of adam, 1M parameters';

const f32 = (name: string) => keyOf({ name, dtype: 'f32', mode: '' });
const exactly = (share: number) => `${(100 * share).toFixed(1)} %`;

const SPECS: Spec[] = [
  ...TRAININGS.flatMap(({ name, task: { dtype }, wanted }) =>
    Object.entries(wanted).map(([other, bound]) => speed(keyOf({ name, dtype, mode: '' }), 'bitgrad', other, bound)),
  ),
  {
    key: f32(LONG),
    take: ({ figures }) => figures?.accuracy,
    bound: 0.975,
    show: exactly,
    of: 'of the test rows right',
  },
  {
    key: f32(LONG),
    take: ({ figures }) => figures?.megabytes,
    bound: 100,
    below: true,
    show: (megabytes) => `${megabytes.toFixed(0)} MB`,
    of: 'beside the data',
  },
  {
    key: f32(SPAM),
    take: ({ figures }) => figures?.accuracy,
    bound: 0.97,
    show: exactly,
    of: 'of the test mails right, sparse and dense',
  },
  speed(f32(SPAM), 'sparse', 'dense', 2),
  {
    key: f32(FIT),
    take: ({ ms }) => ms.fit / ms['gradients alone'] - 1,
    bound: 0.05,
    below: true,
    show: exactly,
    of: 'added to the gradients',
  },
  speed(f32(ZEROS), 'rows as they are', 'without zeros', 2),
  { key: f32(ADAM), take: ({ ms }) => ms.copy / ms.step, bound: 0.6, show: percent, of: "of a copy's bandwidth" },
];

/** One epoch proves nothing of the tenth. */
export function targets(results: ReadonlyMap<string, Result>, smoke: boolean): Target[] {
  const unproved = ({ key, show }: Spec) => smoke && (key === f32(LONG) || key === f32(SPAM)) && show === exactly;
  return SPECS.filter((spec) => !unproved(spec)).map((spec) => check(spec, results));
}
