// Skip connections beside what test/layers/oracles.test.ts and each.test.ts say of them: which belong together, and what is refused.

import { describe, expect, test } from 'vitest';
import '../../src/layers/index.js';
import { toStateDict } from '../../src/model/index.js';
import type { Network } from '../../src/network/network.js';
import { entries } from '../support/backends.js';

const skip = { kind: 'skip' } as const;
const add = { kind: 'add' } as const;

describe.each(entries)('on %s', (_, { engine }) => {
  /** A layer that multiplies its one input. */
  const times = (factor: number) => ({ units: 1, weights: [[factor]], bias: false });

  test('they belong together as brackets do', () => {
    const of = (...layers: (number | object)[]) => {
      const net = engine.network({ inputs: 1, layers: layers as never });
      return [net.forward([[1]]).get(0, 0), net.jacobian([[1]]).get(0, 0)];
    };
    expect(of(skip, times(3), add)).toEqual([4, 4]);
    expect(of(skip, times(3), skip, times(5), add, add)).toEqual([19, 19]);
    expect(of(skip, skip, times(5), add, add)).toEqual([7, 7]);
    expect(of(skip, times(3), add, skip, times(5), add)).toEqual([24, 24]);
    expect(of(skip, add)).toEqual([2, 2]);
    // One that is not closed hands on what it is given.
    expect(of(times(2), skip, times(3))).toEqual([6, 6]);
  });

  test('what is wrong is named', () => {
    const make =
      (...layers: (number | object)[]) =>
      () =>
        engine.network({ inputs: 2, layers: layers as never });
    const none = '"layers[1]" adds what a skip before it was given: there is none that is open';
    expect(make(2, add)).toThrow(none);
    expect(make(skip, add, add)).toThrow('"layers[2]" adds');
    expect(make(skip, 3, add)).toThrow('"layers[2]" has 3 inputs, but layers[0], which it adds, has 2 outputs');
    expect(make({ kind: 'skip', units: 2 })).toThrow('unknown option "units"; known options: kind');
  });

  test('a network may be made of the same options again, and cut off within', () => {
    const layers = [skip, { units: 2 }, add] as const;
    const [a, b] = [1, 1].map((seed) => engine.network({ inputs: 2, layers, seed }));
    expect(a.forward([[1, 2]]).data).toEqual(b.forward([[1, 2]]).data);
    expect(engine.network({ inputs: 2, layers: layers.slice(0, 2), seed: 1 }).outputs).toBe(2);
  });

  test('a state dict has a Sequential within the Sequential', () => {
    const inner = [skip, { units: 4, activation: 'tanh' }, skip, 4, add, 4, add];
    const net = engine.network({ inputs: 3, layers: [{ units: 4, activation: 'relu' }, ...inner, 2] as never });
    expect([...toStateDict(net as Network).keys()].filter((name) => name.endsWith('weight'))).toEqual([
      '0.weight',
      '2.0.weight',
      '2.2.0.weight',
      '2.3.weight',
      '3.weight',
    ]);
  });
});
