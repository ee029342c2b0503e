// A tape has the bits of net.backward, whatever became of rows and network between its two passes.

import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/matrix/matrix.js';
import { GradientTape } from '../../src/train/index.js';
import { dtypes, entries, expectSameBits } from '../support/backends.js';
import { flatten, HIDDEN, type Net, type Options, uniform } from '../support/networks.js';

describe.each(entries)('%s', (_, api) => {
  describe.each(dtypes)('%s', (dtype) => {
    const build = (options: Partial<Options> = {}): Net =>
      api.network({ inputs: 2, layers: [{ units: 4, activation: 'gelu' }, 3], dtype, seed: 2, ...options });

    test.each([1, 255, 256, 257, 1000])('%i rows: outputs and gradients are those of two passes', (rows) => {
      const net = build();
      const tape = new GradientTape(net);
      const [X, G] = [uniform(dtype, rows, 2, 1), uniform(dtype, rows, 3, 2)];
      expectSameBits(tape.forward(X).data, net.forward(X).data);
      const got = tape.backward(G, { wrtInputs: true });
      const expected = net.backward(X, G, { wrtInputs: true });
      expect(got.loss).toBe(expected.loss);
      expect(flatten(got)).toEqual(flatten(expected));
      expectSameBits(got.inputs?.data as Float64Array, expected.inputs?.data as Float64Array);
      // Once more, with another error, into memory of the engine.
      const other = uniform(dtype, rows, 3, 5);
      const out = net.zeroGradients({ rows });
      expect(tape.backward(other, out)).toBe(out);
      const again = net.backward(X, other, { wrtInputs: true });
      expect([...out.parameters]).toEqual(flatten(again));
      expectSameBits(out.inputs?.data as Float64Array, again.inputs?.data as Float64Array);
      for (const each of [out, tape, net]) each.dispose();
    });

    test.each([...HIDDEN, 'softmax' as const])('%s last', (activation) => {
      const net = build({
        layers: [
          { units: 4, activation: 'mish' },
          { units: 3, activation },
        ],
      });
      const tape = new GradientTape(net);
      const [X, G] = [uniform(dtype, 300, 2, 1), uniform(dtype, 300, 3, 2)];
      expectSameBits(tape.forward(X).data, net.forward(X).data);
      expect(flatten(tape.backward(G))).toEqual(flatten(net.backward(X, G)));
      for (const each of [tape, net]) each.dispose();
    });

    test('more tiles than are kept: the rest is passed forward again', () => {
      // 256 rows of 4 x 4096 numbers are 32 MiB in f64: two tiles are kept at most, or four.
      const net = build({ inputs: 1, layers: [{ units: 4096, activation: 'relu' }, 1] });
      const tape = new GradientTape(net);
      const rows = dtype === 'f64' ? 600 : 1100;
      const [X, G] = [uniform(dtype, rows, 1, 1), uniform(dtype, rows, 1, 2)];
      expectSameBits(tape.forward(X).data, net.forward(X).data);
      expect(flatten(tape.backward(G))).toEqual(flatten(net.backward(X, G)));
      for (const each of [tape, net]) each.dispose();
    });

    test('fewer rows, then more, on one tape', () => {
      const net = build();
      const tape = new GradientTape(net);
      for (const rows of [600, 3, 300, 1, 2000, 600]) {
        const [X, G] = [uniform(dtype, rows, 2, rows), uniform(dtype, rows, 3, 2)];
        const out = api.zeros(rows, 3, { dtype });
        expectSameBits(tape.forwardInto(api.matrix(X), out).data, net.forward(X).data);
        expect(flatten(tape.backward(G))).toEqual(flatten(net.backward(X, G)));
      }
      for (const each of [tape, net]) each.dispose();
    });

    test.each(['resident', 'array'])(
      'what becomes of %s rows, the parameters and the network changes nothing',
      (where) => {
        const net = build();
        const tape = new GradientTape(net);
        const [rows, G] = [uniform(dtype, 300, 2, 1), uniform(dtype, 300, 3, 2)];
        const expected = flatten(net.backward(rows, G));
        const X = where === 'resident' ? api.matrix(rows) : Matrix.from(rows);
        tape.forward(X);
        X.data.fill(9);
        net.parameters.fill(7);
        net.gradients(X, uniform(dtype, 300, 3, 4));
        expect(flatten(tape.backward(G))).toEqual(expected);
        net.dispose();
        expect(flatten(tape.backward(G))).toEqual(expected);
        tape.dispose();
      },
    );
  });

  test('one network feeds another: inputs of the one are outputGradient of the other', () => {
    const layers: Options['layers'] = [{ units: 4, activation: 'tanh' }, { units: 3, activation: 'silu' }, 1];
    const whole = api.network({ inputs: 2, layers, seed: 1, reduction: 'sum' });
    const first = api.network({ inputs: 2, layers: layers.slice(0, 2) });
    const second = api.network({ inputs: 3, layers: layers.slice(2), reduction: 'sum' });
    const n = first.parameters.length;
    first.parameters = whole.parameters.slice(0, n);
    second.parameters = whole.parameters.slice(n);
    const tape = new GradientTape(first);
    const [X, y] = [uniform('f64', 700, 2, 1), uniform('f64', 700, 1, 2)];
    const after = second.gradients(tape.forward(X), y, { wrtInputs: true });
    const before = tape.backward(after.inputs as Matrix);
    expect([...flatten(before), ...flatten(after)]).toEqual(flatten(whole.gradients(X, y)));
    for (const each of [tape, whole, first, second]) each.dispose();
  });

  const net = api.network({ inputs: 2, layers: [3, 2], seed: 1 });

  const passed = (tape: GradientTape) => {
    tape.forward([[1, 2]]);
    return tape;
  };
  const disposed = (tape: GradientTape) => {
    tape.dispose();
    return tape;
  };
  const G = [[1, 2]];

  test.each<[string, (tape: GradientTape) => unknown]>([
    ['call forward() before backward()', (tape) => tape.backward(G)],
    ['"X" is 1x3, but must have 2 columns', (tape) => tape.forward([[1, 2, 3]])],
    ['"X" has 1 rows and "outputGradient" has 2', (tape) => passed(tape).backward([...G, ...G])],
    ['"out" has 2 rows and "X" has 1', (tape) => passed(tape).backward(G, net.zeroGradients({ rows: 2 }))],
    ["come from this network's zeroGradients()", (tape) => passed(tape).backward(G, net.clone().zeroGradients())],
    ['unknown option "wrtInput"', (tape) => passed(tape).backward(G, { wrtInput: true } as never)],
    ['"net" must be a Network', () => new GradientTape({} as never)],
    ['this tape was disposed', (tape) => disposed(tape).forward(G)],
    ['this tape was disposed', (tape) => disposed(passed(tape)).backward(G)],
    ['X" has no rows', (tape) => passed(tape).forward({ rows: 0, cols: 2, data: [] })],
  ])('refuses: %s', (message, call) => {
    const tape = new GradientTape(net);
    expect(() => call(tape)).toThrow(message);
    tape.dispose();
    tape.dispose();
  });

  test('a getter that disposes of the tape, or of the network, ends the call', () => {
    const rows = (dispose: () => void) => ({
      rows: 1,
      cols: 2,
      get data() {
        dispose();
        return [1, 2];
      },
    });
    const tape = new GradientTape(net);
    expect(() => tape.forward(rows(() => tape.dispose()))).toThrow('this tape was disposed');
    const other = net.clone();
    const second = new GradientTape(other);
    expect(() => second.forward(rows(() => other.dispose()))).toThrow('this network was disposed');
    expect(() => second.backward([[1, 2]])).toThrow('call forward() before backward()');
    const third = new GradientTape(net);
    third.forward([[1, 2]]);
    expect(() => third.backward(rows(() => third.dispose()))).toThrow('this tape was disposed');
    second.dispose();
  });

  test('gives its memory back', () => {
    const { memoryBytes } = api.info();
    for (let i = 0; i < 300; i++) {
      const tape = new GradientTape(net);
      tape.forward(uniform('f64', 2000, 2, 1));
      tape.backward(uniform('f64', 2000, 2, 2), { wrtInputs: true });
      tape.dispose();
    }
    expect(api.info().memoryBytes - memoryBytes).toBeLessThan(8 << 20);
  });
});
