// Several writers of one path: every save succeeds, and whoever reads finds one whole model. What else stands at the path, or is
// put in the way, stays as it was.

import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { removeLeftovers, temporaryName, writeFileAtomic } from '../../src/files/files.js';
import { thisProcess } from '../../src/host/file-system.js';
import { engine } from '../../src/index.js';
import { load, save } from '../../src/model/index.js';
import type { Network } from '../../src/network/network.js';

const PROGRAM = new URL('writer.mjs', import.meta.url);
const ROUNDS = 10;

const root = mkdtempSync(join(tmpdir(), 'bitgrad-'));
afterAll(() => rmSync(root, { recursive: true }));
let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'test-'));
  path = join(folder, 'model');
});
afterEach(() => {
  vi.restoreAllMocks();
});

const options = { inputs: 5, layers: [{ units: 400, activation: 'tanh' as const }, 3] };
const model = (seed: number) => engine.network({ ...options, seed });
const bits = (net: Network) => Buffer.from(net.parameters.slice().buffer).toString('hex');
const text = (content: string) => ({ parts: [Buffer.from(content)] });

describe('two writers of one path', () => {
  const models = [1, 2].map((seed) => bits(model(seed)));

  /** Reads while they write, and afterwards. */
  async function watch(writers: Promise<unknown>[]): Promise<number> {
    await save(model(1), path);
    let over = false;
    const done = Promise.all(writers).finally(() => {
      over = true;
    });
    let reads = 0;
    const seen = new Set<string>();
    while (!over || reads === 0) {
      const read = bits(await load<Network>(path));
      expect(models).toContain(read);
      seen.add(read);
      reads++;
    }
    await done;
    expect(models).toContain(bits(await load<Network>(path)));
    expect(readdirSync(folder)).toEqual(['model']);
    return seen.size;
  }

  test('in one thread: of eight saves at once all succeed', async () => {
    const nets = [1, 2].map(model);
    await watch(
      Array.from({ length: 5 }, (_, i) => Promise.all(Array.from({ length: 8 }, () => save(nets[i % 2], path)))),
    );
  });

  test('in two threads', async () => {
    const thread = (seed: number) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(PROGRAM, { workerData: [path, seed, ROUNDS] });
        worker.on('error', reject);
        worker.on('exit', resolve);
      });
    await watch([thread(1), thread(2)]);
  });

  test('in two processes', async () => {
    const child = (seed: number) =>
      new Promise<void>((resolve, reject) => {
        const process_ = spawn(process.execPath, [fileURLToPath(PROGRAM), path, String(seed), String(ROUNDS)], {
          stdio: 'inherit',
        });
        process_.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`exit code ${code}`))));
      });
    await watch([child(1), child(2)]);
  });

  test('with the file before kept: both names are whole', async () => {
    const writes = Array.from({ length: 16 }, (_, i) => writeFileAtomic(path, text(`whole ${i % 10}`), { keep: 2 }));
    await Promise.all(writes);
    for (const name of [path, `${path}.1`]) expect(readFileSync(name, 'utf8')).toMatch(/^whole \d$/);
    expect(readdirSync(folder).sort()).toEqual(['model', 'model.1']);
  });
});

describe('what stands in the way', () => {
  test('a link planted at the temporary name is not followed', async () => {
    vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => array); // names can be guessed only so
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'precious');
    symlinkSync(victim, await temporaryName(path));
    await expect(save(model(1), path)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(existsSync(path)).toBe(false);
    vi.restoreAllMocks();
    await save(model(1), path);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });

  test.each([0o600, 0o640, 0o444, 0o777])('permissions are kept: %o', async (mode) => {
    writeFileSync(path, 'old');
    chmodSync(path, mode);
    await save(model(1), path);
    expect(statSync(path).mode & 0o7777).toBe(mode);
    expect(bits(await load<Network>(path))).toBe(bits(model(1)));
  });

  test('a symbolic link stays, what it leads to is replaced: there, beside it, and not there yet', async () => {
    mkdirSync(join(folder, 'real'));
    const real = join(folder, 'real', 'model');
    symlinkSync(join('real', 'model'), join(folder, 'first'));
    symlinkSync('first', path); // a link to a link, to nothing as yet
    for (const seed of [1, 2]) {
      await save(model(seed), path);
      expect(lstatSync(path).isSymbolicLink()).toBe(true);
      expect(readlinkSync(path)).toBe('first');
      expect(lstatSync(real).isFile()).toBe(true);
      expect(bits(await load<Network>(real))).toBe(bits(model(seed)));
    }
    expect(readdirSync(join(folder, 'real'))).toEqual(['model']);
    symlinkSync('loop', join(folder, 'loop'));
    await expect(save(model(1), join(folder, 'loop'))).rejects.toMatchObject({ code: 'ELOOP' });
  });

  test('a long name, and folders whose names look like other systems’', async () => {
    for (const name of ['n'.repeat(250), 'ä'.repeat(120), 'a\\b']) {
      await save(model(1), join(folder, name));
      expect(bits(await load<Network>(join(folder, name)))).toBe(bits(model(1)));
    }
  });

  test('a relative path is that of the moment of the call', async () => {
    const before = process.cwd();
    try {
      process.chdir(folder);
      const saving = save(model(1), 'relative');
      process.chdir(root);
      await saving;
      process.chdir(folder);
      const loading = load<Network>('relative');
      process.chdir(root);
      expect(bits(await loading)).toBe(bits(model(1)));
    } finally {
      process.chdir(before);
    }
  });

  test('a model is saved as it was at the call', async () => {
    const net = model(1);
    const before = bits(net);
    const saving = save(net, path);
    net.parameters = net.parameters.slice().fill(0);
    await saving;
    expect(bits(await load<Network>(path))).toBe(before);
  });

  test('a write that fails leaves the old file, and nothing else', async () => {
    await save(model(1), path);
    const beforeRename = async () => {
      throw new Error('no');
    };
    await expect(writeFileAtomic(path, text('half'), { beforeRename })).rejects.toThrow('no');
    expect(bits(await load<Network>(path))).toBe(bits(model(1)));
    expect(readdirSync(folder)).toEqual(['model']);
    await expect(save(model(1), '')).rejects.toThrow(
      '"target" must be the name of a file or a FileSystemFileHandle, got ""',
    );
    await expect(save(model(1), join(folder, 'no', 'such'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('leftovers: only those of processes of this host that have ended are removed', async () => {
  const { host, pid, start } = await thisProcess();
  const ended = spawn(process.execPath, ['-e', '0']);
  await new Promise((resolve) => ended.on('exit', resolve));
  const token = '0123456789abcdef';
  const gone = [`${host}-${ended.pid}-1-${token}`, `${host}-${pid}-${start - 1}-${token}`];
  const alive = [`${host}-${pid}-${start}-${token}`, `${host}-1-0-${token}`, `0123456789ab-${ended.pid}-1-${token}`];
  const files = (tags: string[]) => tags.flatMap((tag) => [`model.${tag}.tmp`, `model.lock.${tag}.tmp`]);
  const others = ['model', 'model.tmp', `model.x.${gone[0]}.tmp`, `other.${gone[0]}.tmp`, 'model.12.tmp'];
  // Of a checkpoint that is called model.lock, whose holder may live.
  others.push(`model.lock.${alive[2]}.locked.tmp`);
  for (const name of [...files(gone), ...files(alive), ...others]) writeFileSync(join(folder, name), '');
  await removeLeftovers(path);
  expect(readdirSync(folder).sort()).toEqual([...files(alive), ...others].sort());
});
