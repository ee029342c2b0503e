// On the main thread nothing takes long at a time: what training does is divided into slices, so many as the work asks for, and not
// one bit depends on that. Slices are counted, not timed, for a busy machine stretches time; train-turns.test.ts has the clock.

import { describe, expect, test } from 'vitest';
import { drawIndices } from '../../src/data/splits.js';
import { ACTIVATION_NAMES } from '../../src/layers/activations.js';
import { addMore } from '../../src/layers/add-more.js';
import { type Dtype, elementsOf } from '../../src/matrix/operand.js';
import type { ResidentMatrix } from '../../src/matrix/resident.js';
import { PARTS } from '../../src/network/calls.js';
import type { Network } from '../../src/network/network.js';
import type { Sliced } from '../../src/numbers/sliced.js';
import { random } from '../../src/random/random.js';
import { type Dataset, placed, Resident } from '../../src/train/dataset.js';
import { pick } from '../../src/train/loop/evaluator.js';
import { Learner } from '../../src/train/loop/learner.js';
import { measure } from '../../src/train/loop/metrics.js';
import { Lbfgs, type LbfgsOptions } from '../../src/train/optimizers/lbfgs.js';
import type { PlanOf } from '../../src/train/optimizers/optimizer.js';
import { kindOf, optimizers, readOptimizer } from '../../src/train/optimizers/optimizers.js';
import { Stepper } from '../../src/train/optimizers/stepper.js';
import { dtypes, entries, expectSameBits } from '../support/backends.js';
import { LONG } from '../support/long.js';

addMore();

/** What all slices come to, and how many there were. */
function counted<T>(work: Sliced<T>): [T, number] {
  for (let slices = 1; ; slices++) {
    const { done, value } = work.next();
    if (done) return [value, slices];
  }
}

/** Units of a square layer of which a tile of rows takes several parts. */
const UNITS = { wasm: { f64: 450, f32: 640 }, ts: { f64: 132, f32: 132 } };
/** Two tiles, the second of them small. */
const ROWS = 260;

/** Drawn once for all optimizers. */
const normal = random(2).randn(800 * 800 + 2 * 800 + 1);

describe.each(entries)('%s', (where, { engine }) => {
  const setOf = (rows: number, inputs: number, outputs: number, dtype: Dtype, labelled = false): Dataset => {
    const rng = random(3);
    const X = engine.matrix(rng.randn(rows, inputs), { dtype });
    const y = engine.matrix(rng.rand(rows, outputs), { dtype });
    if (labelled)
      elementsOf(y).forEach((_, i, all) => (all[i] = i % outputs === Math.floor(i / outputs) % outputs ? 1 : 0));
    return { rows, X, y, w: undefined };
  };
  const sums = (learner: Learner, set: Dataset): number => {
    learner.begin(set);
    let slices = 1;
    while (!learner.advance()) slices++;
    return slices;
  };
  const learnerOf = (net: Network, l2 = 0) => new Learner(net[PARTS], net.parameters.slice(), { l2 }, ROWS);

  describe.each(dtypes)('%s', (dtype) => {
    const units = UNITS[where as 'wasm' | 'ts'][dtype];

    const hidden = ACTIVATION_NAMES.filter((name) => name !== 'softmax');
    test.each(hidden.filter((_, i) => LONG || where === 'wasm' || i % 3 === 0))(
      'a large network of %s: the bits of its gradients',
      (activation) => {
        const net = engine.network({ inputs: units, layers: [{ units, activation }, 3], dtype });
        const set = setOf(ROWS, units, 3, dtype);
        const learner = learnerOf(net, 0.01);
        // Forward and gradients of a tile, if not a product more, take 2 parts at least each; then merging, mean and penalties.
        expect(sums(learner, set)).toBeGreaterThan(6);
        const wanted = net.zeroGradients();
        net.gradientsInto(set.X as ResidentMatrix, set.y, wanted, { l2: 0.01 });
        expectSameBits(learner.gradients.parameters, wanted.parameters);
        expect(learner.loss).toBe(wanted.loss);
        expect(learner.finite).toBe(true);
        learner.dispose();
      },
    );

    test.each([
      ['softmax', 'crossEntropy'],
      ['sigmoid', 'binaryCrossEntropy'],
      ['exp', 'poisson'],
      ['tanh', 'huber'],
      ['relu', 'mae'],
    ] as const)('of %s and %s', (activation, loss) => {
      const net = engine.network({ inputs: units, layers: [units, { units: 3, activation }], loss, dtype });
      const set = setOf(ROWS, units, 3, dtype, true);
      const learner = learnerOf(net);
      expect(sums(learner, set)).toBeGreaterThan(6);
      const wanted = net.zeroGradients();
      net.gradientsInto(set.X as ResidentMatrix, set.y, wanted);
      expectSameBits(learner.gradients.parameters, wanted.parameters);
      const outputs = engine.zeros(ROWS, 3, { dtype }) as ResidentMatrix;
      const [, slices] = counted(learner.forward(set.X, outputs));
      expect(slices).toBeGreaterThan(2);
      expectSameBits(elementsOf(outputs), net.forward(set.X as ResidentMatrix).data);
      learner.dispose();
    });

    const stepping = optimizers.filter((name) => !kindOf({ name }).whole);
    const tried = stepping.filter((_, i) => LONG || where === 'wasm' || i % 3 === 0);
    test.each(tried)('a step of %s over many parameters', (name) => {
      const plan = readOptimizer(name);
      const kind = kindOf(plan);
      // Where the step itself multiplies matrices, smaller ones take as long.
      const side = kind.whole || !kind.products ? 800 : 300;
      const net = engine.network({ inputs: side, layers: [{ units: side }, 1], initializer: 'zeros', dtype });
      const step = kind.whole ? 0 : kind.products?.(net[PARTS].plan.layers);
      const { parameters } = net;
      const gradients = net.zeroGradients();
      const n = parameters.length;
      parameters.set(normal.subarray(-n).map((x) => x / 10));
      gradients.parameters.set(normal.subarray(0, n));
      const learner = new Learner(net[PARTS], net.parameters.slice(), {}, ROWS, step);
      const { calls } = learner;
      const divided = new Stepper(learner.parts, plan, calls?.kernels);
      const whole = new Stepper(net[PARTS], plan);
      for (let i = 0; i < (step ? 1 : LONG ? 3 : 2); i++) {
        whole.step(gradients.block.address);
        divided.step(gradients.block.address);
        let slices = 1;
        while (calls && !calls.advance()) slices++;
        expect(slices).toBeGreaterThan(2);
      }
      expectSameBits(learner.parameters, parameters);
      for (const each of [divided, whole, learner]) each.dispose();
    });
  });

  test('a small network is not divided but by tiles', () => {
    const net = engine.network({ inputs: 20, layers: [{ units: 20, activation: 'tanh' }, 1] });
    const learner = learnerOf(net);
    expect(learner.calls).toBeUndefined();
    expect(sums(learner, setOf(ROWS, 20, 1, 'f64'))).toBe(2);
    learner.dispose();
  });

  test('an iteration of lbfgs over many parameters', () => {
    const net = engine.network({ inputs: 400, layers: [200, 1] });
    const set = setOf(4, 400, 1, 'f64');
    const learner = learnerOf(net);
    const plan = readOptimizer({ name: 'lbfgs' }) as PlanOf<LbfgsOptions>;
    const { address } = learner.gradients.block;
    const lbfgs = new Lbfgs(learner.parts, plan, address, () => learner.evaluate(set));
    for (let i = 0; i < 4; i++) counted(lbfgs.iterate());
    // Of 3 pairs each is gone through 4 times, beside what a line search and its point cost.
    const evaluations = lbfgs.functionCalls;
    const [, slices] = counted(lbfgs.iterate());
    expect(slices).toBeGreaterThan(4 * 3 + 10 + 3 * (lbfgs.functionCalls - evaluations));
    // The state is copied vector by vector.
    const [state, copies] = counted(lbfgs.read());
    expect(copies).toBeGreaterThan(2 + 2 * state.rho.length);
    lbfgs.dispose();
    learner.dispose();
  });

  test('rows that are picked, or placed in linear memory: a MiB at a time, of 4 bytes or 8', () => {
    const net = engine.network({ inputs: 500, layers: [1] });
    const set = setOf(2000, 500, 1, 'f64');
    const learner = learnerOf(net);
    const order = random(1).permutation(2000).subarray(0, 1500);
    const [batches, slices] = counted(pick(learner, set, order));
    expect(slices).toBeGreaterThanOrEqual(Math.floor((1500 * 501 * 8) / 2 ** 20));
    const first = elementsOf(batches.full.X as ResidentMatrix).subarray(0, 500);
    expectSameBits(first, elementsOf(set.X as ResidentMatrix).subarray(500 * order[0], 500 * order[0] + 500));
    batches.dispose();
    const { session, plan } = net[PARTS];
    const room = new Resident(session, 'f64');
    const read = {
      rows: 2000,
      X: elementsOf(set.X as ResidentMatrix).slice(),
      y: elementsOf(set.y).slice(),
      w: undefined,
    };
    const [copy, copies] = counted(placed(room, plan, read));
    expect(copies).toBeGreaterThanOrEqual(3);
    expectSameBits(elementsOf(copy.X as ResidentMatrix), read.X);
    expectSameBits(elementsOf(copy.y), read.y);
    room.dispose();
    learner.dispose();
  });

  test.each(['accuracy', 'r2', 'mse', 'mae'] as const)('%s of many rows, and of many outputs', (name) => {
    for (const [rows, cols] of [
      [200_000, 1],
      [700, 1000],
    ]) {
      const outputs = engine.zeros(rows, cols) as ResidentMatrix;
      const y = engine.zeros(rows, cols) as ResidentMatrix;
      const [value, slices] = counted(measure(name, { loss: { classes: undefined }, outputs, y, w: undefined }));
      expect(value).toBe(name === 'accuracy' || name === 'r2' ? 1 : 0);
      expect(slices).toBeGreaterThan(name === 'r2' ? cols : Math.floor((rows * cols) / 2 ** 18));
      outputs.dispose();
      y.dispose();
    }
  });
});

test('rows that are drawn, by class or not, in slices', () => {
  const n = 400_000;
  const codes = Int32Array.from({ length: n }, (_, i) => i % 3);
  for (const classes of [undefined, { codes, classes: ['a', 'b', 'c'] }]) {
    const [{ train, test }, slices] = counted(
      drawIndices(n, { testSize: 0.25, trainSize: undefined }, classes, random(1)),
    );
    expect([train.length, test.length]).toEqual([300_000, 100_000]);
    expect(slices).toBeGreaterThan((classes ? 2.5 : 1) * Math.floor(n / 2 ** 16));
  }
});
