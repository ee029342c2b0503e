// Searches in parts: journals, what kills them, and what puts them together.

import { appendFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mergeTuning } from '../../src/tables/tuning/merge.js';
import { rankingCSV } from '../../src/tables/tuning/ranking.js';
import { type TuningOptions, tuneTable } from '../../src/tables/tuning/tune.js';
import { flowers, numbers } from './tuning-tables.js';

const options = {
  ...{ target: 'kind', trials: 5, cv: 1, epochs: 2, jobs: 1 },
  space: { hidden: [[2], [3], [4]], learningRate: { logUniform: [1e-3, 1e-1] } },
} as const satisfies TuningOptions;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bitgrad-tuning-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const shard = (k: number, n: number, more: TuningOptions = {}) =>
  tuneTable(flowers(), { ...options, journal: folder, shard: [k, n], ...more });
const fileOf = (k: number, n: number) => join(folder, `shard-${k}-of-${n}.ndjson`);
const linesOf = async (k: number, n: number) => (await readFile(fileOf(k, n), 'utf8')).trimEnd().split('\n');

describe('parts', () => {
  test('put together they are the whole: every byte of it', async () => {
    const whole = await tuneTable(flowers(), options);
    for (const k of [2, 1, 3]) await shard(k, 3);
    const merged = await mergeTuning(folder);
    expect(merged.search).toEqual(whole.search);
    expect(JSON.stringify(merged.results)).toBe(JSON.stringify(whole.results));
    expect(rankingCSV(merged.search, merged.results)).toBe(rankingCSV(whole.search, whole.results));
  });

  test('more parts than trials: those without any are done at once', async () => {
    for (let k = 1; k <= 3; k++) await shard(k, 3, { trials: 2 });
    expect((await mergeTuning(folder)).results).toHaveLength(2);
  });

  test('what is missing is listed', async () => {
    await shard(1, 3);
    await expect(mergeTuning(folder)).rejects.toThrow(
      '3 of 5 trials are missing: shard 2/3 has not begun (trials 2, 5); shard 3/3 has not begun (trial 3)',
    );
    await writeFile(fileOf(2, 3), '');
    await expect(mergeTuning(folder)).rejects.toThrow('shard 2/3 has not begun');
  });
});

describe('after a kill', () => {
  /** Every length that a file may have had. */
  test('half a line is no line, and its trial is done again: the journal ends as it would have', async () => {
    await shard(1, 1);
    const text = await readFile(fileOf(1, 1), 'utf8');
    const [header, first, second] = text.split('\n');
    const whole = (await mergeTuning(folder)).results;
    for (const cut of [
      0,
      5,
      header.length,
      header.length + 1,
      header.length + 30,
      header.length + first.length + 1,
      header.length + first.length + second.length,
    ]) {
      await writeFile(fileOf(1, 1), text.slice(0, cut));
      const lines = text.slice(0, cut).split('\n').length - 1;
      let trained = 0;
      const { results } = await shard(1, 1, {
        onProgress: ({ running }) => {
          if (running?.epoch === 2) trained++;
        },
      });
      expect(results).toEqual(whole);
      expect(trained).toBe(5 - Math.max(0, lines - 1));
      expect((await mergeTuning(folder)).results).toEqual(whole);
    }
  });

  test('a whole journal trains nothing, and is not written to', async () => {
    await shard(1, 1);
    const before = await readFile(fileOf(1, 1), 'utf8');
    const { results } = await shard(1, 1, { onProgress: ({ running }) => expect(running).toBeUndefined() });
    expect(results).toHaveLength(5);
    expect(await readFile(fileOf(1, 1), 'utf8')).toBe(before);
  });

  test('a digit that changed is noticed: that trial is missing', async () => {
    await shard(1, 1);
    const lines = await linesOf(1, 1);
    lines[2] = lines[2].replace(/"accuracy":0\.\d/, '"accuracy":0.0');
    await writeFile(fileOf(1, 1), `${lines.join('\n')}\n`);
    const { trial } = JSON.parse(lines[2]);
    await expect(mergeTuning(folder)).rejects.toThrow(`1 of 5 trials are missing: shard 1/1 lacks trial ${trial}`);
  });

  test('a signal keeps what is done', async () => {
    const stop = new AbortController();
    const stopped = shard(1, 1, { signal: stop.signal, onProgress: ({ done }) => done === 2 && stop.abort() });
    await expect(stopped).rejects.toThrow();
    expect(await linesOf(1, 1)).toHaveLength(3);
  });

  test('two at once on one part do no harm', async () => {
    const [a, b] = await Promise.all([shard(1, 1), shard(1, 1)]);
    expect(b.results).toEqual(a.results);
    expect((await mergeTuning(folder)).results).toEqual(a.results);
  });
});

describe('journals of something else', () => {
  test('another search says in what it differs', async () => {
    await shard(1, 2);
    await expect(shard(1, 2, { seed: 1 })).rejects.toThrow(
      /shard-1-of-2.ndjson: it is of another search \(.*seed: 0 there, 1 here/,
    );
    await expect(shard(1, 2, { metric: 'logLoss' })).rejects.toThrow('metric: "accuracy" there, "logLoss" here');
    await expect(tuneTable(numbers(), { ...options, target: 'y', journal: folder, shard: [1, 2] })).rejects.toThrow(
      'data.target: "kind" there, "y" here',
    );
    await shard(2, 2, { rows: 40 }).then(() => undefined);
    await expect(mergeTuning(folder)).rejects.toThrow(/shard-2-of-2.ndjson: it is of another search \(data.rows/);
  });

  test('another number of parts, and a part that was renamed', async () => {
    await shard(1, 2);
    await expect(shard(1, 3)).rejects.toThrow('there is a journal of shard 1/2, this is 1/3: take another folder');
    await rename(fileOf(1, 2), fileOf(2, 2));
    await expect(mergeTuning(folder)).rejects.toThrow('it is of shard 1/2, not 2/2: was it renamed?');
    await rename(fileOf(2, 2), fileOf(1, 2));
    await writeFile(fileOf(1, 3), '');
    await expect(mergeTuning(folder)).rejects.toThrow('there are searches in 2 and in 3 parts');
  });

  test.each([
    ['text', 'hello\nworld\n', 'it is no journal of a search'],
    ['binary', '\u0000\u0001\n\u0002\n', 'it is no journal of a search'],
  ])('a file of %s is not added to', async (_, text, message) => {
    await writeFile(fileOf(1, 1), text);
    await expect(shard(1, 1)).rejects.toThrow(message);
    await expect(mergeTuning(folder)).rejects.toThrow(message);
    expect(await readFile(fileOf(1, 1), 'utf8')).toBe(text);
  });

  test('lines of another part are refused', async () => {
    await shard(1, 2);
    await shard(2, 2);
    await appendFile(fileOf(1, 2), `${(await linesOf(2, 2))[1]}\n`);
    await expect(mergeTuning(folder)).rejects.toThrow('shard-1-of-2.ndjson: trial 2 is none of shard 1/2');
  });

  test('a folder without any, no folder, a file', async () => {
    await expect(mergeTuning(folder)).rejects.toThrow('there is no journal of a search here');
    await expect(mergeTuning(join(folder, 'not'))).rejects.toThrow('there is no such folder');
    await writeFile(fileOf(1, 1), '');
    await expect(mergeTuning(fileOf(1, 1))).rejects.toThrow('it is a file; journals are in a folder');
    await expect(mergeTuning(folder)).rejects.toThrow('there is no journal of a search here');
    expect(await readdir(folder)).toHaveLength(1);
  });
});
