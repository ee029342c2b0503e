import { BitgradError } from '../checks/errors.js';

/** A scaler or an encoder was used before fit(). */
export class NotFittedError extends BitgradError {
  override name = 'NotFittedError';
}

/** `fitted` if it is there. @throws {NotFittedError} naming the class */
export function checkFitted<T>(fitted: T | undefined, kind: string): T {
  if (fitted === undefined) throw new NotFittedError(`this ${kind} is not fitted yet: call fit() first`);
  return fitted;
}
