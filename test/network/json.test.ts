// Networks as JSON: back to the last bit, and refused where toJSON cannot have written it.

import { describe, expect, test } from 'vitest';
import type { NetworkJSON } from '../../src/common.js';
import { CONTRACT_VERSION } from '../../src/kernels/contract.js';
import { dtypes, entries, expectSameBits } from '../support/backends.js';
import { LOSSES, type Options, PAIRS } from '../support/networks.js';
import { specials } from '../support/values.js';

// biome-ignore lint/suspicious/noExplicitAny: JSON that nobody vouches for
type Any = any;

describe.each(entries)('%s', (_, api) => {
  const { Network } = api;
  const text = (net: InstanceType<typeof Network>) => JSON.stringify(net);

  test.each(dtypes)('every option and all bits come back, -0, NaN and Infinity too (%s)', (dtype) => {
    let checked = 0;
    for (const [i, [loss, activation]] of PAIRS.entries()) {
      const options: Options = {
        inputs: 4,
        layers: [
          { units: 5, activation: 'leakyRelu', negativeSlope: 0.125, initializer: 'normal', bias: i % 2 === 0 },
          { units: 3, activation: 'elu', alpha: 1.75, bias: i % 3 === 0 },
          { units: 2, activation },
        ],
        loss,
        dtype,
        huberDelta: 0.3,
        seed: i,
        reduction: i % 2 ? 'mean' : 'sum',
        onNonFinite: i % 3 ? 'throw' : 'propagate',
      };
      const net = api.network(options);
      const list = specials(dtype);
      const { length } = net.parameters;
      net.parameters = i % 2 ? net.parameters.slice() : Array.from({ length }, (_, j) => list[(i + j) % list.length]);
      const read = [
        Network.fromJSON(text(net)),
        Network.fromJSON(net.toJSON()),
        Network.fromJSON(JSON.parse(text(net))),
      ];
      for (const each of read) {
        expectSameBits(each.parameters.slice(), net.parameters.slice());
        expect(each.toJSON()).toEqual(net.toJSON());
        expect(each.summary()).toBe(net.summary());
        expect(each).toBeInstanceOf(Network);
        if (i % 2) expectSameBits(each.forward([[1, -2, 3, -4]]).data, net.forward([[1, -2, 3, -4]]).data);
        each.dispose();
      }
      net.dispose();
      checked++;
    }
    expect(checked).toBe(PAIRS.length);
    expect(new Set(PAIRS.map(([loss]) => loss)).size).toBe(LOSSES.length);
  });

  test('it is what the documentation says it is, and one backend reads what the other wrote', () => {
    const layers = [{ units: 1, weights: [[-0], [NaN]], biases: [Infinity] }];
    const net = api.network({ inputs: 2, layers, loss: 'mae' });
    expect(JSON.parse(text(net))).toEqual({
      format: 'bitgrad network',
      version: 1,
      contractVersion: CONTRACT_VERSION,
      options: {
        inputs: 2,
        layers: [
          {
            units: 1,
            activation: 'identity',
            initializer: 'glorotUniform',
            bias: true,
            weights: [['-0'], ['NaN']],
            biases: ['Infinity'],
          },
        ],
        loss: 'mae',
        huberDelta: 1,
        dtype: 'f64',
        seed: 0,
        reduction: 'mean',
        onNonFinite: 'propagate',
      },
    });
    for (const [, other] of entries)
      expectSameBits(other.Network.fromJSON(text(net)).parameters, net.parameters.slice());
  });

  const good = () => JSON.parse(text(api.network({ inputs: 2, layers: [{ units: 3, activation: 'tanh' }, 1] }))) as Any;

  function refuses(json: unknown, message: string): void {
    const call = () => Network.fromJSON(json as NetworkJSON);
    expect(call).toThrow(api.BitgradError);
    expect(call).toThrow(message);
  }

  test('refused: what is no network at all', () => {
    for (const json of [5, null, undefined, [], {}, '5', 'null', '[]', '"bitgrad network"', Symbol('json'), () => {}]) {
      refuses(json, '"json" must have format "bitgrad network", got ');
    }
    for (const json of ['', '{"format":', 'NaN']) refuses(json, '"json" is no JSON: ');
  });

  const layer = (change: (layer: Any) => unknown) => (json: Any) => change(json.options.layers[0]);

  test.each<[string, (json: Any) => unknown, string]>([
    ['another format', (json) => (json.format = 'onnx'), 'must have format "bitgrad network", got "onnx"'],
    ['no version', (json) => delete json.version, '"json" has version undefined, known is 1'],
    ['a later version', (json) => (json.version = 2), '"json" has version 2, known is 1'],
    ['a version as text', (json) => (json.version = '1'), '"json" has version "1"'],
    ['another contract', (json) => (json.contractVersion = 0), 'was written under contract version 0, this is'],
    ['no contract', (json) => delete json.contractVersion, 'was written under contract version undefined'],
    ['no options', (json) => delete json.options, '"json.options.layers" must be an array, got undefined'],
    ['options of null', (json) => (json.options = null), '"json.options.layers" must be an array'],
    ['no layers', (json) => delete json.options.layers, '"json.options.layers" must be an array'],
    ['layers as text', (json) => (json.options.layers = 'tanh'), '"json.options.layers" must be an array, got "tanh"'],
    ['layers as an object', (json) => (json.options.layers = { length: 2 }), '"json.options.layers" must be an array'],
    ['empty layers', (json) => (json.options.layers = []), '"layers" must be an array of one layer or more'],
    ['a number for a layer', (json) => (json.options.layers[1] = 1), '"layers[1].weights" must be an array of rows'],
    ['null for a layer', (json) => (json.options.layers[1] = null), '"layers[1].weights" must be an array of rows'],
    ['no weights', layer((it) => delete it.weights), '"layers[0].weights" must be an array of rows, got undefined'],
    ['flat weights', layer((it) => (it.weights = [1, 2])), '"layers[0].weights" must be an array, got 1'],
    ['a null weight', layer((it) => (it.weights[1][2] = null)), '"layers[0].weights" must hold numbers'],
    [
      'a weight as text',
      layer((it) => (it.weights[1][2] = '1')),
      'or "-0", "NaN", "Infinity" and "-Infinity", got "1"',
    ],
    ['a prototype as a weight', layer((it) => (it.weights[0][0] = 'constructor')), 'must hold numbers'],
    ['__proto__ as a weight', layer((it) => (it.weights[0][0] = '__proto__')), 'must hold numbers'],
    ['an object as a weight', layer((it) => (it.weights[0][0] = { valueOf: 1 })), 'must hold numbers'],
    ['too few rows', layer((it) => it.weights.pop()), '"layers[0].weights" is 1x3, but the layer has 2x3 weights'],
    ['ragged rows', layer((it) => it.weights[1].pop()), '"layers[0].weights" is ragged'],
    ['no rows', layer((it) => (it.weights = [])), '"layers[0].weights" must be 2-D'],
    ['other units', layer((it) => (it.units = 4)), '"layers[0].weights" is 2x3, but the layer has 2x4 weights'],
    ['units as text', layer((it) => (it.units = '3')), '"layers[0].units" must be a positive integer, got "3"'],
    ['biases as text', layer((it) => (it.biases = '000')), '"layers[0].biases" must be an array'],
    ['too few biases', layer((it) => it.biases.pop()), '"layers[0].biases" is 1x2, but the layer has 1x3 biases'],
    ['biases without bias', layer((it) => (it.bias = false)), '"layers[0]" has biases, but "bias" is false'],
    ['an unknown activation', layer((it) => (it.activation = 'toString')), 'must be one of identity'],
    ['an unknown option of a layer', layer((it) => (it.dropout = 0.5)), 'layers[0]: unknown option "dropout"'],
    ['an unknown option', (json) => (json.options.optimizer = 'adam'), 'network: unknown option "optimizer"'],
    ['an unknown loss', (json) => (json.options.loss = 'crossentropy'), '"loss" must be one of mse'],
    ['a wrong dtype', (json) => (json.options.dtype = 'f16'), '"dtype" must be "f64" or "f32", got "f16"'],
    ['a wrong seed', (json) => (json.options.seed = -1), '"seed" must be an integer from 0'],
  ])('refused: %s', (_what, change, message) => {
    const json = good();
    Network.fromJSON(json).dispose();
    change(json);
    refuses(json, message);
    refuses(JSON.stringify(json), message);
  });

  test('refused: biases that are missing where there are some', () => {
    const json = good();
    delete json.options.layers[0].biases;
    refuses(json, 'layers[0]');
  });

  test('prototypes are not what JSON can reach', () => {
    const json = JSON.stringify(good());
    for (const [where, name] of [
      ['"options":{', 'network'],
      ['"units":3,', 'layers[0]'],
    ]) {
      const hostile = json.replace(where, `${where}"__proto__":{"polluted":1},`);
      refuses(hostile, `${name}: unknown option "__proto__"`);
      refuses(json.replace(where, `${where}"constructor":{},`), `${name}: unknown option "constructor"`);
    }
    refuses('{"__proto__":{"format":"bitgrad network"}}', 'must have format "bitgrad network", got undefined');
    expect(({} as Any).polluted).toBeUndefined();
  });
});
