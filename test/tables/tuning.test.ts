// Searches over tables: candidates, folds, rankings, and that nothing depends on how the work is divided.

import * as built from 'bitgrad/data';
import { describe, expect, test } from 'vitest';
import { candidatesOf } from '../../src/tables/tuning/candidates.js';
import { foldsOf } from '../../src/tables/tuning/folds.js';
import { ranked, rankingCSV } from '../../src/tables/tuning/ranking.js';
import { DEFAULT_SPACES, readSpace, spaceOf, type TuningSpace } from '../../src/tables/tuning/space.js';
import type { Trial } from '../../src/tables/tuning/trial.js';
import { tuneTable } from '../../src/tables/tuning/tune.js';
import { csv } from './memory-table.js';
import { flowers, numbers } from './tuning-tables.js';

describe('spaces', () => {
  test('what is given is searched; if that leaves nothing to choose, the default of all else', () => {
    expect(spaceOf({ activation: ['relu', 'tanh'] }, 'random')).toEqual({ activation: ['relu', 'tanh'] });
    expect(spaceOf({ activation: ['tanh'] }, 'random')).toEqual({ ...DEFAULT_SPACES.random, activation: ['tanh'] });
  });

  test('names come in one order, whatever the order they were given in', () => {
    const names = Object.keys(readSpace({ l2: [0], epochs: [5], hidden: [[2]] }));
    expect(names).toEqual(['hidden', 'l2', 'epochs']);
  });

  test.each([
    [{ layers: [1] }, /unknown parameter "layers"; known are hidden, activation/],
    [{ hidden: [8] }, /"hidden" must be an array of positive integers, got 8/],
    [{ hidden: { integers: [1, 8] } }, /"hidden" must be an array of values, got/],
    [{ l2: [] }, /"l2" must have a value at least/],
    [{ l2: [-1] }, /"l2" must be a number from 0/],
    [{ l2: { logUniform: [0, 1] } }, /"l2" must begin above 0/],
    [{ learningRate: { uniform: [1, 0.1] } }, /must go from low to high, got 1 to 0.1/],
    [{ learningRate: { integers: [1, 2] } }, /or \{ uniform or logUniform: \[low, high\] \}/],
    [{ batchSize: { uniform: [1, 2] } }, /or \{ integers: \[low, high\] \}/],
    [{ solver: ['magic'] }, /"solver" must be one of/],
    [{ activation: [3] }, /"activation" must be a text/],
    [[], /must be an object of arrays and ranges/],
    [null, /must be an object of arrays and ranges/],
  ])('%j is refused', (space, message) => {
    expect(() => readSpace(space)).toThrow(message);
  });
});

describe('candidates', () => {
  const space: TuningSpace = {
    hidden: [[4], [8, 4]],
    learningRate: { logUniform: [1e-4, 1e-1] },
    batchSize: { integers: [8, 64] },
  };

  test('the same for the same seed, others for another; more of them begin as fewer do', () => {
    const ten = candidatesOf(space, 'random', 10, 3);
    expect(candidatesOf(space, 'random', 10, 3)).toEqual(ten);
    expect(candidatesOf(space, 'random', 10, 4)).not.toEqual(ten);
    expect(candidatesOf(space, 'random', 20, 3).slice(0, 10)).toEqual(ten);
  });

  test('ranges are kept to, evenly in the logarithm, to three digits', () => {
    const drawn = candidatesOf(space, 'random', 600, 1);
    const rates = drawn.map(({ learningRate = 0 }) => learningRate);
    expect(rates.every((each) => each >= 1e-4 && each <= 1e-1 && Number(each.toPrecision(3)) === each)).toBe(true);
    const low = rates.filter((each) => each < Math.sqrt(1e-4 * 1e-1)).length;
    expect(Math.abs(low - 300)).toBeLessThan(4 * Math.sqrt(150));
    expect(new Set(drawn.map(({ batchSize }) => batchSize)).size).toBe(57);
  });

  test('a grid is all combinations, and takes no ranges', () => {
    expect(candidatesOf({ hidden: [[4], [8]], l2: [0, 1] }, 'grid', 1, 0)).toEqual([
      { hidden: [4], l2: 0 },
      { hidden: [4], l2: 1 },
      { hidden: [8], l2: 0 },
      { hidden: [8], l2: 1 },
    ]);
    expect(() => candidatesOf(space, 'grid', 1, 0)).toThrow(/"learningRate" is a range, of which a grid needs values/);
    const many = { l2: Array.from({ length: 400 }, (_, i) => i), epochs: Array.from({ length: 400 }, (_, i) => i + 1) };
    expect(() => candidatesOf(many, 'grid', 1, 0)).toThrow(/160000 combinations, more than 100000/);
  });

  test('none comes twice: a space of six has six, and lbfgs has neither rates nor batches', () => {
    const six: TuningSpace = { hidden: [[2], [3], [4]], l2: [0, 1] };
    expect(new Set(candidatesOf(six, 'random', 50, 0).map((each) => JSON.stringify(each))).size).toBe(6);
    const solvers: TuningSpace = { solver: ['adam', 'lbfgs'], learningRate: [0.1, 0.01] };
    expect(candidatesOf(solvers, 'grid', 9, 0).filter(({ solver }) => solver === 'lbfgs')).toEqual([
      { solver: 'lbfgs' },
    ]);
    expect(candidatesOf({ epochs: { integers: [1, 2] } }, 'random', 50, 0)).toHaveLength(2);
  });
});

describe('folds', () => {
  const y = Array.from({ length: 60 }, (_, i) => i % 3);

  test('each row judges once, and never in a fold that learnt from it or stopped by it', () => {
    const folds = foldsOf(y, true, { cv: 5, validation: 0.2, seed: 1 });
    expect(folds.flatMap(({ test }) => [...test]).sort((a, b) => a - b)).toEqual(y.map((_, i) => i));
    for (const { train, stop, test } of folds) {
      expect(new Set([...train, ...stop, ...test]).size).toBe(60);
      expect(train.length + stop.length + test.length).toBe(60);
      expect(new Set(test.map((row) => y[row])).size).toBe(3);
    }
  });

  test('one fold holds out a fifth', () => {
    const [{ train, stop, test }, ...rest] = foldsOf(y, true, { cv: 1, validation: 0, seed: 1 });
    expect([train.length, stop.length, test.length, rest.length]).toEqual([48, 0, 12, 0]);
  });

  test.each([
    [5, [0, 1, 0], true],
    [2, [0, 1, 2, 3], true],
    [1, [0, 1], true],
  ])('%i of %j is refused, naming the option', (cv, targets, classes) => {
    expect(() => foldsOf(targets, classes, { cv, validation: 0, seed: 0 })).toThrow(/"cv" is \d, too many for \d rows/);
  });
});

describe('rankings', () => {
  const trial = (number: number, ...scores: number[]): Trial => ({
    trial: number,
    parameters: { hidden: [number, 2] },
    folds: scores.map((logLoss) => ({ logLoss, accuracy: 1 - logLoss })),
    epochs: scores.map(() => 3),
    seconds: number,
  });

  test('the best first, equal ones share a rank in the order of their numbers, those that failed last', () => {
    const failed = { ...trial(1), error: 'fold 1: too "large", by far' };
    const results = ranked([failed, trial(4, 0.5, 0.25), trial(3, 0.25, 0.5), trial(2, 0.125, 0.125)], 'logLoss');
    expect(results.map((each) => [each.rank, each.trial, each.score])).toEqual([
      [1, 2, 0.125],
      [2, 3, 0.375],
      [2, 4, 0.375],
      [4, 1, null],
    ]);
    expect(ranked([trial(1, 0.5), trial(2, 0.25)], 'accuracy').map((each) => each.trial)).toEqual([2, 1]);
    const search = { metric: 'logLoss', cv: 2, space: { hidden: [[1]] } } as never;
    expect(rankingCSV(search, results.slice(2))).toBe(
      'rank,trial,hidden,logLoss,std,fold1,fold2,accuracy,error\n' +
        '2,4,"4,2",0.375,0.125,0.5,0.25,0.625,\n' +
        '4,1,"1,2",,,,,,"fold 1: too ""large"", by far"\n',
    );
  });

  test('a metric that a fold has not is no score', () => {
    const [only] = ranked([{ ...trial(1, 0.5, 0.5), folds: [{ rocAuc: 1 }, {}] } as Trial], 'rocAuc');
    expect(only).toMatchObject({ score: null, error: 'a fold has no rocAuc: its rows do not give one' });
  });
});

describe('tuneTable', () => {
  const options = {
    target: 'kind',
    trials: 4,
    cv: 2,
    epochs: 6,
    space: { hidden: [[4], [8], []], learningRate: { logUniform: [1e-3, 1e-1] } },
  } as const;

  // Workers are of the built package.
  test('two jobs in workers and one without have the same bits', async () => {
    const one = await built.tuneTable(flowers(), { ...options, jobs: 1 });
    const two = await built.tuneTable(flowers(), { ...options, jobs: 2 });
    expect(one.results).toHaveLength(4);
    expect(two.results).toEqual(one.results);
    expect(rankingCSV(two.search, two.results)).toBe(rankingCSV(one.search, one.results));
    expect(one.results[0].score).toBeGreaterThan(one.results[3].score as number);
  });

  test('numbers are judged in their own units', async () => {
    const { results, search } = await tuneTable(numbers(), {
      ...{ target: 'y', trials: 2, cv: 2, epochs: 40, jobs: 1, metric: 'rootMeanSquaredError' },
      space: { hidden: [[]], learningRate: [0.1, 1e-6] },
    });
    expect(search.settings.task).toBe('auto');
    expect(results[0].parameters.learningRate).toBe(0.1);
    // Targets go from 0 to 2,000 in steps of 20.
    expect(results[0].score).toBeLessThan(300);
    expect(results[1].score).toBeGreaterThan(300);
  });

  test('a candidate whose numbers grow beyond all bounds is the last, and says why', async () => {
    const { results } = await tuneTable(flowers(), {
      ...{ target: 'kind', cv: 2, epochs: 3, jobs: 1, mode: 'grid', validation: 0 },
      space: { solver: ['sgd'], hidden: [[4]], activation: ['relu'], learningRate: [1e38, 0.01] },
    });
    expect(results.map(({ score }) => score === null)).toEqual([false, true]);
    expect(results[1].error).toMatch(/^fold 1: .*not finite/);
  });

  test('a sample is of the same rows each time', async () => {
    const sampled = { ...options, trials: 1, rows: 30, jobs: 1 };
    const { search, results } = await tuneTable(flowers(), sampled);
    expect([search.data.allRows, search.data.rows]).toEqual([60, 30]);
    expect((await tuneTable(flowers(), sampled)).results).toEqual(results);
    expect((await tuneTable(flowers(), { ...sampled, seed: 5 })).search.data.sha256).not.toBe(search.data.sha256);
  });

  test('rows that do not fit are refused, and how many would', async () => {
    await expect(tuneTable(flowers(), { ...options, memoryBytes: 400 })).rejects.toThrow(
      /data.csv: a search has its rows in memory.*take a sample by --rows 33 or fewer/,
    );
  });

  test('progress counts to the end', async () => {
    const seen: string[] = [];
    await tuneTable(flowers(), {
      ...options,
      jobs: 1,
      onProgress: ({ phase, done, total, best }) => void seen.push(`${phase} ${done}/${total} ${best !== undefined}`),
    });
    expect(seen[0]).toBe('scan 0/0 false');
    expect(seen.at(-1)).toBe('trials 4/4 true');
  });

  test('a signal ends it', async () => {
    const stop = new AbortController();
    const running = built.tuneTable(flowers(), {
      ...{ ...options, jobs: 2, signal: stop.signal },
      onProgress: ({ done }) => done === 1 && stop.abort(new Error('enough')),
    });
    await expect(running).rejects.toThrow('enough');
  });

  test.each([
    [{ jobs: 0 }, '"jobs" must be an integer from 1 to 1024, got 0'],
    [{ trials: 1.5 }, '"trials" must be an integer from 1'],
    [{ cv: 0 }, '"cv" must be an integer from 1'],
    [{ shard: [4, 3] }, '"shard" must be an integer from 1 to 3, got 4'],
    [{ metric: 'r2' }, '"metric" must be one of accuracy, balancedAccuracy, f1Macro'],
    [{ metric: 'beauty' }, '"metric" must be one of'],
    [{ mode: 'all' }, '"mode" must be random or grid'],
    [{ space: { activation: ['bent'] } }, 'bent'],
    [{ trails: 3 }, 'unknown option "trails"'],
    [{ cv: 50 }, '"cv" is 50, too many for 60 rows'],
  ])('%j is refused', async (wrong, message) => {
    await expect(tuneTable(flowers(), { ...options, ...(wrong as object) })).rejects.toThrow(message);
  });

  test('a gap is told of as in training', async () => {
    await expect(tuneTable(csv('a,y\n1,x\n,y\n2,x\n3,y'), { target: 'y' })).rejects.toThrow(
      'data.csv:3:column a: there is a gap',
    );
  });
});
