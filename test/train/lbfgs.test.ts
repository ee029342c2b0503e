// L-BFGS: PyTorch's iterations, a known minimum, equal bits, states, and losses that are not finite.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PARTS } from '../../src/network/calls.js';
import { whole } from '../../src/numbers/sliced.js';
import { random } from '../../src/random/random.js';
import { Lbfgs, type LbfgsOptions } from '../../src/train/optimizers/lbfgs.js';
import type { PlanOf } from '../../src/train/optimizers/optimizer.js';
import { readOptimizer } from '../../src/train/optimizers/optimizers.js';
import * as ts from '../../src/ts.js';
import * as wasm from '../../src/wasm.js';
import { dtypes, entries, expectSameBits } from '../support/backends.js';

const fixture = JSON.parse(readFileSync(new URL('../fixtures/lbfgs.json', import.meta.url), 'utf8'));
const planOf = (options: LbfgsOptions) => readOptimizer(options) as PlanOf<LbfgsOptions>;
const PLAN = planOf({ name: 'lbfgs', toleranceGradient: 0, toleranceChange: 1e-300 });
const SHAPE = { inputs: 3, layers: [{ units: 5, activation: 'tanh' as const }, 2], loss: 'mse' as const, seed: 2 };

/** L-BFGS on a network and rows. */
function start(net: ReturnType<typeof ts.network>, X: number[][], y: number[][], plan = PLAN) {
  const gradients = net.zeroGradients();
  return new Lbfgs(net[PARTS], plan, gradients.block.address, function* () {
    yield;
    return net.gradientsInto(X, y, gradients).loss;
  });
}

/** One iteration, without pauses. */
function iterate(lbfgs: Lbfgs): string {
  const iteration = lbfgs.iterate();
  while (true) {
    const { done, value } = iteration.next();
    if (done) return value;
  }
}

describe.each(entries)('%s', (_, { engine }) => {
  test("the iterations are PyTorch's: to 1e-12 at first, to 1e-10 after 40", () => {
    const net = engine.network(SHAPE);
    net.parameters = fixture.start;
    const lbfgs = start(net, fixture.X, fixture.y);
    let compared = 0;
    for (let i = 1; i <= 41; i++) {
      expect(iterate(lbfgs)).toBe('continue');
      const limit = i <= 20 ? 1e-12 : 1e-10;
      expect(Math.abs(lbfgs.loss / fixture.losses[i - 1] - 1)).toBeLessThan(limit);
      fixture.parameters[i]?.forEach((want: number, j: number) => {
        expect(Math.abs(net.parameters[j] - want)).toBeLessThan(limit * Math.max(1, Math.abs(want)));
        compared++;
      });
    }
    expect(compared).toBe(8 * fixture.start.length);
    expect(net.loss(fixture.X, fixture.y)).toBe(lbfgs.loss);
  });

  test.each(dtypes)('a linear network ends at the least squares (%s)', (dtype) => {
    const rng = random(4);
    const X = rng.randn(60, 4).toArray();
    const y = X.map(([a, b, c, d]) => [1 + 2 * a - 3 * b + 0.5 * c + d]);
    const net = engine.network({ inputs: 4, layers: [1], dtype });
    const plan = planOf({
      name: 'lbfgs',
      toleranceGradient: dtype === 'f64' ? 1e-12 : 1e-5,
      toleranceChange: 0,
    });
    const lbfgs = start(net, X, y, plan);
    let status = 'continue';
    for (let i = 0; i < 100 && status === 'continue'; i++) status = iterate(lbfgs);
    expect(status).toBe('gradient');
    [2, -3, 0.5, 1, 1].forEach((want, i) => expect(net.parameters[i]).toBeCloseTo(want, dtype === 'f64' ? 10 : 4));
  });

  test('a state goes on with the same bits, after the pairs have come round', () => {
    const net = engine.network(SHAPE);
    const lbfgs = start(net, fixture.X, fixture.y);
    for (let i = 0; i < 14; i++) iterate(lbfgs);
    const twin = net.clone();
    const other = start(twin, fixture.X, fixture.y);
    other.state = whole(lbfgs.read());
    let memoryBytes = 0;
    for (let i = 0; i < 14; i++) {
      iterate(lbfgs);
      iterate(other);
      // The twin has made room for its tiles by now, which memory may have grown for.
      if (i === 0) ({ memoryBytes } = engine.info());
      expect(other.loss).toBe(lbfgs.loss);
      expect(other.functionCalls).toBe(lbfgs.functionCalls);
    }
    expectSameBits(twin.parameters, net.parameters);
    expect(engine.info().memoryBytes).toBe(memoryBytes);
  });

  test('steps to where the loss is not finite are too long; a start there ends at once', () => {
    const X = [[1], [2]];
    const y = [[1], [3]];
    // exp overflows a little way along the first direction.
    const net = engine.network({ inputs: 1, layers: [{ units: 1, activation: 'exp' }], loss: 'mse', seed: 1 });
    net.parameters = [3, 3];
    const lbfgs = start(net, X, y, planOf({ name: 'lbfgs', learningRate: 1 }));
    lbfgs.rate = 1000;
    const before = net.loss(X, y);
    iterate(lbfgs);
    expect(lbfgs.loss).toBeLessThan(before);
    expect(net.parameters.every(Number.isFinite)).toBe(true);
    net.parameters = [1000, 0];
    expect(iterate(start(net, X, y))).toBe('change');
    expect([...net.parameters]).toEqual([1000, 0]);
  });

  test('it ends at its limit of evaluations', () => {
    const net = engine.network(SHAPE);
    const lbfgs = start(net, fixture.X, fixture.y, { ...PLAN, maxFunctionCalls: 5 });
    let status = 'continue';
    for (let i = 0; i < 10 && status === 'continue'; i++) status = iterate(lbfgs);
    expect(status).toBe('limit');
  });
});

test.each(dtypes)('both backends take the same 50 iterations, bit by bit (%s)', (dtype) => {
  const nets = [ts, wasm].map(({ engine }) => engine.network({ ...SHAPE, dtype }));
  const both = nets.map((net) => start(net, fixture.X, fixture.y));
  for (let i = 0; i < 50; i++) {
    const [a, b] = both.map((lbfgs) => [iterate(lbfgs), lbfgs.loss]);
    expect(a).toEqual(b);
    expectSameBits(nets[0].parameters, nets[1].parameters);
  }
});
