// Two trainings on one checkpoint path: the second is refused, by whoever holds it; a dead process holds nothing; who lost the
// lock writes nothing more.

import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import fsp from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { network } from 'bitgrad';
import { FileLockedError, type FitOptions } from 'bitgrad/train';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { acquireLock, renewLock } from '../../src/files/lock.js';
import { thisProcess } from '../../src/host/file-system.js';

const PROGRAM = new URL('holder.mjs', import.meta.url);
const KILLS = 8;
const STALE_SECONDS = 120;

const root = mkdtempSync(join(tmpdir(), 'bitgrad-'));
afterAll(() => rmSync(root, { recursive: true }));
let folder = '';
let path = '';
let lock = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'test-'));
  path = join(folder, 'run');
  lock = `${path}.lock`;
});

const train = (options: FitOptions = {}) =>
  network({ inputs: 1, layers: [1], seed: 1 }).fit([[0], [1], [2]], [1, 3, 5], {
    epochs: 3,
    background: false,
    checkpoint: { path },
    ...options,
  });

interface Holding {
  readonly child: ChildProcess;
  readonly line: () => Promise<string>;
  readonly ended: Promise<unknown>;
}

function holder(...args: string[]): Holding {
  const child = spawn(process.execPath, [fileURLToPath(PROGRAM), path, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout as NodeJS.ReadableStream)[Symbol.asyncIterator]();
  const ended = new Promise((resolve) => child.on('exit', resolve));
  return { child, ended, line: async () => String((await lines.next()).value) };
}

const holds = async (fields = {}): Promise<string> => {
  const here = { ...(await thisProcess()), name: 'a machine', since: 'yesterday', token: 'theirs' };
  return JSON.stringify({ ...here, ...fields });
};
const age = (seconds: number) => utimesSync(lock, Date.now() / 1000 - seconds, Date.now() / 1000 - seconds);
const ELSEWHERE = { host: '0123456789ab', pid: 1, start: 1 };

describe('the second training is refused', () => {
  const REFUSED = {
    name: 'FileLockedError',
    message: expect.stringMatching(
      /run is used by another training: its lock, of the same name and .lock, is held by process \d+ on .*, since 20.*wait/,
    ),
  };

  test('in the same thread, whatever the path is called; when the first has ended it is free', async () => {
    let refusals = 0;
    const onEpoch = async ({ epoch }: { epoch: number }) => {
      if (epoch !== 1) return;
      const link = join(folder, 'link');
      symlinkSync('run', link);
      for (const other of [path, link, join(folder, '.', 'x', '..', 'run')]) {
        await expect(train({ checkpoint: { path: other } })).rejects.toMatchObject(REFUSED);
        await expect(train({ checkpoint: { path: other } })).rejects.toBeInstanceOf(FileLockedError);
        refusals++;
      }
    };
    await train({ onEpoch });
    expect(refusals).toBe(3);
    await train();
    expect(readdirSync(folder).sort()).toEqual(['link', 'run']);
  });

  test('in another thread', async () => {
    const worker = new Worker(PROGRAM, { workerData: path });
    const said = () => new Promise((resolve) => worker.once('message', resolve));
    expect(await said()).toBe('held');
    await expect(train()).rejects.toMatchObject(REFUSED);
    worker.postMessage('go on');
    expect(await said()).toBe('done');
    await train();
  });

  test('in another process, and the other way round; with workers too', async () => {
    const first = holder();
    expect(await first.line()).toBe('held');
    await expect(train()).rejects.toMatchObject({ message: expect.stringContaining(`process ${first.child.pid} on`) });
    await expect(train({ background: true })).rejects.toMatchObject(REFUSED);
    const third = holder();
    expect(await third.line()).toMatch(/^FileLockedError: /);
    first.child.stdin?.write('go on\n');
    expect(await first.line()).toBe('done');
    await Promise.all([first.ended, third.ended]);
    expect(readdirSync(folder)).toEqual(['run']);
  });

  test('after a training that failed or was stopped it is free', async () => {
    const onEpoch = () => {
      throw new Error('no');
    };
    await expect(train({ onEpoch })).rejects.toThrow('no');
    await expect(train({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    writeFileSync(path, 'damaged');
    await expect(train({ checkpoint: { path, resume: true } })).rejects.toMatchObject({ name: 'FileFormatError' });
    expect(readdirSync(folder)).toEqual(['run']);
  });
});

describe('a dead process holds nothing', () => {
  test(`killed ${KILLS} times while it held it: the next one takes over at once, and nothing is left`, async () => {
    for (let i = 0; i < KILLS; i++) {
      const each = holder();
      expect(await each.line()).toBe('held');
      if (i === 0) await expect(train()).rejects.toBeInstanceOf(FileLockedError);
      each.child.kill('SIGKILL');
      await each.ended;
    }
    expect(existsSync(lock)).toBe(true);
    const start = performance.now();
    await train();
    expect(performance.now() - start).toBeLessThan(2000);
    expect(readdirSync(folder)).toEqual(['run']);
  });

  test('its number may be used again: by another start it is another process', async () => {
    const { start } = await thisProcess();
    writeFileSync(lock, await holds({ start: start + 1 }));
    await train();
    writeFileSync(lock, await holds());
    await expect(train()).rejects.toBeInstanceOf(FileLockedError);
  });

  test('of another machine or container nothing is known: two minutes after the last renewal it is nobody’s', async () => {
    writeFileSync(lock, await holds(ELSEWHERE));
    age(STALE_SECONDS - 15);
    await expect(train()).rejects.toThrow(/held by process 1 on a machine, since yesterday/);
    age(STALE_SECONDS + 5);
    await train();
    expect(existsSync(lock)).toBe(false);
  });

  test.each([
    ['nothing', ''],
    ['half of one', '{"host":"01'],
    ['something else', 'a text'],
    ['wrong fields', '{"host":1}'],
    ['more than any lock', 'x'.repeat(5000)],
  ])('a lock that says nobody’s name is held for two minutes: %s', async (_, content) => {
    writeFileSync(lock, content);
    await expect(train()).rejects.toThrow(/held by a file that does not say who holds it/);
    age(STALE_SECONDS + 5);
    await train();
  });

  test('a link in its place is not followed', async () => {
    const victim = join(folder, 'victim');
    writeFileSync(victim, await holds(ELSEWHERE));
    for (const to of [victim, 'nothing', '/dev/zero']) {
      symlinkSync(to, lock);
      await expect(train()).rejects.toBeInstanceOf(FileLockedError);
      rmSync(lock);
    }
    expect(readFileSync(victim, 'utf8')).toBe(await holds(ELSEWHERE));
  });

  test('of many who find a lock that is nobody’s one takes it', async () => {
    for (let i = 0; i < 10; i++) {
      writeFileSync(lock, await holds(ELSEWHERE));
      age(STALE_SECONDS + 5);
      const tries = await Promise.allSettled(Array.from({ length: 12 }, () => acquireLock(path)));
      const taken = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      const still = await Promise.allSettled(taken.map(({ token }) => renewLock(path, token)));
      expect(still.filter(({ status }) => status === 'fulfilled').length).toBe(1);
      for (const each of tries) if (each.status === 'rejected') expect(each.reason.name).toBe('FileLockedError');
      await Promise.all(taken.map((each) => each.release()));
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  test('of four processes, too', async () => {
    writeFileSync(lock, await holds({ start: 1 }));
    const all = Array.from({ length: 4 }, () => holder());
    const said = await Promise.all(all.map((each) => each.line()));
    expect(said.filter((line) => line === 'held').length).toBe(1);
    expect(said.filter((line) => line.startsWith('FileLockedError')).length).toBe(3);
    all[said.indexOf('held')].child.stdin?.end('go on\n'); // the others have ended
    await Promise.all(all.map(({ ended }) => ended));
    expect(readdirSync(folder)).toEqual(['run']);
  });
});

describe('who lost the lock writes nothing more', () => {
  test.each([
    [
      'another has taken it over',
      async () => writeFileSync(lock, await holds(ELSEWHERE)),
      /held by process 1 on a machine/,
    ],
    ['it was removed', async () => rmSync(lock), /no longer this training's: its lock, .* was removed/],
  ])('%s', async (_, lose, message) => {
    let before = '';
    const onEpoch = async ({ epoch }: { epoch: number }) => {
      if (epoch !== 2) return;
      before = readFileSync(path, 'latin1');
      await lose();
    };
    const run = train({ onEpoch });
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.toBeInstanceOf(FileLockedError);
    expect(readFileSync(path, 'latin1')).toBe(before);
    if (existsSync(lock)) expect(readFileSync(lock, 'utf8')).toBe(await holds(ELSEWHERE)); // not its to remove
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('in a worker: the error keeps its class', async () => {
    const onEpoch = ({ epoch }: { epoch: number }) => {
      if (epoch === 2) rmSync(lock);
    };
    await expect(train({ onEpoch, background: true })).rejects.toBeInstanceOf(FileLockedError);
  });

  test('it is renewed every ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const held = await acquireLock(path);
      for (let i = 0; i < 3; i++) {
        age(60);
        vi.advanceTimersByTime(10_000);
        await vi.waitFor(() => expect(Date.now() - statSync(lock).mtimeMs).toBeLessThan(30_000));
      }
      await held.release();
      expect(vi.getTimerCount()).toBe(0);
      expect(existsSync(lock)).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  test('every save renews it', async () => {
    let renewed = 0;
    const onEpoch = ({ epoch }: { epoch: number }) => {
      if (epoch === 2) renewed = Date.now() / 1000 - statSync(lock).mtimeMs / 1000;
      age(60);
    };
    await train({ onEpoch });
    expect(renewed).toBeLessThan(50);
  });
});

test('where there are no links a lock is a file that was not there', async () => {
  const { link } = fsp;
  fsp.link = () => Promise.reject(Object.assign(new Error('EPERM'), { code: 'EPERM' }));
  syncBuiltinESMExports();
  try {
    const first = await acquireLock(path);
    await expect(acquireLock(path)).rejects.toMatchObject({ name: 'FileLockedError' });
    await renewLock(path, first.token);
    await first.release();
    await train();
    await train();
  } finally {
    fsp.link = link;
    syncBuiltinESMExports();
  }
  expect(readdirSync(folder)).toEqual(['run']);
});

describe('a path that cannot be written is refused before the first epoch', () => {
  const epochs: number[] = [];
  const onEpoch = ({ epoch }: { epoch: number }) => epochs.push(epoch);

  test.each([
    ['no folder', () => join(folder, 'no', 'such'), /"checkpoint.path" is .*, but the folder .* cannot be read/],
    ['a file as folder', () => join(PROGRAM.pathname, 'run'), /but the folder .*holder.mjs cannot be read/],
    ['a folder', () => folder, /but that is a folder/],
    ['a device', () => '/dev/null', /but that is no file/],
    ['too long a name', () => join(folder, 'n'.repeat(254)), /but its name is too long/],
  ])('%s', async (_, where, message) => {
    const run = train({ onEpoch, checkpoint: { path: where() } });
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.toMatchObject({ name: 'ValueError' });
    expect(epochs).toEqual([]);
  });

  test.skipIf(process.getuid?.() !== 0)('a folder that may not be written to', async () => {
    chmodSync(root, 0o755);
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'own'));
    path = join(folder, 'own', 'run');
    chmodSync(join(folder, 'own'), 0o755);
    const each = holder('65534');
    expect(await each.line()).toMatch(
      /^ValueError: "checkpoint.path" is .*run, but no file may be written into its folder/,
    );
    await each.ended;
  });
});
