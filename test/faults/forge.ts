// Plain data with one place changed to something that does not belong there.

import type { RandomState } from '../../src/random/random.js';

type Node = Record<string | number, unknown>;

const isTyped = (value: unknown): value is Float64Array => ArrayBuffer.isView(value);

function copy(value: unknown): unknown {
  if (isTyped(value)) return value.slice();
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copy(each)]));
}

const STRANGE: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => true,
  () => '',
  () => 'adam',
  () => '__proto__',
  () => -1,
  () => 0,
  () => 1,
  () => 0.5,
  () => 7,
  () => 2 ** 31,
  () => 2 ** 32,
  () => 2 ** 53,
  () => -(2 ** 31),
  () => 1e300,
  () => Number.NaN,
  () => Infinity,
  () => -Infinity,
  () => -0,
  () => [],
  () => [1],
  () => [[]],
  () => Array.from({ length: 624 }, () => 0),
  () => Array.from({ length: 40 }, (_, i) => i),
  () => ({}),
  () => ({ length: 3 }),
  () => ({ number: 'x' }),
  () => ({ tensor: 'parameters' }),
  () => new Float64Array(3),
  () => new Float32Array(3),
  () => new Int32Array([5, -1, 2 ** 30]),
  () => new Float64Array(1000),
];

/** A number near another, or far from it. */
function numberLike(value: number, rng: RandomState): number {
  const choices = [
    value + 1,
    value - 1,
    -value,
    value * 1e6,
    value + 0.5,
    Number.NaN,
    Infinity,
    2 ** 53 - 1,
    625,
    1e308,
  ];
  return choices[Math.floor(rng.rand() * choices.length)];
}

/** A typed array or an array, longer, shorter, or with another element. */
function arrayLike(
  value: ArrayLike<unknown> & { slice(from?: number, to?: number): unknown },
  rng: RandomState,
): unknown {
  const { length } = value;
  const kind = Math.floor(rng.rand() * 5);
  if (kind === 0) return value.slice(0, Math.floor(rng.rand() * length));
  const at = Math.floor(rng.rand() * length);
  const element = typeof value[at] === 'number' ? numberLike(value[at], rng) : STRANGE[at % STRANGE.length]();
  if (isTyped(value)) {
    const longer = new (value.constructor as Float64ArrayConstructor)(length + (kind === 1 ? 1 : 0));
    longer.set(value);
    if (kind > 1) longer[at] = kind === 2 && length > 1 ? longer[(at + 1) % length] : (element as number);
    return longer;
  }
  const list = Array.from(value);
  if (kind === 1) list.push(list[0]);
  else if (kind === 2 && length > 1) list[at] = list[(at + 1) % length];
  else if (length > 0) list[at] = element;
  return list;
}

/** A copy with one place changed. */
export function forge(value: object, rng: RandomState): { forged: object; place: string } {
  const forged = copy(value) as Node;
  let node = forged;
  const path: string[] = [];
  while (true) {
    const names = Object.keys(node);
    const name = names[Math.floor(rng.rand() * names.length)];
    path.push(name);
    const child = node[name];
    const inner = typeof child === 'object' && child !== null && !isTyped(child) && Object.keys(child).length > 0;
    if (inner && !isNumbers(child) && rng.rand() < 0.8) {
      node = child as Node;
      continue;
    }
    const kind = rng.rand();
    if (kind < 0.05) node[`${name}x`] = child;
    else if (kind < 0.1) delete node[name];
    else if (kind < 0.5 && typeof child === 'number') node[name] = numberLike(child, rng);
    else if (kind < 0.8 && (Array.isArray(child) || isTyped(child))) node[name] = arrayLike(child, rng);
    else node[name] = STRANGE[Math.floor(rng.rand() * STRANGE.length)]();
    return { forged, place: path.join('.') };
  }
}

const isNumbers = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'number');
