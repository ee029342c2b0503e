// Several tasks at once, with what comes of them in their order: so that nothing depends on how many there are.

import type { AbortSignalLike } from '../../host/abort-signal.js';

/** A signal of our own, for one task. */
class Stop implements AbortSignalLike {
  aborted = false;
  reason: unknown;
  readonly #listeners = new Set<() => void>();

  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of [...this.#listeners]) listener();
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }
}

type Settled<R> = { readonly failed: false; readonly result: R } | { readonly failed: true; readonly error: unknown };

/**
 * Runs a task for each item, at most `jobs` of them at once, begun in order.
 *
 * @param signal ends all of them
 * @param task the signal that it is given ends it alone
 * @param each is told of every result, in order; false ends the work: those after it are stopped, and forgotten
 * @returns the results, in order
 * @throws what the first task of all to fail throws, in their order, when all before it are done and those after it stopped
 */
export async function inOrder<Item, R>(
  items: Iterable<Item>,
  jobs: number,
  signal: AbortSignalLike | undefined,
  task: (item: Item, signal: AbortSignalLike) => Promise<R>,
  each: (result: R) => unknown = () => {},
): Promise<R[]> {
  signal?.throwIfAborted();
  const source = items[Symbol.iterator]();
  const running = new Map<number, Stop>();
  const settled = new Map<number, Settled<R>>();
  const results: R[] = [];
  let failure: { readonly error: unknown } | undefined;
  let begun = 0;
  let over = false;
  let isTelling = false;
  let telling: Promise<void> | undefined;

  /** Begins no more, and stops those after task `last`. */
  const end = (last: number, reason: unknown) => {
    over = true;
    for (const [i, stop] of running) if (i > last) stop.abort(reason);
  };
  /** The next outcome in order, if it is there and still of interest. */
  const next = () => (failure || signal?.aborted ? undefined : settled.get(results.length));
  const tell = async () => {
    isTelling = true;
    try {
      for (let outcome = next(); outcome; outcome = next()) {
        settled.delete(results.length);
        if (outcome.failed) throw outcome.error;
        results.push(outcome.result);
        if ((await each(outcome.result)) !== false) continue;
        settled.clear();
        end(-1, undefined);
      }
    } catch (error) {
      failure = { error };
      end(-1, error);
    } finally {
      isTelling = false;
    }
  };
  /** Runs task i, which has a place in the order even if there is no item for it. */
  const run = async (i: number, stop: Stop): Promise<Settled<R> | undefined> => {
    try {
      const { done, value } = source.next();
      if (!done) return { failed: false, result: await task(value, stop) };
      over = true;
      return undefined;
    } catch (error) {
      if (!stop.aborted) end(i, error);
      return { failed: true, error };
    }
  };
  const work = async () => {
    while (!over) {
      const i = begun++;
      const stop = new Stop();
      running.set(i, stop);
      const outcome = await run(i, stop);
      running.delete(i);
      if (!outcome || stop.aborted) return;
      settled.set(i, outcome);
      // One tells at a time, and who is done waits for that: the work goes on when its reports were heard.
      if (!isTelling) telling = tell();
      await telling;
    }
  };
  const abort = () => end(-1, signal?.reason);
  signal?.addEventListener('abort', abort);
  try {
    await Promise.all(Array.from({ length: jobs }, work));
    signal?.throwIfAborted();
    if (failure) throw (failure as { readonly error: unknown }).error;
    return results;
  } finally {
    signal?.removeEventListener('abort', abort);
    source.return?.();
  }
}
