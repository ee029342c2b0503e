// The examples run as they stand, with the package as it is built, and learn what they say. That of a page is opened by
// test/package/browsers/example.test.ts, threads.mjs runs in docs.test.ts.

import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = existsSync(`${root}dist/train.js`);

async function run(name: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [`examples/${name}.mjs`], { cwd: root });
  expect(stderr).toBe('');
  return stdout;
}

const linesOf = (name: string): string[] => readFileSync(`${root}examples/${name}`, 'utf8').split('\n');

/** The numbers that stand behind a text, one for each line that has it. */
const after = (text: string, what: string): number[] =>
  text.split('\n').flatMap((line) => (line.includes(what) ? [Number.parseFloat(line.split(what)[1])] : []));

describe.skipIf(!built)('examples', () => {
  test('bandit.mjs: REINFORCE finds the arm that is right', async () => {
    const rewards = after(await run('bandit'), 'mean reward ');
    expect(rewards[0]).toBeLessThan(0.6);
    expect(rewards.at(-1)).toBeGreaterThan(0.8);
  });

  test('private.mjs: DP-SGD learns through its noise', async () => {
    const text = await run('private');
    expect(after(text, 'before: ')[0]).toBeLessThan(70);
    expect(after(text, 'noise 1: ')[0]).toBeGreaterThan(88);
    expect(after(text, '%; ')[0]).toBeGreaterThan(100);
  });

  test('siamese.mjs: the same digits come to lie together', async () => {
    const text = await run('siamese');
    const losses = after(text, ': loss ');
    expect(losses.at(-1)).toBeLessThan(0.2 * losses[0]);
    expect(after(text, 'before: ')[0]).toBeLessThan(80);
    expect(after(text, 'after:  ')[0]).toBeGreaterThan(93);
  });

  test('server.mjs: learns from requests', async () => {
    const text = await run('server');
    const [, before, behind] = /error ([\d.]+) before, ([\d.]+) after/.exec(text) as RegExpExecArray;
    expect(Number(before)).toBeGreaterThan(1.5);
    expect(Number(behind)).toBeLessThan(0.3);
    expect(text).toMatch(/^\d+ requests a second/m);
  });

  test('drop-in: by hand and by bitgrad, the same output', async () => {
    const [before, behind] = await Promise.all(['drop-in/before', 'drop-in/after'].map(run));
    expect(behind).toBe(before);
    expect(after(before, ': loss ').at(-1)).toBeLessThan(0.001);
    expect(before).toMatch(/^XOR: 0\.0\d+ 0\.9\d+ 0\.9\d+ 0\.0\d+$/m);
  });

  test('pipeline.mjs: predictions of several threads have the bits of one', async () => {
    const text = await run('pipeline');
    const [, there, here] = /^3 threads: (\w{64})\n1 thread: {2}(\w{64})$/m.exec(text) as RegExpExecArray;
    expect(there).toBe(here);
  });

  test('parquet.mjs: learns from the blocks of a file', async () => {
    const text = await run('parquet');
    expect(text).toContain('epoch 3: 6000 rows in 12 blocks');
    expect(after(text, 'blocks, ').at(-1)).toBeGreaterThan(95);
  });
});

test('drop-in: what tells the two programs apart is one line out, and one in', () => {
  const [before, behind] = ['before', 'after'].map((name) => linesOf(`drop-in/${name}.mjs`));
  expect(before.filter((line) => !behind.includes(line))).toEqual([expect.stringContaining("from './plain.mjs'")]);
  expect(behind.filter((line) => !before.includes(line))).toEqual([expect.stringContaining("from 'bitgrad'")]);
  expect(behind).toHaveLength(before.length);
});

test('examples/README.md has a line for each of them', () => {
  const page = linesOf('README.md').join('\n');
  const names = readdirSync(`${root}examples`, { recursive: true, encoding: 'utf8' });
  const programs = names.map((name) => name.replaceAll('\\', '/')).filter((name) => /\.(?:mjs|html)$/.test(name));
  expect(programs.length).toBeGreaterThanOrEqual(11);
  // What before.mjs imports is part of it.
  expect(programs.filter((name) => !page.includes(`](${name})`))).toEqual(['drop-in/plain.mjs']);
});

test.each(['server.mjs', 'pipeline.mjs', 'parquet.mjs', 'siamese.mjs', 'browser/index.html', 'drop-in/after.mjs'])(
  '%s is read in a minute: less than 80 lines, which say at the top how it is run',
  (name) => {
    const lines = linesOf(name);
    expect(lines.length - 1).toBeLessThan(80);
    expect(lines.slice(0, 12).join('\n')).toContain('node examples/');
  },
);
