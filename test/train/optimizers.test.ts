// Optimizers: kernels against their formulas, bit for bit; trajectories against PyTorch's and scikit-learn's; schedules.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { training } from '../../src/backend/training.js';
import { trainingReference } from '../../src/backend/ts/training.js';
import type { Dtype } from '../../src/kernels/contract.js';
import type { TrainingKernels } from '../../src/kernels/training.js';
import type { TypedArray } from '../../src/matrix/operand.js';
import { PARTS } from '../../src/network/calls.js';
import { whole } from '../../src/numbers/sliced.js';
import { random } from '../../src/random/random.js';
import { rateAt, readSchedule, type Schedule } from '../../src/train/loop/schedules.js';
import { Clipping } from '../../src/train/optimizers/clipping.js';
import { hasOption, kindOf, optimizers, readOptimizer } from '../../src/train/optimizers/optimizers.js';
import { Stepper } from '../../src/train/optimizers/stepper.js';
import { arrayOf, dtypes, entries, expectSameBits, rounding } from '../support/backends.js';

const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 100];
const [rate, a, b, e, root, keep] = [0.013, 0.83, 0.971, 1e-7, 0.37, 0.998];

type Slots = [g: number, s: number, t: number, p: number];

/** Each kernel as it is called, and its formula for one element: [p, s, t] after the step. */
const KERNELS: Record<
  keyof Omit<TrainingKernels, 'clip' | 'finite' | 'gather'>,
  {
    call: (k: TrainingKernels, n: number, at: Slots) => void;
    formula: (f: (x: number) => number, g: number, s: number, t: number, p: number) => number[];
    /** The slot that is never negative: a root is taken of it. */
    squares?: 's' | 't';
  }
> = {
  momentum: {
    call: (k, n, [g, s, , p]) => k.momentum(n, rate, a, g, s, p),
    formula(f, g, s, t, p) {
      const v = f(f(f(a) * s) - f(f(rate) * g));
      return [f(p + v), v, t];
    },
  },
  nesterov: {
    call: (k, n, [g, s, , p]) => k.nesterov(n, rate, a, g, s, p),
    formula(f, g, s, t, p) {
      const v = f(f(f(a) * s) - f(f(rate) * g));
      return [f(p + f(f(f(a) * v) - f(f(rate) * g))), v, t];
    },
  },
  adagrad: {
    call: (k, n, [g, s, , p]) => k.adagrad(n, rate, e, g, s, p),
    squares: 's',
    formula(f, g, s, t, p) {
      const sum = f(s + f(g * g));
      return [f(p - f(f(f(rate) * g) / f(f(Math.sqrt(sum)) + f(e)))), sum, t];
    },
  },
  rmsprop: {
    call: (k, n, [g, s, , p]) => k.rmsprop(n, rate, b, e, g, s, p),
    squares: 's',
    formula(f, g, s, t, p) {
      const v = f(f(f(b) * s) + f(f(1 - b) * f(g * g)));
      return [f(p - f(f(f(rate) * g) / f(f(Math.sqrt(v)) + f(e)))), v, t];
    },
  },
  rmsprop_momentum: {
    call: (k, n, [g, s, t, p]) => k.rmsprop_momentum(n, rate, b, a, e, g, s, t, p),
    squares: 's',
    formula(f, g, s, t, p) {
      const v = f(f(f(b) * s) + f(f(1 - b) * f(g * g)));
      const buffer = f(f(f(a) * t) + f(g / f(f(Math.sqrt(v)) + f(e))));
      return [f(p - f(f(rate) * buffer)), v, buffer];
    },
  },
  adam: {
    call: (k, n, [g, s, t, p]) => k.adam(n, rate, a, b, e, g, s, t, p),
    squares: 't',
    formula(f, g, s, t, p) {
      const m = f(f(f(a) * s) + f(f(1 - a) * g));
      const v = f(f(f(b) * t) + f(f(1 - b) * f(g * g)));
      return [f(p + f(f(f(-rate) * m) / f(f(Math.sqrt(v)) + f(e)))), m, v];
    },
  },
  adamw: {
    call: (k, n, [g, s, t, p]) => k.adamw(n, rate, a, b, e, root, keep, g, s, t, p),
    squares: 't',
    formula(f, g, s, t, p) {
      const m = f(f(f(a) * s) + f(f(1 - a) * g));
      const v = f(f(f(b) * t) + f(f(1 - b) * f(g * g)));
      const size = f(f(f(Math.sqrt(v)) / f(root)) + f(e));
      return [f(f(f(keep) * p) - f(f(rate) * f(m / size))), m, v];
    },
  },
  lion: {
    call: (k, n, [g, s, , p]) => k.lion(n, rate, a, b, keep, g, s, p),
    formula(f, g, s, t, p) {
      const mixed = f(f(f(a) * s) + f(f(1 - a) * g));
      const sign = mixed > 0 ? 1 : mixed < 0 ? -1 : mixed; // 0, -0 and NaN
      return [f(f(f(keep) * p) - f(f(rate) * sign)), f(f(f(b) * s) + f(f(1 - b) * g)), t];
    },
  },
  nadam: {
    call: (k, n, [g, s, t, p]) => k.nadam(n, rate, keep, a, b, e, root, g, s, t, p),
    squares: 't',
    formula(f, g, s, t, p) {
      const m = f(f(f(a) * s) + f(f(1 - a) * g));
      const v = f(f(f(b) * t) + f(f(1 - b) * f(g * g)));
      const size = f(f(f(Math.sqrt(v)) / f(root)) + f(e));
      return [f(p - f(f(f(f(rate) * g) + f(f(keep) * m)) / size)), m, v];
    },
  },
};

const decaying = optimizers.filter((name) => hasOption(name, 'weightDecay'));

const MOAT = 6;
const FILL = 77;

/** Vectors in an engine's memory, each with a moat behind it. */
function vectors(engine: (typeof entries)[number][1]['engine'], dtype: Dtype, arrays: TypedArray[]) {
  const net = engine.network({ inputs: 1, layers: [1], dtype });
  const { session } = net[PARTS];
  const places = arrays.map((array) => {
    const matrix = engine.zeros(1, array.length + MOAT, { dtype });
    matrix.data.fill(FILL);
    matrix.data.set(array);
    return matrix;
  });
  const bytes = session[dtype].bytes;
  const address = (i: number) => places[i].data.byteOffset;
  const read = (i: number) => places[i].data.slice(0, arrays[i].length);
  const intact = () => places.every((m, i) => m.data.subarray(arrays[i].length).every((x) => x === FILL));
  return { session, address, read, intact, bytes };
}

const SPECIAL = [0, -0, Infinity, -Infinity, Number.NaN, 5e-324, 1e-40, 1e300, -1e300, 1, -1];

describe.each(entries)('%s', (_, { engine }) => {
  describe.each(dtypes)('%s', (dtype) => {
    const f = rounding(dtype);

    describe.each(Object.entries(KERNELS))('%s', (_, { call, formula, squares }) => {
      test.each(['own', 'TypeScript over this memory'])('is its formula, bit for bit: %s', (which) => {
        for (const n of SIZES) {
          const rng = random(n + 1);
          const draw = (size: boolean) =>
            arrayOf(
              dtype,
              Float64Array.from({ length: n }, () => (size ? Math.abs(rng.randn()) : rng.randn())),
            );
          const given = [draw(false), draw(squares === 's'), draw(squares === 't'), draw(false)];
          const { session, address, read, intact } = vectors(engine, dtype, given);
          const { [dtype]: kernels } =
            which === 'own' ? session.backend.put(training) : trainingReference(session.memory);
          const wanted = given.map((array) => array.slice());
          for (let step = 0; step < 3; step++) {
            call(kernels, n, [address(0), address(1), address(2), address(3)]);
            for (let i = 0; i < n; i++) {
              [wanted[3][i], wanted[1][i], wanted[2][i]] = formula(
                f,
                wanted[0][i],
                wanted[1][i],
                wanted[2][i],
                wanted[3][i],
              );
            }
          }
          wanted.forEach((array, i) => expectSameBits(read(i), array));
          expect(intact()).toBe(true);
        }
      });

      test('special values', () => {
        const n = SPECIAL.length ** 2;
        const pick = (at: (i: number) => number) =>
          arrayOf(
            dtype,
            Float64Array.from({ length: n }, (_, i) => SPECIAL[at(i)]),
          );
        const given = [
          pick((i) => i % SPECIAL.length),
          pick((i) => Math.floor(i / SPECIAL.length)),
          pick((i) => (i * 3) % SPECIAL.length),
          pick((i) => (i * 7) % SPECIAL.length),
        ];
        const { session, address, read } = vectors(engine, dtype, given);
        call(session.backend.put(training)[dtype], n, [address(0), address(1), address(2), address(3)]);
        const wanted = given.map((array) => array.slice());
        for (let i = 0; i < n; i++) {
          [wanted[3][i], wanted[1][i], wanted[2][i]] = formula(
            f,
            wanted[0][i],
            wanted[1][i],
            wanted[2][i],
            wanted[3][i],
          );
        }
        wanted.forEach((array, i) => expectSameBits(read(i), array));
      });
    });

    test('clip keeps numbers within the limit, and NaN', () => {
      const given = arrayOf(dtype, [...SPECIAL, 0.3, -0.3, 0.5, -0.5]);
      const { session, address, read, intact } = vectors(engine, dtype, [given]);
      session.backend.put(training)[dtype].clip(given.length, 0.4, address(0));
      const limit = f(0.4);
      expectSameBits(
        read(0),
        arrayOf(
          dtype,
          Array.from(given, (x) => (x > limit ? limit : x < -limit ? -limit : x)),
        ),
      );
      expect(intact()).toBe(true);
    });
  });

  test.each(dtypes)('finite finds a NaN or an infinity wherever it is, in %s', (dtype) => {
    const largest = dtype === 'f64' ? Number.MAX_VALUE : 2 ** 127;
    const n = 41; // two rounds of the loop in f32, five in f64, and a rest
    const given = arrayOf(
      dtype,
      Array.from({ length: n }, (_, i) => [-0, largest, -largest, 5e-324, 1][i % 5]),
    );
    const { session, address } = vectors(engine, dtype, [given]);
    const { finite } = session.backend.put(training)[dtype];
    const values = session.elementsAt(address(0), dtype, n);
    for (let count = 0; count <= n; count++) expect(Boolean(finite(count, address(0)))).toBe(true);
    for (const wrong of [Number.NaN, Infinity, -Infinity]) {
      for (let at = 0; at < n; at++) {
        const right = values[at];
        values[at] = wrong;
        expect(Boolean(finite(n, address(0)))).toBe(false);
        expect(Boolean(finite(at, address(0)))).toBe(true);
        values[at] = right;
      }
    }
  });

  test.each([1, 3, 4, 5, 30, 128, 129, 784, 2048, 2049])(
    'gather copies rows of %d words, whatever their bits',
    (cols) => {
      const rng = random(cols);
      const words = Uint32Array.from({ length: 10 * cols }, () => Math.floor(rng.rand() * 2 ** 32));
      words[0] = 0x7fa00001; // a signalling NaN, which a move as a number would change
      const { session, address } = vectors(engine, 'f32', [
        arrayOf('f32', 10 * cols),
        arrayOf('f32', 20 * cols),
        arrayOf('f32', 20),
      ]);
      const { buffer } = session.memory.f64;
      new Uint32Array(buffer, address(0), words.length).set(words);
      const indices = [0, 9, 3, 3, 0, 7, 1, 2, 4, 5, 6, 8, 9, 9, 0, 1, 5, 2, 8, 3];
      const rows = indices.length;
      new Int32Array(buffer, address(2), rows).set(indices);
      session.backend.put(training).f32.gather(rows, cols, address(2), address(0), address(1));
      const got = new Uint32Array(buffer, address(1), rows * cols);
      indices.forEach((row, i) =>
        expect(got.slice(i * cols, i * cols + cols)).toEqual(words.slice(row * cols, row * cols + cols)),
      );
      expect([...session.memory.f32.slice(address(1) / 4 + 20 * cols, address(1) / 4 + 20 * cols + MOAT)]).toEqual(
        new Array(MOAT).fill(FILL),
      );
    },
  );

  const fixture = JSON.parse(readFileSync(new URL('../fixtures/optimizers.json', import.meta.url), 'utf8'));

  test('every optimizer that steps has a trajectory', () => {
    const names = fixture.cases.map(({ options }: { options: { name: string } }) => options.name);
    expect(optimizers.filter((name) => !kindOf({ name }).whole && !names.includes(name))).toEqual([]);
    expect(decaying.length).toBeGreaterThanOrEqual(2);
  });

  test.each(
    fixture.cases as { options: { name: string; weightDecay?: number }; parameters: Record<string, number[]> }[],
  )('the trajectory of $options is theirs to 1e-10', ({ options, parameters }) => {
    // Seven weights and no biases: adamw spares those.
    const net = engine.network({ inputs: 7, layers: [{ units: 1, bias: false }] });
    net.parameters = fixture.start;
    const plan = readOptimizer(options);
    const optimizer = new Stepper(net[PARTS], plan);
    const gradients = net.zeroGradients();
    optimizer.rate = plan.learningRate;
    let compared = 0;
    (fixture.gradients as number[][]).forEach((row, i) => {
      gradients.parameters.set(row);
      optimizer.step(gradients.block.address);
      parameters[i + 1]?.forEach((want, j) => {
        expect(Math.abs(net.parameters[j] - want)).toBeLessThan(1e-10 * Math.max(1, Math.abs(want)));
        compared++;
      });
    });
    expect(compared).toBe(35);
  });

  test.each(decaying)('%s: weights decay, biases do not; a state goes on with the same bits', (name) => {
    const make = () => engine.network({ inputs: 2, layers: [2], seed: 3 });
    const net = make();
    net.parameters = [1, 2, 3, 4, 5, 6];
    const plan = () => readOptimizer({ name, weightDecay: 0.5, learningRate: 0.1 });
    const optimizer = new Stepper(net[PARTS], plan());
    const gradients = net.zeroGradients();
    optimizer.step(gradients.block.address); // all gradients 0
    expect([...net.parameters]).toEqual([0.95, 1.9, 3 * 0.95, 3.8, 5, 6]);
    gradients.parameters.fill(0.25);
    optimizer.step(gradients.block.address);
    const twin = make();
    twin.parameters = net.parameters;
    const other = new Stepper(twin[PARTS], plan());
    other.state = whole(optimizer.read());
    for (let i = 0; i < 5; i++) {
      optimizer.step(gradients.block.address);
      other.step(gradients.block.address);
    }
    expectSameBits(twin.parameters, net.parameters);
    expect(() => {
      other.state = { steps: 1, powers: [1, 1], slots: [] };
    }).toThrow(`this optimizer keeps ${optimizer.slots.length} vectors of 6`);
  });

  test('clipping: each gradient by itself, then all by their norm', () => {
    const net = engine.network({ inputs: 2, layers: [{ units: 1, bias: false }] });
    const gradients = net.zeroGradients();
    const { address } = gradients.block;
    gradients.parameters.set([30, -0.4]);
    new Clipping(net[PARTS], 3, 0).clip(2, address);
    expect([...gradients.parameters]).toEqual([3, -0.4]);
    gradients.parameters.set([3, 4]);
    new Clipping(net[PARTS], 0, 1).clip(2, address);
    expect([...gradients.parameters]).toEqual([3 * 0.2, 4 * 0.2]);
    new Clipping(net[PARTS], 0, 2).clip(2, address);
    expect([...gradients.parameters]).toEqual([3 * 0.2, 4 * 0.2]);
  });
});

describe('schedules', () => {
  const rates = (schedule: Schedule, epochs = 10, cuts = (_: number) => 0, parts = [0]) => {
    const plan = readSchedule(schedule, epochs);
    return Array.from({ length: epochs }, (_, epoch) =>
      parts.map((part) =>
        rateAt(plan, { initial: 0.1, epoch, epochs, part, samplesSeen: epoch * 50, cuts: cuts(epoch) }),
      ),
    ).flat();
  };

  test('constant, step, adaptive, a function', () => {
    expect(rates('constant', 3)).toEqual([0.1, 0.1, 0.1]);
    expect(rates({ name: 'step', every: 2, factor: 0.5 }, 5)).toEqual([0.1, 0.1, 0.05, 0.05, 0.025]);
    expect(rates({ name: 'adaptive' }, 3, (epoch) => epoch)).toEqual([0.1, 0.1 / 5, 0.1 / 5 / 5]);
    expect(rates((epoch) => 1 / (epoch + 1), 4)).toEqual([1, 1 / 2, 1 / 3, 1 / 4]);
  });

  test('invscaling is lr / (samples + 1)^power, the first epoch at lr', () => {
    const half = rates('invscaling', 4);
    half.forEach((x, epoch) => expect(x).toBeCloseTo(epoch === 0 ? 0.1 : 0.1 / Math.sqrt(epoch * 50 + 1), 16));
    const other = rates({ name: 'invscaling', power: 0.3 }, 4);
    other.forEach((x, epoch) => expect(x).toBeCloseTo(0.1 / (epoch * 50 + 1) ** (epoch ? 0.3 : 0), 15));
  });

  test('cosine: a warm-up, then half a cosine at every batch', () => {
    const parts = [0, 0.5];
    const got = rates({ name: 'cosine', warmup: 2, minimum: 0.01 }, 10, undefined, parts);
    got.forEach((x, i) => {
      const at = i / 2;
      const want =
        at < 2 ? (0.1 * Math.max(at, 0.1)) / 2 : 0.01 + 0.09 * 0.5 * (1 + Math.cos((Math.PI * (at - 2)) / 8));
      expect(x).toBeCloseTo(want, 15);
    });
  });
});
