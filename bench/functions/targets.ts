// What calls are to reach, and how small the package is to be.

import { gzipSync } from 'node:zlib';
import type { Dtype } from 'bitgrad';
import { build, type Plugin } from 'esbuild';
import type { Result } from '../result.js';
import { check, ofLimit, type Spec, speed, type Target, times } from '../targets.js';

const milliseconds = (ms: number) => `${ms.toFixed(1)} ms`;

const perDtype = (dtype: Dtype): Spec[] => [
  ofLimit(`matmul nn 512x512x512 ${dtype} resident`, 0.85),
  ofLimit(`matmul nt 64x784x128 ${dtype} resident`, 0.8),
  ofLimit(`matmul tn 64x784x128 ${dtype} resident`, 0.8),
  ofLimit(`matmul nt 1024x784x512 ${dtype} resident`, 0.8),
  ofLimit(`matmul tn 1024x784x512 ${dtype} resident`, 0.8),
  speed(`sigmoid 1M ${dtype} resident`, 'wasm', 'ts', dtype === 'f64' ? 4 : 6),
  speed(`forwardAndBackward 64x784-128-10 ${dtype} copying`, 'wasm', 'ts', 6),
  speed(`forwardAndBackward 1024x784-512-10 ${dtype} copying`, 'wasm', 'ts', 6),
];

const AGAINST_OTHERS = 'sigmoid 1M against others f64 resident';

const SPECS: Spec[] = [
  ...perDtype('f64'),
  ...perDtype('f32'),
  {
    key: AGAINST_OTHERS,
    take: ({ ms }) => (ms.numpy === undefined ? undefined : ms.wasm / ms.numpy),
    bound: 1.3,
    below: true,
    show: times,
    of: "NumPy's time",
  },
  {
    key: 'forwardAndBackward 1x2-3-1 f64 plain arrays',
    take: ({ ms }) => Math.min(ms.wasm, ms.ts) / ms.auto,
    bound: 0.95,
    show: times,
    of: "the better backend's speed",
  },
  speed(AGAINST_OTHERS, 'ts', 'Math.exp', 0.5),
  speed('matmul 256^3 against ml-matrix f64 copying', 'ts', 'ml-matrix', 1),
  ...['bitgrad', 'bitgrad/ts'].map(
    (entry): Spec => ({
      key: `start of ${entry} f64`,
      take: ({ ms }) => ms['first result'],
      bound: 10,
      below: true,
      show: milliseconds,
      of: 'import + first result',
    }),
  ),
];

/** That of test/package/check.test.ts. */
const SIZE_BOUND = 44_400;

/** What is loaded only when it is needed: training, by net.fit, and the loader, by createEngineAsync. */
const later: Plugin = {
  name: 'later',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined));
  },
};

/** Bytes of the automatic entry for a browser: minified, gzipped, kernels included. */
async function checkSize(): Promise<Target> {
  const { outputFiles } = await build({
    stdin: { contents: "export * from 'bitgrad';", resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    plugins: [later],
    logLevel: 'error',
    write: false,
  });
  const bytes = gzipSync(outputFiles[0].contents, { level: 9 }).length;
  const show = (size: number) => `${(size / 1000).toFixed(1)} KB`;
  const wanted = `under ${show(SIZE_BOUND)} minified + gzip`;
  return { what: 'size of bitgrad', wanted, figure: show(bytes), met: bytes < SIZE_BOUND };
}

export async function targets(results: ReadonlyMap<string, Result>): Promise<Target[]> {
  return [...SPECS.map((spec) => check(spec, results)), await checkSize()];
}
