// Tasks at once: what comes of them is the same, however many there are and whenever they end.

import { describe, expect, test } from 'vitest';
import type { AbortSignalLike } from '../../src/host/abort-signal.js';
import { inOrder } from '../../src/model/search/jobs.js';
import { random } from '../../src/random/random.js';

const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);

/** Waits, unless the signal comes first. */
function waiting(ms: number, signal: AbortSignalLike): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

describe('inOrder', () => {
  test.each([1, 2, 3, 50])('results and reports are in order: %d jobs', async (jobs) => {
    const rng = random(jobs);
    const told: number[] = [];
    let running = 0;
    let most = 0;
    const task = async (i: number) => {
      running++;
      most = Math.max(most, running);
      await later(rng.rand() * 5);
      running--;
      return i * i;
    };
    const results = await inOrder(numbers(20), jobs, undefined, task, async (result) => {
      told.push(result);
      await later(rng.rand() * 2);
    });
    expect(results).toEqual(numbers(20).map((i) => i * i));
    expect(told).toEqual(results);
    expect(most).toBeLessThanOrEqual(jobs);
    expect(most).toBeGreaterThanOrEqual(Math.min(jobs, 2));
  });

  test('nothing to do, tasks that end at once', async () => {
    expect(await inOrder([], 4, undefined, async () => 1)).toEqual([]);
    expect(await inOrder(numbers(9), 4, undefined, async (i) => i)).toEqual(numbers(9));
  });

  test.each([1, 2, 4])('false ends it, and what came later is forgotten: %d jobs', async (jobs) => {
    const signals: AbortSignalLike[] = [];
    const results = await inOrder(
      numbers(100),
      jobs,
      undefined,
      async (i, signal) => {
        signals.push(signal);
        await waiting(i === 3 ? 20 : 1, signal);
        return i;
      },
      (i) => i < 3,
    );
    expect(results).toEqual([0, 1, 2, 3]);
    expect(signals.length).toBeLessThan(100);
  });

  test.each([1, 2, 4])('the first to fail in order is what it throws: %d jobs', async (jobs) => {
    const stopped: number[] = [];
    const told: number[] = [];
    const work = inOrder(
      numbers(40),
      jobs,
      undefined,
      async (i, signal) => {
        try {
          await waiting(i === 2 ? 30 : i === 3 ? 1 : i > 3 ? 1000 : 1, signal);
        } catch (reason) {
          stopped.push(i);
          throw reason;
        }
        if (i === 2 || i === 3) throw new Error(`task ${i}`);
        return i;
      },
      (i) => told.push(i),
    );
    await expect(work).rejects.toThrow('task 2');
    expect(told).toEqual([0, 1]);
    expect(stopped.every((i) => i > 3)).toBe(true);
  });

  test.each([1, 3])('a signal ends all: %d jobs', async (jobs) => {
    const controller = new AbortController();
    const ended: number[] = [];
    const work = inOrder(numbers(30), jobs, controller.signal, async (i, signal) => {
      try {
        await waiting(1000, signal);
      } finally {
        ended.push(i);
      }
    });
    setTimeout(() => controller.abort(new Error('enough')), 5);
    await expect(work).rejects.toThrow('enough');
    expect(ended).toEqual(numbers(jobs));
    await expect(inOrder(numbers(3), 1, controller.signal, async () => 1)).rejects.toThrow('enough');
  });

  test('a callback that throws, and items that do', async () => {
    const failing = () => {
      throw new Error('callback');
    };
    await expect(inOrder(numbers(5), 2, undefined, async (i) => i, failing)).rejects.toThrow('callback');
    function* items() {
      yield 1;
      throw new Error('items');
    }
    await expect(inOrder(items(), 2, undefined, async (i) => i)).rejects.toThrow('items');
  });

  test('a callback that aborts hears nothing more', async () => {
    const controller = new AbortController();
    const told: number[] = [];
    const work = inOrder(
      numbers(50),
      3,
      controller.signal,
      async (i) => i,
      (i) => {
        told.push(i);
        if (i === 5) controller.abort(new Error('five'));
      },
    );
    await expect(work).rejects.toThrow('five');
    expect(told).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
