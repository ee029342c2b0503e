// Options: an object's own, none of them unknown, each read once.

import { describe, quote, suggest } from './describe.js';
import { ValueError } from './errors.js';

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
