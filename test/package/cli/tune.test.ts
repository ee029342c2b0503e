// bitgrad tune as processes: divided, killed, gone on with, at once; the same bytes each time.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { random } from '../../../src/index.js';
import { bitgrad } from './tool.js';

let folder: string;
let whole: string;
const path = (name: string) => join(folder, name);

const search = [
  'data.csv',
  '--target',
  'y',
  '--trials',
  '9',
  '--cv',
  '2',
  '--epochs',
  '150',
  '--patience',
  '0',
  '--seed',
  '3',
];
const tune = (...words: string[]) => bitgrad(['tune', ...words], { cwd: folder });
const linesOf = (name: string) =>
  existsSync(path(name)) ? readFileSync(path(name), 'utf8').split('\n').length - 1 : 0;

/** Runs until its journal has so many lines, then sends a signal. */
async function interrupted(words: readonly string[], journal: string, lines: number, signal: 'SIGKILL' | 'SIGINT') {
  let stop: (() => void) | undefined;
  const stopped = new AbortController();
  const ended = bitgrad(['tune', ...words], {
    cwd: folder,
    started: (child) => {
      stop = () => void child.kill(signal);
    },
  }).finally(() => stopped.abort());
  while (!stopped.signal.aborted && linesOf(journal) < lines) await wait(5);
  stop?.();
  return ended;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bitgrad-tune-'));
  const rng = random(1);
  const rows = Array.from({ length: 300 }, () => {
    const [a, b, c] = rng.randn(3);
    return [a, b, c, a * b + Math.abs(c) + rng.randn() / 4].map((x) => x.toFixed(4)).join(',');
  });
  writeFileSync(path('data.csv'), `a,b,c,y\n${rows.join('\n')}\n`);
  const ended = await tune(...search, '--jobs', '1', '--out', 'whole.csv');
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  whole = ended.stdout;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('two jobs: the same table, in text and in the file', async () => {
  const { stdout } = await tune(...search, '--jobs', '2', '--out', 'two.csv');
  expect(stdout).toBe(whole);
  expect(readFileSync(path('two.csv'), 'utf8')).toBe(readFileSync(path('whole.csv'), 'utf8'));
  expect(readFileSync(path('two.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(10);
});

test('three parts at once, one of them killed and gone on with, are the whole', async () => {
  const part = (k: number) => [...search, '--journal', 'runs', '--shard', `${k}/3`, '--jobs', '1'];
  const [killed] = await Promise.all([
    interrupted(part(2), 'runs/shard-2-of-3.ndjson', 2, 'SIGKILL'),
    tune(...part(1)),
    tune(...part(3)),
  ]);
  expect(killed.code).toBe('SIGKILL');
  const done = linesOf('runs/shard-2-of-3.ndjson') - 1;
  expect(done).toBeGreaterThanOrEqual(1);
  expect(done).toBeLessThan(3);
  const early = await tune('--merge', 'runs', '--out', 'early.csv');
  expect(early).toMatchObject({ code: 1, stdout: '' });
  expect(early.stderr).toMatch(/^bitgrad: runs: [12] of 9 trials are missing: shard 2\/3 lacks trials? [\d, ]+\n$/);
  expect(existsSync(path('early.csv'))).toBe(false);

  const before = readFileSync(path('runs/shard-2-of-3.ndjson'), 'utf8');
  expect((await tune(...part(2))).code).toBe(0);
  const after = readFileSync(path('runs/shard-2-of-3.ndjson'), 'utf8');
  expect(after.startsWith(before)).toBe(true);
  expect(linesOf('runs/shard-2-of-3.ndjson')).toBe(4);

  const merged = await tune('--merge', 'runs', '--out', 'merged.csv');
  expect(merged).toMatchObject({ code: 0, stdout: whole, stderr: '' });
  expect(readFileSync(path('merged.csv'), 'utf8')).toBe(readFileSync(path('whole.csv'), 'utf8'));
});

test('Ctrl-C: what is done is kept, exit code 130, and the same command goes on', async () => {
  const words = [...search, '--journal', 'kept', '--jobs', '2'];
  const ended = await interrupted(words, 'kept/shard-1-of-1.ndjson', 3, 'SIGINT');
  expect(ended).toMatchObject({
    code: 130,
    stdout: '',
    stderr: 'stopped: what was done is in kept, and the same command goes on from there\n',
  });
  const again = await tune(...words);
  expect(again).toMatchObject({ code: 0, stdout: whole });
});

test('the command that it prints makes the model that it saved', async () => {
  const saved = await tune(...search, '--model', 'best.safetensors', '--json');
  const { command, model } = JSON.parse(saved.stdout);
  const words = command.replace(/^npx \S+ /, '').split(' ');
  const trained = await bitgrad([...words, '--out', 'again.safetensors', '--json'], { cwd: folder });
  expect(JSON.parse(trained.stdout).model.parametersSha256).toBe(model.parametersSha256);
  expect(existsSync(path('best.safetensors'))).toBe(true);
});

test('from a pipe', async () => {
  const input = readFileSync(path('data.csv'));
  const ended = await bitgrad(['tune', '-', ...search.slice(1), '--trials', '1', '--quiet'], { input });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).toContain(' train - --target y ');
});

test('errors are one line, and nothing is left behind', async () => {
  for (const [words, code, message] of [
    [['data.csv', '--target', 'price'], 1, /^bitgrad: data.csv: there is no column "price": it has a, b, c, y\n$/],
    [['data.csv', '--target', 'y', '--learning-rate', '1..0'], 2, /^bitgrad: --learning-rate must be a number above 0/],
    [
      ['data.csv', '--target', 'y', '--journal', 'data.csv'],
      1,
      /^bitgrad: data.csv: it is a file; journals are in a folder\n$/,
    ],
    [['data.csv', '--target', 'y', '--out', 'no/table.csv'], 1, /^bitgrad: no: there is no such file or folder\n$/],
    [['--merge', 'none'], 1, /^bitgrad: none: there is no such folder\n$/],
  ] as const) {
    const ended = await tune(...words);
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) });
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
  }
});
