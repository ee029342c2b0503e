// A target of the project, and whether a run met it.

import type { Result } from './result.js';

export interface Target {
  what: string;
  wanted: string;
  figure: string;
  /** undefined: this run did not measure it. */
  met: boolean | undefined;
}

export interface Spec {
  /** The case that the figure is taken from. */
  key: string;
  /** Stands for the key in the table. */
  what?: string;
  take(result: Result): number | undefined;
  bound: number;
  /** Whether the figure is to stay below the bound; else it is to reach it. */
  below?: boolean;
  show(value: number): string;
  of: string;
}

export const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
export const times = (ratio: number) => `${ratio.toFixed(2)}x`;

export const ofLimit = (key: string, bound: number): Spec => ({
  key,
  take: ({ share }) => share,
  bound,
  show: percent,
  of: 'of the limit',
});

export const speed = (key: string, fast: string, slow: string, bound: number): Spec => ({
  key,
  take: ({ ms }) => (ms[slow] === undefined || ms[fast] === undefined ? undefined : ms[slow] / ms[fast]),
  bound,
  show: times,
  of: `${fast} against ${slow}`,
});

export function check(
  { key, what = key, take, bound, below, show, of }: Spec,
  results: ReadonlyMap<string, Result>,
): Target {
  const result = results.get(key);
  const value = result && take(result);
  const wanted = `${below ? 'at most' : 'at least'} ${show(bound)} ${of}`;
  if (value === undefined) return { what, wanted, figure: 'not measured', met: undefined };
  return { what, wanted, figure: show(value), met: below ? value <= bound : value >= bound };
}
