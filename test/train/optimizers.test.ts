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
import { kindOf, mostSlots, optimizers, readOptimizer } from '../../src/train/optimizers/optimizers.js';
import { Stepper } from '../../src/train/optimizers/stepper.js';
import { arrayOf, dtypes, entries, expectSameBits, rounding } from '../support/backends.js';

const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 100];
const [rate, a, b, e, root, keep] = [0.013, 0.83, 0.971, 1e-7, 0.37, 0.998];

type Slots = [g: number, s: number, t: number, u: number, p: number];

/** Each kernel as it is called, and its formula for one element: [p, s, t, u] after the step; what it leaves out stays. */
const KERNELS: Record<
  keyof Omit<
    TrainingKernels,
    'clip' | 'finite' | 'gather' | 'nonfinite' | 'over_norm' | 'sparse_forward' | 'sparse_forward_columns'
  >,
  {
    call: (k: TrainingKernels, n: number, at: Slots) => void;
    formula: (f: (x: number) => number, g: number, s: number, t: number, p: number, u: number) => number[];
    /** The slots that are never negative: a root is taken of them. */
    squares?: string;
  }
> = {
  momentum: {
    call: (k, n, [g, s, , , p]) => k.momentum(n, rate, a, g, s, p),
    formula(f, g, s, t, p) {
      const v = f(f(f(a) * s) - f(f(rate) * g));
      return [f(p + v), v, t];
    },
  },
  nesterov: {
    call: (k, n, [g, s, , , p]) => k.nesterov(n, rate, a, g, s, p),
    formula(f, g, s, t, p) {
      const v = f(f(f(a) * s) - f(f(rate) * g));
      return [f(p + f(f(f(a) * v) - f(f(rate) * g))), v, t];
    },
  },
  adagrad: {
    call: (k, n, [g, s, , , p]) => k.adagrad(n, rate, e, g, s, p),
    squares: 's',
    formula(f, g, s, t, p) {
      const sum = f(s + f(g * g));
      return [f(p - f(f(f(rate) * g) / f(f(Math.sqrt(sum)) + f(e)))), sum, t];
    },
  },
  rmsprop: {
    call: (k, n, [g, s, , , p]) => k.rmsprop(n, rate, b, e, g, s, p),
    squares: 's',
    formula(f, g, s, t, p) {
      const v = f(f(f(b) * s) + f(f(1 - b) * f(g * g)));
      return [f(p - f(f(f(rate) * g) / f(f(Math.sqrt(v)) + f(e)))), v, t];
    },
  },
  rmsprop_momentum: {
    call: (k, n, [g, s, t, , p]) => k.rmsprop_momentum(n, rate, b, a, e, g, s, t, p),
    squares: 's',
    formula(f, g, s, t, p) {
      const v = f(f(f(b) * s) + f(f(1 - b) * f(g * g)));
      const buffer = f(f(f(a) * t) + f(g / f(f(Math.sqrt(v)) + f(e))));
      return [f(p - f(f(rate) * buffer)), v, buffer];
    },
  },
  adam: {
    call: (k, n, [g, s, t, , p]) => k.adam(n, rate, a, b, e, g, s, t, p),
    squares: 't',
    formula(f, g, s, t, p) {
      const m = f(f(f(a) * s) + f(f(1 - a) * g));
      const v = f(f(f(b) * t) + f(f(1 - b) * f(g * g)));
      return [f(p + f(f(f(-rate) * m) / f(f(Math.sqrt(v)) + f(e)))), m, v];
    },
  },
  adamw: {
    call: (k, n, [g, s, t, , p]) => k.adamw(n, rate, a, b, e, root, keep, g, s, t, p),
    squares: 't',
    formula(f, g, s, t, p) {
      const m = f(f(f(a) * s) + f(f(1 - a) * g));
      const v = f(f(f(b) * t) + f(f(1 - b) * f(g * g)));
      const size = f(f(f(Math.sqrt(v)) / f(root)) + f(e));
      return [f(f(f(keep) * p) - f(f(rate) * f(m / size))), m, v];
    },
  },
  rmsprop_centered: {
    call: (k, n, [g, s, t, , p]) => k.rmsprop_centered(n, rate, b, e, g, s, t, p),
    squares: 's',
    formula(f, g, s, t, p) {
      const v = f(f(f(b) * s) + f(f(1 - b) * f(g * g)));
      const m = f(f(f(b) * t) + f(f(1 - b) * g));
      const d = f(v - f(m * m));
      return [f(p - f(f(f(rate) * g) / f(f(Math.sqrt(d < 0 ? 0 : d)) + f(e)))), v, m];
    },
  },
  rmsprop_centered_momentum: {
    call: (k, n, [g, s, t, u, p]) => k.rmsprop_centered_momentum(n, rate, b, a, e, g, s, t, u, p),
    squares: 's',
    formula(f, g, s, t, p, u) {
      const v = f(f(f(b) * s) + f(f(1 - b) * f(g * g)));
      const m = f(f(f(b) * u) + f(f(1 - b) * g));
      const d = f(v - f(m * m));
      const buffer = f(f(f(a) * t) + f(g / f(f(Math.sqrt(d < 0 ? 0 : d)) + f(e))));
      return [f(p - f(f(rate) * buffer)), v, buffer, m];
    },
  },
  adadelta: {
    call: (k, n, [g, s, t, , p]) => k.adadelta(n, rate, b, e, g, s, t, p),
    squares: 'st',
    formula(f, g, s, t, p) {
      const v = f(f(f(b) * s) + f(f(1 - b) * f(g * g)));
      const delta = f(f(f(Math.sqrt(f(t + f(e)))) / f(Math.sqrt(f(v + f(e))))) * g);
      return [f(p - f(f(rate) * delta)), v, f(f(f(b) * t) + f(f(1 - b) * f(delta * delta)))];
    },
  },
  adam_amsgrad: {
    call: (k, n, [g, s, t, u, p]) => k.adam_amsgrad(n, rate, a, b, e, g, s, t, u, p),
    squares: 'tu',
    formula(f, g, s, t, p, u) {
      const m = f(f(f(a) * s) + f(f(1 - a) * g));
      const v = f(f(f(b) * t) + f(f(1 - b) * f(g * g)));
      const largest = u > v ? u : v;
      return [f(p - f(f(f(rate) * m) / f(f(Math.sqrt(largest)) + f(e)))), m, v, largest];
    },
  },
  adamw_amsgrad: {
    call: (k, n, [g, s, t, u, p]) => k.adamw_amsgrad(n, rate, a, b, e, root, keep, g, s, t, u, p),
    squares: 'tu',
    formula(f, g, s, t, p, u) {
      const m = f(f(f(a) * s) + f(f(1 - a) * g));
      const v = f(f(f(b) * t) + f(f(1 - b) * f(g * g)));
      const largest = u > v ? u : v;
      const size = f(f(f(Math.sqrt(largest)) / f(root)) + f(e));
      return [f(f(f(keep) * p) - f(f(rate) * f(m / size))), m, v, largest];
    },
  },
  adamax: {
    call: (k, n, [g, s, t, , p]) => k.adamax(n, rate, a, b, e, g, s, t, p),
    squares: 't',
    formula(f, g, s, t, p) {
      const m = f(f(f(a) * s) + f(f(1 - a) * g));
      const size = f(Math.abs(g) + f(e));
      const norm = size < f(f(b) * t) ? f(f(b) * t) : size;
      return [f(p - f(f(f(rate) * m) / norm)), m, norm];
    },
  },
  waxpby: {
    call: (k, n, [g, s, , , p]) => k.waxpby(n, rate, a, g, s, p),
    formula: (f, g, s) => [f(f(f(rate) * g) + f(f(a) * s))],
  },
  average: {
    call: (k, n, [g, , , , p]) => k.average(n, rate, g, p),
    formula: (f, g, _s, _t, p) => [g === p ? p : f(p + f(f(rate) * f(g - p)))],
  },
  lion: {
    call: (k, n, [g, s, , , p]) => k.lion(n, rate, a, b, keep, g, s, p),
    formula(f, g, s, t, p) {
      const mixed = f(f(f(a) * s) + f(f(1 - a) * g));
      const sign = mixed > 0 ? 1 : mixed < 0 ? -1 : mixed; // 0, -0 and NaN
      return [f(f(f(keep) * p) - f(f(rate) * sign)), f(f(f(b) * s) + f(f(1 - b) * g)), t];
    },
  },
  nadam: {
    call: (k, n, [g, s, t, , p]) => k.nadam(n, rate, keep, a, b, e, root, g, s, t, p),
    squares: 't',
    formula(f, g, s, t, p) {
      const m = f(f(f(a) * s) + f(f(1 - a) * g));
      const v = f(f(f(b) * t) + f(f(1 - b) * f(g * g)));
      const size = f(f(f(Math.sqrt(v)) / f(root)) + f(e));
      return [f(p - f(f(f(f(rate) * g) + f(f(keep) * m)) / size)), m, v];
    },
  },
};

type Formula = (typeof KERNELS)[keyof typeof KERNELS]['formula'];

/** What comes of [g, s, t, u, p], in place. */
function expected(formula: Formula, f: (x: number) => number, [g, s, t, u, p]: TypedArray[]): void {
  for (let i = 0; i < p.length; i++) {
    const [to, ...slots] = formula(f, g[i], s[i], t[i], p[i], u[i]);
    p[i] = to;
    slots.forEach((value, slot) => {
      [s, t, u][slot][i] = value;
    });
  }
}

/** Those that take steps from batch to batch: every one of them knows weight decay. */
const stepping = optimizers.filter((name) => !kindOf({ name }).whole);
/** Of those whose decay has nothing to do with the gradients. */
const decoupled: readonly string[] = ['adamw', 'lion', 'muon'];

/** Of a layer, where one is stated; else of the seven weights of all. */
interface Trajectory {
  options: { name: string; weightDecay?: number };
  parameters: Record<string, number[]>;
  inputs?: number;
  units?: number;
  start?: number[];
  gradients?: number[][];
}

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

    describe.each(Object.entries(KERNELS))('%s', (_, { call, formula, squares = '' }) => {
      test.each(['own', 'TypeScript over this memory'])('is its formula, bit for bit: %s', (which) => {
        for (const n of SIZES) {
          const rng = random(n + 1);
          const draw = (size: boolean) =>
            arrayOf(
              dtype,
              Float64Array.from({ length: n }, () => (size ? Math.abs(rng.randn()) : rng.randn())),
            );
          const given = [draw(false), ...['s', 't', 'u'].map((slot) => draw(squares.includes(slot))), draw(false)];
          const { session, address, read, intact } = vectors(engine, dtype, given);
          const { [dtype]: kernels } =
            which === 'own' ? session.backend.put(training) : trainingReference(session.memory);
          const wanted = given.map((array) => array.slice());
          for (let step = 0; step < 3; step++) {
            call(kernels, n, [address(0), address(1), address(2), address(3), address(4)]);
            expected(formula, f, wanted);
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
          pick((i) => (i * 5) % SPECIAL.length),
          pick((i) => (i * 7) % SPECIAL.length),
        ];
        const { session, address, read } = vectors(engine, dtype, given);
        call(session.backend.put(training)[dtype], n, [address(0), address(1), address(2), address(3), address(4)]);
        const wanted = given.map((array) => array.slice());
        expected(formula, f, wanted);
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

  test('over_norm divides by a norm, or by the least', () => {
    for (const dtype of dtypes) {
      const given = arrayOf(dtype, [...SPECIAL, 0.3, 7]);
      const f = rounding(dtype);
      for (const square of [0, 1e-20, 2, 3e30, Infinity, Number.NaN]) {
        const { session, address, read, intact } = vectors(engine, dtype, [given, arrayOf(dtype, [square])]);
        session.backend.put(training)[dtype].over_norm(given.length, 1e-7, address(1), address(0), address(0));
        const root = f(Math.sqrt(f(square)));
        const size = root < f(1e-7) ? f(1e-7) : root;
        expectSameBits(
          read(0),
          arrayOf(
            dtype,
            Array.from(given, (x) => f(x / size)),
          ),
        );
        expect(intact()).toBe(true);
      }
    }
  });

  test('every optimizer that steps has a trajectory, and one with weight decay', () => {
    const named = (name: string) => fixture.cases.filter((each: Trajectory) => each.options.name === name);
    for (const name of stepping) {
      expect(named(name).length, name).toBeGreaterThan(0);
      expect(
        named(name).some(({ options }: Trajectory) => options.weightDecay),
        name,
      ).toBe(true);
    }
  });

  test.each(fixture.cases as Trajectory[])('the trajectory of $options is theirs to 1e-10', (trajectory) => {
    const { options, parameters, inputs, units, start, gradients: rows } = { ...fixture, ...trajectory };
    // Seven weights and no biases, which decay in PyTorch; of what goes by matrices a layer with its biases.
    const layers = [units === undefined ? { units: 1, bias: false } : units];
    const net = engine.network({ inputs: inputs ?? 7, layers });
    net.parameters = start;
    const plan = readOptimizer(options);
    const optimizer = new Stepper(net[PARTS], plan);
    const gradients = net.zeroGradients();
    optimizer.rate = plan.learningRate;
    let compared = 0;
    (rows as number[][]).forEach((row, i) => {
      gradients.parameters.set(row);
      optimizer.step(gradients.block.address);
      parameters[i + 1]?.forEach((want: number, j: number) => {
        expect(Math.abs(net.parameters[j] - want)).toBeLessThan(1e-10 * Math.max(1, Math.abs(want)));
        compared++;
      });
    });
    expect(compared).toBe(start.length * Object.keys(parameters).length);
    expect(Object.keys(parameters).length).toBeGreaterThan(3);
  });

  test('muon: the longest of matrices and the shortest, and what is none', () => {
    // Columns and rows of one: by AdamW, as biases are.
    for (const [inputs, units] of [
      [1, 3],
      [3, 1],
    ]) {
      const by = (name: 'muon' | 'adamw') => {
        const net = engine.network({ inputs, layers: [units], seed: 2 });
        const optimizer = new Stepper(net[PARTS], readOptimizer({ name, weightDecay: 0.1, learningRate: 0.01 }));
        const gradients = net.zeroGradients();
        for (let step = 1; step < 4; step++) {
          gradients.parameters.forEach((_, i, all) => {
            all[i] = Math.sqrt(i + step) - 2;
          });
          optimizer.step(gradients.block.address);
        }
        return net.parameters;
      };
      expectSameBits(by('muon'), by('adamw'));
    }
    // Singular values of what is stepped by are near 1, whatever those of the gradients: G^T G is near the identity.
    const [inputs, units] = [300, 3];
    const net = engine.network({ inputs, layers: [{ units, bias: false }] });
    net.parameters = new Array(inputs * units).fill(0);
    const optimizer = new Stepper(net[PARTS], readOptimizer({ name: 'muon', learningRate: 1, weightDecay: 0 }));
    const gradients = net.zeroGradients();
    const rng = random(4);
    gradients.parameters.set(Array.from({ length: inputs * units }, (_, i) => (1 + (i % units)) * 1e-3 * rng.randn()));
    optimizer.step(gradients.block.address);
    const step = Array.from(net.parameters, (x) => -x / (0.2 * Math.sqrt(inputs)));
    for (let i = 0; i < units; i++) {
      for (let j = 0; j < units; j++) {
        let sum = 0;
        for (let row = 0; row < inputs; row++) sum += step[row * units + i] * step[row * units + j];
        expect(Math.abs(sum - Number(i === j))).toBeLessThan(0.6);
      }
    }
    // No gradient, no step.
    const before = net.parameters;
    const still = new Stepper(net[PARTS], readOptimizer({ name: 'muon', learningRate: 1, weightDecay: 0 }));
    gradients.parameters.fill(0);
    still.step(gradients.block.address);
    expectSameBits(net.parameters, before);
  });

  test.each(stepping)('%s: weights decay, biases where asked for; a state goes on with the same bits', (name) => {
    const make = () => engine.network({ inputs: 2, layers: [2], seed: 3 });
    const net = make();
    const plan = (decayBiases = false) =>
      readOptimizer({ name, weightDecay: 0.5, decayBiases, learningRate: 0.1 } as never);
    const optimizer = new Stepper(net[PARTS], plan());
    const gradients = net.zeroGradients();
    if (decoupled.includes(name)) {
      net.parameters = [1, 2, 3, 4, 5, 6];
      optimizer.step(gradients.block.address); // all gradients 0
      expect([...net.parameters]).toEqual([0.95, 1.9, 3 * 0.95, 3.8, 5, 6]);
      net.parameters = [1, 2, 3, 4, 5, 6];
      new Stepper(net[PARTS], plan(true)).step(gradients.block.address);
      expect([...net.parameters]).toEqual([0.95, 1.9, 3 * 0.95, 3.8, 4.75, 6 * 0.95]);
    } else {
      // What a step without decay does with gradients that have it in them.
      const decayed = (biases: boolean) => {
        net.parameters = [1, 2, 3, 4, 5, 6];
        gradients.parameters.set([0.5, -1, 0.25, 2, 1, -3]);
        const given = gradients.parameters.slice();
        new Stepper(net[PARTS], plan(biases)).step(gradients.block.address);
        expect([...gradients.parameters]).toEqual([...given]);
        const got = [...net.parameters];
        net.parameters = [1, 2, 3, 4, 5, 6];
        gradients.parameters.set([1, 0, 1.75, 4, biases ? 3.5 : 1, biases ? 0 : -3]);
        new Stepper(net[PARTS], readOptimizer({ name, learningRate: 0.1 } as never)).step(gradients.block.address);
        expect(got).toEqual([...net.parameters]);
        return got;
      };
      const [some, all] = [decayed(false), decayed(true)];
      expect(some).not.toEqual(all);
      expect(some.slice(0, 4)).toEqual(all.slice(0, 4));
    }
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
    const { length } = optimizer.slots;
    const slots = Array.from({ length: length + 1 }, () => new Float64Array(6));
    expect(() => {
      other.state = { steps: 1, powers: [1, 1], slots };
    }).toThrow(`this optimizer keeps ${length} vectors of 6`);
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

test('how many vectors any of them keeps at most, the table knows', () => {
  const slots = (options: object) => {
    const plan = readOptimizer(options);
    const kind = kindOf(plan);
    return kind.whole ? 0 : kind.slots(plan);
  };
  const all = [
    ...optimizers.map((name) => ({ name })),
    { name: 'adam', amsgrad: true },
    { name: 'adamw', amsgrad: true },
    { name: 'rmsprop', momentum: 0.5, centered: true },
    { name: 'sgd', momentum: 0.5 },
  ];
  expect(mostSlots()).toBe(Math.max(...all.map(slots)));
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
