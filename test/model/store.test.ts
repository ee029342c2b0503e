// Saving and loading: the safetensors format, models with their bits, PyTorch's state dicts, hostile files.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { safetensors } from '@jax-js/loaders';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { joined, layout } from '../../src/files/safetensors.js';
import { engine } from '../../src/index.js';
import { CONTRACT_VERSION } from '../../src/kernels/contract.js';
import type { Matrix } from '../../src/matrix/matrix.js';
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
} from '../../src/model/index.js';
import { Network } from '../../src/network/network.js';
import { RandomState, random } from '../../src/random/random.js';
import { entries, expectSameBits } from '../support/backends.js';

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fixture = (name: string) => new URL(`../fixtures/${name}`, import.meta.url);
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

/** A file with a checksum that is right, whatever the metadata say. */
function reseal(tensors: ReadonlyMap<string, Tensor>, { sha256: _, ...metadata }: Record<string, string>): Uint8Array {
  return joined(layout(tensors, metadata, true));
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
    // What fixtures/make_state_dict_fixtures.py had read_safetensors.py and PyTorch read: but for the contract version, and the
    // checksum that stands over it, the very bytes are those of today.
    const golden = decodeSafetensors(readFileSync(fixture('bitgrad.safetensors')));
    const today = decodeSafetensors(toBytes(net));
    expect(today.tensors).toEqual(golden.tensors);
    const { contractVersion, sha256 } = today.metadata;
    expect(today.metadata).toEqual({ ...golden.metadata, contractVersion, sha256 });
    const wanted = Object.fromEntries(
      [...toStateDict(net)].map(([name, { dtype, shape, data }]) => [name, { dtype, shape, numbers: [...data] }]),
    );
    expect(recorded.read.tensors).toEqual(wanted);
    expect(recorded.read.metadata).toEqual(['contractVersion', 'format', 'model', 'sha256', 'version']);
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
    const again = (changes: object) => reseal(tensors, { ...metadata, ...changes });
    expect(() => fromBytes(again({ contractVersion: '99' }))).toThrow(
      /contract version 99, this is \d+: .*contract: 'any'/,
    );
    expect(() => fromBytes(again({ contractVersion: '1e3' }))).toThrow(/contract version "1e3", which is no number/);
    expect(() => fromBytes(again({ version: '9' }))).toThrow(/has version "9", known are 1 and 2/);
    const huge = metadata.model.replace('"units":1', '"units":1000000000');
    expect(() => fromBytes(again({ model: huge }))).toThrow(
      /needs 2000000000 parameters in \d+ bytes, the file has \d+ b/,
    );
    await expect(load(join(folder, 'missing'))).rejects.toThrow(/ENOENT/);
  });

  test('what is known of a file stands beside the model: checksum, contract version, warnings', async () => {
    const model = await new MLPClassifier({ ...HERE, engine }).fit(X, labels);
    for (const each of [model, new Pipeline([model]), model.network] as Saveable[]) {
      const back = fromBytes(toBytes(each), { engine });
      expect(back.loadInfo).toEqual({ contractVersion: CONTRACT_VERSION, checksum: 'verified', warnings: [] });
      expect(Object.keys(back)).toEqual(Object.keys(each)); // it is not enumerated
    }
    const { tensors, metadata } = decodeSafetensors(toBytes(model));
    const later = reseal(tensors, { ...metadata, contractVersion: String(CONTRACT_VERSION + 1) });
    expect(() => fromBytes(later)).toThrow(/contract: 'any'/);
    const back = fromBytes<MLPClassifier>(later, { engine, contract: 'any' });
    expect(back.loadInfo).toEqual({
      contractVersion: CONTRACT_VERSION + 1,
      checksum: 'verified',
      warnings: [expect.stringMatching(/written under contract version \d+, this is \d+: .* may differ/)],
    });
    expect(back.predict(X)).toEqual(model.predict(X));
    const path = join(folder, 'later');
    writeFileSync(path, later);
    await expect(load(path)).rejects.toThrow(`${path}: the file was written under contract version`);
    expect((await load(path, { contract: 'any' })).loadInfo.warnings.length).toBe(1);
  });

  test('notes are kept as they are; what is no plain data is refused', async () => {
    const notes = {
      from: 'x.csv',
      curve: Array.from({ length: 50 }, (_, i) => i / 7),
      zero: -0,
      none: null,
      of: ['ä"\n'],
    };
    const model = await new MLPClassifier({ ...HERE, engine }).fit(X, labels);
    const path = join(folder, 'notes');
    await save(model, path, { notes });
    expect((await load(path, { engine })).loadInfo.notes).toStrictEqual(notes);
    expect(fromBytes(toBytes(model.network, { notes: 0 }), { engine }).loadInfo.notes).toBe(0);
    const circle: { circle?: object } = {};
    circle.circle = circle;
    for (const wrong of [() => 0, { x: Number.NaN }, circle, 5n]) {
      expect(() => toBytes(model, { notes: wrong })).toThrow(/^"notes" must be plain data/);
    }
    const { tensors, metadata } = decodeSafetensors(toBytes(model, { notes }));
    const forged = reseal(tensors, { ...metadata, notes: '['.repeat(100_000) });
    expect(() => fromBytes(forged)).toThrow(/notes of the model/);
  });

  test('a file of the first version, without a checksum, loads with a warning', async () => {
    const bytes = readFileSync(fixture('first-version.safetensors'));
    const model = fromBytes<Pipeline>(bytes, { engine, contract: 'any' });
    expect(model.loadInfo.contractVersion).toBe(1);
    expect(model.loadInfo.checksum).toBe('missing');
    expect(model.loadInfo.warnings[0]).toBe('the file has no checksum: if it was damaged, that goes unnoticed');
    expect(model.estimator.nIter).toBe(20);
    expect(model.score(X, labels)).toBe(11 / 24); // as when it was written
    await model.estimator.partialFit(model.transform(X), labels);
    // A checksum whose name is damaged is not taken for none.
    const { tensors, metadata } = decodeSafetensors(toBytes(model));
    const { sha256, ...rest } = metadata;
    for (const version of ['1', '2']) {
      const renamed = encodeSafetensors(tensors, { ...rest, version, sha257: sha256 });
      expect(() => fromBytes(renamed)).toThrow(/the file is damaged: its sha256 is missing/);
    }
    expect(() => fromBytes(encodeSafetensors(tensors, rest))).toThrow(/its sha256 is missing/);
  });

  test('loading draws no random numbers, and the network says what its options said', () => {
    const net = engine.network({ inputs: 3, layers: [{ units: 4, activation: 'relu' }, 2], initializer: 'normal' });
    const bytes = toBytes(net);
    const draw = (name: 'rand' | 'randn') =>
      vi.spyOn(RandomState.prototype, name).mockImplementation(() => {
        throw new Error('drawn');
      });
    const spies = [draw('rand'), draw('randn')];
    try {
      expect(() => engine.network(net.options)).toThrow('drawn');
      const back = fromBytes<Network>(bytes, { engine });
      expectSameBits(back.parameters, net.parameters);
      expect(back.options).toEqual(net.options);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });

  test('where there is no node:crypto the checksum is the same', () => {
    const net = engine.network({ inputs: 30, layers: [40, 2], seed: 1 });
    const bytes = toBytes(net);
    const { getBuiltinModule } = process;
    Object.assign(process, { getBuiltinModule: undefined });
    try {
      expect(Buffer.from(toBytes(net)).equals(bytes)).toBe(true);
      expect(fromBytes(bytes, { engine }).loadInfo.checksum).toBe('verified');
    } finally {
      Object.assign(process, { getBuiltinModule });
    }
  });

  test('without the optimizer: a third of the numbers, the same predictions, a new optimizer for partialFit', async () => {
    const model = await new MLPClassifier({ ...HERE, hiddenLayerSizes: [300], engine }).fit(X, labels);
    const whole = toBytes(model);
    const small = toBytes(model, { optimizer: false });
    const path = join(folder, 'small');
    await save(model, path, { optimizer: false });
    expect(readFileSync(path).equals(small)).toBe(true);
    expect(small.length).toBeLessThan(0.55 * whole.length);
    const back = await load<MLPClassifier>(path, { engine });
    expect(back.predict(X)).toEqual(model.predict(X));
    await back.partialFit(X, labels);
    await model.partialFit(X, labels);
    expect(back.network.parameters).not.toEqual(model.network.parameters);
  });

  test('curves are tensors: a header does not grow with the epochs', async () => {
    const sizes = [];
    for (const maxIter of [20, 200]) {
      const model = await new MLPClassifier({ ...HERE, maxIter, nIterNoChange: Infinity, engine }).fit(X, labels);
      const bytes = toBytes(model);
      const back = fromBytes<MLPClassifier>(bytes);
      expect(back.lossCurve).toEqual(model.lossCurve);
      expect(back.getParams().nIterNoChange).toBe(Infinity); // which JSON has no number for
      sizes.push(Number(new DataView(bytes.buffer).getBigUint64(0, true)));
    }
    expect(sizes[1] - sizes[0]).toBeLessThan(50);
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
    expect(() => fromStateDict(twin, wrong)).toThrow('"0.weight" is [2, 3], but the network has [3, 2]');
    expectSameBits(twin.parameters, before);
  });
});
