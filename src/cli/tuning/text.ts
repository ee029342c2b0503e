// A search as people see it.

import {
  columnsOf,
  type RankedTrial,
  type Search,
  type Tuning,
  type TuningProgress,
  valueText,
} from '../../tables/index.js';
import { numberText } from '../plot.js';
import { tableText } from '../table.js';
import { secondsText } from '../text.js';

const count = (n: number): string => n.toLocaleString('en-US');

/** `--learning-rate` as a head: `learning rate`. */
const spaced = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** `none` of no layers, as it is typed. */
const shown = (value: Parameters<typeof valueText>[0]): string =>
  Array.isArray(value) && value.length === 0 ? 'none' : valueText(value);

/** Parameters that are not the same in all trials. */
function varying(search: Search, results: readonly RankedTrial[]) {
  return columnsOf(search).filter((name) => new Set(results.map((each) => shown(each.parameters[name]))).size > 1);
}

export function progressText(
  { phase, rows, done, total, best, running, etaSeconds }: TuningProgress,
  metric: string,
): string {
  if (phase !== 'trials') return `${phase === 'scan' ? 'reading' : 'encoding'}: ${count(rows)} rows`;
  const parts = [`trial ${done}/${total}`];
  if (best && best.score !== null) parts.push(`best ${metric} ${numberText(best.score)} (trial ${best.trial})`);
  if (etaSeconds !== undefined) parts.push(`${secondsText(etaSeconds)} left`);
  if (running) parts.push(`trial ${running.trial}: fold ${running.fold}, epoch ${running.epoch}/${running.epochs}`);
  return parts.join(', ');
}

/** `50 trials, each trained and judged 5 times on 150 rows by accuracy`. */
export function searchText({ data, trials, cv, metric, mode }: Search): string {
  const rows = data.rows < data.allRows ? `${count(data.rows)} of ${count(data.allRows)}` : count(data.rows);
  const folds = cv === 1 ? 'judged by a fifth' : `judged in ${cv} folds`;
  return `${data.target}: ${count(trials)} trial${trials === 1 ? '' : 's'} (${mode}), ${folds} of ${rows} rows, by ${metric}`;
}

/** The best of them. @param timings whether seconds are told */
export function rankingText({ search, results, trials }: Tuning, most: number, room: number, timings: boolean): string {
  const names = varying(search, results);
  const seconds = new Map(trials.map((each) => [each.trial, each.seconds]));
  const columns = [
    { head: 'rank', right: true, whole: true },
    { head: 'trial', right: true },
    ...names.map((name) => ({ head: spaced(name) })),
    { head: spaced(search.metric), right: true, whole: true },
    { head: '±', right: true },
    ...(timings ? [{ head: 'seconds', right: true }] : []),
  ];
  const rows = results
    .slice(0, most)
    .map(({ rank, trial, parameters, score, std }) => [
      rank,
      trial,
      ...names.map((name) => shown(parameters[name])),
      score === null ? 'failed' : numberText(score),
      std === null ? '' : numberText(std),
      ...(timings ? [(seconds.get(trial) ?? 0).toFixed(2)] : []),
    ]);
  const failed = results.find(({ error }) => error !== undefined);
  const failures = results.filter(({ error }) => error !== undefined).length;
  const more = results.length - rows.length;
  return [
    tableText(columns, rows, room),
    ...(more > 0 ? [`... and ${count(more)} more: --out FILE has all of them`] : []),
    ...(failed ? [`${count(failures)} failed, trial ${failed.trial} for one: ${failed.error}`] : []),
  ].join('\n');
}
