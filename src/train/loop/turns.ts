// Turns: work on the main thread stops often, for the event loop, and for who wants it to end.

import type { AbortSignalLike } from '../../host/abort-signal.js';
import { afterOthers, nowMs } from '../../host/runtime.js';
import type { Sliced } from '../../numbers/sliced.js';

/** Work goes on for so long before others get their turn. */
const SLICE_MS = 8;

/** Training was told to stop. */
export class Aborted extends Error {
  override name = 'Aborted';
}

/** What ends a training from outside: a signal, or whatever else can be asked. */
export class Abort {
  readonly #signal: AbortSignalLike | undefined;
  readonly #asked: () => boolean;
  readonly #waiting = new Set<(reason: Aborted) => void>();
  readonly #listener = () => {
    for (const reject of this.#waiting) reject(new Aborted('training was aborted'));
  };

  constructor(signal?: AbortSignalLike, asked = () => signal?.aborted === true) {
    this.#signal = signal;
    this.#asked = asked;
    signal?.addEventListener('abort', this.#listener);
  }

  /** @throws {Aborted} if it is to end */
  check(): void {
    if (this.#asked()) throw new Aborted('training was aborted');
  }

  /** What comes of `work`, unless the signal comes first: then it rejects, whatever becomes of that. @throws {Aborted} */
  race<T>(work: T | PromiseLike<T>): Promise<T> {
    // Not Promise.race with one promise for all, which would keep every loser.
    return new Promise<T>((resolve, reject) => {
      if (this.#asked()) reject(new Aborted('training was aborted'));
      else this.#waiting.add(reject);
      const over = () => this.#waiting.delete(reject);
      Promise.resolve(work).then(resolve, reject).then(over);
    });
  }

  /** Lets go of the signal. */
  end(): void {
    this.#signal?.removeEventListener('abort', this.#listener);
  }
}

const paused: (() => void)[] = [];

/** Of all that work in slices one goes on in each turn of the event loop, or it would wait for all of them. */
function resume(): void {
  paused.shift()?.();
  if (paused.length > 0) afterOthers(resume);
}

/** Lets timers, messages and input have their turn. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    paused.push(resolve);
    if (paused.length === 1) afterOthers(resume);
  });
}

/** Whose turn it is. */
export class Turns {
  readonly #abort: Abort;
  #deadline: number;
  /** When it was asked last. */
  #asked: number;
  /**
   * Steps in which the clock stood still, and how many of them there may be: Cloudflare's goes on between turns alone, where it
   * tells how long they took.
   */
  #still = 0;
  #stillMost = 1;
  /** How long a step took, the longest of late. */
  #step = 0;

  /** @param since when this turn began, by nowMs() */
  constructor(abort: Abort, since = nowMs()) {
    this.#abort = abort;
    this.#deadline = since + SLICE_MS;
    this.#asked = nowMs();
  }

  /** Whether another step would take too long: as long as the last one, since when this was asked, or half of the one before. */
  get over(): boolean {
    const now = nowMs();
    this.#step = Math.max(now - this.#asked, this.#step / 2);
    this.#still = now === this.#asked ? this.#still + 1 : 0;
    this.#asked = now;
    return now + this.#step >= this.#deadline || this.#still >= this.#stillMost;
  }

  /** Lets others have theirs. @throws {Aborted} */
  async take(): Promise<void> {
    this.#abort.check();
    await pause();
    this.#abort.check();
    const now = nowMs();
    if (this.#still > 0) {
      const fitting = (this.#still * SLICE_MS) / (now - this.#asked);
      this.#stillMost = Math.max(1, Math.floor(Math.min(2 * this.#still, fitting)));
      this.#still = 0;
    }
    this.#asked = now;
    this.#deadline = now + SLICE_MS;
  }

  /** Does the work, letting others have their turn in between. @throws {Aborted} */
  async run<T>(work: Sliced<T>): Promise<T> {
    try {
      while (true) {
        const { done, value } = work.next();
        if (done) return value;
        if (this.over) await this.take();
      }
    } finally {
      work.return(undefined as T);
    }
  }
}
