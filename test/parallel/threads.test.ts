// Threads, through the built package: the bits of one thread with any number of them, whatever becomes of those.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createEngine, type Engine, type Matrix, ValueError } from 'bitgrad';
import { activations } from 'bitgrad/layers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { random } from '../../src/random/random.js';
import { LONG } from '../support/long.js';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('faulty.mjs', import.meta.url));
const STARVED = fileURLToPath(new URL('starved.mjs', import.meta.url));

interface Outcome {
  before: number;
  after: number;
  reason: string;
  wrong: string[];
  slowest: number;
  last: boolean;
}

async function faulty(...options: string[]): Promise<Outcome> {
  const { stdout } = await run(process.execPath, [PROGRAM, ...options], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}

/** A thread is waited for so long before it is taken for lost. */
const LOST_MS = 1500;

describe('whatever becomes of threads', () => {
  test.each([
    ['none', '2', 'wasm', '10'],
    ['slow', '3', 'wasm', '5'],
    ['slow', '2', 'ts', '2'],
    ...(LONG
      ? [
          ['none', '3', 'ts', '40', '20000'],
          ['slow', '3', 'wasm', '10', '20000'],
          ['slow', '2', 'ts', '10', '20000'],
        ]
      : []),
  ])('%s: the bits are those of one (%s, %s, %s times)', async (...how: string[]) => {
    const { before, after, wrong } = await faulty(...how);
    expect(wrong).toEqual([]);
    expect([before, after]).toEqual([Number(how[1]), Number(how[1])]);
  });

  test.each(['exits', 'hangs', 'throws', 'terminated'])(
    'one that %s is noticed, the call has the bits of one, and so have the next',
    async (how) => {
      // Turns at most, of which few are needed; that they were terminated is noticed when the turns are over.
      const turns = how !== 'terminated' ? '400' : LONG ? '40' : '12';
      const { before, after, reason, wrong, slowest, last } = await faulty(how, '3', 'wasm', turns);
      expect(before).toBe(3);
      expect(after).toBe(1);
      expect(reason).toMatch(/ended/);
      expect(wrong).toEqual([]);
      expect(last).toBe(true);
      expect(slowest).toBeLessThan(LOST_MS);
    },
  );

  // Whether all of them stay is another matter where cores are few.
  test.runIf(LONG)('slow in 3 threads, a thousand times', async () => {
    const { before, wrong } = await faulty('slow', '3', 'wasm', '1000', '20000');
    expect([wrong, before]).toEqual([[], 3]);
  });

  test.runIf(LONG && process.platform !== 'win32').each(['stopped', 'busy'])(
    'those that only come to nothing (%s) are not taken for lost',
    async (how) => {
      const { stdout } = await run(process.execPath, [STARVED, how]);
      const { before, after, calls, wrong } = JSON.parse(stdout);
      expect([before, after, wrong]).toEqual([3, 3, 0]);
      expect(calls).toBeGreaterThan(0);
    },
  );

  test.each(['refused', 'unavailable'])('where they are %s one works', async (how) => {
    const { before, after, wrong } = await faulty(how, '3', 'wasm', '4');
    expect([before, after]).toEqual([1, 1]);
    expect(wrong).toEqual([]);
  });
});

/** A number that says whether arrays are the same, bit by bit. */
function bitsOf(data: ArrayLike<number>): number {
  let sum = 2166136261;
  const words = new Int32Array(Float64Array.from(data).buffer);
  for (let i = 0; i < words.length; i++) sum = Math.imul(sum ^ words[i], 16777619);
  return sum;
}

/** Until so many work: they are started by the first call that is worth it. */
async function started(engine: Engine, count: number): Promise<void> {
  const big = engine.zeros(300, 300);
  for (let tries = 0; engine.info().threads < count; tries++) {
    expect(tries).toBeLessThan(500);
    engine.matmul(big, big);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe.each(['wasm', 'ts'] as const)('%s', (backend) => {
  const one = createEngine({ backend, threads: 1 });
  // 16 of them, and more than a machine has, in the long run.
  const counts = LONG ? [2, 3, 4, 7, 16] : [2, 3, 5];
  const many = counts.map((threads) => createEngine({ backend, threads }));
  beforeAll(async () => {
    for (const [i, engine] of many.entries()) await started(engine, counts[i]);
  });
  afterAll(() => {
    for (const engine of many) engine.dispose();
  });

  test('networks of any layers, rows and calls', () => {
    const rng = random(1);
    const draw = () => rng.rand(1, 1).data[0];
    const pick = <T>(of: readonly T[]): T => of[Math.floor(draw() * of.length)];
    const chance = (p: number) => draw() < p;
    const hidden = ['tanh', 'relu', 'sigmoid', 'gelu', 'softplus', 'identity', ...activations] as const;
    const slow = backend === 'ts' && !LONG;
    for (let i = 0; i < (LONG ? (backend === 'ts' ? 60 : 200) : slow ? 6 : 12); i++) {
      const dtype = pick(['f64', 'f32'] as const);
      const rows = pick(slow ? [40, 257, 1100] : [1, 64, 257, 1024, 1500, 3000]);
      const inputs = pick([1, 3, 17, 70]);
      const layers = Array.from({ length: pick([1, 2, 3]) }, () =>
        pick([
          { units: pick([1, 4, 33, slow ? 40 : 150]), activation: pick(hidden) },
          { units: pick([16, slow ? 50 : 128]), activation: pick(hidden) },
          { kind: 'dropout', rate: 0.3 },
          { kind: 'layerNorm' },
          { kind: 'batchNorm' },
        ] as const),
      );
      const classes = chance(0.3);
      const last = { units: classes ? 5 : pick([1, 3, 10]), ...(classes && { activation: 'softmax' as const }) };
      const options = {
        inputs,
        layers: [...layers, last],
        dtype,
        seed: i,
        loss: classes ? 'crossEntropy' : pick(['squaredError', 'mae', 'huber'] as const),
      } as const;
      const X = { rows, cols: inputs, data: rng.rand(rows, inputs).data };
      const y = classes
        ? Array.from({ length: rows }, () => Math.floor(draw() * 5))
        : { rows, cols: last.units, data: rng.rand(rows, last.units).data };
      const how = {
        ...(chance(0.3) && { sampleWeight: rng.rand(rows, 1).data }),
        ...(chance(0.3) && { rowsSeen: 17 }),
      };
      const resident = chance(0.5);
      const calls = (engine: Engine) => {
        const net = engine.network(options);
        const x = resident ? engine.matrix(X, { dtype }) : X;
        const gradients = net.gradients(x, y, { ...how, wrtInputs: true });
        const out = net.zeroGradients({ rows });
        const { loss, inputs: ofInputs } = net.gradientsInto(x, y, out, how);
        const { weights, biases, inputs: ofX } = gradients;
        const arrays = [...weights, ...biases, ofX, net.forward(x), ofInputs].map((each) => bitsOf(each?.data ?? []));
        const result = [...arrays, gradients.loss, net.loss(x, y, how), loss, bitsOf(net.partialGradients(x, y).sums)];
        out.dispose();
        net.dispose();
        if ('dispose' in x) x.dispose();
        return result;
      };
      const expected = calls(one);
      // Each engine with one of the cases, so that they stay few: long runs have all.
      for (const engine of LONG ? many : [many[i % many.length], many[(i + 1) % many.length]]) {
        expect(calls(engine)).toEqual(expected);
      }
    }
  });

  test('losses that are functions, embeddings, gradients of each row', () => {
    const rng = random(11);
    const loss = (o: Matrix, y: Matrix) => ({
      loss: Array.from({ length: o.rows }, (_, i) => (o.data[2 * i] - y.data[2 * i]) ** 4 - o.data[2 * i + 1]),
      gradient: { ...o, data: o.data.map((x, i) => (i % 2 ? -1 : 4 * (x - y.data[i]) ** 3)) },
    });
    const nets = [
      { loss, layers: [{ units: 12, activation: 'tanh' }, { kind: 'dropout', rate: 0.3 }, 2] },
      { loss, layers: [{ kind: 'embedding', column: 1, categories: 5, units: 3 }, { kind: 'batchNorm' }, 2] },
      { layers: [{ kind: 'embedding', column: 1, categories: 5, units: 6 }, { units: 9, activation: 'gelu' }, 2] },
      { layers: [{ units: 20, activation: 'relu' }, { kind: 'layerNorm' }, 2] },
    ] as const;
    for (const [i, net] of nets.entries()) {
      for (const dtype of ['f64', 'f32'] as const) {
        for (const rows of backend === 'ts' && !LONG ? [1100] : [70, 1024, 3001]) {
          const data = rng.rand(rows, 3).data.map((x, at) => (at % 3 === 1 ? Math.floor(5 * x) : x));
          const y = { rows, cols: 2, data: rng.rand(rows, 2).data };
          const calls = (engine: Engine, resident: boolean) => {
            const own = engine.network({ inputs: 3, seed: i, dtype, ...net });
            const X = resident ? engine.matrix({ rows, cols: 3, data }, { dtype }) : { rows, cols: 3, data };
            const how = { rowsSeen: 33, sampleWeight: y.data.slice(0, rows) };
            const { weights, inputs, loss } = own.gradients(X, y, { ...how, wrtInputs: true });
            const out = own.zeroGradients({ rows });
            const { parameters, inputs: ofX } = own.gradientsInto(X, y, out);
            const arrays = [...weights.map((each) => each?.data ?? []), inputs.data, parameters, ofX.data];
            arrays.push(own.perSampleGradients(X, y).data, own.forward(X).data, own.gradientNorms(X, y));
            const result = [...arrays.map(bitsOf), loss, own.loss(X, y), own.loss(X, y, how)];
            own.dispose();
            return result;
          };
          const expected = calls(one, true);
          // Each engine with resident rows or with others, in turns: long runs have both.
          for (const [at, engine] of many.entries()) {
            const residents = LONG ? [true, false] : [(i + at + rows) % 2 === 0];
            for (const each of residents) expect(calls(engine, each)).toEqual(expected);
          }
        }
      }
    }
  });

  test('a loss that is a function: another network within it, what it throws, an engine that it disposes of', async () => {
    const rows = 2000;
    const X = { rows, cols: 3, data: random(1).rand(3 * rows) };
    const y = random(2).rand(rows);
    const make = (engine: Engine, within: (from: number) => void) => {
      let tile = 0;
      const loss = (o: Matrix, t: Matrix) => {
        within(tile++);
        return {
          loss: o.data.map((x, i) => (x - t.data[i]) ** 2),
          gradient: { ...o, data: o.data.map((x, i) => 2 * (x - t.data[i])) },
        };
      };
      return engine.network({ inputs: 3, layers: [{ units: 12, activation: 'tanh' }, 1], seed: 1, loss });
    };
    const expected = bitsOf(make(one, () => {}).gradients(X, y).weights[0].data);
    const ofOther = (engine: Engine) =>
      bitsOf(engine.network({ inputs: 3, layers: [8, 1], seed: 2 }).gradients(X, y).weights[0].data);
    const other = ofOther(one);
    for (const engine of many) {
      const seen: number[] = [];
      const net = make(engine, () => seen.push(ofOther(engine)));
      expect(bitsOf(net.gradients(X, y).weights[0].data)).toBe(expected);
      expect(seen).toEqual(new Array(8).fill(other));
      let broken = true;
      const failing = make(engine, (tile) => {
        if (broken && tile === 5) throw new RangeError('no more');
      });
      expect(() => failing.gradients(X, y)).toThrow(new RangeError('no more'));
      broken = false;
      expect(bitsOf(failing.gradients(X, y).weights[0].data)).toBe(expected);
      expect(() => make(engine, () => net.dispose()).gradients(X, y)).not.toThrow();
    }
    const mine = createEngine({ backend, threads: 3 });
    await started(mine, 3);
    const ending = make(mine, (tile) => tile === 3 && mine.dispose());
    for (let i = 0; i < 3; i++) expect(bitsOf(ending.gradients(X, y).weights[0].data)).toBe(expected);
    expect(mine.info().threads).toBe(1);
  });

  test('the first category that is none is the one that is told, in whatever tile', () => {
    const rows = 3000;
    for (const wrong of [[2999], [2600, 300], [1, 2999]]) {
      const data = Float64Array.from({ length: rows }, (_, i) => (wrong.includes(i) ? 100 + i : i % 5));
      const layers = [{ kind: 'embedding', column: 0, categories: 5, units: 40 }, 1] as const;
      for (const engine of many) {
        const net = engine.network({ inputs: 1, layers, seed: 1 });
        const first = new RegExp(`holds ${100 + Math.min(...wrong)}$`);
        for (let i = 0; i < 5; i++) {
          expect(() => net.forward({ rows, cols: 1, data })).toThrow(first);
          expect(() => net.gradients({ rows, cols: 1, data }, data)).toThrow(first);
          expect(() => net.perSampleGradients({ rows, cols: 1, data }, data)).toThrow(first);
        }
      }
    }
  });

  test('numbers that look like addresses, and what a kernel finds wrong in a thread', () => {
    const rows = 3000;
    const X = { rows, cols: 2, data: random(5).rand(2 * rows) };
    const y = random(6).rand(rows);
    const huge = { sampleWeight: new Float64Array(rows).fill(1e6) };
    const wrong = { rows, cols: 1, data: Float64Array.from({ length: rows }, (_, i) => (i === 1500 ? 9 : i % 5)) };
    const bits = (engine: Engine, options: object, how = {}) => {
      const net = engine.network({ inputs: 2, layers: [{ units: 16, activation: 'tanh' }, 1], seed: 1, ...options });
      const out = net.zeroGradients({ rows });
      const { parameters, inputs } = net.gradientsInto(X, y, out, how);
      return bitsOf([...parameters, ...inputs.data]);
    };
    for (const engine of many) {
      for (let i = 0; i < 5; i++) {
        expect(bits(engine, {}, huge)).toBe(bits(one, {}, huge));
        const huber = { loss: 'huber', huberDelta: 3e9 };
        expect(bits(engine, huber)).toBe(bits(one, huber));
        const layers = [{ kind: 'embedding', column: 0, categories: 5, units: 40 }, 1] as const;
        expect(() => engine.network({ inputs: 1, layers, seed: 1 }).forward(wrong)).toThrow(ValueError);
      }
    }
  });

  test('trainings, in a worker and here, and resumed under another number of threads', async () => {
    const rng = random(2);
    const [rows, inputs] = backend === 'ts' && !LONG ? [300, 40] : [600, 64];
    const X = { rows, cols: inputs, data: rng.rand(rows, inputs).data };
    const y = Array.from({ length: rows }, (_, i) => i % 4);
    const layers = [
      { units: 256, activation: 'relu' },
      { units: 4, activation: 'softmax' },
    ] as const;
    const options = { inputs, layers, loss: 'crossEntropy', dtype: 'f32', seed: 3 } as const;
    for (const optimizer of ['adam', 'lbfgs', 'muon'] as const) {
      const fit = {
        optimizer,
        epochs: 4,
        seed: 5,
        background: false,
        ...(optimizer !== 'lbfgs' && { batchSize: 150 }),
      } as const;
      const net = one.network(options);
      await net.fit(X, y, fit);
      for (const engine of many.slice(0, 2)) {
        for (const background of [false, true]) {
          const other = engine.network(options);
          await other.fit(X, y, { ...fit, background });
          expect(other.parameters).toEqual(net.parameters);
          other.dispose();
        }
      }
      net.dispose();
    }
  });
});

describe('options', () => {
  test.each([0, 65, 1.5, '2', null, Number.NaN])('threads: %s is refused', (threads) => {
    expect(() => createEngine({ threads: threads as number })).toThrow(ValueError);
    expect(() => createEngine({ threads: threads as number })).toThrow(/"threads" must be/);
  });

  test('BITGRAD_THREADS says how many, and what is none is refused', async () => {
    const program = `import { engine } from 'bitgrad';
      const a = engine.zeros(400, 400);
      for (let i = 0; i < (process.env.BITGRAD_THREADS === '1' ? 10 : 500) && engine.info().threads < 2; i++) {
        engine.matmul(a, a);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const { threads, threadsReason } = engine.info();
      console.log(threads, threadsReason);`;
    const print = async (value: string) => {
      const env = { ...process.env, BITGRAD_THREADS: value };
      return (await run(process.execPath, ['--input-type=module', '-e', program], { env })).stdout.trim();
    };
    expect(await print('2')).toBe('2 BITGRAD_THREADS: 2');
    expect(await print('1')).toBe('1 BITGRAD_THREADS: 1');
    await expect(print('many')).rejects.toThrow(/"BITGRAD_THREADS" must be/);
  });

  test('a program that does nothing else ends, whatever threads wait', async () => {
    const program = `import { createEngine } from 'bitgrad';
      const engine = createEngine({ threads: 3 });
      const a = engine.zeros(400, 400);
      for (let i = 0; i < 30; i++) engine.matmul(a, a);`;
    await run(process.execPath, ['--input-type=module', '-e', program], { timeout: 20_000 });
  });

  test('many engines, disposed of or not, leave no thread', async () => {
    const program = `import { createEngine } from 'bitgrad';
      import { readdirSync } from 'node:fs';
      const count = () => readdirSync('/proc/self/task').length;
      const rest = () => new Promise((resolve) => setTimeout(resolve, 20));
      const some = async (n) => {
        for (let i = 0; i < n; i++) {
          const engine = createEngine({ threads: 2 });
          const a = engine.zeros(300, 300);
          engine.matmul(a, a);
          if (i % 2) engine.dispose();
          if (i % 10 === 0) { await rest(); gc(); }
        }
      };
      const settled = async () => {
        let after = Infinity;
        for (let i = 0; i < 200 && after > before + 8; i++) { gc(); await rest(); after = count(); }
        return [after, process.memoryUsage().rss >> 20];
      };
      const before = count();
      await some(10);
      const [, mebibytes] = await settled();
      await some(${LONG ? 1000 : 40});
      console.log(before, ...(await settled()), mebibytes);`;
    const { stdout } = await run(process.execPath, ['--expose-gc', '--input-type=module', '-e', program]);
    const [before, after, more, mebibytes] = stdout.split(' ').map(Number);
    // Node's own may be some more.
    expect(after).toBeLessThanOrEqual(before + 8);
    // A thread is 25 MB.
    expect(more).toBeLessThan(mebibytes + 150);
  }, 120_000);

  test('an engine that has too little memory for threads works alone, or shares what it has room for', async () => {
    const one = createEngine({ threads: 1 });
    const options = { inputs: 40, layers: [{ units: 200, activation: 'tanh' }, 1], seed: 1 } as const;
    const X = { rows: 3000, cols: 40, data: random(1).rand(120_000) };
    const y = random(2).rand(3000);
    const expected = bitsOf(one.network(options).gradients(X, y).weights[0].data);
    for (const memoryBytes of [1 << 22, 1 << 23, 3 << 22]) {
      const engine = createEngine({ threads: 3, memoryBytes });
      const net = engine.network(options);
      for (let i = 0; i < (LONG ? 20 : 6); i++) {
        expect(bitsOf(net.gradients(X, y).weights[0].data)).toBe(expected);
        await new Promise((resolve) => setTimeout(resolve, 15));
      }
      expect(net.forward(X).rows).toBe(3000);
      engine.dispose();
    }
  });

  test('what is kept for the next call is given back when memory would run out', async () => {
    const engine = createEngine({ threads: 2, memoryBytes: 64 << 20 });
    await started(engine, 2);
    const rows = 500_000;
    const X = { rows, cols: 8, data: random(1).rand(8 * rows) };
    const y = random(2).rand(rows);
    const net = engine.network({ inputs: 8, layers: [4, 1], seed: 1 });
    const bits = () => bitsOf(net.gradients(X, y).weights[0].data);
    const expected = bits();
    // X, y and their sums have taken 36 MB; together with this there is no room.
    for (let i = 0; i < 3; i++) {
      const large = engine.zeros(1, 5_000_000);
      expect(bits()).toBe(expected);
      large.dispose();
      expect(bits()).toBe(expected);
    }
    engine.dispose();
  });

  test('after dispose() one works on', () => {
    const engine = createEngine({ threads: 2 });
    const a = engine.zeros(300, 300);
    engine.matmul(a, a);
    engine.dispose();
    engine.dispose();
    expect(engine.matmul(a, a).rows).toBe(300);
    expect(engine.info()).toMatchObject({ threads: 1, threadsReason: 'the engine was disposed' });
  });
});
