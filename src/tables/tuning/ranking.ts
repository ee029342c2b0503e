// Trials from the best to the worst, as a table.

import { isGreaterBetter } from './metrics.js';
import type { Search } from './search.js';
import { type Candidate, TUNABLE_NAMES, type Tunable } from './space.js';
import type { Trial } from './trial.js';

export interface RankedTrial {
  /** From 1; equal scores have equal ranks. */
  readonly rank: number;
  readonly trial: number;
  readonly parameters: Candidate;
  /** The mean over folds, of the metric that was asked for; null of a trial that failed. */
  readonly score: number | null;
  /** The deviation over folds. */
  readonly std: number | null;
  /** The metric of each fold. */
  readonly scores: readonly number[];
  /** Means of all metrics that every fold has. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly epochs: readonly number[];
  readonly error?: string;
}

const meanOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

function meansOf(folds: Trial['folds']): Record<string, number> {
  const [first = {}] = folds;
  const names = Object.keys(first).filter((name) => folds.every((fold) => Number.isFinite(fold[name])));
  return Object.fromEntries(names.map((name) => [name, meanOf(folds.map((fold) => fold[name]))]));
}

type Scored = Omit<RankedTrial, 'rank'>;

function scored({ trial, parameters, folds, epochs, error }: Trial, metric: string): Scored {
  const metrics = meansOf(folds);
  const base = { trial, parameters, epochs, metrics };
  if (error !== undefined) return { ...base, score: null, std: null, scores: [], error };
  const score = metrics[metric];
  if (score === undefined) {
    return { ...base, score: null, std: null, scores: [], error: `a fold has no ${metric}: its rows do not give one` };
  }
  const scores = folds.map((fold) => fold[metric]);
  return { ...base, score, std: Math.sqrt(meanOf(scores.map((each) => (each - score) ** 2))), scores };
}

/** The best first, of equal ones the first; those that failed last. */
export function ranked(trials: readonly Trial[], metric: string): RankedTrial[] {
  const up = isGreaterBetter(metric) ? -1 : 1;
  const value = ({ score }: Scored) => (score === null ? Infinity : up * score);
  const order = trials
    .map((trial) => scored(trial, metric))
    .sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : a.trial - b.trial));
  const values = order.map(value);
  return order.map((each) => ({ rank: values.indexOf(value(each)) + 1, ...each }));
}

/** Parameters that the table has a column for. */
export const columnsOf = ({ space }: Pick<Search, 'space'>): Tunable[] =>
  TUNABLE_NAMES.filter((name) => space[name] !== undefined);

/** `64,32` as it is typed. */
export const valueText = (value: Candidate[Tunable]): string =>
  value === undefined ? '' : Array.isArray(value) ? value.join(',') : String(value);

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * All of it as CSV: the same bytes for the same search, however it was divided.
 *
 * @param seconds of trials, by their numbers: a last column, which is another one each time
 */
export function rankingCSV(
  search: Search,
  results: readonly RankedTrial[],
  seconds?: ReadonlyMap<number, number>,
): string {
  const { metric, cv } = search;
  const parameters = columnsOf(search);
  const others = [...new Set(results.flatMap(({ metrics }) => Object.keys(metrics)))].filter((name) => name !== metric);
  const folds = Array.from({ length: cv }, (_, i) => i);
  const head = [
    'rank',
    'trial',
    ...parameters,
    metric,
    'std',
    ...folds.map((i) => `fold${i + 1}`),
    ...others,
    'error',
    ...(seconds ? ['seconds'] : []),
  ];
  const rows = results.map(({ rank, trial, parameters: given, score, std, scores, metrics, error }) => [
    rank,
    trial,
    ...parameters.map((name) => valueText(given[name])),
    score ?? '',
    std ?? '',
    ...folds.map((i) => scores[i] ?? ''),
    ...others.map((name) => metrics[name] ?? ''),
    error ?? '',
    ...(seconds ? [seconds.get(trial) ?? ''] : []),
  ]);
  return [head, ...rows].map((row) => `${row.map((each) => cell(String(each))).join(',')}\n`).join('');
}
