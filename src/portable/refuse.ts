// Errors of an exported model: called as those of bitgrad are, without its classes.

/** @throws {Error} of this name */
export function refuse(name: 'ValueError' | 'ShapeError' | 'NonFiniteError', message: string): never {
  throw Object.assign(new Error(message), { name });
}

/** A value in a message. */
export const shown = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value) : Object(value) === value ? typeof value : String(value);
