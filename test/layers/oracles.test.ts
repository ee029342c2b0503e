// Networks with further layers against PyTorch's numbers, in f64: outputs, loss, gradients of all parameters and of the inputs.
//
// The rule is that of network/oracles.test.ts: no element further from PyTorch's than 1e-12 of the largest of its group, the
// same number of ulp in f32. A group is what one call returned.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Dtype } from '../../src/kernels/contract.js';
import { layers } from '../../src/layers/index.js';
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

const { cases }: { cases: Case[] } = JSON.parse(
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
      if (!expected.moments) near(out.parameters, expected.gradients);
      net.dispose();
      out.dispose();
    });
  });
});
