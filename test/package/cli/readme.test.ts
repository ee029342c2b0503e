// README's first steps, typed as they stand.

import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bitgrad } from './tool.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const section = readFileSync(join(root, 'README.md'), 'utf8').split('## A file in, a model out')[1].split('\n## ')[0];
const lines = Array.from(section.matchAll(/^npx bitgrad (.*)$/gm), ([, words]) => words.split(' '));
const printed = Array.from(section.matchAll(/^```text\n([\s\S]*?)^```$/gm), ([, text]) => text);

let folder: string;
const outputs: string[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitgrad-readme-'));
  for (const each of ['examples', 'test']) symlinkSync(join(root, each), join(folder, each));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('there are some', () => {
  expect(lines.length).toBeGreaterThanOrEqual(8);
  expect(printed.length).toBeGreaterThanOrEqual(1);
});

test.each(lines.map((words) => [words]))('%j', async (words) => {
  const { code, stdout, stderr } = await bitgrad(words, { cwd: folder });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  outputs.push(stdout);
});

test('what they print, and the files that they write', () => {
  for (const text of printed) expect(outputs.join('\n')).toContain(text);
  for (const file of ['model.safetensors', 'report.html', 'report.md', 'predictions.csv', 'model.js', 'model.d.ts']) {
    expect([file, existsSync(join(folder, file))]).toEqual([file, true]);
  }
});
