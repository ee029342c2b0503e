// A training reads all it is given before fit returns, and trains parameters of its own: whatever a program does to arrays,
// options and network afterwards, in a callback or beside it, changes nothing, here and in a worker.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createEngine, engine, Matrix, random } from 'bitgrad';
import { type FitOptions, train } from 'bitgrad/train';
import { describe, expect, test, vi } from 'vitest';

const ROWS = 40;
const rng = random(1);
const X = rng.randn(ROWS, 2);
const y: number[] = Array.from({ length: ROWS }, (_, i) => (X.get(i, 0) * X.get(i, 1) > 0 ? 1 : 0));
const OPTIONS = { inputs: 2, layers: [{ units: 5, activation: 'tanh' as const }, 1], seed: 1 };
const network = () => engine.network(OPTIONS);
type Net = ReturnType<typeof network>;
const bits = (net: Net) => Buffer.from(net.parameters.slice().buffer).toString('hex');

/** Everything that a caller can change afterwards. */
function given(background: boolean) {
  const seen: number[] = [];
  const options = {
    background,
    epochs: 5,
    batchSize: 8,
    optimizer: { name: 'adam' as const, learningRate: 0.1 },
    schedule: { name: 'step' as const, every: 2 },
    earlyStopping: { patience: 50 },
    metrics: ['mse' as const],
    sampleWeight: Float64Array.from(y, (label) => 1 + label),
    validationData: { X: X.toArray().slice(0, 9), y: y.slice(0, 9) },
    callbacks: [{ onEpoch: ({ epoch }: { epoch: number }) => void seen.push(epoch) }],
  };
  const spoil = () => {
    options.epochs = 1;
    options.batchSize = 1;
    options.optimizer.learningRate = 100;
    options.schedule.every = 1;
    options.earlyStopping.patience = 1;
    options.metrics.pop();
    options.sampleWeight.fill(0);
    options.validationData.X[0][0] = Number.NaN;
    options.validationData.y.length = 2;
    options.callbacks[0].onEpoch = () => expect.fail('a callback that was not given');
    options.callbacks.push({ onEpoch: () => expect.fail('a callback that was not given') });
  };
  return { options, spoil, seen };
}

async function undisturbed(): Promise<string> {
  const net = network();
  await net.fit(X, y, given(false).options);
  return bits(net);
}

const FORMS: Record<string, () => [unknown, () => void]> = {
  rows: () => {
    const rows = X.toArray();
    return [rows, () => rows.forEach((row) => row.fill(Number.NaN))];
  },
  'typed rows': () => {
    const rows = X.toArray().map((row) => Float64Array.from(row));
    return [rows, () => rows.splice(0)];
  },
  'a plain matrix': () => {
    const plain = { rows: ROWS, cols: 2, data: X.data.slice() };
    return [plain, () => plain.data.fill(Number.NaN)];
  },
  'a plain matrix of numbers': () => {
    const plain = { rows: ROWS, cols: 2, data: Array.from(X.data) };
    return [plain, () => plain.data.fill(Number.NaN)];
  },
  'a Matrix': () => {
    const copy = new Matrix(ROWS, 2, X.data.slice());
    return [copy, () => copy.data.fill(Number.NaN)];
  },
  'a transferred buffer': () => {
    const plain = { rows: ROWS, cols: 2, data: X.data.slice() };
    return [plain, () => structuredClone(plain.data, { transfer: [plain.data.buffer as ArrayBuffer] })];
  },
  "another engine's matrix": () => {
    const other = createEngine({ backend: 'ts' }).matrix(X);
    return [other, () => other.dispose()];
  },
};

describe.each([false, true])('background: %s', (background) => {
  test.each(Object.keys(FORMS))('%s, and everything else, is spoilt after fit has returned', async (form) => {
    const [own, spoilRows] = FORMS[form]();
    const { options, spoil, seen } = given(background);
    const labels = [...y];
    const net = network();
    const run = net.fit(own as Matrix, labels, options);
    spoilRows();
    labels.fill(7);
    spoil();
    const { epochs } = await run;
    expect([epochs, seen]).toEqual([5, [1, 2, 3, 4, 5]]);
    expect(bits(net)).toBe(await undisturbed());
  });

  test('the network is locked: its setter and dispose are refused, what is written to its views is lost', async () => {
    const net = network();
    const { options } = given(background);
    const refused: string[] = [];
    const attempt = (work: () => void) => {
      try {
        work();
        refused.push('done');
      } catch (error) {
        refused.push(`${(error as Error).name}: ${(error as Error).message}`);
      }
    };
    const write = () => {
      net.weights[0].data.fill(7);
      net.parameters.fill(3);
      attempt(() => net.dispose());
      attempt(() => {
        net.parameters = net.parameters.slice();
      });
    };
    const epochs: string[] = [];
    const run = net.fit(X, y, {
      ...options,
      onEpoch: () => {
        epochs.push(bits(net));
        write();
      },
      onBatch: write,
    });
    write();
    await expect(net.fit(X, y, options)).rejects.toThrow('this network is being trained');
    await run;
    expect(bits(net)).toBe(await undisturbed());
    expect(new Set(refused)).toEqual(
      new Set(['ValueError: this network is being trained: await that, or abort it, first']),
    );
    expect(new Set(epochs).size).toBe(5);
    net.dispose();
    expect(net.disposed).toBe(true);
  });

  test('a training that is awaited twice trains once; iterated over and awaited, it is the same one', async () => {
    const data = { X, y };
    const { options } = given(background);
    const net = network();
    const training = net.train(X, y, options);
    const [a, b] = await Promise.all([training, training]);
    expect(a).toBe(b);
    expect(await training).toBe(a);
    expect(bits(net)).toBe(await undisturbed());
    for (const make of [(n: Net) => n.train(X, y, options), (n: Net) => train(n, data, options)]) {
      const other = network();
      const both = make(other);
      const epochs: number[] = [];
      for await (const { epoch } of both) epochs.push(epoch);
      expect([epochs, (await both).epochs]).toEqual([[1, 2, 3, 4, 5], 5]);
      expect(bits(other)).toBe(await undisturbed());
      const again = both[Symbol.asyncIterator]().next();
      await expect(again).rejects.toThrow('this training has begun already: call train again');
    }
  });
});

test('what is resident is used where it lies, and held until the training ends, however it ends', async () => {
  const whole = () => ({
    X: engine.matrix(X),
    y: engine.matrix(y.map((label) => [label])),
    w: engine.matrix(y.map((label) => [1 + label])),
  });
  const { options } = given(false);
  const resident = whole();
  const held = { X: engine.matrix(X.toArray().slice(0, 9)), y: engine.matrix(y.slice(0, 9).map((label) => [label])) };
  const all = [resident.X, resident.y, resident.w, held.X, held.y];
  const refuse = () => {
    for (const matrix of all) expect(() => matrix.dispose()).toThrow('a training uses this where it lies: await that');
  };
  const net = network();
  const together = { ...options, sampleWeight: resident.w, validationData: held, onEpoch: refuse, onBatch: refuse };
  const run = net.fit(resident.X, resident.y, together);
  refuse();
  await run;
  expect(bits(net)).toBe(await undisturbed());
  await expect(net.fit(resident.X, resident.y, { ...together, epochs: 0 })).rejects.toThrow('"epochs"');
  await expect(net.fit(resident.X, [1], together)).rejects.toThrow('"y" has 1');
  const onEpoch = () => {
    throw new Error('enough');
  };
  await expect(net.fit(resident.X, resident.y, { ...together, onEpoch })).rejects.toThrow('enough');
  const memory = engine.info().memoryBytes;
  // A worker has copies.
  const there = network();
  const away = there.fit(resident.X, resident.y, {
    ...together,
    background: true,
    onEpoch: undefined,
    onBatch: undefined,
  });
  for (const matrix of all) matrix.dispose();
  await away;
  expect(bits(there)).toBe(await undisturbed());
  expect(all.every(({ disposed }) => disposed)).toBe(true);
  expect(engine.info().memoryBytes).toBe(memory);
});

test('train reads when it begins', async () => {
  const { options } = given(false);
  const rows = X.toArray().map((row) => row.map(() => 0));
  const net = network();
  const training = train(net, { X: rows, y }, options);
  rows.forEach((row, i) => row.splice(0, 2, X.get(i, 0), X.get(i, 1)));
  const run = training.then();
  rows.forEach((row) => row.fill(0));
  await run;
  expect(bits(net)).toBe(await undisturbed());
});

describe('hostile arguments', () => {
  test('options that change their answer are read once', async () => {
    const { options } = given(false);
    const reads: Record<string, number> = {};
    const once = <T extends object>(values: T, prefix = ''): T => {
      const wrapped = {};
      for (const [name, value] of Object.entries(values)) {
        const place = prefix + name;
        const nested = ['optimizer', 'schedule', 'earlyStopping', 'validationData'].includes(name);
        Object.defineProperty(wrapped, name, {
          enumerable: true,
          get() {
            reads[place] = (reads[place] ?? 0) + 1;
            if (reads[place] > 1) return Symbol('another');
            return nested ? once(value, `${place}.`) : value;
          },
        });
      }
      return wrapped as T;
    };
    const net = network();
    await train(net, once({ X, y }), once(options));
    expect(bits(net)).toBe(await undisturbed());
    expect(new Set(Object.values(reads))).toEqual(new Set([1]));
    expect(Object.keys(reads).length).toBeGreaterThan(15);
  });

  test('elements of proxies are read once: the numbers are those of the first time', async () => {
    const shifty = (row: number[]) => {
      const seen = new Set<string | symbol>();
      return new Proxy(row, {
        get(target, key) {
          if (typeof key === 'symbol' || !/^\d+$/.test(key)) return Reflect.get(target, key);
          if (seen.has(key)) return Number.NaN;
          seen.add(key);
          return Reflect.get(target, key);
        },
      });
    };
    const net = network();
    await net.fit(X.toArray().map(shifty), y, given(false).options);
    expect(bits(net)).toBe(await undisturbed());
    const shrinking = X.toArray();
    const late = new Proxy(shrinking[5], {
      get(target, key) {
        if (key === '0') shrinking.length = 3;
        return Reflect.get(target, key);
      },
    });
    shrinking[5] = late;
    const outcome = await net.fit(shrinking, y, given(false).options).catch((error: Error) => error);
    expect((outcome as Error).name).toMatch(/^(ValueError|ShapeError)$/);
    expect((outcome as Error).message).toMatch(/^"X"/);
  });

  test('an accessor that trains or frees the network meanwhile is met by a named error', async () => {
    const net = network();
    let inner: Promise<unknown> | undefined;
    const options = {
      ...given(false).options,
      get seed() {
        inner = net.fit(X, y, given(false).options);
        return 1;
      },
    };
    await expect(train(net, { X, y }, options)).rejects.toThrow('this network is being trained');
    await inner;
    expect(bits(net)).toBe(await undisturbed());
    const freeing = {
      get seed() {
        net.dispose();
        return 1;
      },
    };
    await expect(train(net, { X, y }, freeing)).rejects.toMatchObject({ name: 'DisposedError' });
  });

  test('methods of a class are callbacks too; what is no function is refused', async () => {
    class Logger {
      onEpoch() {
        counts.set(this, (counts.get(this) ?? 0) + 1);
      }
    }
    const counts = new Map<Logger, number>();
    await network().fit(X, y, { ...given(false).options, callbacks: [new Logger()] });
    expect([...counts.values()]).toEqual([5]);
    const bad = { ...given(false).options, callbacks: [{ onEpoch: 3 }] };
    await expect(network().fit(X, y, bad as never)).rejects.toThrow('"onEpoch" must be a function, got 3');
  });

  test('whatever someone added to Object.prototype is no option, and no argument', async () => {
    const code = `
      import { engine } from 'bitgrad';
      import { train } from 'bitgrad/train';
      const X = ${JSON.stringify(X.toArray())};
      const y = ${JSON.stringify(y)};
      const make = () => engine.network(${JSON.stringify(OPTIONS)});
      const blocks = { blocks: 2, read: (i) => ({ X: X.slice(20 * i, 20 * i + 20), y: y.slice(20 * i, 20 * i + 20) }) };
      const bits = async () => {
        const nets = [];
        for (const background of [false, true]) {
          for (const data of [{ X, y }, blocks]) {
            for (const more of [{}, { optimizer: { name: 'sgd', momentum: 0.5 }, earlyStopping: {}, schedule: { name: 'cosine' } }]) {
              const net = make();
              await train(net, data, { background, epochs: 3, batchSize: 8, ...more });
              nets.push([...net.parameters].join());
            }
          }
          const net = make();
          await net.fit(X, y, { background, validationSplit: 0.2 });
          nets.push([...net.parameters].join());
          const fifth = make();
          await fifth.fit(X, y, { background, optimizer: 'lbfgs' });
          nets.push([...fifth.parameters].join());
        }
        return nets.join(';');
      };
      const before = await bits();
      const polluted = {
        sampleWeight: [1], foo: 1, signal: 1, epochs: 3, onEpoch: 5, onBatch: 5, callbacks: 1, background: 7, l2: 3, l1: 2,
        penalty: 'scikitLearn', validationData: 1, validationSplit: 0.5, earlyStopping: 1, monitor: 'x', metrics: 3,
        checkpoint: 1, batchSize: 1, momentum: 0.9, nesterov: true, warmup: 2, minimum: 1, shuffle: false, seed: -1,
        clipNorm: 1e-9, clipValue: 1e-9, learningRate: 9, classWeight: 1, trainSize: 0.1, testSize: 0.1, patience: 1,
        restoreBest: false, aborted: true, reason: 1, rate: 1,
      };
      for (const [name, value] of Object.entries(polluted)) {
        Object.defineProperty(Object.prototype, name, { value, enumerable: true, configurable: true, writable: true });
      }
      const after = await bits().catch((error) => error.stack);
      for (const name of Object.keys(polluted)) delete Object.prototype[name];
      console.log(after === before ? 'the same' : after);
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    });
    expect(stdout.trim()).toBe('the same');
  });
});

describe('messages', () => {
  test.each([
    [{ earlyStopping: { monitor: 'val_loss' }, validationSplit: 0.2 }, /"val_loss"; did you mean validationLoss\?/],
    [{ earlyStopping: { monitor: 'val_loss' } }, /monitor" "val_loss" needs "validationSplit" or "validationData"/],
    [
      { earlyStopping: { monitor: 'valMse' }, metrics: ['mse'], validationSplit: 0.2 },
      /"valMse"; did you mean validationMse\?/,
    ],
    [{ earlyStopping: { monitor: 'lost' } }, /must be one of loss, got "lost"; did you mean loss\?/],
    [{ earlyStopping: { monitr: 'loss' } }, /earlyStopping: unknown option "monitr"; did you mean monitor\?/],
    [{ optimizer: { name: 'adam', lerningRate: 1 } }, /unknown option "lerningRate"; did you mean learningRate\?/],
  ])('%j', async (options, message) => {
    await expect(network().fit(X, y, { background: false, ...options } as FitOptions)).rejects.toThrow(message);
  });

  test('too small a validation split says how many rows it is, and the cure', async () => {
    const classes = engine.network({
      inputs: 2,
      layers: [{ units: 1, activation: 'sigmoid' }],
      loss: 'binaryCrossEntropy',
    });
    await expect(classes.fit(X, y, { background: false, validationSplit: 0.01 })).rejects.toThrow(
      /^"validationSplit" 0.01 would hold out 1 of 40 rows, which cannot be: .*; give another part, more rows, or validationData$/,
    );
  });

  test('a cosine is not resumed with another number of epochs', async () => {
    const { mkdtemp, rm } = await import('node:fs/promises');
    const folder = await mkdtemp(`${(await import('node:os')).tmpdir()}/bitgrad-`);
    const checkpoint = { path: `${folder}/cosine`, resume: true };
    const options = { background: false, schedule: 'cosine' as const, checkpoint };
    await network().fit(X, y, { ...options, epochs: 3 });
    await expect(network().fit(X, y, { ...options, epochs: 6 })).rejects.toThrow(
      /of another training: its epochs is 3, here it is 6, and every rate of a cosine follows from their number/,
    );
    await rm(folder, { recursive: true });
  });
});

// Last: modules that are loaded afterwards are others than those above.
test('the first fit of a process, which has training to load first, reads as early as any other', async () => {
  for (const form of Object.keys(FORMS)) {
    if (form.includes('engine')) continue; // its class is another's, after the reset
    vi.resetModules();
    const fresh = (await import('../../src/index.js')) as unknown as { engine: typeof engine };
    const [own, spoilRows] = FORMS[form]();
    const { options, spoil } = given(false);
    const labels = [...y];
    const net = fresh.engine.network(OPTIONS);
    const run = net.fit(own as Matrix, labels, options);
    spoilRows();
    labels.fill(7);
    spoil();
    expect(() => net.dispose()).toThrow('this network is being trained');
    expect(() => {
      net.parameters = net.parameters.slice();
    }).toThrow('this network is being trained');
    await expect(net.fit(own as Matrix, labels, options)).rejects.toThrow('this network is being trained');
    await run;
    expect(bits(net)).toBe(await undisturbed());
  }
});
