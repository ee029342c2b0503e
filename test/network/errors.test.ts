// Calls of networks that are refused: by which error, in which words, and with what effect on the network: none.

import { afterAll, describe, expect, test } from 'vitest';
import { DisposedError, DtypeError, Matrix, ShapeError, ValueError } from '../../src/common.js';
import { entries } from '../support/backends.js';
import type { Entry, Net } from '../support/networks.js';

// biome-ignore lint/suspicious/noExplicitAny: what JavaScript callers may pass
type Any = any;
/** The message, and the call. */
type Case = [message: string, call: (net: Net, api: Entry) => unknown];

const X = Matrix.from([0.5, 1, -1, 2, 3, 0.25], [3, 2]);
const labels = [0, 2, 1];
const hot = Matrix.from([1, 0, 0, 0, 0, 1, 0, 1, 0], [3, 3]);

const from = (x: Any) => (net: Net) => net.forward(x);
const to = (y: Any) => (net: Net) => net.loss(X, y);
const by = (options: Any) => (net: Net) => net.loss(X, labels, options);
const into = (out: (net: Net) => Any, options: Any) => (net: Net) => net.gradientsInto(X, labels, out(net), options);
const weighted = (sampleWeight: Any) => by({ sampleWeight });

const LABELS = 'labels must be integers from 0 to 2';
const STRENGTH = 'must be a finite number, 0 or more, got';
const OUT = '"out" must come from this network\'s zeroGradients(), got';

const VALUES: Case[] = [
  ['"X" must be a Matrix, an array of rows or { rows, cols, data }, got undefined', from(undefined)],
  ['"X" must be a Matrix, an array of rows or { rows, cols, data }, got "1,2"', from('1,2')],
  ['"X"[0][1] must be a number, got "a"', from([[1, 'a']])],
  ['"X"[1][0] must be a number, got undefined', from([[1, 2], new Array(2)])],
  ['"y" must be a Matrix, an array of rows or { rows, cols, data }, got undefined', to(undefined)],
  ['"y" must be a Matrix, an array of rows or { rows, cols, data }, got null', to(null)],
  ['"y" must be a Matrix, an array of rows or { rows, cols, data }, got an object', to({ cols: 1 })],
  ['"y"[1][2] must be a number, got "1"', to([...hot].map((row, i) => (i === 1 ? [0, 0, '1'] : Array.from(row))))],
  [`"y"[1] is 3: ${LABELS}`, to([0, 3, 1])],
  [`"y"[2] is -1: ${LABELS}`, to(Int32Array.of(0, 1, -1))],
  [`"y"[0] is 0.5: ${LABELS}`, to([0.5, 1, 1])],
  [`"y"[1] is NaN: ${LABELS}`, to(Float32Array.of(0, NaN, 1))],
  [`"y"[1] is "1": ${LABELS}`, to([0, '1', 1])],
  [`"y"[0] is undefined: ${LABELS}`, to(new Array(3))],
  [`"y"[0] is 0n (a BigInt): ${LABELS}`, to(BigInt64Array.of(0n, 1n, 2n))],
  [`"y"[2] is 7: ${LABELS}`, to(Matrix.from([0, 1, 7], [3, 1]))],
  ['"sampleWeight"[1] must be a finite number, 0 or more, got -2', weighted([1, -2, 3])],
  ['"sampleWeight"[2] must be a finite number, 0 or more, got NaN', weighted(Float64Array.of(1, 1, NaN))],
  ['"sampleWeight"[0] must be a finite number, 0 or more, got Infinity', weighted([[Infinity], [1], [1]])],
  ['"sampleWeight" must not be all 0', weighted([0, 0, 0])],
  ['nor too large to add up: its sum is Infinity', weighted([1.7e308, 1.7e308, 1.7e308])],
  ['"sampleWeight"[1] must be a number, got "1"', weighted([1, '1', 1])],
  ['"sampleWeight" must be a Matrix, an array of rows or { rows, cols, data }, got null', weighted(null)],
  ['"sampleWeight" must be a Matrix, an array of rows or { rows, cols, data }, got 1', weighted(1)],
  [`"l2" ${STRENGTH} -1`, by({ l2: -1 })],
  [`"l1" ${STRENGTH} NaN`, by({ l1: NaN })],
  [`"l2" ${STRENGTH} Infinity`, by({ l2: Infinity })],
  [`"l2" ${STRENGTH} "1"`, by({ l2: '1' })],
  ['"penalty" must be one of plain, scikitLearn, got "sklearn"', by({ l2: 1, penalty: 'sklearn' })],
  ['loss: unknown option "wrtInputs"; known options: sampleWeight, l2, l1, penalty', by({ wrtInputs: true })],
  ['loss: options must be an object, got null', by(null)],
  [
    'gradients: unknown option "weight"; known options: sampleWeight, l2, l1, penalty, rowsSeen, wrtInputs',
    (net) => net.gradients(X, labels, { weight: [1] } as Any),
  ],
  ['"wrtInputs" must be true or false, got 1', (net) => net.gradients(X, labels, { wrtInputs: 1 as Any })],
  ['zeroGradients: unknown option "cols"; known options: rows', (net) => net.zeroGradients({ cols: 1 } as Any)],
  ['"rows" must be a non-negative integer, got 0.5', (net) => net.zeroGradients({ rows: 0.5 })],
  [`${OUT} a NetworkGradients`, into((net) => net.clone().zeroGradients(), {})],
  [`${OUT} an object`, into((net) => net.gradients(X, labels), {})],
  [`${OUT} undefined`, into(() => undefined, {})],
  ['gradientsInto: unknown option "wrtInputs"', into((net) => net.zeroGradients(), { wrtInputs: true })],
  [`"l1" ${STRENGTH} -1`, into((net) => net.zeroGradients(), { l1: -1 })],
];

const SHAPES: Case[] = [
  ['"X" is (2), but must have 2 columns', from([1, 2])],
  ['"X" is 1x3, but must have 2 columns', from([[1, 2, 3]])],
  ['"X" is ragged', from([[1, 2], [3]])],
  ['"X" has no rows', from(Matrix.zeros(0, 2))],
  ['"X" has no rows', (net, api) => net.gradients(api.zeros(0, 2), labels)],
  ['"X"', from([])],
  ['"X" has 3 rows and "y" has 2: the numbers of rows must be equal', to(labels.slice(1))],
  ['"X" has 3 rows and "y" has 4: the numbers of rows must be equal', to([...labels, 0])],
  ['"y" is 3x2, but must have 3 columns', to(X)],
  ['"y" has no rows', to(Matrix.zeros(0, 3))],
  ['"y', to({ rows: 5, cols: 1, data: labels })],
  ['"sampleWeight" has 2 weights, but "X" has 3 rows', weighted([1, 2])],
  ['"sampleWeight" is 1x3, but must have 1 columns', weighted([[1, 1, 1]])],
  [
    '"out" has 2 rows and "X" has 3: the numbers of rows must be equal',
    into((net) => net.zeroGradients({ rows: 2 }), {}),
  ],
  ['"out" is 3x2, but the result is 3x3', (net) => net.forwardInto(X, Matrix.zeros(3, 2))],
  ['"parameters" must have 30 elements, got 2', (net) => (net.parameters = [1, 2])],
  ['"parameters" must have 30 elements, got null', (net) => (net.parameters = null as Any)],
  ['"X" has 3 rows and "y" has 1', (net) => net.perSampleGradients(X, [0])],
  ['"X" has 3 rows and "y" has 1', (net) => net.gradientNorms(X, [0])],
  ['"X" has 3 rows and "y" has 1', (net) => net.checkGradients(X, [0])],
  ['"X" is 1x1, but must have 2 columns', (net) => net.jacobian([[1]])],
];

const INTEGERS = { rows: 3, cols: 2, data: new Int32Array(6) };
const DTYPES: Case[] = [
  ['"X" must hold Float64Array, Float32Array, Uint8Array or Uint8ClampedArray data, got a Int32Array', from(INTEGERS)],
  [
    '"y" must hold Float64Array, Float32Array, Uint8Array or Uint8ClampedArray data, got a Int32Array',
    to({ ...INTEGERS, cols: 3, rows: 2 }),
  ],
  [
    '"sampleWeight" must hold Float64Array, Float32Array, Uint8Array or Uint8ClampedArray data',
    weighted(Int32Array.of(1, 1, 1)),
  ],
  ['"out" must hold f64 data', (net) => net.forwardInto(X, Matrix.zeros(3, 3, { dtype: 'f32' }))],
  ['"out" must hold f64 data in a typed array, got plain numbers', (net) => net.forwardInto(X, hot.toArray() as Any)],
];

const gone = (api: Entry, matrix: Matrix, dtype: 'f64' | 'f32' = 'f64'): Matrix => {
  const resident = api.matrix(matrix, { dtype });
  resident.dispose();
  return resident;
};
const DISPOSED: Case[] = [
  ['disposed', (net, api) => net.forward(gone(api, X))],
  ['disposed', (net, api) => net.forward(gone(api, X, 'f32'))],
  ['disposed', (net, api) => net.gradients(X, gone(api, hot))],
  ['disposed', (net, api) => net.gradients(X, gone(api, Matrix.from(labels, [3, 1])))],
  ['disposed', (net, api) => net.loss(X, labels, { sampleWeight: gone(api, Matrix.from(labels, [3, 1])) })],
];

const ALL = [
  ...VALUES.map((each) => [...each, ValueError] as const),
  ...SHAPES.map((each) => [...each, ShapeError] as const),
  ...DTYPES.map((each) => [...each, DtypeError] as const),
  ...DISPOSED.map((each) => [...each, DisposedError] as const),
];

let ran = 0;

describe.each(entries)('%s', (_, api) => {
  const build = () =>
    api.network({
      inputs: 2,
      layers: [
        { units: 5, activation: 'gelu' },
        { units: 3, activation: 'softmax', bias: false },
      ],
      loss: 'crossEntropy',
    });
  const net = build();
  const all = () => [
    net.gradients(X, labels, { l2: 1, sampleWeight: [1, 2, 3] }).loss,
    ...net.gradientsInto(X, labels, net.zeroGradients()).parameters,
    ...net.forward(X).data,
  ];
  const expected = all();

  test.each(ALL)('refuses: %s, and goes on', (message, call, error) => {
    ran++;
    expect(() => call(net, api)).toThrow(error);
    expect(() => call(net, api)).toThrow(message);
    expect(all()).toEqual(expected);
  });

  test('refuses parameters that are not numbers', () => {
    const other = build();
    const before = other.parameters.slice();
    for (const bad of ['1', undefined, null, {}]) {
      const assign = () => (other.parameters = Array(30).fill(1).with(29, bad));
      expect(assign).toThrow(ValueError);
      expect(assign).toThrow('"parameters"[29] must be a number');
    }
    expect(other.parameters).toEqual(before);
  });

  test('refuses bytes without a type', () => {
    const view = new DataView(new ArrayBuffer(24)) as Any;
    for (const call of [to(view), from(view), weighted(view)]) {
      expect(() => call(net)).toThrow(api.BitgradError);
      expect(() => call(net)).not.toThrow('undefined');
    }
  });
});

afterAll(() => {
  expect(ran).toBe(2 * ALL.length);
});
