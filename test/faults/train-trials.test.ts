// What a trial of training found: each was wrong once. Through the built package, which has workers.

import { mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { network } from 'bitgrad';
import { train } from 'bitgrad/train';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-'));
afterAll(() => rmSync(folder, { recursive: true }));

const X = [[0], [1], [2], [3]];
const y = [1, 3, 5, 7];
const make = (seed = 1) => network({ inputs: 1, layers: [1], seed });

describe('more trainings than workers, each of which waits for another', () => {
  const many = Array.from({ length: availableParallelism() + 1 }, (_, i) => i);

  test('iterated side by side', async () => {
    const blocks = () => [{ X, y }];
    const all = many.map(() => train(make(), blocks, { epochs: 3 })[Symbol.asyncIterator]());
    for (let epoch = 1; epoch <= 3; epoch++) {
      for (const each of all) expect((await each.next()).value).toMatchObject({ epoch });
    }
    for (const each of all) expect((await each.next()).done).toBe(true);
  });

  test('a callback that trains another network', async () => {
    let inner = 0;
    const onEpoch = async () => {
      await make().fit(X, y, { epochs: 1, background: true });
      inner++;
    };
    await Promise.all(many.map(() => make().fit(X, y, { epochs: 1, background: true, onEpoch })));
    expect(inner).toBe(many.length);
  });

  test('those that nobody goes on with do not stop the others', async () => {
    for (const _ of many) await train(make(), { X, y }, { background: true })[Symbol.asyncIterator]().next();
    const { ran } = await make().fit(X, y, { epochs: 1, background: true });
    expect(ran.where).toBe('worker');
  });
});

describe('checkpoints', () => {
  const labels = { inputs: 1, layers: [{ units: 3, activation: 'softmax' as const }], loss: 'crossEntropy' as const };

  test('with a validation set more or less, or other weights, it is another training', async () => {
    const path = join(folder, 'validated');
    const validationData = { X, y };
    const resumed = { path, resume: true };
    await make().fit(X, y, { epochs: 2, checkpoint: { path } });
    const other = /is of another training: its validated is false, here it is true/;
    await expect(make().fit(X, y, { epochs: 4, validationData, checkpoint: resumed })).rejects.toThrow(other);
    const sampleWeight = [1, 2, 3, 4];
    await expect(make().fit(X, y, { epochs: 4, sampleWeight, checkpoint: resumed })).rejects.toThrow('its weighted is');
    await make().fit(X, y, { epochs: 2, validationData, checkpoint: { path } });
    await expect(make().fit(X, y, { epochs: 4, checkpoint: resumed })).rejects.toThrow('its validated is true');
    const net = () => network(labels);
    await net().fit(X, [0, 1, 2, 0], { epochs: 2, classWeight: [1, 2, 3], checkpoint: { path } });
    const fit = (classWeight?: number[]) => net().fit(X, [0, 1, 2, 0], { epochs: 4, classWeight, checkpoint: resumed });
    await expect(fit([3, 2, 1])).rejects.toThrow('its classWeight.0 is 1, here it is 3');
    await expect(fit()).rejects.toThrow('its classWeight is');
    expect((await fit([1, 2, 3])).epochs).toBe(4);
  });

  test('the file before is not written over that of another training', async () => {
    const path = join(folder, 'kept');
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let begun = () => {};
    const underway = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const onEpoch = () => {
      begun();
      return gate;
    };
    const first = make().fit(X, y, { epochs: 1, checkpoint: { path: `${path}.1` }, onEpoch });
    await underway;
    const second = make(2).fit(X, y, { epochs: 2, checkpoint: { path, keep: 2 } });
    await expect(second).rejects.toMatchObject({ name: 'FileLockedError' });
    open();
    await first;
    await make(2).fit(X, y, { epochs: 2, checkpoint: { path, keep: 2 } });
  });

  test('a path that is none, or leads nowhere', async () => {
    const loop = join(folder, 'loop');
    symlinkSync(loop, loop);
    for (const path of [`${folder}/a\0b`, `${folder}/new/`, loop]) {
      await expect(make().fit(X, y, { checkpoint: { path } }), path).rejects.toMatchObject({ name: 'ValueError' });
    }
  });

  test('a lock of the future is nobody’s', async () => {
    const path = join(folder, 'future');
    writeFileSync(`${path}.lock`, '');
    const time = new Date('2100-01-01');
    utimesSync(`${path}.lock`, time, time);
    expect((await make().fit(X, y, { epochs: 1, checkpoint: { path } })).epochs).toBe(1);
  });
});

describe('signals', () => {
  const quiet = { aborted: false, throwIfAborted() {}, addEventListener() {}, removeEventListener() {} };
  const thrown = () => {
    throw new Error('mine');
  };

  test.each([
    ['addEventListener', { ...quiet, addEventListener: thrown }],
    ['removeEventListener', { ...quiet, removeEventListener: thrown }],
    ['aborted', Object.defineProperty({ ...quiet }, 'aborted', { get: thrown })],
  ])('one whose %s throws leaves nothing locked', async (name, signal) => {
    const checkpoint = { path: join(folder, name) };
    for (const background of [false, true]) {
      const net = make();
      await expect(net.fit(X, y, { epochs: 2, signal, background, checkpoint })).rejects.toThrow('mine');
      expect((await net.fit(X, y, { epochs: 2, background, checkpoint })).epochs).toBe(2);
      net.dispose();
    }
  });

  test('any reason but undefined is that of the rejection', async () => {
    for (const reason of [null, 0, '']) {
      const controller = new AbortController();
      const onEpoch = () => controller.abort(reason);
      const { signal } = controller;
      const outcome = make().fit(X, y, { epochs: 9, background: false, signal, onEpoch });
      expect(await outcome.catch((error) => error)).toBe(reason);
    }
  });
});

test('many trainings on the main thread leave the event loop its turn as one does', async () => {
  const rows = Array.from({ length: 4000 }, (_, i) => [Math.sin(i), Math.cos(i)]);
  const targets = rows.map(([a, b]) => a * b);
  const wide = () => network({ inputs: 2, layers: [{ units: 32, activation: 'tanh' }, 1] });
  await wide().fit(rows, targets, { epochs: 3, background: false });
  const all = Array.from({ length: 16 }, () => wide().fit(rows, targets, { epochs: 6, background: false }));
  // Reading all of that took its time already.
  await new Promise((resolve) => setImmediate(resolve));
  const waits: number[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    waits.push(now - last);
    last = now;
  }, 1);
  await Promise.all(all);
  clearInterval(timer);
  waits.sort((a, b) => a - b);
  // All together took 16 times 8 ms. Another process may hold up some turns, not most.
  expect(waits[Math.floor(waits.length * 0.9)]).toBeLessThan(40);
});

test('data and schedules that cannot be', async () => {
  const named = { name: 'ValueError' };
  await expect(train(make(), (async () => [{ X, y }]) as never, { epochs: 1 })).rejects.toMatchObject(named);
  await expect(train(make(), (() => undefined) as never, { epochs: 1 })).rejects.toMatchObject(named);
  const blocks = { blocks: 2 ** 31, read: () => ({ X, y }) };
  await expect(train(make(), blocks, { epochs: 1 })).rejects.toThrow('"data.blocks" must be at most 1000000');
  await expect(make().fit(X, y, { epochs: 3e8, schedule: () => 0.01 })).rejects.toThrow('at most 1000000 epochs');
});
