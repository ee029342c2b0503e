// Networks of any kind have the same bits from both backends, wherever their operands lie and however they are asked.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dtype } from '../../src/common.js';
import { INITIALIZER_NAMES } from '../../src/layers/initializers.js';
import { Matrix } from '../../src/matrix/matrix.js';
import type { TypedArray } from '../../src/matrix/operand.js';
import * as ts from '../../src/ts.js';
import * as wasm from '../../src/wasm.js';
import { arrayOf, dtypes, expectSameBits } from '../support/backends.js';
import { property } from '../support/long.js';
import {
  flatten,
  HIDDEN,
  type LossOptions,
  type Net,
  type Options,
  PAIRS,
  rowsOf,
  targets,
} from '../support/networks.js';
import { generator, mixes, numbers, seeds } from '../support/values.js';

const units = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 3, arbitrary: fc.integer({ min: 20, max: 80 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }) },
);
const rowCounts = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 70 }) },
  { weight: 2, arbitrary: fc.constantFrom(255, 256, 257, 511, 512, 513, 767, 769) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 1000 }) },
);
const wheres = fc.constantFrom('copied', 'resident', 'other dtype');

const architectures = fc.record({
  inputs: units,
  hidden: fc.array(fc.record({ units, activation: fc.constantFrom(...HIDDEN), bias: fc.boolean() }), { maxLength: 4 }),
  outputs: units,
  pair: fc.constantFrom(...PAIRS),
  bias: fc.boolean(),
  reduction: fc.constantFrom('mean' as const, 'sum' as const),
  slopes: fc.record({ negativeSlope: fc.constantFrom(0.01, 0.3), alpha: fc.constantFrom(1, 0.7) }),
  huberDelta: fc.constantFrom(1, 0.1),
  rows: rowCounts,
  where: wheres,
  mix: fc.oneof({ weight: 3, arbitrary: fc.constant('ordinary' as const) }, { weight: 2, arbitrary: mixes }),
  seed: seeds,
});
const optionsOfLoss = fc.record(
  {
    sampleWeight: fc.boolean(),
    l2: fc.constantFrom(0, 0.3),
    l1: fc.constantFrom(0, 0.01),
    penalty: fc.constantFrom('plain' as const, 'scikitLearn' as const),
  },
  { requiredKeys: ['sampleWeight'] },
);
type Architecture = typeof architectures extends fc.Arbitrary<infer A> ? A : never;

/** Multiply-adds of a forward pass: rows are dropped until there are no more. */
const WORK = 1.5e6;

type Call = (net: Net, X: Matrix, y: Matrix) => TypedArray[];

/** Runs `call` over the network in both entries and compares all that it returns. */
function compare(dtype: Dtype, given: Architecture, call: Call, work = WORK): void {
  const { inputs, hidden, outputs, pair, bias, reduction, slopes, huberDelta, where, mix, seed } = given;
  const [loss, activation] = pair;
  const layers = [...hidden, { units: outputs, activation, bias }].map((layer) => ({ ...layer, ...slopes }));
  const options: Options = { inputs, layers, loss, reduction, huberDelta, dtype, seed };
  let from = inputs;
  let size = 0;
  for (const { units } of layers) {
    size += from * units;
    from = units;
  }
  const rows = Math.max(1, Math.min(given.rows, Math.floor(work / size)));
  const source = where === 'other dtype' ? (dtype === 'f64' ? 'f32' : 'f64') : dtype;
  const X = new Matrix(rows, inputs, numbers(source, rows * inputs, seed, mix));
  const y = mix === 'ordinary' ? targets(source, loss, rows, outputs, seed) : anyTargets(source, rows, outputs, seed);
  const [first, second] = [wasm, ts].map((entry) => {
    const net = entry.network(options);
    const operands = where === 'copied' ? [X, y] : [entry.matrix(X), entry.matrix(y)];
    try {
      if (mix !== 'ordinary' && seed % 2) net.parameters = numbers(dtype, net.parameters.length, seed + 1, mix);
      return call(net, operands[0], operands[1]);
    } finally {
      net.dispose();
      for (const each of operands) if (each instanceof entry.ResidentMatrix) each.dispose();
    }
  });
  expect(first.length).toBeGreaterThan(0);
  for (const [i, data] of first.entries()) expectSameBits(data, second[i]);
  expect(second.length).toBe(first.length);
}

/** Targets that no loss is meant for: they change no rule. */
const anyTargets = (dtype: Dtype, rows: number, outputs: number, seed: number) =>
  new Matrix(rows, outputs, numbers(dtype, rows * outputs, seed + 2, 'sparse'));

function weightsOf(dtype: Dtype, rows: number, seed: number): TypedArray {
  const next = generator(seed);
  return arrayOf(dtype, rows).map((_, i) => (i > 0 && next() % 4 === 0 ? 0 : (1 + (next() % 1000)) / 300));
}

const one = (x: number) => Float64Array.of(x);
const parts = ({ weights, biases, inputs, loss }: ReturnType<Net['gradients']>): TypedArray[] => [
  one(loss),
  ...[...weights, ...biases, inputs].flatMap((part) => (part ? [part.data] : [])),
];

describe.each(dtypes)('%s', (dtype) => {
  property('forward and forwardInto; a row of it whatever the batch', 0.1, architectures, (given) => {
    compare(dtype, given, (net, X) => {
      const all = net.forward(X);
      const out = net.forwardInto(X, Matrix.zeros(X.rows, net.outputs, { dtype }));
      expectSameBits(out.data, all.data);
      for (const [from, end] of [
        [0, 1],
        [given.seed % X.rows, X.rows],
        [X.rows >> 1, (X.rows >> 1) + 1],
      ]) {
        expectSameBits(net.forward(rowsOf(X, from, end)).data, rowsOf(all, from, end).data);
      }
      return [all.data];
    });
  });

  const withOptions = fc.tuple(architectures, optionsOfLoss, fc.boolean());
  property('loss, gradients and gradientsInto', 0.2, withOptions, ([given, choice, wrtInputs]) => {
    compare(dtype, given, (net, X, y) => {
      const sampleWeight = choice.sampleWeight ? weightsOf(dtype, X.rows, given.seed) : undefined;
      const options: LossOptions = { ...choice, sampleWeight };
      const gradients = net.gradients(X, y, { ...options, wrtInputs });
      expectSameBits(one(net.loss(X, y, options)), one(gradients.loss));
      const out = net.gradientsInto(X, y, net.zeroGradients(wrtInputs ? { rows: X.rows } : {}), options);
      expectSameBits(one(out.loss), one(gradients.loss));
      expectSameBits(out.parameters.slice(), arrayOf(dtype, flatten(gradients)));
      expect(gradients.inputs === undefined).toBe(!wrtInputs);
      if (gradients.inputs) expectSameBits((out.inputs as Matrix).data.slice(), gradients.inputs.data);
      out.dispose();
      return parts(gradients);
    });
  });

  const large = architectures.map((given) => ({
    ...given,
    inputs: 201 + (given.seed % 100),
    hidden: given.hidden.map((layer) => ({ ...layer, units: 301 - layer.units })),
    rows: 1000 - (given.seed % 99),
  }));
  property('the same of large networks', 0.002, large, (given) => {
    compare(dtype, given, (net, X, y) => parts(net.gradients(X, y, { wrtInputs: true })), 1e9);
  });

  const narrow = architectures.map((given) => ({ ...given, rows: 1 + (given.rows % 300) }));
  property('perSampleGradients, gradientNorms, jacobian and partialGradients', 0.08, narrow, (given) => {
    compare(dtype, given, (net, X, y) => {
      const few = Math.max(1, Math.min(X.rows, Math.floor(2e5 / net.parameters.length), Math.floor(300 / net.outputs)));
      const [x, t] = [rowsOf(X, 0, few), rowsOf(y, 0, few)];
      const sampleWeight = given.bias ? weightsOf(dtype, X.rows, given.seed) : undefined;
      const partial = net.partialGradients(X, y, { sampleWeight });
      expect(parts(net.gradientsFrom(partial))).toEqual(parts(net.gradients(X, y, { sampleWeight })));
      return [
        net.perSampleGradients(x, t).data,
        net.gradientNorms(X, y),
        net.jacobian(x).data,
        partial.sums,
        one(partial.weightTotal),
      ];
    });
  });
});

test.each(INITIALIZER_NAMES)('what %s draws is the same everywhere; in f32 it is the f64 rounded', (initializer) => {
  for (const seed of [0, 1, 4294967295]) {
    for (const activation of ['sigmoid', 'relu'] as const) {
      const draw = (entry: typeof wasm | typeof ts, dtype: Dtype) => {
        const net = entry.network({ inputs: 7, layers: [5, 3], initializer, activation, dtype, seed });
        const drawn = net.parameters.slice();
        net.dispose();
        return drawn;
      };
      const expected = draw(wasm, 'f64');
      expectSameBits(draw(ts, 'f64'), expected);
      for (const entry of [wasm, ts]) expectSameBits(draw(entry, 'f32'), Float32Array.from(expected));
      expect(expected.some((x) => x !== 0)).toBe(initializer !== 'zeros');
    }
  }
});
