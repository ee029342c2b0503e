// Loops of one's own over layers that do in a step what they do not in a prediction: with batchNorm and dropout they have the bits
// of fit, and what a tape keeps has those of net.backward.

import { describe, expect, test } from 'vitest';
import { addMore } from '../../src/layers/add-more.js';
import { clipNorm, clipValue, GradientTape, optimizer } from '../../src/train/index.js';
import { kindOf, optimizers } from '../../src/train/optimizers/optimizers.js';
import { dtypes, entries, expectSameBits } from '../support/backends.js';
import { type Net, type Options, uniform } from '../support/networks.js';

addMore();

type Gradients = ReturnType<Net['gradients']>;
/** Some layers have neither. */
const flatten = ({ weights, biases }: Gradients) => [...weights, ...biases].flatMap((each) => [...(each?.data ?? [])]);

const STEPPING = optimizers.filter((name) => !kindOf({ name }).whole);

describe.each(entries)('%s', (_, api) => {
  describe.each(dtypes)('%s', (dtype) => {
    const make = (options: object = {}): Net =>
      api.network({
        inputs: 3,
        layers: [{ kind: 'batchNorm' }, { units: 4, activation: 'tanh' }, { kind: 'dropout', rate: 0.3 }, 2],
        dtype,
        seed: 3,
        ...options,
      } as Options);
    const X = uniform(dtype, 600, 3, 1, 4);
    const y = uniform(dtype, 600, 2, 2);
    // Sums of such are exact: fit adds them up in another order.
    const sampleWeight = Array.from({ length: 600 }, (_, i) => ((i * 7) % 5) / 4);
    const rows = (from: number, matrix: typeof X) => ({
      rows: 300,
      cols: matrix.cols,
      data: matrix.data.slice(from * matrix.cols, (from + 300) * matrix.cols),
    });

    test.each(STEPPING)('%s with clipping has the bits of fit', async (name) => {
      for (const reduction of ['mean', 'sum'] as const) {
        for (const weights of [undefined, sampleWeight]) {
          const options = { weightDecay: 0.01, decayBiases: true };
          const [fitted, own] = [make({ reduction }), make({ reduction })];
          await fitted.fit(X, y, {
            epochs: 2,
            batchSize: 300,
            shuffle: false,
            background: false,
            optimizer: { name, ...options } as never,
            clipValue: 0.05,
            clipNorm: 0.1,
            ...(weights && { sampleWeight: weights }),
          });
          const out = own.zeroGradients();
          const opt = optimizer(name, own, options as never);
          for (let seen = 0; seen < 1200; seen += 300) {
            const from = seen % 600;
            own.gradientsInto(rows(from, X), rows(from, y), out, {
              rowsSeen: seen,
              ...(weights && { sampleWeight: weights.slice(from, from + 300) }),
            });
            clipValue(own, out, 0.05);
            clipNorm(own, out, 0.1);
            const before = out.parameters.slice();
            opt.step(out);
            expectSameBits(out.parameters.slice(), before);
          }
          expectSameBits(own.parameters.slice(), fitted.parameters.slice());
          for (const each of [fitted, own, out, opt]) each.dispose();
        }
      }
    });

    test('running moments stay where they are frozen, and whatever other group has them move as they do', () => {
      const moments = (groups: object[]) => {
        const net = make();
        optimizer('sgd', net, { groups } as never).step(net.gradientsInto(X, y, net.zeroGradients(), { rowsSeen: 0 }));
        return Array.from(net.parameters.subarray(6, 12));
      };
      const all = moments([]);
      expect(all).not.toEqual([0, 0, 0, 1, 1, 1]);
      expect(moments([{ layers: 0, learningRate: 7 }])).toEqual(all);
      expect(moments([{ layers: 0, frozen: true }])).toEqual([0, 0, 0, 1, 1, 1]);
      expect(moments([{ parameters: 'means', frozen: true }])).toEqual([0, 0, 0, ...all.slice(3)]);
    });

    test('they stay where a pass was none of a training', () => {
      const net = make();
      const opt = optimizer('sgd', net, { learningRate: 0.1 });
      opt.step(net.zeroGradients());
      opt.step(net.gradientsInto(X, y, net.zeroGradients()));
      opt.step(net.backward(X, y, net.zeroGradients()));
      expect(Array.from(net.parameters.subarray(6, 12))).toEqual([0, 0, 0, 1, 1, 1]);
    });

    test('whatever the derivative came from, the batch moves them as far', () => {
      const moved = (take: (net: Net, out: ReturnType<Net['zeroGradients']>) => unknown) => {
        const net = make();
        const out = net.zeroGradients();
        take(net, out);
        optimizer('sgd', net).step(out);
        return Array.from(net.parameters.subarray(6, 12));
      };
      const summed = moved((net, out) => net.backward(X, y, out, { rowsSeen: 0 }));
      const kept = moved((net, out) => {
        const tape = new GradientTape(net);
        tape.forward(X, { rowsSeen: 0 });
        tape.backward(y, out);
        tape.dispose();
      });
      expect(kept).toEqual(summed);
      const near = moved((net, out) => net.gradientsInto(X, y, out, { rowsSeen: 9 }));
      for (const [i, each] of summed.entries()) expect(each).toBeCloseTo(near[i], 5);
    });

    test.each([1, 256, 300, 1000])('a tape of %i rows of a step has the bits of net.backward', (n) => {
      const net = make();
      const tape = new GradientTape(net);
      const [rowsOf, G] = [uniform(dtype, n, 3, 1), uniform(dtype, n, 2, 2)];
      for (const options of [{ rowsSeen: 77 }, { rowsSeen: 0 }, {}]) {
        const expected = net.backward(rowsOf, G, { ...options, wrtInputs: true });
        const output = tape.forward(rowsOf, options);
        // The loss of the linear network is the sum of output and derivative: the outputs are those of the step.
        const sum = Array.from(output.data, (o, i) => o * G.data[i]).reduce((total, each) => total + each, 0);
        expect(Math.abs(sum - expected.loss)).toBeLessThan(n * 1e-5);
        const got = tape.backward(G, { wrtInputs: true });
        expect(got.loss).toBe(expected.loss);
        expect(flatten(got)).toEqual(flatten(expected));
        expectSameBits(got.inputs?.data as Float64Array, expected.inputs?.data as Float64Array);
      }
      for (const each of [tape, net]) each.dispose();
    });

    test('tiles of a step that are not kept are passed forward again as they were', () => {
      const net = make({ layers: [{ units: 4096, activation: 'relu' }, { kind: 'dropout' }, 2] });
      const tape = new GradientTape(net);
      // One tile is kept in f64, three in f32.
      const n = dtype === 'f64' ? 600 : 1000;
      const [rowsOf, G] = [uniform(dtype, n, 3, 1), uniform(dtype, n, 2, 2)];
      tape.forward(rowsOf, { rowsSeen: 5 });
      expect(flatten(tape.backward(G))).toEqual(flatten(net.backward(rowsOf, G, { rowsSeen: 5 })));
      for (const each of [tape, net]) each.dispose();
    });
  });

  test('gradients that do not hold running moments are refused', () => {
    const net = api.network({ inputs: 1, layers: [{ kind: 'batchNorm' }, 1] } as Options);
    const opt = optimizer('sgd', net);
    const refused = '"gradients" of a network with batchNorm must be what its zeroGradients() returned';
    expect(() => opt.step(net.gradients([[1], [2]], [1, 2]))).toThrow(refused);
    expect(() => opt.step(new Float64Array(6))).toThrow(refused);
  });

  test('clipping leaves running moments that are not finite where they are', () => {
    const net = api.network({ inputs: 1, layers: [{ kind: 'batchNorm' }, 1] } as Options);
    const out = net.zeroGradients();
    out.parameters.set([6, 8, NaN, -Infinity, 0, 0]);
    expect(clipNorm(net, out, 5)).toBe(10);
    clipValue(net, out, 3.5);
    expect(Array.from(out.parameters)).toEqual([3, 3.5, NaN, -Infinity, 0, 0]);
  });

  test('a tape says what is not finite, where the network is told to', () => {
    const net = api.network({ inputs: 1, layers: [1], onNonFinite: 'throw', seed: 1 });
    const tape = new GradientTape(net);
    expect(() => tape.forward([[1], [Infinity]])).toThrow(
      'an output is not finite: "X" holds Infinity in row 1, column 0',
    );
    tape.forward([[1]]);
    expect(() => tape.backward([NaN])).toThrow(
      'the loss or a gradient is not finite: "outputGradient" holds NaN in row 0, column 0',
    );
    expect(() => tape.backward([NaN], net.zeroGradients())).toThrow('the loss or a gradient is not finite');
    expect(tape.backward([1]).loss).toBe(net.backward([[1]], [[1]]).loss);
    const silent = new GradientTape(api.network({ inputs: 1, layers: [1], seed: 1 }));
    expect(silent.forward([[Infinity]]).data[0]).not.toBe(0);
  });

  test('a tape knows its options', () => {
    const tape = new GradientTape(api.network({ inputs: 1, layers: [1] }));
    const unknown = 'unknown option "training"; known options: rowsSeen';
    expect(() => tape.forward([[1]], { training: true } as never)).toThrow(`forward: ${unknown}`);
    expect(() => tape.forwardInto([[1]], api.zeros(1, 1), { training: true } as never)).toThrow(
      `forwardInto: ${unknown}`,
    );
    expect(() => new GradientTape(api.network({ inputs: 1, layers: [1] }), { rowsSeen: 0 } as never)).toThrow(
      'GradientTape takes a network alone: "rowsSeen" is an option of forward()',
    );
    expect(() => tape.forward([[1]], 5 as never)).toThrow('forward: options must be an object, got 5');
    expect(() => tape.forward([[1]], { rowsSeen: -1 })).toThrow('"rowsSeen" must be a non-negative integer, got -1');
  });

  test('a group that no parameter is of', () => {
    const layers = [2, { kind: 'dropout' }, { kind: 'layerNorm', bias: false }, 1];
    const net = api.network({ inputs: 1, layers } as Options);
    const names =
      'layer 0 has weights and biases, layer 1 has nothing, layer 2 has weights, layer 3 has weights and biases';
    const of = (group: object) => () => optimizer('sgd', net, { groups: [{ layers: 0 }, group] } as never);
    expect(of({ layers: [1] })).toThrow(`"groups[1]" matches no parameter: ${names}`);
    expect(of({ layers: [] })).toThrow(`"groups[1]" matches no parameter: ${names}`);
    expect(of({ layers: [1, 2], parameters: 'biases', frozen: true })).toThrow('"groups[1]" matches no parameter');
    of({ layers: [0, 1] })();
  });
});
