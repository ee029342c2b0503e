// Networks with further layers against PyTorch's numbers, in f64: outputs, loss, gradients of all parameters and of the inputs.
//
// The rule is that of network/oracles.test.ts: no element further from PyTorch's than 1e-12 of the largest of its group, the
// same number of ulp in f32. A group is what one call returned.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Dtype } from '../../src/kernels/contract.js';
import { layers } from '../../src/layers/index.js';
import { fromStateDict, type Tensor, toStateDict } from '../../src/model/index.js';
import { PARTS } from '../../src/network/calls.js';
import type { Network } from '../../src/network/network.js';
import { dtypes, entries } from '../support/backends.js';
import { expectNear, type Options } from '../support/networks.js';

interface Case {
  name: string;
  options: Options;
  X: number[][];
  y: number[][];
  rowsSeen?: number;
  expected: { outputs: number[][]; loss: number; gradients: number[]; inputs: number[][]; moments?: number[][][] };
}

interface Fitted {
  name: string;
  options: Options;
  X: number[][];
  y: number[][];
  fit: object;
  expected: number[];
}

interface Fixture {
  cases: Case[];
  trainings: Fitted[];
  stateDict: {
    options: Options;
    tensors: Record<string, { shape: number[]; data: number[] }>;
    X: number[][];
    outputs: number[][];
  };
}

const { cases, trainings, stateDict }: Fixture = JSON.parse(
  readFileSync(new URL('../fixtures/layers.json', import.meta.url), 'utf8'),
);
const kindsOf = ({ options }: Case) => options.layers.map((layer) => (layer as { kind?: string }).kind ?? 'dense');
const known = cases.filter((each) => kindsOf(each).every((kind) => kind === 'dense' || layers.includes(kind as never)));

const TOLERANCE: Record<Dtype, number> = { f64: 1e-12, f32: 1e-12 * 2 ** 29 };

test('every layer has numbers', () => {
  const met = new Set(known.flatMap(kindsOf));
  expect(layers.filter((kind) => !met.has(kind))).toEqual([]);
  expect(known.length).toBeGreaterThanOrEqual(6);
});

describe.each(entries)('on %s', (_, { engine }) => {
  describe.each(dtypes)('%s', (dtype) => {
    test.each(known)('$name', ({ options, X, y, rowsSeen, expected }) => {
      const net = engine.network({ ...options, dtype });
      const near = (got: ArrayLike<number>, want: readonly number[]) => {
        const largest = Math.max(...want.map(Math.abs));
        expectNear(got, want, () => TOLERANCE[dtype] * largest);
      };
      if (rowsSeen === undefined) near(net.forward(X).data, expected.outputs.flat());
      const { loss, inputs } = net.gradients(X, y, { wrtInputs: true, rowsSeen });
      const out = net.gradientsInto(X, y, net.zeroGradients(), { rowsSeen });
      near([loss, net.loss(X, y, { rowsSeen }), out.loss], [expected.loss, expected.loss, expected.loss]);
      near(inputs?.data ?? [], expected.inputs.flat());
      // PyTorch has no gradients of running moments: what a step leaves of them is compared.
      const statistics = net[PARTS].plan.layers.flatMap(({ parameters }) =>
        parameters.filter(({ momentum }) => momentum),
      );
      const gradients = out.parameters.slice();
      for (const { offset, size } of statistics) gradients.fill(0, offset, offset + size);
      near(gradients, expected.gradients);
      const moved = statistics.map(({ offset, size, momentum = 0 }) =>
        Array.from({ length: size }, (_, i) => net.parameters[offset + i] - momentum * out.parameters[offset + i]),
      );
      if (expected.moments) near(moved.flat(), expected.moments.flat(2));
      net.dispose();
      out.dispose();
    });

    test.each(trainings)('training: $name', async ({ options, X, y, fit, expected }) => {
      const net = engine.network({ ...options, dtype });
      await net.fit(X, y, { ...fit, background: false });
      const largest = Math.max(...expected.map(Math.abs));
      // A hundred steps, each of which begins with the errors of those before.
      expectNear(net.parameters, expected, () => 10 * TOLERANCE[dtype] * largest);
    });

    test('a state dict of a Sequential of all of them', () => {
      const { options, tensors, X, outputs } = stateDict;
      const net = engine.network({ ...options, dtype });
      const given = Object.entries(tensors).map(([name, { shape, data }]): [string, Tensor] => [
        name,
        name.endsWith('num_batches_tracked')
          ? { dtype: 'I64', shape, data: new Uint8Array(8) }
          : { dtype: 'F64', shape, data: Float64Array.from(data) },
      ]);
      fromStateDict(net as Network, new Map(given));
      const largest = Math.max(...outputs.flat());
      expectNear(net.forward(X).data, outputs.flat(), () => TOLERANCE[dtype] * largest);
      const back = [...toStateDict(net as Network)].map(([name, { shape, data }]) => [name, shape, data.length]);
      const wanted = given
        .filter(([, { dtype }]) => dtype === 'F64')
        .map(([name, { shape, data }]) => [name, shape, data.length]);
      expect(back).toEqual(wanted);
    });
  });
});
