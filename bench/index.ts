// npm run bench: measures, prints a table and the targets, and writes JSON and a chart if asked.

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import * as ts from 'bitgrad/ts';
import * as wasm from 'bitgrad/wasm';
import { type Case, figure, keyOf, type Result } from './case.js';
import { kernelCases } from './kernels.js';
import { cpuTime, FULL, measure, SMOKE } from './measure.js';
import { findNumpy, otherCases } from './others.js';
import { findPeaks, type Peak } from './peak.js';
import { checkTargets, type Target } from './targets.js';

const HELP = `Measures the WebAssembly backend against the TypeScript one.

  --filter TEXT    only cases whose line contains TEXT, such as "matmul nt", "f32" or "resident"
  --json FILE      write every figure to FILE
  --chart FILE     write a chart to FILE, as SVG
  --cpu-time       count this process's processor time instead of the clock's: for a machine that is busy
  --smoke          each case a few times only: does it run? The figures mean nothing
  --help           this text`;

function readOptions() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({ options: { filter: text, json: text, chart: text, smoke: flag, help: flag, 'cpu-time': flag } })
      .values;
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

const effort = { ...(options.smoke ? SMOKE : FULL), now: options['cpu-time'] ? cpuTime : undefined };
const numpy = findNumpy();
const selected = [...kernelCases, ...otherCases(numpy?.python, !!options['cpu-time'])].filter((each) =>
  keyOf(each).includes(options.filter ?? ''),
);
if (selected.length === 0) {
  console.error(`--filter ${options.filter}: no such case`);
  process.exit(2);
}

const [{ model }] = cpus();
const machine = `${model}, ${cpus().length} cores, Node ${process.version} on ${process.platform} ${process.arch}`;
console.log(machine);
for (const { engine } of [wasm, ts]) {
  const { version, contractVersion, backend, backendReason, compiler, wasmHash } = engine.info();
  const made = wasmHash ? `; kernels ${wasmHash.slice(0, 16)} by ${compiler}` : '';
  console.log(`bitgrad ${version}, contract ${contractVersion}, ${backend}: ${backendReason}${made}`);
}
console.log(numpy ? `NumPy ${numpy.version}, one thread` : 'NumPy: neither python3 nor /usr/bin/python3 has it');

const peaks = findPeaks(effort);
for (const [dtype, { variant, gflops }] of Object.entries(peaks)) {
  const all = Object.entries(gflops).map(([name, value]) => `${name} ${value.toFixed(1)}`);
  console.log(`128-bit limit ${dtype}: ${variant} of ${all.join(', ')} GFLOP/s`);
}

function run({ subjects, ...about }: Case): Result {
  const peak: Peak | undefined = about.flops ? peaks[about.dtype] : undefined;
  const ms = measure([...subjects(), ...(peak ? [peak.subject] : [])], effort);
  const share = peak && about.flops ? about.flops / ms.wasm / (peak.flops / ms.limit) : undefined;
  return { ...about, ms, share };
}

const cell = (value: string | undefined, width: number) => (value ?? '').padStart(width);
const digits = (value: number) => value.toFixed(value < 10 ? 2 : value < 1000 ? 1 : 0);

function line(result: Result): string {
  const { name, dtype, mode, unit, ms, share } = result;
  const { wasm: fast, ts: reference, limit, ...rest } = ms;
  const show = (value: number | undefined) => (value === undefined ? undefined : digits(figure(result, value)));
  const others = Object.entries(rest).map(([other, value]) => `${other} ${show(value)}`);
  return [
    name.padEnd(38),
    dtype,
    mode.padEnd(12),
    unit.padEnd(10),
    cell(show(fast), 9),
    cell(show(reference), 9),
    cell(fast && reference ? `${(reference / fast).toFixed(2)}x` : undefined, 7),
    cell(share === undefined ? undefined : `${(100 * share).toFixed(0)} %`, 6),
    others.length ? ` ${others.join(', ')}` : '',
  ]
    .join(' ')
    .trimEnd();
}

const title = [cell('wasm', 9), cell('ts', 9), cell('ratio', 7), cell('limit', 6)].join(' ');
console.log(`\n${"ratio: how many times as fast wasm is; limit: wasm's share of it".padEnd(67)}${title}`);
const results = new Map<string, Result>();
for (const each of selected) {
  const result = run(each);
  results.set(keyOf(each), result);
  console.log(line(result));
}

const VERDICT = new Map([
  [true, 'met'],
  [false, 'NOT MET'],
  [undefined, ''],
]);
const targets: Target[] = await checkTargets(results);
console.log(`\nTargets${options.smoke ? ' (a smoke run: the figures mean nothing)' : ''}`);
for (const { what, wanted, figure, met } of targets) {
  if (met === undefined && options.filter) continue;
  console.log(`${what.padEnd(48)} ${wanted.padEnd(44)} ${figure.padStart(12)}  ${VERDICT.get(met)}`.trimEnd());
}

if (options.json) {
  const limit = Object.fromEntries(Object.entries(peaks).map(([dtype, { gflops }]) => [dtype, gflops]));
  const report = {
    machine,
    info: wasm.info(),
    smoke: !!options.smoke,
    cpuTime: !!options['cpu-time'],
    numpy: numpy?.version,
    limit,
    targets,
  };
  writeFileSync(options.json, `${JSON.stringify({ ...report, results: [...results.values()] }, null, 2)}\n`);
}
if (options.chart) {
  const { chart } = await import('./chart.js'); // echarts is hundreds of modules: seconds, for those who want it
  writeFileSync(options.chart, chart([...results.values()], machine));
}
