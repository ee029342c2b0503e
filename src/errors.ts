/** What every error of this package extends. */
export class BitgradError extends Error {
  override name = 'BitgradError';
}

/** Shapes do not fit; the message names both. */
export class ShapeError extends BitgradError {
  override name = 'ShapeError';
}

/** A dtype is unknown, or two operands' dtypes differ. */
export class DtypeError extends BitgradError {
  override name = 'DtypeError';
}

/** An argument's value is not one of those allowed. */
export class ValueError extends BitgradError {
  override name = 'ValueError';
}

/** The backend asked for does not work here; `cause` holds the host's reason. */
export class BackendUnavailableError extends BitgradError {
  override name = 'BackendUnavailableError';
}

/** Linear memory cannot grow as far as a call needs. Nothing was changed; the engine stays usable. */
export class OutOfMemoryError extends BitgradError {
  override name = 'OutOfMemoryError';
}

/** A result is NaN or infinite, where the network was told to refuse that. */
export class NonFiniteError extends BitgradError {
  override name = 'NonFiniteError';
}

/** A resident matrix or a network was used after dispose(). */
export class DisposedError extends BitgradError {
  override name = 'DisposedError';
}

/** `value` as a short text for a message: its kind and, where it helps, itself. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return `${value}n (a BigInt)`;
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  // esbuild puts a _ before the names of some classes.
  const name = (value.constructor?.name ?? 'Object').replace(/^_/, '');
  return name === 'Object' ? 'an object' : `a ${name}`;
}

/** Throws a ValueError unless `options` is an object, and for the first of its keys that is not known. */
export function checkOptions(options: unknown, known: readonly string[], where: string): void {
  if (typeof options !== 'object' || options === null) {
    throw new ValueError(`${where}: options must be an object, got ${describe(options)}`);
  }
  // Not Object.keys, which allocates.
  for (const key in options) {
    if (!known.includes(key))
      throw new ValueError(`${where}: unknown option "${key}"; known options: ${known.join(', ')}`);
  }
}
