// Lines of libsvm's format.

import { shown } from './text.js';

/** Of a SparseMatrix. */
const MOST = 2 ** 31 - 2;

/** A row as it stands in the file, its indices too. */
export interface Row {
  readonly label: number;
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** @returns a row, what is wrong with it, or undefined of a line without */
export function parse(line: string): Row | string | undefined {
  const comment = line.indexOf('#');
  const parts = (comment < 0 ? line : line.slice(0, comment)).split(/\s+/).filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  if (!NUMBER.test(parts[0])) {
    return parts[0].includes(',')
      ? `the label ${shown(parts[0])} is several: one number is read`
      : `the label ${shown(parts[0])} is no number`;
  }
  const indices: number[] = [];
  const values: number[] = [];
  for (let i = 1; i < parts.length; i++) {
    const part = parts[i];
    if (part.startsWith('qid:')) continue;
    const colon = part.indexOf(':');
    const [index, value] = [part.slice(0, colon), part.slice(colon + 1)];
    if (colon < 1 || !/^\d+$/.test(index) || !NUMBER.test(value)) return `${shown(part)} is no index:value`;
    if (Number(index) > MOST) return `the index ${shown(index)} is too large: ${MOST} is the greatest`;
    if (indices.length > 0 && Number(index) <= indices[indices.length - 1]) {
      return `index ${index} comes after ${indices[indices.length - 1]}: indices must ascend`;
    }
    indices.push(Number(index));
    values.push(Number(value));
  }
  return { label: Number(parts[0]), indices, values };
}
