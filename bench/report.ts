// How results and targets are printed: a line where two backends are compared, a line for each subject where there are more.

import { keyOf, type Result, type Row, show, showTime } from './result.js';
import { percent, type Target } from './targets.js';

const cell = (value: string | undefined, width: number) => (value ?? '').padStart(width);

/** Above the lines of results without rows. */
export const HEAD = `${"ratio: how many times as fast wasm is; limit: wasm's share of it".padEnd(67)}${[
  cell('wasm', 9),
  cell('ts', 9),
  cell('ratio', 7),
  cell('limit', 6),
].join(' ')}`;

function line(result: Result): string {
  const { name, dtype, mode, unit, ms, share, bytes } = result;
  const { wasm, ts, limit, ...rest } = ms;
  const shown = (value: number | undefined) => (value === undefined ? undefined : show(result, value));
  const others = Object.entries(rest).map(([other, value]) => `${other} ${show(result, value)}`);
  if (bytes && wasm) others.push(`wasm ${(bytes / wasm / 1e6).toFixed(1)} GB/s, ts ${(bytes / ts / 1e6).toFixed(1)}`);
  return [
    name.padEnd(38),
    dtype.padEnd(3),
    mode.padEnd(12),
    unit.padEnd(10),
    cell(shown(wasm), 9),
    cell(shown(ts), 9),
    cell(wasm && ts ? `${(ts / wasm).toFixed(2)}x` : undefined, 7),
    cell(share === undefined ? undefined : percent(share), 6),
    others.length ? ` ${others.join(', ')}` : '',
  ]
    .join(' ')
    .trimEnd();
}

function rowLine({ ms: all, share }: Result, { subject, ms, reason, note, error }: Row): string {
  const name = `  ${subject.padEnd(25)}`;
  if (ms === undefined) return `${name} ${'-'.padStart(9)} ${' '.repeat(9)}  ${reason}`;
  const [own, ours] = Object.entries(all)[0];
  const remarks = [
    subject === own && share ? `${percent(share)} of the 128-bit limit` : '',
    error === undefined ? '' : `off by ${error.toExponential(0)}`,
    note ?? '',
  ];
  const ratio = `${(ms / ours).toPrecision(3)}x`;
  return `${name} ${showTime(ms).padStart(9)} ${ratio.padStart(9)}  ${remarks.filter(Boolean).join('; ')}`.trimEnd();
}

export function print(result: Result): void {
  console.log(result.rows ? `\n${keyOf(result)}` : line(result));
  for (const row of result.rows ?? []) console.log(rowLine(result, row));
}

/** Each failure once, where it came first. */
export function printFailures(results: readonly Result[]): void {
  const failures = new Map<string, { reason: string; cases: string[] }>();
  for (const result of results) {
    for (const { subject, reason = '' } of result.rows?.filter(({ failed }) => failed) ?? []) {
      const failure = failures.get(subject) ?? { reason, cases: [] };
      failures.set(subject, failure);
      failure.cases.push(keyOf(result));
    }
  }
  if (failures.size > 0) console.log('\nWhat failed');
  for (const [subject, { reason, cases }] of failures) {
    console.log(`  ${subject.padEnd(25)} ${cases.length} of ${results.length} cases, the first ${cases[0]}: ${reason}`);
  }
}

export function printVersions(versions: Record<string, string>): void {
  const lines = Object.entries(versions);
  if (lines.length > 0) console.log('\nWith');
  for (const [subject, version] of lines) console.log(`  ${subject.padEnd(25)} ${version}`);
}

/** @param partial whether some cases were left out: then targets that were not measured are too */
export function printTargets(targets: readonly Target[], smoke: boolean, partial: boolean): void {
  const shown = partial ? targets.filter(({ met }) => met !== undefined) : targets;
  if (shown.length > 0) console.log(`\nTargets${smoke ? ' (a smoke run: the figures mean nothing)' : ''}`);
  for (const { what, wanted, figure, met } of shown) {
    const verdict = met === undefined ? '' : met ? 'met' : 'NOT MET';
    console.log(`${what.padEnd(58)} ${wanted.padEnd(44)} ${figure.padStart(12)}  ${verdict}`.trimEnd());
  }
}
