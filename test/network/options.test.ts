// Options of networks that are refused: by which error and in which words.

import { afterAll, describe, expect, test, vi } from 'vitest';
import { DtypeError, ShapeError, ValueError } from '../../src/common.js';
import { ACTIVATION_NAMES, activationOptions } from '../../src/layers/activations.js';
import { INITIALIZER_NAMES } from '../../src/layers/initializers.js';
import { LOSS_NAMES, OPTIONS_OF_LOSSES } from '../../src/layers/losses.js';
import '../../src/layers/index.js';
import { entries } from '../support/backends.js';
import type { Options } from '../support/networks.js';

// biome-ignore lint/suspicious/noExplicitAny: what JavaScript callers may pass
type Any = any;
/** The message, and options beside 2 inputs and a layer of 3 units, or in their place. */
type Case = [message: string, options: Any];

const COUNT = 'must be a positive integer';
const LAYERS = '"layers" must be an array of one layer or more';
const POSITIVE = 'must be a positive finite number';
const SEED = '"seed" must be an integer from 0 to 4294967295';
const NAMES = ACTIVATION_NAMES.join(', ');
const PAIRS =
  'mse with any, squaredError with any, mae with any, huber with any, binaryCrossEntropy with sigmoid or logistic, ' +
  'crossEntropy with softmax, poisson with exp or softplus';
const INITIALIZERS = INITIALIZER_NAMES.join(', ');
const OF_LOSSES = Object.keys(OPTIONS_OF_LOSSES).join(', ');
const OPTIONS = `inputs, layers, loss, ${OF_LOSSES}, activation, bias, initializer, dtype, seed, reduction, onNonFinite`;
const OF_ACTIVATIONS = Object.keys(activationOptions()).join(', ');
const LAYER_OPTIONS = `units, activation, bias, initializer, weights, biases, ${OF_ACTIVATIONS}`;

const layer = (options: Any) => ({ layers: [{ units: 3, ...options }] });
const weights = (given: Any) => layer({ weights: given });
const biases = (given: Any) => layer({ biases: given });

const VALUES: Case[] = [
  [
    `network: unknown option "activations"; did you mean activation? known options: ${OPTIONS}`,
    { activations: 'tanh' },
  ],
  [`layers[0]: unknown option "use_bias"; known options: ${LAYER_OPTIONS}`, layer({ use_bias: true })],
  [`"inputs" ${COUNT}, got undefined`, { inputs: undefined }],
  [`"inputs" ${COUNT}, got 0`, { inputs: 0 }],
  [`"inputs" ${COUNT}, got 1.5`, { inputs: 1.5 }],
  [`"inputs" ${COUNT}, got "2"`, { inputs: '2' }],
  [`${LAYERS}, got undefined`, { layers: undefined }],
  [`${LAYERS}, got an array of 0`, { layers: [] }],
  [`${LAYERS}, got 3`, { layers: 3 }],
  [`${LAYERS}, got a Float64Array`, { layers: Float64Array.of(3) }],
  ['layers[1]: options must be an object, got undefined', { layers: [3, undefined] }],
  ['layers[0]: options must be an object, got null', { layers: [null] }],
  ['layers[0]: options must be an object, got "3"', { layers: ['3'] }],
  [`"layers[1].units" ${COUNT}, got 0`, { layers: [3, 0] }],
  [`"layers[0].units" ${COUNT}, got -3`, layer({ units: -3 })],
  [`"layers[0].units" ${COUNT}, got 2.5`, { layers: [2.5] }],
  [`"layers[0].units" ${COUNT}, got NaN`, { layers: [NaN] }],
  [`"layers[0].units" ${COUNT}, got 3n (a BigInt)`, layer({ units: 3n })],
  [`"layers[0].units" ${COUNT}, got 9007199254740992`, { layers: [2 ** 53] }],
  [`"layers[0].units" ${COUNT}, got undefined`, { layers: [{}] }],
  [`"layers[0].activation" must be one of ${NAMES}, got "swish"`, layer({ activation: 'swish' })],
  [`activation" must be one of ${NAMES}, got "Tanh"`, { activation: 'Tanh' }],
  [`activation" must be one of ${NAMES}, got "constructor"`, { activation: 'constructor' }],
  ['"layers[0].activation" is softmax, which only the last', { layers: [{ units: 3, activation: 'softmax' }, 2] }],
  ['"layers[0].activation" is softmax, which only the last', { layers: [3, 2], activation: 'softmax' }],
  [`"loss" must be one of ${LOSS_NAMES.join(', ')}, got "MSE"`, { loss: 'MSE' }],
  [`"loss" crossEntropy does not go with a last activation identity; legal are ${PAIRS}`, { loss: 'crossEntropy' }],
  ['does not go with a last activation sigmoid; legal are', { loss: 'crossEntropy', activation: 'sigmoid' }],
  ['does not go with a last activation softmax; legal', { loss: 'binaryCrossEntropy', activation: 'softmax' }],
  ['"loss" poisson does not go with a last activation relu', { loss: 'poisson', activation: 'relu' }],
  [`"huberDelta" ${POSITIVE}, got 0`, { huberDelta: 0 }],
  [`"huberDelta" ${POSITIVE}, got "1"`, { huberDelta: '1' }],
  [`"huberDelta" ${POSITIVE}, got Infinity`, { huberDelta: Infinity }],
  [`"layers[0].negativeSlope" ${POSITIVE}, got -1`, layer({ negativeSlope: -1 })],
  [`"layers[0].alpha" ${POSITIVE}, got NaN`, layer({ alpha: NaN })],
  ['bias" must be true or false, got 1', { bias: 1 }],
  ['"layers[0].bias" must be true or false, got "no"', layer({ bias: 'no' })],
  [`initializer" must be one of ${INITIALIZERS}, got "he"`, { initializer: 'he' }],
  [`"layers[0].initializer" must be one of ${INITIALIZERS}, got "he"`, layer({ initializer: 'he' })],
  [`${SEED}, got -1`, { seed: -1 }],
  [`${SEED}, got 0.5`, { seed: 0.5 }],
  [`${SEED}, got 4294967296`, { seed: 2 ** 32 }],
  [`${SEED}, got "1"`, { seed: '1' }],
  ['"reduction" must be one of mean, sum, got "none"', { reduction: 'none' }],
  ['"onNonFinite" must be one of throw, propagate, got true', { onNonFinite: true }],
  ['"layers[0].weights" must be a Matrix', weights(null)],
  ['"layers[0].weights" must be a Matrix', weights(0)],
  ['"layers[0].weights" must be a Matrix', weights('')],
  [
    '"layers[0].weights"[1][2] must be a number, got "6"',
    weights([
      [1, 2, 3],
      [4, 5, '6'],
    ]),
  ],
  ['"layers[0].biases" must be a Matrix', biases(null)],
  ['"layers[0].biases" must be a Matrix', biases(0)],
  ['must be a number, got "3"', biases([1, 2, '3'])],
  ['"layers[0]" has biases, but "bias" is false', layer({ bias: false, biases: [1, 2, 3] })],
];

const SHAPES: Case[] = [
  [
    '"layers[0].weights" is 3x2, but the layer has 2x3',
    weights([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
  ],
  ['"layers[0].weights" is ragged', weights([[1, 2, 3], [4]])],
  ['"layers[0].weights" must be 2-D', weights([1, 2, 3, 4, 5, 6])],
  ['"layers[0].weights" must be 2-D', weights([])],
  ['"layers[0].biases" is 1x2, but the layer has 1x3', biases([1, 2])],
  ['"layers[0].biases" is 3x1, but the layer has 1x3', biases([[1], [2], [3]])],
];

const DTYPES: Case[] = [
  ['"dtype" must be "f64" or "f32", got "float32"', { dtype: 'float32' }],
  ['"layers[0].weights" must hold Float64Array', weights({ rows: 2, cols: 3, data: new Int32Array(6) })],
];

const ALL = [
  ...VALUES.map((each) => [...each, ValueError] as const),
  ...SHAPES.map((each) => [...each, ShapeError] as const),
  ...DTYPES.map((each) => [...each, DtypeError] as const),
];

let ran = 0;

describe.each(entries)('%s', (_, api) => {
  test.each(ALL)('refuses: %s', (message, options, error) => {
    ran++;
    const call = () => api.network({ inputs: 2, layers: [3], ...options } as Options);
    expect(call).toThrow(error);
    expect(call).toThrow(message);
    expect(() => new api.Network({ inputs: 2, layers: [3], ...options })).toThrow(message);
    api.network({ inputs: 2, layers: [3] }).dispose();
  });

  test.each([undefined, null, 5, 'mse'])('refuses %s for options', (options) => {
    expect(() => api.network(options as Any)).toThrow(ValueError);
    expect(() => api.network(options as Any)).toThrow('network: options must be an object, got');
  });

  test('too many parameters: the message says what they need, and the engine goes on', () => {
    const engine = api.createEngine();
    const { memoryBytes } = engine.info();
    const call = () => engine.network({ inputs: 2 ** 20, layers: [{ units: 2 ** 20, bias: false }, 1], dtype: 'f32' });
    const bytes = 4 * (2 ** 40 + 2 ** 20 + 1);
    expect(call).toThrow(api.OutOfMemoryError);
    expect(call).toThrow(/^\d+ more bytes do not fit: linear memory ends at/);
    expect(call).toThrow(`${bytes} more bytes`);
    expect(engine.info().memoryBytes).toBe(memoryBytes);
    expect(
      engine
        .network({ inputs: 1, layers: [{ units: 1, weights: [[3]] }] })
        .forward([[2]])
        .get(0, 0),
    ).toBe(6);
  });

  test('a pass that does not fit: the network goes on with fewer rows', () => {
    const engine = api.createEngine();
    // 256 rows of 3 buffers of 2^21 units need 12 GiB, one row 48 MiB.
    const net = engine.network({ inputs: 1, layers: [{ units: 2 ** 21, initializer: 'zeros', bias: false }] });
    const X = Array.from({ length: 256 }, () => [1]);
    const { memoryBytes } = engine.info();
    expect(() => net.forward(X)).toThrow(api.OutOfMemoryError);
    expect(engine.info().memoryBytes).toBe(memoryBytes);
    expect(net.forward([[1]]).get(0, 7)).toBe(0);
    net.dispose();
  });
});

test('without bitgrad/layers, an unknown activation is told of it', async () => {
  vi.resetModules();
  const alone = await import('../../src/ts.js');
  const call = (activation: Any) => () => alone.network({ inputs: 2, layers: [{ units: 3, activation }] });
  expect(call('mish')).toThrow('got "mish"; import bitgrad/layers for more');
  const option = (options: Any) => () => alone.network({ inputs: 2, layers: [3], ...options });
  expect(option({ labelSmoothing: 0.1 })).toThrow(
    /^network: unknown option "labelSmoothing"; .*; import bitgrad\/layers for more$/,
  );
  await import('../../src/layers/index.js');
  expect(option({ labels: 0.1 })).not.toThrow('import bitgrad/layers');
  call('mish')().dispose();
  expect(call('something')).not.toThrow('import bitgrad/layers');
});

afterAll(() => {
  expect(ran).toBe(2 * ALL.length);
});
