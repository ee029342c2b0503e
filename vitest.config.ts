import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Fourteen times the random cases. */
const LONG_CASES = '3500';

/** Tests that try more if there is time say so by what they import. */
function longTests(): string[] {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
  return files.map((file) => `test/${file}`).filter((file) => readFileSync(file, 'utf8').includes('/support/long.js'));
}

/** Of the long ones those that take minutes begin, or one of them is left for one core at the end. */
const LONGEST = /(all-floats|forged|resume)\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => (LONGEST.test(moduleId) ? 0 : 1);
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** What the kernels in TypeScript call and read for each number. */
const INNER = /^\.\/|\/kernels\/constants\.js$/;

/**
 * Vitest's runner makes every use of an import a call of a getter, which V8 does not see through: kernels in TypeScript, which use a
 * few for each number, are handed to it with those already in them, as the package has them.
 */
const kernelsInOne = {
  name: 'kernels-in-one',
  enforce: 'pre' as const,
  async load(this: { addWatchFile(path: string): void }, id: string) {
    if (!/\/src\/backend\/ts\/\w+(-\w+)*\.ts$/.test(id)) return undefined;
    const { outputFiles, metafile } = await build({
      entryPoints: [id],
      bundle: true,
      metafile: true,
      write: false,
      format: 'esm',
      sourcemap: 'external',
      outdir: 'build',
      plugins: [
        {
          name: 'outer',
          setup: ({ onResolve }) =>
            onResolve({ filter: /./ }, ({ path, kind }) =>
              kind === 'entry-point' || INNER.test(path) ? undefined : { path, external: true },
            ),
        },
      ],
    });
    for (const path of Object.keys(metafile.inputs)) this.addWatchFile(resolve(path));
    const [map, code] = outputFiles.map(({ text }) => text);
    return { code, map };
  },
};

const ofPackage = 'test/package/**';

/**
 * Where the package is tried as it is built or installed: the command line; in browsers; by bundlers; in QuickJS, Hermes, workerd and Deno; in one
 * file, compiled and in the modes of Node; in Next.js.
 */
const INSTALLED = ['cli', 'browsers', 'bundlers', 'engines', 'programs', 'next'];

/**
 * Without a mode: what npm test runs. `--mode long` (npm run test:long): of those the ones that have more to try. `--mode package`
 * (npm run check): the package as it is built and packed, which needs no running of the code. The others are npm run check:...
 */
function included(mode: string): string[] {
  if (mode === 'long') return longTests();
  if (mode === 'package') return ['test/package/*.test.ts'];
  return INSTALLED.includes(mode) ? [`test/package/${mode}/*.test.ts`] : ['test/**/*.test.ts'];
}

const isOfPackage = (mode: string) => ['package', ...INSTALLED].includes(mode);

export default defineConfig(({ mode }) => ({
  plugins: [kernelsInOne],
  test: {
    // All cores, where vitest's default leaves one free; and one more worker where many tests wait for others: test/faults took 38 s
    // of two cores, not 54. Those of the package, and the long ones, do not wait.
    maxWorkers: availableParallelism() + Number(mode !== 'long' && !isOfPackage(mode)),
    include: included(mode),
    exclude: isOfPackage(mode) ? [] : [ofPackage],
    // A file has the machine to itself where pages are timed.
    fileParallelism: mode !== 'browsers',
    maxConcurrency: mode === 'browsers' ? 2 : 5,
    // Files share what they import: reading it anew for each took a fifth of the time.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    setupFiles: ['test/support/equality.ts'],
    env: mode === 'long' ? { BITGRAD_CASES: LONG_CASES } : {},
    testTimeout: mode === 'long' ? 3_600_000 : mode === 'browsers' ? 30_000 : 60_000,
    hookTimeout: mode === 'long' ? 600_000 : 60_000,
  },
}));
