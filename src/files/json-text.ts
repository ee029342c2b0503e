// Plain data as JSON text, in words of our own: JSON.stringify asks every object for a toJSON, which may be anybody's.

import { describe } from '../checks/describe.js';
import { FileFormatError, ValueError } from '../checks/errors.js';
import { encodeText } from '../host/utf8.js';
import { type Limits, scanJSON } from './scan.js';

/**
 * An object's or array's own members, a finite number, a text, true, false or null as JSON. Members that are undefined are
 * left out.
 *
 * @throws {ValueError} for anything else
 */
export function writeJSON(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value); // of a text this asks nobody
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) {
    const parts: string[] = [];
    for (let i = 0; i < value.length; i++) parts.push(writeJSON(value[i]));
    return `[${parts.join(',')}]`;
  }
  if (typeof value !== 'object') throw new ValueError(`plain data were to be written, got ${describe(value)}`);
  const parts: string[] = [];
  for (const name of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) parts.push(`${JSON.stringify(name)}:${writeJSON(member)}`);
  }
  return `{${parts.join(',')}}`;
}

/** Of the texts in a file's metadata: options, and labels of any number of classes. Curves and weights are tensors. */
const LIMITS: Limits = {
  bytes: 1 << 24,
  depth: 32,
  containers: 100_000,
  values: 2_000_000,
  members: 100_000,
  width: Infinity,
  name: 1024,
};

/** What writeJSON wrote. @throws {FileFormatError} if it is missing, no JSON, or larger than anything that is written */
export function readJSONText(text: string | undefined, what: string): unknown {
  if (text === undefined) throw new FileFormatError(`${what} is missing`);
  return scanJSON(encodeText(text), LIMITS, what);
}
