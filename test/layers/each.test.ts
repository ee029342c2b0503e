// What a network does goes with every layer of bitgrad/layers, in predictions and in steps of a training.

import { describe, expect, test } from 'vitest';
import { layers } from '../../src/layers/index.js';
import {
  decodeSafetensors,
  encodeSafetensors,
  fromBytes,
  fromStateDict,
  toBytes,
  toStateDict,
} from '../../src/model/index.js';
import { mergePartials, type PartialGradients } from '../../src/network/gradients.js';
import type { Network } from '../../src/network/network.js';
import { arrayOf, dtypes, entries, expectSameBits, rounding } from '../support/backends.js';
import { EXAMPLES, rowsFor } from '../support/further-layers.js';
import { expectNear, type Net, rowsOf, UNIT, uniform } from '../support/networks.js';

test('every layer is looked at', () => {
  const met = new Set<string>(EXAMPLES.map(({ kind }) => kind));
  expect(layers.filter((kind) => !met.has(kind))).toEqual([]);
  expect(layers.length).toBeGreaterThan(0);
});

/** All gradients of weights and biases, where a layer has some. */
function flatten({ weights, biases }: Pick<ReturnType<Net['gradients']>, 'weights' | 'biases'>): number[] {
  const numbers = (matrix: { data: ArrayLike<number> } | undefined) => Array.from(matrix?.data ?? []);
  return weights.flatMap((each, i) => [...numbers(each), ...numbers(biases[i])]);
}

/** What a step differs by: nothing of a prediction, and a training's from its beginning and from far on. */
const MODES = [undefined, 0, 2 ** 33 + 5];

describe.each(EXAMPLES)('$name', (example) => {
  const outputsOf = (net: Net) => net.outputs;

  describe.each(entries)('on %s', (_, api) => {
    const { engine } = api;

    describe.each(dtypes)('%s', (dtype) => {
      const make = (more = {}) => engine.network({ ...example.options, dtype, seed: 4, ...more });
      const data = (net: Net, rows: number, seed = 1) => ({
        X: rowsFor(example, dtype, rows, seed),
        y: uniform(dtype, rows, outputsOf(net), seed + 1),
      });

      test('gradients are those of the loss', () => {
        const net = make();
        const { X, y } = data(net, 5);
        for (const rowsSeen of MODES) {
          const found = net.checkGradients(X, y, { rowsSeen, l2: 0.03, sampleWeight: [1, 2, 0.5, 1, 3] });
          expect(found.relative, JSON.stringify(found.at)).toBeLessThan(dtype === 'f64' ? 1e-8 : 2e-5);
        }
      });

      test('norms of single rows are those of their gradients, and add up to the whole', () => {
        const net = make({ reduction: 'sum' });
        const { X, y } = data(net, 300);
        const each = net.perSampleGradients(X, y);
        const norms = net.gradientNorms(X, y);
        const squares = Array.from(each, (row) => Math.hypot(...row));
        const limit = 100 * UNIT[dtype];
        expectNear(norms, squares, (i) => limit * squares[i]);
        const whole = net.gradientsInto(X, y, net.zeroGradients()).parameters;
        const sums = Array.from(whole, (_, j) => Array.from(each, (row) => row[j]).reduce((a, b) => a + b));
        const largest = Math.max(...sums.map(Math.abs));
        expectNear(whole, sums, () => 300 * UNIT[dtype] * largest);
      });

      test('a row has the same bits by itself and among others', () => {
        const net = make({ reduction: 'sum' });
        const { X, y } = data(net, 270);
        const all = net.forward(X);
        const own = net.perSampleGradients(X, y);
        const slopes = net.jacobian(X);
        for (const i of [0, 1, 255, 256, 269]) {
          const row = rowsOf(X, i, i + 1);
          const m = outputsOf(net);
          expectSameBits(net.forward(row).data, rowsOf(all, i, i + 1).data);
          expectSameBits(net.perSampleGradients(row, rowsOf(y, i, i + 1)).data, rowsOf(own, i, i + 1).data);
          expectSameBits(net.jacobian(row).data, rowsOf(slopes, i * m, (i + 1) * m).data);
        }
      });

      test('a batch can be cut, of a step too', () => {
        const net = make();
        const rows = 1100;
        const { X, y } = data(net, rows);
        for (const rowsSeen of MODES) {
          const whole = net.gradients(X, y, { rowsSeen, l2: 0.1 });
          for (const size of [256, 512, 1024]) {
            let parts: PartialGradients[] = [];
            for (let rowOffset = 0; rowOffset < rows; rowOffset += size) {
              const end = Math.min(rows, rowOffset + size);
              const own = make();
              parts.push(
                own.partialGradients(rowsOf(X, rowOffset, end), rowsOf(y, rowOffset, end), { rowOffset, rowsSeen }),
              );
              own.dispose();
            }
            while (parts.length > 1) {
              parts = parts.flatMap((a, i) => (i % 2 ? [] : i + 1 < parts.length ? mergePartials(a, parts[i + 1]) : a));
            }
            const merged = net.gradientsFrom(parts[0], { l2: 0.1 });
            expect(merged.loss).toBe(whole.loss);
            expectSameBits(arrayOf(dtype, flatten(merged)), arrayOf(dtype, flatten(whole)));
          }
        }
      });

      test('copies, JSON, files and state dicts have the same bits', () => {
        const net = make();
        net.parameters = net.parameters.map((x, i) => rounding(dtype)(Math.abs(x) + 0.1 + i / 100));
        const { X } = data(net, 9);
        const wanted = net.forward(X).data;
        const twin = make({ seed: 8 });
        fromStateDict(twin as Network, decodeSafetensors(encodeSafetensors(toStateDict(net as Network))).tensors);
        const copies = [
          net.clone(),
          engine.Network.fromJSON(JSON.stringify(net)),
          engine.Network.fromJSON(net.toJSON()),
          fromBytes<Network>(toBytes(net as Network), { engine }),
          twin,
        ];
        for (const copy of copies) {
          expectSameBits(copy.parameters.slice(), net.parameters.slice());
          expectSameBits(copy.forward(X).data, wanted);
          if (copy !== twin) expect(copy.options.layers).toEqual(net.options.layers);
        }
      });

      test('it trains, and predicts after that', async () => {
        const net = make({ onNonFinite: 'throw' });
        const { X, y } = data(net, 60);
        const { loss } = await net.fit(X, y, { epochs: 30, optimizer: { name: 'adam', learningRate: 0.01 } });
        expect(loss.at(-1)).toBeLessThan(loss[0]);
        expect(net.forward(X).data.every(Number.isFinite)).toBe(true);
      });
    });

    test('the summary names it', () => {
      const net = engine.network(example.options);
      expect(net.summary().split('\n')).toHaveLength(example.options.layers.length + 3);
      expect(net.summary()).toContain(example.kind);
    });
  });

  test.each(dtypes)('both backends have the same bits in %s', (dtype) => {
    const results = entries.map(([, { engine }]) => {
      const net = engine.network({ ...example.options, dtype, seed: 6 });
      const X = rowsFor(example, dtype, 300, 3);
      const y = uniform(dtype, 300, net.outputs, 4);
      const of = MODES.flatMap((rowsSeen) => {
        const { loss, inputs, ...rest } = net.gradients(X, y, { rowsSeen, wrtInputs: true, l1: 0.01 });
        return [loss, ...(inputs?.data ?? []), ...flatten(rest)];
      });
      return arrayOf(dtype, [
        ...net.forward(X).data,
        ...of,
        ...net.gradientNorms(X, y),
        ...net.perSampleGradients(X, y).data,
      ]);
    });
    expectSameBits(results[0], results[1]);
  });
});
