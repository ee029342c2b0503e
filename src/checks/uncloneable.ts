// What must not be copied by structuredClone or postMessage: they take own enumerable properties alone, so that an object
// whose numbers are private arrives without them, and says nothing.

/**
 * Makes structuredClone and postMessage of `instance` throw a DataCloneError that says what to do instead.
 *
 * They refuse symbols, and name the one that they met by its description. One from the registry is the same for all instances,
 * so that two of them still compare equal; JSON leaves symbols out.
 *
 * @param advice what to do instead
 */
export function refuseCloning(instance: object, advice: string): void {
  (instance as { uncloneable?: symbol }).uncloneable = Symbol.for(advice);
}
