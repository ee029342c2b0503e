// npm run bench: measures the sets it is asked for, prints tables and targets, and writes JSON and a chart if asked.

import './one-thread.js';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import * as ts from 'bitgrad/ts';
import * as wasm from 'bitgrad/wasm';
import { FULL, SMOKE } from './measure.js';
import { readOptions } from './options.js';
import { findPeaks, type Peaks } from './peak.js';
import { HEAD, print, printFailures, printTargets, printVersions } from './report.js';
import { keyOf, type Result } from './result.js';
import type { BenchSet, Context } from './set.js';
import type { Target } from './targets.js';

const open = async (set: Promise<Pick<BenchSet, 'open'>>, context: Context) => (await set).open(context);

const SETS: Record<string, BenchSet> = {
  kernels: { what: 'every kernel by itself, wasm against ts', open: (c) => open(import('./kernels/index.js'), c) },
  functions: {
    what: 'calls as users make them, wasm against ts',
    open: (c) => open(import('./functions/index.js'), c),
  },
  peers: { what: 'other libraries at the same work', peers: true, open: (c) => open(import('./peers/index.js'), c) },
  train: { what: 'whole trainings, and their costs', peers: true, open: (c) => open(import('./train/index.js'), c) },
  widths: {
    what: 'small networks of many widths, trained',
    peers: true,
    open: (c) => open(import('./widths/index.js'), c),
  },
  sparse: { what: 'rows that are mostly zeros', open: (c) => open(import('./sparse/index.js'), c) },
  threads: { what: 'one thread against more', peers: true, open: (c) => open(import('./threads/index.js'), c) },
  scaling: {
    what: 'the same, and what still more threads would do, by a model',
    peers: true,
    open: (c) => open(import('./threads/scaling.js'), c),
  },
};

const { sets, filter = '', rounds, threads, ...options } = readOptions(SETS, 'functions');
const smoke = !!options.smoke;
const effort = { ...(smoke ? SMOKE : FULL), cpuTime: options['cpu-time'] };
if (rounds !== undefined) effort.rounds = rounds;

if (sets.some((name) => SETS[name].peers)) await (await import('./peers/setup.mjs')).setUp();

const [{ model }] = cpus();
const machine = `${model}, ${cpus().length} cores, Node ${process.version} on ${process.platform} ${process.arch}`;
console.log(machine);
console.log('One thread each, but for what is said to have more');
for (const { engine } of [wasm, ts]) {
  const { version, contractVersion, backend, backendReason, compiler, wasmHash } = engine.info();
  const made = wasmHash ? `; kernels ${wasmHash.slice(0, 16)} by ${compiler}` : '';
  console.log(`bitgrad ${version}, contract ${contractVersion}, ${backend}: ${backendReason}${made}`);
}

let peaks: Peaks | undefined;
const context: Context = {
  effort,
  smoke,
  threads,
  peaks() {
    peaks ??= findPeaks(effort);
    return peaks;
  },
};
const results: Result[] = [];
const targets: Target[] = [];
const versions: Record<string, string> = {};
for (const name of sets) {
  const set = await SETS[name].open(context);
  const selected = set.cases.filter((each) => keyOf(each).includes(filter));
  if (selected.length === 0) {
    console.error(`--filter ${filter}: no such case in ${name}`);
    process.exitCode = 2;
    continue;
  }
  console.log(`\n${set.title}`);
  const found = new Map<string, Result>();
  for (const each of selected) {
    const result = await each.run();
    if (!result.rows && found.size === 0) console.log(HEAD);
    found.set(keyOf(result), result);
    print(result);
  }
  set.dispose?.();
  const summary = set.summary?.(found);
  if (summary) console.log(`\n${summary}`);
  const with_ = set.versions?.() ?? {};
  printVersions(with_);
  printFailures([...found.values()]);
  const checked = (await set.targets?.(found)) ?? [];
  printTargets(checked, smoke, filter !== '');
  results.push(...found.values());
  targets.push(...checked);
  Object.assign(versions, with_);
}

for (const [dtype, { variant, gflops }] of Object.entries(peaks ?? {})) {
  const all = Object.entries(gflops).map(([name, value]) => `${name} ${value.toFixed(1)}`);
  console.log(`\n128-bit limit ${dtype}: ${variant} of ${all.join(', ')} GFLOP/s`);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`\nWrote ${file}`);
}
if (options.json) {
  const cpuTime = !!effort.cpuTime;
  const limits = Object.fromEntries(Object.entries(peaks ?? {}).map(([dtype, { gflops }]) => [dtype, gflops]));
  const report = { machine, info: wasm.info(), sets, smoke, cpuTime, limits, versions, targets, results };
  write(options.json, `${JSON.stringify(report, null, 2)}\n`);
}
if (options.chart) {
  const { chart } = await import('./chart.js'); // echarts is hundreds of modules: seconds, for those who want it
  write(options.chart, chart(results, machine));
}
