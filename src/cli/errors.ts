// What is said of an error: one line, without a stack.

import { inspect } from 'node:util';
import { isNativeError } from 'node:util/types';
import { UsageError } from './command.js';
import { printable } from './text.js';

interface Known {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly path?: unknown;
  readonly place?: unknown;
}

/** What the system says, by its code: what it means, and what to do. */
const SYSTEM: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder, a file was expected',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'it exists already',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'no space left in the quota',
  EROFS: 'the disk is read-only',
  EFBIG: 'the file would be larger than is allowed',
  EIO: 'the disk failed to read or write',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'symbolic links lead in a circle',
};

/** Errors that were meant to be read by who called: others are faults of this program. */
function isMeant(error: Error): boolean {
  for (let type = Object.getPrototypeOf(error); type; type = Object.getPrototypeOf(type)) {
    if (type.constructor?.name === 'BitgradError' || type.constructor === UsageError) return true;
  }
  return error.name === 'AbortError';
}

/** One line. */
export function messageOf(error: unknown): string {
  if (!isNativeError(error)) return printable(`failed with ${inspect(error, { breakLength: Infinity })}`);
  const { code, path, message } = error as Known;
  const system = typeof code === 'string' ? SYSTEM[code] : undefined;
  if (system) return printable(typeof path === 'string' ? `${path || '""'}: ${system}` : `${system} (${message})`);
  const said = printable(String(message) || error.name);
  if (typeof code === 'string' || isMeant(error)) return said;
  return `${said} (${error.name}: a fault of bitgrad itself, which BITGRAD_DEBUG=1 shows more of)`;
}

/** As --json has it. */
export function errorJSON(error: unknown): { error: { name: string; message: string; place?: unknown } } {
  const { name, place } = (error ?? {}) as Known;
  const message = messageOf(error);
  return { error: { name: String(name ?? 'Error'), message, ...(place !== undefined && { place }) } };
}

/** With causes, for who looks for the fault. */
export const stackOf = (error: unknown): string => inspect(error);
