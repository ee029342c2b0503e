// The examples of loops of one's own run as they stand, with the package as it is built, and learn what they say.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
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
});
