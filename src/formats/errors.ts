// What is wrong with a file of data, and where.

import { BitgradError } from '../index.js';
import { brief, escaped } from './text.js';

/** Where something stands in a file of data. */
export interface Place {
  /** As messages call it: a path, or `<stdin>`. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** Its name. */
  readonly column?: string;
}

const where = ({ file, line, column }: Place): string =>
  [file && escaped(file), line, column === undefined ? undefined : `column ${brief(column)}`]
    .filter((part) => part !== undefined)
    .join(':');

/** Data cannot be read, or do not fit: the message is one line, `file:line:column NAME: what was found, what to do`. */
export class DataError extends BitgradError {
  override name = 'DataError';
  /** Where the fault is, as far as that is known. */
  readonly place: Place;

  constructor(message: string, place: Place = {}, options?: ErrorOptions) {
    super(where(place) ? `${where(place)}: ${message}` : message, options);
    this.place = place;
  }
}
