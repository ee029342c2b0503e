// Arguments as they are now, unread and unchecked: for whoever will read them later.

import type { Matrix } from './matrix.js';
import { PLACE, type TypedArray } from './operand.js';

/**
 * A copy of arguments to their depths. Functions, and objects that are more than their fields, stay as they are: resident
 * matrices, signals.
 */
export function snapshot<T>(value: T): T;
export function snapshot(value: object): unknown {
  if (Object(value) !== value || PLACE in value) return value;
  if (Array.isArray(value)) return Array.from(value, snapshot);
  // What is empty may be detached: its reader says so.
  if (ArrayBuffer.isView(value)) return (value as TypedArray).length ? Float64Array.prototype.slice.call(value) : value;
  if ('data' in value && 'cols' in value) {
    const { rows, cols, data } = value as Matrix;
    return { rows, cols, data: snapshot(data) };
  }
  const of = Object.getPrototypeOf;
  return of(of(value) ?? value)
    ? value
    : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, snapshot(each)]));
}
