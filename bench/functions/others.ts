// Against other code: NumPy, ml-matrix, a naive loop, the automatic entry; and what a call and a start cost.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import * as auto from 'bitgrad';
import { random } from 'bitgrad';
import * as ts from 'bitgrad/ts';
import * as wasm from 'bitgrad/wasm';
import { Matrix as MlMatrix } from 'ml-matrix';
import type { Comparison } from '../comparison.js';
import type { Effort, Subject } from '../measure.js';

const MILLION = 1_000_000;

/** In place and by the plain expression; prints the better median in milliseconds. */
const NUMPY = `
import numpy as np, time, sys
now = getattr(time, sys.argv[2])
x = np.random.RandomState(1).rand(1000000) * 16 - 8
out = np.empty_like(x)
def plain():
    return 1 / (1 + np.exp(-x))
def in_place():
    np.negative(x, out=out); np.exp(out, out=out); np.add(out, 1, out=out); np.divide(1, out, out=out)
def median(f):
    times = []
    while len(times) < 3 or sum(times) < float(sys.argv[1]):
        t = now(); f(); times.append(now() - t)
    return sorted(times)[len(times) // 2] * 1e3
plain(); in_place()
print(min(median(plain), median(in_place)), np.__version__)
`;
const ONE_THREAD = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

function runNumpy(python: string, seconds: number, cpuTime: boolean): string[] {
  const env = { ...process.env, ...ONE_THREAD };
  const clock = cpuTime ? 'process_time' : 'perf_counter'; // the one that the other subjects are timed by
  const text = execFileSync(python, ['-c', NUMPY, String(seconds), clock], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text.toString().trim().split(' ');
}

/** A Python that has NumPy, and its version; the reason why there is none goes to the table's foot. */
export function findNumpy(): { python: string; version: string } | undefined {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      return { python, version: runNumpy(python, 0, false)[1] };
    } catch {
      // This Python or its NumPy is missing: the next may do, and the caller says so if none does.
    }
  }
  return undefined;
}

/** Milliseconds that functions/start.mjs prints: a program of its own, a file as a user's is, with what threads it gets by itself. */
function freshProcess(entry: string, measured: 'import' | 'first-result' | 'view'): number {
  const args = [fileURLToPath(new URL('start.mjs', import.meta.url)), entry, measured];
  return Number(execFileSync(process.execPath, args, { env: { ...process.env, BITGRAD_THREADS: 'auto' } }));
}

function starts(entry: string): Subject[] {
  return [
    { name: 'import', sample: () => freshProcess(entry, 'import') },
    { name: 'first result', sample: () => freshProcess(entry, 'first-result') },
  ];
}

/** The first view of linear memory, before which all that it may have is reserved. */
const firstViews = (): Subject[] => [
  { name: 'wasm', sample: () => freshProcess('bitgrad/wasm', 'view') },
  { name: 'ts', sample: () => freshProcess('bitgrad/ts', 'view') },
];

const rows = (count: number, cols: number) => random(1).rand(count, cols).toArray();

/** 1x2-3-1 from number[][] to Matrix: all of it is overhead. */
function tiny(): Subject[] {
  const [X, y, W1, W2] = [rows(1, 2), rows(1, 1), rows(2, 3), rows(3, 1)];
  const subject = (name: string, { forwardAndBackward }: auto.Functions): Subject => ({
    name,
    run: () => forwardAndBackward(X, y, W1, W2),
  });
  return [subject('wasm', wasm.engine), subject('ts', ts.engine), subject('auto', auto.engine)];
}

/** Calls of a kernel that has nothing to do, through the module's raw exports. */
const CALLS = 10_000;
function boundary(): Subject[] {
  const bytes = readFileSync(createRequire(import.meta.url).resolve('bitgrad/kernels.wasm'));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory: new WebAssembly.Memory({ initial: 1 }) },
  });
  const axpy = exports.axpy_f64 as (n: number, alpha: number, x: number, y: number) => void;
  const run = () => {
    for (let i = 0; i < CALLS; i++) axpy(0, 1, 0, 0);
  };
  return [{ name: 'wasm', run }];
}

function naiveSigmoid(x: Float64Array, out: Float64Array): void {
  for (let i = 0; i < x.length; i++) out[i] = 1 / (1 + Math.exp(-x[i]));
}

function sigmoids(numpy: string | undefined, { cpuTime = false }: Effort): Subject[] {
  const source = random(1)
    .rand(MILLION)
    .map((x) => 16 * x - 8);
  const naiveOut = new Float64Array(MILLION);
  const subjects: Subject[] = [wasm.engine, ts.engine].map((engine) => {
    const x = engine.matrix({ rows: 1000, cols: 1000, data: source });
    const out = engine.zeros(1000, 1000);
    const dispose = () => {
      x.dispose();
      out.dispose();
    };
    return { name: engine.backend, run: () => engine.sigmoidInto(x, out), dispose };
  });
  subjects.push({ name: 'Math.exp', run: () => naiveSigmoid(source, naiveOut) });
  if (numpy) subjects.push({ name: 'numpy', sample: () => Number(runNumpy(numpy, 0.03, cpuTime)[0]) });
  return subjects;
}

/** Each allocates its result, as ml-matrix's users have it. */
function mlMatrix(): Subject[] {
  const [a, b] = [random(1).rand(256, 256), random(2).rand(256, 256)];
  const [mlA, mlB] = [new MlMatrix(a.toArray()), new MlMatrix(b.toArray())];
  return [
    { name: 'wasm', run: () => wasm.matmul(a, b) },
    { name: 'ts', run: () => ts.matmul(a, b) },
    { name: 'ml-matrix', run: () => mlA.mmul(mlB) },
  ];
}

export function others(numpy: string | undefined): Comparison[] {
  const f64 = { dtype: 'f64' } as const;
  const flops = 2 * 256 ** 3;
  return [
    {
      ...f64,
      name: 'forwardAndBackward 1x2-3-1',
      mode: 'plain arrays',
      unit: 'ns/row',
      amount: 1,
      subjects: tiny,
    },
    { ...f64, name: 'boundary: empty kernel', mode: '', unit: 'ns/call', amount: CALLS, subjects: boundary },
    { ...f64, name: 'first view', mode: '', unit: 'ms', amount: 1, subjects: firstViews },
    {
      ...f64,
      name: 'sigmoid 1M against others',
      mode: 'resident',
      unit: 'ns/element',
      amount: MILLION,
      subjects: (effort) => sigmoids(numpy, effort),
    },
    {
      ...f64,
      name: 'matmul 256^3 against ml-matrix',
      mode: 'copying',
      unit: 'GFLOP/s',
      amount: flops,
      subjects: mlMatrix,
    },
    ...['bitgrad', 'bitgrad/ts'].map(
      (entry): Comparison => ({
        ...f64,
        name: `start of ${entry}`,
        mode: '',
        unit: 'ms',
        amount: 1,
        subjects: () => starts(entry),
      }),
    ),
  ];
}
