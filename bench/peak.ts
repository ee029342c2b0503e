// The 128-bit limit of this core: compiles bench/limit.ts and finds its best variant for each dtype.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Dtype } from 'bitgrad';
import { type Effort, measure, type Subject } from './measure.js';

type Kernel = (passes: number, x: number, y: number) => number;

/** Multiply-adds of vectors in a pass of each variant in bench/limit.ts. */
const PER_PASS = { chains8: 16, chains10: 20, chains12: 24, split12: 12 };
/** About 0.1 ms. */
const PASSES = 10_000;

export type Peaks = Record<Dtype, Peak>;

export interface Peak {
  variant: string;
  /** Floating-point operations in a run. */
  flops: number;
  subject: Subject;
  /** What the variants reached at the start. */
  gflops: Record<string, number>;
}

/** In a process of its own: through tsx the compiler takes seconds to load. */
function compile(): Record<string, Kernel> {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const compiler = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');
  execFileSync(process.execPath, [compiler, '--config', 'bench/asconfig.json', '--target', 'bench'], { cwd });
  const module = new WebAssembly.Module(readFileSync(new URL('../build/limit.wasm', import.meta.url)));
  return new WebAssembly.Instance(module).exports as Record<string, Kernel>;
}

/** The best variant for each dtype, taken in this process. */
export function findPeaks(effort: Effort): Peaks {
  const kernels = compile();
  const find = (dtype: Dtype): Peak => {
    const runs = Object.entries(PER_PASS).map(([variant, perPass]) => {
      const kernel = kernels[`${variant}_${dtype}`];
      const run = () => kernel(PASSES, 1, 2 ** -20); // neither grows without bound nor turns subnormal
      return { variant, flops: 2 * perPass * PASSES * (dtype === 'f64' ? 2 : 4), subject: { name: variant, run } };
    });
    const ms = measure(
      runs.map(({ subject }) => subject),
      effort,
    );
    const gflops = Object.fromEntries(runs.map(({ variant, flops }) => [variant, flops / ms[variant] / 1e6]));
    const best = runs.reduce((a, b) => (gflops[a.variant] > gflops[b.variant] ? a : b));
    return { ...best, subject: { ...best.subject, name: 'limit' }, gflops };
  };
  return { f64: find('f64'), f32: find('f32') };
}
