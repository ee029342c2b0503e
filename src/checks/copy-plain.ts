/**
 * A copy of plain data: objects, arrays, typed arrays; all else as it is. Not structuredClone, which Hermes, QuickJS and
 * Jest's jsdom do not have.
 */
export function copyPlain<T>(value: T): T;
export function copyPlain(value: unknown): unknown {
  if (Object(value) !== value) return value;
  if (Array.isArray(value)) return value.map((each) => copyPlain(each));
  if (ArrayBuffer.isView(value)) return (value as Float64Array).slice();
  return Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, copyPlain(each)]));
}
