// What a trial of models and files found: each was wrong once.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { engine, ShapeError, ValueError } from '../../src/index.js';
import {
  crossValidate,
  encodeSafetensors,
  FileFormatError,
  fromStateDict,
  load,
  MLPRegressor,
  save,
  type Tensor,
  takeRows,
  toBytes,
  toStateDict,
} from '../../src/model/index.js';

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-'));
afterAll(() => rmSync(folder, { recursive: true }));

const X = [[1], [2], [3]];
const y = [1, 2, 3];
const HERE = { maxIter: 3, background: false };
const small = () => MLPRegressor.from({ coefs: [[[1]]], intercepts: [[0]] });

describe('calls in a callback of the fit that they would wait for', () => {
  test.each(['predictAsync', 'partialFit'] as const)('%s is refused after an await, too', async (name) => {
    const model = new MLPRegressor(HERE);
    const messages: string[] = [];
    const call = async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      await (name === 'predictAsync' ? model.predictAsync(X) : model.partialFit(X, y)).catch(({ message }) =>
        messages.push(message),
      );
    };
    await model.fit(X, y, { onEpoch: call });
    expect(messages).toHaveLength(3);
    expect(messages[0]).toMatch(/would wait for the fit whose onEpoch makes it/);
    await model.predictAsync(X);
  });

  test('those of others wait', async () => {
    const model = new MLPRegressor(HERE);
    let other: Promise<unknown> | undefined;
    let ask = () => {};
    const asked = new Promise<void>((resolve) => {
      ask = resolve;
    });
    const outside = asked.then(() => {
      other = model.predictAsync(X);
    });
    await model.fit(X, y, {
      onEpoch: async ({ epoch }) => {
        if (epoch === 2) ask();
        await new Promise((resolve) => setTimeout(resolve, 1));
      },
    });
    await outside;
    await expect(other).resolves.toHaveLength(3);
  });
});

describe('files', () => {
  test('what is no regular file is neither replaced nor read', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(save(small(), pipe)).rejects.toThrow(/pipe is no regular file, and would be lost/);
    expect(statSync(pipe).isFIFO()).toBe(true);
    await expect(save(small(), folder)).rejects.toThrow(ValueError);
    await expect(load('/dev/zero')).rejects.toThrow(/it is no regular file/);
  });

  test('of saves that are not awaited the last call wins', async () => {
    const coefs = [Array.from({ length: 100_000 }, (_, i) => [i])];
    const large = MLPRegressor.from({ coefs, intercepts: [[0]] });
    for (let round = 0; round < 5; round++) {
      const path = join(folder, `order${round}`);
      await Promise.all([save(large, path), save(small(), path)]);
      expect((await load<MLPRegressor>(path)).nFeaturesIn).toBe(1);
    }
  });

  test('the host follows links before it goes up; a folder’s name is no file’s', async () => {
    mkdirSync(join(folder, 'p/q'), { recursive: true });
    symlinkSync('p/q', join(folder, 'pq'));
    writeFileSync(`${folder}/pq/../theirs`, '');
    await save(small(), `${folder}/pq/../ours`);
    expect([existsSync(join(folder, 'p/theirs')), existsSync(join(folder, 'p/ours'))]).toEqual([true, true]);
    await expect(save(small(), `${folder}/new/`)).rejects.toThrow('"target" must be the name of a file');
    await expect(save(small(), `${folder}/a\0b`)).rejects.toThrow(ValueError);
  });
});

describe('state dicts', () => {
  const make = (seed: number) => engine.network({ inputs: 2, layers: [2, 2], seed });

  test('two layers of one name, unknown options and none are refused', () => {
    const names = ['a', 'a'];
    expect(() => toStateDict(make(1), { names })).toThrow('"names" must be 2 different strings');
    expect(() => toStateDict(make(1), { nmaes: ['a', 'b'] } as never)).toThrow(
      /unknown option "nmaes"; known options: names/,
    );
    expect(() => toStateDict(make(1), null as never)).toThrow(ValueError);
    expect(() => fromStateDict(make(1), toStateDict(make(2)), { nmaes: 1 } as never)).toThrow(ValueError);
  });

  test('a tensor is read once: what cannot be copied whole is not copied in part', () => {
    const net = engine.network({ inputs: 1, layers: [1] });
    const before = net.parameters.slice();
    const weight: Tensor = { dtype: 'F64', shape: [1, 1], data: Float64Array.of(5) };
    let reads = 0;
    const bias = {
      dtype: 'F64' as const,
      shape: [1],
      get data() {
        return reads++ > 0 ? Float64Array.of(1, 2) : Float64Array.of(6);
      },
    };
    fromStateDict(
      net,
      new Map<string, Tensor>([
        ['0.weight', weight],
        ['0.bias', bias],
      ]),
    );
    expect([...net.parameters, reads]).toEqual([5, 6, 1]);
    net.parameters = before;
    const bent = { ...bias, shape: null as never };
    expect(() =>
      fromStateDict(
        net,
        new Map<string, Tensor>([
          ['0.weight', weight],
          ['0.bias', bent],
        ]),
      ),
    ).toThrow(ShapeError);
    expect(net.parameters).toEqual(before);
  });

  test('a network that was disposed of is called one', () => {
    const net = engine.network({ inputs: 1, layers: [1] });
    net.dispose();
    expect(() => toBytes(net)).toThrow('this network was disposed');
  });
});

test('an estimator whose parameters were changed for later fits is still what it was, as JSON too', async () => {
  const model = new MLPRegressor(HERE);
  await model.fit(X, y);
  model.setParams({ loss: 'poisson' });
  const back = MLPRegressor.fromJSON(JSON.stringify(model));
  expect(back.predict(X)).toEqual(model.predict(X));
  expect(back.getParams().loss).toBe('poisson');
});

test('arguments that are none are named', async () => {
  const model = new MLPRegressor(HERE);
  await expect(model.fit(X, y, { onEpoch: 'x' as never })).rejects.toThrow('"onEpoch" must be a function, got "x"');
  expect(model.isFitted).toBe(false);
  await expect(crossValidate(null as never, X, y as never)).rejects.toThrow('"estimator" must be an estimator');
  expect(() => encodeSafetensors({ a: 1 } as never)).toThrow(FileFormatError);
  expect(() => takeRows(X, null as never)).toThrow('"indices" must be an array of row numbers, got null');
});
