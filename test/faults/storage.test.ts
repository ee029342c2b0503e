// Files of a browser: Blobs, Files and handles. Read like any file; written whole or not at all, whatever goes wrong; checkpoints
// there are one training's at a time, and resumed to the same bits. test/package/browsers/ has the same in browsers.

import { mkdtempSync, openAsBlob, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { PIECE } from '../../src/host/sha256.js';
import { engine } from '../../src/index.js';
import {
  FileFormatError,
  type FileHandleLike,
  fromBytes,
  type Loaded,
  load,
  MLPClassifier,
  type Saveable,
  save,
  toBytes,
} from '../../src/model/index.js';
import type { Network } from '../../src/network/network.js';
import { random } from '../../src/random/random.js';
import type { CheckpointOptions, FitOptions } from '../../src/train/index.js';
import '../../src/train/index.js';
import { domError, memoryNavigator } from '../support/storage.js';

const temp = mkdtempSync(join(tmpdir(), 'bitgrad-'));
afterAll(() => rmSync(temp, { recursive: true }));

let web = memoryNavigator();
beforeEach(() => {
  web = memoryNavigator();
  vi.stubGlobal('navigator', web.navigator);
});
afterEach(() => vi.unstubAllGlobals());

const net = (seed: number, units = 3) =>
  engine.network({ inputs: 2, layers: [{ units, activation: 'tanh' }, 1], seed });
const loadNet = (source: Parameters<typeof load>[0]) => load<Network>(source);
const bits = (model: Saveable) => Buffer.from(toBytes(model)).toString('hex');
const held = () => web.locks.held;
const names = () => [...web.root.entries.keys()].sort();

describe('what can be read', () => {
  const model = net(1);
  const bytes = toBytes(model);

  test.each<[string, () => Parameters<typeof load>[0] | Promise<Parameters<typeof load>[0]>]>([
    ['a Blob', () => new Blob([bytes])],
    ['a part of one', () => new Blob(['before', bytes, 'behind']).slice(6, 6 + bytes.length)],
    ['a File', () => new File([bytes], 'model.safetensors')],
    ['a handle', () => web.root.file('model.safetensors', bytes)],
    [
      "Node's Blob of a file",
      () => {
        writeFileSync(join(temp, 'model'), bytes);
        return openAsBlob(join(temp, 'model'));
      },
    ],
    [
      'one of another realm',
      () => {
        const blob = new Blob([bytes]);
        const given = {
          size: blob.size,
          slice: (a: number, b: number) => blob.slice(a, b),
          arrayBuffer: () => blob.arrayBuffer(),
        };
        return runInNewContext('({ ...given })', { given });
      },
    ],
  ])('%s', async (_, make) => {
    const copy = await loadNet(await make());
    expect(copy.parameters).toEqual(model.parameters);
    expect(copy.loadInfo).toEqual({ contractVersion: expect.any(Number), checksum: 'verified', warnings: [] });
  });

  test('in pieces: no part of a large file is larger than those', async () => {
    const large = engine.network({ inputs: 1000, layers: [1100], seed: 1 });
    const copy = await loadNet(await web.root.file('large', toBytes(large)));
    expect(copy.parameters).toEqual(large.parameters);
    expect(Math.max(...web.root.slices)).toBe(PIECE);
    copy.dispose();
    large.dispose();
  });

  test.each<[string, unknown, RegExp]>([
    ['bytes', bytes, /"source" must be the name of a file, a FileSystemFileHandle or a Blob, got a Uint8Array/],
    ['nothing', undefined, /got undefined/],
    ['a folder', memoryNavigator().root, /got a MemoryFolder/],
    ['a response', new Response('text'), /got a Response/],
  ])('but not %s', async (_, source, message) => {
    const loading = load(source as never);
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toMatchObject({ name: 'ValueError' });
  });
});

describe('a damaged file is refused in the words that a path has', () => {
  const bytes = toBytes(net(1));
  const rng = random(3);
  const damaged: [string, Uint8Array<ArrayBuffer>][] = [
    ['nothing', new Uint8Array()],
    ['another format', new TextEncoder().encode('{"a": 1}, and more')],
    ...Array.from({ length: 40 }, (_, i): [string, Uint8Array<ArrayBuffer>] => {
      const at = Math.floor(rng.rand() * bytes.length);
      if (i % 2) return [`torn at ${at}`, bytes.slice(0, at)];
      const flipped = bytes.slice();
      flipped[at] ^= 1 << (i % 8);
      return [`flipped at ${at}`, flipped];
    }),
  ];

  test.each(damaged)('%s', async (_, file) => {
    const path = join(temp, 'damaged');
    writeFileSync(path, file);
    const messages: string[] = [];
    const sources = [path, new Blob([file]), new File([file], 'damaged'), await web.root.file('damaged', file)];
    for (const source of sources) {
      const error = await load(source).catch((reason) => reason);
      expect(error).toBeInstanceOf(FileFormatError);
      messages.push(error.message);
    }
    const reason = messages[0].slice(path.length);
    expect(messages).toEqual([`${path}${reason}`, `the Blob${reason}`, `damaged${reason}`, `damaged${reason}`]);
  });

  test('one that becomes shorter while it is read', async () => {
    const blob = new Blob([bytes]);
    const slice = (from: number, to: number) => blob.slice(from, Math.min(to, bytes.length - 8));
    const lying = { size: bytes.length, slice, arrayBuffer: () => blob.arrayBuffer() };
    await expect(load(lying)).rejects.toBeInstanceOf(FileFormatError);
    await expect(load(lying)).rejects.toThrow('the file became shorter while it was read');
  });

  test('one that is gone: the host says so', async () => {
    const handle = await web.root.file('gone', bytes);
    await web.root.removeEntry('gone');
    await expect(load(handle)).rejects.toMatchObject({ name: 'NotFoundError' });
  });
});

describe('a model is saved whole or not at all', () => {
  test('into a new file, and over another', async () => {
    const file = await web.root.getFileHandle('model', { create: true });
    for (const seed of [1, 2]) {
      const model = net(seed, 2 + seed);
      await save(model, file);
      expect(await (await file.getFile()).arrayBuffer()).toEqual(toBytes(model).buffer);
      expect((await loadNet(file)).parameters).toEqual(model.parameters);
    }
    const classifier = await new MLPClassifier({ hiddenLayerSizes: [2], maxIter: 3, background: false }).fit(
      [[1], [2], [3], [4]],
      ['a', 'a', 'b', 'b'],
    );
    await save(classifier, file, { optimizer: false });
    expect(bits((await load(file)) as Saveable)).toBe(bits(fromBytes(toBytes(classifier, { optimizer: false }))));
    expect(names()).toEqual(['model']);
    expect(held()).toEqual([]);
  });

  test.each([
    ['no room', 'write', domError('QuotaExceededError', 'too much')],
    ['no room at the end', 'close', domError('QuotaExceededError', 'too much')],
    ['no permission', 'createWritable', domError('NotAllowedError', 'ask first')],
    ['anything else', 'write', new TypeError('the disk is gone')],
  ])('%s: the host says so, and the old one is there', async (_, where, error) => {
    const old = net(1);
    const file = await web.root.file('model', toBytes(old));
    let steps = 0;
    while (true) {
      let count = 0;
      web.root.fault = (what) => {
        if (what === where && count++ === steps) throw error;
      };
      const outcome = await save(net(2), file).catch((reason) => reason);
      web.root.fault = undefined;
      if (outcome === undefined) break;
      expect(outcome).toBe(error);
      expect((await loadNet(file)).parameters).toEqual(old.parameters);
      steps++;
    }
    expect(steps).toBe(where === 'write' ? 2 : 1); // all but the checksum, and that
    expect(names()).toEqual(['model']);
    expect(held()).toEqual([]);
  });

  test('of many at once the last call’s stays, and whoever reads meanwhile has a whole one', async () => {
    const models = Array.from({ length: 8 }, (_, i) => net(i + 1, 1 + (i % 3)));
    const file = await web.root.file('model', toBytes(models[0]));
    const handles = await Promise.all(models.map(() => web.root.getFileHandle('model')));
    const saves: Promise<void>[] = [];
    const loads: Promise<Loaded<Network>>[] = [];
    for (const [i, model] of models.entries()) {
      saves.push(save(model, handles[i]));
      loads.push(loadNet(handles[i]));
    }
    await Promise.all(saves);
    const read = await Promise.all(loads);
    expect(read.map(({ parameters }) => parameters)).toEqual(models.map(({ parameters }) => parameters));
    expect((await loadNet(file)).parameters).toEqual(models[7].parameters);
  });

  test('as it was at the call', async () => {
    const model = net(1);
    const before = model.parameters.slice();
    const file = await web.root.file('model');
    const saving = save(model, file);
    model.parameters.fill(0);
    await saving;
    expect((await loadNet(file)).parameters).toEqual(before);
  });

  test.each<[string, unknown, RegExp]>([
    ['a Blob', new Blob([]), /"target" must be the name of a file or a FileSystemFileHandle, got a Blob/],
    ['a handle of an old Safari', { kind: 'file', name: 'model', getFile: () => {} }, /it has no createWritable/],
  ])('%s cannot be written', async (_, target, message) => {
    await expect(save(net(1), target as never)).rejects.toThrow(message);
    await expect(save(net(1), target as never)).rejects.toMatchObject({ name: 'ValueError' });
  });
});

const EPOCHS = 6;
const X = Array.from({ length: 30 }, (_, i) => [Math.sqrt(i) - 3, Math.sqrt((i * 37) % 101) - 5]);
const y = X.map(([a, b]) => a * b);

/** The parameters at the end. */
async function train(options: FitOptions & { checkpoint: CheckpointOptions }): Promise<string> {
  const model = net(5);
  await model.fit(X, y, { epochs: EPOCHS, batchSize: 7, background: false, ...options });
  return model.parameters.join();
}

describe('checkpoints', () => {
  let whole = '';
  beforeAll(async () => {
    whole = await train({ checkpoint: { path: join(temp, 'whole') } });
  });

  test.each([1, 2])('a training that was stopped after any epoch goes on with the same bits: keep %i', async (keep) => {
    for (let stop = 1; stop < EPOCHS; stop++) {
      const folder = await web.root.getDirectoryHandle(`run-${stop}`, { create: true });
      const path = await folder.getFileHandle('run', { create: true });
      const checkpoint = { path, keep, resume: true };
      const seen: number[] = [];
      const onEpoch = ({ epoch }: { epoch: number }) => {
        seen.push(epoch);
        if (epoch === stop && seen.length === stop) throw new Error('stopped');
      };
      await expect(train({ checkpoint, onEpoch })).rejects.toThrow('stopped');
      expect(held()).toEqual([]);
      expect(await train({ checkpoint, onEpoch })).toBe(whole);
      expect(seen[stop]).toBe(stop); // the last one was not written, those before it were
      expect([...folder.entries.keys()]).toEqual(keep === 2 ? ['run', 'run.1'] : ['run']);
    }
  });

  test('a damaged one is refused; of two the one before it is used', async () => {
    const path = await web.root.getFileHandle('run', { create: true });
    const onEpoch = ({ epoch }: { epoch: number }) => epoch < 3;
    await train({ checkpoint: { path, keep: 2 }, onEpoch });
    const good = web.root.entries.get('run.1')?.bytes as Uint8Array<ArrayBuffer>;
    const last = web.root.entries.get('run')?.bytes as Uint8Array<ArrayBuffer>;
    const seen: number[] = [];
    const resume = () =>
      train({ checkpoint: { path, keep: 2, resume: true }, onEpoch: ({ epoch }) => void seen.push(epoch) });
    for (const bytes of [last.slice(0, 100), last.map((byte, i) => (i === last.length >> 1 ? byte ^ 1 : byte))]) {
      await web.root.file('run', bytes);
      await web.root.file('run.1', good);
      seen.length = 0;
      expect(await resume()).toBe(whole);
      expect(seen[0]).toBe(3);
      await web.root.file('run', bytes);
      await web.root.file('run.1', bytes);
      await expect(resume()).rejects.toThrow(/^no checkpoint can be used: run: .*; the one before it: /);
      await expect(resume()).rejects.toBeInstanceOf(FileFormatError);
    }
    await web.root.file('run', toBytes(net(1)));
    await expect(resume()).rejects.toThrow(/it is no checkpoint/);
  });

  test.each([
    ['a write', 'write'],
    ['an end', 'close'],
  ])('%s that fails ends it with the host’s error; the file before is there, and it is resumed', async (_, where) => {
    for (const keep of [1, 2]) {
      const path = await web.root.file('run');
      web.root.entries.delete('run.1');
      let closed = 0;
      web.root.fault = (what, name) => {
        if (what === 'close' && name === 'run') closed++;
        if (what === where && closed >= 2) throw domError('QuotaExceededError', 'too much');
      };
      const checkpoint = { path, keep };
      await expect(train({ checkpoint })).rejects.toMatchObject({ name: 'QuotaExceededError' });
      web.root.fault = undefined;
      expect(names()).toEqual(keep === 2 ? ['run', 'run.1'] : ['run']);
      expect(held()).toEqual([]);
      expect(await train({ checkpoint: { ...checkpoint, resume: true } })).toBe(whole);
    }
  });

  test('the copy of the one before it that fails, too: both are there as they were', async () => {
    const path = await web.root.getFileHandle('run', { create: true });
    const checkpoint = { path, keep: 2 };
    await train({ checkpoint, onEpoch: ({ epoch }) => epoch < 3 });
    const before = new Map([...web.root.entries].map(([name, { bytes }]) => [name, bytes]));
    web.root.fault = (what, name) => {
      if (what === 'write' && name === 'run.1') throw domError('QuotaExceededError', 'too much');
    };
    await expect(train({ checkpoint: { ...checkpoint, resume: true } })).rejects.toMatchObject({
      name: 'QuotaExceededError',
    });
    expect(new Map([...web.root.entries].map(([name, { bytes }]) => [name, bytes]))).toEqual(before);
  });

  test('one training has it at a time, and the one before it', async () => {
    const path = await web.root.getFileHandle('run', { create: true });
    const other = await web.root.getFileHandle('run.1', { create: true });
    const elsewhere = await (await web.root.getDirectoryHandle('b', { create: true })).getFileHandle('run', {
      create: true,
    });
    const refused = (given: CheckpointOptions) => {
      const second = train({ checkpoint: given });
      return Promise.all([
        expect(second).rejects.toThrow(/^run(\.1)? is used by another training: a page or a worker of this origin/),
        expect(second).rejects.toMatchObject({ name: 'FileLockedError' }),
      ]);
    };
    let tried = 0;
    const onEpoch = async ({ epoch }: { epoch: number }) => {
      if (epoch !== 2) return;
      await refused({ path: await web.root.getFileHandle('run') });
      await refused({ path: other });
      await train({ checkpoint: { path: elsewhere } });
      tried++;
    };
    expect(await train({ checkpoint: { path, keep: 2 }, onEpoch })).toBe(whole);
    expect(tried).toBe(1);
    expect(held()).toEqual([]);
    await train({ checkpoint: { path } });
  });

  test('a page that was just left may hold it for a moment', async () => {
    const path = await web.root.getFileHandle('run', { create: true });
    const leave = web.locks.request('bitgrad checkpoint /run', {}, () => new Promise((done) => setTimeout(done, 50)));
    expect(await train({ checkpoint: { path } })).toBe(whole);
    await leave;
  });

  test('one that is removed while it is trained: the host says so', async () => {
    const path = await web.root.getFileHandle('run', { create: true });
    const onEpoch = ({ epoch }: { epoch: number }) => (epoch === 3 ? web.root.removeEntry('run') : undefined);
    await expect(train({ checkpoint: { path }, onEpoch })).rejects.toMatchObject({ name: 'NotFoundError' });
    expect(held()).toEqual([]);
  });

  test('what killed browsers left half written is removed, and nothing else', async () => {
    const path = await web.root.getFileHandle('run', { create: true });
    for (const name of ['run.crswap', 'run.12.crswap', 'run.x.crswap', 'other.crswap', 'run.2'])
      await web.root.file(name);
    const saving = await (await web.root.getFileHandle('run')).createWritable();
    expect(names()).toContain('run.1.crswap');
    await train({ checkpoint: { path } });
    expect(names()).toEqual(['other.crswap', 'run', 'run.1.crswap', 'run.2', 'run.x.crswap']);
    await saving.abort();
  });

  describe('what cannot be written is refused before the first epoch', () => {
    const epochs: number[] = [];
    const onEpoch = ({ epoch }: { epoch: number }) => epochs.push(epoch);
    const withoutWriting: FileHandleLike = { kind: 'file', name: 'old', getFile: async () => new Blob([]) };

    test.each<[string, () => Promise<unknown>, 1 | 2, RegExp]>([
      ['an old Safari’s', async () => withoutWriting, 1, /but this host cannot replace a file as a whole/],
      ['two of a picked file', () => memoryNavigator().root.file('picked'), 2, /is picked, but two are kept in/],
      [
        'one that is gone',
        async () => {
          const handle = await web.root.file('gone');
          await web.root.removeEntry('gone');
          return handle;
        },
        1,
        /is gone, but it is not there any more/,
      ],
      [
        'one whose folder is gone',
        async () => {
          const folder = await web.root.getDirectoryHandle('folder', { create: true });
          const handle = await folder.file('lost');
          web.root.folders.delete('folder');
          web.root.resolve = async () => ['folder', 'lost'];
          return handle;
        },
        2,
        /is lost, but it is not there any more/,
      ],
      [
        'one that may not be written to',
        async () => {
          web.root.fault = (what) => {
            if (what === 'createWritable') throw domError('NotAllowedError');
          };
          return web.root.file('mine');
        },
        1,
        /is mine, but it may not be written to: the user must allow that/,
      ],
      [
        'one that is open',
        async () => {
          web.root.fault = (what) => {
            if (what === 'createWritable') throw domError('NoModificationAllowedError');
          };
          return web.root.file('open');
        },
        2,
        /is open, but another part of this program has it open/,
      ],
      ['a Blob', async () => new Blob([]), 1, /must be the name of a file or a FileSystemFileHandle, got a Blob/],
    ])('%s', async (_, path, keep, message) => {
      const run = train({ checkpoint: { path: (await path()) as FileHandleLike, keep }, onEpoch });
      await expect(run).rejects.toThrow(message);
      await expect(run).rejects.toThrow('"checkpoint.path" ');
      await expect(run).rejects.toMatchObject({ name: 'ValueError' });
      expect(epochs).toEqual([]);
      expect(held()).toEqual([]);
    });
  });

  test('a picked file takes one; of another training it is refused', async () => {
    const path = await memoryNavigator().root.file('picked');
    const onEpoch = ({ epoch }: { epoch: number }) => epoch < 3;
    await train({ checkpoint: { path }, onEpoch });
    await expect(train({ checkpoint: { path, resume: true }, batchSize: 5 })).rejects.toThrow(
      /"checkpoint" picked is of another training: its batchSize is 7, here it is 5/,
    );
    expect(await train({ checkpoint: { path, resume: true } })).toBe(whole);
  });

  test('without locks and a folder of its own, as in Node, a handle serves as well', async () => {
    vi.stubGlobal('navigator', undefined);
    const path = await web.root.file('run');
    await train({ checkpoint: { path }, onEpoch: ({ epoch }) => epoch < 3 });
    expect(await train({ checkpoint: { path, resume: true } })).toBe(whole);
  });
});
