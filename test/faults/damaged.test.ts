// Model files that were damaged, by chance and on purpose: each is refused by name. Those whose checksum is right but whose
// fields are not are refused too, or are a model that works.

import { beforeAll, describe, expect, test } from 'vitest';
import { BitgradError } from '../../src/checks/errors.js';
import { writeJSON } from '../../src/files/json-text.js';
import { pack, unpack } from '../../src/files/packing.js';
import { decodeSafetensors, joined, layout } from '../../src/files/safetensors.js';
import type { Tensor } from '../../src/files/tensor.js';
import { engine } from '../../src/index.js';
import {
  FileFormatError,
  fromBytes,
  MinMaxScaler,
  MLPClassifier,
  MLPRegressor,
  Pipeline,
  type Saveable,
  StandardScaler,
  toBytes,
} from '../../src/model/index.js';
import { random } from '../../src/random/random.js';
import { FACTOR, LONG } from '../support/long.js';
import { forge } from './forge.js';

const DAMAGED = LONG ? 200_000 : 6000;
const FORGED = LONG ? 10_000 : 400;
const HERE = { background: false, maxIter: 20, hiddenLayerSizes: [4] };

const X = random(1).randn(24, 3);
const names = Array.from({ length: 24 }, (_, i) => (X.data[3 * i] > 0 ? 'up' : 'down'));
const models: Saveable[] = [];
const files: Uint8Array[] = [];

beforeAll(async () => {
  const pipeline = new Pipeline([new StandardScaler(), new MinMaxScaler(), new MLPClassifier(HERE)]);
  await pipeline.fit(X, names);
  const sgd = { ...HERE, solver: 'sgd' as const, learningRate: 'adaptive' as const };
  const regressor = await new MLPRegressor({ ...sgd, dtype: 'f32' }).fit(X, X.data.slice(0, 24));
  const several = await new MLPClassifier({ ...HERE, earlyStopping: true }).fit(
    X,
    names.map((_, i) => i % 3),
  );
  const network = engine.network({ inputs: 3, layers: [{ units: 4, activation: 'elu', alpha: 2 }, 1], seed: 3 });
  models.push(pipeline, regressor, several, network);
  files.push(...models.map((model) => toBytes(model)));
});

/** Uses a model for all it can do. */
async function use(model: Saveable): Promise<void> {
  if ('weights' in model) {
    model.forward(X);
    return;
  }
  (model as MLPClassifier).predict(X);
  if ('partialFit' in model) {
    const y: unknown =
      model instanceof MLPClassifier ? Array.from({ length: 24 }, (_, i) => model.classes[i % 2]) : X.data.slice(0, 24);
    await model.partialFit(X, y as number[]);
  }
}

test(
  `${DAMAGED} damaged files: bits, cuts, insertions, texts in the header`,
  () => {
    const rng = random(11);
    const below = (n: number) => Math.floor(rng.rand() * n);
    const texts = [
      '{',
      '}',
      '"',
      '[',
      ']',
      ',',
      ':',
      '0',
      '9',
      '-',
      'e',
      '\\',
      ' ',
      'null',
      '"__proto__":{},',
      '1e999',
    ];
    const messages = new Set<string>();
    let unchanged = 0;
    for (let i = 0; i < DAMAGED; i++) {
      const whole = files[i % files.length];
      let bytes = whole.slice();
      const kind = (i >> 2) % 4;
      for (let n = 1 + below(3); n > 0 && bytes.length > 0; n--) {
        const at = kind === 3 ? 8 + below(Math.min(1500, bytes.length - 8)) : below(bytes.length);
        if (kind === 0) bytes[at] ^= 1 << below(8);
        else if (kind === 1) bytes = bytes.slice(0, at);
        else {
          const insert = new TextEncoder().encode(texts[below(texts.length)]);
          bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + below(3))]);
        }
      }
      if (Buffer.from(bytes).equals(whole)) {
        unchanged++;
        continue;
      }
      try {
        fromBytes(bytes);
      } catch (error) {
        if (!(error instanceof FileFormatError)) throw error;
        messages.add(error.message.replace(/\d+|"[^"]*"/g, ''));
        continue;
      }
      expect.fail(`file ${i} was loaded, though it was changed`);
    }
    expect(unchanged).toBeLessThan(DAMAGED / 100);
    expect(messages.size).toBeGreaterThan(20); // not all for one reason
  },
  120_000 * FACTOR,
);

test('every single bit of a file counts', () => {
  const whole = files[3];
  for (let bit = 0; bit < 8 * whole.length; bit++) {
    const bytes = whole.slice();
    bytes[bit >> 3] ^= 1 << (bit & 7);
    expect(() => fromBytes(bytes)).toThrow(FileFormatError);
  }
});

describe('with a checksum that is right', () => {
  test(
    `${FORGED} descriptions with one wrong field`,
    async () => {
      const rng = random(5);
      let refused = 0;
      let used = 0;
      for (let i = 0; i < FORGED; i++) {
        const { tensors, metadata } = decodeSafetensors(files[i % files.length]);
        const description = unpack(JSON.parse(metadata.model), tensors) as object;
        const { forged, place } = forge(description, rng);
        const parts = new Map(tensors);
        const { sha256: _, ...rest } = metadata;
        let model: Saveable;
        try {
          const text = writeJSON(pack(forged, '', parts));
          model = fromBytes(joined(layout(parts, { ...rest, model: text }, true)));
        } catch (error) {
          if (!(error instanceof BitgradError)) throw new Error(`${place}: ${(error as Error).stack}`);
          // The longest list every parameter that is known, some 350 characters; of the file no more than 200 are repeated.
          expect(error.message.length, place).toBeLessThan(550);
          refused++;
          continue;
        }
        try {
          await use(model);
        } catch (error) {
          // A parameter may have another value that is legal: training may then say that it goes too far, or does not fit.
          if (!(error instanceof BitgradError)) throw new Error(`${place}: ${(error as Error).stack}`);
        }
        model.dispose();
        used++;
      }
      expect(refused).toBeGreaterThan(FORGED / 2);
      expect(used).toBeGreaterThan(FORGED / 50);
    },
    120_000 * FACTOR,
  );

  test.each<[string, number, (state: Record<string, unknown>) => object, RegExp]>([
    [
      'labels of another kind',
      0,
      (state) => ({ ...state, labels: { kind: 'multiclass', classes: ['a', 'b'] } }),
      /state.labels" has 2 classes, multiclass, for 1 outputs/,
    ],
    [
      'a class too many',
      2,
      (state) => ({ ...state, labels: { kind: 'multiclass', classes: [0, 1, 2, 3] } }),
      /has 4 classes/,
    ],
    [
      'classes twice',
      2,
      (state) => ({ ...state, labels: { kind: 'multiclass', classes: [0, 1, 1] } }),
      /must be sorted, each label once/,
    ],
    ['no labels', 0, (state) => ({ ...state, labels: undefined }), /state.labels" must be an object, got undefined/],
    [
      'labels of a regressor',
      1,
      (state) => ({ ...state, labels: { kind: 'binary', classes: [0, 1] } }),
      /state.labels" must be left out/,
    ],
    [
      'slots of another size',
      0,
      (state) => ({ ...state, optimizer: { steps: 1, powers: [0.9, 0.9], slots: [new Float64Array(3)] } }),
      /state.optimizer.slots\[0\]" must be a Float64Array of 21, got one of 3/,
    ],
    [
      'a generator of zeros',
      0,
      (state) => ({ ...state, random: { key: new Array(624).fill(0), position: 0 } }),
      /state.random" is no state of a generator/,
    ],
    [
      'a position behind the end',
      0,
      (state) => ({ ...state, random: { ...(state as { random: object }).random, position: 625 } }),
      /no state of a generator/,
    ],
    [
      'rows that were not seen',
      0,
      (state) => ({ ...state, samplesSeen: -5 }),
      /state.samplesSeen" must be an integer from 0/,
    ],
    ['cuts without end', 1, (state) => ({ ...state, cuts: 2 ** 52 }), /state.cuts" must be an integer from 0 to 1000/],
    [
      'a curve of texts',
      1,
      (state) => ({ ...state, lossCurve: [1, 'x'] }),
      /state.lossCurve\[1\]" must be a number, got "x"/,
    ],
  ])('%s', (_, file, change, message) => {
    const { tensors, metadata } = decodeSafetensors(files[file]);
    const description = unpack(JSON.parse(metadata.model), tensors) as { state: Record<string, unknown> };
    const { sha256: _sum, ...rest } = metadata;
    const model = writeJSON(pack({ ...description, state: change(description.state) }, '', tensors));
    const bytes = joined(layout(tensors as Map<string, Tensor>, { ...rest, model }, true));
    expect(() => fromBytes(bytes)).toThrow(message);
    expect(() => fromBytes(bytes)).toThrow(FileFormatError);
  });
});
