// Options: an object's own, none of them unknown, each read once.

import { describe, quote, suggest } from './describe.js';
import { ValueError } from './errors.js';
import { isObject, refuseValue } from './values.js';

function refuseOption(key: string, known: readonly string[], where: string, more: string): never {
  throw new ValueError(
    `${where}: unknown option ${quote(key)}; ${suggest(key, known)}known options: ${known.join(', ')}${more}`,
  );
}

/**
 * Throws a ValueError unless `options` is an object, and for the first of its own keys that is not known.
 * It allocates nothing: for calls in a hot loop, which then read with `own`.
 *
 * @param more what else to say of those that are known
 */
export function checkOptions(options: unknown, known: readonly string[], where: string, more = ''): void {
  if (!isObject(options)) {
    throw new ValueError(
      `${where}: options must be an object, got ${describe(options)}; write { ${known.slice(0, 2).join(': ..., ')}: ... }`,
    );
  }
  // Not Object.keys, which allocates.
  for (const key in options)
    if (!known.includes(key) && Object.hasOwn(options, key)) refuseOption(key, known, where, more);
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
export function readOptions<T extends object>(
  options: T | undefined,
  known: readonly string[],
  where: string,
  more?: string,
): T {
  checkOptions(options, known, where, more);
  return Object.assign(Object.create(null), options);
}

/**
 * Options of something that is chosen by a name among them, or by the name alone: a copy, each read once.
 *
 * @param known the options of each name
 * @param wanted what else to say of the names
 * @throws {ValueError} for a name, and for an option, that is not known
 */
export function readChoice<T extends { readonly name: string }>(
  value: unknown,
  known: Readonly<Record<T['name'], readonly string[]>>,
  what: string,
  wanted: (names: string) => string,
): T {
  const options: T = Object.assign(Object.create(null), typeof value === 'string' ? { name: value } : value);
  const name = options.name as T['name'];
  const names = Object.keys(known);
  if (!names.includes(name)) {
    refuseValue(what, wanted(`one of ${names.join(', ')}`), typeof value === 'object' && value ? name : value);
  }
  checkOptions(options, ['name', ...known[name]], `${what} ${name}`);
  return options;
}
