// What a subject of a contest is: one library in a process of its own, which reads requests from stdin and answers on stdout,
// a line of JSON each. worker.ts, python.py and native/peer.h answer them.

import type { Effort, Timed } from '../measure.js';

export type Request =
  | { op: 'load' }
  | { op: 'prepare'; task: object }
  | { op: 'warmUp'; effort: Effort }
  | { op: 'sample' };

/** Every answer's fields; which ones are there depends on the request. */
export interface Reply {
  version: string;
  callMs: number;
  ms: number;
  note?: string | null;
  variant?: object | null;
  caveat?: string;
  loss?: number;
  /** Float64Array, little-endian, in base64. */
  values: string;
  error?: string;
  /** The error is that the library does not do such a thing. */
  cannot?: boolean;
}

/** What a subject handed in as its result: in the order of bitgrad's `parameters` for a step, else row by row. */
export interface Outcome {
  loss?: number;
  values: ArrayLike<number>;
}

/** The work, on inputs in the library's own form; done when it returns, or when its promise resolves. */
export type Prepared<Variant = object> = Timed & {
  /** The result of a run, as plain numbers. */
  result(): Outcome | Promise<Outcome>;
  /** Where the work differs from what the task says, in words and for the check. */
  note?: string;
  variant?: Variant;
  /** Why its results may fail the check. */
  caveat?: string;
};

/** What a module of a subject's `load(...args)` resolves to. */
export interface Subject<Task> {
  /** The library's version and how it is set up. */
  version: string;
  /** @throws {CannotDo} if the library has no means for it */
  prepare(task: Task): Prepared | Promise<Prepared>;
}

/** Not a failure: the library does not do such a thing. */
export class CannotDo extends Error {
  override name = 'CannotDo';
}
