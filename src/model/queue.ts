// Calls on one estimator that take time: one after the other, in the order in which they were made.

import { ValueError } from '../checks/errors.js';
import type { AbortSignalLike } from '../host/abort-signal.js';
import { builtin } from '../host/runtime.js';

/** Resolves with `before`, unless the signal aborts first: then it rejects with its reason. */
function unlessAborted(before: Promise<unknown>, signal: AbortSignalLike | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort);
    before.then(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    if (signal?.aborted) abort();
  });
}

/** What is used of AsyncLocalStorage: where there is one, a callback's calls are known after its first `await` too. */
interface Contexts {
  run<T>(of: object, call: () => T): T;
  getStore(): object | undefined;
}

let contexts: Contexts | undefined;

/** Calls with `of` known to whatever that calls, and is called from it later. */
function within<T>(of: object, call: () => T): T {
  const hooks = builtin<{ AsyncLocalStorage: new () => Contexts }>('async_hooks');
  contexts ??= hooks && new hooks.AsyncLocalStorage();
  return contexts ? contexts.run(of, call) : call();
}

export class Queue {
  /** Whether a callback is being called. */
  #calling = false;
  /** The call that is running. */
  #running: object | undefined;
  /** Resolves when all calls so far have ended. */
  #last: Promise<unknown> | undefined;
  #pending = 0;

  /** Whether a call is running or waiting. It is false again before the last one's promise settles. */
  get busy(): boolean {
    return this.#pending > 0;
  }

  /** Calls a callback of the call that is running: what that calls in turn would wait for it, and it for that. */
  callback<T>(call: () => T): T {
    this.#calling = true;
    try {
      return this.#running ? within(this.#running, call) : call();
    } finally {
      this.#calling = false;
    }
  }

  /**
   * Runs `work` when all calls before have ended, whatever became of them; at once, before this returns, if there are none.
   *
   * @param signal ends the waiting: the promise rejects with its reason, and `work` is not run
   * @throws {ValueError} in a callback
   */
  take<T>(work: () => Promise<T>, signal?: AbortSignalLike): Promise<T> {
    if (this.#calling || (this.#running && contexts?.getStore() === this.#running)) {
      throw new ValueError(
        'this call would wait for the fit whose onEpoch makes it, and that for this call: make it after fit',
      );
    }
    const before = this.#last;
    this.#pending++;
    const running = {};
    const run = async () => {
      try {
        if (before) await unlessAborted(before, signal);
        this.#running = running;
        return await work();
      } finally {
        this.#pending--;
        if (this.#running === running) this.#running = undefined;
        if (this.#pending === 0) this.#last = undefined;
      }
    };
    const mine = run();
    const ended = mine.then(
      () => {},
      () => {},
    );
    // One that stopped waiting has ended before those that it waited for.
    this.#last = before ? before.then(() => ended) : ended;
    return mine;
  }
}
