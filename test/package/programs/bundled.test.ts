// Programs that were bundled into one file, which is all that there is: they train in a worker of their own.

import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILD, BUNDLERS } from '../browsers/install.js';
import { BUN, DENO, exec, HAS_RUNTIMES, INSISTED, NODES, Programs, run } from './programs.js';

let programs: Programs;
let expected: Awaited<ReturnType<Programs['expected']>>;

/** What becomes of the program, and how. */
const FILES = {
  'minified/program.cjs': { format: 'cjs', minify: true },
  'module/program.mjs': { format: 'esm' },
} as const;

beforeAll(async () => {
  programs = new Programs();
  const { folder, out } = programs;
  expected = await programs.expected(INSISTED);
  for (const [file, options] of Object.entries(FILES)) {
    const outfile = join(out, file);
    const own = { absWorkingDir: folder, entryPoints: ['program.js'], bundle: true, platform: 'node' as const };
    const { warnings } = await build({ ...own, ...options, outfile });
    expect(warnings).toEqual([]);
    // Somebody else's, which is not to be started.
    writeFileSync(join(dirname(outfile), 'worker.js'), 'process.exit(1);');
  }
  if (BUNDLERS) await exec(process.execPath, [BUILD, 'webpack-node', folder, join(out, 'webpack')]);
  programs.uninstall();
}, 240_000);

afterAll(() => programs.remove());

const COMMANDS: [string, string[]][] = [
  ...NODES.map(([name, node]): [string, string[]] => [name, [node]]),
  ['Bun', [BUN]],
  ['Deno, without a permission', [DENO, 'run', '--no-prompt']],
];

describe.each(Object.keys(FILES))('%s', (file) => {
  const one = (command: readonly string[]) => run([...command, join(programs.out, file)], INSISTED);

  test("this machine's Node", async () => {
    expect(await one([process.execPath])).toEqual(expected);
  });

  test.skipIf(!HAS_RUNTIMES).each(COMMANDS)('%s', async (_, command) => {
    expect(await one(command)).toEqual(expected);
  });
});

test.skipIf(!BUNDLERS)('by webpack, for Node', async () => {
  expect(await run([process.execPath, join(programs.out, 'webpack/program.cjs')], INSISTED)).toEqual(expected);
});
