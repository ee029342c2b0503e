// Programs that were compiled into an executable, by the very lines of docs/environments.md.

import { mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../packed.js';
import { BUN, exec, HAS_RUNTIMES, INSISTED, NODES, POSTJECT, Programs, run } from './programs.js';

const page = readFileSync(join(root, 'docs/environments.md'), 'utf8');

/** The lines of a shell that make `program` of program.js with that tool. */
function linesOf(tool: string): string {
  const blocks = Array.from(page.matchAll(/^```sh\n([\s\S]*?)^```$/gm), ([, lines]) => lines);
  const [lines, ...more] = blocks.filter((each) => each.includes(tool));
  if (!lines || more.length > 0) throw new Error(`docs/environments.md should say once how ${tool} is used`);
  return lines;
}

let programs: Programs;
let expected: Awaited<ReturnType<Programs['expected']>>;

/** name -> the tool in the lines that it is made by, and what they mean by the names of programs */
const PROGRAMS: Record<string, { tool: string; bin: Record<string, string> }> = {
  'bun build --compile': { tool: 'bun build', bin: { bun: BUN } },
  ...Object.fromEntries(
    // The oldest and the newest.
    [NODES[0], NODES[NODES.length - 1]].map(([name, node]) => [
      `a single executable application of ${name}`,
      { tool: 'postject', bin: { node, esbuild: join(root, 'node_modules/.bin/esbuild'), postject: POSTJECT } },
    ]),
  ),
};

beforeAll(async () => {
  if (!HAS_RUNTIMES) return;
  programs = new Programs();
  const { folder, out } = programs;
  expected = await programs.expected(INSISTED);
  for (const [name, { tool, bin }] of Object.entries(PROGRAMS)) {
    const tools = join(out, `tools of ${name}`);
    mkdirSync(tools);
    for (const [each, path] of Object.entries(bin)) symlinkSync(path, join(tools, each));
    const env = { ...process.env, PATH: `${tools}:${process.env.PATH}` };
    await exec('sh', ['-ec', linesOf(tool)], { cwd: folder, env });
    renameSync(join(folder, 'program'), join(out, name));
  }
  programs.uninstall();
}, 240_000);

afterAll(() => programs?.remove());

test.skipIf(!HAS_RUNTIMES).each(Object.keys(PROGRAMS))('%s', async (name) => {
  expect(await run([join(programs.out, name)], INSISTED)).toEqual(expected);
});
