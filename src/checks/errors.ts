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

/** At most so many characters of what came in are repeated in a message. */
const QUOTED = 40;

/** A text that came in, in quotes and cut. */
export function quote(text: string): string {
  return JSON.stringify(text.length > QUOTED ? `${text.slice(0, QUOTED)}...` : text);
}

/** `value` as a short text for a message: its kind and, where it helps, itself. It never throws, whatever came. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return value < 1e20 && value > -1e20 ? `${value}n (a BigInt)` : 'a BigInt';
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  try {
    if (Array.isArray(value)) return `an array of ${value.length}`;
    const name: unknown = value.constructor?.name;
    // esbuild puts a _ before the names of some classes.
    if (typeof name === 'string' && name !== '' && name !== 'Object')
      return `a ${name.slice(0, QUOTED).replace(/^_/, '')}`;
  } catch {
    // A getter or a proxy that throws says nothing of what it is.
  }
  return 'an object';
}

/** Letters without case or separators: `hidden_layer_sizes` and `hiddenLayerSizes` are one name. */
const bare = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** How many letters must be added, dropped or replaced (Levenshtein 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) next.push(Math.min(row[j] + Number(a[i] !== b[j]), row[j + 1] + 1, next[j] + 1));
    row = next;
  }
  return row[b.length];
}

/** `did you mean ...? `, if one of the known names is near; for a message. */
export function suggest(name: string, known: readonly string[]): string {
  if (name.length > QUOTED) return '';
  const near = (each: string) => distance(bare(name), bare(each));
  const [best] = [...known].sort((a, b) => near(a) - near(b));
  return best !== undefined && near(best) <= Math.max(1, best.length >> 2) ? `did you mean ${best}? ` : '';
}

function refuseOption(key: string, known: readonly string[], where: string): never {
  throw new ValueError(
    `${where}: unknown option ${quote(key)}; ${suggest(key, known)}known options: ${known.join(', ')}`,
  );
}

function checkObject(options: unknown, known: readonly string[], where: string): asserts options is object {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ValueError(
      `${where}: options must be an object, got ${describe(options)}; write { ${known.slice(0, 2).join(': ..., ')}: ... }`,
    );
  }
}

/**
 * Throws a ValueError unless `options` is an object, and for the first of its own keys that is not known.
 * It allocates nothing: for calls in a hot loop, which then read with `own`.
 */
export function checkOptions(options: unknown, known: readonly string[], where: string): void {
  checkObject(options, known, where);
  // Not Object.keys, which allocates.
  for (const key in options) if (!known.includes(key) && Object.hasOwn(options, key)) refuseOption(key, known, where);
}

/** An option that is the object's own: what someone added to Object.prototype is no option. */
export function own<T extends object, Key extends keyof T>(options: T, key: Key): T[Key] | undefined {
  return Object.hasOwn(options, key) ? options[key] : undefined;
}

/**
 * A copy of the options' own properties, each read once, without a prototype.
 *
 * @throws {ValueError} unless `options` is an object, and for the first of its own keys that is not known
 */
export function readOptions<T extends object>(options: T | undefined, known: readonly string[], where: string): T {
  checkObject(options, known, where);
  const copy = Object.create(null);
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) refuseOption(key, known, where);
    copy[key] = options[key as keyof T];
  }
  return copy;
}
