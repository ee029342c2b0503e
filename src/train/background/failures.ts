// Errors between a worker and who started it: their class, code and cause survive.

import { ERRORS } from '../../checks/errors.js';
import { Aborted } from '../loop/turns.js';

/** No worker could be started. */
export class WorkerUnavailable extends Error {
  override name = 'WorkerUnavailable';
}

/** Those that are revived, by their names: all of this package, and the language. */
export const CLASSES: Readonly<Record<string, new (message?: string, options?: ErrorOptions) => Error>> = {
  ...ERRORS,
  // Between the two sides alone:
  Aborted,
  WorkerUnavailable,
  // The language's own:
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** An error as plain data. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: Failure | undefined;
  /** `code`, `errno`, `path` and whatever else it says of itself. */
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** Causes of causes, at most. */
const DEPTH = 8;

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

export function packError(error: unknown, depth = DEPTH): Failure {
  if (typeof error !== 'object' || error === null || !('message' in error)) {
    return { name: 'Error', message: String(error), stack: undefined, cause: undefined, fields: {} };
  }
  const { name, message, stack, cause, code, ...rest } = error as Error & { code?: unknown };
  const fields = Object.entries({ ...rest, code }).filter(([, value]) => isPlain(value));
  return {
    name: String(name),
    message: String(message),
    stack,
    cause: cause === undefined || depth === 0 ? undefined : packError(cause, depth - 1),
    fields: Object.fromEntries(fields) as Failure['fields'],
  };
}

export function reviveError({ name, message, stack, cause, fields }: Failure): Error {
  const known = Object.hasOwn(CLASSES, name);
  const options = cause && { cause: reviveError(cause) };
  const error = new (known ? CLASSES[name] : Error)(message, options);
  if (!known && name !== 'Error') Object.defineProperty(error, 'name', { value: name, configurable: true });
  if (stack) error.stack = stack;
  return Object.assign(error, fields);
}
