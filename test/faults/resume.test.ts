// Whatever a training is stopped by, it goes on with the same bits and the same curves: every kind of data, every optimizer,
// both dtypes, in a worker and on the main thread; stopped by a callback, and by SIGKILL at any moment.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { random } from '../../src/random/random.js';
import { LONG } from '../support/long.js';
import { CASES, EPOCHS, run } from './resuming.mjs';

const PROGRAM = fileURLToPath(new URL('resuming.mjs', import.meta.url));
const KILLS = LONG ? 50 : 3;
/** Every case, or one in so many: a checkpoint is synced to the disk. */
const STRIDE = LONG ? 1 : 11;
const TRIED = CASES.filter((_, i) => i % STRIDE === 0);

let folder = '';
let wanted: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bitgrad-'));
  wanted = [];
  for (const each of TRIED) wanted.push(await run({ ...each, background: false }));
});
afterAll(() => rm(folder, { recursive: true }));

test('what is tried has all kinds, optimizers, dtypes and places', () => {
  for (const trait of ['kind', 'optimizer', 'dtype', 'background'] as const) {
    const among = (cases: typeof CASES) => new Set(cases.map((each) => JSON.stringify(each[trait]))).size;
    expect(among(TRIED), trait).toBe(among(CASES));
  }
});

test('stopped by a callback after some epochs, and resumed', async () => {
  for (const [i, each] of TRIED.entries()) {
    const path = join(folder, `stopped-${i}`);
    for (const stop of [i, i + 2].slice(0, LONG ? 2 : 1).map((n) => 1 + (n % (EPOCHS - 1)))) {
      const onEpoch = ({ epoch }: { epoch: number }) => epoch < stop;
      const checkpoint = { path, everyEpochs: 100 };
      await run(each, { checkpoint, onEpoch });
      const got = await run(each, { checkpoint: { ...checkpoint, resume: true } });
      if (got !== wanted[i]) expect({ ...each, stop, got }).toEqual({ ...each, stop, got: wanted[i] });
    }
  }
  expect(CASES.length).toBeGreaterThanOrEqual(8 * 5 * 4 + 4);
});

test('aborted between two batches of any epoch, and resumed', async () => {
  const rng = random(5);
  for (const [i, each] of TRIED.entries()) {
    const path = join(folder, `aborted-${i}`);
    const controller = new AbortController();
    const epoch = 1 + Math.floor(rng.rand() * EPOCHS);
    const onBatch = (report: { epoch: number; batch: number }) => {
      if (report.epoch === epoch && report.batch === 1) controller.abort(new Error('enough'));
    };
    await expect(run(each, { checkpoint: { path }, onBatch, signal: controller.signal })).rejects.toThrow('enough');
    const got = await run(each, { checkpoint: { path, resume: true } });
    if (got !== wanted[i]) expect({ ...each, got }).toEqual({ ...each, got: wanted[i] });
  }
});

test(`resumed after ${KILLS} kills at random moments`, async () => {
  const rng = random(11);
  const start = () => {
    return spawn(process.execPath, [PROGRAM, folder, String(STRIDE)], { stdio: ['ignore', 'pipe', 'inherit'] });
  };
  /** @param ms after which it is killed, from when it has begun */
  const outcome = async (child: ReturnType<typeof start>, ms: number) => {
    let text = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    child.stdout?.on('data', (chunk) => {
      text += chunk;
      timer ??= setTimeout(() => child.kill('SIGKILL'), ms);
    });
    const by = await new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)));
    clearTimeout(timer);
    return { killed: by === 'SIGKILL', text: text.trim() };
  };
  let kills = 0;
  for (let round = 0; round < KILLS; round++) {
    const { killed } = await outcome(start(), rng.rand() * 500);
    if (killed) kills++;
    else await Promise.all(CASES.map((_, i) => rm(join(folder, String(i)), { force: true }))); // once more from the start
  }
  const { text } = await outcome(start(), 60_000);
  expect(text.split('\n').slice(1)).toEqual(wanted);
  expect(kills).toBeGreaterThan(0);
});
