// What a compared library is to the benchmark; each is one module in bench/peers/subjects.

import type { Outcome, Task, Variant } from './task.js';

export interface Prepared {
  /** The work, on inputs in the library's own form; done when it returns, or when its promise resolves. */
  run(): unknown;
  /** Whether `run` returns a promise. */
  asynchronous?: boolean;
  /** The result of a run, as plain numbers. */
  result(): Outcome | Promise<Outcome>;
  /** Where the work differs from what the task says, in words and for the check. */
  note?: string;
  variant?: Variant;
  /** Why its results may fail the check. */
  caveat?: string;
}

export interface Subject {
  /** The library's version and how it is set up. */
  version: string;
  /** @throws {CannotDo} if the library has no means for it */
  prepare(task: Task): Prepared | Promise<Prepared>;
}

/** Not a failure: the library does not do such a thing. */
export class CannotDo extends Error {
  override name = 'CannotDo';
}
