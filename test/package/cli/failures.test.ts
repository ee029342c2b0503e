// Files that are not what they should be, as users meet them: one line, the exit code, nothing half written.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../packed.js';
import { bitgrad, shell } from './tool.js';

let folder: string;
const iris = join(root, 'examples/data/iris.csv');
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bitgrad-failures-'));
  const { code, stderr } = await bitgrad(['train', iris, '--target', 'species', '--epochs', '5', '--out', 'good'], {
    cwd: folder,
  });
  expect([code, stderr]).toEqual([0, '']);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const train = (...words: string[]) => bitgrad(['train', ...words, '--out', 'new.safetensors'], { cwd: folder });

async function refused(words: readonly string[], code: number, message: RegExp): Promise<void> {
  const ended = await train(...words);
  expect([ended.code, ended.stdout]).toEqual([code, '']);
  expect(ended.stderr).toMatch(/^bitgrad: [^\n]*\n$/);
  expect(ended.stderr).toMatch(message);
  expect(existsSync(join(folder, 'new.safetensors'))).toBe(false);
}

describe('data', () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ['no rows', 'x,y\n', /data: there are no rows/],
    ['nothing at all', '', /data/],
    ['one row', 'x,y\n1,a\n', /there is one row/],
    ['one column', 'y\n1\n2\n', /no column is left/],
    ['a constant target', 'x,y\n1,a\n2,a\n', /the target, and a in every row/],
    ['a malformed row', 'x,y\n1,a\n2,b,c\n', /data:3/],
    ['an unclosed quote', 'x,y\n1,"a\n2,b\n', /data:\d/],
    ['a gap', 'x,y\n1,a\n,b\n', /data:3:column x: there is a gap/],
    ['a date', 'd,y\n2026-01-01,1\n2026-01-02,2\n', /column d: it holds dates/],
    ['binary garbage', Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256), /data/],
    ['a line without an end', 'x,y\n'.concat('1'.repeat(17 << 20)), /data:2.*16/],
  ])('%s', async (_, content, message) => {
    write('data', content);
    await refused(['data', '--format', 'csv', '--target', 'y'], 1, message);
  });

  test('missing, a folder, of a format that nobody knows, a target that is not there', async () => {
    mkdirSync(join(folder, 'folder'), { recursive: true });
    await refused(['none.csv', '--target', 'y'], 1, /none\.csv/);
    await refused(['folder', '--target', 'y'], 1, /folder/);
    await refused([iris, '--target', 'specis'], 1, /no column "specis": did you mean species\?/);
    await refused([iris], 2, /--target is needed, a column of .*species/);
    await refused([iris, '--target', 'species', '--format', 'xls'], 2, /--format must be parquet, .*csv, got "xls"/);
  });

  test('options that are wrong', async () => {
    await refused(
      [iris, '--target', 'species', '--hidden', '3,x'],
      2,
      /--hidden has values between commas, each of which must be an integer/,
    );
    await refused([iris, '--target', 'species', '--solver', 'adm'], 2, /--solver must be .*adam/);
    await refused([iris, '--target', 'species', '--resume'], 1, /"resume" needs the folder "checkpoint"/);
    await refused([iris, '--target', 'species', '--delimiter', ';;', '--format', 'npy'], 1, /delimiter/);
  });

  test('rows that cannot be read are left out, as many as may be', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i},${i % 2 ? 'odd' : 'even'}`);
    write('bad.csv', ['x,y', ...rows, '1,2,3', ...rows, '7', ''].join('\n'));
    const { code, stderr } = await train('bad.csv', '--target', 'y', '--epochs', '2', '--skip-bad-rows', '2');
    expect(code).toBe(0);
    expect(stderr).toMatch(/left out line 62: .*\n.*left out line 123: /);
    rmSync(join(folder, 'new.safetensors'));
    await refused(['bad.csv', '--target', 'y', '--skip-bad-rows', '1'], 1, /bad\.csv:123/);
  });

  test('10,000 columns', async () => {
    const rows = Array.from({ length: 40 }, (_, i) =>
      Array.from({ length: 10_000 }, (_, j) => ((i * 31 + j * 17) % 97) + (j ? 0 : i)),
    );
    const names = Array.from({ length: 10_000 }, (_, j) => `c${j}`);
    write('wide.csv', [names, ...rows].map((row) => row.join(',')).join('\n'));
    const { code, stderr } = await train(
      'wide.csv',
      '--target',
      'c0',
      '--task',
      'regress',
      '--epochs',
      '1',
      '--hidden',
      '4',
    );
    expect([code, stderr]).toEqual([0, '']);
    rmSync(join(folder, 'new.safetensors'));
  }, 120_000);
});

describe('models', () => {
  test.each([
    [['predict', 'none', iris], /none: there is no such file/],
    [['evaluate', iris, iris], /iris\.csv/],
    [['predict', 'good', 'other.csv'], /the model needs a column "sepalLength"/],
    [['predict', 'good', iris, '--keep', 'nothing'], /no column "nothing"/],
    [['verify', 'good', 'none.csv'], /none\.csv/],
    [['evaluate', 'good', 'other.csv'], /needs a column/],
  ])('%j', async (words, message) => {
    write('other.csv', 'a,b\n1,2\n');
    const { code, stdout, stderr } = await bitgrad(words as string[], { cwd: folder });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^bitgrad: [^\n]*\n$/);
    expect(stderr).toMatch(message as RegExp);
  });

  test('predictions that fail in the middle leave no file', async () => {
    const rows = Array.from({ length: 30_000 }, () => '5.1,3.5,1.4,0.2');
    write('late.csv', ['sepalLength,sepalWidth,petalLength,petalWidth', ...rows, '5.1,oops,1.4,0.2', ''].join('\n'));
    const before = readdirSync(folder).sort();
    const { code, stderr } = await bitgrad(['predict', 'good', 'late.csv', '--out', 'late.parquet'], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toMatch(/late\.csv:30002:column sepalWidth: a number is needed, found "oops"/);
    expect(readdirSync(folder).sort()).toEqual(before);
  });
});

describe('disks and signals', () => {
  test('a disk that is full: a line that says so, the old model stays', async () => {
    // Files may not be larger than 8 blocks of 512 bytes.
    const line = `ulimit -f 8; ${JSON.stringify(process.execPath)} ${JSON.stringify(join(root, 'dist/tool/cli.js'))} train ${JSON.stringify(iris)} --target species --epochs 2 --out good`;
    const size = statSync(join(folder, 'good')).size;
    const { code, stderr } = await shell(line, { cwd: folder });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/bitgrad: .*(larger than is allowed|space|disk)/);
    expect(statSync(join(folder, 'good')).size).toBe(size);
  });

  test('a folder that is not there is found before the training', async () => {
    const { code, stderr, seconds } = await bitgrad(['train', iris, '--target', 'species', '--out', 'no/where'], {
      cwd: folder,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/no/);
    expect(seconds).toBeLessThan(10);
  });

  test('Ctrl-C: exit code 130, the checkpoint is kept, and the training goes on to the same bits', async () => {
    const words = ['train', iris, '--target', 'species', '--epochs', '400', '--patience', '0', '--validation', '0'];
    const hash = (stdout: string) => /weights +(\w+)/.exec(stdout)?.[1];
    const whole = await bitgrad([...words, '--out', 'whole'], { cwd: folder });
    const kept = join(folder, 'kept');
    const stopped = await bitgrad([...words, '--out', 'stopped', '--checkpoint', kept], {
      cwd: folder,
      started(child) {
        const timer = setInterval(() => {
          if (!existsSync(join(kept, 'training.safetensors'))) return;
          clearInterval(timer);
          child.kill('SIGINT');
        }, 5);
        child.once('close', () => clearInterval(timer));
      },
    });
    expect(stopped.code).toBe(130);
    expect(existsSync(join(folder, 'stopped'))).toBe(false);
    const resumed = await bitgrad([...words, '--out', 'resumed', '--checkpoint', kept, '--resume'], { cwd: folder });
    expect(resumed.code).toBe(0);
    expect(hash(resumed.stdout)).toBe(hash(whole.stdout));
    expect(hash(whole.stdout)).toMatch(/^\w{64}$/);
  }, 120_000);
});
