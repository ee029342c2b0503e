// In a real terminal: no line wraps, the cursor comes back to a line of its own, Ctrl-C is heard.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../packed.js';
import { CLI, hasTmux, Screen } from './tool.js';

const ROWS = 30;
const PROMPT = /^%%$/;
/** Minutes of it. */
const LONG = 'demo --epochs 100000';

/** `b` is bitgrad, short enough not to wrap itself; the prompt is one that nothing else looks like. */
async function ready(screen: Screen): Promise<void> {
  screen.type(`b() { '${process.execPath}' '${CLI}' "$@"; }; PS1='%% '; clear`);
  await screen.until(PROMPT);
}

if (!hasTmux) console.warn('no tmux: what a terminal shows was not tried');

describe.skipIf(!hasTmux).each([40, 80, 120])('%i columns', (columns) => {
  let screen: Screen;

  beforeEach(async () => {
    screen = new Screen(columns, ROWS);
    await ready(screen);
  });
  afterEach(() => screen.close());

  /** What a command printed, and its exit code. */
  async function run(words: string, seconds?: number): Promise<{ lines: string[]; code: number }> {
    screen.type(`b ${words}; echo "=$?="`);
    const lines = await screen.until(/^=\d+=$/, seconds);
    const end = lines.findLastIndex((line) => /^=\d+=$/.test(line));
    const begin = lines.findLastIndex((line) => line.includes('echo "=$?="'));
    return { lines: lines.slice(begin + 1, end), code: Number(lines[end].slice(1, -1)) };
  }

  test('train, inspect, evaluate, verify', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bitgrad-cli-'));
    try {
      screen.type(`cd '${folder}'; cp '${root}/test/fixtures/iris.csv' i.csv; clear`);
      await screen.until(PROMPT);
      for (const words of ['train i.csv -t 4 --epochs 5 -o m', 'inspect m', 'evaluate m i.csv', 'verify m i.csv']) {
        const { lines, code } = await run(words, 60);
        expect([words, code]).toEqual([words, 0]);
        expect(lines.filter((line) => line.length > columns)).toEqual([]);
        expect(lines.filter((line) => line.includes('░'))).toEqual([]);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test.each(['info', 'gradcheck --layers 4,8,3', 'demo --epochs 3', 'bench --seconds 0'])('%s', async (words) => {
    const { lines, code } = await run(words, 60);
    expect(code).toBe(0);
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    // Of a line that moves nothing is left.
    expect(lines.filter((line) => line.includes('░'))).toEqual([]);
  });

  test('help: what is not to be typed does not wrap', async () => {
    for (const words of ['--help', 'demo --help']) {
      const { lines, code } = await run(words);
      const examples = lines.indexOf('Examples:');
      expect(code).toBe(0);
      expect(lines.slice(0, examples).filter((line) => line.length > columns)).toEqual([]);
    }
  });

  test('the live line and its curve, Ctrl-C', async () => {
    screen.type(`b ${LONG}; echo "=$?="`);
    await screen.until(/░ +\d+ % wasm {2}epoch \d+/);
    await screen.until(/[┤┼]/);
    // As it stands: the bar has one line, and the curve six of its own.
    const raw = screen.raw();
    expect(raw.filter((line) => line.includes(' % wasm'))).toHaveLength(1);
    expect(raw.filter((line) => /[┤┼]/.test(line))).toHaveLength(6);
    screen.press('C-c');
    const lines = await screen.until(/^=\d+=$/);
    expect(lines.filter((line) => /=\d+=$/.test(line))).toEqual(['=130=']);
    expect(lines.filter((line) => /[┤┼░]|bitgrad:/.test(line))).toEqual([]);
  });
});

describe.skipIf(!hasTmux)('a terminal of 100 columns', () => {
  let screen: Screen;
  beforeEach(async () => {
    screen = new Screen(100, ROWS);
    await ready(screen);
  });
  afterEach(() => screen.close());

  test('that becomes narrower: the live line follows', async () => {
    screen.type(`b ${LONG}`);
    await screen.until(/[┤┼]/);
    screen.resize(50, ROWS);
    await wait(1000);
    // What was drawn before tmux told of its new width may be left above; the last seven lines are as they should be.
    const raw = screen.raw();
    const last = raw.slice(raw.findLastIndex((line) => line.includes(' % wasm')));
    expect(last.map((line) => /^(░+ .*|.*[┤┼].*)$/.test(line) && line.trimEnd().length < 50)).toEqual(
      Array(7).fill(true),
    );
    screen.press('C-c');
    await screen.until(PROMPT);
    screen.type('echo "=$?="');
    await screen.until(/^=130=$/);
  });

  test('Ctrl-C ends at once what listens to nothing', async () => {
    screen.type('b gradcheck --layers 400,400,100 --rows 64');
    await screen.until(/about \d+ s/);
    screen.press('C-c');
    await screen.until(PROMPT, 5);
    screen.type('echo "=$?="');
    await screen.until(/^=130=$/);
  });
});
