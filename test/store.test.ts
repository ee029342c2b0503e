// Saving and loading: the safetensors format, models with their bits, PyTorch's state dicts, hostile files.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { safetensors } from '@jax-js/loaders';
import { afterAll, describe, expect, test } from 'vitest';
import { engine } from '../src/index.js';
import type { Matrix } from '../src/matrix.js';
import {
  decodeSafetensors,
  encodeSafetensors,
  FileFormatError,
  fromBytes,
  fromStateDict,
  load,
  MinMaxScaler,
  MLPClassifier,
  MLPRegressor,
  Pipeline,
  type Saveable,
  StandardScaler,
  save,
  type Tensor,
  toBytes,
  toStateDict,
} from '../src/model/index.js';
import { Network } from '../src/network/network.js';
import { random } from '../src/random.js';
import { entries, expectSameBits } from './backends.js';

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fixture = (name: string) => new URL(`fixtures/${name}`, import.meta.url);
const recorded = JSON.parse(readFileSync(fixture('state-dict.json'), 'utf8'));
const TORCH = {
  inputs: 3,
  layers: [
    { units: 4, activation: 'tanh' as const },
    { units: 2, activation: 'sigmoid' as const },
  ],
  dtype: 'f64' as const,
};

function close({ data }: Matrix, wanted: number[][], limit = 1e-14): void {
  wanted.flat().forEach((want, i) => expect(Math.abs(data[i] - want)).toBeLessThan(limit));
  expect(data.length).toBe(wanted.flat().length);
}

const header = (bytes: Uint8Array): { __metadata__: Record<string, string> } => {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
};

/** A file with any header, and so many bytes of data. */
function file(text: string, data = 0): Uint8Array {
  const head = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + head.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  return bytes;
}

const X = random(1).randn(24, 3);
const labels = Array.from({ length: 24 }, (_, i) => (X.data[3 * i] > 0 ? 'up' : 'down'));
const HERE = { background: false, maxIter: 20, hiddenLayerSizes: [4] };

describe('safetensors', () => {
  const tensors = new Map<string, Tensor>([
    ['b', { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
    ['a', { dtype: 'F64', shape: [1], data: Float64Array.of(Number.NaN) }],
    ['bytes', { dtype: 'U8', shape: [3], data: Uint8Array.of(7, 8, 9) }],
    ['__proto__', { dtype: 'I64', shape: [1], data: BigInt64Array.of(-5n) }],
    ['none', { dtype: 'F32', shape: [0, 4], data: new Float32Array() }],
  ]);

  test('tensors come back, whatever their names, aligned and without gaps', () => {
    const bytes = encodeSafetensors(tensors, { note: 'ä"\\' });
    const { tensors: back, metadata } = decodeSafetensors(bytes);
    expect(metadata).toEqual({ note: 'ä"\\' });
    expect([...back.keys()].sort()).toEqual([...tensors.keys()].sort());
    for (const [name, tensor] of tensors) expect(back.get(name)).toEqual(tensor);
    const at = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(at % 8).toBe(0);
    expect(bytes.length).toBe(at + 16 + 8 + 3 + 8);
    // A Buffer, and a view that begins anywhere, are read alike.
    const shifted = new Uint8Array(bytes.length + 3).fill(1);
    shifted.set(bytes, 3);
    expect(decodeSafetensors(shifted.subarray(3)).tensors).toEqual(back);
    expect(decodeSafetensors(Buffer.from(bytes)).tensors).toEqual(back);
  });

  test('a reader in Python, written from the specification, reads them, and PyTorch computes the same from them', () => {
    const net = engine.network({ ...TORCH, seed: 8 });
    // The very bytes that fixtures/make_state_dict_fixtures.py had read_safetensors.py and PyTorch read.
    expect(Buffer.from(toBytes(net)).equals(readFileSync(fixture('bitgrad.safetensors')))).toBe(true);
    const wanted = Object.fromEntries(
      [...toStateDict(net)].map(([name, { dtype, shape, data }]) => [name, { dtype, shape, numbers: [...data] }]),
    );
    expect(recorded.read.tensors).toEqual(wanted);
    expect(recorded.read.metadata).toEqual(['contractVersion', 'format', 'model', 'version']);
    close(net.forward(recorded.X), recorded.loaded);
  });

  test("jax-js' reader of safetensors reads what we write", () => {
    for (const dtype of ['f64', 'f32'] as const) {
      const net = engine.network({ ...TORCH, dtype, seed: 8 });
      const { tensors: read, metadata } = safetensors.parse(Uint8Array.from(toBytes(net)));
      const wanted = toStateDict(net);
      expect(Object.keys(read).sort()).toEqual([...wanted.keys()].sort());
      for (const [name, tensor] of wanted) expect(read[name]).toEqual(tensor);
      expect(metadata?.format).toBe('bitgrad');
    }
  });

  test("PyTorch's state dict gives PyTorch's outputs", () => {
    const net = engine.network({ ...TORCH, seed: 1 });
    fromStateDict(net, decodeSafetensors(readFileSync(fixture('torch.safetensors'))).tensors);
    close(net.forward(recorded.X), recorded.outputs);
    const single = engine.network({ ...TORCH, dtype: 'f32' });
    fromStateDict(single, decodeSafetensors(readFileSync(fixture('torch.safetensors'))).tensors);
    close(single.forward(recorded.X), recorded.outputs, 1e-6);
  });

  const tensor = (fields: object) =>
    JSON.stringify({ t: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...fields } });

  test.each([
    ['nothing', new Uint8Array(3), /8 bytes or more, this one 3/],
    ['a header longer than the file', file('{}').fill(255, 0, 8), /header is said to have/],
    ['a header that is no JSON', file('{"t":'), /header is no JSON/],
    ['a header that is no object', file('[1]'), /does not begin with \{/],
    ['text that is no UTF-8', file('{}  ').fill(255, 9, 11), /header is no JSON/],
    ['a name twice', file('{"t":1,"\\u0074":2}'), /names "t" twice/],
    ['an entry that is none', file('{"t":1}'), /"t" must be an object/],
    ['an unknown dtype', file(tensor({ dtype: 'F8' }), 8), /has dtype "F8"; known are F64/],
    ['a dtype from the prototype', file(tensor({ dtype: 'constructor' }), 8), /has dtype "constructor"/],
    ['a negative size', file(tensor({ shape: [-2] }), 8), /no array of sizes/],
    ['a product that overflows', file(tensor({ shape: [2 ** 40, 2 ** 40] }), 8), /needs .* bytes, but has 8/],
    ['a shape that does not fit', file(tensor({ shape: [3] }), 8), /needs 12 bytes, but has 8/],
    ['reversed offsets', file(tensor({ data_offsets: [8, 0] }), 8), /no begin and end/],
    ['offsets behind the end', file(tensor({ data_offsets: [0, 8] }), 4), /the tensors end at byte/],
    ['a hole', file(tensor({ data_offsets: [4, 12] }), 12), /begins at 4, but must at 0/],
    ['bytes that are left over', file(tensor({}), 9), /the tensors end at byte/],
    ['metadata that are no strings', file('{"__metadata__":{"a":1}}'), /must map strings to strings/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(message);
    expect(() => decodeSafetensors(bytes)).toThrow(FileFormatError);
  });

  test('deep nesting is refused, not followed', () => {
    const depth = 100_000;
    expect(() => decodeSafetensors(file(`{"t":${'['.repeat(depth)}${']'.repeat(depth)}}`))).toThrow(FileFormatError);
  });
});

describe.each(entries)('models (%s)', (_, { engine }) => {
  test('a network, in a file', async () => {
    for (const dtype of ['f64', 'f32'] as const) {
      const layers = [
        { units: 4, activation: 'leakyRelu' as const, negativeSlope: 0.2 },
        { units: 2, bias: false },
      ];
      const net = engine.network({ inputs: 3, layers, dtype, loss: 'huber', huberDelta: 2, seed: 5 });
      const path = join(folder, 'net.safetensors');
      await save(net, path);
      const back = await load<Network>(path, { engine });
      expect(back).toBeInstanceOf(Network);
      expect(back.options).toEqual(net.options);
      expectSameBits(back.parameters, net.parameters);
      expectSameBits(back.forward(X).data, net.forward(X).data);
    }
  });

  test('estimators and pipelines predict the same, and go on learning the same', async () => {
    const y = labels.map((label, i) => (label === 'up' ? 1 : 0) + X.data[3 * i + 1]);
    const models: [Saveable, unknown][] = [
      [new MLPClassifier({ ...HERE, engine, solver: 'sgd', momentum: 0.5, learningRate: 'invscaling' }), labels],
      [new MLPRegressor({ ...HERE, engine }), y],
      [new Pipeline([new StandardScaler(), new MinMaxScaler(), new MLPClassifier({ ...HERE, engine })]), labels],
    ];
    for (const [model, targets] of models) {
      const estimator = model as MLPClassifier;
      await estimator.fit(X, targets as string[]);
      const bytes = toBytes(model);
      const back = fromBytes<MLPClassifier>(bytes, { engine });
      expect(back.constructor).toBe(model.constructor);
      expect(back.predict(X)).toEqual(estimator.predict(X));
      if (!('partialFit' in model)) continue;
      expect(back.lossCurve).toEqual(estimator.lossCurve);
      for (let i = 0; i < 3; i++) {
        await estimator.partialFit(X, targets as string[]);
        await back.partialFit(X, targets as string[]);
      }
      expectSameBits(back.network.parameters, estimator.network.parameters);
      expect(back.network.parameters).not.toEqual(fromBytes<MLPClassifier>(bytes).network.parameters);
    }
  });

  test('what cannot be saved, and files that hold something else', async () => {
    expect(() => toBytes(new MLPClassifier({ engine }))).toThrow(/fit/);
    expect(() => toBytes({} as Network)).toThrow(
      '"model" must be a Network, an estimator or a Pipeline, got an object',
    );
    const plain = encodeSafetensors(toStateDict(engine.network({ inputs: 1, layers: [1] })), { format: 'pt' });
    expect(() => toStateDict(new MLPClassifier({ engine }) as never)).toThrow(
      '"net" must be a Network, got a MLPClass',
    );
    const net = engine.network({ inputs: 1, layers: [1] });
    expect(() => fromStateDict(net, decodeSafetensors(plain) as never)).toThrow(
      '"tensors" must be a Map, as decodeSafetensors(bytes).tensors is, got an object',
    );
    const checkpoint = encodeSafetensors(toStateDict(net), { format: 'bitgrad checkpoint' });
    expect(() => fromBytes(checkpoint)).toThrow(/no bitgrad model: it is a checkpoint: train with/);
    expect(() => fromBytes(plain)).toThrow(/no bitgrad model: of a state dict of PyTorch, use fromStateDict/);
    const bytes = toBytes(engine.network({ inputs: 1, layers: [1] }));
    const { __metadata__: metadata } = header(bytes);
    const { tensors } = decodeSafetensors(bytes);
    const again = (changes: object) => encodeSafetensors(tensors, { ...metadata, ...changes });
    expect(() => fromBytes(again({ contractVersion: '1' }))).toThrow(/contract version "1", this is 2/);
    expect(() => fromBytes(again({ version: '9' }))).toThrow(/has version "9", known is 1/);
    const huge = metadata.model.replace('"units":1', '"units":1000000000');
    expect(() => fromBytes(again({ model: huge }))).toThrow(/needs 2000000000 parameters, the file has 2 numbers/);
    await expect(load(join(folder, 'missing'))).rejects.toThrow(/ENOENT/);
  });

  test('state dicts: names, transposition, and what does not fit', () => {
    const net = engine.network({
      inputs: 2,
      layers: [{ units: 3, activation: 'relu' }, 2, { units: 1, activation: 'tanh' }],
    });
    const dict = toStateDict(net);
    expect([...dict.keys()]).toEqual(['0.weight', '0.bias', '2.weight', '2.bias', '3.weight', '3.bias']);
    const weight = dict.get('0.weight') as Tensor;
    expect(weight.shape).toEqual([3, 2]);
    expect([...weight.data]).toEqual([0, 1, 2].flatMap((j) => [net.weights[0].data[j], net.weights[0].data[3 + j]]));
    const twin = engine.network({ ...net.options, seed: 99, dtype: 'f64' });
    fromStateDict(twin, dict);
    expectSameBits(twin.parameters, net.parameters);
    const named = toStateDict(net, { names: ['fc1', 'fc2', 'out'] });
    expect([...named.keys()][2]).toBe('fc2.weight');
    const before = twin.parameters.slice();
    expect(() => fromStateDict(twin, named)).toThrow(/missing 0.weight, .*; not expected fc1.weight/);
    const wrong = new Map(dict).set('0.weight', { ...weight, shape: [2, 3] });
    expect(() => fromStateDict(twin, wrong)).toThrow('"0.weight" is [2,3], but the network has [3,2]');
    expectSameBits(twin.parameters, before);
  });
});

test('10,000 damaged files: each is refused by name, or is a model', async () => {
  const model = new Pipeline([new StandardScaler(), new MLPClassifier(HERE)]);
  await model.fit(X, labels);
  const whole = toBytes(model);
  const rng = random(11);
  const below = (n: number) => Math.floor(rng.rand() * n);
  const text = ['{', '}', '"', '[', ']', ',', ':', '0', '9', '-', 'e', '\\', 'null', '"__proto__":{},', '1e999'];
  let refused = 0;
  let loaded = 0;
  for (let i = 0; i < 10_000; i++) {
    let bytes = whole.slice();
    const kind = i % 4;
    for (let n = 1 + below(3); n > 0; n--) {
      const at = kind === 3 ? 8 + below(1500) : below(bytes.length);
      if (kind === 0) bytes[at] ^= 1 << below(8);
      else if (kind === 1) bytes = bytes.slice(0, at);
      else {
        const insert = new TextEncoder().encode(text[below(text.length)]);
        const cut = below(3);
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...insert, ...bytes.subarray(at + cut)]);
      }
      if (bytes.length === 0) break;
    }
    try {
      fromBytes<MLPClassifier>(bytes).dispose();
      loaded++;
    } catch (error) {
      if (!(error instanceof FileFormatError)) throw error;
      refused++;
    }
  }
  expect(refused + loaded).toBe(10_000);
  expect(refused).toBeGreaterThan(5000);
}, 60_000);
