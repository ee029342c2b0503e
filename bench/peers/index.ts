// npm run bench:peers: measures bitgrad and other libraries at the same work, prints tables and targets, writes JSON and
// a chart.

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { keyOf } from '../case.js';
import { FULL, SMOKE } from '../measure.js';
import { findPeaks } from '../peak.js';
import { peerCases } from './cases.js';
import { showTime } from './format.js';
import { COMPARED, LIMIT, type PeerResult, type Row, Runner } from './run.js';
import { checkPeerTargets } from './targets.js';

const HELP = `Measures bitgrad and other libraries at the same work, one thread each.

  --filter TEXT    only cases whose name contains TEXT, such as "step 64x784", "forward" or "f32"
  --json FILE      write every figure to FILE; default build/peers.json
  --chart FILE     write a chart to FILE, as SVG; default build/peers.svg
  --smoke          each case once only: does it run? The figures mean nothing
  --help           this text`;

function readOptions() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({ options: { filter: text, json: text, chart: text, smoke: flag, help: flag } }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

const options = readOptions();
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const title = (each: { name: string; dtype: 'f64' | 'f32' }) => keyOf({ ...each, mode: '' });
const selected = peerCases.filter(({ name, task: { dtype } }) => title({ name, dtype }).includes(options.filter ?? ''));
if (selected.length === 0) {
  console.error(`--filter ${options.filter}: no such case`);
  process.exit(2);
}

const [{ model }] = cpus();
const machine = `${model}, ${cpus().length} cores, Node ${process.version} on ${process.platform} ${process.arch}`;
console.log(machine);
const effort = options.smoke ? SMOKE : FULL;
const peaks = findPeaks(effort);
const runner = new Runner(effort, peaks);

function line(result: PeerResult, { subject, ms, reason, note, error }: Row): string {
  const name = `  ${subject.padEnd(16)}`;
  if (ms === undefined) return `${name} ${'-'.padStart(9)} ${' '.repeat(9)}  ${reason}`;
  const own = result.ms['bitgrad wasm'];
  const ratio = own ? `${(ms / own).toPrecision(3)}x` : '';
  const remarks = [
    subject === 'bitgrad wasm' && result.share ? `${(100 * result.share).toFixed(0)} % of the 128-bit limit` : '',
    error === undefined ? '' : `off by ${error.toExponential(0)}`,
    note ?? '',
  ];
  return `${name} ${showTime(ms).padStart(9)} ${ratio.padStart(9)}  ${remarks.filter(Boolean).join('; ')}`.trimEnd();
}

console.log('\nMedian time of a call; how many times that of bitgrad wasm; error against bitgrad in f64');
const results = new Map<string, PeerResult>();
for (const each of selected) {
  const result = await runner.run(each);
  results.set(keyOf(result), result);
  console.log(`\n${keyOf(result)}`);
  for (const row of result.rows) console.log(line(result, row));
}
runner.dispose();

console.log('\nVersions');
for (const subject of COMPARED) {
  const said = runner.versions[subject] ?? (runner.missing[subject] && `not loaded: ${runner.missing[subject]}`);
  if (said) console.log(`  ${subject.padEnd(16)} ${said}`);
}
for (const [dtype, { variant, gflops }] of Object.entries(peaks)) {
  console.log(`  ${LIMIT.padEnd(16)} ${dtype} ${gflops[variant].toFixed(1)} GFLOP/s`);
}
/** Each failure once, where it came first. */
const failures = new Map<string, { reason: string; cases: string[] }>();
for (const result of results.values()) {
  for (const { subject, reason = '' } of result.rows.filter(({ failed }) => failed)) {
    const failure = failures.get(subject) ?? { reason, cases: [] };
    failures.set(subject, failure);
    failure.cases.push(keyOf(result));
  }
}
console.log(failures.size > 0 ? '\nWhat failed' : '\nNothing failed');
for (const [subject, { reason, cases }] of failures) {
  console.log(`  ${subject.padEnd(16)} ${cases.length} of ${results.size} cases, the first ${cases[0]}: ${reason}`);
}

const VERDICT = new Map([
  [true, 'met'],
  [false, 'NOT MET'],
  [undefined, ''],
]);
const targets = checkPeerTargets(results);
console.log(`\nTargets${options.smoke ? ' (a smoke run: the figures mean nothing)' : ''}`);
for (const { what, wanted, figure, met } of targets) {
  if (met === undefined && options.filter) continue;
  console.log(`${what.padEnd(26)} ${wanted.padEnd(52)} ${figure.padStart(12)}  ${VERDICT.get(met)}`.trimEnd());
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
const { json = 'build/peers.json', chart = 'build/peers.svg' } = options;
const report = { machine, smoke: !!options.smoke, versions: runner.versions, missing: runner.missing, targets };
write(json, `${JSON.stringify({ ...report, results: [...results.values()] }, null, 2)}\n`);
const { peerChart } = await import('./chart.js'); // echarts is hundreds of modules: not before the measuring
write(chart, peerChart([...results.values()], machine));
console.log(`\nWrote ${json} and ${chart}`);
