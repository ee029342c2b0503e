// bitgrad tune over the source: what is typed, what goes together, what is told.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Chosen, parse } from '../../src/cli/program.js';
import { progressText } from '../../src/cli/tuning/text.js';
import { trainCommand } from '../../src/cli/tuning/words.js';
import { loadModel, type Search } from '../../src/tables/index.js';
import { pipes } from './sinks.js';

let folder: string;
const path = (name: string) => join(folder, name);

const ROWS = Array.from(
  { length: 60 },
  (_, i) => `${(i * 7) % 60},${(i * 13) % 11},${(i * 7) % 60 < 30 ? 'iris' : 'rose'}`,
);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitgrad-tune-'));
  writeFileSync(path('data.csv'), `a,b,kind\n${ROWS.join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function tune(...words: string[]) {
  const argv = ['tune', ...words];
  const { command, args, options } = (await parse(argv)) as Chosen;
  const json = options.json === true;
  const { out, stdout, stderr } = pipes({ json, quiet: options.quiet === true });
  const code = await command.run(args, options, { out, argv, signal: new AbortController().signal });
  return { code, text: stdout.text, notes: stderr.text, value: json ? JSON.parse(stdout.text) : undefined };
}

const data = () => [path('data.csv'), '--target', 'kind', '--jobs', '1', '--cv', '2', '--epochs', '4'];
const spaceOf = async (...words: string[]) =>
  (await tune(...data(), '--trials', '1', ...words, '--json')).value.search.space;

describe('what varies', () => {
  test('lists, ranges and layers', async () => {
    const words = [
      '--hidden',
      '8:8,4:none',
      '--learning-rate',
      '1e-4..1e-1',
      '--l2',
      '0,1e-5',
      '--batch-size',
      '4..16',
    ];
    expect(await spaceOf(...words, '--activation', 'relu,tanh')).toEqual({
      hidden: [[8], [8, 4], []],
      activation: ['relu', 'tanh'],
      learningRate: { logUniform: [1e-4, 1e-1] },
      l2: [0, 1e-5],
      batchSize: { integers: [4, 16] },
      epochs: [4],
    });
  });

  test('a file, and flags before it', async () => {
    writeFileSync(path('space.json'), '{"hidden": [[3], [4]], "l2": {"uniform": [0, 1]}}');
    expect(await spaceOf('--space', path('space.json'), '--l2', '0.5')).toEqual({
      hidden: [[3], [4]],
      l2: [0.5],
      epochs: [4],
    });
  });

  test.each([
    ['{"hidden": [[3],', 'space.json: it is no JSON'],
    ['[1]', 'space.json: must be an object of arrays and ranges, got [1]'],
    ['{"hiden": [[3]]}', 'space.json: unknown parameter "hiden"; known are hidden, activation'],
    ['{"l2": {"uniform": [1]}}', 'space.json: "l2" must be an array of values, or'],
  ])('a file of %s is refused', async (text, message) => {
    writeFileSync(path('space.json'), text);
    await expect(tune(...data(), '--space', path('space.json'))).rejects.toThrow(message);
  });

  test.each([
    [['--learning-rate', '0..1'], '--learning-rate must be a number above 0, got "0"'],
    [['--learning-rate', '1..0.5'], '--learning-rate must go from low to high, got "1..0.5"'],
    [['--l2', '0..1'], '--l2 must begin above 0'],
    [['--l2', '1..2..3'], '--l2 must be values between commas, or low..high'],
    [['--hidden', '8:x'], '--hidden has values between commas'],
    [['--activation', 'relu,'], '--activation has values between commas'],
    [['--activation', 'relu,bent'], '--activation must be one of'],
    [['--solver', 'magic'], '--solver must be one of'],
    [['--metric', 'r2'], '--metric must be one of accuracy'],
    [['--metric', 'beauty'], '--metric'],
    [['--cv', '50'], '--cv is 50, too many for 60 rows'],
    [['--grid', '--l2', '1e-3..1'], '--l2 is a range, of which a grid needs values'],
    [['--shard', '4/3', '--journal', 'j'], '--shard must be a part and how many there are'],
  ])('%j is refused', async (words, message) => {
    await expect(tune(...data(), ...words)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining(message),
    });
  });
});

describe('what goes together', () => {
  test.each([
    [[], 'expected a file of data, or --merge'],
    [['x.csv', '--grid', '--trials', '3'], '--trials cannot be given with --grid'],
    [['x.csv', '--shard', '1/2'], '--shard needs --journal'],
    [['x.csv', '--shard', '1/2', '--journal', 'j', '--out', 't'], '--out cannot be given with --shard'],
    [['x.csv', '--shard', '1/2', '--journal', 'j', '--model', 't'], '--model cannot be given with --shard'],
    [['--merge', 'j', '--seed', '1', '--l2', '0'], '--l2, --seed cannot be given with --merge'],
    [['--merge', 'j', '--journal', 'j'], '--journal cannot be given with --merge'],
    [['--merge', 'j', '--model', 'm'], '--model needs the data'],
    [['x.csv', '--merge', 'j'], '--merge needs data only to train the best'],
  ])('%j is refused', async (words, message) => {
    await expect(tune(...words)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining(message),
    });
  });
});

describe('a search', () => {
  test('a table, a file of all of it, the best saved, and the command that trains it', async () => {
    const files = ['--out', path('table.csv'), '--model', path('best.safetensors')];
    const { code, text } = await tune(...data(), '--trials', '3', '--hidden', '4:8:none', '--top', '2', ...files);
    expect(code).toBe(0);
    expect(text).toMatch(
      /^kind: 3 trials \(random\), judged in 2 folds of 60 rows, by accuracy\nrank +trial +hidden +accuracy +±\n/,
    );
    expect(text).toContain('... and 1 more: --out FILE has all of them');
    const table = readFileSync(path('table.csv'), 'utf8').trimEnd().split('\n');
    expect(table[0]).toBe(
      'rank,trial,hidden,epochs,accuracy,std,fold1,fold2,balancedAccuracy,f1Macro,logLoss,rocAuc,matthewsCorrcoef,error',
    );
    expect(table).toHaveLength(4);
    const { notes } = await loadModel(path('best.safetensors'));
    expect(text).toContain(`\n  ${notes.command}\n`);
    // It is the same network that the command trains.
    const words = notes.command.replace(/^npx \S+ /, '').split(' ');
    const { command, args, options } = (await parse(words.map((word) => word.replace("''", '')))) as Chosen;
    expect(command).toBe((await import('../../src/cli/commands/train.js')).command);
    expect(args).toEqual([path('data.csv')]);
    expect(options).toMatchObject({
      target: 'kind',
      epochs: 4,
      hidden: notes.network.layers.slice(0, -1).map(({ units }) => units),
    });
  });

  test('in parts, and put together: the text, the JSON and the CSV of the whole', async () => {
    const space = ['--trials', '5', '--hidden', '2:3:4', '--l2', '1e-5..1e-1'];
    const whole = await tune(...data(), ...space, '--out', path('whole.csv'));
    for (const k of [1, 2, 3]) {
      const part = await tune(...data(), ...space, '--shard', `${k}/3`, '--journal', path('runs'));
      expect(part.text).toContain(`(shard ${k}/3: ${k < 3 ? 2 : 1} of them)`);
      expect(part.text).toContain(`tune --merge ${path('runs')}`);
    }
    const merged = await tune('--merge', path('runs'), '--out', path('merged.csv'));
    expect(merged.text).toBe(whole.text);
    expect(readFileSync(path('merged.csv'), 'utf8')).toBe(readFileSync(path('whole.csv'), 'utf8'));
    expect((await tune('--merge', path('runs'), '--json')).value).toEqual(
      (await tune(...data(), ...space, '--json')).value,
    );

    const file = path('merged.safetensors');
    await tune(path('data.csv'), '--target', 'kind', '--merge', path('runs'), '--model', file);
    const best = (await tune('--merge', path('runs'), '--json')).value.command;
    expect((await loadModel(file)).notes.command).toBe(best);

    writeFileSync(path('other.csv'), `a,b,kind\n${ROWS.slice(1).join('\n')}\n`);
    rmSync(file);
    await expect(tune(path('other.csv'), '--target', 'kind', '--merge', path('runs'), '--model', file)).rejects.toThrow(
      'other.csv: these are not the rows that were searched with',
    );
    expect(existsSync(file)).toBe(false);
  });

  test('seconds are told only if they are asked for', async () => {
    const words = ['--trials', '1', '--timings', '--out', path('timed.csv')];
    expect((await tune(...data(), ...words)).text).toMatch(/± +seconds\n/);
    expect(readFileSync(path('timed.csv'), 'utf8')).toMatch(/,error,seconds\n.*,\d+(\.\d+)?\n$/);
  });

  test('if all fail that is a failure, which says why', async () => {
    const words = ['--solver', 'sgd', '--learning-rate', '1e38', '--hidden', '4', '--activation', 'relu', '--l2', '0'];
    await expect(tune(...data(), ...words)).rejects.toThrow(
      /data.csv: no trial has a score: trial 1, fold 1: .*not finite/,
    );
  });
});

test('the command has what is not as it would be anyway', () => {
  const search = { version: '1.2.3', settings: { scale: 'robust', missing: 'error', drop: ['a b', 'c'], seed: 0 } };
  const words = ['my data.csv', '--target', 'y'];
  expect(trainCommand(words, search as unknown as Search, { hidden: [], learningRate: 0.01, activation: 'relu' })).toBe(
    "npx bitgrad@1.2.3 train 'my data.csv' --target y --hidden '' --learning-rate 0.01 --scale robust --drop 'a b,c'",
  );
});

test('the live line', () => {
  const progress = { phase: 'trials', rows: 150, done: 3, total: 50, etaSeconds: 61 } as const;
  const running = { trial: 4, fold: 2, epoch: 7, epochs: 100 };
  const best = { score: 0.75, trial: 2 } as never;
  expect(progressText({ phase: 'scan', rows: 1500, done: 0, total: 0 }, 'r2')).toBe('reading: 1,500 rows');
  expect(progressText({ ...progress, best, running }, 'r2')).toBe(
    'trial 3/50, best r2 0.75 (trial 2), 1 min 1 s left, trial 4: fold 2, epoch 7/100',
  );
});
