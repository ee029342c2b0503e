// Classes: what may be a label, and in which order they stand.

import { ShapeError, ValueError } from '../checks/errors.js';
import { refuseValue } from '../checks/values.js';
import { isList } from '../matrix/operand.js';
import { isGap } from '../matrix/table.js';

/** The name of a class. The labels of one array are of one kind. */
export type Label = string | number | boolean;

/** A label, or null: a gap, which stands last in order. */
export type Category = Label | null;

/** Labels that were checked: a copy, so that what was checked is what is used. @internal */
export interface Labels {
  readonly labels: readonly Label[];
  /** `'string'`, `'number'` or `'boolean'`. */
  readonly kind: string;
  /** Those that occur, each once, in order. */
  readonly classes: Label[];
}

/** A UTF-16 unit's rank among code points: surrogates, of U+10000 and above, come last. */
const rank = (unit: number) => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** Strings by code point, as Python and NumPy have them; JavaScript's own order is by UTF-16 unit. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const sorted = (labels: Label[], kind: string): Label[] =>
  kind === 'string' ? (labels as string[]).sort(compareText) : labels.sort((a, b) => Number(a) - Number(b));

/**
 * Checks an array of labels.
 *
 * @param discrete whether numbers must be integers, as scikit-learn wants them of targets of classification
 * @throws {ShapeError|ValueError} naming it
 * @internal
 */
export function readLabels(value: unknown, name: string, discrete = true): Labels {
  const read = readCategories(value, name, discrete, false);
  return { ...read, labels: read.labels as Label[], classes: read.classes as Label[] };
}

/**
 * The same of labels among which may be gaps.
 *
 * @param gaps whether there may
 * @internal
 */
export function readCategories(value: unknown, name: string, discrete = false, gaps = true) {
  if (!isList(value)) return refuseValue(name, 'an array of labels', value);
  const { length } = value;
  if (length === 0) throw new ShapeError(`"${name}" is empty`);
  const labels: Category[] = [];
  let first = 0;
  const classes = new Set<Label>();
  let kind: string | undefined;
  for (let i = 0; i < length; i++) {
    const label = value[i];
    if (gaps && isGap(label)) {
      labels.push(null);
      continue;
    }
    if (kind === undefined) [kind, first] = [typeof label, i];
    if (typeof label === 'number' ? !Number.isFinite(label) : typeof label !== 'string' && typeof label !== 'boolean') {
      refuseValue(name, 'a string, a finite number or a boolean', label, `[${i}]`);
    }
    if (typeof label !== kind) {
      throw new ValueError(`"${name}" mixes kinds: [${first}] is a ${kind}, [${i}] is a ${typeof label}`);
    }
    if (discrete && typeof label === 'number' && !Number.isInteger(label)) {
      throw new ValueError(`"${name}"[${i}] is ${label}: numbers that name classes must be integers`);
    }
    labels.push(label as Label);
    classes.add(label as Label);
  }
  const categories: Category[] = sorted([...classes], kind as string);
  if (labels.includes(null)) categories.push(null);
  return { labels, kind: kind ?? 'string', classes: categories };
}

/**
 * The labels that occur, each once, in the order of `numpy.unique`: numbers by value, strings by code point, false before
 * true.
 *
 * @param y an array or typed array of labels of one kind
 * @throws {ValueError} if kinds are mixed, or at what is no label, NaN and the infinities among them; {ShapeError} if empty
 * @example
 * uniqueLabels([10, 9, 10]); // [9, 10]
 */
export function uniqueLabels<L extends Label>(y: ArrayLike<L>): L[] {
  return readLabels(y, 'y', false).classes as L[];
}

/** Whether they are the same labels in the same order. @internal */
export function sameLabels(a: readonly Category[], b: readonly Category[]): boolean {
  return a.length === b.length && a.every((label, i) => label === b[i]);
}

/** Each label's place in `classes`, -1 where it is none of them. @internal */
export function codesOf(labels: ArrayLike<Category>, classes: readonly Category[]): Int32Array {
  const places = new Map(classes.map((label, i) => [label, i]));
  const codes = new Int32Array(labels.length);
  for (let i = 0; i < codes.length; i++) codes[i] = places.get(labels[i]) ?? -1;
  return codes;
}

/** @throws {ValueError} unless both are of one kind @internal */
export function checkSameKind(a: Pick<Labels, 'kind'>, aName: string, b: Pick<Labels, 'kind'>, bName: string): void {
  if (a.kind !== b.kind)
    throw new ValueError(`"${aName}" holds ${a.kind}s and "${bName}" ${b.kind}s: compare like with like`);
}
