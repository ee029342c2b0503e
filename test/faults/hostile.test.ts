// What is handed to the functions that read and write files, by programs that are wrong or mean harm.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { decodeSafetensors as decode, encodeSafetensors as encode } from '../../src/files/safetensors.js';
import type { Tensor } from '../../src/files/tensor.js';
import { engine } from '../../src/index.js';
import { FileFormatError, fromBytes, load, MLPClassifier, save, toBytes } from '../../src/model/index.js';
import { random } from '../../src/random/random.js';

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-'));
afterAll(() => rmSync(folder, { recursive: true }));

const F32 = { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) } as Tensor;
const tensor = (fields: object) => new Map([['t', { ...F32, ...fields }]]) as Map<string, Tensor>;

/** A file with any header, and so many bytes of data. */
function file(text: string | Uint8Array, data = 0): Uint8Array {
  const head = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const bytes = new Uint8Array(8 + head.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  return bytes;
}

const ENTRY = '{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';

describe('encodeSafetensors refuses', () => {
  test.each<[string, unknown, unknown, RegExp]>([
    ['an unknown dtype', tensor({ dtype: 'F8' }), {}, /has dtype "F8"; known are F64/],
    ['a dtype of the prototype', tensor({ dtype: 'toString' }), {}, /has dtype "toString"/],
    ['no dtype', tensor({ dtype: undefined }), {}, /has dtype undefined/],
    [
      'data of another type',
      tensor({ data: new Float64Array(2) }),
      {},
      /is F32: its data must be a Float32Array, got a Float64Array/,
    ],
    ['an array as data', tensor({ data: [1, 2] }), {}, /must be a Float32Array, got an array of 2/],
    [
      'clamped bytes',
      tensor({ dtype: 'U8', data: new Uint8ClampedArray(2) }),
      {},
      /must be a Uint8Array, got a Uint8ClampedArray/,
    ],
    ['no data', tensor({ data: undefined }), {}, /must be a Float32Array, got undefined/],
    ['a tensor that is none', new Map([['t', null]]), {}, /must be \{ dtype, shape, data \}, got null/],
    ['too few elements', tensor({ shape: [3] }), {}, /of 2 elements cannot be \[3\]/],
    ['no shape', tensor({ shape: undefined }), {}, /no array of sizes/],
    ['a negative size', tensor({ shape: [-1, -2] }), {}, /no array of sizes/],
    ['a size that is a text', tensor({ shape: ['2'] }), {}, /no array of sizes/],
    ['more dimensions than are read', tensor({ shape: [2, ...new Array(40).fill(1)] }), {}, /more than 32 elements/],
    ['the metadata’s name', new Map([['__metadata__', F32]]), {}, /no tensor can have the name/],
    ['a name that is no Unicode', new Map([['\ud800', F32]]), {}, /must be a string of Unicode/],
    ['a name that is no text', new Map([[1, F32]]), {}, /must be a string of Unicode, got 1/],
    ['a name longer than is read', new Map([['n'.repeat(1025), F32]]), {}, /has a name of 1025 bytes/],
    ['metadata that are a number', tensor({}), { a: 1 }, /the metadata's "a" must be a string of Unicode, got 1/],
    ['metadata of half a character', tensor({}), { a: 'x\udc00' }, /must be a string of Unicode/],
    ['metadata that are an array', tensor({}), ['a'], /must map strings to strings, got an array/],
    ['a header longer than is read', tensor({}), { a: 'x'.repeat(1 << 24) }, /at most 16777216 are read/],
  ])('%s', (_, tensors, metadata, message) => {
    expect(() => encode(tensors as never, metadata as never)).toThrow(message);
    expect(() => encode(tensors as never, metadata as never)).toThrow(FileFormatError);
  });

  test('what it takes can be read', () => {
    for (const size of [1 << 10, 1 << 20, (1 << 24) - 40]) {
      const bytes = encode(new Map(), { a: 'x'.repeat(size) });
      expect(decode(bytes).metadata.a.length).toBe(size);
    }
    expect(decode(encode(new Map([['n'.repeat(1024), F32]]))).tensors.size).toBe(1);
  });
});

describe('decodeSafetensors', () => {
  test('takes buffers and views of every kind, of another realm too; the data are copies', () => {
    const bytes = Uint8Array.from(encode(tensor({})));
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    const foreign = runInNewContext('new Uint8Array(list)', { list: [...bytes] });
    const odd = new Uint8Array(bytes.length + 1);
    odd.set(bytes, 1);
    const views = [
      bytes.buffer,
      shared,
      shared.buffer,
      foreign,
      foreign.buffer,
      new DataView(odd.buffer, 1),
      Buffer.from(bytes),
    ];
    for (const view of views) {
      const { tensors } = decode(view);
      expect(tensors.get('t')).toEqual(F32);
      expect((tensors.get('t') as Tensor).data.buffer).not.toBe(view.buffer ?? view);
    }
    for (const other of [undefined, null, 'text', [1], {}, { byteLength: 9 }, 5]) {
      expect(() => decode(other as never)).toThrow(/"bytes" must be an ArrayBuffer or a view of one, got/);
    }
  });

  test('white space around the header’s object is nothing; anything else is', () => {
    for (const [before, after] of [
      [' \n\t\r', ''],
      ['', '\n  \r\n'],
      [' ', ' '],
    ]) {
      expect(decode(file(before + ENTRY + after, 8)).tensors.get('t')?.shape).toEqual([2]);
    }
    const mark = new TextEncoder().encode(`\ufeff${ENTRY}`);
    expect(() => decode(file(mark, 8))).toThrow(/begins with a byte order mark/);
    for (const text of [
      `\u00a0${ENTRY}`,
      `${ENTRY}\u0000`,
      `x${ENTRY}`,
      `${ENTRY}${ENTRY}`,
      '',
      '   ',
      'null',
      '[]',
      '"{}"',
    ]) {
      expect(() => decode(file(text, 8))).toThrow(FileFormatError);
    }
  });

  test.each([
    ['at the top', ENTRY.replace('{"t"', '{"t":1,"t"')],
    ['at the top, in other letters', ENTRY.replace('{"t"', '{"\\u0074":1,"t"')],
    ['in an entry', ENTRY.replace('"shape"', '"shape":[9],"shape"')],
    ['in an entry, in other letters', ENTRY.replace('"shape"', '"sh\\u0061pe":[9],"shape"')],
    ['in the metadata', ENTRY.replace('{"t"', '{"__metadata__":{"a":"1","a":"2"},"t"')],
    ['of all the metadata', ENTRY.replace('{"t"', '{"__metadata__":{},"__metadata__":{},"t"')],
  ])('refuses a name that is there twice, %s', (_, text) => {
    expect(() => decode(file(text, 8))).toThrow(/names ".*" twice/);
  });

  test('a name in two objects is no repetition', () => {
    const text = '{"__metadata__":{"t":"1","dtype":"2"},"t":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}';
    expect(decode(file(text, 1)).tensors.get('t')?.data).toEqual(Uint8Array.of(0));
  });
});

describe('a generator’s state', () => {
  const rng = random(5);
  rng.randn();
  const legal = rng.state;
  const key = [...legal.key];

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'state'],
    ['no key', { ...legal, key: undefined }],
    ['a key too short', { ...legal, key: key.slice(1) }],
    ['a key too long', { ...legal, key: [...key, 1] }],
    ['a key of zeros', { ...legal, key: key.map(() => 0) }],
    ['a key whose only bits are lost', { ...legal, key: key.map((_, i) => (i === 0 ? 0x7fffffff : 0)) }],
    ['a word above 32 bits', { ...legal, key: key.with(3, 2 ** 32) }],
    ['a word below 0', { ...legal, key: key.with(3, -1) }],
    ['a word that is a fraction', { ...legal, key: key.with(3, 0.5) }],
    ['a word that is a text', { ...legal, key: key.with(3, '1' as never) }],
    ['a word that is a BigInt', { ...legal, key: key.with(3, 1n as never) }],
    ['a position behind the end', { ...legal, position: 625 }],
    ['a position before the start', { ...legal, position: -1 }],
    ['a position between', { ...legal, position: 1.5 }],
    ['a position that is a text', { ...legal, position: '3' }],
    ['a gauss that is NaN', { ...legal, gauss: Number.NaN }],
    ['a gauss that is infinite', { ...legal, gauss: Infinity }],
    ['a gauss that is null', { ...legal, gauss: null }],
  ])('refused: %s', (_, state) => {
    const other = random(9);
    const twin = random(9);
    expect(() => {
      other.state = state as never;
    }).toThrow('"state" must be { key: 624 words');
    expect(other.randn()).toBe(twin.randn()); // and it is as it was
  });

  test('taken: what `state` gave, at any position', () => {
    for (const position of [0, 1, 623, 624]) {
      const other = random(0);
      other.state = { ...legal, position };
      expect(Number.isFinite(other.randn() + other.randn() + other.randn())).toBe(true);
    }
    const other = random(0);
    other.state = JSON.parse(JSON.stringify(legal));
    expect(other.randn(700)).toEqual(rng.randn(700));
  });
});

describe('prototypes that were added to', () => {
  const X = random(1).randn(12, 2);
  const y = Array.from({ length: 12 }, (_, i) => i % 2);
  const checkpoint = { path: join(folder, 'polluted'), resume: true };
  const targets = [Object.prototype, Array.prototype, Number.prototype, String.prototype, Boolean.prototype];

  afterEach(() => {
    for (const each of targets)
      for (const name of ['toJSON', 'number', 'tensor', 'numbers']) Reflect.deleteProperty(each, name);
  });

  test('toJSON and the names that packing uses do not spoil models and checkpoints', async () => {
    const fit = { background: false, hiddenLayerSizes: [3], maxIter: 3 };
    const model = await new MLPClassifier(fit).fit(X, y);
    const clean = toBytes(model);
    const train = (epochs: number, options: object) =>
      engine.network({ inputs: 2, layers: [1], seed: 1 }).fit(X, y, { epochs, background: false, ...options });
    const straight = await train(4, {});
    for (const each of targets) {
      const value = () => 'spoilt';
      Object.defineProperty(each, 'toJSON', { value, configurable: true });
      for (const name of ['number', 'tensor', 'numbers'])
        Object.defineProperty(each, name, { value: 'x', configurable: true });
    }
    expect(Buffer.from(toBytes(model)).equals(clean)).toBe(true);
    expect(fromBytes<MLPClassifier>(clean).predict(X)).toEqual(model.predict(X));
    await train(2, { checkpoint });
    const { loss } = await train(4, { checkpoint });
    expect(Array.from(loss)).toEqual(Array.from(straight.loss));
  });
});

test('options that are not known, and those that are wrong', async () => {
  const net = engine.network({ inputs: 1, layers: [1] });
  const path = join(folder, 'options');
  await save(net, path);
  const bytes = readFileSync(path);
  expect(() => fromBytes(bytes, { contracts: 'any' } as never)).toThrow(
    /fromBytes: unknown option "contracts"; did you mean contract\?/,
  );
  expect(() => fromBytes(bytes, { contract: 'other' } as never)).toThrow(
    '"contract" must be one of same, any, got "other"',
  );
  expect(() => fromBytes(bytes, { engine: {} } as never)).toThrow('"engine" must be an engine');
  await expect(load(path, { optimizer: false } as never)).rejects.toThrow(/load: unknown option "optimizer"/);
  await expect(save(net, path, { optimiser: false } as never)).rejects.toThrow(/did you mean optimizer\?/);
  expect(() => toBytes(net, { optimizer: 1 } as never)).toThrow('"optimizer" must be true or false, got 1');
  await expect(load(5 as never)).rejects.toThrow(
    '"source" must be the name of a file, a FileSystemFileHandle or a Blob, got 5',
  );
});
