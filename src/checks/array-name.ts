// Which kind of typed array a value is, of whatever realm.

const { get } = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
) as PropertyDescriptor;

/**
 * `'Float64Array'` or the like; undefined of all else.
 *
 * The getter of %TypedArray% (ECMA-262, 23.2.3.38) looks at the object itself: an array of another realm (a vm context, Jest, a
 * frame), to which `instanceof` is blind, is what it is, and nothing can pass for one. It is no slower than `instanceof` (measured).
 */
export const arrayName = (value: unknown): string | undefined => (get as () => string | undefined).call(value);
